"""Drive the screen as a person does: press keys, look at the text, wait until it says something."""

from __future__ import annotations

import asyncio
import difflib
import os
import threading
import time
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from textual._context import visible_screen_stack
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Key, Resize
from textual.geometry import Size
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.message_pump import MessagePump
from textual.notifications import SeverityLevel
from textual.pilot import Pilot
from textual.strip import Strip

from envtui import verbs
from envtui.actions import KEYS, Keys
from envtui.host import Host
from envtui.model import Inventory
from envtui.ui.app import EnvtuiApp
from envtui.ui.catalogue import NOTHING
from envtui.ui.outcome import Outcome
from envtui.ui.scanning import News
from tests.ui import made

GOLDEN = os.path.join(os.path.dirname(__file__), "golden")
PATIENCE = 90.0
"""Seconds; far more than anything takes on a machine that does nothing else."""
ROUNDS = 60
"""Messages that one brings about after another; a screen that moves by itself never rests."""


class InProcess:
    """A real scan of a real home, without the child."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def news(self) -> Iterator[News]:
        yield News(verbs.scan(self._host), whole=True)

    def stop(self) -> None:
        pass


class Heard(EnvtuiApp):
    """Remembers what it has told: a remark goes away by itself, on a slow machine before one looks."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.heard: list[str] = []

    def say(self, text: str, *, good: bool) -> None:
        self.heard.append(text)
        super().say(text, good=good)

    def tell_user(self, text: str, severity: SeverityLevel = "information") -> None:
        self.heard.append(text)
        super().tell_user(text, severity)


class Driver:
    """The app under a pilot."""

    def __init__(self, app: Heard, pilot: Pilot[Outcome]) -> None:
        self.app = app
        self.pilot = pilot
        self.state = os.environ["XDG_STATE_HOME"]
        """Where this run keeps its log."""

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.strips]

    @property
    def strips(self) -> list[Strip]:
        """The screen as it is painted, with what lies behind a dialog."""
        visible_screen_stack.set(self.app._background_screens)
        return self.app.screen._compositor.render_strips()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def press(self, *keys: str) -> None:
        """Press one key after the other; what they set going on a thread has to be waited for.

        Textual's own pilot waits until the process is idle: so it seems where others have the
        processor, and never while facts are read.
        """
        for name in keys:
            await self.burst(name)

    async def burst(self, *keys: str) -> None:
        """Keys that come at once, as by a paste or over a slow line: none waits for another."""
        for name in keys:
            self.app.post_message(Key(*named(name)))
        await self.drained()

    async def resize(self, width: int, height: int) -> None:
        """Another window; what follows from it has arrived, if it is not yet drawn."""
        size = Size(width, height)
        assert isinstance(self.app._driver, HeadlessDriver)
        self.app._driver._size = size
        self.app.post_message(Resize(size, size))
        await self.drained()

    async def drained(self) -> None:
        """All messages that are under way have arrived, and those that came of them."""
        for _ in range(ROUNDS):
            await self.pilot._wait_for_screen()
            if self.app.opening:
                await self.app.opening
            if self.app._exit or all(one._message_queue.empty() for one in self._pumps()):
                break

    def _pumps(self) -> list[MessagePump]:
        return [
            self.app,
            *(one for s in self.app.screen_stack for one in s.walk_children(with_self=True)),
        ]

    async def closed(self) -> None:
        """No dialog is open any more."""
        await self.until(lambda: len(self.app.screen_stack) == 1)

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def until(self, what: str | Callable[[], bool], *, gone: bool = False) -> None:
        """Wait for words on the screen, or for a condition."""
        holds = what if callable(what) else lambda: (what in self.text) is not gone
        until, pause = time.monotonic() + PATIENCE, 0.01
        while not holds():
            assert time.monotonic() < until, f"never: {what}\n{self.text}"
            await self.pilot.pause(pause)
            pause = min(pause * 1.4, 0.1)  # each look draws the screen

    async def told(self, what: str) -> None:
        """Wait for a remark with these words."""
        await self.until(lambda: any(what in one for one in self.app.heard))

    async def close(self) -> None:
        """Leave all that is open, typed or marked, and no pane alone."""
        main = self.app.main
        while len(self.app.screen_stack) > 1 or main.typing or main.list(main.chosen).marked:
            await self.press("escape")
        main.remove_class("-zoomed")

    @property
    def drawn(self) -> list[str]:
        """The screen; of a dialog its frame alone: what lies behind it has a screen of its own."""
        if len(self.app.screen_stack) == 1:
            return self.lines
        box = self.app.screen.query_one("#frame").region
        return [line[box.x : box.right].rstrip() for line in self.lines[box.y : box.bottom]]

    async def golden(self, name: str) -> None:
        """Wait until the screen is the stored one; `UPDATE_GOLDEN=1` stores it once it rests."""
        if os.environ.get("UPDATE_GOLDEN"):
            await self.rest()
            store(name, self.drawn)
        stored = stored_as(name)
        until = time.monotonic() + PATIENCE
        while self.drawn != stored and time.monotonic() < until:
            await self.pilot.pause(0.02)
        other = difflib.unified_diff(stored, self.drawn, name, "drawn")
        assert self.drawn == stored, "\n".join(other)

    async def rest(self) -> None:
        """Until nothing has changed for half a second."""
        before, still = "", 0
        while still < 10:
            still = still + 1 if self.text == before else 0
            before = self.text
            await self.pilot.pause(0.05)

    async def surveyed(self) -> None:
        """Wait until the slow facts of all environments are there, and drawn."""
        main = self.app.main

        def known() -> bool:
            found = main.inventory.environments if main.inventory else ()
            read = all(main.facts.get(e.id, NOTHING).last_used is not None for e in found)
            return read and not main.stale

        await self.until(known)
        # What the reader still has to do would come after, and over, what a test puts there.
        reader, done = self.app.facts, threading.Event()

        def rests() -> bool:
            if reader._rest or done.is_set():
                return done.is_set()
            with reader._come:
                if done.set not in reader._chores:
                    reader._chores.append(done.set)
                    reader._come.notify()
            return False

        await self.until(rests)
        await self.drained()
        await self.until(lambda: not main.stale)


def named(name: str) -> tuple[str, str | None]:
    """A key and what it types, by the character itself or by its name."""
    if len(name) == 1:
        return _character_to_key(name), name
    try:
        known = _get_unicode_name_from_key(REPLACED_KEYS.get(name, name))
        return name, "\r" if name == "enter" else unicodedata.lookup(known)
    except KeyError:
        return name, None


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
        app = Heard(host, scan or ready, lambda: ready, filter_text, keys=keys)
    else:
        app = Heard(host, scan or InProcess(host), lambda: InProcess(host), filter_text, keys=keys)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot)
            if scan is None:
                await driver.until(lambda: app.main.inventory is not None)
            await driver.drained()
            await act(driver)

    asyncio.run(run())
    return app


def store(name: str, lines: list[str]) -> None:
    """Keep a screen as the one that is wanted."""
    with open(os.path.join(GOLDEN, f"{name}.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def stored_as(name: str) -> list[str]:
    """The lines of a stored screen."""
    with open(os.path.join(GOLDEN, f"{name}.txt"), encoding="utf-8") as file:
        return file.read().splitlines()
