"""undo, history and trash as they are typed: dry runs, JSON, one thing of several, options anywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests import tools
from tests.changing import tree
from tests.homes import Home, picture


@pytest.fixture
def removed(home: Home) -> Home:
    """Two environments in the trash, and a file that was written."""
    for name in ("one", "two"):
        home.venv(f"code/{name}/.venv", "3.12")
        assert home.envtui("remove", home.at(f"code/{name}/.venv"), "--yes").returncode == 0
    assert home.envtui("pin", "3.11", "--project", home.at("code/one"), "--yes").returncode == 0
    return home


def ids(home: Home) -> list[str]:
    return [item["id"] for item in home.json("trash")["trash"]]


def test_history_tells_every_change_as_json(removed: Home) -> None:
    told = removed.json("history")["history"]
    assert [(one["number"], one["status"]) for one in told] == [
        (3, "done"), (2, "done"), (1, "done")
    ]  # fmt: skip
    assert told[2]["steps"] == [f"move {removed.at('code/one/.venv')} to the trash"]


def test_a_dry_run_changes_nothing_and_says_what_it_would(removed: Home) -> None:
    removed.variables["XDG_CACHE_HOME"] = removed.path + "-cache"
    before = picture(removed.path)
    told = removed.json("undo", "2", "--dry-run")
    assert (told["id"], told["done"]) == (2, False)
    assert removed.json("trash", "restore", "--dry-run", "1-1")["path"].endswith("/one/.venv")
    assert removed.json("trash", "empty", "--dry-run")["items"] == ["2-1", "1-1"]
    for words in (("undo",), ("trash", "restore", "1-1"), ("trash", "empty")):
        assert removed.envtui(*words, "--dry-run").returncode == 0
        assert removed.envtui(*words).returncode == 3  # nobody there to ask
        assert removed.envtui(*words, "--json").stdout == ""
    assert picture(removed.path) == before


def test_one_thing_of_several_is_deleted_or_restored(removed: Home) -> None:
    assert removed.envtui("trash", "empty", "1-1", "--yes").returncode == 0
    assert ids(removed) == ["2-1"]
    assert removed.json("trash", "restore", "--yes", "2-1") == {
        "schema": 1, "id": "2-1", "path": removed.at("code/two/.venv"), "done": True,
    }  # fmt: skip
    assert os.path.isfile(removed.at("code/two/.venv/pyvenv.cfg"))
    assert ids(removed) == []


def test_onto_a_place_that_is_taken_it_asks_for_another(removed: Home) -> None:
    removed.write("code/two/.venv/mine", "x")
    done = removed.envtui("trash", "restore", "2-1", "--yes")
    assert done.returncode == 3
    assert "is taken" in done.stderr
    assert "--to PATH" in done.stderr
    done = removed.envtui(
        "trash", "restore", "2-1", "--to", "code/again", "--yes", cwd=removed.path
    )
    assert done.returncode == 0, done.stderr
    assert os.path.isfile(removed.at("code/again/pyvenv.cfg"))
    assert os.listdir(removed.at("code/two/.venv")) == ["mine"]


def test_what_makes_no_sense_is_one_error(removed: Home) -> None:
    for words in (
        ("trash", "restore"), ("trash", "restore", "9-9", "--yes"), ("trash", "list", "more"),
        ("trash", "empty", "nosuch", "--yes"), ("trash", "nosuch"), ("undo", "99", "--yes"),
        ("undo", "x"),
    ):  # fmt: skip
        done = removed.envtui(*words)
        assert done.returncode == 2, words
        assert "Traceback" not in done.stderr
    assert len(ids(removed)) == 2


def test_options_stand_anywhere(removed: Home) -> None:
    paths = [removed.venv(f"code/{name}/.venv", "3.12") for name in ("a", "b")]
    told = removed.json("remove", paths[0], "--dry-run", paths[1])
    assert len(told["plan"]["steps"]) == 2


def test_two_at_once_are_serialised(removed: Home) -> None:
    """The second waits for the first, or says who is at it; both changes are whole."""
    paths = [removed.venv(f"code/{name}/.venv", "3.12") for name in ("a", "b", "c", "d")]
    program = [sys.executable, "-m", "envtui", "remove", "--yes"]
    running = [
        subprocess.Popen(
            [*program, path],
            cwd=tools.CHECKOUT,
            env=removed.variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for path in paths
    ]
    for one, path in zip(running, paths, strict=True):
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0 or "is changing something" in said
        assert os.path.lexists(path) is bool(one.returncode)
    numbers = [one["number"] for one in removed.json("history")["history"]]
    assert numbers == sorted(set(numbers), reverse=True)


@pytest.mark.parametrize("command", ["rebuild", "doctor"])
def test_ctrl_c_in_the_middle_of_a_command_rolls_back(home: Home, command: str) -> None:
    """A Python that hangs: SIGINT as the terminal sends it. What would come after does not."""
    path = home.venv("code/app/.venv", "3.12" if command == "rebuild" else "3.11")
    words = ["rebuild", path, "--python", "3.11", "--yes"]
    if command == "doctor":
        for name in ("python", "python3", "python3.11"):
            os.unlink(f"{path}/bin/{name}")
            os.symlink("/gone/bin/python3.11", f"{path}/bin/{name}")
        words = ["doctor", "--fix", "--yes"]
    dangling = os.path.join(home.folder(".local/bin"), "python3.10")
    os.symlink(home.at("nowhere"), dangling)
    before = tree(path)
    python = f"{home.pyenv}/versions/{home.version('3.11')}/bin/python3.11"
    os.rename(python, python + ".real")
    relative = os.path.relpath(python, home.path)
    home.write(relative, "#!/bin/sh\necho begun\nsleep 600\n")
    os.chmod(python, 0o755)
    with subprocess.Popen(
        [sys.executable, "-m", "envtui", *words],
        cwd=tools.CHECKOUT, env=home.variables, stderr=subprocess.PIPE, text=True,
        stdout=subprocess.DEVNULL,
    ) as one:  # fmt: skip
        assert one.stderr
        for line in one.stderr:
            if "begun" in line:
                break
        one.send_signal(signal.SIGINT)
        said = one.stderr.read()
        assert one.wait(60) == 130
    assert "everything is as it was" in said
    assert tree(path) == before
    assert os.path.islink(dangling)
