"""A short list of answers, each with its key: one press chooses, arrows and enter do too."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from envtui.scene import shown
from envtui.ui.columns import Column
from envtui.ui.listing import Listing
from envtui.ui.rowlist import Row, RowList
from envtui.ui.text import clean

COLUMNS = [
    Column("", least=1, most=4),
    Column("", least=6, most=20),
    Column("", least=10, most=200, grow=True, middle=True),
]


class Option(NamedTuple):
    """One answer."""

    id: str
    key: str
    label: str
    detail: str = ""


class Menu(Listing[str]):
    """Answers the id of an option."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", show=False)]

    def __init__(self, title: str, options: list[Option]) -> None:
        super().__init__(title)
        self._options = options

    def parts(self) -> list[Widget]:
        """The options."""
        self.rows = RowList(id="menu")
        return [self.rows]

    def on_mount(self) -> None:
        """The first is where the cursor stands."""
        self.entitle(self._heading, "⏎ or the key · esc closes")
        found = [
            Row(o.id, ((shown(o.key), "key"), (o.label, ""), (clean(o.detail), "dim")))
            for o in self._options
        ]
        self.rows.styles.height = len(found) + 1
        self.rows.show(COLUMNS, found, [])
        self.set_focus(self.rows)

    def on_key(self, event: events.Key) -> None:
        """An option's own key chooses it."""
        for option in self._options:
            if option.key in (event.character, event.key):
                event.stop()
                event.prevent_default()
                self.dismiss(option.id)

    def action_choose(self) -> None:
        """The one under the cursor."""
        self.dismiss(self.rows.current_id or None)
