"""The app: what lasts while screens come and go - scan, facts, jobs, signals, the way out."""

from __future__ import annotations

import asyncio
import gc
import importlib
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.events import Event, Key, MouseDown, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer

from envtui.actions import BY_ID, KEYS, Keys, Row, Scene, key_of
from envtui.errors import Problem
from envtui.host import Host
from envtui.model import Decision, Environment, Inventory, Project
from envtui.ui import hangup, words
from envtui.ui.catalogue import Catalogue
from envtui.ui.facts import TRASH, Reader, Wish
from envtui.ui.jobs import Job, Jobs
from envtui.ui.main import MainScreen
from envtui.ui.messages import FactsRead, Failed, Found, JobChanged, Looking
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
FRESH = 5.0
"""Seconds within which coming back to the terminal looks at nothing anew."""


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
        self.said: tuple[str, bool] = ("", True)
        """A remark for the last line, and whether it is a good one."""
        self.jobs = Jobs(lambda job: self.tell(JobChanged(job)))
        self._scan = scan
        self._again = again
        self._remembered = remembered
        self._scanning = True
        self._partial = False
        """Whether what is shown is only what a scan that goes on has found so far."""
        self._looked = time.monotonic()
        self._outdated = False
        """Something changed while a scan was under way: it is followed by another."""
        self._recovered = False
        self._leaving: Outcome | None = None
        self._told: set[str] = set()
        """Failures that have been told."""
        self._under_way: Key | None = None
        """The last key that the panes were given, until it has come back up to the bindings."""
        self._clock: Timer | None = None
        self._facts = Reader(host, lambda *fact: self.tell(FactsRead(*fact)), self.fail)

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

    def _painted(self) -> None:
        """The first frame stands: the scan is heard, and garbage is looked for from now on."""
        if not gc.isenabled():
            # Going through all modules and styles would take two frames, so would the records of
            # a big home at every few hundred objects more.
            gc.freeze()
            gc.set_threshold(20_000, 10, 50)
            gc.enable()
        self._scan = self._scan or self._again()
        self._listen(self._scan)

    def _hung_up(self) -> None:
        self.jobs.stop(5)
        self._stop_scan()

    def _stop_scan(self) -> None:
        if self._scan:
            self._scan.stop()

    def _signalled(self, number: int) -> None:
        self.jobs.stop(2)
        self.exit(return_code=128 + number)

    async def on_event(self, event: Event) -> None:
        """As Textual does, but for the cursor's keys."""
        if isinstance(event, (Key, MouseDown, MouseScrollDown, MouseScrollUp)):
            self.main.touched = True
        if isinstance(event, Key):
            await self._key(event)
        else:
            await super().on_event(event)

    async def _key(self, event: Key) -> None:
        """One key on its way down or, once no widget wanted it, back up."""
        arrived = event.is_forwarded
        if not arrived and self._is_step(event):
            return
        await super().on_event(event)
        if arrived:
            self._under_way = None if event is self._under_way else self._under_way
        elif self.screen is self.main and event.is_forwarded:
            self._under_way = event

    def _is_step(self, event: Key) -> bool:
        """Whether the cursor has moved at once; never ahead of a key that was pressed before."""
        return (
            self._under_way is None
            and self.app_focus
            and self.screen is self.main
            and self.main.steps(event)
        )

    async def _on_key(self, event: Key) -> None:
        """Keys typed quickly after `/`, `:` or `?` still reach a pane: they are no verbs there."""
        opened = self.main.typing if self.screen is self.main else self.screen
        ahead = getattr(opened, "ahead", None)
        if ahead is not None and ahead.takes(event):
            event.prevent_default()  # else Textual asks its own App for a binding as well

    # -- threads ---------------------------------------------------------------------

    def tell(self, message: Message) -> None:
        """Post from any thread; a screen that has closed hears nothing."""
        try:
            self.post_message(message)
        except RuntimeError:
            pass

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

        self.tell(Failed(crash.record(error, "something did not work")))

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        if event.said not in self._told:
            self._told.add(event.said)
            self.tell_user(event.said, "error")

    def _listen(self, scan: Scan) -> None:
        remembered, self._remembered = self._remembered, None

        def answer() -> Message:
            try:
                if remembered:
                    self.tell(Found(Catalogue(remembered, self.host), remembered=True))
                for news in scan.news():
                    self.tell(
                        Found(Catalogue(news.inventory, self.host), part=not news.whole)
                        if news.inventory
                        else Looking(news.at)
                    )
                return Looking("")
            except Problem as reason:
                return Found(None, str(reason))
            except Exception as error:  # noqa: BLE001 - else it would be waited for for ever
                from envtui import crash

                return Found(None, crash.record(error, "the scan did not work"))

        self.aside(answer, self.post_message)

    def rescan(self) -> None:
        """Look again, unless that is being done."""
        if self._scanning:
            self._outdated = True
            return
        self._outdated = False
        self._scanning = True
        self.main.note = "looking…"
        self.main.refresh_bars()
        self._stop_scan()
        self._scan = self._again()
        self._listen(self._scan)

    def on_app_focus(self) -> None:
        """The terminal is looked at again: others may have changed things meanwhile."""
        if time.monotonic() - self._looked > FRESH:
            self.rescan()

    @on(Looking)
    def _looking(self, event: Looking) -> None:
        if self._scanning and event.at:
            word = "checking" if self.main.inventory else "looking"
            self.main.note = f"{word} {words.place(self.host, event.at)}"
            self.main.refresh_bars()

    @on(Found)
    def _found(self, event: Found) -> None:
        catalogue, main = event.catalogue, self.main
        if event.part:
            # Rows that are remembered say more than half of the new ones.
            if catalogue and (main.inventory is None or self._partial):
                self._partial = True
                main.take(catalogue)
            return
        self._partial = False
        if event.remembered and catalogue:
            main.note = "remembered, checking…"
            main.take(catalogue)
            self._facts.recall(list(catalogue.environments.values()))
            self.ask_why()
            return
        self._scanning = False
        self._looked = time.monotonic()
        main.note = ""
        if catalogue is None:
            main.note = "the last look failed: R looks again"
            self.tell_user(event.problem, "error")
            main.refresh_bars()
            return
        self._complete(catalogue)

    def _complete(self, catalogue: Catalogue) -> None:
        """Everything has been looked at."""
        main, inventory = self.main, catalogue.inventory
        if not inventory.complete:
            again = key_of(self.keys, "rescan")
            main.note = f"stopped at {inventory.stopped_at or 'its time limit'}: {again} goes on"
        elif inventory.notices:
            many, key = len(inventory.notices), key_of(self.keys, "work")
            main.note = f"{many} could not be read: {key}"
        main.take(catalogue)
        known = main.facts
        found = list(inventory.environments)
        self._facts.survey(
            found, [e for e in found if e.id not in known or known[e.id].size is None]
        )
        self.ask_why()
        if self._outdated:
            self.rescan()
        if not self._recovered:
            self._recovered = True
            self.aside(self._recover, self._put_right)

    def _recover(self) -> list[str]:
        from envtui import recovery

        return recovery.recover(self.host)

    def _put_right(self, told: list[str]) -> None:
        for text in told:
            self.tell_user(text, "warning")
        if told:
            self.rescan()

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

        self.aside(answer, self.main.decide)

    def wish(self, row: Row) -> None:
        """Read the slow facts of the highlighted row."""
        inventory = self.main.inventory
        if inventory and isinstance(row, (Environment, Project)):
            self._facts.want(Wish(row, inventory))
        else:
            self._facts.want(None)

    @on(FactsRead)
    def _fact(self, event: FactsRead) -> None:
        if event.field == TRASH:
            self.main.trash = int(str(event.values[TRASH]))
            self.main.refresh_bars()
        else:
            if event.field == "silent":
                self._tell_silent(event)
            self.main.learn(event.field, event.values)

    def _tell_silent(self, event: FactsRead) -> None:
        for row, why in event.values.items():
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

    def say(self, text: str, *, good: bool) -> None:
        """A remark; what is wrong is also a notice that has room for all its words."""
        if good:
            self.said = (text, good)
            self.set_timer(6, self._unsay)
            self.main.refresh_bars()
        else:
            lines = [words.told(self.host, line) for line in text.splitlines()]
            self.tell_user("\n".join(lines), "warning")

    def _unsay(self) -> None:
        self.said = ("", True)
        self.main.refresh_bars()

    @on(JobChanged)
    def _job(self, event: JobChanged) -> None:
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
        self.said = ("", True)
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
        self._facts.end()
        self._stop_scan()

    def on_unmount(self) -> None:
        """However it ends."""
        self.stop_all()
