"""A field of a form that is one of several values."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from envtui.ui import paint
from envtui.ui.text import Line, clean, cut, length


class Value(NamedTuple):
    """One value, what it is called, and a remark."""

    id: str
    label: str
    remark: str = ""


class Cycle(Widget, can_focus=True):
    """Left and right choose; a letter goes to the next value that begins with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right,space", "step(1)", show=False),
    ]

    def __init__(self, values: list[Value], then: Callable[[], object], *, id: str) -> None:  # noqa: A002
        """`then` is called when somebody has chosen another value."""
        super().__init__(id=id)
        self._then = then
        self.values = values
        self.at = 0

    @property
    def value(self) -> str:
        """The id of the value that is chosen."""
        return self.values[self.at].id

    def offer(self, values: list[Value]) -> None:
        """Other values; the chosen one stays chosen if it is among them."""
        before = self.value
        self.values, self.at = values, 0
        self.choose(before)
        self.refresh()

    def choose(self, value: str) -> None:
        """Choose that value, if it is one of them."""
        self.at = next((i for i, v in enumerate(self.values) if v.id == value), self.at)

    def action_step(self, by: int) -> None:
        """The value beside."""
        self._go((self.at + by) % len(self.values))

    def _go(self, at: int) -> None:
        if at != self.at:
            self.at = at
            self.refresh()
            self._then()

    def on_key(self, event: events.Key) -> None:
        """The next value that begins with the letter."""
        if not event.is_printable or not event.character or event.character == " ":
            return
        event.stop()
        count = len(self.values)
        for step in range(1, count + 1):
            at = (self.at + step) % count
            if self.values[at].label.lower().startswith(event.character.lower()):
                self._go(at)
                return

    def on_click(self, event: events.Click) -> None:
        """The left edge goes back, the rest on."""
        self.action_step(-1 if event.x < 3 else 1)

    def render_line(self, y: int) -> Strip:
        """`‹ venv ›`, its place among the values, its remark."""
        if y:
            return paint.strip(self, [], self.size.width)
        value, several = self.values[self.at], len(self.values) > 1
        key = "key" if self.has_focus and several else "faint"
        line: Line = [("‹ " if several else "  ", key)]
        line += [(clean(value.label), "strong" if self.has_focus else "")]
        line += [(" ›" if several else "  ", key)]
        line += [(f"  {self.at + 1} of {len(self.values)}", "faint")] if several else []
        line += [(cut(f"  {clean(value.remark)}", self.size.width - length(line)), "dim")]
        return paint.strip(self, line, self.size.width, "tab" if self.has_focus else "")
