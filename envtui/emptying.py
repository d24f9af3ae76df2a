"""Deleting from the trash for good: asked for, by its limits, or where a crash cut it off."""

from __future__ import annotations

import contextlib
import os
import re

from envtui import disk, erase, places, trash
from envtui.errors import StepFailed
from envtui.trash import Item


def is_cut_off() -> bool:
    """Whether emptying was cut off; takes one look at one directory."""
    return any(name.endswith(".emptying") for name in trash.names())


def empty(ids: list[str] | None = None) -> list[Item]:
    """Delete for good, all or the named ones; the answer is what is gone. Takes the lock.

    Raises StepFailed when all that could be deleted is, and something could not.
    """
    with disk.lock():
        items = trash.listing() if ids is None else [trash.find(id) for id in ids]  # noqa: A001
        gone, left = erase_all(items)
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
            if not trash.is_mounted(item):
                left.append(f"{item.path} is kept: its disk, with {item.trashed}, is not mounted")
                continue
            if not item.emptying:
                os.rename(trash.record_path(item.id), trash.record_path(item.id, "emptying"))
                disk.sync_directory(places.data("trash"))
            _erase(item)
            gone.append(item)
        except OSError as error:
            left.append(f"{item.path} is not deleted: {trash.say(error)}")
    return gone, left


def finish() -> list[str]:
    """Go on where emptying was cut off, under the lock, and sweep; the answer is what is left."""
    left = erase_all([item for item in trash.records()[0] if item.emptying])[1]
    for name in trash.names():
        # Empty ones only: a crash came before the record of what would be moved there.
        if re.fullmatch(r"\d+-\d+", name) and not os.path.lexists(trash.record_path(name)):
            with contextlib.suppress(OSError):
                os.rmdir(places.data("trash", name))
    return left


def _erase(item: Item) -> None:
    erase.directory(os.path.dirname(item.trashed))
    disk.forget(trash.record_path(item.id, "emptying"))
    trash.leave(item)
