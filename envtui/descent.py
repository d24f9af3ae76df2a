"""The way down from the roots: every directory that can hold something is listed once.

Names and paths are bytes here: decoding those of all files would cost a twentieth of the whole.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

from envtui.marks import CARGO, ENVIRONMENT, IN_PROJECT, MARKERS, PARTS, PRUNED, PRUNED_IN, SPECIAL
from envtui.stamps import MOST, UNPROVEN, Stamp

_stat, _scandir = os.stat, os.scandir
_PRUNED = frozenset(map(os.fsencode, PRUNED))
_SPECIAL = {os.fsencode(name): name for name in (*SPECIAL, *PRUNED_IN)}
_TELLING = _PRUNED.union(_SPECIAL)
_PARTS = frozenset(map(os.fsencode, PARTS))
_USUAL = tuple(b"/" + os.fsencode(name) for name in IN_PROJECT)
_PACKAGES = b"/__pypackages__/"
_EVERY = 256
"""Directories between two looks at the clock."""

Marked = tuple[str, ...]
"""What stands out in a directory: names, a link with `@` behind, a file called `.venv` with `=`;
where it may be an environment, then an empty text and everything in it. `!` and a sentence for a
directory that can't be read."""


class Seen(NamedTuple):
    """A directory as it was: its stamp, those in it that can hold something, what stands out."""

    stamp: Stamp
    below: list[bytes]
    marked: Marked


class Watch(Protocol):
    """Somebody who is told how far the walk is and may end it."""

    def at(self, path: str, directories: int) -> bool:
        """The directory that comes next, and how many were before; True ends the walk there."""
        ...


class Descent:
    """One way down; to be gone once. What `skip` has, and what it leads to, is not entered."""

    def __init__(
        self,
        roots: Iterable[str],
        skip: AbstractSet[bytes],
        known: Mapping[bytes, Seen],
        watch: Watch | None = None,
    ) -> None:
        self.paths: list[bytes] = []
        """Every directory, in the order of the way."""
        self.marks: dict[bytes, Marked] = {}
        """What stands out in some of them."""
        self.barred: list[bytes] = []
        """Those that were seen and not entered."""
        self.stopped_at: str | None = None
        self._roots = list(map(os.fsencode, roots))
        self._skip = set(skip)
        self._known = known
        self._failed: set[bytes] = set()
        self._watch = watch

    def __iter__(self) -> Iterator[tuple[bytes, list[bytes], Marked]]:
        """Each directory that stands out: its path, what will be entered from it, and why.

        The list may be changed by who gets it. One loop without a call for each directory: calls
        cost a tenth of the whole.
        """
        paths, known, watch, skip = self.paths.append, self._known, self._watch, self._skip
        for root in self._roots:
            stack = [] if root in skip or root in self.paths else [root]
            while stack:
                path = stack.pop()
                if watch and len(self.paths) % _EVERY == 0 and self._ended(path, watch):
                    self.barred += [path, *stack]
                    return
                marked: Marked = ()
                below: list[bytes] = []
                try:
                    if path in known:
                        _, below, marked = known[path]
                    elif path[-3:] == b"env" and path.endswith(_USUAL):
                        below, marked = _with_names(path)
                    else:
                        for entry in _scandir(path):
                            name = entry.name
                            if name in _TELLING:
                                if name in _PRUNED:
                                    continue
                                marked += (_word(entry, _SPECIAL[name]),)
                            if entry.is_dir(follow_symlinks=False):
                                below.append(entry.path)
                        if below and _PACKAGES in path:
                            below = _without(below, _PARTS)
                        if marked and not MARKERS.issuperset(marked):
                            below, marked = _sorted_out(path, None, below, marked)
                except (OSError, ValueError) as error:
                    below, marked = [], (f"!{getattr(error, 'strerror', None) or error}",)
                    if not isinstance(error, PermissionError):  # giving that changes the ctime
                        self._failed.add(path)
                paths(path)
                if marked:
                    self.marks[path] = marked
                    yield path, below, marked
                if below:
                    if not skip.isdisjoint(below):
                        self.barred += [child for child in below if child in skip]
                        below = [child for child in below if child not in skip]
                    stack += below
            skip.add(root)

    def stamps(self, young: int) -> array[int]:
        """Of each directory what proves that it is as it was listed; three zeros where nothing.

        `young` is from before the way (nanoseconds): what has changed since a directory was listed
        is younger, so that a look at the clocks afterwards does. Nobody waits for it then.
        """
        stamps, known = array("q"), self._known
        for path in self.paths:
            if path in known:
                stamps.extend(known[path].stamp)
                continue
            try:
                status = _stat(path)
            except (OSError, ValueError):
                stamps.extend(UNPROVEN)
                continue
            inode, mtime, ctime = status.st_ino, status.st_mtime_ns, status.st_ctime_ns
            if 0 <= mtime < young > ctime and inode <= MOST and path not in self._failed:
                stamps.extend((inode, mtime, ctime))
            else:
                stamps.extend(UNPROVEN)
        return stamps

    def _ended(self, path: bytes, watch: Watch) -> bool:
        shown = os.fsdecode(path)
        if watch.at(shown, len(self.paths)):
            self.stopped_at = shown
        return self.stopped_at is not None


def _with_names(path: bytes) -> tuple[list[bytes], Marked]:
    """What is in a directory that is called as environments are: then it is listed only once."""
    below: list[bytes] = []
    names: list[bytes] = []
    marked: Marked = ()
    for entry in _scandir(path):
        name = entry.name
        names.append(name)
        if name in _TELLING:
            if name in _PRUNED:
                continue
            marked += (_word(entry, _SPECIAL[name]),)
        if entry.is_dir(follow_symlinks=False):
            below.append(entry.path)
    return _sorted_out(path, os.fsdecode(b"\0".join(names)).split("\0"), below, marked)


def _word(entry: os.DirEntry[bytes], name: str) -> str:
    if name not in IN_PROJECT:
        return name
    if entry.is_symlink():
        return f"{name}@"
    return ".venv=" if name == ".venv" and entry.is_file(follow_symlinks=False) else name


def _sorted_out(
    path: bytes, names: list[str] | None, below: list[bytes], marked: Marked
) -> tuple[list[bytes], Marked]:
    """What may be entered beside something that stands out, and what is to be told of it."""
    pruned = {os.fsencode(name) for name, at in PRUNED_IN.items() if path.endswith(at)}
    if CARGO in marked:
        pruned.add(b"target")
    if pruned:
        below = _without(below, pruned)
    marked = tuple([word for word in marked if word != CARGO and word not in PRUNED_IN])
    if not ENVIRONMENT.isdisjoint(marked):
        marked += ("", *(os.listdir(os.fsdecode(path)) if names is None else names))
    return below, marked


def _without(paths: list[bytes], names: AbstractSet[bytes]) -> list[bytes]:
    return [path for path in paths if path.rpartition(b"/")[2] not in names]
