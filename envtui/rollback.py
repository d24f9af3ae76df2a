"""Taking steps back: of a change that failed, that is undone, or that a crash cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from envtui import steps
from envtui.errors import Problem, say
from envtui.host import Host
from envtui.journal import Change

Output = Callable[[str], None]


def silent(_: str) -> None:
    """Where nobody wants the output."""


def doing(change: Change, index: int, host: Host, output: Output = silent) -> steps.Doing:
    """Where a step of the change belongs, and what those before it moved."""
    noted = (before.get("inode") for at, before in change.begun.items() if at < index)
    moved = frozenset(inode for inode in noted if inode and isinstance(inode, str))
    title = change.plan.title
    return steps.Doing(change.number, index, title, change.path, host, output, moved=moved)


def left_over(change: Change, left: dict[int, str]) -> str:
    """What was not taken back, in words, and how it is once that is mended."""
    what = "\nNot rolled back: " + "; ".join(left.values())
    return f"{what}\nOnce that is mended, `envtui undo {change.number}` takes back the rest"


def roll_back(change: Change, host: Host, *, late: bool) -> dict[int, str]:
    """Take back every step that was begun, last first; the answer is what could not be, and why."""
    left = {}
    for index in change.standing:
        reason = take_back(change, index, host, late=late)
        if reason is None:
            try_add(change, "back", step=index)
        else:
            left[index] = reason
    return left


def take_back(change: Change, index: int, host: Host, *, late: bool) -> str | None:
    """Take back one step; the answer is why it could not be."""
    step = change.plan.steps[index]
    at = doing(change, index, host)._replace(late=late)
    try:
        steps.take_back(step, at, change.begun[index], change.ended.get(index))
    except (Problem, OSError) as error:
        reason = say(error)
    except (LookupError, TypeError, ValueError, AttributeError):
        reason = f"{change.path} does not tell what was there before: it is damaged or was edited"
    else:
        return None
    return f"step {index + 1} ({step.text}): {reason}"


def try_add(change: Change, event: str, **fields: Any) -> bool:
    """Note it where that can be written; a full disk must not keep the rest from going on."""
    try:
        change.add(event, **fields)
    except OSError:
        return False
    return True


def name(change: Change) -> str:
    """The change as messages call it."""
    return f"change {change.number} ({change.plan.title})"


def undo_steps(change: Change, host: Host, output: Output, *, late: bool) -> str | None:
    """Take back what is not yet taken back; the answer is where it stopped, if it did."""
    for index in change.standing:
        step = change.plan.steps[index]
        reason = take_back(change, index, host, late=late)
        if reason is not None:
            why = f"undo of {name(change)} stopped at {reason}\nThe steps after it are undone; "
            why += f"`envtui undo {change.number}` goes on from there"
            try_add(change, "stopped", message=why)
            return why
        try_add(change, "back", step=index)
        output(step.undo or f"nothing takes back: {step.text}")
    # Where this cannot be written the change stays open, and the next recovery finds it undone.
    try_add(change, "undone")
    return None
