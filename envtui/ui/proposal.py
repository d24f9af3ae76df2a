"""A change as the confirm dialog shows it: what goes, every step, reasons against, the way back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from envtui import table
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory
from envtui.plan import ALONG, Guard, Plan, Run, Step, Trash, Write
from envtui.ui import going, words
from envtui.ui.going import Going
from envtui.ui.jobs import Run as Doing
from envtui.ui.text import Line, Span, clean

DIFF_LINES = 60
SAME = "it says so already"
UNDO_LINES = 8
RULE = "rule"
"""The tone of a line that is a heading: drawn as wide as the dialog is."""


class Proposal(NamedTuple):
    """What would be done, and how to do it."""

    title: str
    body: list[Line]
    copy: str
    refusals: list[str]
    run: Doing
    done: str
    undoes: bool = False
    """Whether there is nothing in it for undo to take back."""
    danger: str = "safe"
    """safe: all of it can be taken back; trash: so can it, but something goes away; final: part of
    it is for good."""
    grade: Span = ("", "")
    """The danger in words."""
    going: tuple[Going, ...] = ()
    """What goes away."""


def of_plan(
    plan: Plan,
    host: Host,
    items: Sequence[Environment | Interpreter] = (),
    inventory: Inventory | None = None,
) -> Proposal:
    """A plan, with the conditions looked at now, and of `items`, which go away, what they are.

    Reads files and processes: off the UI thread.
    """
    from envtui import execute, guards

    uses = guards.uses_of(plan.guards)
    refusals = execute.refusals(plan, host, uses)
    body: list[Line] = [] if plan.steps else [[("Nothing needs to be changed.", "")]]
    if plan.steps:
        body.append(rule("what is done"))
    for number, step in enumerate(plan.steps, 1):
        body += _step(number, step, host)
    for text in execute.warnings(plan, host, uses):
        body += [[], [("! ", "warn"), (words.home_in(host, text), "warn")]]
    if plan.steps and not refusals:
        body += [[], rule("how it is undone"), *_undo(plan, host), *_conditions(plan.guards)]
    said = [words.told(host, reason) for reason in refusals]
    copied = [plan.title, *(step.text for step in plan.steps)]
    danger, grade = graded(plan)
    if refusals or not plan.steps:
        grade = ("", "")
    return Proposal(
        words.home_in(host, plan.title),
        _refused(said, body),
        "\n".join(copied) + "\n",
        said + ([] if plan.steps else ["there is nothing to do"]),
        lambda output, cancel: execute.perform(plan, host, output, cancel),
        plan.done,
        danger=danger,
        grade=grade,
        going=tuple(going.of(items, inventory)) if inventory else (),
    )


def of_undo(number: int | None, host: Host) -> Proposal:
    """Taking back a change, by default the last. Raises BadInput, Refused or StepFailed."""
    from envtui import execute

    entry, todo = execute.undo_plan(number, host)
    when = table.when(entry.time)
    did = "begun at " if entry.status == "running" else "done at "
    body: list[Line] = [[("takes back ", "dim"), (words.home_in(host, entry.title), "strong")],
                        [(did, "dim"), (clean(when), "dim")], [],
                        rule("what is done")]  # fmt: skip
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


def of_restoring(id: str, host: Host) -> Proposal:  # noqa: A002
    """Moving one thing back from the trash. Raises BadInput where it is gone."""
    from envtui import recovery, trash, trashing

    item = trash.find(id)
    name, place = words.called(item.path), words.place(host, item.path)
    body: list[Line] = [rule("what is done"), [("1  ", "accent"), (f"move it back to {place}", "")]]
    if more := recovery.more(item):
        body += [[], [("! ", "warn"), (words.home_in(host, more), "warn")]]
    reason = trashing.obstacle(item, item.path)
    refusals = [words.told(host, reason)] if reason else []
    return Proposal(
        f"Restore {name}",
        _refused(refusals, body),
        f"envtui trash restore {item.id}\n{item.path}\n",
        refusals,
        lambda _output, _cancel: recovery.restore(item.id, host),
        f"restored {name}",
        undoes=True,
        grade=("", "") if reason else ("✓ safe: the place is free, nothing is overwritten", "good"),
    )


def of_trash(host: Host, id: str = "") -> Proposal:  # noqa: A002
    """Deleting all that lies in the trash, or one thing. Raises BadInput where there is nothing."""
    from envtui import recovery, trash

    items = [trash.find(id)] if id else trash.listing()
    if not items:
        raise BadInput("the trash is empty: there is nothing to delete")
    things = tuple(
        Going(item.trashed, words.place(host, item.path), clean(table.when(item.time)[:10]), "")
        for item in items
    )
    many = f"{len(items)} thing{'s' * (len(items) != 1)}"
    return Proposal(
        f"Delete {words.called(items[0].path)} for good" if id else "Empty the trash",
        [rule("what is done"), [("1  ", "accent"), (f"delete {many} from the trash", "")]],
        "\n".join([f"envtui trash empty {id}".rstrip(), *(item.path for item in items)]) + "\n",
        [],
        lambda _output, _cancel: recovery.empty(host, [id] if id else None),
        f"deleted {many} from the trash",
        undoes=True,
        danger="final",
        grade=("✗ dangerous: nothing brings this back", "bad"),
        going=things,
    )


def _refused(reasons: list[str], body: list[Line]) -> list[Line]:
    """The reasons against it before all else."""
    return [[("✗ ", "bad"), (text, "bad")] for text in reasons] + [[]] * bool(reasons) + body


def rule(text: str) -> Line:
    """A heading."""
    return [(text, RULE)]


def graded(plan: Plan) -> tuple[str, Span]:
    """How dangerous a plan is, as a word and as a sentence with its tone."""
    lasting = sum(step.undo is None for step in plan.steps)
    trashed = sum(isinstance(step, Trash) for step in plan.steps)
    changed = sum(isinstance(step, Write) for step in plan.steps)
    if lasting:
        many = (
            "nothing brings this back" if lasting == len(plan.steps) else "part of it is for good"
        )
        return "final", (f"✗ dangerous: {many}", "bad")
    if trashed:
        return "trash", (
            "▲ moves to the trash: undo brings it back, until the trash is emptied",
            "warn",
        )
    if changed:
        what = "a file" if changed == 1 else f"{changed} files"
        return "safe", (f"✓ safe: changes {what}, undo puts back what was there", "good")
    return "safe", ("✓ safe: only adds, undo takes it back", "good")


def _step(number: int, step: Step, host: Host) -> list[Line]:
    command = isinstance(step, Run)
    sign = [("$ ", "dim")] if command else []
    text = words.home_in(host, step.text)
    lines: list[Line] = [[(f"{number}  ", "accent"), *sign, (text, "strong" if command else "")]]
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

    if step.summary:
        return [[(step.summary, "dim")]]

    try:
        before = host.read(step.path, 1 << 17) if os.path.lexists(step.path) else b""
        if before == step.content:
            return [[(SAME, "dim")]]
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


def _conditions(guards: tuple[Guard, ...]) -> list[Line]:
    if not guards:
        return []
    said = ", ".join(dict.fromkeys(_HOLDS[guard.check] for guard in guards))
    return [[("✓  ", "good"), (f"looked at now, and again before it runs: {said}", "dim")]]


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


def _undo(plan: Plan, host: Host) -> list[Line]:
    """What undo does, last step first; what it can't do was said beside the step."""
    ways = [step.undo for step in reversed(plan.steps) if step.undo]
    ways = [way for way in ways if way != ALONG] or ways
    trashed = [step.undo for step in plan.steps if isinstance(step, Trash)]
    if len(trashed) > 2:
        ways = [way for way in ways if way not in trashed]
        ways.append(f"move all {len(trashed)} back to where they were")
    if not ways:
        return [[("✗  ", "bad"), ("nothing takes it back", "bad")]]
    shown = [
        [("↶  " if at == 0 else "   ", "key"), (words.home_in(host, way), "")]
        for at, way in enumerate(dict.fromkeys(ways))
    ]
    if len(shown) > UNDO_LINES:
        rest = len(shown) - UNDO_LINES
        shown = [*shown[:UNDO_LINES], [(f"   and {rest} more of the kind", "dim")]]
    return shown
