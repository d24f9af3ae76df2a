"""What is closed to this user and opened later is looked at again at once, and the other way round."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import pytest

from tests import tools
from tests.test_indexed import a_tick, environment, write

NOBODY = 65534
# Answers each line with what is there through the memory, and whether a fresh look says the same.
LOOKS = """
import json, os, sys
from envtui import looking
from tests.test_indexed import Later
home = sys.argv[1]
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
host = Later(home, {"HOME": home, "PATH": ""}, home)
for line in sys.stdin:
    found = looking.scan(host, (home,))
    fresh = looking.scan(host, (home,), remember=False)
    health = {os.path.relpath(item.path, home): item.health for item in found.environments}
    told = {os.path.relpath(notice.path, home): notice.message for notice in found.notices}
    print(json.dumps([health, told, found == fresh]), flush=True)
"""
API, FAR, ML = "code/api/.venv", "code/far/.venv", ".virtualenvs/ml"
VERSION = ".pyenv/versions/3.12.1"
DENIED = "could not be searched: Permission denied"


class Looker:
    """Somebody who is not root, with a home and a Python in the home of another."""

    def __init__(self, top: str) -> None:
        self.top = top
        self.home, self.other = f"{top}/home", f"{top}/another"
        mine, theirs = f"{self.home}/{VERSION}", f"{self.other}/python"
        for base in (mine, theirs):
            os.makedirs(f"{base}/bin")
            os.makedirs(f"{base}/lib/python3.12")
            write(f"{base}/bin/python3.12", "")
            os.chmod(f"{base}/bin/python3.12", 0o755)
            os.symlink("python3.12", f"{base}/bin/python")
        for path, base in ((API, mine), (ML, mine), (FAR, theirs)):
            environment(f"{self.home}/{path}", base, "x")
        write(f"{self.home}/code/api/pyproject.toml", "[project]\nname = 'api'\n")
        for folder, folders, files in os.walk(self.home):
            for name in (".", *folders, *files):
                if os.geteuid() == 0:
                    os.chown(f"{folder}/{name}", NOBODY, NOBODY, follow_symlinks=False)
        variables = {**os.environ, "PYTHONPATH": tools.CHECKOUT}
        variables |= {f"XDG_{name}_HOME": f"{self.home}/.{name}" for name in ("CACHE", "DATA")}
        self._process = subprocess.Popen(
            [sys.executable, "-c", LOOKS, self.home],
            env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def looks(self) -> tuple[dict[str, str], dict[str, str]]:
        """The health of each environment, and what is told, by path below the home."""
        a_tick(self.top)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        health, told, agreed = json.loads(self._process.stdout.readline())
        assert agreed
        a_tick(self.top)
        return health, told

    def end(self) -> None:
        self._process.communicate("")


@pytest.fixture
def looker() -> Iterator[Looker]:
    # Not below pytest's own directory, which the next pytest that starts closes to others.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tools.open_to_all(folder)
        looker = Looker(os.path.realpath(folder))
        yield looker
        looker.end()


CLOSED = {
    # what is closed: what becomes of whom, and what is told of which path
    "another": ({FAR: "unreadable"}, {}),
    "another/python": ({FAR: "unreadable"}, {}),
    "home/code/api": ({API: None}, {"code/api": DENIED}),
    f"home/{API}": ({API: None}, {API: DENIED}),
    f"home/{API}/bin": ({API: "unreadable"}, {}),
    f"home/{API}/lib": ({}, {}),
    f"home/{API}/pyvenv.cfg": ({API: "unreadable"}, {}),
    "home/code/api/pyproject.toml": ({}, {"code/api/pyproject.toml": "Permission denied"}),
    "home/.virtualenvs": (
        {ML: None},
        {".virtualenvs": "virtualenvwrapper's environments can't be read: Permission denied"},
    ),
    "home/.virtualenvs/ml": ({ML: None}, {ML: "can't be read: Permission denied"}),
    f"home/{VERSION}": (
        {API: "unreadable", ML: "unreadable"},
        {VERSION: "can't be read: Permission denied"},
    ),
    f"home/{VERSION}/bin": (
        {API: "unreadable", ML: "unreadable"},
        {f"{VERSION}/bin": "can't be read: Permission denied"},
    ),
}


@pytest.mark.parametrize("place", CLOSED)
def test_closed_opened_and_closed_again(looker: Looker, place: str) -> None:
    path = f"{looker.top}/{place}"
    mode = os.stat(path).st_mode & 0o777
    changes, told = CLOSED[place]
    opened = {API: "ok", FAR: "ok", ML: "ok"}
    closed = {name: health for name, health in {**opened, **changes}.items() if health}
    assert looker.looks() == looker.looks() == (opened, {})
    for _ in range(2):
        os.chmod(path, 0)
        assert looker.looks() == looker.looks() == (closed, told)
        os.chmod(path, mode)
        assert looker.looks() == looker.looks() == (opened, {})
