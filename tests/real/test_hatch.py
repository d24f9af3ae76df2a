"""Hatch's environments, made by the real Hatch, which is asked what it thinks of our changes."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.homes import Home, picture

pytestmark = pytest.mark.long

PYPROJECT = """\
[project]
name = "My.Shop"
version = "0.1"
[tool.hatch.envs.default]
skip-install = true
[tool.hatch.envs.docs]
skip-install = true
[tool.hatch.envs.beside]
path = ".beside"
skip-install = true
[tool.hatch.envs.old]
python = "3.11"
skip-install = true
[tool.hatch.envs.bare]
type = "system"
[tool.hatch.envs.test]
skip-install = true
[[tool.hatch.envs.test.matrix]]
python = ["3.11", "3.12"]
"""
STORE = ".local/share/hatch/env/virtual/my-shop"


def hatch(home: Home, project: str, *words: str, check: bool = True, **variables: str) -> str:
    """What the real Hatch answers."""
    command = ("hatch", "--no-color", "--no-interactive", *words)
    variables = {"VIRTUALENV_VENV_REDIRECT": "false", **variables}
    done = home.run(*command, cwd=project, check=check, variables=variables)
    return done.stdout.strip() if check else f"{done.stdout}{done.stderr}"


def make(home: Home, project: str, name: str, minor: str = "3.12", **variables: str) -> str:
    """An environment by Hatch itself, and where it runs what is run in it."""
    variables["HATCH_PYTHON"] = home.python(minor)
    where = ("python", "-c", "import sys; print(sys.prefix)")
    return hatch(home, project, "-e", name, "run", *where, **variables)


@pytest.fixture
def shop(home: Home) -> str:
    """A project of a user who has Hatch."""
    home.with_tools("hatch")
    home.write("code/shop/pyproject.toml", PYPROJECT)
    return home.at("code/shop")


def environments(home: Home, cwd: str | None = None) -> dict[str, dict[str, Any]]:
    return {item["path"]: item for item in home.json("list", cwd=cwd)["environments"]}


def test_every_layout_is_listed_once_and_belongs_to_its_project(home: Home, shop: str) -> None:
    expected = {
        make(home, shop, "default"): ("hatch:my-shop/default", "3.12"),
        make(home, shop, "docs", "3.11"): ("hatch:my-shop/docs", "3.11"),
        make(home, shop, "test.py3.12"): ("hatch:my-shop/test.py3.12", "3.12"),
        make(home, shop, "beside"): ("hatch:~/code/shop/.beside", "3.12"),
    }
    flat = home.write("flat.toml", '[dirs.env]\nvirtual = ".hatch"\n')
    expected[make(home, shop, "default", HATCH_CONFIG=flat)] = (
        "hatch:~/code/shop/.hatch/my-shop", "3.12",
    )  # fmt: skip
    found = environments(home)
    assert {path: item["id"] for path, item in found.items()} == {
        path: identifier for path, (identifier, _) in expected.items()
    }
    for path, (_, minor) in expected.items():
        item = found[path]
        version = home.version(minor)
        assert (item["kind"], item["version"]) == ("hatch", version)
        if not item["name"].startswith("my-shop/test"):  # Hatch looks for a matrix's Python itself
            assert item["interpreter"] == f"pyenv:{version}"
        assert (item["project"], item["link"], item["health"]) == (shop, "linked", "ok")
    project = home.json("list")["projects"][0]
    assert (project["path"], project["managers"]) == (shop, ["hatch"])
    assert set(project["environments"]) == {item["id"] for item in found.values()}


def test_a_project_that_went_leaves_its_environment_unmapped(home: Home, shop: str) -> None:
    path = make(home, shop, "default")
    os.rename(shop, home.at("code/moved"))
    item = environments(home)[path]
    assert (item["kind"], item["project"], item["link"]) == ("hatch", None, "unmapped")


def test_the_configured_directories_are_read(home: Home, shop: str) -> None:
    config = home.write(".config/hatch/config.toml", '[dirs.env]\nvirtual = "~/elsewhere/envs"\n')
    path = make(home, shop, "default")
    assert path.startswith(home.at("elsewhere/envs/my-shop/"))
    assert environments(home)[path]["id"] == "hatch:my-shop/default"
    home.write(config, '[dirs]\ndata = "$HOME/hatch-data"\n')
    other = make(home, shop, "docs")
    assert other.startswith(home.at("hatch-data/env/virtual/my-shop/"))
    assert environments(home)[other]["id"] == "hatch:my-shop/docs"
    home.variables["HATCH_DATA_DIR"] = home.at("third")
    third = make(home, shop, "docs")
    assert third.startswith(home.at("third/"))
    assert environments(home)[third]["id"] == "hatch:my-shop/docs"


def test_the_flat_directory_shared_with_virtualenvwrapper(home: Home, shop: str) -> None:
    """Only what a project declares is taken for Hatch's there."""
    home.write(".config/hatch/config.toml", '[dirs.env]\nvirtual = "~/.virtualenvs"\n')
    path = make(home, shop, "docs")
    other = home.venv(".virtualenvs/other", "3.12")
    assert path == home.at(".virtualenvs/docs")
    found = environments(home)
    assert found[other]["kind"] != "hatch"
    assert (found[path]["kind"], found[path]["project"]) == ("hatch", shop)


@pytest.mark.parametrize(
    ("name", "target"),
    [(None, "my-shop"), ("docs", "docs"), ("test.py3.12", "test.py3.12"), ("beside", ".beside")],
)
def test_created_removed_and_brought_back(
    name: str | None, target: str, home: Home, shop: str
) -> None:
    before = sorted(os.listdir(shop))
    words = [name] if name else []
    answer = home.json("create", *words, "--kind=hatch", "--python=3.12", "--yes", cwd=shop)
    assert answer["done"] is True
    path = hatch(home, shop, "env", "find", name or "default")
    assert os.path.basename(path) == target
    found = environments(home)
    assert list(found) == [path]
    assert (found[path]["kind"], found[path]["version"]) == ("hatch", home.version("3.12"))
    assert ".venv" not in os.listdir(shop)  # what virtualenv would write beside
    told = home.envtui(
        "run", found[path]["id"], "--", "python", "-c", "import sys; print(sys.prefix)"
    )
    assert told.stdout.strip() == path
    record = home.at(".local/share/hatch/env/.metadata")
    records = picture(record)
    tree = picture(path)
    again = home.envtui("create", *words, "--kind=hatch", "--yes", cwd=shop)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)

    removed = home.json("remove", found[path]["id"], "--yes")
    assert not os.path.lexists(path)
    assert not [file for _, _, files in os.walk(record) for file in files]
    assert environments(home) == {}
    undone = home.envtui("undo", str(removed["id"]), "--yes")
    assert undone.returncode == 0, undone.stderr
    assert picture(path) == tree
    files = {name for name, item in records.items() if item[3]}
    assert {name: picture(record)[name] for name in files} == {
        name: records[name] for name in files
    }
    exists = hatch(home, shop, "env", "create", name or "default", check=False)
    assert "already exists" in exists
    assert list(environments(home)) == [path]

    assert home.envtui("undo", str(answer["id"]), "--yes").returncode == 0
    assert environments(home) == {}
    assert sorted(os.listdir(shop)) == before


def test_hatch_makes_again_what_was_removed(home: Home, shop: str) -> None:
    path = make(home, shop, "docs")
    assert home.envtui("remove", "my-shop/docs", "--yes").returncode == 0
    assert make(home, shop, "docs", "3.11") == path
    assert environments(home)[path]["version"] == home.version("3.11")


def test_the_python_that_an_environment_declares_is_taken(home: Home, shop: str) -> None:
    done = home.json("create", "old", "--kind=hatch", "--python=3.12", "--yes", cwd=shop)
    assert "Python 3.11, as it declares" in done["plan"]["title"]
    assert [item["version"] for item in environments(home).values()] == [home.version("3.11")]


def test_a_declared_python_is_never_downloaded(home: Home, shop: str) -> None:
    """Not where it is not installed, not where it is and does not answer."""
    home.write("code/shop/pyproject.toml", PYPROJECT.replace('"3.11"', '"3.14"'))
    words = ("create", "old", "--kind=hatch", "--python=3.12", "--yes")
    done = home.envtui(*words, cwd=shop)
    assert (done.returncode, "declares Python 3.14" in done.stderr) == (2, True), done.stderr
    home.write("code/shop/pyproject.toml", PYPROJECT.replace('"3.11"', '"3.12"'))
    os.unlink(home.python("3.12"))
    os.chmod(home.write(f".pyenv/versions/{home.version('3.12')}/bin/python3.12", "false\n"), 0o755)
    done = home.envtui(*words, cwd=shop)
    said = done.stdout + done.stderr
    assert (done.returncode, "not-downloaded-for-envtui" in said) == (5, True), said
    assert not os.path.lexists(home.at(STORE))


def test_the_members_of_a_matrix_have_hatchs_names(home: Home, shop: str) -> None:
    home.write(
        "code/shop/pyproject.toml",
        PYPROJECT
        + """\
[[tool.hatch.envs.test.matrix]]
version = ["42"]
python = ["3.11", "pypy3.10"]
[tool.hatch.envs.formed]
template = "test"
matrix-name-format = "{variable}_{value}"
matrix = [{feature = ["a", "b"], py = ["3.12"]}]
[[tool.hatch.envs.default.matrix]]
python = ["3.11", "3.12"]
""",
    )
    shown = {
        name
        for name in json.loads(hatch(home, shop, "env", "show", "--json"))
        if not name.startswith("hatch-")  # Hatch's own
    }
    told = home.envtui("create", "nope", "--kind=hatch", "--yes", cwd=shop).stderr
    declared = told.partition("(declared: ")[2].strip(")\n").split(", ")
    assert {"test.py3.11-42", "formed.py3.12-feature_b", "py3.12"} < shown == set(declared)
    done = home.json("create", "py3.11", "--kind=hatch", "--python=3.12", "--yes", cwd=shop)
    path = hatch(home, shop, "env", "find", "py3.11")
    assert environments(home)[path]["version"] == home.version("3.11")
    assert "Python 3.11, as it declares" in done["plan"]["title"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope"], "declares no Hatch environment 'nope'"),
        (["test"], "matrix"),
        (["bare"], "no virtual environment"),
        (["../up"], "declares no Hatch environment"),
        (["docs", "--from", "pyproject.toml"], "leave --from away"),
    ],
)
def test_what_hatch_could_not_make_is_refused_before(
    words: list[str], said: str, home: Home, shop: str
) -> None:
    done = home.envtui("create", *words, "--kind=hatch", "--python=3.12", "--yes", cwd=shop)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not os.path.lexists(home.at(STORE))


def test_without_a_project_and_without_the_tool(home: Home) -> None:
    project = home.folder("code", "app")
    done = home.envtui("create", "--kind=hatch", "--yes", cwd=project)
    assert (done.returncode, "belongs to a project" in done.stderr) == (2, True), done.stderr
    home.write("code/app/pyproject.toml", PYPROJECT)
    done = home.envtui("create", "--kind=hatch", "--yes", cwd=project)
    assert (done.returncode, "pipx install hatch" in done.stderr) == (4, True), done.stderr


def test_a_python_that_hatch_cannot_use_leaves_nothing_behind(home: Home, shop: str) -> None:
    """Hatch answers with a page of traceback; the plan is taken back."""
    home.write(
        "code/shop/pyproject.toml", PYPROJECT.replace("[project]", '[project]\nrequires-python=">=3.99"')
        .replace("skip-install = true", ""),
    )  # fmt: skip
    done = home.envtui("create", "--kind=hatch", "--python=3.12", "--yes", cwd=shop)
    assert done.returncode == 5, (done.stdout, done.stderr)
    assert environments(home) == {}


@pytest.mark.parametrize("content", ["[dirs", "[dirs]\ndata = 3\n[dirs.env]\nvirtual = []\n", "\0"])
def test_a_broken_configuration_hides_nothing(content: str, home: Home, shop: str) -> None:
    path = make(home, shop, "default")
    config = home.write(".config/hatch/config.toml", content)
    listing = home.json("list")
    assert [item["id"] for item in listing["environments"]] == ["hatch:my-shop/default"]
    assert [item["path"] for item in listing["environments"]] == [path]
    warned = {item["path"] for item in listing["warnings"]}
    assert (config in warned) == (not content.startswith("[dirs]"))


def test_a_store_that_may_not_be_read_is_a_warning(home: Home, shop: str) -> None:
    from tests.real.test_list import without_privilege

    make(home, shop, "default")
    good = home.venv("code/good/.venv", "3.12")
    os.chmod(home.at(STORE), 0)
    import sys

    done = home.run(*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    os.chmod(home.at(STORE), 0o755)
    told = json.loads(done.stdout)
    assert [item["path"] for item in told["environments"]] == [good]
    assert home.at(STORE) in {item["path"] for item in told["warnings"]}


def test_rebuilt_on_another_python_and_brought_back(home: Home, shop: str) -> None:
    path = make(home, shop, "docs")
    before, records = picture(path), picture(home.at(".local/share/hatch/env/.metadata"))
    done = home.envtui("rebuild", "my-shop/docs", "--python=3.11", "--yes")
    assert done.returncode == 0, done.stderr
    assert hatch(home, shop, "env", "find", "docs") == path
    assert environments(home)[path]["version"] == home.version("3.11")
    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before
    after = picture(home.at(".local/share/hatch/env/.metadata"))
    files = [name for name, item in records.items() if item[3]]
    assert [after[name][2:] for name in files] == [records[name][2:] for name in files]


def test_a_declared_python_is_not_overruled(home: Home, shop: str) -> None:
    make(home, shop, "old", "3.11")
    done = home.envtui("rebuild", "my-shop/old", "--python=3.12", "--yes")
    assert (done.returncode, "declares Python 3.11" in done.stderr) == (2, True), done.stderr


def test_its_pythons(home: Home) -> None:
    """A tree as `hatch python install` leaves it, which needs the network."""
    version = home.version("3.12")
    place = home.folder(".local/share/hatch/pythons/3.12")
    os.rename(os.path.join(home.pyenv, "versions", version), f"{place}/python")
    record = home.write(
        ".local/share/hatch/pythons/3.12/hatch-dist.json",
        '{"source": "", "python_path": "python/bin/python3"}',
    )
    home.folder(".local/share/hatch/pythons/3.13")
    listed = {item["id"]: item for item in home.json("list")["interpreters"]}
    assert (listed["hatch:3.12"]["version"], listed["hatch:3.12"]["prefix"]) == (
        version, f"{place}/python",
    )  # fmt: skip
    ran = home.envtui("run", "hatch:3.12", "--", "python", "-c", "import sys; print(sys.prefix)")
    assert ran.stdout.strip() == f"{place}/python"
    done = home.envtui("remove", "hatch:3.12", "--yes")
    assert (done.returncode, "hatch python remove" in done.stderr) == (3, True)
    for content in ("{", "[]", '{"python_path": 3}', '{"python_path": "nowhere/bin/python"}'):
        home.write(record, content)
        told = home.json("list")
        assert not [item for item in told["interpreters"] if item["kind"] == "hatch"]
        assert [item for item in told["warnings"] if item["path"].startswith(place)], content


def test_a_garbled_hatch_toml_is_a_warning_and_nothing_is_made(home: Home, shop: str) -> None:
    file = home.write("code/shop/hatch.toml", "[envs.docs\n")
    listing = home.json("list")
    assert file in {item["path"] for item in listing["warnings"]}
    assert listing["projects"][0]["managers"] == ["hatch"]
    done = home.envtui("create", "docs", "--kind=hatch", "--python=3.12", "--yes", cwd=shop)
    assert (done.returncode, "hatch.toml" in done.stderr) == (2, True), done.stderr


def test_hatch_toml_declares_as_pyproject_does(home: Home, shop: str) -> None:
    home.write("code/shop/hatch.toml", '[envs.own]\npath = ".own"\nskip-install = true\n')
    done = home.envtui("create", "own", "--kind=hatch", "--python=3.12", "--yes", cwd=shop)
    assert done.returncode == 0, done.stderr
    assert hatch(home, shop, "env", "find", "own") == f"{shop}/.own"
    assert environments(home)[f"{shop}/.own"]["kind"] == "hatch"
