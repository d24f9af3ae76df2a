"""A working day in tmux, typed at the real screen behind the real hook: nothing of it is faked."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

import pytest

from tests import tools
from tests.homes import Home, picture
from tests.shell.terminal import Terminal


@pytest.fixture
def terminal(home: Home) -> Iterator[Terminal]:
    """A terminal in an empty project."""
    if not shutil.which("tmux"):
        tools.missing("tmux is not installed")
    home.write("code/app/requirements.txt", "")
    home.write("code/other/requirements.txt", "")
    home.write(".pyenv/version", home.version("3.12") + "\n")
    variables = {**home.variables, "PS1": "$ "}
    window = Terminal(home.at("tmux.socket"), variables, home.at("code/app"), "bash --norc -i")
    yield window
    window("kill-server")


@pytest.mark.long
def test_see_create_switch_pin_remove_and_take_it_back(home: Home, terminal: Terminal) -> None:
    at = terminal
    program = home.at(".local", "bin", "envtui")
    home.write(".local/bin/envtui", f'#!/bin/sh\nexec {sys.executable} -m envtui "$@"\n')
    os.chmod(program, 0o755)
    at.line(f'PATH="{os.path.dirname(program)}:$PATH"; eval "$(envtui init bash)"; clear')
    at.line("envtui")
    at.sees("2 Environments", "creates the first one")
    at.keys("c")
    at.sees("New environment", "✓")
    at.keys("Enter")
    at.sees("[ n No ]", "-m venv")
    at.keys("y")
    at.sees("✓ created", "app/.venv")
    at.keys("2", "/")
    at.sees("⏎ keep")
    at.line("app")
    at.sees("2 Environments  /app", "1 of 1", "use+quit")
    at.sees("▌  app/.venv")
    at.keys("Enter")
    at.sees_last("switched to app/.venv", "$")
    at.line("python -V; echo in=$VIRTUAL_ENV")
    at.sees(f"Python {home.version('3.12')}", f"in={home.at('code/app/.venv')}")
    at.line("deactivate; clear; echo out=$VIRTUAL_ENV.")
    at.sees("out=.")

    at.line("clear; envtui pin 3.11 --yes; pyenv version-name")
    at.sees(home.version("3.11"), "stays on Python")
    before = picture(home.at("code/app/.venv"))
    at.line("clear; envtui")
    at.sees("▌  app/.venv")
    at.keys("2", "d")
    at.sees("[ n No ]", "to the trash")
    at.keys("y")
    at.sees("✓ removed app/.venv")
    assert not os.path.lexists(home.at("code/app/.venv"))
    at.keys("u")
    at.sees("Undo", "[ n No ]")
    at.keys("y")
    at.sees("✓ undone")
    at.keys("q")
    at.sees("$")  # what is typed earlier is flushed
    assert picture(home.at("code/app/.venv")) == before
    at.line("clear; .venv/bin/python -c 'import sys; print(sys.prefix)'")
    at.sees(home.at("code/app/.venv"))
