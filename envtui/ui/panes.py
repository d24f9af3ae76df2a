"""Filling the three panes: rows, titles with counts, filters and orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from envtui import filter as filters
from envtui.actions import Item, Row
from envtui.errors import BadInput
from envtui.model import Inventory
from envtui.ui import rows, words
from envtui.ui.columns import Column
from envtui.ui.rowlist import Row as Drawn
from envtui.ui.rowlist import RowList
from envtui.ui.text import clean

if TYPE_CHECKING:
    from envtui.ui.main import MainScreen

PANES = ("projects", "environments", "interpreters")


class View:
    """How each pane is filtered and sorted, and which record each row stands for."""

    def __init__(self, filter_text: str = "") -> None:
        self.filters = dict.fromkeys(PANES, "")
        self.filters["environments"] = filter_text
        self.orders = dict.fromkeys(PANES, 0)
        self.items: dict[str, dict[str, Item]] = {pane: {} for pane in PANES}

    def keep(self, pane: str) -> rows.Keep:
        """What the pane's filter lets through; one that can't be understood lets all through."""
        try:
            return filters.parse(self.filters[pane]).matches
        except BadInput:
            return lambda _item: True

    def order(self, pane: str) -> str:
        """By what the pane is sorted."""
        return rows.SORTS[pane][self.orders[pane] % len(rows.SORTS[pane])]

    def item(self, pane: str, shown: RowList) -> Row:
        """The record under the cursor."""
        return self.items[pane].get(shown.current_id)


def wait(screen: MainScreen) -> None:
    """Before the first scan has answered."""
    for at, pane in enumerate(PANES, 1):
        shown = screen.list(pane)
        shown.show([], [], rows.waiting())
        shown.border_title = f"{at} {pane.capitalize()}"


def fill(screen: MainScreen, inventory: Inventory) -> None:
    """All three panes."""
    view, host = screen.view, screen.app.host
    view.items["projects"] = {p.path: p for p in inventory.projects}
    view.items["environments"] = {e.id: e for e in inventory.environments}
    view.items["interpreters"] = {i.id: i for i in inventory.interpreters}
    view.items["interpreters"] |= {lost.id: lost for lost in words.lost_pythons(inventory)}
    found = rows.project_rows(
        inventory, host, view.order("projects"), view.keep("projects"), screen.stands
    )
    _show(screen, "projects", rows.PROJECTS, found, len(inventory.projects))
    fill_environments(screen, inventory)
    found = rows.interpreter_rows(
        inventory, host, view.order("interpreters"), view.keep("interpreters")
    )
    _show(screen, "interpreters", rows.INTERPRETERS, found, len(inventory.interpreters))


def fill_environments(screen: MainScreen, inventory: Inventory) -> None:
    """Pane 2, which also follows the context project."""
    view = screen.view
    found = rows.environment_rows(
        inventory,
        screen.app.host,
        screen.facts,
        view.order("environments"),
        view.keep("environments"),
        screen.here,
    )
    _show(screen, "environments", rows.ENVIRONMENTS, found, len(inventory.environments))


def _show(
    screen: MainScreen, pane: str, columns: list[Column], found: list[Drawn], total: int
) -> None:
    text = screen.view.filters[pane]
    empty = rows.no_match(text) if text and total else rows.nothing(pane)
    shown = screen.list(pane)
    shown.show(columns, found, empty)
    at = PANES.index(pane) + 1
    title: list[str | tuple[str, str]] = [f"{at} {pane.capitalize()} ", (f" {total}", "dim")]
    if pane == "environments" and screen.wide:
        title += [(f" · {said}", "dim") for said in tally(screen.inventory)]
    if text:
        title += [("  /", "bold"), (clean(text), "bold")]
    shown.border_title = Content.assemble(*title)
    count(screen, pane)


def count(screen: MainScreen, pane: str) -> None:
    """Where the cursor is, and the order, in the lower frame."""
    shown = screen.list(pane)
    real = [at for at, row in enumerate(shown.rows) if not row.rule]
    if not real:
        shown.border_subtitle = ""
        return
    place = sum(at <= shown.cursor for at in real)
    marked = f"{len(shown.marked)} marked · " if shown.marked else ""
    shown.border_subtitle = f"{marked}by {screen.view.order(pane)} · {place} of {len(real)}"


def tally(inventory: Inventory | None) -> list[str]:
    """What is wrong among the environments, in a few words."""
    if inventory is None:
        return []
    ill = sum(e.health not in ("ok", "version-differs") for e in inventory.environments)
    orphans = sum(e.link == "orphaned" for e in inventory.environments)
    return [f"{ill} broken"] * bool(ill) + [f"{orphans} orphan"] * bool(orphans)
