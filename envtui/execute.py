"""Doing a plan, undoing a change, cleaning up after a crash: the only ways to change anything."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import Any

from envtui import command, disk, emptying, guards, journal, limits, obstacles, steps, trash, trust
from envtui.errors import BadInput, Busy, Cancelled, Problem, Refused, StepFailed, ToolMissing
from envtui.host import Host
from envtui.journal import Change, Entry
from envtui.plan import Plan, Run, Trash, Unlink

Output = Callable[[str], None]


def _silent(_: str) -> None:
    """Where nobody wants the output."""


def refusals(plan: Plan, host: Host) -> list[str]:
    """Every condition of the plan that does not hold, in words."""
    refused, missing = _unmet(plan, host)
    return refused + missing


def warnings(plan: Plan, host: Host) -> list[str]:
    """The plan's own, whose processes use what it goes to or may do so, what the trash will lose.

    Raises BadInput where the settings cannot be read.
    """
    found = list(plan.warnings)
    uses = guards.uses_of(plan.guards)
    for prefix, use in uses.items():
        for user in use.others:
            who = f"process {user.pid} of {user.owner} (`{user.command}`)"
            found.append(f"{who} uses {prefix}: {user.evidence}")
    least = max(uses.values(), key=lambda use: use.unread + use.foreign, default=None)
    if least and least.unknown:
        found.append(f"processes that can't be looked into may be in it: {least.unknown}")
    return found + (limits.warnings(host) if plan.steps else [])


def perform(
    plan: Plan, host: Host, output: Output = _silent, cancel: threading.Event | None = None
) -> int:
    """Do a plan as a whole or not at all; the answer is its number in the history.

    Raises Refused and ToolMissing before anything is changed; StepFailed and Cancelled after
    rolling back, or saying what could not be.
    """
    with disk.lock():
        for message in _recover(host):
            output(message)
        refused, missing = _unmet(plan, host)
        if refused:
            raise Refused("; ".join(refused + missing))
        if missing:
            raise ToolMissing("; ".join(missing))
        change = journal.start(plan)
        try:
            for index in range(len(plan.steps)):
                _step(change, index, host, output, cancel)
            _close(change, output)
        except BaseException as error:
            with command.uninterrupted():
                problem = _failed(change, error, host)
            if problem is None:
                raise
            raise problem from None
        trust.created(plan)
        for text in limits.keep(host, change.number):
            output(text)
        return change.number


def undo(number: int | None, host: Host, output: Output = _silent) -> Entry:
    """Take back a change, by default the newest that was not; all of it, or nothing."""
    with disk.lock():
        for message in _recover(host):
            output(message)
        change = _undoable(number)
        reasons = obstacles.of(change, host)
        if reasons:
            raise Refused(f"cannot undo {_name(change)}: " + "; ".join(reasons))
        late = change.undoing or change.failure != {}
        try:
            change.add("undoing")
        except OSError as error:
            _try_add(change, "stopped", message="")
            why = f"cannot undo {_name(change)}: {trash.say(error)}; nothing was changed"
            raise StepFailed(why) from None
        with command.uninterrupted():
            problem = _undo(change, host, output, late=late)
        if problem is not None:
            raise StepFailed(problem)
        return change.entry


def undo_plan(number: int | None, host: Host) -> tuple[Entry, list[str]]:
    """What `undo` would do, in words and in order; raises as it would, and changes nothing."""
    change = _undoable(number)
    reasons = obstacles.of(change, host)
    if reasons:
        raise Refused(f"cannot undo {_name(change)}: " + "; ".join(reasons))
    left = [change.plan.steps[index] for index in change.standing]
    return change.entry, [step.undo or f"nothing takes back: {step.text}" for step in left]


def recover(host: Host) -> list[str]:
    """Put right what a crash left, and say what that was. Nothing while another envtui works."""
    changes, problems = journal.unfinished()
    if not changes and not emptying.is_cut_off():
        return problems
    try:
        with disk.lock(wait=0):
            return _recover(host)
    except Busy:
        return []
    except (Refused, StepFailed) as problem:
        cut = [f"{_name(change)} was cut off and is not put right yet" for change in changes]
        return [*problems, *cut, str(problem)]


def restore(id: str, host: Host, to: str | None = None) -> str:  # noqa: A002
    """Put something back from the trash, by default where it was; the answer is where."""
    recover(host)
    return trash.restore(id, to)


def empty(host: Host, ids: list[str] | None = None) -> list[trash.Item]:
    """Delete from the trash for good, but first put back what a cut-off change moved there."""
    recover(host)
    needed = {change.number for change in journal.unfinished()[0]}
    return emptying.empty(ids, needed)


def _unmet(plan: Plan, host: Host) -> tuple[list[str], list[str]]:
    """Conditions that do not hold, and programs that are missing."""
    uses = guards.uses_of(plan.guards)
    refused: list[str] = []
    missing: list[str] = []
    for guard in plan.guards:
        reason = guards.check(guard, host, uses)
        if reason:
            (missing if guard.check == "executable" else refused).append(reason)
    gone: set[str] = set()
    made: set[str] = set()
    for step in plan.steps:
        if isinstance(step, (Trash, Unlink)):
            gone.add(step.path)
        elif isinstance(step, Run):
            taken = [p for p in step.creates if p not in gone and os.path.lexists(p)]
            refused += [f"{path} exists already" for path in taken]
            program = step.argv[0]
            # What the plan makes or mends is not asked before.
            ours = any(program.startswith(path + "/") for path in (*made, step.within) if path)
            if not ours and not guards.is_executable(program, host):
                missing.append(f"{program} is not installed")
            made.update(step.creates)
    return list(dict.fromkeys(refused)), list(dict.fromkeys(missing))


def _step(
    change: Change, index: int, host: Host, output: Output, cancel: threading.Event | None
) -> None:
    step = change.plan.steps[index]
    command.refuse_if(cancel, change.plan.title)
    if len(change.plan.steps) > 1:
        output(f"[{index + 1}/{len(change.plan.steps)}] {step.text}")
    noted = steps.before(step)
    change.add("begin", step=index, before=noted)
    doing = _doing(change, index, host, output)._replace(cancel=cancel)
    change.add("end", step=index, after=steps.do(step, doing, noted))


def _close(change: Change, output: Output) -> None:
    """Note that all is done. Raises OSError where that cannot be written."""
    try:
        change.add("done")
    except OSError as error:
        # Written but not synced: a power cut may still take it back, nothing else will.
        if (written := journal.load(change.number)) is None or written.status != "done":
            raise
        output(f"note: {change.path} could not be synced: {trash.say(error)}")


def _doing(change: Change, index: int, host: Host, output: Output = _silent) -> steps.Doing:
    noted = (before.get("inode") for at, before in change.begun.items() if at < index)
    moved = frozenset(inode for inode in noted if inode and isinstance(inode, str))
    title = change.plan.title
    return steps.Doing(change.number, index, title, change.path, host, output, moved=moved)


def _failed(change: Change, error: BaseException, host: Host) -> Problem | None:
    """Roll back and journal it; the answer is what to raise, None for the error itself."""
    left = _roll_back(change, host, late=False)
    what = _say(error) or f"{change.plan.title} was cancelled"
    if left:
        what += _left(change, left)
    elif change.begun:
        what += "\nRolled back: everything is as it was."
    else:
        what += "\nNothing was changed."
    extra = {}
    if isinstance(error, steps.CommandFailed):
        extra = {"status": error.status, "output": error.output}
    if not _try_add(change, "failed", message=what, left=list(left), **extra) and not left:
        with contextlib.suppress(OSError):  # a full disk: nothing happened, nothing to remember
            disk.forget(change.path)
    if isinstance(error, KeyboardInterrupt):
        return Cancelled(what)
    if isinstance(error, (OSError, steps.CommandFailed)):
        return StepFailed(what)
    return type(error)(what) if isinstance(error, Problem) else None


def _left(change: Change, left: dict[int, str]) -> str:
    what = "\nNot rolled back: " + "; ".join(left.values())
    return f"{what}\nOnce that is mended, `envtui undo {change.number}` takes back the rest"


def _roll_back(change: Change, host: Host, *, late: bool) -> dict[int, str]:
    """Take back every step that was begun, last first; the answer is what could not be, and why."""
    left = {}
    for index in change.standing:
        reason = _take_back(change, index, host, late=late)
        if reason is None:
            _try_add(change, "back", step=index)
        else:
            left[index] = reason
    return left


def _take_back(change: Change, index: int, host: Host, *, late: bool) -> str | None:
    """Take back one step; the answer is why it could not be."""
    step = change.plan.steps[index]
    doing = _doing(change, index, host)._replace(late=late)
    try:
        steps.take_back(step, doing, change.begun[index], change.ended.get(index))
    except (Problem, OSError) as error:
        reason = _say(error)
    except (LookupError, TypeError, ValueError, AttributeError):
        reason = f"{change.path} does not tell what was there before: it is damaged or was edited"
    else:
        return None
    return f"step {index + 1} ({step.text}): {reason}"


def _undo(change: Change, host: Host, output: Output, *, late: bool) -> str | None:
    """Take back what is not yet taken back; the answer is where it stopped, if it did."""
    for index in change.standing:
        step = change.plan.steps[index]
        reason = _take_back(change, index, host, late=late)
        if reason is not None:
            why = f"undo of {_name(change)} stopped at {reason}\nThe steps after it are undone; "
            why += f"`envtui undo {change.number}` goes on from there"
            _try_add(change, "stopped", message=why)
            return why
        _try_add(change, "back", step=index)
        output(step.undo or f"nothing takes back: {step.text}")
    # Where this cannot be written the change stays open, and the next recovery finds it undone.
    _try_add(change, "undone")
    return None


def _try_add(change: Change, event: str, **fields: Any) -> bool:
    try:
        change.add(event, **fields)
    except OSError:
        return False
    return True


def _recover(host: Host) -> list[str]:
    """Under the lock. Raises StepFailed where the journal cannot be written."""
    changes, messages = journal.unfinished()
    messages += emptying.finish()
    newest = journal.newest()
    for change in changes:
        command.end_left_over(change.path)
        if change.undoing:
            problem = _undo(change, host, _silent, late=True)
            messages.append(problem or f"finished undoing {_name(change)}, which was cut off")
        elif change.number != newest or _moved_unnoted(change):
            # No change begins while another is open, and none moves what it did not note before.
            messages.append(
                f"{change.path} ends too early: it was cut or edited; {_name(change)} is left as "
                "it is, and what it moved is in the trash"
            )
            continue
        else:
            left = _roll_back(change, host, late=True)
            said = f"{_name(change)} was cut off" + ("" if left else " and is rolled back")
            said += _left(change, left) if left else ""
            messages.append(said)
            _try_add(change, "failed", message=said, left=list(left))
        if change.status == "running":
            raise StepFailed(f"{change.path} cannot be written: {_name(change)} stays open")
    return messages


def _moved_unnoted(change: Change) -> bool:
    """Whether the trash holds what a step moved of which the journal knows no beginning."""
    items = (item for item in trash.listing() if item.number == change.number)
    return any(item.step not in change.begun for item in items)


def _undoable(number: int | None) -> Change:
    if number is None:
        for change in journal.read()[0]:
            if change.status == "done":
                return change
        raise BadInput("there is nothing to undo")
    found = journal.load(number)
    if found is None:
        raise BadInput(f"there is no change {number}; `envtui history` lists them")
    if found.status == "undone":
        raise BadInput(f"{_name(found)} is undone already")
    if found.status == "failed" and not found.standing:
        raise BadInput(f"{_name(found)} failed and was rolled back: there is nothing to undo")
    if found.status == "running":
        raise BadInput(f"{_name(found)} is not finished")
    return found


def _name(change: Change) -> str:
    return f"change {change.number} ({change.plan.title})"


def _say(error: BaseException) -> str:
    return trash.say(error) if isinstance(error, OSError) else str(error)
