"""Pane 0: all that is known of the highlighted row, in tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.strip import Strip

from envtui.actions import key_of
from envtui.ui import paint
from envtui.ui.lines import Builder, Lines
from envtui.ui.text import Line, length

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp

TABS = ("Overview", "Packages", "Why", "Files")
_GAP = 2


class Detail(Lines, can_focus=True):
    """The lines of one tab, below the names of all."""

    app: EnvtuiApp
    HEAD = 2

    class Turned(Message):
        """Another tab was chosen."""

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.tab = 0

    def on_mount(self) -> None:
        """Before there is a row it has its key alone."""
        self._call("")

    def _call(self, name: str) -> None:
        key = key_of(self.app.keys, "detail")
        self.entitle([(f"{key} {name}".rstrip(), "title")], [])

    def turn(self, step: int) -> None:
        """The next tab, or the one before."""
        self.to((self.tab + step) % len(TABS))

    def to(self, tab: int) -> None:
        """That tab."""
        self.tab = tab
        self.refresh()
        self.scroll_to(y=0, animate=False, force=True)
        self.post_message(self.Turned())

    def tell(self, name: str, builder: Builder, *, keep: bool) -> None:
        """Show these lines of the row with that name."""
        self._call(name)
        self.show(builder, keep=keep)

    def render_line(self, y: int) -> Strip:
        """The tabs stay when the lines scroll."""
        if y >= self.HEAD:
            return super().render_line(y)
        return paint.strip(self, self._tabs() if y == 0 else [], self.size.width)

    def _tabs(self) -> Line:
        line: Line = [(" ", "")]
        for at, name in enumerate(TABS):
            line += [(name, "chosen" if at == self.tab else "dim"), (" " * _GAP, "")]
        turn = " ".join(key_of(self.app.keys, f"tab-{side}") for side in ("left", "right"))
        spare = self.scrollable_size.width - length(line) - len(turn) - 1
        return [*line, (" " * spare, ""), (turn, "faint")] if spare > 0 else line

    def on_click(self, event: events.Click) -> None:
        """A click on a name turns to that tab."""
        if event.y != self.gutter.top:
            return
        at = self.gutter.left + 1
        for tab, name in enumerate(TABS):
            if at <= event.x < at + len(name):
                self.to(tab)
            at += len(name) + _GAP
