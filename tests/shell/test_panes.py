"""A person at work: picked in the screen, another by name, nested, in a pane of tmux, and back."""

import os
import shutil
import subprocess
import sys

import pytest

from tests import tools
from tests.shell.shells import PROMPT, require
from tests.shell.terminal import Terminal


@pytest.fixture(scope="module")
def piped(tmp_path_factory):
    """A real environment, with pip."""
    path = os.path.join(tmp_path_factory.mktemp("piped"), "data")
    subprocess.run([os.path.realpath(sys.executable), "-m", "venv", path], check=True)
    return path


@pytest.fixture
def window(place, name, first, tmp_path):
    """A shell whose rc file has pyenv's line after ours, in a project with an environment."""
    shutil.copytree(first, os.path.join(place.path, "work", ".venv"), symlinks=True)
    pyenv = tools.pyenv_root(os.path.join(place.path, ".pyenv"), [])
    shim = os.path.join(pyenv, "shims", "python")
    with open(shim, "w") as file:
        file.write("#!/bin/sh\necho py=shim.\n")
    os.chmod(shim, 0o755)
    place.install("from envtui.cli import main; sys.exit(main())")
    program = f"{pyenv}/bin/pyenv init - --no-rehash {name}"
    line = f"{program} | source" if name == "fish" else f'eval "$({program})"'
    place.rc(name, after=f"{line}\n")
    socket = os.path.join(tmp_path, "socket")
    made = Terminal(socket, place.variables, os.path.join(place.path, "work"), require(name))
    yield made
    made("kill-server")


def do(at, text, *seen):
    """Type a line at a prompt of its own; wait for what it shows and for the next prompt."""
    at.keys("C-l")
    at.line(text)
    shown = at.sees_last(text, PROMPT.strip())
    for part in seen:
        assert part in shown.replace("\n", ""), shown
    return shown


PYTHON = 'python -c \'import sys; print("py=" + sys.prefix + ".")\''


def test_a_day_with_panes(window, place, name, piped, tmp_path):
    at = window
    own = os.path.join(place.path, "work", ".venv")
    at.sees(PROMPT.strip())
    do(at, PYTHON, "py=shim.")
    at.line("envtui")
    at.sees("▌  work/.venv")  # the row: where the scan is stands above
    at.keys("Enter")
    at.sees_last("switched to", PROMPT.strip())
    version = "Python " + sys.version.split()[0]
    do(at, "python -V", version)
    do(at, PYTHON, f"py={own}.")
    do(at, f"envtui activate {piped}", "(data) READY")
    do(at, "pip -V", f"{piped}/lib")

    do(at, f"{name} {'--noprofile' if name == 'bash' else ''}", "(data) READY")
    do(at, PYTHON, f"py={piped}.")
    do(at, "deactivate")
    do(at, PYTHON, "py=shim.")
    do(at, "exit")
    do(at, PYTHON, f"py={piped}.")

    socket = os.path.join(tmp_path, "panes")
    do(at, f"env -u TMUX tmux -S {socket} -f /dev/null new-session -d -x 110 -y 32 {require(name)}")
    pane = Terminal(socket, place.variables)
    try:
        pane.sees("(data) READY")
        do(pane, PYTHON, f"py={piped}.")
        do(pane, "deactivate")
        do(pane, PYTHON, "py=shim.")
    finally:
        pane("kill-server")
    do(at, "deactivate")
    do(at, PYTHON, "py=shim.")
    do(at, "env | grep -c -e ENVTUI_ -e VIRTUAL_ENV", "0")
    assert place.leftovers() == []
