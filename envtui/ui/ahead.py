"""Keys that were typed before the line that they are for could take them."""

from __future__ import annotations

from textual.events import Key
from textual.widgets import Input


class Ahead:
    """What was typed quickly after the key that opens a line, and reached a pane instead."""

    def __init__(self) -> None:
        self._line: Input | None = None
        self._keys: list[str] = []

    def takes(self, event: Key) -> bool:
        """Whether the key is for the line: it is typed there now, or once the line is drawn."""
        if not event.is_printable and event.key != "enter":
            return False
        key = event.character or "" if event.is_printable else event.key
        if self._line is None:
            self._keys.append(key)
            return True
        if event.is_printable:
            _type(self._line, key)
        return event.is_printable

    def begin(self, line: Input) -> None:
        """The line has the focus: what was typed ahead goes first."""
        self._line = line
        line.screen.set_focus(line)
        for key in self._keys:
            _type(line, key)
        self._keys.clear()


def _type(line: Input, key: str) -> None:
    if key == "enter":
        line.post_message(Input.Submitted(line, line.value))
    else:
        line.insert_text_at_cursor(key)
