"""A line of the screen that is always there: top line, pane tabs, last job, keys."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message
from textual.strip import Strip

from envtui.ui import paint
from envtui.ui.still import Still
from envtui.ui.text import Line, length

Part = tuple[Line, str]
"""What is drawn, and the id of the action that a click on it runs, or ""."""


class Bar(Still):
    """One line made of parts that can be clicked; built for the width it gets."""

    class Pressed(Message):
        """A part was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._build: Callable[[int], list[Part]] = lambda _room: []
        self._drawn: list[Part] = []

    def show(self, build: Callable[[int], list[Part]]) -> None:
        """Draw what `build` gives for the width in cells."""
        self._build = build
        self.refresh()

    def renew(self) -> None:
        """Draw it again if it would say something else."""
        if self._build(self.size.width) != self._drawn:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The parts beside each other."""
        parts = self._drawn = self._build(self.size.width) if y == 0 else []
        return paint.strip(self, [span for line, _ in parts for span in line], self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Run the action of the part under the mouse."""
        at = 0
        for line, action in self._build(self.size.width):
            at += length(line)
            if event.x < at:
                if action:
                    self.post_message(self.Pressed(action))
                return
