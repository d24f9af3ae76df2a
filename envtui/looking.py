"""One look at the machine through the memory of the last one: only what changed is read again."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from envtui import index, places
from envtui import mounts as mounting
from envtui.descent import Descent, Seen, Watch
from envtui.host import Host
from envtui.model import Inventory, Notice
from envtui.moment import Asked, Moment, still, young
from envtui.mounts import Mounts
from envtui.stamps import Stamp, Stamps
from envtui.tree import Tree, of_walk, parent

if TYPE_CHECKING:
    from envtui.walk import Walk

HangsOn = Callable[[AbstractSet[str]], AbstractSet[str]]
_NAME = "index"
_CONDA = "conda-meta"


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
    far: tuple[str, ...]
    """Those over a network, wherever: at what was nothing then a disk may not answer now."""
    tree: Tree
    asked: Asked | None
    """What the inventory was made of beside the tree; None where it proves nothing."""
    sure: Asked | None
    """What of that is sure as long as no directory of the tree has changed."""
    inventory: Any
    """As `index.plain` has it."""


class Look(NamedTuple):
    """What was found, to be shown at once, and what is to be done after that."""

    found: Inventory
    keep: Callable[[], None]
    """Leaves the answer for the next time; takes a fourth of the time of a first look."""
    hangs_on: HangsOn
    """The paths that it was read from and those given, but for what is on others' disks."""
    entered: Callable[[], list[bytes]]
    """The directories of the walk."""


class _Answer(NamedTuple):
    """What was found, what makes the memory of it if that differs from before, and as in a Look."""

    found: Inventory
    kept: Callable[[], _Memory] | None
    hangs_on: HangsOn
    entered: Callable[[], list[bytes]]


def look(
    host: Host, roots: tuple[str, ...], *, remember: bool = True, watch: Onlooker | None = None
) -> Look:
    """Everything in the managers' stores and below the roots, as it is now.

    `remember`: whether to use what is remembered and to leave the answer for the next time.
    """
    with _uncollected():
        mounts = mounting.read(host)
        far = mounts.far
        silent = [root for root in roots if far and far.leads_to_silence(root)]
        roots = tuple(root for root in roots if root not in silent)
        told = [Notice(root, "not searched: its disk does not answer") for root in silent]
        if remember:
            memory, damage = _recall(host)
            found, kept, hangs_on, entered = _through(host, roots, mounts, memory, watch)
            told += damage
        else:
            found, kept, hangs_on, entered = _anew(host, roots, mounts, {}, watch)
            kept = None
        if told:
            found = found._replace(notices=(*told, *found.notices))
        keep = partial(_keep, host, kept) if kept else _nothing
        return Look(found, keep, hangs_on, entered)


def scan(
    host: Host, roots: tuple[str, ...], *, remember: bool = True, watch: Onlooker | None = None
) -> Inventory:
    """As `look`, for those who need all of the answer before they can show anything."""
    answer = look(host, roots, remember=remember, watch=watch)
    answer.keep()
    return answer.found


def _nothing() -> None:
    """There is nothing new to keep."""


def _keep(host: Host, kept: Callable[[], _Memory]) -> None:
    with _uncollected():
        index.write(_NAME, host, _written(kept()))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: nothing of a look is garbage before its end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _through(
    host: Host,
    roots: tuple[str, ...],
    mounts: Mounts,
    memory: _Memory | None,
    watch: Onlooker | None,
) -> _Answer:
    others = mounts.below(roots)
    anywhere = (*roots, *memory.roots) if memory else ()
    if memory is None or any(mounts.is_far(host.real(root)) for root in anywhere):
        return _anew(host, roots, mounts, {}, watch)
    tree = memory.tree
    changed = tree.stamps.changed(others)
    asked = [memory.asked, memory.sure] if changed else [memory.asked]
    around = (roots, others, mounts.all_far())
    if (memory.roots, memory.mounts, memory.far) == around and all(
        one and still(one, host) for one in asked
    ):
        renewed = _renewed(host, tree, changed) if changed else {}
        if renewed is not None:
            proven = {path: stamp for path, stamp in renewed.items() if any(stamp)}
            found, hangs_on = index.revived(memory.inventory), partial(_hangs_on, memory)
            if not proven:
                return _Answer(found, None, hangs_on, tree.stamps.listed)
            stamps = tree.stamps.renewed(proven)
            newer = memory._replace(tree=tree._replace(stamps=stamps))
            return _Answer(found, lambda: newer, hangs_on, stamps.listed)
    return _anew(host, roots, mounts, _known(tree, changed), watch)


def _known(tree: Tree, changed: set[bytes]) -> dict[bytes, Seen]:
    """What is still true of the directories."""
    known = tree.unpacked()
    # What of these is not entered depends on more than their names.
    doubtful = {parent(path) for path in tree.barred}
    doubtful |= {path for path, seen in known.items() if _CONDA in seen.marked}
    for path in changed | doubtful:
        known.pop(path, None)
    return known


def _renewed(host: Host, tree: Tree, changed: set[bytes]) -> dict[bytes, Stamp] | None:
    """The directories that were touched, with their new stamps; None where one says more."""
    marks = tree.marked()
    beside = set(tree.stamps.listed()).difference(changed).union(tree.barred)
    since = young(host)
    way = Descent(map(os.fsdecode, changed), beside, {})
    for path, _, marked in way:
        # Of an environment not all is entered.
        if marked != marks.get(path) or "" in marked:
            return None
    seen = of_walk(way, since).stamps.by_path()
    if seen.keys() != changed or any(path not in way.marks for path in changed & marks.keys()):
        return None
    below = {path for path in beside if parent(path) in changed}
    return seen if set(way.barred) == below else None


def _anew(
    host: Host,
    roots: tuple[str, ...],
    mounts: Mounts,
    known: dict[bytes, Seen],
    watch: Onlooker | None,
) -> _Answer:
    # With them comes every adapter; an unchanged home needs none.
    from envtui import inventory
    from envtui.walk import Walk

    moment = Moment(host, mounts.far)
    walk: Walk | None = None

    def walks(skip: frozenset[str]) -> Walk:
        nonlocal walk
        walk = Walk(moment, roots, skip, mounts, known, watch)
        return walk

    found = inventory.scan(moment, walks, watch.sofar if watch else None)

    def hangs_on(also: AbstractSet[str]) -> AbstractSet[str]:
        return moment.near(moment.looked_at().union(also))

    kept = partial(_memory, moment, roots, mounts, walk, found) if walk else None
    return _Answer(found, kept, hangs_on, lambda: walk.way.paths if walk else [])


def _hangs_on(memory: _Memory, also: AbstractSet[str]) -> AbstractSet[str]:
    """Of what an answer hangs on that comes from the memory nothing is on others' disks."""
    return set(also).union(*(one.paths() for one in (memory.asked, memory.sure) if one))


def _memory(
    moment: Moment, roots: tuple[str, ...], mounts: Mounts, walk: Walk, found: Inventory
) -> _Memory:
    tree = of_walk(walk.way, moment.young)
    asked, sure = moment.asked(set(walk.directories())) if found.complete else (None, None)
    around = (roots, mounts.below(roots), mounts.all_far())
    return _Memory(*around, tree, asked, sure, index.plain(found))


def _recall(host: Host) -> tuple[_Memory | None, tuple[Notice, ...]]:
    if host.is_silent(path := places.cache(_NAME)):
        return None, (Notice(path, "all was read anew: its disk does not answer"),)
    try:
        record = index.read(_NAME, host)
    except index.Damaged as damage:
        return None, (index.set_aside(_NAME, str(damage)),)
    if record is None:
        return None, ()
    try:
        memory = _Memory(**record)
        return memory._replace(
            tree=Tree(Stamps._make(memory.tree[0]), *memory.tree[1:]),
            asked=_asked(memory.asked),
            sure=_asked(memory.sure),
        ), ()
    except (TypeError, ValueError) as error:  # fields that another version of envtui wrote
        return None, (index.set_aside(_NAME, str(error)),)


def _asked(record: Any) -> Asked | None:
    return Asked(Stamps._make(record[0]), *record[1:]) if record else None


def _written(memory: _Memory) -> dict[str, Any]:
    """Of plain tuples, as marshal takes them."""
    parts = {name: getattr(memory, name) for name in ("tree", "asked", "sure")}
    plain = {name: part and (tuple(part[0]), *part[1:]) for name, part in parts.items()}
    return {**memory._asdict(), **plain}
