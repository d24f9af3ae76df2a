"""A table with a cursor and marks, drawn line by line: two lines are painted for one key."""

from __future__ import annotations

from typing import NamedTuple

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from envtui.ui import paint
from envtui.ui.columns import GAP, Column, fit
from envtui.ui.text import Line, Span, fill, width

GUTTER = 3


class Row(NamedTuple):
    """One line of the table; a `rule` is a heading between rows, the cursor passes over it."""

    id: str
    cells: tuple[Span, ...]
    sign: Span = ("", "")
    """One character before the row: active, context, lost."""
    rule: bool = False


class RowList(ScrollView, can_focus=True):
    """Rows under column titles. Holds no facts: rows go in, `Moved` and `Opened` come out."""

    cursor = reactive(0, repaint=False)

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, rows: RowList) -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> RowList:
            """The list it happened in."""
            return self.rows

    class Opened(Moved):
        """A row was double-clicked."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.columns: list[Column] = []
        self.rows: list[Row] = []
        self.empty: list[Line] = []
        self.marked: set[str] = set()
        self.leads = False
        """Whether its cursor shows as if it had the keys: a search line beside it has them."""
        self._widths: list[int] = []

    # -- what is shown ---------------------------------------------------------------

    def show(self, columns: list[Column], rows: list[Row], empty: list[Line]) -> None:
        """Show these rows, the cursor on the same one as before wherever it went."""
        before = self.current
        self.columns, self.rows, self.empty = columns, rows, empty
        self.marked &= {row.id for row in rows}
        self.virtual_size = Size(self.size.width, len(rows) + 1)
        self._measure()
        places = {row.id: at for at, row in enumerate(rows) if not row.rule}
        at = places.get(before.id, -1) if before else -1
        self.move_to(at if at >= 0 else self.cursor)
        self.refresh()

    def _measure(self) -> None:
        body = [row.cells for row in self.rows if not row.rule]
        natural = [max((width(cells[i][0]) for cells in body), default=0)
                   for i in range(len(self.columns))]  # fmt: skip
        self._widths = fit(self.columns, natural, max(self.size.width - GUTTER - 1, 1))

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        if 0 <= self.cursor < len(self.rows) and not self.rows[self.cursor].rule:
            return self.rows[self.cursor]
        return None

    @property
    def current_id(self) -> str:
        """The id of the row under the cursor, or ""."""
        return self.current.id if self.current else ""

    def select(self, row_id: str) -> bool:
        """Put the cursor on the row with that id, if it is there."""
        for at, row in enumerate(self.rows):
            if row.id == row_id and not row.rule:
                self.move_to(at)
                return True
        return False

    # -- the cursor ------------------------------------------------------------------

    def move(self, step: int) -> None:
        """So many rows down, or up where negative."""
        self.move_to(self.cursor + step, -1 if step < 0 else 1)

    def move_to(self, at: int, way: int = 1) -> None:
        """To the row there, or the nearest one that is no heading."""
        if not self.rows:
            self.cursor = 0
            return
        at = min(max(at, 0), len(self.rows) - 1)
        for candidate in (*_towards(at, way, len(self.rows)), *_towards(at, -way, len(self.rows))):
            if not self.rows[candidate].rule:
                self.cursor = candidate
                break
        self._into_view()

    def _into_view(self) -> None:
        page = max(self.size.height - 1, 1)
        top = round(self.scroll_y)
        if self.cursor < top:
            top = 0 if self.cursor == 1 and self.rows[0].rule else self.cursor
        elif self.cursor >= top + page:
            top = self.cursor - page + 1
        else:
            return
        self.scroll_to(y=top, animate=False, force=True)

    def watch_cursor(self, before: int, now: int) -> None:
        """Paint the two rows that changed, not the table."""
        for at in (before, now):
            self._repaint(at)
        self.post_message(self.Moved(self))

    def _repaint(self, at: int) -> None:
        y = at + 1 - round(self.scroll_y)
        if 1 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def mark(self) -> None:
        """Mark the row or take its mark away, and go on to the next."""
        if row := self.current:
            self.marked ^= {row.id}
            self._repaint(self.cursor)
            self.move(1)

    # -- events ----------------------------------------------------------------------

    def on_resize(self) -> None:
        """Columns follow the width; the cursor stays in sight."""
        self._measure()
        self.virtual_size = Size(self.size.width, len(self.rows) + 1)
        self._into_view()
        self.refresh()

    def on_focus(self) -> None:
        """The cursor row shows where the keys go."""
        self._repaint(self.cursor)

    def on_blur(self) -> None:
        """The same."""
        self._repaint(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click opens."""
        at = event.y - self.gutter.top - 1 + round(self.scroll_y)
        if event.y > self.gutter.top and 0 <= at < len(self.rows) and not self.rows[at].rule:
            self.cursor = at
            if event.chain == 2:
                self.post_message(self.Opened(self))

    # -- painting --------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """The titles first, then the rows that are scrolled to."""
        room = self.size.width
        if not self.rows:
            line = self.empty[y] if y < len(self.empty) else []
            return paint.strip(self, [(" ", ""), *line], room)
        if y == 0:
            return paint.strip(self, self._titles(), room)
        at = y - 1 + round(self.scroll_y)
        if at >= len(self.rows):
            return paint.strip(self, [], room)
        row = self.rows[at]
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
