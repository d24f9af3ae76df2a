"""The bars around the panes, drawn from what the screen knows: pane tabs and the last job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envtui.actions import key_of
from envtui.host import Host
from envtui.ui import headline, keybar, words
from envtui.ui.bar import Part
from envtui.ui.jobs import STEP, Job, signed
from envtui.ui.panes import PANES, tally
from envtui.ui.text import Line, clean, cut, length, width

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp
    from envtui.ui.main import MainScreen


LEAST = 40
"""Cells that a job under way keeps before the last result is shown beside it."""


def attach(screen: MainScreen) -> None:
    """Give each bar its builder."""
    app = screen.app

    def top(room: int) -> list[Part]:
        notes = [(screen.note, "")] if screen.note else []
        if screen.trash and room >= 80:
            said = f"trash {words.size(screen.trash)}: {key_of(app.keys, 'trash')}"
            notes.append((said, "trash"))
        return headline.parts(screen.decision, screen.inventory, app.host, notes, room)

    screen.bars["top"].show(top)
    screen.bars["tabs"].show(lambda room: tabs(screen, room))
    screen.bars["last"].show(lambda room: last(app, room))
    screen.bars["keys"].show(lambda room: keybar.parts(screen.scene, room))


def tabs(screen: MainScreen, room: int) -> list[Part]:
    """The panes as tabs, for a window that shows one at a time."""
    parts: list[Part] = [([(" ", "")], "")]
    for pane in PANES:
        key = key_of(screen.app.keys, pane)
        count = len(screen.view.items[pane])
        name = pane.capitalize() if room >= 60 else pane[:3].capitalize()
        text = f"{key} {name} {count}" if screen.inventory else f"{key} {name}"
        chosen = pane == screen.chosen
        line: Line = [(f"[{text}]" if chosen else f" {text} ", "strong" if chosen else "dim")]
        parts.append((line, pane))
    said = tally(screen.catalogue) if screen.catalogue and not screen.wide else []
    spare = room - sum(length(line) for line, _ in parts) - 2
    while said and sum(width(text) + 3 for text, _ in said) - 3 > spare:
        said.pop()  # the gravest stand first
    if said:
        line = [span for at in said for span in ((" · ", "faint"), at)][1:]
        parts.append(([(" " * (spare - length(line) + 1), ""), *line], ""))
    return parts


def last(app: EnvtuiApp, room: int) -> list[Part]:
    """What runs on the left, what ended last on the right with the key that takes it back."""
    jobs, said = app.jobs.all, app.said
    running = next((job for job in jobs if job.status == "running"), None)
    waiting = sum(job.status == "queued" for job in jobs)
    ended = next((job for job in reversed(jobs) if job.over), None)
    left: Line = [(" ", "")]
    if said:
        left += [("✓ ", "good"), (clean(said), "")]
    elif running:
        left += [
            signed("running"),
            (words.home_in(app.host, running.title), ""),
            (_progress(app.host, running), "dim"),
        ]
        left += [(f" · {waiting} more wait", "dim")] if waiting else []
    right: Line = []
    if ended:
        text = ended.done or ended.title if ended.status == "done" else ended.title
        right = [signed(ended.status), (words.home_in(app.host, text), "")]
        if ended.status != "done":
            right += [(f": {clean(ended.message)}", "dim")]
        if ended.status == "done" and not ended.undoes:
            right += [(" · ", "dim"), (key_of(app.keys, "undo"), "key"), (" undo", "dim")]
        right += [(" · ", "dim"), (key_of(app.keys, "work"), "key"), (" work ", "dim")]
    if len(left) == 1:
        return [(_fit([*left, *right], room), "work")]
    beside = room - length(right) - 2
    left = _fit(left, beside if beside >= LEAST else room)
    spare = room - length(left) - length(right)
    if spare < 2:
        return [(left, "work")]
    return [(left, "work"), ([(" " * spare, "")], ""), (right, "work")]


def _progress(host: Host, job: Job) -> str:
    line = next((line for line in reversed(job.lines) if line.strip()), "")
    line = STEP.sub("", line)
    step = f" {job.step}" if job.step else ""
    return f"{step} {job.seconds()}s" + (
        f" · {cut(words.home_in(host, line.strip()), 40)}" if line else ""
    )


def _fit(line: Line, room: int) -> Line:
    """The line cut in its longest span, so that the keys at its end stay."""
    over = length(line) - room
    if over <= 0:
        return line
    longest = max(range(len(line)), key=lambda at: width(line[at][0]))
    text, tone = line[longest]
    return [*line[:longest], (cut(text, max(width(text) - over, 1)), tone), *line[longest + 1 :]]
