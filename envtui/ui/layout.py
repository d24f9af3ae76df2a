"""How the main screen is laid out: its widgets, and what each of them gets of the window."""

from __future__ import annotations

import os
import shutil
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen

from envtui.ui import heights, paint
from envtui.ui.bar import Bar
from envtui.ui.detail import Detail
from envtui.ui.lines import Lines
from envtui.ui.panes import PANES
from envtui.ui.rowlist import RowList

_ACROSS = [(0, "-narrow"), (60, "-compact"), (100, "-wide")]
_DOWN = [(0, "-tiny"), (10, "-short"), (20, "-tall")]


def _classes(size: os.terminal_size) -> list[str]:
    """What Textual will call a window of that size."""
    sides = ((size.columns, _ACROSS), (size.lines, _DOWN))
    return [[name for least, name in points if value >= least][-1] for value, points in sides]


class Box(Container):
    """Filled by what is in it: Textual would draw every line of it at each key, unseen."""

    BLANK = True


class Layout(Screen[None]):
    """Three panes, the detail, the lines around them."""

    BLANK = True
    COMPONENT_CLASSES: ClassVar[set[str]] = paint.COMPONENTS
    HORIZONTAL_BREAKPOINTS = _ACROSS
    VERTICAL_BREAKPOINTS = _DOWN
    AUTO_FOCUS = "#environments"

    def __init__(self) -> None:
        # The breakpoints' classes beforehand: a class that changes later styles all anew.
        super().__init__(classes=" ".join(_classes(shutil.get_terminal_size())))
        self.chosen = "environments"
        self._appeared = False

    def update_node_styles(self, animate: bool = True) -> None:
        """Textual asks for it when the screen appears too, where all has just been styled."""
        if animate or self._appeared:
            super().update_node_styles(animate)
        else:
            self._appeared = True

    def compose(self) -> ComposeResult:
        """Everything that the first frame shows.

        The widgets are kept by name: a message that arrives while the screen closes finds them.
        """
        self.bars = {name: Bar(id=name) for name in ("top", "tabs", "last", "keys")}
        self.lists = {
            pane: RowList(id=pane, classes="-chosen" if pane == self.chosen else None)
            for pane in PANES
        }
        self.detail = Detail()
        self.brief = Lines(id="brief")
        yield self.bars["top"]
        yield self.bars["tabs"]
        with Box(id="body"):
            with Box(id="lists"):
                yield from self.lists.values()
            yield self.detail
        yield self.brief
        yield self.bars["last"]
        yield self.bars["keys"]

    @property
    def wide(self) -> bool:
        """Whether panes and detail stand beside each other."""
        return self.has_class("-wide")

    def share(self, counts: list[int], room: int) -> None:
        """The height of each pane, by how many rows it has; of one alone the style sheet has it."""
        single = not self.wide or self.has_class("-zoomed") or not self.has_class("-tall")
        for pane, height in zip(PANES, heights.share(counts, room), strict=True):
            self.lists[pane].styles.height = None if single else height
