"""Doing a plan, undoing a change, cleaning up after a crash: the only ways to change anything."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping

from envtui import command, disk, guards, journal, limits, obstacles, steps, trust
from envtui.errors import BadInput, Cancelled, Problem, Refused, StepFailed, ToolMissing, say
from envtui.facts.use import Use
from envtui.host import Host
from envtui.journal import Change, Entry
from envtui.plan import Plan, Run, Trash, Unlink
from envtui.recovery import can_be_ended, recover_locked
from envtui.rollback import Output, doing, left_over, name, roll_back, silent, try_add, undo_steps


def refusals(plan: Plan, host: Host, uses: Mapping[str, Use] | None = None) -> list[str]:
    """Every condition of the plan that does not hold, in words; `uses` is `guards.uses_of` it."""
    refused, missing = _unmet(plan, host, uses)
    return refused + missing


def warnings(plan: Plan, host: Host, uses: Mapping[str, Use] | None = None) -> list[str]:
    """The plan's own, whose processes use what it goes to or may do so, what the trash will lose.

    Raises BadInput where the settings cannot be read.
    """
    found = list(plan.warnings)
    uses = guards.uses_of(plan.guards) if uses is None else uses
    for prefix, use in uses.items():
        for user in use.others:
            who = f"process {user.pid} of {user.owner} (`{user.command}`)"
            found.append(f"{who} uses {prefix}: {user.evidence}")
    least = max(uses.values(), key=lambda use: use.unread + use.foreign, default=None)
    if least and least.unknown:
        found.append(f"processes that can't be looked into may be in it: {least.unknown}")
    return found + (limits.warnings(host) if plan.steps else [])


def perform(
    plan: Plan, host: Host, output: Output = silent, cancel: threading.Event | None = None
) -> int:
    """Do a plan as a whole or not at all; the answer is its number in the history.

    Raises Refused and ToolMissing before anything is changed; StepFailed and Cancelled after
    rolling back, or saying what could not be.
    """
    with disk.lock():
        for message in recover_locked(host):
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


def undo(number: int | None, host: Host, output: Output = silent) -> Entry:
    """Take back a change, by default the newest that was not; all of it, or nothing.

    One that was cut off is taken back by recovery: the one before it is not meant.
    """
    with disk.lock():
        wanted = _undoable(number)
        for message in recover_locked(host):
            output(message)
        change = journal.load(wanted.number) or wanted
        if wanted.status == "running" and change.status != "running" and not change.standing:
            return change.entry
        change = _undoable(wanted.number)
        reasons = obstacles.of(change, host)
        if reasons:
            raise Refused(f"cannot undo {name(change)}: " + "; ".join(reasons))
        late = change.undoing or change.failure != {}
        try:
            change.add("undoing")
        except OSError as error:
            try_add(change, "stopped", message="")
            why = f"cannot undo {name(change)}: {say(error)}; nothing was changed"
            raise StepFailed(why) from None
        with command.uninterrupted():
            problem = undo_steps(change, host, output, late=late)
        if problem is not None:
            raise StepFailed(problem)
        return change.entry


def undo_plan(number: int | None, host: Host) -> tuple[Entry, list[str]]:
    """What `undo` would do, in words and in order; raises as it would, and changes nothing."""
    change = _undoable(number)
    reasons = obstacles.of(change, host) if change.status != "running" else []
    if reasons:
        other = "" if number else "; `envtui history` lists others, `envtui undo N` takes one back"
        raise Refused(f"cannot undo {name(change)}: " + "; ".join(reasons) + other)
    left = [change.plan.steps[index] for index in change.standing]
    return change.entry, [step.undo or f"nothing takes back: {step.text}" for step in left]


def _unmet(
    plan: Plan, host: Host, uses: Mapping[str, Use] | None = None
) -> tuple[list[str], list[str]]:
    """Conditions that do not hold, and programs that are missing."""
    uses = guards.uses_of(plan.guards) if uses is None else uses
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
            taken = [p for p in step.creates if p not in gone and host.lexists(p)]
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
    at = doing(change, index, host, output)._replace(cancel=cancel)
    change.add("end", step=index, after=steps.do(step, at, noted))


def _close(change: Change, output: Output) -> None:
    """Note that all is done. Raises OSError where that cannot be written."""
    try:
        change.add("done")
    except OSError as error:
        # Written but not synced: a power cut may still take it back, nothing else will.
        if (written := journal.load(change.number)) is None or written.status != "done":
            raise
        output(f"note: {change.path} could not be synced: {say(error)}")


def _failed(change: Change, error: BaseException, host: Host) -> Problem | None:
    """Roll back and journal it; the answer is what to raise, None for the error itself."""
    left = roll_back(change, host, late=False)
    what = say(error) or f"{change.plan.title} was cancelled"
    if left:
        what += left_over(change, left)
    elif change.begun:
        what += "\nRolled back: everything is as it was."
    else:
        what += "\nNothing was changed."
    extra = {}
    if isinstance(error, steps.CommandFailed):
        extra = {"status": error.status, "output": error.output}
    if not try_add(change, "failed", message=what, left=list(left), **extra) and not left:
        with contextlib.suppress(OSError):  # a full disk: nothing happened, nothing to remember
            disk.forget(change.path)
    if isinstance(error, KeyboardInterrupt):
        return Cancelled(what)
    if isinstance(error, (OSError, steps.CommandFailed)):
        return StepFailed(what)
    return type(error)(what) if isinstance(error, Problem) else None


def _undoable(number: int | None) -> Change:
    if number is None:
        changes, problems = journal.read()
        for change in changes:
            if change.status == "done" or can_be_ended(change):
                return change
        raise BadInput("; ".join(problems) or "there is nothing to undo")
    found = journal.load(number)
    if found is None:
        raise BadInput(f"there is no change {number}; `envtui history` lists them")
    if found.status == "undone":
        raise BadInput(f"{name(found)} is undone already")
    if found.status == "failed" and not found.standing:
        raise BadInput(f"{name(found)} failed and was rolled back: there is nothing to undo")
    if found.status == "running" and not can_be_ended(found):
        raise BadInput(f"{name(found)} is not finished")
    return found
