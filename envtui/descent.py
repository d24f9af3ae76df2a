"""The way down from the roots: every directory that can hold something is listed once.

Names and paths are bytes here: decoding those of all files would cost a twentieth of the whole.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, Protocol

from envtui.marks import (
    CARGO,
    ENVIRONMENT,
    IN_PROJECT,
    MARKERS,
    PARTS,
    PRUNED,
    PRUNED_IN,
    SPECIAL,
)
from envtui.stamps import MOST, Stamp

_NOATIME: int = getattr(os, "O_NOATIME", 0)
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_stat, _listdir, _scandir = os.stat, os.listdir, os.scandir
_PRUNED = frozenset(map(os.fsencode, PRUNED))
_SPECIAL = {os.fsencode(name): name for name in (*SPECIAL, *PRUNED_IN)}
_TELLING = _PRUNED.union(_SPECIAL)
_PARTS = frozenset(map(os.fsencode, PARTS))
_QUIET = tuple(b"/" + os.fsencode(name) for name in IN_PROJECT)
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
        young: int | None,
        counting: AbstractSet[str] = frozenset(),
        watch: Watch | None = None,
    ) -> None:
        self.paths: list[bytes] = []
        """Every directory, in the order of the way."""
        self.stamps = array("q")
        """Of each its stamp; three zeros where nothing proves that it is as it was."""
        self.marks: dict[bytes, Marked] = {}
        """What stands out in some of them."""
        self.barred: list[bytes] = []
        """Those that were seen and not entered."""
        self.stopped_at: str | None = None
        self._roots = [(os.fsencode(root), root in counting) for root in roots]
        self._skip = set(skip)
        self._known = known
        self._young = young
        """What changed then (nanoseconds) or later gets no stamp; None: nothing gets any."""
        self._watch = watch

    def __iter__(self) -> Iterator[tuple[bytes, list[bytes], Marked]]:  # noqa: PLR0915 - see below
        """Each directory that stands out: its path, what will be entered from it, and why.

        The list may be changed by who gets it. One loop without a call for each directory: calls
        cost a tenth of the whole.
        """
        paths, stamp, known = self.paths.append, self.stamps.append, self._known
        young, watch, skip = self._young, self._watch, self._skip
        for root, counts in self._roots:
            stack = [] if root in skip or root in self.paths else [root]
            while stack:
                path = stack.pop()
                if watch and len(self.paths) % _EVERY == 0 and self._ended(path, watch):
                    self.barred += [path, *stack]
                    return
                inode = mtime = ctime = 0
                marked: Marked = ()
                below: list[bytes] = []
                try:
                    if path in known:
                        (inode, mtime, ctime), below, marked = known[path]
                    else:
                        leaf = False
                        if young is not None:
                            # Before the names: what changes in between is taken for a change.
                            status = _stat(path)
                            mtime, ctime = status.st_mtime_ns, status.st_ctime_ns
                            inode = status.st_ino
                            if not 0 <= mtime < young > ctime or inode > MOST:
                                inode = mtime = ctime = 0
                            # A link for each directory in it: two are its own.
                            leaf = counts and status.st_nlink == 2
                        if not leaf or not _TELLING.isdisjoint(_listdir(path)):
                            if path[-3:] == b"env" and path.endswith(_QUIET):
                                below, marked = _quietly(path)
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
                        inode = mtime = ctime = 0
                paths(path)
                if young is not None:
                    stamp(inode)
                    stamp(mtime)
                    stamp(ctime)
                if marked:
                    self.marks[path] = marked
                    yield path, below, marked
                if below:
                    if not skip.isdisjoint(below):
                        self.barred += [child for child in below if child in skip]
                        below = [child for child in below if child not in skip]
                    stack += below
            skip.add(root)

    def _ended(self, path: bytes, watch: Watch) -> bool:
        shown = os.fsdecode(path)
        if watch.at(shown, len(self.paths)):
            self.stopped_at = shown
        return self.stopped_at is not None


def _open(path: bytes) -> int:
    try:
        return os.open(path, _FLAGS | _NOATIME)
    except PermissionError:
        return os.open(path, _FLAGS)  # only the owner may ask for O_NOATIME


def _quietly(path: bytes) -> tuple[list[bytes], Marked]:
    """What is in a directory, whose access time, which tells of an environment's use, stays."""
    below: list[bytes] = []
    names: list[str] = []
    marked: Marked = ()
    fd = _open(path)
    try:
        for entry in _scandir(fd):
            name = entry.name
            names.append(name)
            if name in PRUNED:
                continue
            if name in SPECIAL:
                marked += (_word(entry, name),)
            if entry.is_dir(follow_symlinks=False):
                below.append(path + b"/" + os.fsencode(name))
    finally:
        os.close(fd)
    return _sorted_out(path, names, below, marked)


def _word(entry: os.DirEntry[Any], name: str) -> str:
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
