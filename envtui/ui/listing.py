"""A dialog around a list: what moves the cursor of a pane moves it here too."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.screen import ScreenResultType

from envtui.ui.dialog import Dialog
from envtui.ui.here import verb
from envtui.ui.rowlist import RowList


class Listing(Dialog[ScreenResultType]):
    """Its list is `rows`."""

    rows: RowList
    BINDINGS: ClassVar[list[BindingType]] = [
        verb("down", "move(1)"),
        verb("up", "move(-1)"),
        verb("half-down", "move(10)"),
        verb("half-up", "move(-10)"),
        verb("top", "move(-9999)"),
        verb("bottom", "move(9999)"),
        verb("quit", "leave"),
    ]

    def action_move(self, by: int) -> None:
        """Another row."""
        self.rows.move(by)
