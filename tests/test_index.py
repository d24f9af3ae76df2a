"""The memory of the last scan: what is read back, and what becomes of a file that is not as it was."""

from __future__ import annotations

import os
import sys

import pytest

from envtui import index, places, verbs
from envtui.host import Host
from tests.homes import Home


@pytest.fixture
def scanned(in_home: Home) -> Home:
    """A home with one environment, as a scan has seen and remembered it."""
    python = os.path.join(in_home.pyenv, "versions", os.listdir(f"{in_home.pyenv}/versions")[0])
    in_home.run(f"{python}/bin/python", "-m", "venv", "--without-pip", in_home.at("code/api/.venv"))
    verbs.scan(Host())
    return in_home


def test_what_was_found_is_remembered(scanned: Home) -> None:
    found = index.remembered(Host())
    assert found == verbs.scan(Host())
    assert [e.path for e in found.environments] == [scanned.at("code/api/.venv")]


@pytest.mark.parametrize("damage", ["", "cut", "flipped", "garbage"])
def test_a_damaged_memory_is_put_aside_and_told_once(scanned: Home, damage: str) -> None:
    path = places.cache("index")
    with open(path, "rb") as file:
        content = file.read()
    damaged = {
        "": b"",
        "cut": content[:-5],
        "flipped": content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        "garbage": os.urandom(200),
    }[damage]
    with open(path, "wb") as file:
        file.write(damaged)
    assert index.remembered(Host()) is None
    first, second = scanned.json("list"), scanned.json("list")
    assert [w["path"] for w in first["warnings"]] == [path]
    assert second["warnings"] == []
    assert first["environments"] == second["environments"] != []
    with open(path + ".damaged", "rb") as file:
        assert file.read() == damaged


def test_a_directory_in_place_of_the_memory_is_put_aside(scanned: Home) -> None:
    path = scanned.at(".cache/envtui/index")
    os.unlink(path)
    os.makedirs(f"{path}/in it")
    done = scanned.envtui("list")
    assert done.returncode == 0
    assert "api/.venv" in done.stdout
    assert "what was remembered can't be read: Is a directory; put aside" in done.stderr
    assert os.listdir(path + ".damaged") == ["in it"]
    assert os.path.isfile(path)


def test_another_versions_memory_is_replaced_without_a_word(
    scanned: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version", "3.99 (of tomorrow)")
    assert index.remembered(Host()) is None
    assert verbs.scan(Host()).notices == ()
    assert index.remembered(Host()) is not None


def test_a_home_that_moved_is_not_remembered(
    scanned: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = scanned.path + "-moved"
    os.rename(scanned.path, moved)
    monkeypatch.setenv("HOME", moved)
    monkeypatch.chdir(moved)
    assert index.remembered(Host()) is None
    found = verbs.scan(Host())
    assert [e.path for e in found.environments] == [f"{moved}/code/api/.venv"]


def test_facts_hold_until_a_package_comes_into_the_prefix(scanned: Home) -> None:
    prefix = scanned.at("code/api/.venv")
    index.keep(Host(), {prefix: {"size": 4711}, scanned.at("nothing"): {"size": 1}})
    index.keep(Host(), {prefix: {"packages": 3}})
    assert index.recall(Host())[prefix] == {"size": 4711, "packages": 3}
    library = os.listdir(f"{prefix}/lib")[0]
    os.mkdir(f"{prefix}/lib/{library}/site-packages/new-1.dist-info")
    assert prefix not in index.recall(Host())


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(scanned: Home) -> None:
    os.unlink(places.cache("index"))
    os.rmdir(places.cache())
    with open(places.cache(), "w"):
        pass
    assert len(scanned.json("list")["environments"]) == 1
