"""A change as the confirm dialog shows it: every step, every difference, every reason against."""

from __future__ import annotations

import os
from typing import NamedTuple

from envtui.host import Host
from envtui.plan import Guard, Plan, Step, Write
from envtui.ui import words
from envtui.ui.jobs import Run
from envtui.ui.text import Line, clean

DIFF_LINES = 60


class Proposal(NamedTuple):
    """What would be done, and how to do it."""

    title: str
    body: list[Line]
    copy: str
    refusals: list[str]
    run: Run
    done: str
    undoes: bool = False


def of_plan(plan: Plan, host: Host) -> Proposal:
    """A plan, with the conditions looked at now. Reads files and processes: off the UI thread."""
    from envtui import execute

    refusals = execute.refusals(plan, host)
    body: list[Line] = []
    for number, step in enumerate(plan.steps, 1):
        body += _step(number, step, host)
    if not plan.steps:
        body.append([("Nothing needs to be changed.", "")])
    for text in execute.warnings(plan):
        body += [[], [("! ", "warn"), (words.home_in(host, text), "warn")]]
    if plan.steps:
        body += [[], *_conditions(plan.guards, refusals, host), *_undo(plan)]
    copied = [plan.title, *(step.text for step in plan.steps)]
    return Proposal(
        words.home_in(host, plan.title),
        body,
        "\n".join(copied) + "\n",
        [words.home_in(host, reason) for reason in refusals]
        + ([] if plan.steps else ["there is nothing to do"]),
        lambda output, cancel: execute.perform(plan, host, output, cancel),
        plan.done,
    )


def of_undo(number: int | None, host: Host) -> Proposal:
    """Taking back a change, by default the last. Raises BadInput, Refused or StepFailed."""
    from envtui import execute

    entry, todo = execute.undo_plan(number, host)
    body: list[Line] = [[("takes back ", "dim"), (words.home_in(host, entry.title), "")],
                        [("done at ", "dim"), (clean(entry.time), "dim")], []]  # fmt: skip
    for at, text in enumerate(todo, 1):
        body.append([(f"{at}  ", "accent"), (words.home_in(host, text), "")])
    return Proposal(
        f"Undo: {words.home_in(host, entry.title)}",
        body,
        "\n".join([f"undo {entry.number}: {entry.title}", *todo]) + "\n",
        [],
        lambda output, _cancel: execute.undo(entry.number, host, output),
        f"undone: {entry.title}",
        undoes=True,
    )


def _step(number: int, step: Step, host: Host) -> list[Line]:
    lines: list[Line] = [[(f"{number}  ", "accent"), (words.home_in(host, step.text), "strong")]]
    cwd = getattr(step, "cwd", None)
    if cwd and cwd != host.cwd:
        lines.append([("   in ", "dim"), (words.place(host, cwd), "dim")])
    if isinstance(step, Write):
        lines += [[("   ", ""), *line] for line in difference(step, host)]
    if step.undo is None:
        lines.append([("   can't be taken back", "bad")])
    return lines


def difference(step: Write, host: Host) -> list[Line]:
    """What a write changes in a text file, line by line."""
    import difflib

    try:
        before = host.read(step.path, 1 << 17) if os.path.lexists(step.path) else b""
        old, new = before.decode().splitlines(), step.content.decode().splitlines()
    except (OSError, UnicodeDecodeError):
        return [[(f"{len(step.content)} bytes", "dim")]]
    if len(old) + len(new) > 4000:
        return [[(f"{len(new)} lines", "dim")]]
    lines: list[Line] = []
    for text in list(difflib.unified_diff(old, new, lineterm="", n=1))[2:]:
        tone = {"+": "good", "-": "bad"}.get(text[:1], "dim")
        if not text.startswith("@@"):
            lines.append([(clean(text.expandtabs(4)), tone)])
    if len(lines) > DIFF_LINES:
        rest = len(lines) - DIFF_LINES
        lines = [*lines[:DIFF_LINES], [(f"and {rest} more lines", "dim")]]
    return lines or [[("the same lines, other bytes", "dim")]]


def _conditions(guards: tuple[Guard, ...], refusals: list[str], host: Host) -> list[Line]:
    if refusals:
        return [[("✗ ", "bad"), (words.home_in(host, reason), "bad")] for reason in refusals]
    if not guards:
        return []
    said = ", ".join(dict.fromkeys(_HOLDS[guard.check] for guard in guards))
    return [[("✓ ", "good"), (f"{said}: looked at now and again before it runs", "dim")]]


_HOLDS = {
    "absent": "the place is free",
    "inode": "still the same directory",
    "content": "the file as it was read",
    "not-in-use": "no process in it",
    "not-active": "not active in this shell",
    "not-self": "not what envtui runs from",
    "no-foreign-files": "no files of your own in it",
    "executable": "the program is there",
}


def _undo(plan: Plan) -> list[Line]:
    if all(step.undo for step in plan.steps):
        return [[("u ", "key"), ("takes it back", "dim")]]
    return [[("✗ ", "bad"), ("not all of it can be taken back", "bad")]]
