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


Palette = dict[tuple[str, str], Style]
"""The style of a tone on a ground, by the names of both."""
_PALETTES: WeakKeyDictionary[Widget, tuple[tuple[str, bool], Palette]] = WeakKeyDictionary()


def _palette(widget: Widget) -> Palette:
    """What has been worked out for the widget, in this theme, with or without the focus.

    Textual walks through all ancestors for each style that it is asked for: with this a row is
    drawn in a third of the time.
    """
    key = (widget.app.theme, widget.has_focus)
    known = _PALETTES.get(widget)
    if known is None or known[0] != key:
        known = _PALETTES[widget] = (key, {("", ""): widget.rich_style})
    return known[1]


def _style(widget: Widget, palette: Palette, tone: str, under: str) -> Style:
    """Tones belong to the screen: as components of each widget they took a third of the start.

    The whole style is asked for, not the partial one, which forgets opacity.
    """
    known = palette.get((tone, under))
    if known is None:
        base = _style(widget, palette, "", under) if tone and under else palette["", ""]
        name = tone or under
        ink = widget.screen.get_component_rich_style(f"tone--{name}")
        known = palette[tone, under] = base + _ink(ink, name in GROUNDS)
    return known


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
    palette = _palette(widget)
    base = _style(widget, palette, "", under)
    if base.reverse:  # no colours: one reversed bar reads better than a patchwork of greys
        segments = [Segment(text, base) for text, _name in line if text]
    else:
        segments = [
            Segment(text, palette.get((name, under)) or _style(widget, palette, name, under))
            for text, name in line
            if text
        ]
    spare = room - length(line)
    if spare < 0:
        return Strip(segments).adjust_cell_length(room, base)
    if spare:
        segments.append(Segment(" " * spare, base))
    return Strip(segments, room)
