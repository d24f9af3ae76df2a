"""`show` where a disk hangs: it tells the rest, and leaves at once when it is asked to."""

from __future__ import annotations

import glob
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import mounting, tools
from tests.homes import Home

pytestmark = pytest.mark.long


@pytest.fixture
def packages(home: Home) -> str:
    """Where the packages of an environment are, in which a disk that hangs will be mounted."""
    (found,) = glob.glob(os.path.join(home.venv("code/app/.venv", "3.12"), "lib/*/site-packages"))
    return found


def test_what_the_disk_does_not_tell_in_time_is_said(home: Home, packages: str) -> None:
    ways = (("venv:~/code/app/.venv",), ("app/.venv", "--json"), (packages,))
    with mounting.silent(packages), ThreadPoolExecutor() as pool:
        text, told, gone = pool.map(lambda words: home.envtui("show", *words), ways)
    lines = dict(line.split(None, 1) for line in text.stdout.splitlines() if line[0] != " ")
    assert text.returncode == 0, text.stderr
    assert lines["Health"] == "ok"
    assert lines["Packages"] == lines["Size"] == "not known: its disk does not answer"
    assert '"packages": null' in told.stdout
    assert '"not_known": {"last_used": "its disk does not answer"' in told.stdout
    assert gone.returncode == 1
    assert "is on a disk that does not answer" in gone.stderr


def test_ctrl_c_ends_it_at_once(home: Home, packages: str) -> None:
    with (
        mounting.silent(packages),
        subprocess.Popen(
            [sys.executable, "-m", "envtui", "show", "app/.venv"],
            cwd=tools.CHECKOUT, env=home.variables, stderr=subprocess.PIPE, text=True,
        ) as process,
    ):  # fmt: skip
        while process.poll() is None and not asks(process.pid):
            pass
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert said == "envtui: interrupted\n"


def asks(pid: int) -> bool:
    """Whether a thread of it asks a disk something."""
    return len(os.listdir(f"/proc/{pid}/task")) > 1
