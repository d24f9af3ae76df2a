"""Drive the screen as a person does: press keys, look at the text, wait until it says something."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from envtui import verbs
from envtui.actions import KEYS, Keys
from envtui.host import Host
from envtui.model import Inventory
from envtui.ui.app import EnvtuiApp
from envtui.ui.catalogue import NOTHING
from envtui.ui.outcome import Outcome
from tests.ui import made

GOLDEN = os.path.join(os.path.dirname(__file__), "golden")
PATIENCE = 45.0
"""Seconds; far more than anything takes on a machine that does nothing else."""


class InProcess:
    """A real scan of a real home, without the child."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def answer(self) -> Inventory:
        return verbs.scan(self._host)

    def stop(self) -> None:
        pass


class Driver:
    """The app under a pilot."""

    def __init__(self, app: EnvtuiApp, pilot: Pilot[Outcome]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)

    async def until(self, what: str | Callable[[], bool], *, gone: bool = False) -> None:
        """Wait for words on the screen, or for a condition."""
        holds = what if callable(what) else lambda: (what in self.text) is not gone
        until = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < until, f"never: {what}\n{self.text}"
            await self.pilot.pause(0.02)

    async def settled(self, golden: str) -> None:
        """Wait until the screen is the stored one, or, where it never will be, stands still."""
        before, still = "", 0
        while still < 20 and not is_golden(golden, self.lines):
            still = still + 1 if self.text == before else 0
            before = self.text
            await self.pilot.pause(0.1)

    async def surveyed(self) -> None:
        """Wait until the slow facts of all environments are there, and drawn."""
        main = self.app.main

        def known() -> bool:
            found = main.inventory.environments if main.inventory else ()
            read = all(main.facts.get(e.id, NOTHING).last_used is not None for e in found)
            return read and not main.stale

        await self.until(known)


def drive(
    act: Callable[[Driver], Awaitable[None]],
    *,
    inventory: Inventory | None = None,
    host: Host | None = None,
    size: tuple[int, int] = (120, 35),
    filter_text: str = "",
    scan: object = None,
    keys: Keys = KEYS,
) -> EnvtuiApp:
    """Run the app on a made inventory, or on the real home of `host`, while `act` presses keys."""
    if inventory is not None or host is None:
        ready = made.Ready(inventory or made.inventory())
        host = host or made.host()
        app = EnvtuiApp(host, scan or ready, lambda: ready, filter_text, keys=keys)
    else:
        app = EnvtuiApp(
            host, scan or InProcess(host), lambda: InProcess(host), filter_text, keys=keys
        )

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot)
            if scan is None:
                await driver.until(lambda: app.main.inventory is not None)
            await pilot.pause()
            await act(driver)

    asyncio.run(run())
    return app


def is_golden(name: str, lines: list[str]) -> bool:
    """Whether the screen is the stored one."""
    try:
        with open(os.path.join(GOLDEN, f"{name}.txt"), encoding="utf-8") as file:
            return file.read() == "\n".join(lines) + "\n"
    except FileNotFoundError:
        return False


def check_golden(name: str, lines: list[str]) -> None:
    """Compare with the stored screen; `UPDATE_GOLDEN=1 pytest tests/ui` writes it anew."""
    path = os.path.join(GOLDEN, f"{name}.txt")
    text = "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        os.makedirs(GOLDEN, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        assert text == file.read()
