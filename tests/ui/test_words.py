"""The screen's own words: what the command line calls an option is a field here."""

from __future__ import annotations

import ast
import glob
import os
import re

from envtui.ui import words
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
