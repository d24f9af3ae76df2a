"""A short session as one animated SVG: `python screenshots/make.py session`.

Each step presses keys and keeps the screen; the frames follow each other by CSS alone, so that the
picture moves wherever an image may stand and needs no program to be made or shown.
"""

from __future__ import annotations

import os
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.style import Style
    from textual.pilot import Pilot
    from textual.strip import Strip

    from envtui.ui.outcome import Outcome

SIZE = (100, 30)
CELL = (9.6, 20.0)
"""Width and height of one cell, in the picture's own units."""


class Step(NamedTuple):
    """Keys, for how long the screen then stands, and what is told of them."""

    keys: tuple[str, ...]
    seconds: float
    told: str


STEPS = (
    Step((), 2.0, "envtui"),
    Step(("j", "j"), 0.5, "j"),
    Step(("j",), 0.7, "j"),
    Step(("slash", *"idle"), 0.1, ""),
    Step((*["backspace"] * 4, *"size:>20M"), 1.6, "/ size:>20M"),
    Step(("enter", "escape"), 0.8, "esc"),
    Step(("v", "j", "j"), 1.2, "v j j: mark a range"),
    Step(("d",), 3.2, "d: the plan, before anything is done"),
    Step(("y",), 1.8, "y: to the trash"),
    Step(("u",), 2.0, "u: and back"),
    Step(("y",), 1.6, "y"),
    Step(("p",), 2.4, "p: another Python for the project"),
    Step(("escape", "colon", *"legacy"), 2.0, ": everything by name"),
    Step(("enter",), 2.0, "⏎"),
)


class Frame(NamedTuple):
    """The screen at one moment."""

    seconds: float
    told: str
    rows: list[Strip]


async def session(pilot: Pilot[Outcome]) -> str:
    """Press all keys; the animated picture."""
    from screenshots import make

    frames = []
    for step in STEPS:
        await pilot.press(*step.keys)
        await rest(pilot)
        rows = make.application(pilot).screen._compositor.render_strips()  # noqa: SLF001
        frames.append(Frame(step.seconds, step.told, rows))
    return animated(frames)


async def rest(pilot: Pilot[Outcome]) -> None:
    """Until nothing changes any more but a blinking cursor."""
    from screenshots import make

    seen: list[str] = []
    while len(seen) < 40 and not (len(seen) > 4 and seen[-1] in seen[-5:-1]):
        await pilot.pause(0.2)
        seen.append(make.application(pilot).export_screenshot())


class Sheet:
    """What the frames share: classes of text, and rows that look the same."""

    def __init__(self) -> None:
        self.classes: dict[str, str] = {}
        self.rows: dict[str, str] = {}

    def row(self, strip: Strip) -> str:
        """The id of a row that looks like this."""
        drawn, at = "", 0
        for text, style, _ in strip:
            wide = sum(cells(char) for char in text)
            fore, back = colours(style)
            x = at * CELL[0]
            if back != GROUND:
                size = f'width="{wide * CELL[0]:.1f}" height="20"'
                drawn += f'<rect x="{x:.1f}" {size} fill="{back}"/>'
            if text.strip():
                lead = len(text) - len(text.lstrip())
                shown = text.strip()
                x += lead * CELL[0]
                length = sum(cells(char) for char in shown) * CELL[0]
                bold = ";font-weight:bold" if style and style.bold else ""
                name = self.classes.setdefault(f"fill:{fore}{bold}", f"c{len(self.classes)}")
                drawn += (
                    f'<text class="{name}" x="{x:.1f}" y="15" textLength="{length:.1f}">'
                    f"{escape(shown)}</text>"
                )
            at += wide
        return self.rows.setdefault(drawn, f"r{len(self.rows)}")

    def css(self) -> str:
        """The classes as a style sheet."""
        return "".join(f".{name}{{{rule}}}" for rule, name in self.classes.items())

    def defs(self) -> str:
        """The rows, to be used by their ids."""
        return "".join(f'<g id="{name}">{drawn}</g>' for drawn, name in self.rows.items())


GROUND = "#14171c"


def cells(char: str) -> int:
    """How wide a character is."""
    from rich.cells import cell_len

    return cell_len(char)


def colours(style: Style | None) -> tuple[str, str]:
    """Text and background, as they are seen."""
    fore, back = "#d5d8de", GROUND
    if style and style.color:
        fore = style.color.get_truecolor().hex
    if style and style.bgcolor:
        back = style.bgcolor.get_truecolor().hex
    return (back, fore) if style and style.reverse else (fore, back)


def contact(shots: list[tuple[tuple[int, int], list[Strip]]]) -> str:
    """Several screens on one picture, each with its place there in cells."""
    from screenshots.make import FONTS

    sheet = Sheet()
    width = max(x + rows[0].cell_length for (x, _), rows in shots) * CELL[0] + 16
    height = max(y + len(rows) for (_, y), rows in shots) * CELL[1] + 16
    drawn = ""
    for (x, y), rows in shots:
        size = f'width="{rows[0].cell_length * CELL[0]:.0f}" height="{len(rows) * 20}"'
        uses = "".join(
            f'<use href="#{sheet.row(row)}" y="{at * 20}"/>' for at, row in enumerate(rows)
        )
        place = f'transform="translate({8 + x * CELL[0]:.0f},{8 + y * CELL[1]:.0f})"'
        drawn += f'<g {place}><rect {size} fill="{GROUND}"/>{uses}</g>'
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" xmlns="http://www.w3.org/2000/svg">'
        f"<style>text{{font:16px {FONTS};white-space:pre}}{sheet.css()}</style>"
        f'<defs>{sheet.defs()}</defs><rect width="100%" height="100%" fill="#3a414e"/>{drawn}</svg>\n'
    )


def animated(frames: list[Frame]) -> str:
    """The frames as groups of one picture, each shown for its time, again and again."""
    from screenshots.make import FONTS

    sheet = Sheet()
    total = sum(frame.seconds for frame in frames)
    width, height = SIZE[0] * CELL[0] + 16, SIZE[1] * CELL[1] + 48
    groups, timing, begun = [], [], 0.0
    for at, frame in enumerate(frames):
        uses = "".join(
            f'<use href="#{sheet.row(row)}" y="{y * 20}"/>' for y, row in enumerate(frame.rows)
        )
        first, last = 100 * begun / total, 100 * (begun + frame.seconds) / total
        begun += frame.seconds
        timing.append(
            f"@keyframes f{at}{{0%{{visibility:hidden}}{first:.3f}%{{visibility:visible}}"
            f"{last:.3f}%,100%{{visibility:hidden}}}}"
            f"#f{at}{{animation:f{at} {total:.1f}s step-end infinite}}"
        )
        told = f'<text class="told" x="8" y="{height - 12:.0f}">{escape(frame.told)}</text>'
        hidden = ' visibility="hidden"' if at else ""  # where nothing moves the first one shows
        groups.append(f'<g id="f{at}"{hidden}>{uses}{told}</g>')
    css = "".join(
        [
            f"text{{font:16px {FONTS};white-space:pre}}.told{{fill:#dfb35c;font-size:18px}}",
            sheet.css(),
            *timing,
        ]
    )
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" xmlns="http://www.w3.org/2000/svg">'
        f"<style>{css}</style><defs>{sheet.defs()}</defs>"
        f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>'
        f'<g transform="translate(8,8)">{"".join(groups)}</g></svg>\n'
    )


def write(path: str, drawn: str) -> None:
    """The picture."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(drawn)
    print(f"{os.path.basename(path)}: {len(drawn) // 1024}K, {len(STEPS)} steps")
