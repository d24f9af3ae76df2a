"""pyenv-virtualenv: each environment once, whatever its names; the plugin agrees after a change."""

from __future__ import annotations

import json
import os
import shlex
import sys
from typing import Any

import pytest

from tests.homes import Home, picture
from tests.real.test_list import without_privilege

pytestmark = pytest.mark.long


@pytest.fixture
def store(home: Home) -> Home:
    """A home with one environment that the real plugin made."""
    home.run("pyenv", "virtualenv", "--without-pip", home.version("3.12"), "web")
    return home


def bare(home: Home, what: str = "virtualenvs") -> list[str]:
    """What pyenv lists, sorted."""
    return sorted(home.run("pyenv", what, "--bare").stdout.split())


def environments(home: Home) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in home.json("list")["environments"]}


def place(home: Home, minor: str, name: str) -> str:
    return os.path.join(home.pyenv, "versions", home.version(minor), "envs", name)


def test_both_names_are_one_row(store: Home) -> None:
    home = store
    project = home.folder("code", "shop")
    home.write("code/shop/.python-version", "web\n")
    home.write("code/shop/pyproject.toml", "[project]\nname = 'shop'\n")
    os.symlink("web", f"{home.pyenv}/versions/web-too")
    os.symlink(home.version("3.12"), f"{home.pyenv}/versions/3.12")
    found = home.json("list")
    assert [item["id"] for item in found["environments"]] == ["pyenv-virtualenv:web"]
    item = found["environments"][0]
    assert (item["name"], item["path"]) == ("web", place(home, "3.12", "web"))
    assert item["interpreter"] == f"pyenv:{home.version('3.12')}"
    assert (item["project"], item["link"], item["health"]) == (project, "linked", "ok")
    assert not found["warnings"]
    assert sorted(i["id"] for i in found["interpreters"] if i["kind"] == "pyenv") == sorted(
        f"pyenv:{home.version(minor)}" for minor in ("3.11", "3.12")
    )
    (shop,) = found["projects"]
    assert shop["pins"][0]["resolves_to"] == ["pyenv-virtualenv:web"]
    told = home.json("why", cwd=project)
    assert (told["python"], told["decided_by"]["manager"]) == ("pyenv-virtualenv:web", "pyenv")
    assert "pyenv-virtualenv:web" not in [one["python"] for one in told["overruled"]]


def test_a_second_of_the_same_name_goes_by_its_path(store: Home) -> None:
    """`pyenv virtualenv -f` points the short name elsewhere and leaves the old one behind."""
    home = store
    home.run("pyenv", "virtualenv", "-f", "--without-pip", home.version("3.11"), "web")
    found = environments(home)
    old, new = place(home, "3.12", "web"), place(home, "3.11", "web")
    assert {key: item["path"] for key, item in found.items()} == {
        "pyenv-virtualenv:web": new,
        f"pyenv-virtualenv:~{old[len(home.path) :]}": old,
    }
    assert home.envtui("remove", old, "--yes").returncode == 0
    assert os.path.realpath(f"{home.pyenv}/versions/web") == new
    assert list(environments(home)) == ["pyenv-virtualenv:web"]


def test_what_lies_directly_in_versions_and_what_leads_nowhere(home: Home) -> None:
    home.venv(".pyenv/versions/on-system", "3.12")
    outside = home.venv("elsewhere/own", "3.11")
    versions = os.path.join(home.pyenv, "versions")
    os.symlink(outside, f"{versions}/mine")
    os.symlink(place(home, "3.12", "gone"), f"{versions}/gone")
    os.symlink("3.99", f"{versions}/3.98")
    found = home.json("list")
    told = {item["id"]: item["path"] for item in found["environments"]}
    assert told == {
        "pyenv-virtualenv:on-system": f"{versions}/on-system",
        "venv:~/elsewhere/own": outside,
    }
    warned = {item["path"]: item["message"] for item in found["warnings"]}
    assert set(warned) == {f"{versions}/gone", f"{versions}/3.98"}
    assert place(home, "3.12", "gone") in warned[f"{versions}/gone"]


def test_one_is_created_pinned_removed_and_brought_back(home: Home) -> None:
    project = home.folder("code", "shop")
    done = home.json(
        "create", "web", "--kind", "pyenv-virtualenv", "--python", "3.12", "--yes", cwd=project
    )
    assert done["done"] is True
    path, short = place(home, "3.12", "web"), f"{home.pyenv}/versions/web"
    assert bare(home) == [f"{home.version('3.12')}/envs/web", "web"]
    assert home.run("pyenv", "exec", "pip", "--version", variables={"PYENV_VERSION": "web"})
    home.write(".pyenv/versions/web/bin/only-here", "#!/bin/sh\necho here\n")
    os.chmod(f"{path}/bin/only-here", 0o755)
    home.run("pyenv", "rehash")

    assert home.envtui("pin", "pyenv-virtualenv:web", "--yes", cwd=project).returncode == 0
    assert home.run("pyenv", "version-name", cwd=project).stdout == "web\n"
    assert home.envtui("unpin", "--yes", cwd=project).returncode == 0

    before, shims = picture(path), set(os.listdir(f"{home.pyenv}/shims"))
    removed = home.json("remove", "web", "--yes", cwd=project)
    assert bare(home) == []
    assert not os.path.lexists(short)
    left = set(os.listdir(f"{home.pyenv}/shims"))
    assert "only-here" in shims - left
    home.run("pyenv", "rehash")
    assert set(os.listdir(f"{home.pyenv}/shims")) == left
    assert home.json("list")["warnings"] == []
    assert home.envtui("undo", str(removed["id"]), "--yes").returncode == 0
    assert picture(path) == before
    assert bare(home) == [f"{home.version('3.12')}/envs/web", "web"]
    assert set(os.listdir(f"{home.pyenv}/shims")) == shims
    ran = home.run("only-here", variables={"PYENV_VERSION": "web"})
    assert ran.stdout == "here\n"


def test_undoing_a_creation_leaves_nothing_of_it(home: Home) -> None:
    words = ("create", "web", "--kind", "pyenv-virtualenv", "--python", "3.11", "--yes")
    assert home.envtui(*words).returncode == 0
    assert list(environments(home)) == ["pyenv-virtualenv:web"]
    undone = home.envtui("undo", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert (bare(home), environments(home)) == ([], {})
    assert home.json("list")["warnings"] == []


def test_what_the_plugin_refuses_is_refused_before_it_starts(store: Home) -> None:
    home = store
    os.symlink("nowhere", f"{home.pyenv}/versions/taken")
    before = picture(f"{home.pyenv}/versions")
    words = ("web", "taken", "system", "a b", "a/b", "a:b", "-f", "..", "#x", home.version("3.11"))
    for name in words:
        done = home.envtui(
            "create", "--kind=pyenv-virtualenv", "--python=3.12", "--yes", "--", name
        )
        assert done.returncode == 2, (name, done)
        assert "Traceback" not in done.stderr
    assert home.envtui("create", "--kind=pyenv-virtualenv", "--yes").returncode == 2
    assert picture(f"{home.pyenv}/versions") == before


def test_only_the_link_is_removed_where_only_the_link_is_named(store: Home) -> None:
    home = store
    path, short = place(home, "3.12", "web"), f"{home.pyenv}/versions/web"
    assert home.envtui("remove", short, "--yes").returncode == 0
    assert os.path.isdir(path)
    assert not os.path.lexists(short)
    assert home.envtui("undo", "--yes").returncode == 0
    assert os.readlink(short) == path


def test_the_plugins_prompt_hook_leaves_what_envtui_activated(store: Home) -> None:
    home = store
    other = home.folder("code", "other")
    home.write("code/other/.python-version", home.version("3.11") + "\n")
    script = (
        'eval "$(pyenv init - bash)"; eval "$(pyenv virtualenv-init - bash)";'
        f'eval "$(envtui env web --shell bash)"; cd {other}; _pyenv_virtualenv_hook;'
        'echo "$VIRTUAL_ENV"; python -c "import sys; print(sys.prefix)"'
    )
    run = home.run("bash", "--noprofile", "--norc", "-c", script.replace("envtui", program()))
    assert run.stdout.split() == [place(home, "3.12", "web")] * 2, run


def program() -> str:
    """This envtui, as a shell word."""
    return f"{shlex.quote(sys.executable)} -m envtui"


def test_an_unreadable_store_hides_nothing_else(store: Home) -> None:
    shut = f"{store.pyenv}/versions/{store.version('3.12')}/envs"
    os.chmod(shut, 0)
    command = (*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    found = json.loads(store.run(*command).stdout)
    os.chmod(shut, 0o755)
    assert len([item for item in found["interpreters"] if item["kind"] == "pyenv"]) == 2
    assert shut in [item["path"] for item in found["warnings"]]


@pytest.mark.parametrize("minor", ["3.11", "3.12"])
def test_rebuilt_under_its_short_name_and_brought_back(minor: str, store: Home) -> None:
    home, path, short = store, place(store, "3.12", "web"), f"{store.pyenv}/versions/web"
    project = home.folder("code", "shop")
    file = home.write("code/shop/.python-version", "web\n")
    home.write("code/shop/pyproject.toml", "[project]\nname = 'shop'\n")
    before = picture(path)
    done = home.envtui("rebuild", "pyenv-virtualenv:web", "--python", minor, "--yes")
    assert done.returncode == 0, done.stderr
    told = home.run("pyenv", "exec", "python", "-c", "import sys; print(sys.prefix)", cwd=project)
    assert os.path.realpath(told.stdout.strip()) == place(home, minor, "web")
    assert bare(home) == [f"{home.version(minor)}/envs/web", "web"]
    (found,) = environments(home).values()
    assert (found["id"], found["version"]) == ("pyenv-virtualenv:web", home.version(minor))
    with open(file) as stream:
        assert stream.read() == "web\n"
    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before
    assert os.path.realpath(short) == path
    assert bare(home) == [f"{home.version('3.12')}/envs/web", "web"]


def test_a_rebuild_that_can_not_be_changes_nothing(store: Home) -> None:
    home = store
    home.run("pyenv", "virtualenv", "--without-pip", home.version("3.11"), "other")
    os.makedirs(place(home, "3.11", "web"))
    for words, said in (
        (("web", "--python", "3.11"), "exists already"),
        (("web", "--python", "/usr/bin/python3"), "builds on pyenv's Pythons"),
    ):
        done = home.envtui("rebuild", *words, "--yes")
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert f"{home.version('3.12')}/envs/web" in bare(home)
