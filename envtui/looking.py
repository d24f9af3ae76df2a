"""One look at the machine through the memory of the last one: only what changed is read again."""

from __future__ import annotations

import gc
from typing import Any, NamedTuple

from envtui import index, inventory
from envtui import mounts as mounting
from envtui.host import Host
from envtui.model import Inventory, Notice
from envtui.moment import Asked, Moment, still
from envtui.mounts import Mounts
from envtui.walk import Seen, Walk, Watch, look, unchanged

_NAME = "index"


class _Memory(NamedTuple):
    """What one look leaves for the next."""

    roots: tuple[str, ...]
    mounts: dict[str, str]
    """Those below the roots."""
    tree: dict[str, Seen]
    asked: Asked | None
    """What the inventory was made of beside the tree; None where it proves nothing."""
    inventory: Any
    """As `index.plain` has it."""


def scan(
    host: Host, roots: tuple[str, ...], *, remember: bool = True, watch: Watch | None = None
) -> Inventory:
    """Everything in the managers' stores and below the roots, as it is now.

    `remember`: whether to use what is remembered and to leave the answer for the next time.
    """
    collecting = gc.isenabled()
    gc.disable()  # nothing of it is garbage before the end
    try:
        mounts = mounting.read(host)
        if not remember:
            return _anew(host, roots, mounts, {}, watch)[0]
        memory, told = _recall(host)
        found, kept = _through(host, roots, mounts, memory, watch)
        if kept:
            index.write(_NAME, host, _written(kept))
        return found._replace(notices=(*told, *found.notices)) if told else found
    finally:
        if collecting:
            gc.enable()


def _through(
    host: Host,
    roots: tuple[str, ...],
    mounts: Mounts,
    memory: _Memory | None,
    watch: Watch | None,
) -> tuple[Inventory, _Memory | None]:
    """The inventory, and what is to be remembered if that differs from before."""
    others = mounts.below(roots)
    if memory is None or any(mounts.is_far(host.real(root)) for root in roots):
        return _anew(host, roots, mounts, {}, watch)
    known = unchanged(memory.tree, others)
    if (
        memory.asked
        and (memory.roots, memory.mounts) == (roots, others)
        and still(memory.asked, host)
    ):
        renewed = _renewed(host, memory.tree, known)
        if renewed is not None:
            tree = {**memory.tree, **renewed}
            kept = memory._replace(tree=tree) if tree != memory.tree else None
            return index.revived(memory.inventory), kept
    return _anew(host, roots, mounts, known, watch)


def _renewed(host: Host, tree: dict[str, Seen], known: dict[str, Seen]) -> dict[str, Seen] | None:
    """The directories that were touched, looked at again; None where one says something else."""
    renewed = {}
    began = host.now()
    for path, before in tree.items():
        if path not in known:
            now = look(path, began)
            if now[1:] != before[1:]:
                return None
            renewed[path] = now
    return renewed


def _anew(
    host: Host,
    roots: tuple[str, ...],
    mounts: Mounts,
    known: dict[str, Seen],
    watch: Watch | None,
) -> tuple[Inventory, _Memory]:
    moment = Moment(host)
    walk: Walk | None = None

    def walks(skip: frozenset[str]) -> Walk:
        nonlocal walk
        walk = Walk(moment, roots, skip, mounts, known, watch)
        return walk

    found = inventory.scan(moment, walks)
    tree = walk.seen if walk else {}
    asked = moment.asked(tree) if found.complete else None
    return found, _Memory(roots, mounts.below(roots), tree, asked, index.plain(found))


def _recall(host: Host) -> tuple[_Memory | None, tuple[Notice, ...]]:
    try:
        record = index.read(_NAME, host)
        if record is None:
            return None, ()
        asked = Asked._make(record["asked"]) if record["asked"] else None
        return _Memory._make(
            (*(record[name] for name in _Memory._fields[:3]), asked, record["inventory"])
        ), ()
    except index.Damaged as damage:
        return None, (index.set_aside(_NAME, str(damage)),)


def _written(memory: _Memory) -> dict[str, Any]:
    asked = tuple(memory.asked) if memory.asked else None
    return memory._replace(asked=asked)._asdict()  # type: ignore[arg-type]
