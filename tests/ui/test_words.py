"""The screen's own words: what the command line calls an option is a field here."""

from __future__ import annotations

import ast
import glob
import os
import pathlib
import re
import threading
from collections.abc import Callable

import pytest

from envtui import naming
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Overruled
from envtui.plan import Write
from envtui.ui import headline, proposal, words
from envtui.ui.jobs import Job
from tests.tools import CHECKOUT
from tests.ui import made
from tests.ui.driving import Driver, drive

COMMAND_LINE = {
    *("arriving", "changing", "cli", "commands", "completing", "naming", "reading", "survey"),
    *("switching", "taking_back", "tidying"),
}
OPTION = re.compile(r"(?<![\w/-])--[a-z]+")


def test_options_are_fields_and_commands_stay() -> None:
    def told(text: str) -> str:
        return words.told(made.host(), text)

    assert told(f"--project {made.HOME}/x: there is no such directory") == (
        "Project ~/x: there is no such directory"
    )
    assert told("belongs to a project: --project DIR says which") == (
        "belongs to a project: Project says which"
    )
    assert told("choose another --python") == "choose another Python"
    kept = "`envtui trash restore 1-1 --to PATH`; `uv sync --frozen`; /a/--kind; a--from"
    assert told(kept) == kept


def test_no_message_that_the_screen_shows_has_an_option_of_the_command_line() -> None:
    checked = set()
    for path in glob.glob(os.path.join(CHECKOUT, "envtui", "**", "*.py"), recursive=True):
        name = os.path.basename(path).removesuffix(".py")
        if name in COMMAND_LINE or os.sep + "shell" + os.sep in path:
            continue
        with open(path) as file:
            tree = ast.parse(file.read())
        for text in _messages(tree):
            shown = re.sub(r"`[^`]*`", "", words.told(made.host(), text))
            assert not OPTION.search(shown), (path, text)
            checked |= set(OPTION.findall(text))
    assert {"--project", "--python", "--from", "--root"} <= checked


def _messages(tree: ast.Module) -> list[str]:
    """What is raised, and what is noted."""
    found = []
    for node in ast.walk(tree):
        told = node.exc if isinstance(node, ast.Raise) else node
        if isinstance(told, ast.Call) and (
            told is not node or getattr(told.func, "id", "") == "Notice"
        ):
            parts = (one for one in ast.walk(told) if isinstance(one, ast.Constant))
            found.append("".join(one.value for one in parts if isinstance(one.value, str)))
    return found


def test_the_form_says_what_is_wrong_in_its_own_words() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("c")
        await driver.until("Project ~/code/shop: there is no such directory")
        assert "--project" not in driver.text

    drive(act)


def test_rows_of_one_name_are_told_apart_by_their_path() -> None:
    paths = {
        "1": "/home/ada/code/one/api/.venv", "2": "/home/ada/code/two/api/.venv",
        "3": "/home/ada/work/two/api/.venv", "4": "/home/ada/shop/.venv", "5": "/api/.venv",
    }  # fmt: skip
    names = dict.fromkeys("1235", "api/.venv") | {"4": "shop/.venv"}
    assert words.distinct(names, paths) == {
        "1": "one/api/.venv", "2": "code/…/api/.venv", "3": "work/…/api/.venv",
        "4": "shop/.venv", "5": "api/.venv",
    }  # fmt: skip
    assert words.distinct({"a": "x", "b": "x"}, {"a": "/p/x", "b": "/p/x"}) == {
        "a": "p/x",
        "b": "p/x",
    }


def test_outside_of_projects_it_starts_with_the_projects_and_stays_there() -> None:
    """Rows that come are no choice of a project; the first key makes the cursor one."""

    async def act(driver: Driver) -> None:
        main = driver.app.main
        main.list("projects").move(1)  # as when rows come above it
        await driver.drained()
        main.learn("size", {main.inventory.environments[0].id: 5})
        await driver.until(lambda: not main.stale)
        await driver.drained()
        assert main.chosen == "projects"
        assert main.here is None
        await driver.press("j")
        await driver.until(lambda: main.here is not None)

    drive(act, host=made.host(made.HOME), inventory=made.inventory())


def test_an_environment_is_named_on_the_command_line_as_the_screen_names_it() -> None:
    """README's own example has the name without Poetry's hash."""
    inventory = made.inventory()
    for item in inventory.environments:
        if item.kind == "poetry":
            shown = words.name_of(item)
            assert shown in ("shop-py3.12", "shop-py3.11")
            assert naming.find(inventory, made.host("/"), shown, exact=True) == item
    twice = inventory.environments[0]._replace(
        id="poetry:shop-AAAAAAAA-py3.12", name="shop-AAAAAAAA-py3.12"
    )
    two = inventory._replace(environments=(*inventory.environments, twice))
    with pytest.raises(BadInput, match="is ambiguous"):
        naming.find(two, made.host("/"), "shop-py3.12")


def test_a_python_is_named_by_its_version_whoever_brought_it() -> None:
    """`list` shows the system's by its version too; its name is a path."""
    inventory = made.inventory()
    for item in inventory.interpreters:
        assert naming.find(inventory, made.host("/"), item.version, exact=True) == item
    assert inventory.interpreters[-1].kind == "system"


def test_the_top_line_names_the_file_that_decides() -> None:
    def told(**more: object) -> str:
        decision = made.decision()._replace(python="pyenv:3.12.7", **more)  # type: ignore[arg-type]
        line = headline.sentence(decision, made.inventory(), made.host(), 200)
        return "".join(text for text, _ in line)

    source, shims = f"{made.HOME}/code/.python-version", "but pyenv's shims are not on PATH"
    assert told(rule="nearest file upward", source=f"{made.HOME}/code/shop/.python-version") == (
        "~/code/shop ▸ Python 3.12.7, set by .python-version"
    )
    assert told(rule=f"nearest file upward, {shims}", source=source) == (
        f"~/code/shop ▸ Python 3.12.7, set by ~/code/.python-version, {shims}"
    )
    assert told(rule="active in this shell", source="VIRTUAL_ENV").endswith("active in this shell")


def test_a_filter_that_shows_nothing_is_not_an_empty_pane() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("2", "slash", *"zzz", "enter")
        await driver.until(lambda: driver.app.main.typing is None)  # it would take the next one
        await driver.press("enter")
        await driver.told("the filter shows nothing: esc clears it")

    drive(act)


def test_what_is_active_was_not_used_long_ago() -> None:
    async def act(driver: Driver) -> None:
        main = driver.app.main
        active = main.inventory.environments[0]  # type: ignore[union-attr]
        main.learn("last_used", {active.id: "2026-01-02"})
        await driver.press("2", "g")
        await driver.until("used now, by this shell")
        await driver.press("j")
        await driver.until("used now", gone=True)

    drive(act, size=(80, 24))


def test_a_narrow_frame_keeps_the_count_and_the_order() -> None:
    """All that is known of the environments had no room in it, and then nothing was said."""

    async def act(driver: Driver) -> None:
        def title() -> str:
            return next(line for line in driver.lines if "2 Environments" in line)[:66]

        await driver.press("2")
        await driver.surveyed()
        assert " 8 · " in title()
        assert "by use ↓" in title()
        await driver.press("s")
        await driver.until(lambda: "by name ↓" in title())

    drive(act, size=(100, 30))


def test_what_has_no_room_in_a_row_of_the_help_stands_below_it() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("question_mark")
        await driver.until("a project: go there too; the active")
        await driver.press("down", "down", "down")
        await driver.until("a project: its environments;")

    drive(act, size=(80, 24))


def test_what_is_marked_elsewhere_does_not_make_a_whole_one_need_mending() -> None:
    async def act(driver: Driver) -> None:
        shown = driver.app.main.list("environments")
        await driver.press("2", "g")
        while shown.current_id != "virtualenv:~/code/legacy/.venv":
            await driver.press("j")
        await driver.until("r mends it")
        await driver.press("space", "g")
        await driver.until("1 marked")
        await driver.until("r mends it", gone=True)

    drive(act, size=(80, 24))


def test_a_file_that_is_not_changed_is_not_said_to_be(tmp_path: pathlib.Path) -> None:
    """Pinning what is pinned showed "the same lines, other bytes"."""
    pin = tmp_path / ".python-version"
    pin.write_bytes(b"3.12.1\n")

    def shown(content: bytes) -> str:
        lines = proposal.difference(Write(str(pin), content), Host())
        return "\n".join(text for line in lines for text, _ in line)

    assert shown(b"3.12.1\n") == "it says so already"
    assert shown(b"3.12.1\r\n") == "the same lines, other bytes"
    assert shown(b"3.12\n") == "-3.12.1\n+3.12"


def test_the_running_job_speaks_of_home_as_the_rest_does() -> None:
    async def act(driver: Driver) -> None:
        go, said = threading.Event(), f"{made.HOME}/.pyenv/versions/3.12.7/bin/python -m venv"

        def run(output: Callable[[str], None], _cancel: threading.Event) -> None:
            output(said)
            go.wait()

        driver.app.start(Job("Create x", "created x", run))
        await driver.until("~/.pyenv/versions/3.12.7/bin")
        go.set()
        await driver.until("created x")

    drive(act)


def test_who_was_overruled_is_named_once() -> None:
    by_pyenv = Overruled("pyenv", f"{made.HOME}/.pyenv/version", "pyenv:3.11.7")
    assert by_pyenv.said == "pyenv:3.11.7"
    assert by_pyenv._replace(python="3.11.7").said == "pyenv 3.11.7"
