"""Deleting from the trash for good: asked for, by its limits, or where a crash cut it off."""

from __future__ import annotations

import calendar
import contextlib
import os
import re
import threading
import time
from collections.abc import Collection

from envtui import disk, erase, mounts, places, trash, trashing
from envtui.errors import Problem, StepFailed, say
from envtui.facts.size import PATIENCE, frees
from envtui.host import Host
from envtui.patience import within
from envtui.trash import Item


def is_cut_off() -> bool:
    """Whether emptying was cut off; takes one look at one directory."""
    return any(name.endswith(".emptying") for name in trash.names())


def empty(ids: list[str] | None = None, needed: Collection[int] = ()) -> list[Item]:
    """Delete for good, all or the named ones; the answer is what is gone. Takes the lock.

    What changes `needed` moved stays. Raises StepFailed when all that could be deleted is, and
    something could not.
    """
    with disk.lock():
        items = trash.listing() if ids is None else [trash.find(id) for id in ids]  # noqa: A001
        gone, left = erase_all([item for item in items if item.number not in needed])
        if ids is None:
            erase_all([item for item in trash.records()[0] if trash.state(item) == "lost"])
        rest = finish()
    if left or rest:
        done = f"{len(gone)} items are deleted. " if gone else ""
        raise StepFailed(done + "\n".join(dict.fromkeys(left + rest)))
    return gone


def erase_all(items: list[Item]) -> tuple[list[Item], list[str]]:
    """Delete items for good, under the lock: those that are gone, and why others are not."""
    gone, left = [], []
    for item in items:
        try:
            if (now := trash.state(item)) in ("away", "silent"):
                why = "is not mounted" if now == "away" else "does not answer"
                left.append(f"{item.path} is kept: its disk, with {item.trashed}, {why}")
                continue
            if inside := mounts.read(Host()).below((item.trashed,)):
                left.append(f"{item.path} is kept: {min(inside)} is mounted in it")
                continue
            if not item.emptying:
                os.rename(trash.record_path(item.id), trash.record_path(item.id, "emptying"))
                disk.sync_directory(places.data("trash"))
            erase.directory(os.path.dirname(item.trashed))
            disk.forget(trash.record_path(item.id, "emptying"))
            trashing.leave(item)
            gone.append(item)
        except OSError as error:
            left.append(f"{item.path} is not deleted: {say(error)}")
    return gone, left


def finish() -> list[str]:
    """Go on where emptying was cut off, under the lock, and sweep; the answer is what is left."""
    items = trash.records()[0]
    left = erase_all([item for item in items if item.emptying])[1]
    for item in items:
        with contextlib.suppress(OSError, Problem):
            if not item.emptying and trash.state(item) == "back":
                trashing.put_back(item)
    for name in trash.names():
        # Empty ones only, and half a record: a crash came before what would be moved there.
        with contextlib.suppress(OSError):
            if re.fullmatch(r"\d+-\d+", name) and not os.path.lexists(trash.record_path(name)):
                os.rmdir(places.data("trash", name))
            elif name.startswith(".") and name.endswith(".envtui-new"):
                os.unlink(places.data("trash", name))
    return left


def sizes(items: list[Item]) -> list[int | None]:
    """Bytes that deleting each would free; None where it is gone, or its disk does not answer."""
    found: dict[str, int | None] = {}

    def measure(enough: threading.Event) -> None:
        # Other disks last: one that hangs then costs the sizes of its own items only.
        for item in sorted(items, key=lambda item: not item.trashed.startswith(places.data())):
            with contextlib.suppress(OSError):
                if trash.state(item) == "here":
                    found[item.id] = frees(item.trashed, enough)

    with contextlib.suppress(TimeoutError):
        within(PATIENCE, measure)
    return [found.get(item.id) for item in items]


def age(item: Item, host: Host) -> float:
    """Seconds since it was put here; below zero where the clock was set back meanwhile."""
    return host.now() - calendar.timegm(time.strptime(item.time, trash.TIME))
