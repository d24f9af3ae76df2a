"""A table with a cursor and marks, drawn line by line: two lines are painted for one key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from envtui.ui import paint
from envtui.ui.columns import GAP, Column, fit
from envtui.ui.frame import Framed
from envtui.ui.text import Line, Span, fill, width, wrap

GUTTER = 3
PAUSE = 0.005
"""Seconds from a move until it is told: the paint comes first, and many moves are told once."""


class Row(NamedTuple):
    """One line of the table; a `rule` is a heading between rows, the cursor passes over it."""

    id: str
    cells: tuple[Span, ...]
    sign: Span = ("", "")
    """One character before the row: active, context, lost."""
    rule: bool = False


RULE = "rule:"
"""How the id of a heading between rows begins."""


class Rows(NamedTuple):
    """What a list shows: ids in order; a row is drawn only when it comes into sight."""

    ids: list[str]
    draw: Callable[[str], Row]
    natural: list[int]
    """The width that each column would like."""


def drawn(rows: list[Row], columns: list[Column]) -> Rows:
    """Rows that are few enough to be drawn beforehand."""
    body = [row.cells for row in rows if not row.rule]
    natural = [max((width(cells[i][0]) for cells in body), default=0) for i in range(len(columns))]
    return Rows([row.id for row in rows], {row.id: row for row in rows}.__getitem__, natural)


NOTHING = drawn([], [])


class RowList(Framed, can_focus=True):
    """Rows under column titles. Holds no facts: rows go in, `Moved` and `Opened` come out."""

    cursor = reactive(0, repaint=False, init=False)

    class Moved(Message):
        """The cursor stands on another row."""

    class Opened(Message):
        """A row was double-clicked."""

    class Scrolled(Message):
        """Other rows are in sight."""

        def __init__(self, rows: RowList) -> None:
            super().__init__()
            self.rows = rows

    def __init__(self, *, id: str, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self.columns: list[Column] = []
        self.rows = NOTHING
        self.empty: list[Line] = []
        self.marked: set[str] = set()
        self.range_from = ""
        """The row where a range of marks began, while the cursor draws it."""
        self._before: set[str] = set()
        """What was marked before the range."""
        self.leads = False
        """Whether its cursor shows as if it had the keys: a search line beside it has them."""
        self._widths: list[int] = []
        self._left = ("", "")
        """The row that was chosen last, and the one that stands for it while it is not shown."""
        self._untold: asyncio.TimerHandle | None = None

    # -- what is shown ---------------------------------------------------------------

    def show(self, columns: list[Column], rows: Rows | list[Row], empty: list[Line]) -> None:
        """Show these rows, the cursor on the same one as before wherever it went."""
        before = self.current_id
        self.columns, self.empty = columns, empty
        self.rows = drawn(rows, columns) if isinstance(rows, list) else rows
        ids = self.rows.ids
        if self.marked:
            self.marked.intersection_update(ids)
            self.range_from = self.range_from if self.range_from in self.marked else ""
        self.virtual_size = Size(self.size.width, len(ids) + 1)
        self._measure()
        chosen, instead = self._left
        wanted = chosen if instead == before else before
        there = next((row for row in (wanted, before) if row in ids), None)
        self.move_to(self.cursor if there is None else ids.index(there))
        self._left = (wanted, self.current_id)
        if self.current_id != before:
            self._tell()
        self.refresh()

    def _measure(self) -> None:
        room = self.scrollable_size.width - GUTTER - 1
        self._widths = fit(self.columns, self.rows.natural, max(room, 1))

    @property
    def current_id(self) -> str:
        """The id of the row under the cursor, or ""."""
        ids = self.rows.ids
        return ids[self.cursor] if self.cursor < len(ids) and not self._rule(self.cursor) else ""

    def _rule(self, at: int) -> bool:
        """Whether a heading stands there."""
        return self.rows.ids[at].startswith(RULE)

    @property
    def unseen(self) -> int:
        """How many rows there are below the last that is in sight."""
        below = len(self.rows.ids) - round(self.scroll_y) - max(self.size.height - 1, 0)
        return max(below, 0)

    def select(self, row_id: str) -> bool:
        """Put the cursor on the row with that id, if it is there."""
        if row_id not in self.rows.ids:
            return False
        self.move_to(self.rows.ids.index(row_id))
        return True

    # -- the cursor ------------------------------------------------------------------

    def move(self, step: int) -> None:
        """So many rows down, or up where negative."""
        self.move_to(self.cursor + step, -1 if step < 0 else 1)

    def move_to(self, at: int, way: int = 1) -> None:
        """To the row there, or the nearest one that is no heading."""
        count = len(self.rows.ids)
        if not count:
            self.cursor = 0
            return
        at = min(max(at, 0), count - 1)
        for candidate in chain(_towards(at, way, count), _towards(at, -way, count)):
            if not self._rule(candidate):
                self.cursor = candidate
                break
        self._into_view()

    def _into_view(self) -> None:
        page = max(self.size.height - 1, 1)
        top = round(self.scroll_y)
        first = 0 if self.cursor == 1 and page > 1 and self._rule(0) else self.cursor
        if first < top:
            top = first
        elif self.cursor >= top + page:
            top = self.cursor - page + 1
        else:
            return
        self.scroll_to(y=top, animate=False, force=True)

    def watch_cursor(self, before: int, now: int) -> None:
        """Paint the two rows that changed, not the table."""
        if self.range_from:
            self._stretch()
        for at in (before, now):
            self._repaint(at)
        self._tell()

    def _tell(self) -> None:
        if self._untold is None:
            self._untold = asyncio.get_running_loop().call_later(PAUSE, self.tell)

    def tell(self) -> None:
        """Post the move that has not been told yet."""
        if self._untold:
            self._untold.cancel()
            self._untold = None
            self.post_message(self.Moved())

    def _repaint(self, at: int) -> None:
        y = at + 1 - round(self.scroll_y)
        width, height = self.size
        if 1 <= y < height:
            self.refresh(Region(0, y, width, 1))

    def mark(self) -> None:
        """Mark the row or take its mark away, and go on to the next."""
        self.range_from = ""
        if row_id := self.current_id:
            self.marked ^= {row_id}
            self._repaint(self.cursor)
            self.move(1)

    def mark_range(self) -> None:
        """Begin a range of marks here, which the cursor draws; or end it."""
        if self.range_from or not self.current_id:
            self.range_from = ""
            return
        self.range_from, self._before = self.current_id, set(self.marked)
        self._stretch()

    def unmark(self) -> None:
        """No mark, no range."""
        self.range_from = ""
        self.marked.clear()
        self.refresh()

    def _stretch(self) -> None:
        """Mark from where the range began to the cursor."""
        ids = self.rows.ids
        one, other = sorted((ids.index(self.range_from), self.cursor))
        between = range(one, other + 1)
        self.marked = self._before | {ids[at] for at in between if not self._rule(at)}
        self.refresh()

    # -- events ----------------------------------------------------------------------

    def on_resize(self) -> None:
        """Columns follow the width; the cursor stays in sight."""
        self._measure()
        self.virtual_size = Size(self.size.width, len(self.rows.ids) + 1)
        self._into_view()
        self.refresh()
        self.post_message(self.Scrolled(self))

    def watch_scroll_y(self, before: float, now: float) -> None:
        """As Textual does, and tell."""
        super().watch_scroll_y(before, now)
        self.post_message(self.Scrolled(self))

    def on_focus(self) -> None:
        """The cursor row shows where the keys go."""
        self._repaint(self.cursor)

    def on_blur(self) -> None:
        """The same."""
        self._repaint(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click opens."""
        at = event.y - self.gutter.top - 1 + round(self.scroll_y)
        if event.y > self.gutter.top and 0 <= at < len(self.rows.ids) and not self._rule(at):
            self.cursor = at
            if event.chain == 2:
                self.post_message(self.Opened())

    # -- painting --------------------------------------------------------------------

    def filled(self) -> int:
        """The titles and the rows, or what an empty list says."""
        ids = self.rows.ids
        return 1 + len(ids) - round(self.scroll_y) if ids else len(self._instead())

    def _instead(self) -> list[Line]:
        """What an empty list says, as wide as it is."""
        room = self.scrollable_size.width - 2
        return [row for line in self.empty for row in (wrap(line, room, 3) if line else [[]])]

    def render_line(self, y: int) -> Strip:
        """The titles first, then the rows that are scrolled to."""
        room = self.size.width
        if not self.rows.ids:
            said = self._instead()
            line = said[y] if y < len(said) else []
            return paint.strip(self, [(" ", ""), *line], room)
        if y == 0:
            return paint.strip(self, self._titles(), room)
        at = y - 1 + round(self.scroll_y)
        if at >= len(self.rows.ids):
            return paint.strip(self, [], room)
        row = self.rows.draw(self.rows.ids[at])
        if row.rule:
            text = f" {row.cells[0][0]} "
            return paint.strip(self, [(f"──{text}".ljust(room, "─"), "faint")], room)
        here = at == self.cursor
        under = ("cursor" if self.has_focus or self.leads else "tab") if here else ""
        return paint.strip(self, self._line(row, here=here), room, under)

    def _titles(self) -> Line:
        line: Line = [(" " * GUTTER, "")]
        for column, cells in zip(self.columns, self._widths, strict=True):
            if cells:
                line.append((fill(column.title, cells, right=column.right) + " " * GAP, "head"))
        return line

    def _line(self, row: Row, *, here: bool) -> Line:
        bar = "▌" if here and (self.has_focus or self.leads) else " "
        sign = ("✓", "accent") if row.id in self.marked else row.sign
        line: Line = [(bar, "accent"), (fill(sign[0], 1), sign[1]), (" ", "")]
        for column, cells, (text, name) in zip(self.columns, self._widths, row.cells, strict=True):
            if cells:
                cell = fill(text, cells, right=column.right, middle=column.middle)
                line.append((cell + " " * GAP, name))
        return line


def _towards(at: int, way: int, count: int) -> range:
    return range(at, count) if way > 0 else range(at, -1, -1)
