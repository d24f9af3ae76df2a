"""Text as a terminal shows it: harmless, measured in cells, cut and wrapped."""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len

Span = tuple[str, str]
"""Text and its tone, a name of `paint.TONES` or ""."""
Line = list[Span]

# Variation selectors and joiners change the width of what stands beside them, and terminals
# disagree by how much: without them every terminal counts the same cells.
_DROPPED = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)])


def clean(text: str) -> str:
    """The text with everything that could move the cursor or hide made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(char) for char in text.translate(_DROPPED))


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)  # the control pictures: ␛ for ESC, ␊ for a newline
    if code == 0x7F:
        return "␡"
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return "�"
    return char


def width(text: str) -> int:
    """The cells it takes; a Chinese character or an emoji takes two."""
    return len(text) if text.isascii() else cell_len(text)


def head(text: str, room: int) -> str:
    """As many leading characters as fit into `room` cells."""
    used = 0
    for index, char in enumerate(text):
        used += width(char)
        if used > room:
            return text[:index]
    return text


def tail(text: str, room: int) -> str:
    """As many characters from the end as fit into `room` cells."""
    return head(text[::-1], room)[::-1]


def cut(text: str, room: int) -> str:
    """The text in `room` cells, its end given up."""
    if width(text) <= room:
        return text
    return head(text, room - 1) + "…" if room > 0 else ""


def cut_middle(text: str, room: int) -> str:
    """A path in `room` cells: where it starts and what it is called both stay readable."""
    if width(text) <= room:
        return text
    if room < 8:
        return cut(text, room)
    last = text.rsplit("/", 1)[-1]
    behind = min(max((room - 1) * 2 // 3, 0), max(width(last) + 1, room // 2))
    return head(text, room - 1 - behind) + "…" + tail(text, behind)


def fill(text: str, room: int, *, right: bool = False, middle: bool = False) -> str:
    """The text in exactly `room` cells."""
    text = cut_middle(text, room) if middle else cut(text, room)
    space = " " * (room - width(text))
    return space + text if right else text + space


def length(line: Line) -> int:
    """The cells of a whole line."""
    return sum(width(text) for text, _tone in line)


def wrap(line: Line, room: int, hang: int = 0) -> list[Line]:
    """The line broken between words, later rows `hang` cells in; longer words are broken too."""
    room = max(room, hang + 4)
    rows: list[Line] = [[]]
    used = 0
    for text, tone in line:
        for found in re.findall(r"\s+|\S+", text):
            word = found
            while used + width(word) > room:
                if used > hang and (word.isspace() or width(word) <= room - hang):
                    part = ""
                else:
                    part = head(word, room - used)
                if part:
                    rows[-1].append((part, tone))
                word = word[len(part) :].lstrip() if not word.isspace() else ""
                rows.append([(" " * hang, "")] if hang else [])
                used = hang
            if word:
                rows[-1].append((word, tone))
                used += width(word)
    if len(rows) > 1 and not "".join(t for t, _ in rows[-1]).strip():
        rows.pop()
    return rows
