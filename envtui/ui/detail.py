"""Pane 0: all that is known of the highlighted row, in tabs."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message

from envtui.ui.lines import Builder, Lines

TABS = ("Overview", "Why", "Packages", "Files")


class Detail(Lines):
    """The lines of one tab; the tabs stand in the frame."""

    class Turned(Message):
        """Another tab was chosen."""

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.tab = 0
        self._title()

    def _title(self) -> None:
        spans: list[tuple[str, str]] = [("0", "bold")]
        for at, name in enumerate(TABS):
            spans += [(" ", ""), (name, "reverse" if at == self.tab else "dim")]
        self.border_title = Content.assemble(*spans)

    def turn(self, step: int) -> None:
        """The next tab, or the one before."""
        self.to((self.tab + step) % len(TABS))

    def to(self, tab: int) -> None:
        """That tab."""
        self.tab = tab
        self._title()
        self.scroll_to(y=0, animate=False, force=True)
        self.post_message(self.Turned())

    def tell(self, builder: Builder, *, keep: bool) -> None:
        """Show these lines."""
        self.show(builder, keep=keep)

    def on_click(self, event: events.Click) -> None:
        """A click on a name in the frame turns to that tab."""
        if event.y != 0:
            return
        at = 5  # after the corner, a line, a space and "0 "
        for tab, name in enumerate(TABS):
            if at <= event.x < at + len(name):
                self.to(tab)
            at += len(name) + 1
