"""What a crash left is put right, under the lock, before anything else is changed."""

from __future__ import annotations

from envtui import command, disk, emptying, journal, trash, trashing
from envtui.errors import BadInput, Busy, Refused, StepFailed
from envtui.host import Host
from envtui.journal import Change
from envtui.rollback import left_over, name, roll_back, silent, try_add, undo_steps


def recover(host: Host) -> list[str]:
    """Put right what a crash left, and say what that was. Nothing while another envtui works."""
    changes, problems = journal.unfinished()
    if not changes and not emptying.is_cut_off():
        return problems
    try:
        with disk.lock(wait=0):
            return recover_locked(host)
    except Busy:
        return []
    except (Refused, StepFailed) as problem:
        cut = [f"{name(change)} was cut off and is not put right yet" for change in changes]
        return [*problems, *cut, str(problem)]


def restore(id: str, host: Host, to: str | None = None) -> str:  # noqa: A002
    """Put something back from the trash, by default where it was; the answer is where."""
    recover(host)
    return trashing.restore(id, to)


def more(item: trash.Item) -> str:
    """What restoring leaves undone of the change that moved it here, in words; "" for nothing."""
    try:
        change = journal.load(item.number)
    except BadInput:
        return ""
    if change is None:
        return ""
    entry = change.entry
    others = len(entry.steps) - 1
    if entry.status != "done" or not others:
        return ""
    did = f"did {others} thing{'s' * (others > 1)} more"
    return (
        f"change {item.number} ({entry.title}) {did}, which restoring does not touch: to take back "
        f"all of it, undo change {item.number}"
    )


def empty(host: Host, ids: list[str] | None = None) -> list[trash.Item]:
    """Delete from the trash for good, but first put back what a cut-off change moved there."""
    recover(host)
    needed = {change.number for change in journal.unfinished()[0]}
    return emptying.empty(ids, needed)


def recover_locked(host: Host) -> list[str]:
    """Under the lock. Raises StepFailed where the journal cannot be written."""
    changes, messages = journal.unfinished()
    messages += emptying.finish()
    for change in changes:
        command.end_left_over(change.path)
        if change.undoing:
            problem = undo_steps(change, host, silent, late=True)
            messages.append(problem or f"finished undoing {name(change)}, which was cut off")
        elif not can_be_ended(change):
            messages.append(
                f"{change.path} ends too early: it was cut or edited; {name(change)} is left as "
                "it is, and what it moved is in the trash"
            )
            continue
        else:
            left = roll_back(change, host, late=True)
            said = f"{name(change)} was cut off" + ("" if left else " and is rolled back")
            said += left_over(change, left) if left else ""
            messages.append(said)
            try_add(change, "failed", message=said, left=list(left))
        if change.status == "running":
            raise StepFailed(f"{change.path} cannot be written: {name(change)} stays open")
    return messages


def can_be_ended(change: Change) -> bool:
    """Whether it is open, and its journal is one that a crash leaves: neither cut nor edited.

    No change begins while another is open, and none moves what it did not note before.
    """
    if change.status != "running" or change.undoing:
        return change.status == "running"
    return change.number == journal.newest() and not _moved_unnoted(change)


def _moved_unnoted(change: Change) -> bool:
    """Whether the trash holds what a step moved of which the journal knows no beginning."""
    items = (item for item in trash.listing() if item.number == change.number)
    return any(item.step not in change.begun for item in items)
