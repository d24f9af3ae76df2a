"""The line a pane's filter is typed into; the pane follows every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Input

from envtui import filter as filters
from envtui.errors import BadInput
from envtui.ui.bar import Bar, Part
from envtui.ui.style import text_of
from envtui.ui.text import clean

if TYPE_CHECKING:
    from envtui.ui.main import MainScreen

HINT = "words, !not, broken, orphan, active, kind:poetry, py:<3.11  ·  ⏎ keep  esc clear"


class FilterBar(Container):
    """`/` and what follows; enter keeps the filter, esc clears it."""

    DEFAULT_CSS = text_of("filter")
    SCOPED_CSS = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", show=False),
        Binding("ctrl+c", "clear", show=False, priority=True),
        Binding("down", "keep", show=False),
        Binding("tab", "keep", show=False),
    ]

    def __init__(self, pane: str, text: str) -> None:
        super().__init__()
        self._pane = pane
        self._text = text
        self._problem = ""

    @property
    def main(self) -> MainScreen:
        """The screen it stands in."""
        return cast("MainScreen", self.screen)

    def compose(self) -> ComposeResult:
        """The slash, the input, and what is wrong with it."""
        sign = Bar(id="filter-sign")
        sign.show(lambda _room: [([(" / ", "key")], "")])
        yield sign
        yield Input(self._text, compact=True, select_on_focus=False)
        hint = Bar(id="filter-hint")
        hint.show(self._hint)
        yield hint

    def _hint(self, _room: int) -> list[Part]:
        if self._problem:
            return [([(f"! {clean(self._problem)}", "warn")], "")]
        return [([(HINT, "dim")], "")]

    def on_mount(self) -> None:
        """Typing starts at once."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        try:
            filters.parse(event.value)
        except BadInput as reason:
            self._problem = str(reason)
        else:
            self._problem = ""
            self.main.narrow(self._pane, event.value)
        self.query_one("#filter-hint", Bar).refresh()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Back to the rows, filtered."""
        self.main.go(self._pane)
        self.remove()

    def action_clear(self) -> None:
        """Back to all rows."""
        self.main.narrow(self._pane, "")
        self.action_keep()
