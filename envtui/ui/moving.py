"""The keys that only move or change the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envtui.actions import Lost
from envtui.ui import panes
from envtui.ui.detail import Detail
from envtui.ui.lines import Lines
from envtui.ui.panes import PANES
from envtui.ui.rowlist import RowList

if TYPE_CHECKING:
    from envtui.ui.main import MainScreen


def run(screen: MainScreen, name: str) -> bool:
    """Do it if it is one of them."""
    if name in (*PANES, "detail"):
        screen.go(name)
    elif name in ("next", "previous"):
        _round(screen, 1 if name == "next" else -1)
    elif name in ("left", "right"):
        _sideways(screen, 1 if name == "right" else -1)
    elif name in ("tab-left", "tab-right"):
        screen.detail.turn(1 if name == "tab-right" else -1)
    elif name == "zoom":
        screen.toggle_class("-zoomed")
        screen.rebuild()
    elif name in ("mark", "range") and screen.scene and screen.row:
        if isinstance(screen.row, Lost):
            return False  # its reason is told
        _mark(screen, name)
    elif name == "sort":
        screen.view.orders[screen.chosen] += 1
        panes.sort(screen, screen.chosen)
        screen.refresh_bars()
    elif name == "back":
        _back(screen)
    else:
        return _cursor(screen, name)
    return True


def _mark(screen: MainScreen, name: str) -> None:
    shown = screen.list(screen.chosen)
    if name == "mark":
        shown.mark()
    else:
        shown.mark_range()
    panes.count(screen, screen.chosen)
    screen.shown_row_changed()


def _cursor(screen: MainScreen, name: str) -> bool:
    widget = screen.focused
    if not isinstance(widget, (RowList, Lines)):
        widget = screen.list(screen.chosen)
    half = max(widget.size.height // 2, 1)
    steps = {"up": -1, "down": 1, "half-up": -half, "half-down": half}
    if name in steps:
        widget.move(steps[name])
    elif name == "top":
        widget.move_to(0)
    elif name == "bottom":
        widget.move_to(1 << 30)
    else:
        return False
    return True


def _round(screen: MainScreen, way: int) -> None:
    stops = [*PANES, "detail"]
    now = "detail" if isinstance(screen.focused, Detail) else screen.chosen
    screen.go(stops[(stops.index(now) + way) % len(stops)])


def _sideways(screen: MainScreen, way: int) -> None:
    """Wide: into the detail and back. Compact: to the pane beside."""
    if isinstance(screen.focused, Detail):
        if way < 0:
            screen.go(screen.chosen)
    elif screen.wide:
        if way > 0:
            screen.read()
    else:
        at = PANES.index(screen.chosen) + way
        screen.go(PANES[min(max(at, 0), len(PANES) - 1)])


def _back(screen: MainScreen) -> None:
    """The last thing that was opened or narrowed, one at a time."""
    shown = screen.list(screen.chosen)
    if isinstance(screen.focused, Detail):
        screen.go(screen.chosen)
    elif shown.marked:
        shown.unmark()
        panes.count(screen, screen.chosen)
        screen.shown_row_changed()
    elif screen.view.filters[screen.chosen]:
        screen.narrow(screen.chosen, "")
    elif screen.has_class("-zoomed"):
        screen.remove_class("-zoomed")
        screen.rebuild()
