"""Slow facts about the highlighted row, read off the UI thread, the latest wish first."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple, TypeVar

from envtui.errors import Problem
from envtui.host import Host
from envtui.model import Decision, Environment, Inventory, Project
from envtui.scene import row_id
from envtui.silence import SOON, Silence
from envtui.ui import onerow

T = TypeVar("T")


class Facts(NamedTuple):
    """What is known so far; None is not known yet."""

    size: int | None = None
    """What comes back when it is deleted."""
    holds: int | None = None
    """What it takes up, with the files that it shares with caches."""
    uses: tuple[str, ...] | None = None
    silent: str = ""
    """Why nothing more is read of it: its disk hangs, or there is too much."""
    unseen: str = ""
    """Which processes may use it and can't be looked into."""
    last_used: str | None = None
    """ISO 8601 in UTC; "" where nothing tells."""
    made: str | None = None
    """The day its pyvenv.cfg was written."""
    packages: tuple[str, ...] | None = None
    settings: tuple[str, ...] | None = None
    """The lines of its pyvenv.cfg."""
    decision: Decision | None = None

    def also(self, field: str, value: Any) -> Facts:
        """The same facts and one more."""
        return self._replace(**{field: value})


class Wish(NamedTuple):
    """Whose facts are wanted."""

    row: Environment | Project
    inventory: Inventory


Read = Callable[[str, dict[str, object]], None]
"""Called in the reading thread: a field of `Facts`, and its value for each of some row ids."""


_MANY = 64
"""So many measured prefixes are remembered at once."""
TRASH = "trash"
"""The field under which the size of the trash comes."""


class Reader:
    """One daemon thread with one place for a wish: a newer one ends the reading of the older."""

    def __init__(
        self, host: Host, read: Read, fail: Callable[[Exception], None], soon: float = SOON
    ) -> None:
        self._host = host
        self._read = read
        self._fail = fail
        self._wish: Wish | None = None
        self._chores: list[Callable[[], None]] = []
        """What is read of all rows, when nothing is wished for."""
        self._rest: list[Environment] = []
        """Whose size is still to be measured, after the chores."""
        self._measured: dict[str, dict[str, object]] = {}
        """What is to be remembered, by real prefix."""
        self._trashed: dict[str, int | None] = {}
        """The size of each thing in the trash: it does not change there."""
        self._silence = Silence(host, soon)
        self._come = threading.Condition()
        self._stale = threading.Event()
        self._thread: threading.Thread | None = None
        self._ended = False

    def want(self, wish: Wish | None) -> None:
        """Read these facts now, or none."""
        with self._come:
            self._wish = wish
            self._stale.set()
            if wish:
                self._begin()

    def end(self) -> None:
        """Begin nothing more."""
        with self._come:
            self._wish, self._chores, self._rest = None, [], []
            self._ended = True
            self._stale.set()
            self._come.notify()

    def survey(self, all_of: list[Environment], unmeasured: list[Environment]) -> None:
        """When nothing else is to do: who uses each, when last, and how big the others are."""
        with self._come:
            self._rest = list(unmeasured)
            self._chores = [
                lambda: self._recall(all_of),
                lambda: self._date(all_of),  # first: it finds out what hangs
                lambda: self._see(all_of),
                self._weigh_trash,
                self._keep,
            ]
            self._come.notify()

    def recall(self, all_of: list[Environment]) -> None:
        """What was measured of them in earlier runs."""
        with self._come:
            self._chores = [lambda: self._recall(all_of)]
            self._begin()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="facts", daemon=True)
            self._thread.start()
        self._come.notify()

    def _serve(self) -> None:
        while not self._ended:
            with self._come:
                while not (self._wish or self._chores or self._rest or self._ended):
                    self._come.wait()
                wish, self._wish = self._wish, None
                self._stale = stale = threading.Event()
            try:
                if wish is None:
                    self._background(stale)
                # A cursor that runs down the list wants nothing on its way.
                elif not stale.wait(0.12):
                    self._foreground(wish, stale)
            except Exception as error:  # noqa: BLE001 - one fact is missing, the others come
                self._fail(error)

    def _foreground(self, wish: Wish, stale: threading.Event) -> None:
        for field, value in self._gather(wish, stale):
            if stale.is_set():
                break
            self._read(field, {row_id(wish.row): value})

    def _background(self, stale: threading.Event) -> None:
        with self._come:  # a survey puts others in their place at any time
            chore = self._chores.pop(0) if self._chores else None
            row = self._rest.pop(0) if self._rest and not chore else None
        if chore:
            with contextlib.suppress(OSError):  # the next scan begins them again
                chore()
        if row is None:
            return
        try:
            weight = self._weigh(row, stale)
        except OSError:
            weight = {}  # gone meanwhile, or shut: the next scan tells
        if weight is None:
            with self._come:
                self._rest.append(row)  # interrupted by a wish: later
            return
        for field, value in weight.items():
            self._read(field, {row.id: value})
            self._measured.setdefault(row.real, {})[field] = value
        if len(self._measured) > _MANY or not self._rest:
            self._keep()

    def _keep(self) -> None:
        from envtui import index

        measured, self._measured = self._measured, {}
        if measured and not self._ended:
            index.keep(self._host, measured)

    def _recall(self, all_of: list[Environment]) -> None:
        from envtui import index

        known = index.recall(self._host)
        for field in ("last_used", "size", "holds"):
            found = {row.id: value for row in all_of
                     if (value := known.get(row.real, {}).get(field)) is not None}  # fmt: skip
            self._read(field, found)
        with self._come:
            self._rest = [row for row in self._rest if "size" not in known.get(row.real, {})]

    def _see(self, all_of: list[Environment]) -> None:
        """Who uses each, after one look at all processes."""
        from envtui.facts import use

        rows = [row for row in all_of if not self._silence.reason(row.real)]
        found = use.of_all([row.real for row in rows])
        # Other users' command lines show; that no more does would stand in every row there is.
        unseen: dict[str, object] = {
            row.id: found[row.real]._replace(foreign=0).unknown for row in rows
        }
        self._read("uses", {row.id: onerow.users(found[row.real]) for row in rows})
        self._read("unseen", unseen)

    def _date(self, all_of: list[Environment]) -> None:
        """One message for all: the rows are sorted by it, and move only once."""
        found: dict[str, object] = {}
        for row in all_of:
            with contextlib.suppress(OSError):
                found[row.id] = when = self._ask(row, partial(onerow.last_used, row))
                self._measured.setdefault(row.real, {})["last_used"] = when
        self._read("last_used", found)

    def _ask(
        self, row: Environment | Project, ask: Callable[[], T], stale: threading.Event | None = None
    ) -> T | None:
        """What is found out of a row. Raises TimeoutError for one that is silent."""
        path = row.path if isinstance(row, Project) else row.real
        return self._told(row, lambda: self._silence.ask(path, ask, stale))

    def _told(self, row: Environment | Project, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except TimeoutError as error:
            self._read("silent", {row_id(row): str(error.strerror)})
            raise

    def _weigh(self, row: Environment, stale: threading.Event) -> dict[str, int] | None:
        """Its sizes by field; None where a wish came between. Raises OSError."""
        from envtui.facts.size import measure_soon

        weigh = self._silence.patiently
        tree = self._told(row, lambda: weigh(row.real, lambda: measure_soon(row.real, stale)))
        return None if tree is None else {"size": tree.frees, "holds": tree.holds}

    def _weigh_trash(self) -> None:
        """What the trash holds."""
        from envtui import emptying, trash

        items = trash.listing()
        new = [item for item in items if item.id not in self._trashed]
        weighed = dict(zip((item.id for item in new), emptying.sizes(new)))  # noqa: B905
        self._trashed = {
            item.id: weighed.get(item.id, self._trashed.get(item.id)) for item in items
        }
        self._read(TRASH, {TRASH: sum(size or 0 for size in self._trashed.values())})

    def _gather(self, wish: Wish, stale: threading.Event) -> Iterator[tuple[str, object]]:
        row, host = wish.row, self._host
        asks: list[tuple[str, Callable[[], object]]] = [("decision", lambda: self._decision(wish))]
        if isinstance(row, Environment):
            asks += [
                ("settings", lambda: onerow.settings(host, row)),
                ("made", lambda: onerow.made(row)),
                ("packages", lambda: onerow.packages(host, row)),
            ]
        for field, ask in asks:
            try:
                value = self._ask(row, ask, stale)
            except (OSError, Problem):
                continue  # gone meanwhile: the next scan tells
            if value is not None:
                yield field, value
        if isinstance(row, Environment) and not stale.is_set():
            self._see([row])
            with contextlib.suppress(OSError):
                yield from (self._weigh(row, stale) or {}).items()

    def _decision(self, wish: Wish) -> Decision | None:
        from envtui import verbs

        row = wish.row
        directory = row.path if isinstance(row, Project) else row.project
        return verbs.why(self._host, wish.inventory, directory) if directory else None
