"""Every pane, dialog and layout as plain text, at the sizes of SCREEN's drawings and beyond.

`UPDATE_GOLDEN=1 python -m pytest tests/ui/test_golden.py` writes the screens anew; `git diff` then
shows what has changed.
"""

from __future__ import annotations

import os

import pytest

from envtui.model import Inventory
from envtui.ui.app import EnvtuiApp
from tests.ui import made, scenes
from tests.ui.driving import GOLDEN, Driver, drive
from tests.ui.scenes import LAYOUTS, SCENES, SIZES


def named(size: tuple[int, int]) -> str:
    return "x".join(map(str, size))


@pytest.mark.parametrize("size", SIZES, ids=named)
def test_golden_screens(size: tuple[int, int]) -> None:
    """One after the other in one run of the app."""
    inventory, _ = made.machine()

    async def act(driver: Driver) -> None:
        await scenes.known(driver)
        for name, scene in SCENES.items():
            await scenes.play(driver, scene)
            await driver.golden(f"{name}-{named(size)}")

    drive(act, inventory=inventory, size=size)


def test_golden_layouts() -> None:
    """What is narrower, shorter or tiny; the window is resized under the running app."""

    async def act(driver: Driver) -> None:
        await scenes.known(driver)
        for name, size in LAYOUTS.items():
            await driver.resize(*size)
            await driver.golden(name)
            if name != "tiny":
                assert driver.lines[-1].endswith("? help")
                assert "~/code/shop" in driver.lines[0]

    drive(act, inventory=made.machine()[0], size=(120, 35))


@pytest.mark.parametrize("size", SIZES, ids=named)
def test_golden_screens_where_nothing_is_known(size: tuple[int, int]) -> None:
    async def empty(driver: Driver) -> None:
        await driver.golden(f"empty-{named(size)}")

    async def looking(driver: Driver) -> None:
        await driver.golden(f"looking-{named(size)}")

    drive(empty, inventory=Inventory((), (), (), ()), size=size)
    silent: EnvtuiApp = drive(looking, scan=made.Silent(), size=size)
    assert silent.main.inventory is None


def test_every_stored_screen_is_compared() -> None:
    names = [f"{name}-{named(size)}" for name in (*SCENES, *scenes.NOTHING) for size in SIZES]
    assert sorted(os.listdir(GOLDEN)) == sorted(f"{name}.txt" for name in (*names, *LAYOUTS))
