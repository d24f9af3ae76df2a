"""Prefixes of conda for tests: real ones, by py-rattler from a channel that is built once."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from tests import tools
from tests.homes import Home

MADE = os.path.join(os.path.dirname(__file__), "rattler_made.py")
MINOR = "3.12"
# As conda itself at work: it takes these arguments and no others, makes the prefix by py-rattler
# and writes it down where conda does.
STUB = """#!{python}
import os, subprocess, sys
if sys.argv[1:] != {expected!r}:
    sys.exit(f"conda: unexpected arguments {{sys.argv[1:]}}")
if {{"CONDA_PREFIX", "CONDA_SHLVL", "VIRTUAL_ENV"}} & set(os.environ):
    sys.exit("conda: started inside an environment")
subprocess.run({make!r}, check=True)
os.makedirs(os.path.expanduser("~/.conda"), exist_ok=True)
with open(os.path.expanduser("~/.conda/environments.txt"), "a") as file:
    file.write({prefix!r} + "\\n")
print('{{"success": true}}')
"""


def version() -> str:
    """The Python that is in the channel."""
    for name in tools.installed_versions():
        if name.rpartition(".")[0] == MINOR:
            return name
    tools.missing(f"pyenv has no Python {MINOR}")
    raise AssertionError


def rattler() -> str:
    """The Python that has py-rattler."""
    folder = os.path.join(tools.tools_folder(), "py-rattler")
    python = os.path.join(folder, "bin", "python")
    with _locked("py-rattler"):
        if not os.path.exists(os.path.join(folder, "ready")):
            tools._install(folder, "py-rattler")
            with open(os.path.join(folder, "ready"), "w"):
                pass
    return python


def channel() -> str:
    """The channel with a Python repackaged from pyenv's, built once in ten seconds."""
    folder = os.path.join(tools.tools_folder(), f"conda-channel-{version()}")
    source = os.path.join(tools.machine_pyenv(), "versions", version())
    python = rattler()
    with _locked("conda-channel"):
        if not os.path.exists(os.path.join(folder, "ready")):
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([python, MADE, "channel", folder, source], check=True)
            with open(os.path.join(folder, "ready"), "w"):
                pass
    return folder


def prefix(home: Home, path: str, *specs: str, written: bool = True) -> str:
    """A real prefix below the home, in environments.txt as conda would have written it."""
    full = home.at(path)
    home.run(*making(full, *specs))
    if written:
        register(home, full)
    return full


def making(full: str, *specs: str) -> list[str]:
    """The command that makes a prefix."""
    return [rattler(), MADE, "install", channel(), full, *specs]


def register(home: Home, *lines: str) -> str:
    """Append lines to environments.txt."""
    file = os.path.join(home.folder(".conda"), "environments.txt")
    with open(file, "a") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    return file


def install(home: Home, path: str = "miniforge3") -> str:
    """An install, as `conda init` leaves it: its condabin is on PATH."""
    full = prefix(home, path, f"python={MINOR}", "conda", "tools", written=False)
    os.makedirs(os.path.join(full, "envs"), exist_ok=True)
    home.variables["PATH"] = f"{full}/condabin:{home.variables['PATH']}"
    return full


def stub(home: Home, program: str, made: str, *expected: str, specs: tuple[str, ...] = ()) -> None:
    """Put a conda in place that accepts exactly these arguments and makes that prefix."""
    text = STUB.format(
        python=sys.executable, expected=list(expected), make=making(made, *specs), prefix=made
    )
    if os.path.lexists(program):
        os.unlink(program)  # the file may be one with that in the package cache
    home.write(os.path.relpath(program, home.path), text)
    os.chmod(program, 0o755)


@contextlib.contextmanager
def _locked(name: str) -> Iterator[None]:
    """Several test processes may want it at once."""
    os.makedirs(tools.tools_folder(), exist_ok=True)
    with open(os.path.join(tools.tools_folder(), f".{name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
