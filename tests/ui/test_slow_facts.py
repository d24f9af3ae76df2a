"""Facts about rows that can't be read: the row says why, and all others go on."""

from __future__ import annotations

import os
import threading

import pytest

from envtui import cleaning, verbs
from envtui.actions import KEYS, Scene
from envtui.facts.size import measure_soon
from envtui.host import Host
from envtui.silence import Silence
from envtui.ui import about
from envtui.ui.facts import Facts, Reader, Wish
from tests import mounting
from tests.homes import Home
from tests.ui import made

SOON = 3.0
"""Seconds to answer in; so long does no disk take that does, on a machine with much to do either."""


class Read:
    """What a reader has read."""

    def __init__(self) -> None:
        self.facts: dict[str, dict[str, object]] = {}
        self.come = threading.Condition()

    def __call__(self, field: str, values: dict[str, object]) -> None:
        with self.come:
            for row, value in values.items():
                self.facts.setdefault(row, {})[field] = value
            self.come.notify()

    def wait(self, row: str, field: str) -> object:
        with self.come:
            assert self.come.wait_for(lambda: field in self.facts.get(row, {}), 45), self.facts
        return self.facts[row][field]


def fail(error: Exception) -> None:
    raise error


def test_a_disk_that_hangs_costs_its_own_rows_only(in_home: Home) -> None:
    for name in ("a/far/one", "a/far/two", "near"):
        in_home.write(f"code/{name}/pyproject.toml", "[project]\nname = 'x'\n")
        in_home.venv(f"code/{name}/.venv", "3.12")
    host, read = Host(), Read()
    found = verbs.scan(host)
    one, two, near = found.environments
    with mounting.silent(in_home.at("code/a/far")):
        reader = Reader(host, read, fail, soon=SOON)
        reader.want(Wish(near, found))
        reader.survey([one, two, near], [one, two, near])
        assert read.wait(near.id, "size")
        assert read.wait(one.id, "silent") == "its disk does not answer"
        assert read.wait(near.id, "last_used")
        # All on that disk is known by the first of it, and a cursor there waits for nothing.
        reader.want(Wish(two, found))
        assert read.wait(two.id, "silent") == "its disk does not answer"
        reader.want(Wish(near, found))
        assert read.wait(near.id, "packages") is not None
        assert "size" not in read.facts.get(two.id, {})
        reader.end()


def test_clean_suggests_nothing_of_a_disk_that_hangs(in_home: Home) -> None:
    for name in ("far/one", "far/two", "near"):
        prefix = in_home.venv(f"code/{name}/.venv", "3.12")
        for top, folders, files in os.walk(prefix):
            for one in (*folders, *files, "."):
                os.utime(os.path.join(top, one), (10**9, 10**9), follow_symlinks=False)
    host = Host()
    found, silence = verbs.scan(host), Silence(host, soon=SOON)
    with mounting.silent(in_home.at("code/far")) as mount:
        offered = cleaning.suggestions(host, found, silence=silence)
        assert [one.item.id for one in offered if one.item.kind == "venv"] == [
            "venv:~/code/near/.venv"
        ]
        assert silence.reasons == {mount: "its disk does not answer"}


def test_a_tree_that_is_too_big_is_left_at_its_time(tmp_path: os.PathLike[str]) -> None:
    for folder in range(100):
        os.makedirs(os.path.join(tmp_path, f"{folder}"))
        for name in range(30):
            os.mkdir(os.path.join(tmp_path, f"{folder}", f"{name}"))
    with pytest.raises(TimeoutError, match="takes longer than 0 seconds"):
        measure_soon(str(tmp_path), seconds=0)
    assert measure_soon(str(tmp_path)) is not None


def test_the_detail_says_what_is_not_known() -> None:
    inventory = made.inventory()
    row = inventory.environments[0]
    facts = Facts(silent="its disk does not answer", unseen="3 of yours")
    scene = Scene("environments", row, inventory, (), None, KEYS)
    lines = about.lines("Overview", scene, facts, made.host(), 60)
    text = "\n".join("".join(text for text, _ in line).strip() for line in lines)
    assert "not known: its disk does not answer" in text
    assert "perhaps by processes that can't be looked into:" in text
    assert "3 of yours" in text
