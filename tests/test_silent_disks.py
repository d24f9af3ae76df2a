"""A disk that has taken a question and never answers it, as sshfs whose other end is gone.

Who waits for it can't even be killed: a program that has one thread there never ends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from tests import mounting
from tests.homes import Home

PATIENCE = 120


class Told(NamedTuple):
    code: int
    out: str
    error: str


def ask(
    home: Home, *calls: str, cwd: str | None = None, variables: Mapping[str, str] | None = None
) -> dict[str, Told]:
    """What envtui answers to each of these command lines, all at once.

    A shell goes to `cwd`: Popen's own way there stops all threads, of which one is our server.
    """
    there = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', cwd] if cwd else []
    running = {
        call: subprocess.Popen(
            [*there, sys.executable, "-Im", "envtui", *call.split()],
            env={**home.variables, "PWD": cwd or os.getcwd(), **(variables or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for call in calls
    }  # fmt: skip
    told = {call: one.communicate(timeout=PATIENCE) for call, one in running.items()}
    return {call: Told(running[call].returncode, *told[call]) for call in calls}


@pytest.fixture
def api(home: Home) -> str:
    """A project with an environment."""
    home.write("code/api/pyproject.toml", "[project]\nname = 'api'\n")
    return os.path.dirname(home.venv("code/api/.venv", "3.12"))


def test_an_environment_that_was_known_before_its_disk_died(home: Home, api: str) -> None:
    far, there = os.path.realpath(home.at("../far")), home.at("../there")
    os.mkdir(there)
    shutil.move(f"{api}/.venv", there)
    os.symlink(f"{far}/.venv", f"{api}/.venv")
    with mounting.served(far, there) as server:
        known = ask(home, "env ./.venv", "list", "allow --yes", cwd=api)
        assert [one.code for one in known.values()] == [0, 0, 0]
        server.die()
        uses = ("env ./.venv", "run ./.venv -- true", "shell ./.venv", "hook .", "allow")
        told = ask(
            home, *uses, "list", "show ./.venv", "remove ./.venv --yes", "doctor",
            "allow --deny --dry-run", cwd=api,
        )  # fmt: skip
    for call in uses:
        assert f"{api}/.venv is on a disk that does not answer" in told[call].error, told
    assert "is on a disk that does not answer" in told["remove ./.venv --yes"].error
    assert "unreadable" in told["list"].out
    assert "its disk does not answer" in told["doctor"].out
    assert told["show ./.venv"].code == told["allow --deny --dry-run"].code == 0
    assert "not known: its disk does not answer" in told["show ./.venv"].out
    assert os.path.islink(f"{api}/.venv")


def test_a_directory_on_path_that_died_is_left_out_and_told(home: Home, api: str) -> None:
    far = os.path.realpath(home.at("../far"))
    path = {"PATH": f"{far}/bin:/usr/bin:/bin"}
    with mounting.served(far, home.at("code")) as server:
        server.die()
        told = ask(
            home, "run ./.venv -- env", "create --kind pyenv-virtualenv --dry-run x", "why",
            cwd=api, variables=path,
        )  # fmt: skip
    ran = told["run ./.venv -- env"]
    assert f"PATH={api}/.venv/bin:/usr/bin:/bin\n" in ran.out
    assert ran.error == f"envtui: left out of PATH: {far}/bin is on a disk that does not answer\n"
    assert [one.code for one in told.values()] == [0, 0, 0], told


def test_standing_on_a_disk_that_died(
    home: Home, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    far, work = os.path.realpath(home.at("../far")), home.venv(".virtualenvs/work", "3.12")
    with mounting.served(far, home.at("code")) as server:
        assert ask(home, "list", "env ./.venv", cwd=f"{far}/api")["list"].code == 0
        monkeypatch.chdir(f"{far}/api")
        server.die()
        elsewhere = ("why", "pin 3.12 --dry-run", "create --dry-run new", "allow", "hook .")
        told = ask(home, *elsewhere, "list", "show work", "run work -- true")
        told |= ask(home, "remove work --yes")
        monkeypatch.undo()
    for call in elsewhere:
        assert f"{far}/api is on a disk that does not answer" in told[call].error, told
    assert f"{far}/api: not searched: its disk does not answer" in told["list"].error
    for call in ("list", "show work", "run work -- true", "remove work --yes"):
        assert told[call].code == 0, told
    assert not os.path.exists(work)


@pytest.mark.parametrize("folder", [".cache", ".local", ".config", ".pyenv"])
def test_a_part_of_the_home_that_died(home: Home, api: str, folder: str) -> None:
    ask(home, "list")
    with mounting.silent(home.at(folder)):
        told = ask(home, "list", "history", "trash", "env ./.venv", cwd=api)
        told |= ask(home, "remove ./.venv --yes", cwd=api)
    says = {call for call, one in told.items() if "its disk does not answer" in one.error}
    wants = {
        ".cache": {"list"},
        ".local": {"list", "history", "trash", "remove ./.venv --yes"},
        ".config": {"list", "remove ./.venv --yes"},
        ".pyenv": {"list"},
    }
    assert says == wants[folder], told
    if folder == ".pyenv":
        assert "unreadable" in told["list"].out


def test_what_was_measured_there_is_not_asked_for_again(home: Home, api: str) -> None:
    """The screen does so in a thread: it could not be left any more."""
    far = os.path.realpath(home.at("../far"))
    keep = f"index.keep(Host(), {{{far + '/api/.venv'!r}: {{'size': 1}}}})"
    with mounting.served(far, home.at("code")) as server:
        assert inside(home, keep, "print(list(index.recall(Host())))") == f"['{far}/api/.venv']\n"
        server.die()
        assert inside(home, "print(list(index.recall(Host())))") == "[]\n"


def inside(home: Home, *lines: str) -> str:
    code = "\n".join(("from envtui import index", "from envtui.host import Host", *lines))
    process = subprocess.Popen(
        [sys.executable, "-Ic", code], env=home.variables, stdout=subprocess.PIPE, text=True
    )
    return process.communicate(timeout=PATIENCE)[0]
