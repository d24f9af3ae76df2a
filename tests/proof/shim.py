"""Running tests.proof.points with faults.c preloaded, in memory where the machine has a /dev/shm."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any

import pytest

from tests import tools

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults.c")
SEED = os.environ.get("ENVTUI_SEED", "20261125")
SHARES = ("0.3", "0.1")
"""Of the points of undo and recovery, and of the calls with each of their errors."""


def compiled(folder: str) -> str:
    """The library, built by the machine's C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        tools.missing("no C compiler on this Linux, which would build tests/proof/faults.c")
    library = os.path.join(folder, "faults.so")
    build = [str(compiler), "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, SOURCE]
    subprocess.run([*build, "-ldl"], check=True)
    return library


@functools.cache
def alone() -> list[str]:
    """What lets a command see no processes but its own, where that may be had.

    Each recovery looks whether something of its change still runs, among all that the machine runs:
    half of the time that a case takes.
    """
    unshared = ["unshare", "-fp", "--mount-proc"]
    if (
        not shutil.which("unshare")
        or subprocess.run([*unshared, "true"], capture_output=True, check=False).returncode
    ):
        return []
    return [*unshared, "sh", "-c", '"$@"; exit', "sh"]  # somebody has to wait for orphans


def points(library: str, name: str) -> dict[str, Any]:
    """What tests.proof.points found; `ENVTUI_POINTS=all` takes every point instead of some."""
    shares = ("1", "1") if os.environ.get("ENVTUI_POINTS") == "all" else SHARES
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory, prefix="envtui-") as folder:
        done = subprocess.run(
            [
                *alone(),
                sys.executable,
                "-m",
                "tests.proof.points",
                name,
                f"{folder}/home",
                *shares,
                SEED,
            ],
            cwd=tools.CHECKOUT,
            env={**os.environ, "LD_PRELOAD": library},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    print(f"{name}: {found}, seed {SEED}")
    return found


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    """faults.c as a library."""
    return compiled(str(tmp_path_factory.mktemp("faults")))
