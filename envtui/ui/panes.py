"""Filling the three panes: which rows in which order, and the words in their frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from envtui import filter as filters
from envtui.actions import Item, Lost, Row, key_of
from envtui.errors import BadInput
from envtui.model import Environment
from envtui.scene import row_id
from envtui.ui import orders, rows, words
from envtui.ui.catalogue import Catalogue
from envtui.ui.rowlist import RULE, RowList, Rows
from envtui.ui.rowlist import Row as Drawn
from envtui.ui.text import Line, clean

if TYPE_CHECKING:
    from envtui.ui.main import MainScreen

PANES = ("projects", "environments", "interpreters")
COLUMNS = {
    "projects": rows.PROJECTS,
    "environments": rows.ENVIRONMENTS,
    "interpreters": rows.INTERPRETERS,
}
_ORDERS: dict[str, Callable[[Catalogue, str], list[str]]] = {
    "projects": orders.projects,
    "environments": orders.environments,
    "interpreters": orders.interpreters,
}
_WIDTHS = {
    "projects": rows.project_widths,
    "environments": rows.environment_widths,
    "interpreters": rows.interpreter_widths,
}


class View:
    """How each pane is filtered and sorted, and which record each row stands for."""

    def __init__(self, filter_text: str = "") -> None:
        self.filters = dict.fromkeys(PANES, "")
        self.filters["environments"] = filter_text
        self.orders = dict.fromkeys(PANES, 0)
        self.items: dict[str, dict[str, Item]] = {pane: {} for pane in PANES}
        self.ids: dict[str, list[str]] = {pane: [] for pane in PANES}
        """All rows of each pane in order, filtered or not."""
        self.widths: dict[str, list[int]] = {}

    def order(self, pane: str) -> str:
        """By what the pane is sorted."""
        return orders.SORTS[pane][self.orders[pane] % len(orders.SORTS[pane])]

    def item(self, pane: str, shown: RowList) -> Row:
        """The record under the cursor."""
        return self.items[pane].get(shown.current_id)

    def passing(self, pane: str, catalogue: Catalogue) -> list[str]:
        """What the pane's filter lets through; one that can't be understood lets all through."""
        ids, items, text = self.ids[pane], self.items[pane], self.filters[pane]
        if not text:
            return ids
        try:
            keep = filters.parse(text, catalogue.text)
        except BadInput:
            return ids
        found = [items[key] for key in ids]
        lost = [item.id for item in found if isinstance(item, Lost) and _names(item, text)]
        known = keep.passing([item for item in found if not isinstance(item, Lost)])
        if keep.needs:
            known = [item for item in known if _slowly(item, catalogue, keep)]
        passing = {row_id(item) for item in known}.union(lost)
        return [key for key in ids if key in passing]

    def needs(self, pane: str) -> frozenset[str]:
        """The slow facts that the pane's filter looks at."""
        try:
            return filters.parse(self.filters[pane]).needs
        except BadInput:
            return frozenset()


def _names(lost: Lost, text: str) -> bool:
    known = f"{lost.version} {lost.base} broken missing".lower()
    return all(word in known for word in text.lower().split())


def _slowly(item: filters.Row, catalogue: Catalogue, keep: filters.Filter) -> bool:
    """Whether an environment passes with what has been read of it so far."""
    if isinstance(item, Environment):
        facts, used = catalogue.facts(item), catalogue.in_use(item)
        item = item._replace(size=facts.size, last_used=facts.last_used or None, active=used)
    return keep.matches(item)


def wait(screen: MainScreen) -> None:
    """Before the first scan has answered."""
    for pane in PANES:
        shown = screen.list(pane)
        shown.show([], [], rows.waiting())
        shown.entitle(_name(screen, pane), [])


def fill(screen: MainScreen, catalogue: Catalogue) -> None:
    """All three panes, from another inventory."""
    view = screen.view
    view.items = {
        "projects": dict(catalogue.projects),
        "environments": dict(catalogue.environments),
        "interpreters": {**catalogue.interpreters, **catalogue.lost},
    }
    for pane in PANES:
        view.widths[pane] = _WIDTHS[pane](catalogue)
        sort(screen, pane)


def sort(screen: MainScreen, pane: str) -> None:
    """The rows of a pane anew, in its order."""
    if screen.catalogue:
        screen.view.ids[pane] = _ORDERS[pane](screen.catalogue, screen.view.order(pane))
        show(screen, pane)


def show(screen: MainScreen, pane: str) -> None:
    """What passes the pane's filter, in the order it has."""
    catalogue, view = screen.catalogue, screen.view
    if catalogue is None:
        return
    ids = view.passing(pane, catalogue)
    if pane == "projects":
        ids = _first(ids, [screen.stands.path] if screen.stands else [])
    elif pane == "environments":
        ids = _with_heading(screen, catalogue, ids)
    draw = {
        "projects": lambda key: rows.project_row(catalogue.projects[key], catalogue, screen.stands),
        "environments": lambda key: _environment(key, catalogue),
        "interpreters": lambda key: rows.interpreter_row(key, catalogue),
    }[pane]
    text = view.filters[pane]
    keys = screen.app.keys
    empty = rows.no_match(text, keys) if text and view.ids[pane] else rows.nothing(pane, keys)
    screen.list(pane).show(COLUMNS[pane], Rows(ids, draw, view.widths[pane]), empty)
    entitle(screen, pane)


def _environment(key: str, catalogue: Catalogue) -> Drawn:
    if key.startswith(RULE):
        return rows.ELSEWHERE
    return rows.environment_row(catalogue.environments[key], catalogue)


def _first(ids: list[str], first: list[str]) -> list[str]:
    kept = set(ids)
    first = [key for key in first if key in kept]
    front = set(first)
    return [*first, *(key for key in ids if key not in front)]


def _with_heading(screen: MainScreen, catalogue: Catalogue, ids: list[str]) -> list[str]:
    """Those of the context project, a heading, then the others."""
    if not screen.here:
        return ids
    mine = {e.id for e in catalogue.members(screen.here)}
    first = [key for key in ids if key in mine]
    if screen.view.order("environments") == "use":  # else the order that was asked for
        first = [e.id for e in words.members(screen.here, catalogue.inventory) if e.id in first]
    rest = [key for key in ids if key not in mine]
    return [*first, rows.ELSEWHERE.id, *rest] if first and rest else first + rest


# -- the frames ------------------------------------------------------------------------


def _name(screen: MainScreen, pane: str) -> Line:
    return [(f"{key_of(screen.app.keys, pane)} {pane.capitalize()}", "title")]


def entitle(screen: MainScreen, pane: str) -> None:
    """The name with its filter, the count and what is wrong; then the place."""
    shown, total = screen.list(pane), len(screen.view.ids[pane])
    name = _name(screen, pane)
    if text := screen.view.filters[pane]:
        passing = len(shown.rows.ids) - (rows.ELSEWHERE.id in shown.rows.ids)
        name += [("  /", "key"), (clean(text), "strong")]
    said: Line = [(f"{passing} of {total}" if text else str(total), "dim")]
    if pane == "environments" and screen.catalogue and screen.wide and not text:
        for text, tone in tally(screen.catalogue):
            said += [(" · ", "faint"), (text, tone)]
    if screen.catalogue:
        said += [(" · ", "faint"), (f"by {screen.view.order(pane)} ↓", "dim")]
    shown.entitle(name, said)
    count(screen, pane)


def count(screen: MainScreen, pane: str) -> None:
    """How many are marked, where the cursor is and how many rows stand below what is in sight."""
    shown = screen.list(pane)
    ids = shown.rows.ids
    more = shown.unseen
    ends = " to the cursor" if shown.range_from else ""
    line: Line = [(f"{len(shown.marked)} marked{ends}", "accent")] if shown.marked else []
    if more or round(shown.scroll_y):
        rules = [at for at, key in enumerate(ids[:40]) if key.startswith(RULE)]
        place = shown.cursor + 1 - sum(at <= shown.cursor for at in rules)
        line += [(" · ", "faint")] * bool(line)
        line += [(f"{place} of {len(ids) - len(rules)}", "dim")]
        line += [(" · ", "faint"), (f"{more} more ↓", "dim")] if more else []
    shown.place(line)


def tally(catalogue: Catalogue) -> Line:
    """What there is to know of all environments, in a few words: the ill, the idle, the size."""
    said: Line = []
    said += [(f"{catalogue.ill} broken", "bad")] if catalogue.ill else []
    said += [(f"{catalogue.orphans} orphan", "warn")] if catalogue.orphans else []
    said += [(f"{len(catalogue.idle)} idle", "idle")] if catalogue.idle else []
    if catalogue.sizes:
        # Until all are measured it is what is known so far.
        least = "≥" if len(catalogue.sizes) < len(catalogue.environments) else ""
        said += [(least + words.size(catalogue.size), "dim")]
    return said
