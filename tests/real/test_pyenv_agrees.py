"""Pyenv itself is the judge of what a directory gets."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable

import pytest

from envtui.adapters import pyenv_rules
from envtui.host import Host
from tests.homes import Home
from tests.real import pyenv_judge
from tests.real.pyenv_judge import Case

pytestmark = pytest.mark.long


def pyenv_says(home: Home, directory: str, **variables: str) -> tuple[list[str], str, int]:
    """What `pyenv version-name` and `version-origin` print, and the exit code."""
    name = home.run("pyenv", "version-name", cwd=directory, check=False, variables=variables)
    origin = home.run("pyenv", "version-origin", cwd=directory, check=False, variables=variables)
    versions = [word for word in name.stdout.rstrip("\n").split(":") if word]
    return versions, origin.stdout.rstrip("\n"), name.returncode


def we_say(home: Home, directory: str, **variables: str) -> tuple[list[str], str, int]:
    host = Host(home.path, {**home.variables, **variables}, directory)
    found = pyenv_rules.select(host, directory)
    return list(found.versions), found.origin, 1 if found.missing else 0


def test_the_nearest_file_upward_decides_and_an_empty_one_means_system(home: Home) -> None:
    below = home.folder("code", "app", "src")
    home.write(".pyenv/version", "3.11\n")
    assert we_say(home, below) == pyenv_says(home, below)
    home.write("code/.python-version", "3.12\n")
    assert we_say(home, below) == pyenv_says(home, below)
    assert we_say(home, below)[0] == [home.version("3.12")]
    os.mkdir(home.at("code/app/.python-version"))
    assert we_say(home, below) == pyenv_says(home, below)
    home.write("code/app/src/.python-version", "# nothing\n")
    assert we_say(home, below) == pyenv_says(home, below)
    assert we_say(home, below)[0] == ["system"]


@pytest.mark.parametrize("value", ["3.12", " 3.11", "3.11:3.12", "nope", "nope:3.12", "system", ""])
def test_the_variable_is_stronger_than_any_file(home: Home, value: str) -> None:
    project = home.folder("code", "app")
    home.write("code/app/.python-version", "3.11\n")
    assert we_say(home, project, PYENV_VERSION=value) == pyenv_says(
        home, project, PYENV_VERSION=value
    )


def test_the_command_line_tells_what_pyenv_tells(home: Home) -> None:
    project = home.folder("code", "app")
    home.write("code/app/.python-version", "3.12\n3.99\n")
    told = home.json("why", cwd=project)
    versions, origin, _ = pyenv_says(home, project)
    assert told["pyenv"] == {"versions": versions, "missing": ["3.99"], "origin": origin}
    assert told["python"] == f"pyenv:{home.version('3.12')}"
    assert told["decided_by"]["source"] == home.at("code/app/.python-version")
    assert home.run(told["path"], "-V").stdout.strip() == f"Python {home.version('3.12')}"


# A tenth of a second each, in which every word comes; ENVTUI_FUZZ=5000 for a long look.
HOW_MANY = int(os.environ.get("ENVTUI_FUZZ", "150"))


@pytest.mark.parametrize("alias", [False, True])
def test_generated_files_and_variables_are_understood_as_pyenv_does(
    alias: bool, tmp_path: os.PathLike[str]
) -> None:
    home = pyenv_judge.store(Home(os.fspath(tmp_path)), alias=alias)
    chance = random.Random(f"envtui {alias}")
    words = pyenv_judge.shuffled(chance)
    # Each once: some come again.
    cases = list(dict.fromkeys(pyenv_judge.case(chance, words) for _ in range(HOW_MANY)))
    assert pyenv_judge.differences(home, cases) == []


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_locale_decides_where_a_long_line_is_cut(locale: str, tmp_path: os.PathLike[str]) -> None:
    home = pyenv_judge.store(Home(os.fspath(tmp_path)), alias=True)
    home.variables["LC_ALL"] = locale
    texts = [
        "é" * 512 + "3.12.1",
        "é" * 1024 + "3.12.1",
        " " * 1018 + "3.11.7é",
        "🐍" * 256 + "web",
    ]
    assert pyenv_judge.differences(home, [Case(text.encode()) for text in texts]) == []


def test_what_is_no_file_is_passed_over(tmp_path: os.PathLike[str]) -> None:
    home = pyenv_judge.store(Home(os.fspath(tmp_path)), alias=True)
    home.write("code/.python-version", "3.12.10\n")
    places = [home.folder("code", name) for name in ("folder", "dangling", "link", "fifo", "in/it")]
    os.mkdir(f"{places[0]}/.python-version")
    os.symlink("nowhere", f"{places[1]}/.python-version")
    os.symlink(home.write("elsewhere", "web\n"), f"{places[2]}/.python-version")
    os.mkfifo(f"{places[3]}/.python-version")
    os.symlink(home.at("code/link"), home.at("code/in/linked"))
    cases = [(place, Case(None)) for place in (*places, home.at("code/in/linked"), home.path, "/")]
    ours = [pyenv_judge.ours(home, place, one) for place, one in cases]
    assert ours == pyenv_judge.judge(home, cases)


def test_a_shim_that_starts_envtui_does_not_decide(home: Home) -> None:
    """pyenv sets PYENV_VERSION and PATH for what its shims run; the user's shell has neither."""
    program = f'#!/bin/sh\nexec {sys.executable} -m envtui "$@"\n'
    for minor in ("3.11", "3.12"):
        path = home.write(f".pyenv/versions/{home.version(minor)}/bin/envtui", program)
        os.chmod(path, 0o755)
    home.run("pyenv", "rehash")
    project, other = home.folder("code", "app"), home.folder("code", "other")
    home.write("code/app/.python-version", "3.12\n")
    home.write("code/other/.python-version", "3.11\n")
    for words, place in (((), project), ((other,), other)):
        told = json.loads(home.run("envtui", "why", "--json", *words, cwd=project).stdout)
        version = home.version("3.12" if place == project else "3.11")
        assert told["python"] == f"pyenv:{version}"
        assert told["pyenv"]["origin"] == f"{place}/.python-version"
        assert told["decided_by"]["source"] == f"{place}/.python-version"
    for value in ("3.11", home.version("3.12") + ":3.11"):
        done = home.run("envtui", "why", "--json", cwd=project, variables={"PYENV_VERSION": value})
        assert json.loads(done.stdout)["pyenv"]["origin"] == "PYENV_VERSION environment variable"


def test_shims_of_another_root_follow_that_root(make_home: Callable[..., Home]) -> None:
    """As where PYENV_ROOT is set for one pyenv and the shims of a second one are on PATH."""
    home, other = make_home(versions=["3.11"]), make_home("other", versions=["3.12"])
    home.variables["PATH"] = f"{other.pyenv}/shims:/usr/bin:/bin"
    version = other.version("3.12")
    told = home.json("why")
    assert (told["python"], told["path"]) == (None, f"{other.pyenv}/versions/{version}/bin/python")
    assert told["decided_by"] == {
        "manager": "pyenv", "source": f"{other.pyenv}/version", "rule": "pyenv's global version",
    }  # fmt: skip
    ran = home.run("python", "-c", "import sys; print(sys.executable)").stdout.strip()
    assert ran == told["path"]
    assert f"Python {version}" in home.envtui("why").stdout
    home.write(".python-version", "3.11\n")
    assert "3.11 is not installed" in home.json("why", code=1)["decided_by"]["rule"]
