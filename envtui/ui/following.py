"""The scan behind the rows: what it tells on its way, and when to look again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from envtui.actions import key_of
from envtui.errors import Problem
from envtui.model import Inventory
from envtui.ui import words
from envtui.ui.catalogue import Catalogue
from envtui.ui.scanning import Scan, Start

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp

FRESH = 5.0
"""Seconds within which coming back to the terminal looks at nothing anew."""


class Following:
    """One scan after another: `again` starts one, the first too where there is no `scan` yet.

    What is remembered shows until the first has told something.
    """

    def __init__(
        self, app: EnvtuiApp, scan: Scan | None, again: Start, remembered: Inventory | None
    ) -> None:
        self._app = app
        self._scan = scan
        self._again = again
        self._remembered = remembered
        self._looking = True
        self._partial = False
        """Whether what is shown is only what a scan that goes on has found so far."""
        self._looked = time.monotonic()
        self._outdated = False
        """Something changed while a scan was under way: it is followed by another."""
        self._recovered = False

    def begin(self) -> None:
        """Listen to the first one."""
        self._listen(self._scan or self._again())

    def stop(self) -> None:
        """Leave no child behind."""
        if self._scan:
            self._scan.stop()

    def renew(self) -> None:
        """Look again, unless that is being done."""
        if self._looking:
            self._outdated = True
            return
        self._outdated = False
        self._looking = True
        self._note("looking…")
        self.stop()
        self._listen(self._again())

    def refresh(self) -> None:
        """Look again if that was not done just now."""
        if time.monotonic() - self._looked > FRESH:
            self.renew()

    def _listen(self, scan: Scan) -> None:
        self._scan = scan
        app, host = self._app, self._app.host
        remembered, self._remembered = self._remembered, None

        def follow() -> str:
            try:
                if remembered:
                    app.later(self._take_remembered, Catalogue(remembered, host))
                for news in scan.news():
                    if news.inventory:
                        app.later(self._take, Catalogue(news.inventory, host), news.whole)
                    else:
                        app.later(self._pass, news.at)
            except Problem as reason:
                return str(reason)
            except Exception as error:  # noqa: BLE001 - else it would be waited for for ever
                from envtui import crash

                return crash.record(error, "the scan did not work")
            return ""

        app.aside(follow, self._end)

    def _note(self, text: str) -> None:
        self._app.main.note = text
        self._app.main.refresh_bars()

    def _pass(self, at: str) -> None:
        if self._looking:
            word = "checking" if self._app.main.inventory else "looking"
            self._note(f"{word} {words.place(self._app.host, at)}")

    def _end(self, problem: str) -> None:
        """The scan was stopped, or failed."""
        if problem:
            self._looking = False
            self._looked = time.monotonic()
            self._app.tell_user(problem, "error")
            self._note("the last look failed: R looks again")

    def _take_remembered(self, catalogue: Catalogue) -> None:
        self._app.main.note = "remembered, checking…"
        self._app.main.take(catalogue)
        self._app.facts.recall(list(catalogue.environments.values()))
        self._app.ask_why()

    def _take(self, catalogue: Catalogue, whole: bool) -> None:
        main = self._app.main
        if not whole:
            # Rows that are remembered say more than half of the new ones.
            if main.inventory is None or self._partial:
                self._partial = True
                main.take(catalogue)
            return
        self._partial = self._looking = False
        self._looked = time.monotonic()
        main.note = self._remark(catalogue.inventory)
        main.take(catalogue)
        found = list(catalogue.environments.values())
        unmeasured = [e for e in found if catalogue.facts(e).size is None]
        self._app.facts.survey(found, unmeasured)
        self._app.ask_why()
        if self._outdated:
            self.renew()
        if not self._recovered:
            self._recovered = True
            self._app.aside(self._recover, self._put_right)

    def _remark(self, inventory: Inventory) -> str:
        keys = self._app.keys
        if not inventory.complete:
            at, again = inventory.stopped_at or "its time limit", key_of(keys, "rescan")
            return f"stopped at {at}: {again} goes on"
        many = len(inventory.notices)
        return f"{many} could not be read: {key_of(keys, 'work')}" if many else ""

    def _recover(self) -> list[str]:
        from envtui import recovery

        return recovery.recover(self._app.host)

    def _put_right(self, told: list[str]) -> None:
        """What a crash had left."""
        for text in told:
            self._app.tell_user(text, "warning")
        if told:
            self.renew()
