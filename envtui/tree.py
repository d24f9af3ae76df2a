"""The directories of a walk as they were, packed: mostly only paths and stamps are unpacked."""

from __future__ import annotations

import marshal
import os
from array import array
from typing import TYPE_CHECKING, NamedTuple

from envtui.moment import Stamp

if TYPE_CHECKING:
    from envtui.walk import Marked, Seen, Walk


class Tree(NamedTuple):
    """Paths in the order of the walk, and what was seen there."""

    paths: str
    """Separated by NUL."""
    stamps: bytes
    """Three 64-bit numbers for each, zeros where nothing is proven."""
    barred: tuple[str, ...]
    """Directories that were seen and not entered, but for the parts of environments."""
    marks: bytes
    """What stands out, by path, marshalled."""

    def changed(self, mounts: dict[str, str]) -> set[str]:
        """The directories that may not be as they were; none below a mount is touched."""
        numbers = iter(array("q", self.stamps))
        tops = tuple(point + "/" for point in mounts)
        look = os.stat
        found = set()
        for path in self.listed():
            inode, mtime, ctime = next(numbers), next(numbers), next(numbers)
            if tops and f"{path}/".startswith(tops):
                found.add(path)
                continue
            try:
                now = look(path)
            except (OSError, ValueError):
                found.add(path)
                continue
            if now.st_ctime_ns != ctime or now.st_mtime_ns != mtime or now.st_ino != inode:
                found.add(path)
        return found

    def restamped(self, stamps: dict[str, Stamp]) -> Tree:
        """The same with other stamps for some of them."""
        numbers = array("q", self.stamps)
        for at, path in enumerate(self.listed()):
            if path in stamps:
                numbers[3 * at : 3 * at + 3] = array("q", stamps[path])
        return self._replace(stamps=numbers.tobytes())

    def marked(self) -> dict[str, Marked]:
        """What stands out, by path."""
        found: dict[str, Marked] = marshal.loads(self.marks)  # noqa: S302 - our own, checked
        return found

    def unpacked(self) -> dict[str, Seen]:
        """Everything by path."""
        numbers = iter(array("q", self.stamps))
        marks = self.marked()
        paths = self.listed()
        below = _children(paths)
        stamps = zip(numbers, numbers, numbers, strict=True)
        return {
            path: (stamp, below.get(path, []), marks.get(path, ()))
            for path, stamp in zip(paths, stamps, strict=True)
        }

    def listed(self) -> list[str]:
        """Every directory in the order of the walk."""
        return self.paths.split("\0") if self.paths else []


def _children(paths: list[str]) -> dict[str, list[str]]:
    """By directory those in it, in the order of its names: the walk takes the last first."""
    found: dict[str, list[str]] = {}
    for path in reversed(paths):
        found.setdefault(path.rpartition("/")[0] or "/", []).append(path)
    return found


def packed(walk: Walk) -> Tree:
    """A walk's directories for a snapshot."""
    paths, stamps = "\0".join(walk.paths), walk.stamps.tobytes()
    return Tree(paths, stamps, tuple(walk.barred), marshal.dumps(walk.marks))
