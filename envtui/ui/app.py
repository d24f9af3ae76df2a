"""The app: what lasts while screens come and go - scan, facts, jobs, signals, the way out."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from textual import on
from textual.events import Event, Key, MouseDown, MouseScrollDown, MouseScrollUp, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import AwaitMount

from envtui.actions import BY_ID, KEYS, Keys, Row, Scene
from envtui.errors import Problem
from envtui.host import Host
from envtui.model import Decision, Environment, Inventory, Project
from envtui.ui import hangup, typed, words
from envtui.ui.facts import TRASH, Reader, Wish
from envtui.ui.following import Following
from envtui.ui.jobs import Job, Jobs
from envtui.ui.main import MainScreen
from envtui.ui.messages import JobChanged
from envtui.ui.outcome import Outcome
from envtui.ui.quiet import QuietApp
from envtui.ui.scanning import Scan, Start

if TYPE_CHECKING:
    from envtui.config import Config

T = TypeVar("T")
FATAL = (
    *(signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT),
    *(signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM),
)
"""Signals that end a process which does nothing about them."""


class EnvtuiApp(QuietApp):
    """One run of the screen: `again` starts another scan, the first one where there is no `scan`.

    What is remembered shows until then.
    """

    def __init__(
        self,
        host: Host,
        scan: Scan | None,
        again: Start,
        filter_text: str = "",
        keys: Keys = KEYS,
        remembered: Inventory | None = None,
        settings: Config | None = None,
    ) -> None:
        super().__init__(settings)
        self.host = host
        self.keys = keys
        """Which keys do what: the table's own, or with the user's key map laid over them."""
        if keys is not KEYS:
            self.set_keymap({action: ",".join(chosen) for action, chosen in keys.items()})
        self.main = MainScreen(filter_text)
        self.said = ""
        """A good remark for the last line."""
        self.jobs = Jobs(self._tell_job)
        self._following = Following(self, scan, again, remembered)
        self._leaving: Outcome | None = None
        self._told: set[str] = set()
        """Failures that have been told."""
        self.opening: AwaitMount | None = AwaitMount(self.main, [self.main])
        """What the next key may be for, until it has its parts."""
        self._asked = 0
        """How often it was asked which Python the context gets."""
        self._clock: Timer | None = None
        self._signal = 0
        """The signal that is to end it; Textual forgets one that comes before the first frame."""
        self.facts = Reader(host, lambda *fact: self.later(self._fact, *fact), self.fail)

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        return self.main

    def on_load(self) -> None:
        """Signals before the terminal is touched: it must never be left as the screen had it."""
        # Who waits for the interpreter gets it after 0.1 ms, not 5: the thread that writes to the
        # terminal, and the screen itself while facts are read in the background.
        sys.setswitchinterval(0.0001)
        loop = asyncio.get_running_loop()
        for number in FATAL:
            try:
                loop.add_signal_handler(number, self._signalled, number)
            except (RuntimeError, ValueError, NotImplementedError):
                break  # not the main thread: a test

    def on_mount(self) -> None:
        """Watch the terminal, and listen to the scan as soon as the first frame stands."""
        if not self.is_headless:
            hangup.watch(self._hung_up)
        self.call_after_refresh(self._painted)
        self._end_by_signal()

    def _painted(self) -> None:
        """The first frame stands: the scan is heard, and garbage is looked for from now on."""
        if not gc.isenabled():
            # Going through all modules and styles would take two frames, so would the records of
            # a big home at every few hundred objects more.
            gc.freeze()
            gc.set_threshold(20_000, 10, 50)
            gc.enable()
        self._following.begin()
        self._end_by_signal()

    def _hung_up(self) -> None:
        self.jobs.stop(5)
        self._following.stop()

    def _signalled(self, number: int) -> None:
        self._signal = number
        self.jobs.stop(2)
        self._end_by_signal()

    def _end_by_signal(self) -> None:
        if self._signal:
            self.exit(return_code=128 + self._signal)
            # Textual forgets one that comes at the wrong moment: it is asked until it is gone.
            with contextlib.suppress(RuntimeError):
                asyncio.get_running_loop().call_later(0.2, self._end_by_signal)

    def _handle_exception(self, error: Exception) -> None:
        """What misses its parts while a signal takes the screen down is no crash."""
        if self._signal:
            self._end_by_signal()
        else:
            super()._handle_exception(error)

    async def on_event(self, event: Event) -> None:
        """As Textual does, but for what is typed."""
        if isinstance(event, (Key, MouseDown, MouseScrollDown, MouseScrollUp)):
            self.main.touched = True
        if isinstance(event, (Key, Paste)) and not event.is_forwarded:
            await self._typed(event)
        else:
            await super().on_event(event)

    async def _typed(self, event: Key | Paste) -> None:
        """One key after the other."""
        if self.opening:
            await self.opening
            self.opening = None
        self.app_focus = True
        if isinstance(event, Key):
            if self.screen is self.main and self.main.steps(event):
                return
            if await self._check_bindings(event.key, priority=True):
                return
        await typed.hand_on(event, self.focused or self.screen)

    # -- threads ---------------------------------------------------------------------

    def later(self, then: Callable[..., object], *answers: Any) -> None:
        """Call it on the UI thread, from any other; a screen that has closed does not."""
        try:
            self.call_later(then, *answers)
        except RuntimeError:
            pass  # the loop has ended

    def aside(
        self, work: Callable[[], T], then: Callable[[T], object], of: MessagePump | None = None
    ) -> None:
        """Do it off the UI thread, and there what follows from its answer, while `of` is there.

        A hanging file can't hold the exit.
        """
        target = of or self

        def run() -> None:
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 - one thing does not work, the screen does
                self.fail(error)
                return
            try:
                target.call_later(then, answer)
            except RuntimeError:
                pass  # the loop has ended

        threading.Thread(target=run, daemon=True).start()

    def fail(self, error: Exception) -> None:
        """Log an error nobody foresaw and tell it once; from any thread."""
        from envtui import crash

        self.later(self._failed, crash.record(error, "something did not work"))

    def _failed(self, said: str) -> None:
        if said not in self._told:
            self._told.add(said)
            self.tell_user(said, "error")

    def rescan(self) -> None:
        """Look at the machine again."""
        self._following.renew()

    def on_app_focus(self) -> None:
        """The terminal is looked at again: others may have changed things meanwhile."""
        self._following.refresh()

    def ask_why(self) -> None:
        """Find out which Python the context directory gets."""
        inventory = self.main.inventory
        directory = self.main.here.path if self.main.here else self.host.cwd
        if self.main.here == self.main.stands:
            directory = self.host.cwd
        if inventory is None:
            return

        def answer() -> Decision | None:
            from envtui import verbs

            try:
                return verbs.why(self.host, inventory, directory)
            except (Problem, OSError):
                return None

        self._asked = asked = self._asked + 1
        # What was asked before may be answered after it.
        self.aside(answer, lambda it: self.main.decide(it) if asked == self._asked else None)

    def wish(self, row: Row) -> None:
        """Read the slow facts of the highlighted row."""
        inventory = self.main.inventory
        if inventory and isinstance(row, (Environment, Project)):
            self.facts.want(Wish(row, inventory))
        else:
            self.facts.want(None)

    def _fact(self, field: str, values: Mapping[str, object]) -> None:
        if field == TRASH:
            self.main.trash = int(str(values[TRASH]))
            self.main.refresh_bars()
        else:
            if field == "silent":
                self._tell_silent(values)
            self.main.learn(field, values)

    def _tell_silent(self, values: Mapping[str, object]) -> None:
        for row, why in values.items():
            known = self.main.facts.get(row)
            if known is None or known.silent != why:
                self.tell_user(f"{row}: not read any further, {why}", "warning")

    # -- deeds -----------------------------------------------------------------------

    def act(self, name: str, scene: Scene | None) -> None:
        """One action that does more than move; its module is loaded now."""
        module, _, function = BY_ID[name].does.partition(":")
        try:
            getattr(importlib.import_module(f"envtui.ui.{module}"), function)(self, scene)
        except Exception as error:  # noqa: BLE001 - one verb does not work, the screen does
            self.fail(error)

    def ask(self, dialog: Screen[T], then: Callable[[T], object]) -> None:
        """Show a dialog, and do what follows from its answer, unless it is left without one."""

        def answered(answer: T | None) -> None:
            if answer is not None:
                then(answer)

        self.show(dialog, answered)

    def show(self, dialog: Screen[T], then: Callable[[T | None], None]) -> None:
        """Show a dialog; what follows is told when it is left, too."""
        self.opening = self.push_screen(dialog, then)

    def say(self, text: str, *, good: bool) -> None:
        """A remark; what is wrong is also a notice that has room for all its words."""
        if good:
            self.said = text
            self.set_timer(6, self._unsay)
            self.main.refresh_bars()
        else:
            lines = [words.told(self.host, line) for line in text.splitlines()]
            self.tell_user("\n".join(lines), "warning")

    def _unsay(self) -> None:
        self.said = ""
        self.main.refresh_bars()

    def _tell_job(self, job: Job) -> None:
        try:
            self.post_message(JobChanged(job))
        except RuntimeError:
            pass  # the loop has ended

    @on(JobChanged)
    def _job(self, event: JobChanged) -> None:
        if not self.screen_stack:
            return  # it ended while the screen was being taken down
        self.main.refresh_bars()
        if self.screen is not self.main:
            self.screen.post_message(event)
        if event.over:
            if event.job.status == "failed":
                self.tell_user(event.job.message, "error")
            if self._leaving and not self.jobs.open:
                self.exit(self._leaving)
            self.rescan()

    def start(self, job: Job) -> None:
        """Run a confirmed change when those before it are over."""
        self.said = ""
        self.jobs.add(job)
        self.main.refresh_bars()
        if self._clock is None:
            self._clock = self.set_interval(1, self._tick)

    def _tick(self) -> None:
        if self.jobs.open:
            self.main.refresh_bars()

    # -- the end ---------------------------------------------------------------------

    def exit_after_jobs(self, outcome: Outcome, *, cancel: bool) -> None:
        """Leave as soon as no job is open."""
        self._leaving = outcome
        if cancel:
            for job in self.jobs.open:
                job.cancel.set()
        if not self.jobs.open:
            self.exit(outcome)

    def stop_all(self) -> None:
        """Leave no child behind."""
        self.facts.end()
        self._following.stop()

    def on_unmount(self) -> None:
        """However it ends."""
        self.stop_all()
