"""Names that are traps, windows that are too small, a memory that is damaged: the screen lives."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from rich.cells import cell_len

from envtui import places, verbs
from envtui.host import Host
from envtui.model import Inventory
from tests.homes import Home
from tests.ui import made
from tests.ui.driving import Driver, drive

NAMES = {
    "traps": made.HOSTILE + "\udcff\u202e",
    "zero-width": "a\u200bb\u200d\u0301c\ufeff\u2066d",
    "right-to-left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "wide": "\u65e5\u672c\u8a9e" * 20,
    "long": "deep/" * 60 + "end",
}
KEYS = ("p", "c", "d", "Y", "w", "C", ":", "?", "enter")


def hostile(name: str) -> Inventory:
    path = f"{made.HOME}/code/{name}/.venv"
    project = made.project(name, "[/]", f"venv:~/code/{name}/.venv", requires_python="[red]>=3")
    environment = made.environment("venv", path, "3.12.7", project=project.path)
    environment = environment._replace(
        health="broken", reason=f"[/nope] {name}", interpreter=None, evidence=(name,)
    )
    return Inventory((made.interpreter("3.12.7"),), (environment,), (project,), ())


async def sane(driver: Driver) -> None:
    """Nothing acts on the terminal, and every line is as wide as the window."""
    width = driver.app.size.width
    await driver.until(lambda: all(cell_len(s.text) == width for s in driver.strips))
    for strip in driver.strips:
        assert not set(strip.text) & set("\x1b\n\u202e\u2066\u200b\ufeff")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_are_only_names(name: str) -> None:
    async def act(driver: Driver) -> None:
        for size in ((120, 35), (50, 15)):
            await driver.resize(*size)
            for key in ("1", "3", "2", "0", "]", "]", "]", "2"):
                await driver.press(key)
                await sane(driver)
        for key in KEYS:
            await driver.press(key)
            await sane(driver)
            await driver.close()

    drive(act, inventory=hostile(name))


def test_in_a_handful_of_cells_everything_still_opens_and_closes() -> None:
    async def act(driver: Driver) -> None:
        for key in KEYS:
            await driver.press(key)
            await driver.until(
                lambda: len(driver.app.screen_stack) == 2 or driver.app._notifications
            )
            await sane(driver)
            await driver.close()
        await driver.press("G")
        await driver.until("notebo")

    drive(act, size=(20, 5))


@pytest.mark.parametrize("key", ["p", "c", "d", "w", "C", "?", "/"])
def test_the_window_changes_under_a_dialog(key: str) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("j", key)
        for size in ((60, 15), (20, 5), (200, 50), (80, 24)):
            await driver.resize(*size)
            await sane(driver)
        if key != "/":
            frame, screen = driver.app.screen.query_one("#frame"), driver.app.screen
            await driver.until(lambda: screen.region.contains_region(frame.region))
        await driver.close()
        await driver.until("2 Environments")
        await driver.press("k")
        await driver.until(lambda: driver.app.main.list("environments").cursor == 0)

    drive(act)


def test_a_damaged_memory_is_told_and_all_is_read_anew(in_home: Home) -> None:
    in_home.venv("code/api/.venv", "3.12")
    verbs.scan(Host())
    with open(places.cache("index"), "wb") as file:
        file.write(b"no index at all")

    async def act(driver: Driver) -> None:
        await driver.until("api/.venv")
        await driver.until("1 could not be read: w")
        await driver.press("w")
        await driver.until("all was read anew")

    drive(act, host=Host())
    assert os.path.exists(places.cache("index") + ".damaged")


@pytest.mark.parametrize("closed", [0, 2])
def test_with_a_standard_stream_closed_it_says_what_it_needs(home: Home, closed: int) -> None:
    """Closed, not merely redirected: as cron and some service managers start programs."""
    line = f"exec {closed}>&-; {sys.executable} -m envtui; echo $?"
    reader, other = os.openpty()
    try:
        done = subprocess.run(["/bin/sh", "-c", line], env=home.variables, cwd=home.path,
                              stdin=other, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE if closed != 2 else other,
                              timeout=60, check=False)  # fmt: skip
    finally:
        os.close(reader)
        os.close(other)
    assert done.stdout.decode().endswith(("0\n", "2\n"))
    assert b"Traceback" not in done.stdout + (done.stderr or b"")
