"""The golden screens as pictures: one sheet for each, with all sizes on it."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from envtui.model import Inventory
from screenshots import record
from tests.ui import made, scenes
from tests.ui.driving import Driver, drive

if TYPE_CHECKING:
    from textual.strip import Strip

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "goldens")
PLACES = {(80, 24): (0, 0), (60, 15): (0, 25), (120, 35): (81, 0), (200, 50): (0, 41)}
"""Where the screen of each size stands on its sheet, in cells."""

Shots = dict[str, dict[tuple[int, int], "list[Strip]"]]


def make() -> None:
    """Play all scenes at all sizes, then draw the sheets."""
    shots: Shots = {name: {} for name in (*scenes.SCENES, *scenes.NOTHING)}
    with tempfile.TemporaryDirectory(prefix="envtui-goldens-") as folder:
        for name in ("CACHE", "STATE", "DATA", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = os.path.join(folder, name.lower())
        for size in scenes.SIZES:
            play(shots, size)
    os.makedirs(FOLDER, exist_ok=True)
    for name, taken in shots.items():
        drawn = record.contact([(PLACES[size], rows) for size, rows in taken.items()])
        with open(os.path.join(FOLDER, f"{name}.svg"), "w", encoding="utf-8") as file:
            file.write(drawn)
        print(f"goldens/{name}.svg: {len(drawn) // 1024}K")


def play(shots: Shots, size: tuple[int, int]) -> None:
    """All screens of one size."""

    async def take(driver: Driver, name: str) -> None:
        driver.app.screen.refresh()  # what lies behind a dialog is drawn as it is now
        await driver.rest()
        shots[name][size] = driver.strips

    async def act(driver: Driver) -> None:
        await scenes.known(driver)
        for name, scene in scenes.SCENES.items():
            await scenes.play(driver, scene)
            await take(driver, name)

    async def empty(driver: Driver) -> None:
        await take(driver, "empty")

    async def looking(driver: Driver) -> None:
        await take(driver, "looking")

    drive(act, inventory=made.machine()[0], size=size)
    drive(empty, inventory=Inventory((), (), (), ()), size=size)
    drive(looking, scan=made.Silent(), size=size)
