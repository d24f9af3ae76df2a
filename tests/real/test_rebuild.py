"""Another Python for a project in one plan, by the owner's way, and all of it taken back."""

from __future__ import annotations

import os
import zipfile

import pytest

from tests.homes import Home, picture
from tests.real.realhome import poetry_use

PIPFILE = '[packages]\n\n[requires]\npython_version = "3.12" # ours\n'
POETRY = '[tool.poetry]\nname = "app"\npackage-mode = false\n[tool.poetry.dependencies]\npython = ">=3.10"\n'


def wheel(home: Home, name: str, version: str) -> None:
    """A wheel with one module, in a directory that pip is told to look in; no index is asked."""
    folder = home.folder("wheels")
    record = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", f"version = {version!r}\n")
        archive.writestr(
            f"{record}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        archive.writestr(
            f"{record}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{record}/RECORD", "")
    home.variables |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": folder}


@pytest.mark.long
@pytest.mark.parametrize("kind", ["venv", "virtualenv"])
def test_packages_come_along_and_undo_brings_back_both(tooled: Home, kind: str) -> None:
    home = tooled
    wheel(home, "walnut", "1.5")
    project = home.folder("code", "app")
    home.write("code/app/.python-version", "# ours\n3.12\n")
    path = f"{project}/.venv"
    if kind == "venv":
        home.venv("code/app/.venv", "3.12", "--with-pip")
    else:
        home.virtualenv("code/app/.venv", "3.12")
    home.run(f"{path}/bin/python", "-m", "pip", "install", "-q", "walnut==1.5")
    before = picture(path)

    done = home.envtui("rebuild", path, "--python", "3.11", "--yes", cwd=project)
    assert done.returncode == 0, done.stderr
    said = home.run(
        f"{path}/bin/python",
        "-c",
        "import sys, walnut; print(sys.version_info[:2], walnut.version)",
    )
    assert said.stdout.strip() == "(3, 11) 1.5"
    assert home.run("pyenv", "version-name", cwd=project).stdout.strip() == home.version("3.11")
    with open(f"{project}/.python-version") as file:
        assert file.read() == "# ours\n3.11\n"
    assert [item["kind"] for item in home.json("list")["environments"]] == [kind]

    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before
    assert home.run("pyenv", "version-name", cwd=project).stdout.strip() == home.version("3.12")


def test_what_cannot_be_installed_leaves_the_old_one(tooled: Home) -> None:
    home = tooled
    wheel(home, "walnut", "1.5")
    path = home.venv("code/app/.venv", "3.12", "--with-pip")
    home.run(f"{path}/bin/python", "-m", "pip", "install", "-q", "walnut==1.5")
    before = picture(path)
    os.remove(home.at("wheels", "walnut-1.5-py3-none-any.whl"))
    done = home.envtui("rebuild", path, "--python", "3.11", "--yes")
    assert done.returncode == 5
    assert "walnut" in done.stderr
    assert picture(path) == before


@pytest.mark.long
def test_pipenv_follows_its_pipfile(tooled: Home) -> None:
    home = tooled
    home.write("code/app/Pipfile", PIPFILE)
    project = home.at("code", "app")
    assert home.envtui("create", "--kind", "pipenv", "--yes", cwd=project).returncode == 0
    old = home.json("list")["environments"][0]
    done = home.envtui("rebuild", old["id"], "--python", "3.11", "--yes", cwd=project)
    assert done.returncode == 0, done.stderr
    said = home.run(
        "pipenv", "run", "python", "-c", "import sys; print(sys.version_info[:2])", cwd=project
    )
    assert said.stdout.strip() == "(3, 11)"
    with open(f"{project}/Pipfile") as file:
        assert file.read() == PIPFILE.replace("3.12", "3.11")
    assert home.envtui("undo", "--yes").returncode == 0
    with open(f"{project}/Pipfile") as file:
        assert file.read() == PIPFILE
    assert home.json("list")["environments"][0] == old


@pytest.mark.long
def test_poetry_makes_the_new_one_beside_and_the_old_one_goes(tooled: Home) -> None:
    home = tooled
    home.write("code/app/pyproject.toml", POETRY)
    project = home.at("code", "app")
    old = poetry_use(home, project, "3.12")
    before = picture(old)
    done = home.envtui("rebuild", old, "--python", "3.11", "--yes", cwd=project)
    assert done.returncode == 0, done.stderr
    told = home.run("poetry", "env", "list", cwd=project).stdout.split()
    assert told == [os.path.basename(old).replace("3.12", "3.11"), "(Activated)"]
    assert home.envtui("undo", "--yes").returncode == 0
    assert home.run("poetry", "env", "list", cwd=project).stdout.split()[0] == os.path.basename(old)
    assert picture(old) == before


def test_refusals_are_told(home: Home) -> None:
    path = home.venv("code/app/.venv", "3.12")
    assert home.envtui("rebuild", path, "--python", "3.99", "--yes").returncode == 2
    assert home.envtui("rebuild", f"pyenv:{home.version('3.12')}", "--yes").returncode == 2
    home.write("code/app/.venv/notes.txt", "mine")
    done = home.envtui("rebuild", path, "--python", "3.11", "--yes")
    assert done.returncode == 3
    assert "notes.txt" in done.stderr
