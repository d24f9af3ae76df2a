"""Keys that come faster than the screen answers: a paste, a slow line, a quick hand."""

from __future__ import annotations

import pytest
from textual.events import Key, Paste

from envtui.host import Host
from tests.homes import Home
from tests.ui import made, staged
from tests.ui.driving import Driver, drive, named


def test_the_cursor_never_moves_ahead_of_a_key_pressed_before() -> None:
    """Else other rows would be marked, and go to the trash, than those that were meant."""

    async def act(driver: Driver) -> None:
        shown = driver.app.main.list("environments")
        await driver.press("2", "g")
        rows = [shown.current_id]
        for _ in range(4):
            await driver.press("j")
            rows.append(shown.current_id)
        await driver.press("g")
        await driver.burst("space", "j", "space", "j")  # a mark goes on to the next row
        assert shown.marked == {rows[0], rows[2]}
        assert shown.current_id == rows[4]
        await driver.press("j", "k")
        assert shown.current_id == rows[4]

    drive(act)


def test_a_filter_takes_the_letters_that_are_keys_for_moving() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("2", "g")
        before = driver.app.main.list("environments").current_id
        await driver.burst(*"/kjx", "enter")
        await driver.until("nothing matches kjx")
        await driver.press("escape")
        await driver.until(lambda: driver.app.main.list("environments").current_id == before)

    drive(act)


def test_what_is_typed_right_after_the_colon_is_searched_and_run() -> None:
    async def act(driver: Driver) -> None:
        await driver.burst(*":bil")
        await driver.until("── Projects")
        await driver.until(lambda: driver.app.screen.query_one("Input").value == "bil")  # type: ignore[attr-defined]
        await driver.press("l")  # goes on, though the line got the focus after what was typed ahead
        await driver.until(lambda: driver.app.screen.query_one("Input").value == "bill")  # type: ignore[attr-defined]
        await driver.press("escape")
        await driver.burst(*":zoom", "enter")
        await driver.until(lambda: driver.app.main.has_class("-zoomed"))
        await driver.until(lambda: len(driver.app.screen_stack) == 1)
        await driver.burst(*"?zoom", "enter")
        await driver.until(lambda: not driver.app.main.has_class("-zoomed"))

    drive(act)


def test_enter_does_what_the_letters_before_it_find_and_never_the_row_they_have_not_reached() -> (
    None
):
    async def act(driver: Driver) -> None:
        main = driver.app.main
        await driver.press("colon", *"zoom", "enter")
        await driver.until(lambda: main.has_class("-zoomed"))
        await driver.press("colon")
        await driver.burst(*"zoom", "enter")
        await driver.until(lambda: not main.has_class("-zoomed"))
        await driver.until(lambda: len(driver.app.screen_stack) == 1)

    drive(act)


@pytest.mark.parametrize("answer", ["n", "escape", "enter"])
def test_what_follows_an_answer_is_for_what_lies_below(answer: str) -> None:
    """The colon went down with the dialog, and the letters were verbs of the pane."""

    async def act(driver: Driver) -> None:
        await driver.press("2", "G", "d")
        await driver.until("move ")
        await driver.burst(answer, *":zoom", "enter")
        await driver.until(lambda: driver.app.main.has_class("-zoomed"))
        await driver.burst(*":remove", "enter")  # the row stays: nothing else has moved it
        await driver.until("move ")
        await driver.press("escape")

    drive(act)


def test_the_environments_are_those_of_the_project_that_the_cursor_has_just_reached() -> None:
    async def act(driver: Driver) -> None:
        main = driver.app.main
        await driver.burst("1", "g", "j", "2")
        here = main.here
        assert here is not None
        assert here.path == main.list("projects").current_id
        assert main.chosen == "environments"

    drive(act)


def test_a_filter_is_cleared_by_the_key_after_the_one_that_keeps_it() -> None:
    async def act(driver: Driver) -> None:
        rows = driver.app.main.list("environments")
        before = rows.rows.ids
        await driver.press("2")
        await driver.burst(*"/kjx", "enter", "escape")
        assert rows.rows.ids == before
        await driver.burst(*"/kjx", "enter")
        assert not rows.rows.ids

    drive(act)


def test_what_is_pasted_is_searched_before_enter_takes_it() -> None:
    async def act(driver: Driver) -> None:
        for key in ("colon", "?"):
            zoomed = driver.app.main.has_class("-zoomed")
            driver.app.post_message(Key(*named(key)))
            driver.app.post_message(Paste("zoom"))
            await driver.burst("enter")
            await driver.until(lambda: driver.app.main.has_class("-zoomed") != zoomed)  # noqa: B023

    drive(act)


@pytest.mark.parametrize(
    ("way", "answer"), [("g enter", "n"), ("G d", "n"), ("G d", "enter"), ("Y", "i")]
)
def test_an_answer_that_is_pressed_twice_is_given_once(way: str, answer: str) -> None:
    """The second one ended the program: it closed what lay below the dialog."""

    async def act(driver: Driver) -> None:
        await driver.press("2", *way.split())
        await driver.until(lambda: len(driver.app.screen_stack) == 2)
        await driver.drained()
        await driver.burst(answer, answer)
        await driver.until(lambda: len(driver.app.screen_stack) == 1)
        await driver.drained()
        assert driver.app.is_running

    drive(act)


def test_enter_takes_the_row_that_the_keys_before_it_lead_to() -> None:
    """In a dialog, too: else another Python would be pinned, and another thing be restored."""

    async def act(driver: Driver) -> None:
        for keys in (("p",), ()):
            if not keys:
                await driver.press("p")
                await driver.until("fits >=3.11")
            await driver.burst(*keys, "j", "j", "enter")
            await driver.until("Pin Python 3.11.9")
            await driver.press("escape")
        await driver.press("t")
        await staged.trash(driver)
        await driver.burst("j", "j", "enter")
        await driver.until("has the id 18-1")
        await driver.press("escape")

    drive(act, inventory=made.machine()[0])


def test_enter_in_the_form_waits_for_the_check_of_what_was_typed_before_it(
    in_home: Home,
) -> None:
    in_home.write("code/shop/pyproject.toml", '[project]\nname = "shop"\n')
    in_home.venv("code/shop/.venv", "3.12")

    async def act(driver: Driver) -> None:
        await driver.press("c")
        await driver.until("exists already")
        await driver.burst("2", "enter")
        await driver.until("-m venv")
        await driver.until("shop/.venv2")

    drive(act, host=Host(cwd=in_home.at("code/shop")))
