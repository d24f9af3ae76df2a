"""PDM's environments, made by the real PDM, which is asked what it thinks of our changes."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest

from tests.homes import Home, picture

pytestmark = pytest.mark.long

PYPROJECT = """\
[project]
name = "shop"
version = "0.1"
requires-python = ">=3.9"
dependencies = []
[tool.pdm]
distribution = false
"""
STORE = ".local/share/pdm/venvs"
QUIET = {"PDM_CHECK_UPDATE": "0", "VIRTUALENV_VENV_REDIRECT": "false"}


def pdm(home: Home, project: str, *words: str, check: bool = True) -> str:
    """What the real PDM answers."""
    done = home.run("pdm", "-n", *words, cwd=project, check=check, variables=QUIET)
    return f"{done.stdout}{done.stderr}" if not check else done.stdout.strip()


def keys(home: Home, project: str) -> dict[str, str]:
    """PDM's own list: its names for the project's environments, and where they are."""
    lines = [line[1:].strip("* ") for line in pdm(home, project, "venv", "list").splitlines()[2:]]
    return dict(line.strip().split(": ", 1) for line in lines if line.strip())


def environments(home: Home) -> dict[str, dict[str, Any]]:
    return {item["path"]: item for item in home.json("list")["environments"]}


def chosen(project: str) -> str:
    with open(os.path.join(project, ".pdm-python")) as file:
        return file.read()


@pytest.fixture
def shop(home: Home) -> str:
    """A project of a user who has PDM."""
    home.with_tools("pdm")
    home.write("code/shop/pyproject.toml", PYPROJECT)
    return home.at("code/shop")


def test_every_place_is_listed_once_and_belongs_to_its_project(home: Home, shop: str) -> None:
    pdm(home, shop, "venv", "create", home.python("3.12"))
    pdm(home, shop, "venv", "create", "-n", "old", home.python("3.11"))
    pdm(home, shop, "venv", "create", "--name=-odd[1]", home.python("3.11"))
    home.write("code/shop/pdm.lock", "")
    found = environments(home)
    assert len(found) == 3
    for path, minor in (
        (f"{shop}/.venv", "3.12"), (keys(home, shop)["old"], "3.11"),
    ):  # fmt: skip
        item, version = found[path], home.version(minor)
        assert (item["kind"], item["version"], item["interpreter"]) == (
            "pdm", version, f"pyenv:{version}",
        )  # fmt: skip
        assert (item["project"], item["link"], item["health"]) == (shop, "linked", "ok")
    central = [item for path, item in found.items() if STORE in path]
    assert {item["id"] for item in central} == {
        f"pdm:{os.path.basename(i['path'])}" for i in central
    }
    assert {item["project"] for item in central} == {shop}
    [project] = home.json("list")["projects"]
    assert (project["managers"], project["lock"]) == (["pdm"], "pdm.lock")
    os.rename(shop, home.at("code/moved"))
    links = {item["link"] for path, item in environments(home).items() if STORE in path}
    assert links == {"unmapped"}


def test_pdm_python_comes_before_pipenv_and_poetry(home: Home) -> None:
    """By `.pdm-python` an environment is PDM's, whoever made it and whatever stands beside."""
    path = home.virtualenv("code/app/.venv", "3.12", "--no-seed")
    home.write("code/app/Pipfile", "[packages]\n")
    home.write("code/app/poetry.lock", "")
    home.write("code/app/pyproject.toml", PYPROJECT)
    assert environments(home)[path]["kind"] == "poetry"
    home.write("code/app/.pdm-python", f"{path}/bin/python")
    item = environments(home)[path]
    assert (item["kind"], item["project"]) == ("pdm", home.at("code/app"))
    home.write("code/app/.pdm-python", "/usr/bin/python3")
    assert environments(home)[path]["kind"] == "poetry"


def test_one_of_poetrys_store_stays_poetrys(home: Home) -> None:
    """Its store decides before the file that names it."""
    home.write("code/app/pyproject.toml", PYPROJECT)
    path = home.virtualenv(".cache/pypoetry/virtualenvs/app-AbCdEf12-py3.12", "3.12", "--no-seed")
    home.write("code/app/.pdm-python", f"{path}/bin/python")
    assert environments(home)[path]["kind"] == "poetry"


def test_local_packages_are_evidence_and_no_environment(home: Home) -> None:
    home.folder("code/pep582/__pypackages__/3.12/lib/thing")
    home.write("code/pep582/__pypackages__/3.12/lib/thing/requirements.txt", "")
    listing = home.json("list")
    assert listing["environments"] == []
    [project] = listing["projects"]
    assert (project["path"], project["managers"]) == (home.at("code/pep582"), ["pdm"])
    inside = home.venv("code/pep582/__pypackages__/3.12", "3.12")
    assert list(environments(home)) == [inside]  # where it is one


@pytest.mark.parametrize("way", ["in project", "central", "named"])
def test_created_removed_and_brought_back(way: str, home: Home, shop: str) -> None:
    if way == "central":
        home.write(".config/pdm/config.toml", "[venv]\nin_project = false\n")
    words = ["test"] if way == "named" else []
    before = sorted(os.listdir(shop))
    answer = home.json("create", *words, "--kind=pdm", "--python=3.12", "--yes", cwd=shop)
    assert answer["done"] is True
    key = {"in project": "in-project", "central": "3.12", "named": "test"}[way]
    ((path, item),) = environments(home).items()
    assert (item["kind"], item["project"], item["version"]) == ("pdm", shop, home.version("3.12"))
    ran = home.envtui("run", item["id"], "--", "python", "-c", "import sys; print(sys.prefix)")
    assert ran.stdout.strip() == path
    again = home.envtui("create", *words, "--kind=pdm", "--yes", "--python=3.12", cwd=shop)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)

    pdm(home, shop, "use", "--venv", key)
    assert chosen(shop) == f"{path}/bin/python"
    tree, beside = picture(path), picture(os.path.join(shop, ".pdm-python"))
    removed = home.json("remove", item["id"], "--yes")
    assert not os.path.lexists(path)
    assert not os.path.lexists(f"{shop}/.pdm-python")
    assert keys(home, shop) == {}
    assert environments(home) == {}
    assert home.envtui("undo", str(removed["id"]), "--yes").returncode == 0
    assert (picture(path), picture(os.path.join(shop, ".pdm-python"))) == (tree, beside)
    assert keys(home, shop) == {key: path}
    assert pdm(home, shop, "info", "--python") == f"{path}/bin/python"

    for name in (".pdm-python", ".python-version"):
        os.unlink(os.path.join(shop, name))
    assert home.envtui("undo", str(answer["id"]), "--yes").returncode == 0
    assert environments(home) == {}
    assert sorted(os.listdir(shop)) == before


def test_removing_another_leaves_the_choice(home: Home, shop: str) -> None:
    pdm(home, shop, "use", "-f", home.python("3.12"))
    pdm(home, shop, "venv", "create", "-n", "old", home.python("3.11"))
    assert home.envtui("remove", keys(home, shop)["old"], "--yes").returncode == 0
    assert chosen(shop) == f"{shop}/.venv/bin/python"
    assert list(keys(home, shop)) == ["in-project"]


def test_the_lock_is_installed_from_only_where_it_is_pdms_own(home: Home, shop: str) -> None:
    other = home.write("code/shop/requirements.txt", "")
    words = ("create", "--kind=pdm", "--python=3.12", "--yes", "--from")
    done = home.envtui(*words, other, cwd=shop)
    assert (done.returncode, "pdm.lock" in done.stderr) == (2, True)
    home.write("code/shop/pdm.lock", '[metadata]\ngroups = ["default"]\nlock_version = "4.5.0"\n')
    done = home.envtui(*words, "pdm.lock", cwd=shop)
    assert done.returncode == 0, done.stderr
    assert list(keys(home, shop)) == ["in-project"]
    assert home.envtui("undo", "--yes").returncode == 0
    assert sorted(os.listdir(shop)) == ["pdm.lock", "pyproject.toml", "requirements.txt"]


class TestPins:
    """`.pdm-python` is what PDM goes by; `pdm use` itself empties an environment to make it anew."""

    def test_an_existing_environment_is_chosen_not_made_again(self, home: Home, shop: str) -> None:
        pdm(home, shop, "venv", "create", home.python("3.12"))
        pdm(home, shop, "venv", "create", "-n", "old", home.python("3.11"))
        old = keys(home, shop)["old"]
        before = {path: picture(path) for path in (f"{shop}/.venv", old)}
        assert home.envtui("pin", "3.11", "--yes", cwd=shop).returncode == 0
        assert chosen(shop) == f"{old}/bin/python"
        assert pdm(home, shop, "info", "--python") == f"{old}/bin/python"
        assert home.run("pyenv", "version-name", cwd=shop).stdout.strip() == home.version("3.11")
        assert home.envtui("pin", f"{shop}/.venv", "--yes", cwd=shop).returncode == 0
        assert pdm(home, shop, "info", "--python") == f"{shop}/.venv/bin/python"
        project = home.json("list")["projects"][0]
        pins = {os.path.basename(pin["file"]): pin for pin in project["pins"]}
        assert pins[".pdm-python"]["resolves_to"] == ["pdm:~/code/shop/.venv"]
        assert home.envtui("undo", "--yes").returncode == 0
        assert chosen(shop) == f"{old}/bin/python"
        assert home.envtui("undo", "--yes").returncode == 0
        assert sorted(os.listdir(shop)) == [".venv", "pyproject.toml"]
        changed = {path: picture(path) for path in before}
        assert {p: set(t) for p, t in changed.items()} == {p: set(t) for p, t in before.items()}

    def test_by_the_name_of_an_environment(self, home: Home, shop: str) -> None:
        pdm(home, shop, "venv", "create", "-n", "a", home.python("3.12"))
        pdm(home, shop, "venv", "create", "-n", "b", home.python("3.12"))
        home.write("code/shop/.python-version", "3.11\n")
        for key in ("b", "a"):
            path = keys(home, shop)[key]
            done = home.envtui("pin", os.path.basename(path), "--yes", cwd=shop)
            assert done.returncode == 0, done.stderr
            assert ".python-version still says 3.11" in done.stdout + done.stderr
            assert pdm(home, shop, "info", "--python") == f"{path}/bin/python"

    def test_where_there_is_none_one_is_made(self, home: Home, shop: str) -> None:
        before = sorted(os.listdir(shop))
        done = home.envtui("pin", "3.11", "--yes", cwd=shop)
        assert done.returncode == 0, done.stderr
        assert pdm(home, shop, "info", "--python") == f"{shop}/.venv/bin/python"
        assert environments(home)[f"{shop}/.venv"]["version"] == home.version("3.11")
        assert home.envtui("undo", "--yes").returncode == 0
        assert sorted(os.listdir(shop)) == before

    def test_the_trap_an_environment_is_never_emptied(self, home: Home, shop: str) -> None:
        pdm(home, shop, "use", "-f", home.python("3.12"))
        home.write("code/shop/.venv/mine.txt", "kept")
        before = picture(f"{shop}/.venv")
        done = home.envtui("pin", "3.11", "--yes", cwd=shop)
        assert (done.returncode, "would empty it" in done.stderr) == (2, True), done.stderr
        assert picture(f"{shop}/.venv") == before
        pdm(home, shop, "use", "-f", home.python("3.11"))  # what PDM itself does with it
        assert not os.path.exists(f"{shop}/.venv/mine.txt")

    def test_unpinned_pdm_looks_for_itself(self, home: Home, shop: str) -> None:
        pdm(home, shop, "use", "-f", home.python("3.12"))
        assert home.envtui("unpin", "--yes", cwd=shop).returncode == 0
        assert not os.path.lexists(f"{shop}/.pdm-python")
        assert home.envtui("undo", "--yes").returncode == 0
        assert chosen(shop) == f"{shop}/.venv/bin/python"

    def test_what_cannot_be_pinned_is_refused(self, home: Home, shop: str) -> None:
        for words in (["3.99"], ["3.11", "3.12"], ["nope"], [""]):
            done = home.envtui("pin", *words, "--yes", cwd=shop)
            assert done.returncode == 2, (words, done)
        assert os.listdir(shop) == ["pyproject.toml"]


def test_without_a_project_the_tool_or_a_fit_name(home: Home) -> None:
    project = home.folder("code", "app")
    done = home.envtui("create", "--kind=pdm", "--yes", cwd=project)
    assert (done.returncode, "belongs to a project" in done.stderr) == (2, True), done.stderr
    home.write("code/app/pyproject.toml", PYPROJECT)
    done = home.envtui("create", "--kind=pdm", "--yes", cwd=project)
    assert (done.returncode, "pipx install pdm" in done.stderr) == (4, True), done.stderr
    home.with_tools("pdm")
    for name in ("../up", "a b", "-rf", "$(x)"):
        done = home.envtui("create", "--kind=pdm", "--yes", "--", name, cwd=project)
        assert done.returncode == 2, (name, done)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\0", b"relative/python", b"/nowhere/bin/python"]
)
def test_any_pdm_python(content: bytes, home: Home) -> None:
    path = home.venv("code/app/.venv", "3.12")
    home.write("code/app/.pdm-python", content)
    listing = home.json("list")
    assert [item["path"] for item in listing["environments"]] == [path]
    pins = listing["projects"][0]["pins"]
    known = {"file": home.at("code/app/.pdm-python"), "versions": ["/nowhere/bin/python"]}
    assert pins == ([known | {"resolves_to": [None]}] if b"nowhere" in content else [])


def test_what_cannot_be_read_is_a_warning_beside_the_rest(home: Home, shop: str) -> None:
    from tests.real.test_list import without_privilege

    good = home.venv("code/good/.venv", "3.12")
    os.makedirs(home.at("code/folder/.pdm-python"))
    config = home.write(".config/pdm/config.toml", "[venv\nlocation")
    home.virtualenv(f"{STORE}/gone-AbCdEf12-3.12", "3.12", "--no-seed")
    listing = home.json("list")
    assert {item["path"] for item in listing["environments"]} == {
        good, home.at(STORE, "gone-AbCdEf12-3.12"),
    }  # fmt: skip
    warned = {item["path"] for item in listing["warnings"]}
    assert {config, home.at("code/folder/.pdm-python")} <= warned
    os.chmod(home.at(STORE), 0)
    done = home.run(*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    os.chmod(home.at(STORE), 0o755)
    told = json.loads(done.stdout)
    assert [item["path"] for item in told["environments"]] == [good]
    assert home.at(STORE) in {item["path"] for item in told["warnings"]}


def test_rebuilt_on_another_python_and_brought_back(home: Home, shop: str) -> None:
    pdm(home, shop, "use", "-f", home.python("3.12"))
    path = f"{shop}/.venv"
    before = picture(path)
    done = home.envtui("rebuild", "shop/.venv", "--python=3.11", "--yes")
    assert done.returncode == 0, done.stderr
    assert environments(home)[path]["version"] == home.version("3.11")
    assert pdm(home, shop, "info", "--python") == f"{path}/bin/python"
    assert keys(home, shop) == {"in-project": path}
    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before
    assert pdm(home, shop, "info", "--python") == f"{path}/bin/python"


def test_rebuilt_in_the_store_from_the_lock(home: Home, shop: str) -> None:
    home.write("code/shop/pdm.lock", '[metadata]\ngroups = ["default"]\nlock_version = "4.5.0"\n')
    pdm(home, shop, "venv", "create", "-n", "test", home.python("3.12"))
    path = keys(home, shop)["test"]
    name = os.path.basename(path)
    assert home.envtui("rebuild", name, "--python=3.11", "--yes").returncode == 0
    assert environments(home)[path]["version"] == home.version("3.11")
    assert home.envtui("undo", "--yes").returncode == 0
    assert environments(home)[path]["version"] == home.version("3.12")
    assert not os.path.lexists(f"{shop}/.pdm-python")


def test_a_name_after_a_python_is_not_given_another(home: Home, shop: str) -> None:
    home.write(".config/pdm/config.toml", "[venv]\nin_project = false\n")
    pdm(home, shop, "venv", "create", home.python("3.12"))
    name = os.path.basename(keys(home, shop)["3.12"])
    done = home.envtui("rebuild", name, "--python=3.11", "--yes")
    assert (done.returncode, "named after its Python 3.12" in done.stderr) == (2, True), done.stderr


def test_its_pythons(home: Home) -> None:
    """`pdm python link` is the way to have one without a download."""
    home.with_tools("pdm")
    project, version = home.folder("code"), home.version("3.12")
    pdm(home, project, "python", "link", home.python("3.12"))
    [mine] = [i for i in home.json("list")["interpreters"] if i["version"] == version]
    store = home.at(".local/share/pdm/python")
    assert mine["id"] == f"pyenv:{version}"  # where the files are
    assert [alias for alias in mine["aliases"] if alias.startswith(store)]
    [name] = os.listdir(store)
    os.unlink(f"{store}/{name}")
    os.rename(
        os.path.join(home.pyenv, "versions", version),
        f"{store}/cpython@{version}",
    )
    listed = {item["id"]: item for item in home.json("list")["interpreters"]}
    own = listed[f"pdm:cpython@{version}"]
    assert own["version"] == version
    assert version in pdm(home, project, "python", "list")
    done = home.envtui("run", own["id"], "--", "python", "-c", "import sys; print(sys.prefix)")
    assert done.stdout.strip() == own["prefix"]
    done = home.envtui("remove", own["id"], "--yes")
    assert (done.returncode, "pdm python remove" in done.stderr) == (3, True)
