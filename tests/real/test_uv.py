"""uv's environments, Pythons, tools and pins, with the real uv as maker and as judge; offline."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tarfile
from collections.abc import Callable
from typing import Any

import pytest

from tests import tools, wheels
from tests.homes import Home, picture
from tests.real.realhome import PYPROJECT, edit
from tests.real.test_change import without_inodes
from tests.real.test_list import without_privilege

CENTRAL = ("--preview-features", "centralized-project-envs")
SCRIPT = "# /// script\n# dependencies = []\n# ///\nimport sys; print(sys.prefix)\n"
KEY = "cpython-{version}-linux-x86_64-gnu"


@pytest.fixture
def user(make_home: Callable[..., Home]) -> Home:
    """Somebody who has uv and works without a network."""
    home = make_home().with_tools("uv")
    home.variables |= {"UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    return home


def project(home: Home, extra: str = "", requires: str = ">=3.11") -> str:
    """A locked project of uv's."""
    declared = PYPROJECT.format(name="shop").replace(">=3.11", requires)
    place = os.path.dirname(home.write("code/shop/pyproject.toml", declared + extra))
    home.run("uv", "lock", "-q", "-p", home.python("3.12"), cwd=place)
    return place


def environments(home: Home, **options: Any) -> dict[str, dict[str, Any]]:
    """What is listed, by its real path; each once."""
    listed = home.json("list", **options)["environments"]
    found = {os.path.realpath(item["path"]): item for item in listed}
    assert len(found) == len(listed)
    return found


def asked(home: Home, place: str) -> str:
    """The environment that uv itself would use in a directory; where there is none, its base."""
    done = home.run("uv", "python", "find", cwd=place, check=False)
    return os.path.dirname(os.path.dirname(done.stdout.strip()))


def test_an_environment_is_created_removed_and_brought_back(user: Home) -> None:
    place = project(user)
    assert user.envtui("create", "--kind=uv", "--python=3.12", "--yes", cwd=place).returncode == 0
    path = f"{place}/.venv"
    found = environments(user)[path]
    version = user.version("3.12")
    assert (found["kind"], found["version"], found["name"]) == ("uv", version, "shop/.venv")
    assert (found["project"], found["link"], found["health"]) == (place, "linked", "ok")
    assert found["interpreter"] == f"pyenv:{version}"
    assert asked(user, place) == path
    ran = user.envtui("run", path, "--", "python", "-c", "import sys; print(sys.prefix)")
    assert ran.stdout.strip() == path
    before = picture(path)
    assert user.envtui("remove", path, "--yes").returncode == 0
    assert asked(user, place) != path
    assert environments(user) == {}
    assert user.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before
    assert asked(user, place) == path
    assert environments(user)[path] == found


def test_a_lock_fills_what_is_created(user: Home) -> None:
    wheel = wheels.greeter(user.path)
    place = project(
        user,
        f'dependencies = ["greeter"]\n[tool.uv.sources]\ngreeter = {{ path = "{wheel}" }}\n',
    )
    before = picture(place)
    words = ("create", "--kind=uv", "--python=3.12", "--from=uv.lock", "--yes")
    done = user.envtui(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    assert user.run(f"{place}/.venv/bin/greet").stdout == "good day\n"
    user.run("uv", "sync", "--frozen", "--check", cwd=place)
    assert user.envtui("undo", "--yes").returncode == 0
    assert without_inodes(picture(place)) == without_inodes(before)


def test_a_lock_is_installed_into_what_was_asked_for(user: Home) -> None:
    """Neither a pin nor a variable makes uv throw it away and take another Python or place."""
    place = project(user)
    user.write("code/shop/.python-version", "3.11\n")
    user.variables["UV_PROJECT_ENVIRONMENT"] = user.at("elsewhere")
    words = ("create", "--kind=uv", "--python=3.12", "--from=uv.lock", "--yes")
    done = user.envtui(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    assert environments(user)[f"{place}/.venv"]["version"] == user.version("3.12")
    assert not os.path.lexists(user.at("elsewhere"))


def test_a_requirements_file_is_installed_without_pip(user: Home) -> None:
    user.write("code/app/requirements.txt", wheels.greeter(user.path))
    place = user.at("code/app")
    words = ("create", "--kind=uv", "--python=3.12", "--from=requirements.txt", "--yes")
    assert user.envtui(*words, cwd=place).returncode == 0
    assert user.run(f"{place}/.venv/bin/greet").stdout == "good day\n"


def test_a_lock_is_not_installed_on_a_python_that_the_project_excludes(user: Home) -> None:
    place = project(user, requires=">=3.12")
    words = ("create", "--kind=uv", "--python=3.11", "--from=uv.lock", "--yes")
    done = user.envtui(*words, cwd=place)
    assert done.returncode == 2
    assert ">=3.12" in done.stderr
    assert not os.path.lexists(f"{place}/.venv")


@pytest.mark.parametrize("there", ["environment", "folder", "file", "link"])
def test_nothing_that_is_there_is_overwritten(there: str, user: Home) -> None:
    """Not even where uv's own variable says to clear it."""
    place = user.folder("code", "shop")
    path = f"{place}/.venv"
    if there == "environment":
        user.run("uv", "venv", "-q", "-p", user.python("3.12"), path)
    elif there == "folder":
        user.write("code/shop/.venv/mine.txt", "mine\n")
    elif there == "file":
        user.write("code/shop/.venv", "mine\n")
    else:
        os.symlink("nowhere", path)
    before = picture(place)
    words = ("create", "--kind=uv", "--python=3.12", "--yes")
    done = user.envtui(*words, cwd=place, variables={"UV_VENV_CLEAR": "1"})
    assert done.returncode == 2
    assert path in done.stderr
    assert picture(place) == before


class TestInTheCache:
    """Environments that lie in uv's cache, with a link in the project."""

    @pytest.fixture
    def place(self, user: Home) -> str:
        where = project(user)
        user.run("uv", "sync", "-q", "--frozen", "-p", user.python("3.12"), *CENTRAL, cwd=where)
        assert os.path.islink(f"{where}/.venv")
        return where

    def test_each_is_listed_once_with_what_it_belongs_to(self, user: Home, place: str) -> None:
        user.write("code/shop/clean.py", SCRIPT)
        ran = user.run("uv", "run", "-q", "-p", user.python("3.12"), "clean.py", cwd=place)
        found = environments(user)
        central, script = os.path.realpath(f"{place}/.venv"), ran.stdout.strip()
        assert set(found) == {central, script}
        assert found[central]["id"] == f"uv:{os.path.basename(central)}"
        assert (found[central]["project"], found[central]["link"]) == (place, "linked")
        assert (found[script]["project"], found[script]["link"]) == (None, "none")
        assert {item["kind"] for item in found.values()} == {"uv"}

    @pytest.mark.parametrize("by_link", [True, False])
    def test_it_goes_with_its_link_and_comes_back_with_it(
        self, by_link: bool, user: Home, place: str
    ) -> None:
        central = os.path.realpath(f"{place}/.venv")
        before, beside = picture(central), picture(place)
        word = f"{place}/.venv" if by_link else central
        done = user.envtui("remove", word, "--yes")
        assert done.returncode == 0, done.stderr
        assert not os.path.lexists(f"{place}/.venv")
        assert not os.path.lexists(central)
        assert asked(user, place) != f"{place}/.venv"
        assert user.envtui("undo", "--yes").returncode == 0
        assert picture(central) == before
        assert without_inodes(picture(place)) == without_inodes(beside)
        assert asked(user, place) == f"{place}/.venv"

    def test_without_its_link_it_is_a_project_that_nobody_knows(
        self, user: Home, place: str
    ) -> None:
        os.unlink(f"{place}/.venv")
        (found,) = environments(user).values()
        assert (found["project"], found["link"]) == (None, "unmapped")

    def test_another_python_gets_another_place_which_uv_chooses(
        self, user: Home, place: str
    ) -> None:
        before = os.readlink(f"{place}/.venv")
        done = user.envtui("rebuild", before, "--python=3.11", "--yes", cwd=place)
        assert done.returncode == 2
        assert "uv sync" in done.stderr
        assert os.readlink(f"{place}/.venv") == before

    def test_a_cleaned_cache_leaves_a_list(self, user: Home, place: str) -> None:
        user.run("uv", "cache", "clean", "-q")
        assert os.path.islink(f"{place}/.venv")
        assert environments(user) == {}

    def test_a_file_leads_there_as_a_link_would(self, user: Home, place: str) -> None:
        central = os.path.realpath(f"{place}/.venv")
        os.unlink(f"{place}/.venv")
        user.write("code/shop/.venv", central + "\n")
        assert asked(user, place) == central
        found = environments(user)[central]
        assert (found["project"], found["link"]) == (place, "linked")
        beside = picture(place)
        assert user.envtui("remove", f"{place}/.venv", "--yes").returncode == 0
        assert not os.path.lexists(f"{place}/.venv")
        assert not os.path.lexists(central)
        assert user.envtui("undo", "--yes").returncode == 0
        assert without_inodes(picture(place)) == without_inodes(beside)

    def test_another_cache_is_found_where_the_user_keeps_it(self, user: Home) -> None:
        user.write(".config/uv/uv.toml", f'cache-dir = "{user.at("elsewhere")}"\n')
        where = project(user)
        user.run("uv", "sync", "-q", "--frozen", "-p", user.python("3.12"), *CENTRAL, cwd=where)
        (real,) = environments(user)
        assert real.startswith(user.at("elsewhere"))


@pytest.mark.parametrize("content", ["", "nowhere\n", "\0\n", "../..\n", b"\xff\xfe\n"])
def test_a_file_that_names_nothing_is_told_and_the_rest_is_listed(
    content: str | bytes, user: Home
) -> None:
    good = user.venv("code/good/.venv", "3.12")
    file = user.write("code/shop/.venv", content)
    listing = user.json("list")
    assert [item["path"] for item in listing["environments"]] == [good]
    assert file in [item["path"] for item in listing["warnings"]]


@pytest.mark.parametrize("inside", [True, False])
def test_a_place_that_a_variable_names(inside: bool, user: Home) -> None:
    place = project(user)
    user.variables["UV_PROJECT_ENVIRONMENT"] = ".cache/env" if inside else user.at(".cache/env")
    user.run("uv", "sync", "-q", "--frozen", "-p", user.python("3.12"), cwd=place)
    found = environments(user, cwd=place)
    path = os.path.join(place, ".cache/env") if inside else user.at(".cache/env")
    assert found[path]["project"] == place
    assert "UV_PROJECT_ENVIRONMENT" in " ".join(found[path]["evidence"])


class TestPins:
    """`.python-version` in a project of uv's."""

    def told(self, home: Home, place: str) -> str:
        return home.run("uv", "python", "find", "--no-project", cwd=place).stdout.strip()

    def test_uv_takes_what_was_pinned_and_undo_gives_back_what_was(self, user: Home) -> None:
        place = project(user)
        before = picture(place)
        assert user.envtui("pin", "3.11", "--yes", cwd=place).returncode == 0
        shown = user.run("uv", "python", "pin", cwd=place).stdout.strip()
        assert shown == "3.11"
        (item,) = user.json("list")["projects"]
        (pin,) = item["pins"]
        assert (pin["versions"], pin["resolves_to"]) == (
            ["3.11"],
            [f"pyenv:{user.version('3.11')}"],
        )
        assert (item["managers"], item["lock"]) == (["uv"], "uv.lock")
        assert user.envtui("undo", "--yes").returncode == 0
        assert without_inodes(picture(place)) == without_inodes(before)

    def test_what_uv_would_drop_stays(self, user: Home) -> None:
        place = project(user)
        file = user.write("code/shop/.python-version", "# servers have it\n3.12\n3.11\n")
        assert user.envtui("pin", "3.13", "--yes", cwd=place).returncode == 0
        with open(file) as opened:
            assert opened.read() == "# servers have it\n3.13\n3.11\n"
        assert user.run("uv", "python", "pin", cwd=place).stdout.split()[-1] == "3.11"
        assert user.json("list")["projects"][0]["pins"][0]["versions"] == ["3.13"]

    def test_what_the_project_excludes_or_nobody_has_is_refused(self, user: Home) -> None:
        place = project(user, requires=">=3.12,<3.13")
        for word, because in (("3.11", ">=3.12"), ("3.13", "<3.13"), ("3.99", "3.99"), ("x", "x")):
            done = user.envtui("pin", word, "--yes", cwd=place)
            assert done.returncode == 2, done
            assert because in done.stderr
        assert not os.path.lexists(f"{place}/.python-version")

    def test_unpinned_is_as_uv_has_it(self, user: Home) -> None:
        place = project(user)
        file = user.write("code/shop/.python-version", "3.11\n")
        assert user.envtui("unpin", "--yes", cwd=place).returncode == 0
        assert not os.path.lexists(file)
        assert user.run("uv", "python", "pin", cwd=place, check=False).returncode == 2
        assert user.envtui("undo", "--yes").returncode == 0
        assert user.run("uv", "python", "pin", cwd=place).stdout.strip() == "3.11"


class TestTools:
    """What `uv tool install` made."""

    @pytest.fixture
    def tool(self, user: Home) -> str:
        wheel = wheels.greeter(user.path)
        user.run("uv", "tool", "install", "-q", "-p", user.python("3.12"), wheel)
        return user.at(".local/share/uv/tools/greeter")

    def test_it_is_listed_once_and_never_lost(self, user: Home, tool: str) -> None:
        (found,) = environments(user).values()
        assert (found["id"], found["path"]) == ("uv-tool:greeter", tool)
        assert (found["project"], found["link"], found["health"]) == (None, "none", "ok")

    def test_it_goes_with_its_commands_and_comes_back_with_them(
        self, user: Home, tool: str
    ) -> None:
        before, programs = picture(tool), picture(user.at(".local/bin"))
        done = user.envtui("remove", "uv-tool:greeter", "--yes")
        assert done.returncode == 0, done.stderr
        assert os.listdir(user.at(".local/bin")) == ["uv"]
        assert "greeter" not in user.run("uv", "tool", "list").stdout
        assert user.envtui("undo", "--yes").returncode == 0
        assert picture(tool) == before
        assert without_inodes(picture(user.at(".local/bin"))) == without_inodes(programs)
        assert "greeter v1.0" in user.run("uv", "tool", "list").stdout
        assert user.run("greet").stdout == "good day\n"

    def test_commands_in_a_folder_that_only_the_receipt_knows_go_too(
        self, user: Home, tool: str
    ) -> None:
        wheel, elsewhere = wheels.greeter(user.path), user.at("commands")
        words = ("uv", "tool", "install", "-q", "--force", "-p", user.python("3.12"), wheel)
        user.run(*words, variables={"UV_TOOL_BIN_DIR": elsewhere})
        assert sorted(os.listdir(elsewhere)) == ["greet", "hail"]
        assert user.envtui("remove", tool, "--yes").returncode == 0
        assert os.listdir(elsewhere) == []

    @pytest.mark.parametrize("content", [b"[tool\n", b"", b"tool = 3\n", b"\xff", None])
    def test_a_bad_receipt_hides_nothing(
        self, content: bytes | None, user: Home, tool: str
    ) -> None:
        os.unlink(f"{tool}/uv-receipt.toml")
        if content is not None:
            user.write(".local/share/uv/tools/greeter/uv-receipt.toml", content)
        listing = user.json("list")
        assert [item["id"] for item in listing["environments"]] == ["uv-tool:greeter"]
        assert [item["path"] for item in listing["warnings"]] == [f"{tool}/uv-receipt.toml"]
        assert user.envtui("remove", tool, "--yes").returncode == 0
        assert os.listdir(user.at(".local/bin")) == ["uv"]

    def test_making_one_is_uvs_own_business(self, user: Home) -> None:
        done = user.envtui("create", "greeter", "--kind=uv-tool", "--yes")
        assert done.returncode == 2
        assert "uv tool install" in done.stderr


@pytest.fixture(scope="session")
def download(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables by which uv "downloads" a Python that is one of pyenv's, from a file."""
    folder = str(tmp_path_factory.mktemp("download"))
    version = next(v for v in tools.installed_versions() if v.startswith("3.12."))
    source = os.path.join(tools.machine_pyenv(), "versions", version)
    archive = os.path.join(folder, f"cpython-{version}.tar.gz")
    skipped = ("/test", "/idlelib", "/tkinter", "/ensurepip", "/site-packages", "/__pycache__")

    def chosen(item: tarfile.TarInfo) -> tarfile.TarInfo | None:
        unwanted = item.name.endswith(skipped) or "/config-" in item.name
        return None if unwanted or item.name.endswith(".a") else item

    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        for part in ("bin", "include", "lib/python3.12"):
            tar.add(os.path.join(source, part), f"python/{part}", filter=chosen)
    with open(archive, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    entry = {
        "name": "cpython", "arch": {"family": "x86_64", "variant": None}, "os": "linux",
        "libc": "gnu", "major": 3, "minor": 12, "patch": int(version.split(".")[2]),
        "prerelease": "", "url": f"file://{archive}", "sha256": digest, "variant": None,
        "build": "20240107",
    }  # fmt: skip
    listing = os.path.join(folder, "downloads.json")
    newer = {**entry, "patch": entry["patch"] + 1}
    offered = {KEY.format(version=version): entry, KEY.format(version=following(version)): newer}
    with open(listing, "w") as file:
        json.dump(offered, file)
    return {"UV_PYTHON_DOWNLOADS_JSON_URL": listing, "UV_OFFLINE": "0"}


def following(version: str) -> str:
    """The next patch; of the same archive, for there is nothing newer on this machine."""
    minor, _, patch = version.rpartition(".")
    return f"{minor}.{int(patch) + 1}"


def without_pyenv(home: Home) -> None:
    """What somebody has who only ever used uv."""
    home.pyenv = home.variables["PYENV_ROOT"] = home.at("no-pyenv")
    home.variables["PATH"] = home.at(".local/bin") + ":/usr/bin:/bin"


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the archive is made for Linux")
class TestPythons:
    """Interpreters that uv installed."""

    @pytest.fixture
    def name(self, user: Home, download: dict[str, str]) -> str:
        user.variables |= download | {"UV_PYTHON_DOWNLOADS": "manual"}
        user.run("uv", "python", "install", user.version("3.12"))
        return KEY.format(version=user.version("3.12"))

    def test_one_row_with_all_its_names(self, user: Home, name: str) -> None:
        store = user.at(".local/share/uv/python")
        (found,) = [i for i in user.json("list")["interpreters"] if i["kind"] == "uv"]
        assert (found["id"], found["version"]) == (f"uv:{name}", user.version("3.12"))
        assert found["prefix"] == f"{store}/{name}"
        minor = KEY.format(version="3.12")
        assert {f"{store}/{minor}", user.at(".local/bin/python3.12")} <= set(found["aliases"])
        told = user.run(found["path"], "-c", "import sys; print(sys.prefix)").stdout.strip()
        assert told == found["prefix"]

    def test_what_stands_on_the_link_of_its_minor_depends_on_it(
        self, user: Home, name: str
    ) -> None:
        path = user.at("code/app/.venv")
        user.run("uv", "venv", "-q", "--managed-python", path)
        found = environments(user)[path]
        assert (found["interpreter"], found["health"]) == (f"uv:{name}", "ok")
        assert found["version"] == user.version("3.12")
        (base,) = [i for i in user.json("list")["interpreters"] if i["kind"] == "uv"]
        assert base["dependents"] == 1
        for verb in ("remove", "uninstall"):
            done = user.envtui(verb, f"uv:{name}", "--yes")
            assert done.returncode == 3
            assert "code/app/.venv" in done.stderr

    def test_it_is_switched_to_and_built_on(self, user: Home, name: str) -> None:
        ran = user.envtui(
            "run", f"uv:{name}", "--", "python3", "-c", "import sys; print(sys.prefix)"
        )
        assert ran.stdout.strip() == user.at(".local/share/uv/python", name)
        place = user.folder("code", "app")
        words = ("create", "--kind=uv", f"--python=uv:{name}", "--yes")
        assert user.envtui(*words, cwd=place).returncode == 0
        assert environments(user)[f"{place}/.venv"]["interpreter"] == f"uv:{name}"

    def test_a_pin_of_a_python_that_only_uv_has(self, user: Home, name: str) -> None:
        without_pyenv(user)
        user.write("code/shop/pyproject.toml", PYPROJECT.format(name="shop") + "[tool.uv]\n")
        place = user.at("code/shop")
        assert user.envtui("pin", "3.12", "--yes", cwd=place).returncode == 0
        (pin,) = user.json("list")["projects"][0]["pins"]
        assert pin["resolves_to"] == [f"uv:{name}"]
        decided = user.json("why", cwd=place)
        assert (decided["python"], decided["decided_by"]["manager"]) == (f"uv:{name}", "uv")
        found = user.run("uv", "python", "find", cwd=place).stdout.strip()
        assert os.path.realpath(found) == os.path.realpath(decided["path"])
        assert user.envtui("create", "--kind=uv", "--yes", cwd=place).returncode == 0
        assert environments(user)[f"{place}/.venv"]["interpreter"] == f"uv:{name}"

    def test_it_goes_with_its_links_and_comes_back_with_them(self, user: Home, name: str) -> None:
        store, programs = user.at(".local/share/uv/python"), user.at(".local/bin")
        before, beside = picture(f"{store}/{name}"), picture(programs)
        told = user.run("uv", "python", "list", "--only-installed").stdout
        done = user.envtui("uninstall", f"uv:{name}", "--yes")
        assert done.returncode == 0, done.stderr
        assert sorted(os.listdir(programs)) == ["uv"]
        assert [entry for entry in os.listdir(store) if entry.startswith("cpython")] == []
        assert name not in user.run("uv", "python", "list", "--only-installed").stdout
        assert user.envtui("undo", "--yes").returncode == 0
        assert picture(f"{store}/{name}") == before
        assert without_inodes(picture(programs)) == without_inodes(beside)
        assert user.run("uv", "python", "list", "--only-installed").stdout == told

    def test_one_is_installed_and_taken_back(self, user: Home, download: dict[str, str]) -> None:
        user.variables |= download | {"UV_PYTHON_DOWNLOADS": "manual"}
        version, store = user.version("3.12"), user.at(".local/share/uv/python")
        without_pyenv(user)
        done = user.envtui("install", version, "--yes")
        assert done.returncode == 0, done.stderr
        name, minor = KEY.format(version=version), KEY.format(version="3.12")
        assert {name, minor} <= set(os.listdir(store))
        again = user.envtui("install", "3.12", "--yes")
        assert again.returncode == 3
        assert "already" in again.stderr
        # A newer one moves the link of the minor; its undo moves it back.
        newer = KEY.format(version=following(version))
        assert user.envtui("install", following(version), "--yes").returncode == 0
        assert os.path.realpath(f"{store}/{minor}") == f"{store}/{newer}"
        assert user.envtui("undo", "--yes").returncode == 0
        assert os.path.realpath(f"{store}/{minor}") == f"{store}/{name}"
        assert not os.path.lexists(f"{store}/{newer}")
        assert user.envtui("undo", "--yes").returncode == 0
        assert [entry for entry in os.listdir(store) if entry.startswith("cpython")] == []

    @pytest.mark.parametrize(("word", "code"), [("9.9.9", 5), ("x", 2), ("-3", 2), ("../3.12", 2)])
    def test_what_uv_does_not_have_is_not_installed(
        self, word: str, code: int, user: Home, download: dict[str, str]
    ) -> None:
        user.variables |= download | {"UV_PYTHON_DOWNLOADS": "manual"}
        without_pyenv(user)
        done = user.envtui("install", "--yes", "--", word)
        assert done.returncode == code, done
        assert [i for i in user.json("list")["interpreters"] if i["kind"] == "uv"] == []

    def test_an_installation_without_its_python_is_told(self, user: Home, name: str) -> None:
        store = user.at(".local/share/uv/python")
        shutil.rmtree(f"{store}/{name}/bin")
        listing = user.json("list")
        assert "uv" not in {item["kind"] for item in listing["interpreters"]}
        assert f"{store}/{name}" in [item["path"] for item in listing["warnings"]]


def test_what_may_not_be_read_is_told_and_the_rest_is_listed(user: Home) -> None:
    good = user.venv("code/good/.venv", "3.12")
    stores = [user.folder(".local/share/uv/python"), user.folder(".local/share/uv/tools")]
    stores += [user.folder(".cache/uv/environments-v2")]
    for path in stores:
        os.chmod(path, 0)
    command = (*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    told = json.loads(user.run(*command).stdout)
    assert [item["path"] for item in told["environments"]] == [good]
    assert {item["path"] for item in told["warnings"]} >= set(stores)


def test_stores_that_are_files_and_environments_that_are_garbled(user: Home) -> None:
    user.write(".local/share/uv/python", "a file\n")
    user.write(".local/share/uv/tools", "a file\n")
    place = project(user)
    user.run("uv", "sync", "-q", "--frozen", "-p", user.python("3.12"), *CENTRAL, cwd=place)
    central = os.path.realpath(f"{place}/.venv")
    edit(f"{central}/pyvenv.cfg", "home", "hom")
    listing = user.json("list")
    (found,) = listing["environments"]
    assert (found["kind"], found["health"], found["project"]) == ("uv", "unreadable", place)
    warned = {item["path"] for item in listing["warnings"]}
    assert {user.at(".local/share/uv/python"), user.at(".local/share/uv/tools")} <= warned


def test_another_python_for_a_project(user: Home) -> None:
    user.write("code/shop/.python-version", "3.12\n")
    wheel = wheels.greeter(user.path)
    place = project(
        user,
        f'dependencies = ["greeter"]\n[tool.uv.sources]\ngreeter = {{ path = "{wheel}" }}\n',
    )
    user.run("uv", "sync", "-q", "--frozen", "-p", user.python("3.12"), cwd=place)
    before = picture(f"{place}/.venv")
    done = user.envtui("rebuild", f"{place}/.venv", "--python=3.11", "--yes", cwd=place)
    assert done.returncode == 0, done.stderr
    assert environments(user)[f"{place}/.venv"]["version"] == user.version("3.11")
    assert user.run(f"{place}/.venv/bin/greet").stdout == "good day\n"
    # The pin goes along: by the old one, uv would throw the new environment away.
    user.run("uv", "sync", "--frozen", "--check", cwd=place)
    user.run("uv", "sync", "-q", "--frozen", cwd=place)
    assert environments(user)[f"{place}/.venv"]["version"] == user.version("3.11")
    assert user.envtui("undo", "--yes").returncode == 0
    assert picture(f"{place}/.venv") == before
    assert user.run("uv", "python", "pin", cwd=place).stdout.strip() == "3.12"
