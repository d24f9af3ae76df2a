"""Dialogs around a list: what moves the cursor of a pane moves it here too."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import ScreenResultType
from textual.widget import Widget
from textual.widgets import Input

from envtui.ui.columns import Column
from envtui.ui.dialog import Dialog
from envtui.ui.here import cursor, verb
from envtui.ui.lines import Lines
from envtui.ui.rowlist import Row, RowList


class Rowed(Dialog[ScreenResultType]):
    """Its list is `rows`; a double click is `choose`."""

    rows: RowList

    def action_move(self, by: int) -> None:
        """Another row."""
        self.rows.move(by)

    def action_choose(self) -> None:
        """Take the row; nothing where rows are only read."""

    @on(RowList.Opened)
    def _opened(self) -> None:
        self.action_choose()


class Listing(Rowed[ScreenResultType]):
    """A list above, and in `said` what there is to say of its row."""

    NAME: ClassVar[str] = "review"
    """How the ids of its parts begin."""
    BINDINGS: ClassVar[list[BindingType]] = [
        *cursor("move"),
        verb("quit", "leave"),
    ]

    def parts(self) -> list[Widget]:
        """The list and the lines below it."""
        self.rows = RowList(id=f"{self.NAME}-rows")
        self.said = Lines(id=f"{self.NAME}-said")
        return [self.rows, self.said]

    def wait(self, columns: list[Column], text: str) -> None:
        """A broad list that has to be worked out first."""
        self.frame.add_class("-broad")
        self.rows.show(columns, [], [[(text, "dim")]])
        self.rows.styles.height = 3
        self.set_focus(self.rows)

    def fill(self, columns: list[Column], rows: list[Row], nothing: str) -> None:
        """As high as its rows are many, or good news."""
        self.rows.styles.height = max(min(len(rows), 16), 2) + 1
        self.rows.show(columns, rows, [[(nothing, "good")]])


class Searching(Rowed[ScreenResultType]):
    """A line keeps the letters, arrows move the cursor among what fits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False, priority=True),
        verb("down", "move(1)", "down,ctrl+n"),
        verb("up", "move(-1)", "up,ctrl+p"),
        verb("half-down", "move(10)", "pagedown"),
        verb("half-up", "move(-10)", "pageup"),
    ]
    TYPED = True

    def on_mount(self) -> None:
        """The rows follow each letter before the next key: enter takes what the letters find."""
        self.set_focus(self.search)
        self.watch(self.search, "value", self.narrow)

    def narrow(self) -> None:
        """Show what the line finds, the first of it under the cursor."""

    def searched(self, hint: str, rows: str, text: str = "") -> list[Widget]:
        """The line, which may hold a text, and the list, which gets that id."""
        self.search = Input(text, placeholder=hint, compact=True, select_on_focus=False)
        self.rows = RowList(id=rows)
        self.rows.can_focus = False
        self.rows.leads = True
        return [self.search, self.rows]
