"""Scrolling lines that are built for the width they get: detail, dialogs and drawer use it."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Region, Size
from textual.strip import Strip

from envtui.ui import paint
from envtui.ui.frame import Framed
from envtui.ui.text import Line, wrap

Builder = Callable[[int], list[Line]]


class Lines(Framed):
    """Lines from a builder, called again when the width changes."""

    HEAD = 0
    """Lines above them that do not scroll."""

    def __init__(self, builder: Builder | None = None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._builder: Builder = builder or (lambda _room: [])
        self._lines: list[Line] = []
        self._room = -1

    def show(self, builder: Builder, *, keep: bool = True) -> None:
        """Show other lines; `keep` leaves the scroll position."""
        self._builder = builder
        before, room = self._lines, self._room
        self._build()
        if not keep:
            self.scroll_to(y=0, animate=False, force=True)
        if room == self._room and len(before) == len(self._lines):
            self._repaint_changes(before)
        else:
            self.refresh()

    def say(self, lines: list[Line], *, keep: bool = True) -> None:
        """Show these, wrapped between words."""
        self.show(lambda room: [row for one in lines for row in wrap(one, room - 1, 2)], keep=keep)

    def _repaint_changes(self, before: list[Line]) -> None:
        """A cursor that moves changes a few lines of the detail, not all of it."""
        top = round(self.scroll_y) - self.HEAD
        for at, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self.refresh(Region(0, at - top, self.size.width, 1))

    def _build(self) -> None:
        self._room = self.scrollable_size.width
        self._lines = self._builder(self._room) if self._room > 0 else []
        self.virtual_size = Size(self._room, self.HEAD + len(self._lines))

    def on_resize(self) -> None:
        """Wrap again."""
        if self.scrollable_size.width != self._room:
            self._build()
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as there are: `height: auto` works."""
        room = width - self.scrollbar_size_vertical
        if room != self._room:
            return max(len(self._builder(room)), 1)
        return max(len(self._lines), 1)

    def move(self, step: int) -> None:
        """Scroll so many lines."""
        self.scroll_to(y=self.scroll_y + step, animate=False, force=True)

    def move_to(self, at: int) -> None:
        """Scroll to a line."""
        self.scroll_to(y=at, animate=False, force=True)

    def filled(self) -> int:
        """What is scrolled to."""
        return self.HEAD + len(self._lines) - round(self.scroll_y)

    def render_line(self, y: int) -> Strip:
        """One line of what is scrolled to."""
        at = y - self.HEAD + round(self.scroll_y)
        line = self._lines[at] if at < len(self._lines) else []
        return paint.strip(self, line, self.size.width)
