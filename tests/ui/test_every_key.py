"""Every key of the table, in every pane, on every kind of row: it acts, or it says why not."""

from __future__ import annotations

import re

import pytest

from envtui.actions import ACTIONS, DO, MOVE, Action
from envtui.model import Inventory
from tests.ui import made
from tests.ui.driving import Driver, drive

PANES = ("projects", "environments", "interpreters")


async def act_or_reason(driver: Driver, action: Action, key: str) -> str:
    """What pressing it came to: "acted", or the reason that was given."""
    scene = driver.app.main.scene
    assert scene is not None
    before = state(driver)
    driver.app.clear_notifications()
    await driver.press(key)
    reason = action.why_not(scene)
    if reason is not None:
        await driver.until(lambda: any(reason[:20] in one for one in told(driver)))
        assert len(driver.app.screen_stack) == 1, (action.id, "acted against its own reason")
        return reason
    if action.group != MOVE and action.id not in HARMLESS:
        await driver.until(lambda: bool(told(driver)) or state(driver) != before)
    for said in told(driver):  # what only trying shows, such as a Python that may not be run
        assert len(said) > 20, (action.id, said)
        return said
    return "acted"


def told(driver: Driver) -> list[str]:
    return [notice.message for notice in driver.app._notifications]


# At an end of the list, on the pane that is chosen already, with nothing to go back from.
HARMLESS = {"back", "rescan", "sort", "detail"}


def state(driver: Driver) -> tuple[object, ...]:
    main = driver.app.main
    return (
        len(driver.app.screen_stack), driver.app._exit, main.chosen, str(main.focused),
        tuple(main.list(pane).cursor for pane in PANES), str(main.classes), main.typing,
        tuple(len(main.list(pane).marked) for pane in PANES), tuple(main.view.orders.values()),
        main.detail.tab, driver.text,
    )  # fmt: skip


async def reset(driver: Driver, pane: str, row: int) -> None:
    """Back to that row with nothing open, marked, zoomed or filtered."""
    main = driver.app.main
    await driver.close()
    main.go(pane)
    main.list(pane).move_to(row)


@pytest.mark.parametrize("pane", PANES)
def test_every_key_acts_or_says_why(pane: str) -> None:
    async def act(driver: Driver) -> None:
        main = driver.app.main
        main.go(pane)
        tried = set()
        for row in range(len(main.list(pane).rows.ids)):
            main.list(pane).move_to(row)
            scene = main.scene
            assert scene is not None
            assert scene.row is not None
            # Rows on which the same keys act are alike: one of them is tried.
            alike = tuple(action.why_not(scene) is None for action in ACTIONS)
            first = not tried
            for action in ACTIONS if alike not in tried else ():
                if action.id == "quit" or (action.group != DO and not first):
                    continue  # leaving ends the test; looking and moving ask for no row
                for key in action.keys if first else action.keys[:1]:
                    await reset(driver, pane, row)
                    assert await act_or_reason(driver, action, key)
            tried.add(alike)

    drive(act)


def test_every_key_in_an_empty_home_says_what_helps() -> None:
    async def act(driver: Driver) -> None:
        for pane in PANES:
            for action in ACTIONS:
                if action.group == DO:
                    await reset(driver, pane, 0)
                    await act_or_reason(driver, action, action.keys[0])

    drive(act, inventory=Inventory((), (), (), ()))


def test_every_reason_names_what_would_help() -> None:
    """A reason is a sentence about this row: what is so, then a key or a way to change it."""
    inventory = made.inventory()
    from envtui import actions
    from envtui.ui import words

    rows = [*inventory.environments, *inventory.projects, *inventory.interpreters,
            *words.lost_pythons(inventory), None]  # fmt: skip
    for action in ACTIONS:
        for row in rows:
            scene = actions.Scene("environments", row, inventory, keys=actions.KEYS)
            reason = action.why_not(scene)
            if reason is not None:
                assert len(reason) > 20, (action.id, reason)
                assert re.search(r"[:;]", reason), (action.id, reason)
