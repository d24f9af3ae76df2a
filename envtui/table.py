"""Lists as text: aligned columns, colour only where a terminal shows it and NO_COLOR is not set."""

from __future__ import annotations

import os
import sys

_LEAST = 12
"""Columns below which no name or path is cut."""
_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34"}


def coloured() -> bool:
    """Whether standard output wants colour (https://no-color.org, TERM=dumb)."""
    wants = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wants and sys.stdout.isatty()


def paint(text: str, style: str) -> str:
    """The text in a colour, or as it is where colour is not wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if style and coloured() else text


def plain(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def remark(text: str) -> None:
    """What stands beside the answer, on standard error."""
    print(f"envtui: {plain(text)}", file=sys.stderr)


def human(size: int | None) -> str:
    """Bytes in at most four characters and a unit: 412M, 1.3G; "?" where not known."""
    if size is None:
        return "?"
    value = float(size)
    for unit in ("B", "K", "M", "G"):
        if value < 999.5:
            return f"{value:.1f}{unit}" if value < 9.95 and unit != "B" else f"{value:.0f}{unit}"
        value /= 1024
    return f"{value:.1f}T"


def when(moment: str) -> str:
    """A moment in ISO 8601, UTC, by the user's own clock and to the minute; else as it is."""
    import datetime as dt

    try:
        told = dt.datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.timezone.utc)
        return told.astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return moment


def plain_lines(text: str) -> str:
    """The same of a message that may have several lines."""
    return "\n".join(plain(line) for line in text.split("\n"))


def width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining ones none (UAX #11)."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def render(
    header: list[str], rows: list[list[str]], styles: list[str], paths: tuple[int, ...] = ()
) -> str:
    """A table; `styles` holds one colour, or "", for each row's state column (the last but one).

    On a terminal too narrow for it the columns of `paths` give up the middle of what is long:
    one name of hundreds of characters would else break every line of the list.
    """
    shown = [[plain(cell) for cell in row] for row in rows]
    widths = [max(width(row[at]) for row in [header, *shown]) for at in range(len(header))]
    over = sum(widths) + 2 * (len(widths) - 1) - (_columns() or sys.maxsize)
    while over > 0 and (wide := [at for at in paths if widths[at] > _LEAST]):
        widths[max(wide, key=widths.__getitem__)] -= 1
        over -= 1
    shown = [[_cut(cell, widths[at]) for at, cell in enumerate(row)] for row in shown]
    lines = [paint(_line(header, widths), "bold")]
    for row, style in zip(shown, styles, strict=True):
        cells = [cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(row)]
        cells[-2] = paint(cells[-2], style)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _columns() -> int:
    """Of the terminal that it is written to; 0 where it is none, and nothing is cut."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 0
    except (OSError, ValueError):
        return 0


def _cut(text: str, room: int) -> str:
    """The text in `room` columns: its beginning and, longer, its end stay."""
    if width(text) <= room:
        return text
    head, tail = "", ""
    while width(head + text[len(head)]) <= room // 3:
        head += text[len(head)]
    while width(head + tail + text[-len(tail) - 1]) < room:
        tail = text[-len(tail) - 1] + tail
    return f"{head}…{tail}"


def _line(cells: list[str], widths: list[int]) -> str:
    padded = [cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(cells)]
    return "  ".join(padded).rstrip()
