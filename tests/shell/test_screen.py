"""The screen behind the function: enter switches the shell, and no way out spoils the terminal."""

import os
import shutil
import signal

import psutil
import pytest

from tests.shell.shells import PROMPT

pytestmark = pytest.mark.long


@pytest.fixture
def screen(place, start, name, first):
    """A shell in a project with one environment."""
    shutil.copytree(first, os.path.join(place.path, "work", ".venv"), symlinks=True)
    place.install("from envtui.cli import main; sys.exit(main())")
    shell = start()
    shell.child.setwinsize(24, 80)
    return shell


def opened(shell):
    """Open the screen and wait until it lists the environment."""
    shell.type("envtui")
    shell.child.expect_exact("\x1b[?1049h")
    shell.child.expect_exact("KIND")  # of the rows: what is looked at now names paths, too


def test_enter_switches_the_shell(screen, place):
    opened(screen)
    screen.child.send("\r")
    screen.child.expect_exact("\x1b[?1049l")
    screen.child.expect_exact(PROMPT)  # what is typed earlier is flushed
    screen.child.setwinsize(24, 500)
    assert screen.python() == f"{place.path}/work/.venv/bin/python"
    screen.ok("deactivate")
    assert place.leftovers() == []


def test_quitting_changes_nothing(screen, place):
    before = screen.variables()
    opened(screen)
    screen.child.send("q")
    screen.child.expect_exact("\x1b[?1049l")
    screen.child.expect_exact(PROMPT)  # what is typed earlier is flushed
    assert screen.variables() == before
    assert place.leftovers() == []


def test_a_killed_screen_leaves_a_usable_terminal(screen, place):
    before = screen.ok("stty -a </dev/tty")
    opened(screen)
    for process in psutil.Process(screen.child.pid).children():
        process.send_signal(signal.SIGKILL)
    screen.child.expect_exact("\x1b[?1049l")
    screen.child.expect_exact(PROMPT)
    screen.child.setwinsize(24, 500)
    after = screen.ok("stty -a </dev/tty")
    for mode in (" echo ", " icanon ", " isig ", " opost "):
        assert (mode in after) == (mode in before), mode
    assert place.leftovers() == []
