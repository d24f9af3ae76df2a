"""What is typed, on its way from the focus up to the bindings.

Textual sends a key through a queue of each widget on that way, and the next key right behind: it
would go to the wrong widget, be overtaken, or be lost with the dialog that the one before closes.
"""

from __future__ import annotations

from textual import events
from textual.dom import DOMNode
from textual.message_pump import MessagePump


class _Typed(events.Event):
    """Says who is next instead of going there."""

    above: MessagePump | None = None

    def begin(self) -> None:
        """It comes from nobody, and the app need not look for the focus."""
        self._sender, self._forwarded = None, True

    def _bubble_to(self, widget: MessagePump) -> None:
        self.prevent_default(False)
        self.above = widget


class Key(_Typed, events.Key):
    """A key."""


class Paste(_Typed, events.Paste):
    """A text."""


def _of(event: events.Key | events.Paste) -> Key | Paste:
    if isinstance(event, events.Paste):
        return Paste(event.text)
    return Key(event.key, event.character)


async def hand_on(event: events.Key | events.Paste, focus: DOMNode) -> None:
    """To one after the other, until one stops it; all that it does is done then."""
    typed = _of(event)
    typed.begin()
    widget: MessagePump | None = focus
    while widget:
        typed.above = None
        await widget.on_event(typed)
        widget = typed.above
