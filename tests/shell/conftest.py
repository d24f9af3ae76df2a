"""Homes with two environments, and shells in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.shell.shells import Home, Shell, require

FULL = ("bash", "zsh", "fish")
"""The shells that every test here drives; test_matrix.py and test_others.py have the others."""


@pytest.fixture(scope="session")
def venvs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Two real environments, made by venv."""
    folder = tmp_path_factory.mktemp("venvs")
    paths = [os.path.join(folder, name) for name in ("first", "second")]
    python = os.path.realpath(sys.executable)
    for path in paths:
        subprocess.run([python, "-m", "venv", "--without-pip", path], check=True)
    return paths[0], paths[1]


@pytest.fixture
def first(venvs: tuple[str, str]) -> str:
    return venvs[0]


@pytest.fixture
def second(venvs: tuple[str, str]) -> str:
    return venvs[1]


@pytest.fixture
def place(tmp_path: os.PathLike[str]) -> Home:
    """A home for shells, with an rc file for each that has our line in it."""
    home = Home(os.path.join(tmp_path, "home"))
    for name in FULL:
        home.rc(name)
    return home


@pytest.fixture(params=FULL)
def name(request: pytest.FixtureRequest) -> str:
    """Each of the shells."""
    require(request.param)
    return request.param


@pytest.fixture
def start(place: Home, name: str) -> Iterator[Callable[..., Shell]]:
    """Start an interactive shell of that name; it ends with the test."""
    started: list[Shell] = []

    def make(**variables: str) -> Shell:
        started.append(Shell(name, place, **variables))
        return started[-1]

    yield make
    for shell in started:
        shell.close()


@pytest.fixture
def shell(start: Callable[..., Shell]) -> Shell:
    """An interactive shell with the rc file of `place`."""
    return start()
