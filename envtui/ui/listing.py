"""A dialog around a list: what moves the cursor of a pane moves it here too."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ScreenResultType

from envtui.ui.dialog import Dialog
from envtui.ui.rowlist import RowList


class Listing(Dialog[ScreenResultType]):
    """Its list is `rows`."""

    rows: RowList
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("ctrl+d,pagedown", "move(10)", show=False),
        Binding("ctrl+u,pageup", "move(-10)", show=False),
        Binding("g,home", "move(-9999)", show=False),
        Binding("G,end", "move(9999)", show=False),
        Binding("q", "leave", show=False),
    ]

    def action_move(self, by: int) -> None:
        """Another row."""
        self.rows.move(by)
