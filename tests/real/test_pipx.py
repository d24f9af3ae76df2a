"""pipx's environments, with the real pipx as maker and as judge; nothing comes from an index."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

import pytest

from tests import wheels
from tests.homes import Home, picture
from tests.real.test_change import without_inodes
from tests.real.test_list import without_privilege

VENV = ".local/share/pipx/venvs/greeter"


@pytest.fixture
def user(make_home: Callable[..., Home]) -> Home:
    """Somebody who has pipx, and uv, which pipx then uses: it is quick and needs no network."""
    home = make_home().with_tools("pipx", "uv")
    home.variables |= {"UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    return home


def install(home: Home, *options: str) -> None:
    """`pipx install` of the small program."""
    wheel = wheels.greeter(home.path)
    home.run("pipx", "install", "-q", "--python", home.python("3.12"), *options, wheel)


def test_each_application_is_listed_once(user: Home) -> None:
    install(user)
    install(user, "--suffix=_2")
    listing = user.json("list")
    found = {item["id"]: item for item in listing["environments"]}
    assert len(found) == len(listing["environments"])
    assert set(found) == {"pipx:greeter", "pipx:greeter-2"}
    assert listing["warnings"] == []
    for item in found.values():
        assert (item["project"], item["link"], item["health"]) == (None, "none", "ok")
        assert item["interpreter"] == f"pyenv:{user.version('3.12')}"
        assert "greeter 1.0" in " ".join(item["evidence"])
    told = json.loads(user.run("pipx", "list", "--json").stdout)["venvs"]
    assert set(told) == {item["name"] for item in found.values()}


def test_it_goes_with_all_that_it_put_out_and_comes_back_with_it(user: Home) -> None:
    install(user)
    install(user, "--suffix=_2")
    share = user.at(".local/share")
    exposed = [f"{share}/man/man1", f"{share}/bash-completion/completions", user.at(".local/bin")]
    before, beside = picture(user.at(VENV)), [picture(folder) for folder in exposed]
    done = user.envtui("remove", "pipx:greeter", "--yes")
    assert done.returncode == 0, done.stderr
    assert sorted(os.listdir(user.at(".local/bin"))) == ["greet_2", "hail_2", "pipx", "uv"]
    assert not [name for folder in exposed for name in os.listdir(folder) if name == "greet"]
    told = json.loads(user.run("pipx", "list", "--json").stdout)["venvs"]
    assert set(told) == {"greeter-2"}
    assert user.envtui("undo", "--yes").returncode == 0
    assert picture(user.at(VENV)) == before
    again = [picture(folder) for folder in exposed]
    assert [without_inodes(tree) for tree in again] == [without_inodes(tree) for tree in beside]
    told = json.loads(user.run("pipx", "list", "--json").stdout)["venvs"]
    assert set(told) == {"greeter", "greeter-2"}
    assert user.run("greet").stdout == "good day\n"


def test_it_can_be_entered(user: Home) -> None:
    install(user)
    words = ("run", "pipx:greeter", "--", "python", "-c", "import greeter; greeter.main()")
    assert user.envtui(*words).stdout == "good day\n"


def test_making_one_is_pipxs_own_business(user: Home) -> None:
    done = user.envtui("create", "greeter", "--kind=pipx", "--yes")
    assert done.returncode == 2
    assert "pipx install" in done.stderr
    assert not os.path.lexists(user.at(VENV))


@pytest.mark.parametrize("place", ["PIPX_HOME", "old"])
def test_other_homes(place: str, user: Home) -> None:
    """A home that a variable names, inside the roots; and the one of older pipx, if it is there."""
    if place == "old":
        home = user.folder(".local", "pipx")
    else:
        home = user.variables["PIPX_HOME"] = user.at("code", "pipx")
        user.variables["PIPX_BIN_DIR"] = user.at("programs")
    install(user)
    (found,) = user.json("list")["environments"]
    assert (found["id"], found["path"]) == ("pipx:greeter", f"{home}/venvs/greeter")
    assert user.envtui("remove", "pipx:greeter", "--yes").returncode == 0
    programs = user.variables.get("PIPX_BIN_DIR", user.at(".local/bin"))
    assert not os.path.lexists(f"{programs}/greet")


def test_a_home_that_no_variable_names_any_more(user: Home) -> None:
    """Found below the roots, known by its record."""
    user.variables["PIPX_HOME"] = user.at("code", "pipx")
    install(user)
    del user.variables["PIPX_HOME"]
    (found,) = user.json("list")["environments"]
    assert (found["kind"], found["link"]) == ("pipx", "none")


@pytest.mark.parametrize("content", [b'{"main_pa', b"[]", b"{}", b"\xff", b"[" * 200000, None])
def test_a_bad_record_hides_nothing(content: bytes | None, user: Home) -> None:
    install(user)
    record = user.at(VENV, "pipx_metadata.json")
    os.unlink(record)
    if content is not None:
        user.write(f"{VENV}/pipx_metadata.json", content)
    listing = user.json("list")
    assert [item["id"] for item in listing["environments"]] == ["pipx:greeter"]
    assert [item["path"] for item in listing["warnings"]] == [record]


def test_what_may_not_be_read_is_told_and_the_rest_is_listed(user: Home) -> None:
    good = user.venv("code/good/.venv", "3.12")
    store = user.folder(os.path.dirname(VENV))
    os.chmod(store, 0)
    command = (*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    told = json.loads(user.run(*command).stdout)
    assert [item["path"] for item in told["environments"]] == [good]
    assert store in [item["path"] for item in told["warnings"]]


@pytest.mark.long
def test_libraries_that_pipx_shares_are_no_application(user: Home) -> None:
    """With pip as its backend pipx keeps an environment of its own for pip."""
    shared = user.at(".local/share/pipx/shared")
    user.run(user.python("3.12"), "-m", "venv", "--without-pip", shared)
    user.write(f"{os.path.dirname(VENV)}/.nope.lock")
    user.folder(".local/share/pipx/trash/old")
    user.run(
        "uv", "venv", "-q", "-p", user.python("3.12"), user.at(".local/share/pipx/trash/old/x")
    )
    assert user.json("list")["environments"] == []
