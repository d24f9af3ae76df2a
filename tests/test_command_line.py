"""One call of the program where its surroundings are not as usual: one message, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.homes import Home


def envtui(home: Home, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A line of a shell in which `$E` is the program."""
    return subprocess.run(
        ["sh", "-c", line],
        env={**home.variables, "E": f"{sys.executable} -m envtui", **variables},
        cwd=home.path,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", ["list", "list --json", "--help", "why"])
def test_a_full_disk_is_told_in_one_line(home: Home, words: str) -> None:
    done = envtui(home, f"$E {words} >/dev/full")
    assert done.returncode == 5
    assert done.stderr == "envtui: the output can't be written: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_nothing_special(home: Home, closed: str) -> None:
    done = envtui(home, f"$E list --json {closed}")
    assert (done.returncode, done.stderr) == (0, "")
    assert ("interpreters" in done.stdout) is (">&-" not in closed.replace("2>&-", ""))
    assert envtui(home, f"$E list --filter py: {closed}").returncode == 2


@pytest.mark.parametrize(
    "words", ["create --yes", "create new --yes", "pin 3.12 --yes", "unpin --yes", "why", "allow"]
)
def test_in_a_directory_that_is_gone_nothing_is_meant_for_the_root(home: Home, words: str) -> None:
    home.folder("gone")
    done = envtui(home, f"cd gone && rmdir ../gone && $E {words}")
    assert done.returncode == 2
    assert done.stderr == "envtui: the current directory is gone; go to another or name one\n"
    assert envtui(home, "mkdir gone && cd gone && rmdir ../gone && $E list").returncode == 0


def test_an_empty_home_is_the_one_on_record(home: Home) -> None:
    told = envtui(home, "$E config --path", HOME="", XDG_CONFIG_HOME="").stdout
    assert told == f"{os.path.expanduser('~')}/.config/envtui/config.toml\n"
