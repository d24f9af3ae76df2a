"""Why a change cannot be undone now. All of it is asked before the first step is taken back.

A step is judged as if those after it were taken back already, since that is what undo does first.
"""

from __future__ import annotations

import os

from envtui import guards, trash
from envtui.errors import Refused, say
from envtui.host import Host, inode
from envtui.journal import Change
from envtui.plan import Guard, Link, Run, Step, Trash, Unlink, Write, content_digest
from envtui.snapshots import Facts, append, digest_of, link_at


class _Ahead:
    """What the disk will look like, where that differs from what it looks like now."""

    def __init__(self) -> None:
        self.freed: set[str] = set()
        self.filled: set[str] = set()
        self.digests: dict[str, str] = {}

    def is_taken(self, path: str) -> bool:
        return path in self.filled or (path not in self.freed and os.path.lexists(path))

    def has_parent(self, path: str) -> bool:
        parent = os.path.dirname(path)
        return os.path.isdir(parent) or any(
            (parent + "/").startswith(filled + "/") for filled in self.filled
        )

    def digest(self, file: str) -> str:
        return self.digests.get(file) or guards.digest(file)


def of(change: Change, host: Host) -> list[str]:
    """Each reason, in words; none where undo can begin."""
    ahead = _Ahead()
    reasons: list[str] = []
    begun, ended = change.begun, change.ended
    for index in change.standing:
        step = change.plan.steps[index]
        try:
            reasons += _of_step(change, index, step, begun[index], ended.get(index), ahead, host)
        except OSError as error:
            reasons.append(say(error))
        except (LookupError, TypeError, ValueError, AttributeError):
            damaged = f"{change.path} does not tell what was there before step {index + 1}"
            reasons.append(f"{damaged}: it is damaged or was edited")
    return reasons


def _of_step(
    change: Change,
    index: int,
    step: Step,
    noted: Facts,
    left: Facts | None,
    ahead: _Ahead,
    host: Host,
) -> list[str]:
    if isinstance(step, Run):
        return _of_run(step, noted, left, ahead, host, again=change.undoing)
    if isinstance(step, Write):
        return _of_file(noted["file"], content_digest(step.content), ahead, step.section)
    if isinstance(step, Link):
        ahead.freed |= {step.path} if "target" not in noted else set()
        return _of_link(step, noted)
    if _is_back(step, noted):
        return []
    reason = _of_path(step, ahead)
    if isinstance(step, Trash) and reason is None:
        moved = [i for i in trash.of_step(change.number, index) if os.path.lexists(i.trashed)]
        if not moved or moved[0].emptying:
            reason = f"{step.path} is no longer in the trash"
    ahead.filled.add(step.path)
    return [reason] if reason else []


def _is_back(step: Trash | Unlink, noted: Facts) -> bool:
    """Whether an undo that could not note it has put it back already."""
    if isinstance(step, Trash):
        return bool(inode(step.path) == noted["inode"])
    return os.path.islink(step.path) and bool(os.readlink(step.path) == noted["target"])


def _of_link(step: Link, noted: Facts) -> list[str]:
    try:
        now = link_at(step.path)
    except Refused as reason:
        return [str(reason)]
    known = {step.target, noted.get("target")}
    return [] if (now and now["target"]) in known else [f"{step.path} has changed since"]


def _of_path(step: Trash | Unlink, ahead: _Ahead) -> str | None:
    if ahead.is_taken(step.path):
        return f"{step.path} is taken; move that away first"
    if not ahead.has_parent(step.path):
        return f"{os.path.dirname(step.path)} is gone; make it again first"
    return None


def _of_run(
    step: Run, noted: Facts, left: Facts | None, ahead: _Ahead, host: Host, *, again: bool
) -> list[str]:
    reasons = []
    for path in step.creates:
        if again and not os.path.lexists(path):
            continue  # an undo that stopped after it has taken it away
        checks = ["inode"] if left else []
        if os.path.isdir(path) and not os.path.islink(path):
            checks += ["not-in-use", "not-active", "not-self"]
        for check in checks:
            made = left["created"][path] if left and check == "inode" else ""
            guard = Guard(check, path, made)  # type: ignore[arg-type]
            reason = guards.check(guard, host)
            if reason:
                reasons.append(reason)
                break
        ahead.freed.add(path)
    for path, old in noted["files"].items():
        if left:
            reasons += _of_file(old, left["digests"][path], ahead)
    return reasons


def _of_file(old: Facts, ours: str, ahead: _Ahead, section: str = "") -> list[str]:
    file = old["path"]
    now = ahead.digest(file)
    ahead.digests[file] = digest_of(old)
    if now in {ours, digest_of(old)}:
        return []
    if section.strip() and now != "-":
        with open(file, "rb") as stream:
            if append(stream.read(), section) is not None:
                return []
    return [f"{file} has changed since"]
