"""Answers side by side at the foot of a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from envtui.ui import paint
from envtui.ui.here import verb
from envtui.ui.text import Line, width


class Choices(Widget, can_focus=True):
    """One line of answers: arrows move, enter takes, a click takes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        verb("left", "step(-1)"),
        verb("right", "step(1)"),
        Binding("shift+tab", "step(-1)", show=False),
        Binding("tab", "step(1)", show=False),
        Binding("enter", "take", show=False),
    ]

    def __init__(self, options: list[tuple[str, str]], take: Callable[[str], object]) -> None:
        """`take` gets the answer at once: a message would reach the dialog after the next key."""
        super().__init__()
        self._take = take
        self.options = options
        """Answer and label; the first is where the focus begins."""
        self.at = 0

    def offer(self, options: list[tuple[str, str]]) -> None:
        """Other answers; the focus goes back to the first."""
        self.options, self.at = options, 0
        self.refresh()

    def _labels(self) -> list[str]:
        all_of_them = sum(width(label) + 5 for _answer, label in self.options)
        space = "  " if all_of_them <= self.size.width else " "
        return [f"{space}{label}{space}" for _answer, label in self.options]

    def render_line(self, y: int) -> Strip:
        """The chosen one stands out by brackets too, not by colour alone."""
        line: Line = []
        for at, label in enumerate(self._labels() if y == 0 else []):
            chosen = at == self.at
            shown = f"[{label[1:-1]}]" if chosen else label
            line += [(shown, "key" if chosen else "dim"), (" ", "")]
        return paint.strip(self, line, self.size.width)

    def action_step(self, by: int) -> None:
        """To the answer beside."""
        self.at = (self.at + by) % len(self.options)
        self.refresh()

    def action_take(self) -> None:
        """Take the chosen answer."""
        self._take(self.options[self.at][0])

    def on_click(self, event: events.Click) -> None:
        """Take what was clicked."""
        edge = 0
        for (answer, _), label in zip(self.options, self._labels(), strict=True):
            if edge <= event.x < edge + width(label):
                self._take(answer)
                return
            edge += width(label) + 1
