"""One look at the machine through the memory of the last one: only what changed is read again."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from envtui import index, inventory
from envtui import mounts as mounting
from envtui.host import Host
from envtui.model import Inventory, Notice
from envtui.moment import Asked, Moment, still, young
from envtui.mounts import Mounts
from envtui.tree import Seen, Tree, packed
from envtui.walk import Walk, Watch, look

_NAME = "index"


class Onlooker(Watch, Protocol):
    """Somebody who watches a scan."""

    def sofar(self, made: Callable[[], Inventory]) -> None:
        """Something was found; `made` answers everything until now."""
        ...


class _Memory(NamedTuple):
    """What one look leaves for the next."""

    roots: tuple[str, ...]
    mounts: dict[str, str]
    """Those below the roots."""
    tree: Tree
    asked: Asked | None
    """What the inventory was made of beside the tree; None where it proves nothing."""
    inventory: Any
    """As `index.plain` has it."""


def scan(
    host: Host, roots: tuple[str, ...], *, remember: bool = True, watch: Onlooker | None = None
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
    watch: Onlooker | None,
) -> tuple[Inventory, _Memory | None]:
    """The inventory, and what is to be remembered if that differs from before."""
    others = mounts.below(roots)
    if memory is None or any(mounts.is_far(host.real(root)) for root in roots):
        return _anew(host, roots, mounts, {}, watch)
    changed = memory.tree.changed(others)
    known: dict[str, Seen] | None = None
    if (
        memory.asked
        and (memory.roots, memory.mounts) == (roots, others)
        and still(memory.asked, host)
    ):
        if not changed:
            return index.revived(memory.inventory), None
        known = memory.tree.unpacked()
        renewed = _renewed(host, known, changed)
        if renewed is not None:
            if any(now[0] for now in renewed.values()):
                memory = memory._replace(tree=packed({**known, **renewed}))
                return index.revived(memory.inventory), memory
            return index.revived(memory.inventory), None
    known = known or memory.tree.unpacked()
    for path in changed:
        del known[path]
    return _anew(host, roots, mounts, known, watch)


def _renewed(host: Host, known: dict[str, Seen], changed: set[str]) -> dict[str, Seen] | None:
    """The directories that were touched, looked at again; None where one says something else."""
    since = young(host)
    renewed = {path: look(path, since) for path in changed}
    same = all(now[1:] == known[path][1:] for path, now in renewed.items())
    return renewed if same else None


def _anew(
    host: Host,
    roots: tuple[str, ...],
    mounts: Mounts,
    known: dict[str, Seen],
    watch: Onlooker | None,
) -> tuple[Inventory, _Memory]:
    moment = Moment(host)
    walk: Walk | None = None

    def walks(skip: frozenset[str]) -> Walk:
        nonlocal walk
        walk = Walk(moment, roots, skip, mounts, known, watch)
        return walk

    found = inventory.scan(moment, walks, watch.sofar if watch else None)
    tree = walk.seen if walk else {}
    asked = moment.asked(tree) if found.complete else None
    return found, _Memory(roots, mounts.below(roots), packed(tree), asked, index.plain(found))


def _recall(host: Host) -> tuple[_Memory | None, tuple[Notice, ...]]:
    try:
        record = index.read(_NAME, host)
    except index.Damaged as damage:
        return None, (index.set_aside(_NAME, str(damage)),)
    if record is None:
        return None, ()
    try:
        memory = _Memory(**record)
        asked = Asked._make(memory.asked) if memory.asked else None
        return memory._replace(tree=Tree._make(memory.tree), asked=asked), ()
    except TypeError as error:  # fields that another version of envtui wrote
        return None, (index.set_aside(_NAME, str(error)),)


def _written(memory: _Memory) -> dict[str, Any]:
    asked = tuple(memory.asked) if memory.asked else None
    return {**memory._asdict(), "tree": tuple(memory.tree), "asked": asked}
