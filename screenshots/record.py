"""A short session as one animated SVG: `python screenshots/make.py session`.

Each step presses keys and keeps the screen; the frames follow each other by CSS alone, so that the
picture moves wherever an image may stand and needs no program to be made or shown.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from envtui.ui.outcome import Outcome

SIZE = (100, 30)


class Step(NamedTuple):
    """Keys, for how long the screen then stands, and what is told of them."""

    keys: tuple[str, ...]
    seconds: float
    told: str


STEPS = (
    Step((), 2.0, "envtui"),
    Step(("j",), 0.5, "j"),
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


async def session(pilot: Pilot[Outcome]) -> str:
    """Press all keys; the animated picture."""
    from screenshots import make

    frames: list[tuple[float, str, str]] = []
    for step in STEPS:
        await pilot.press(*step.keys)
        await rest(pilot)
        if step.seconds > 0.1:
            drawn = make.application(pilot).export_screenshot(title="envtui")
            frames.append((step.seconds, step.told, drawn))
    return animated(frames)


async def rest(pilot: Pilot[Outcome]) -> None:
    """Until nothing changes any more but a blinking cursor."""
    from screenshots import make

    seen: list[str] = []
    while len(seen) < 40 and not (len(seen) > 4 and seen[-1] in seen[-5:-1]):
        await pilot.pause(0.2)
        seen.append(make.application(pilot).export_screenshot())


def animated(frames: list[tuple[float, str, str]]) -> str:
    """The frames as groups of one picture, each shown for its time, again and again."""
    from screenshots.make import FONTS

    total = sum(seconds for seconds, _told, _drawn in frames)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', frames[0][2])
    assert box
    styles = {f"text {{ font-family: {FONTS}; font-size: 20px; }}"}
    rules: dict[str, str] = {}
    """A declaration, and the class that has it: the frames share their colours."""
    groups, timing, begun = [], [], 0.0
    for at, (seconds, told, drawn) in enumerate(frames):
        inner = drawn[drawn.index("</style>") + len("</style>") : drawn.rindex("</svg>")]
        for name, rule in re.findall(r"\.(terminal-\d+-r\d+) \{([^}]*)\}", drawn):
            known = rules.setdefault(rule.strip(), f"c{len(rules)}")
            inner = re.sub(rf"\b{name}\b", known, inner)
        inner = re.sub(r"terminal-\d+-", f"f{at}-", inner)
        first, last = 100 * begun / total, 100 * (begun + seconds) / total
        begun += seconds
        timing.append(
            f"@keyframes f{at} {{ 0%, {first:.3f}% {{ visibility: hidden }} "
            f"{first + 0.001:.3f}%, {last:.3f}% {{ visibility: visible }} "
            f"{last + 0.001:.3f}%, 100% {{ visibility: hidden }} }} "
            f"#f{at} {{ animation: f{at} {total:.1f}s step-end infinite; visibility: hidden }}"
        )
        label = (
            f'<text x="{float(box[1]) - 24}" y="34" text-anchor="end" fill="#dfb35c">{told}</text>'
        )
        groups.append(f'<g id="f{at}">{inner}{label}</g>')
    styles |= {f".{name} {{ {rule} }}" for rule, name in rules.items()}
    css = "\n".join([*sorted(styles), *timing, "@media print { #f0 { visibility: visible } }"])
    return (
        f'<svg viewBox="0 0 {box[1]} {box[2]}" xmlns="http://www.w3.org/2000/svg">'
        f"<style>{css}</style>{''.join(groups)}</svg>\n"
    )


def write(path: str, drawn: str) -> None:
    """The picture, compact."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r">\s+<", "><", drawn))
    print(f"{os.path.basename(path)}: {os.path.getsize(path) // 1024}K, {len(STEPS)} steps")
