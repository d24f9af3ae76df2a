"""Slow facts about the highlighted row, read off the UI thread, the latest wish first."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from envtui.errors import Problem
from envtui.host import Host
from envtui.model import Decision, Environment, Inventory, Project


class Facts(NamedTuple):
    """What is known so far; None is not known yet."""

    size: int | None = None
    """What comes back when it is deleted."""
    holds: int | None = None
    """What it takes up, with the files that it shares with caches."""
    uses: tuple[str, ...] | None = None
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

    def __init__(self, host: Host, read: Read, fail: Callable[[Exception], None]) -> None:
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
                lambda: self._read("uses", {row.id: users for row, users in _users(all_of)}),
                lambda: self._date(all_of),
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
            key = wish.row.path if isinstance(wish.row, Project) else wish.row.id
            self._read(field, {key: value})

    def _background(self, stale: threading.Event) -> None:
        if self._chores:
            try:
                self._chores.pop(0)()
            except OSError:
                pass  # the next scan begins them again
            return
        if not self._rest:
            return  # ended meanwhile
        row = self._rest.pop(0)
        try:
            weight = _weigh(row, stale)
        except OSError:
            weight = {}  # gone meanwhile, or shut: the next scan tells
        if weight is None:
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
        self._rest = [row for row in self._rest if "size" not in known.get(row.real, {})]

    def _date(self, all_of: list[Environment]) -> None:
        """One message for all: the rows are sorted by it, and move only once."""
        found: dict[str, object] = {}
        for row in all_of:
            found[row.id] = when = _last_used(row)
            self._measured.setdefault(row.real, {})["last_used"] = when
        self._read("last_used", found)

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
        row = wish.row
        for field, get in (
            ("decision", lambda: self._decision(wish)),
            ("settings", lambda: _settings(self._host, row)),
            ("made", lambda: _made(row)),
            ("packages", lambda: _packages(self._host, row)),
            ("uses", lambda: _uses(row)),
        ):
            if stale.is_set():
                return
            try:
                value = get()
            except (OSError, Problem):
                continue  # gone meanwhile: the next scan tells
            if value is not None:
                yield field, value
        if isinstance(row, Environment):
            try:
                yield from (_weigh(row, stale) or {}).items()
            except OSError:
                return

    def _decision(self, wish: Wish) -> Decision | None:
        from envtui import verbs

        row = wish.row
        directory = row.path if isinstance(row, Project) else row.project
        return verbs.why(self._host, wish.inventory, directory) if directory else None


def _settings(host: Host, row: Environment | Project) -> tuple[str, ...] | None:
    if isinstance(row, Project):
        return None
    text = os.fsdecode(host.read(os.path.join(row.path, "pyvenv.cfg"), 65536))
    return tuple(line for line in text.splitlines() if line.strip())


def _made(row: Environment | Project) -> str | None:
    if isinstance(row, Project):
        return None
    written = os.stat(os.path.join(row.path, "pyvenv.cfg")).st_mtime
    return time.strftime("%Y-%m-%d", time.localtime(written))


def _last_used(row: Environment) -> str:
    from envtui.facts.last_use import last_used

    return last_used(row.real) or ""


def _packages(host: Host, row: Environment | Project) -> tuple[str, ...] | None:
    """Names and versions as the `*.dist-info` directories say them: no file is opened."""
    if isinstance(row, Project):
        return None
    found = []
    lib = os.path.join(row.path, "lib")
    for python in host.names(lib):
        site = os.path.join(lib, python, "site-packages")
        if not python.startswith(("python", "pypy")) or not host.is_dir(site):
            continue
        ended = [name[:-10] for name in host.names(site) if name.endswith(".dist-info")]
        found += [" ".join(name.rsplit("-", 1)) for name in ended]
    return tuple(sorted(found, key=str.lower))


def _uses(row: Environment | Project) -> tuple[str, ...] | None:
    if isinstance(row, Project):
        return None
    return _users([row])[0][1]


def _users(rows: list[Environment]) -> list[tuple[Environment, tuple[str, ...]]]:
    """The processes in each, as a person knows them, after one look at all processes."""
    from envtui.facts import use

    found = use.of_all([row.real for row in rows])
    return [
        (
            row,
            (
                *(f"{u.command} ({u.pid})" for u in found[row.real].own),
                *(f"{u.command} ({u.pid}) of {u.owner}" for u in found[row.real].others),
            ),
        )
        for row in rows
    ]


def _weigh(row: Environment, stale: threading.Event) -> dict[str, int] | None:
    """Its sizes by field; None where a wish came between."""
    from envtui.facts.size import measure

    tree = measure(row.real, stale)
    return None if tree is None else {"size": tree.frees, "holds": tree.holds}
