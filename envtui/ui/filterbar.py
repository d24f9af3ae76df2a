"""The line a pane's filter is typed into; the pane follows every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Key
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
        Binding("down", "keep", show=False),
        Binding("tab", "keep", show=False),
    ]

    def __init__(self, pane: str, text: str) -> None:
        super().__init__()
        self._pane = pane
        self._text = text
        self._problem = ""
        self._begun = False
        self._ahead: list[str] = []
        """Keys that were typed before there was a line to take them."""

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
        """Typing starts once the line is drawn: Textual drops keys that it gets any earlier."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """What was typed ahead first."""
        line = self.query_one(Input)
        self._begun = True
        self.screen.set_focus(line)
        for key in self._ahead:
            self._type(line, key)
        self._ahead.clear()

    def takes(self, event: Key) -> bool:
        """Whether a key that a pane was given is for this line: typed quickly after `/`."""
        if not event.is_printable and event.key != "enter":
            return False
        key = event.character or "" if event.is_printable else event.key
        if not self._begun:
            self._ahead.append(key)
            return True
        line = self.query_one(Input)
        if event.is_printable:
            self._type(line, key)
        return event.is_printable

    def _type(self, line: Input, key: str) -> None:
        if key == "enter":
            line.post_message(Input.Submitted(line, line.value))
        else:
            line.insert_text_at_cursor(key)

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
        self.main.typing = None
        self.main.go(self._pane)
        self.remove()
        self.main.rebuild()

    def action_clear(self) -> None:
        """Back to all rows."""
        self.main.narrow(self._pane, "")
        self.action_keep()
