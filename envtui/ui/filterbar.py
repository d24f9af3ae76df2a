"""The line a pane's filter is typed into; the pane follows every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Input

from envtui import filter as filters
from envtui.errors import BadInput
from envtui.ui.bar import Bar, Part
from envtui.ui.style import text_of
from envtui.ui.text import clean, cut

if TYPE_CHECKING:
    from envtui.ui.main import MainScreen

HINT = "broken orphan !not kind:uv py:<3.11 size:>1G unused:>90d · ⏎ keep esc clear"


class FilterBar(Container):
    """`/` and what follows; enter keeps the filter, esc clears it."""

    DEFAULT_CSS = text_of("filter")
    SCOPED_CSS = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", show=False),
        Binding("ctrl+c", "clear", show=False, priority=True),
        Binding("enter", "keep", show=False, priority=True),
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

    def _hint(self, room: int) -> list[Part]:
        if self._problem:
            return [([(cut(f"! {clean(self._problem)}", room), "warn")], "")]
        return [([(cut(HINT, room), "dim")], "")]

    def on_mount(self) -> None:
        """The pane follows each letter before the next key."""
        line = self.query_one(Input)
        self.screen.set_focus(line)
        self.watch(line, "value", self._narrow, init=False)

    def _narrow(self, text: str) -> None:
        try:
            filters.parse(text)
        except BadInput as reason:
            self._problem = str(reason)
        else:
            self._problem = ""
            self.main.narrow(self._pane, text)
        self.query_one("#filter-hint", Bar).refresh()

    def action_keep(self) -> None:
        """Back to the rows, filtered."""
        self.main.typing = None
        self.main.go(self._pane)
        self.remove()
        self.main.rebuild()

    def action_clear(self) -> None:
        """Back to all rows."""
        self.main.narrow(self._pane, "")
        self.action_keep()
