"""Lines with named tones as Textual's strips; the tones' colours stand in styles/."""

from __future__ import annotations

from functools import lru_cache
from weakref import WeakKeyDictionary

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from envtui.ui.text import Line, length

TONES = (
    "dim", "good", "warn", "bad", "accent", "idle", "strong", "head", "title", "chosen",
    "cursor", "faint", "key", "tab",
)  # fmt: skip
COMPONENTS = {f"tone--{tone}" for tone in TONES}


GROUNDS = ("cursor", "tab")
"""Tones that colour what lies under the text."""


def tone(widget: Widget, name: str) -> Style:
    """What a tone adds to the widget's own style; "" adds nothing.

    Tones belong to the screen: as components of each widget they were a third of the time to the
    first frame. The whole style is asked for, not the partial one, which forgets opacity.
    """
    if not name:
        return Style.null()
    return _ink(widget.screen.get_component_rich_style(f"tone--{name}"), name in GROUNDS)


_BASES: WeakKeyDictionary[Widget, tuple[tuple[str, bool], Style]] = WeakKeyDictionary()


def _base(widget: Widget) -> Style:
    """The widget's own style, which Textual works out from all its ancestors each time."""
    key = (widget.app.theme, widget.has_focus)
    known = _BASES.get(widget)
    if known is None or known[0] != key:
        known = _BASES[widget] = (key, widget.rich_style)
    return known[1]


@lru_cache(64)
def _ink(style: Style, ground: bool) -> Style:
    if ground:
        return Style(bgcolor=style.bgcolor, reverse=style.reverse or None)
    return Style(
        color=style.color,
        bold=style.bold or None,
        dim=style.dim or None,
        underline=style.underline or None,
    )


def strip(widget: Widget, line: Line, room: int, under: str = "") -> Strip:
    """The line on the widget's background, or on that of the tone `under`, `room` cells wide."""
    base = _base(widget)
    if under:
        base += tone(widget, under)
    if base.reverse:  # no colours: one reversed bar reads better than a patchwork of greys
        segments = [Segment(text, base) for text, _name in line if text]
    else:
        segments = [Segment(text, base + tone(widget, name)) for text, name in line if text]
    spare = room - length(line)
    if spare < 0:
        return Strip(segments).adjust_cell_length(room, base)
    if spare:
        segments.append(Segment(" " * spare, base))
    return Strip(segments, room)
