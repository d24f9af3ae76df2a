"""`?`: every key from the one table, searchable; enter runs what it shows."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from envtui import actions
from envtui.ui.columns import Column
from envtui.ui.dialog import Dialog
from envtui.ui.rowlist import Row, RowList

COLUMNS = [
    Column("KEY", least=6, most=18),
    Column("", least=4, most=12, rank=1),
    Column("DOES", least=20, most=90, grow=True),
]


class HelpDialog(Dialog[str]):
    """Answers the id of the action to run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("enter", "run", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__("Keys")

    def parts(self) -> list[Widget]:
        """What is searched for, and what is found."""
        self.search = Input(placeholder="type to search", compact=True)
        self.found = RowList(id="keys-found")
        self.found.can_focus = False
        return [self.search, self.found]

    def on_mount(self) -> None:
        """Letters go to the search."""
        self.entitle("Keys", "⏎ runs it · esc closes")
        self.search.focus()
        self._find("")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._find(event.value)

    def _find(self, text: str) -> None:
        words = text.lower().split()
        rows: list[Row] = []
        group = ""
        for action in actions.ACTIONS:
            keys = " ".join(actions.shown(key) for key in self.app.keys[action.id])
            haystack = f"{keys} {action.label} {action.help}".lower()
            if not all(word in haystack for word in words):
                continue
            if action.group != group:
                group = action.group
                rows.append(Row(f"rule:{group}", ((group, ""),), rule=True))
            rows.append(Row(action.id, ((keys, "key"), (action.label, ""), (action.help, "dim"))))
        self.found.show(COLUMNS, rows, [[("no key does that", "dim")]])
        self.found.move_to(0)

    def action_move(self, by: int) -> None:
        """The cursor moves while the search keeps the letters."""
        self.found.move(by)

    def action_run(self) -> None:
        """Close, then do it."""
        self.dismiss(self.found.current_id or None)

    @on(RowList.Opened)
    def _opened(self) -> None:
        self.action_run()
