"""A question with a few answers, each with its key; the first is the harmless one."""

from __future__ import annotations

from textual import events
from textual.widget import Widget

from envtui.ui.choices import Choices
from envtui.ui.dialog import Dialog
from envtui.ui.lines import Lines
from envtui.ui.text import Line, clean, wrap


class Ask(Dialog[str]):
    """Answers the id of what was chosen; None is the same as the first."""

    def __init__(self, title: str, text: str, options: list[tuple[str, str, str]]) -> None:
        """Options are (answer, key, label)."""
        super().__init__(title)
        self._text = text
        self._options = options

    def parts(self) -> list[Widget]:
        """The question and its answers."""
        text = Lines(self._lines, id="steps")
        self.choices = Choices(
            [(a, f"{key} {label}") for a, key, label in self._options], self.dismiss
        )
        return [text, self.choices]

    def _lines(self, room: int) -> list[Line]:
        lines = self._text.split("\n")
        return [row for line in lines for row in wrap([(clean(line), "")], room - 1)]

    def on_mount(self) -> None:
        """The first answer has the focus."""
        self.set_focus(self.choices)

    def on_key(self, event: events.Key) -> None:
        """An answer's own key takes it."""
        for answer, key, _label in self._options:
            if event.key == key:
                event.stop()
                event.prevent_default()
                self.dismiss(answer)
