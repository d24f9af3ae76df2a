"""How wide each column of a table is: aligned, the least important gone first."""

from __future__ import annotations

from typing import NamedTuple

GAP = 2


class Column(NamedTuple):
    """One column: how far it may shrink, and when it is given up."""

    title: str
    least: int = 4
    most: int = 40
    right: bool = False
    middle: bool = False
    """Cut in the middle, as paths are."""
    grow: bool = False
    """Takes the room that is left; the first column does where none is marked."""
    usual: int = 0
    """What its cells mostly need: reserved before they are known, so that nothing moves later."""
    rank: int = 0
    """The highest is given up first; 0 always stays."""
    extra: bool = False
    """Shown only where no other loses a cell by it."""


def fit(columns: list[Column], natural: list[int], room: int) -> list[int]:
    """The width of each column; 0 for one that is not shown. `natural` is what each would like."""
    if not columns:
        return []  # a list that has not been given any yet
    likes = [
        min(max(n, len(c.title), c.usual), c.most) for c, n in zip(columns, natural, strict=True)
    ]
    shown = [i for i, column in enumerate(columns) if not column.extra]
    while len(shown) > 1 and _total([min(columns[i].least, likes[i]) for i in shown]) > room:
        last = max(shown, key=lambda i: columns[i].rank)
        if columns[last].rank == 0:
            break
        shown.remove(last)
    for i, column in enumerate(columns):
        if column.extra and _total([*(likes[k] for k in shown), column.least]) <= room:
            shown = sorted([*shown, i])
    widths = [likes[i] if i in shown else 0 for i in range(len(columns))]
    _shrink(columns, widths, shown, room)
    spare = room - _total([widths[i] for i in shown])
    grows = next((i for i in shown if columns[i].grow), shown[0])
    widths[grows] += max(spare, 0)
    return widths


def _total(widths: list[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _shrink(columns: list[Column], widths: list[int], shown: list[int], room: int) -> None:
    """Take cells from the column that has most above its least until all fit."""
    while _total([widths[i] for i in shown]) > room:
        widest = max(shown, key=lambda i: widths[i] - columns[i].least)
        if widths[widest] <= columns[widest].least:
            widest = max(shown, key=lambda i: widths[i])
            if widths[widest] <= 1:
                return
        widths[widest] -= 1
