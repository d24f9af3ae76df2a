"""The environments of tox and nox, made by the real tools."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.homes import Home, picture

pytestmark = pytest.mark.long

TOX = "[tox]\nskipsdist = true\nenv_list = lint\n[testenv]\ncommands = python -V\n"
NOX = """\
import nox

@nox.session(name="two words", venv_backend="virtualenv")
def words(session):
    session.create_tmp()
    session.run("python", "-V")
"""
MADE = {
    "tox": ("code/app/tox.ini", TOX, ("tox", "run", "-q", "-e", "lint"), ".tox/lint"),
    "nox": ("code/app/noxfile.py", NOX, ("nox", "-s", "two words"), ".nox/two-words"),
}


@pytest.fixture(params=MADE)
def kind(request: pytest.FixtureRequest, home: Home) -> str:
    home.with_tools(request.param)
    path, content, command, _ = MADE[request.param]
    home.write(path, content)
    home.run(*command, cwd=home.at("code/app"))
    return str(request.param)


def test_listed_removed_and_brought_back(kind: str, home: Home) -> None:
    project, (_, _, command, place) = home.at("code/app"), MADE[kind]
    path = os.path.join(project, place)
    listing = home.json("list")
    [found] = listing["environments"]
    assert (found["kind"], found["path"], found["name"]) == (kind, path, f"app/{place}")
    assert (found["id"], found["health"]) == (f"{kind}:~/code/app/{place}", "ok")
    assert (found["project"], found["link"]) == (project, "linked")
    told = home.run(f"{path}/bin/python", "-c", "import platform; print(platform.python_version())")
    assert found["version"] == told.stdout.strip()
    [shown] = listing["projects"]
    assert (shown["managers"], shown["environments"]) == ([kind], [found["id"]])
    ran = home.envtui("run", found["id"], "--", "python", "-c", "import sys; print(sys.prefix)")
    assert ran.stdout.strip() == path

    before = picture(path)
    removed = home.json("remove", found["id"], "--yes")
    assert not os.path.lexists(path)
    assert home.json("list")["environments"] == []
    assert home.envtui("undo", str(removed["id"]), "--yes").returncode == 0
    assert picture(path) == before
    assert home.json("list")["environments"] == [found]
    home.run(*command, cwd=project)
    assert home.json("remove", f"app/{place}", "--yes")["done"] is True
    home.run(*command, cwd=project)  # the tool makes another
    assert home.json("list")["environments"][0]["path"] == path


def test_a_file_of_ones_own_inside_is_still_refused(kind: str, home: Home) -> None:
    home.write(f"code/app/{MADE[kind][3]}/notes.txt", "mine")
    done = home.envtui("remove", f"app/{MADE[kind][3]}", "--yes")
    assert (done.returncode, "notes.txt" in done.stderr) == (3, True), done.stderr


@pytest.mark.parametrize("kind", MADE)
def test_creating_is_refused_with_the_command_that_does(kind: str, home: Home) -> None:
    path, content, _, _ = MADE[kind]
    home.write(path, content)
    done = home.envtui("create", "lint", f"--kind={kind}", "--yes", cwd=home.at("code/app"))
    assert done.returncode == 2
    command = {"tox": "tox run -e NAME --notest", "nox": "nox -s NAME --install-only"}[kind]
    assert command in done.stderr


def test_logs_in_a_plain_environment_are_the_users_own(home: Home) -> None:
    """Only where tox was are `log` and `tmp` its own."""
    path = home.venv("code/app/.venv", "3.12")
    home.write("code/app/.venv/log/run.log", "mine")
    done = home.envtui("remove", path, "--yes")
    assert (done.returncode, "log" in done.stderr) == (3, True)


def test_files_make_a_project_theirs(home: Home) -> None:
    home.write("code/a/tox.toml", "env_list = []\n")
    home.write("code/b/pyproject.toml", "[tool.tox]\nenv_list = []\n")
    home.write("code/c/tox.ini", "")
    home.write("code/c/noxfile.py", "")
    managers = {item["path"]: item["managers"] for item in home.json("list")["projects"]}
    assert managers == {
        home.at("code/a"): ["tox"],
        home.at("code/b"): ["tox"],
        home.at("code/c"): ["tox", "nox"],
    }


def test_a_folder_without_an_environment_is_none(home: Home) -> None:
    home.write("code/a/tox.ini", "")
    path = home.venv("code/a/.tox/py", "3.12")
    shutil.rmtree(path)
    home.write("code/a/.tox/py/notes", "")
    assert home.json("list")["environments"] == []
