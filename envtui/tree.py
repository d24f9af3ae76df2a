"""The directories of a walk as they were, packed: mostly only paths and stamps are unpacked."""

from __future__ import annotations

import marshal
import os
from array import array
from typing import Any, NamedTuple, Union

from envtui.moment import Stamp

# A directory as it was: its stamp (None where that proves nothing), the directories in it that can
# hold something, and what stands out: the fields of `walk.Marks`, None for nothing, a sentence
# where it can't be read. Plain tuples, for they are marshalled by the thousand.
Seen = tuple[Union[Stamp, None], tuple[str, ...], Union[tuple[Any, ...], str, None]]
_UNPROVEN = (0, 0, 0)


class Tree(NamedTuple):
    """Paths in the order of the walk, and what was seen there."""

    paths: str
    """Separated by NUL."""
    stamps: bytes
    """Three 64-bit numbers for each, zeros where nothing is proven."""
    rest: bytes
    """What else is in each `Seen`, marshalled."""

    def changed(self, mounts: dict[str, str]) -> set[str]:
        """The directories that may not be as they were; none below a mount is touched."""
        numbers = iter(array("q", self.stamps))
        tops = tuple(point + "/" for point in mounts)
        look = os.stat
        found = set()
        for path in self._paths():
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

    def unpacked(self) -> dict[str, Seen]:
        """Everything by path."""
        numbers = iter(array("q", self.stamps))
        stamps = zip(numbers, numbers, numbers, strict=True)
        rest = marshal.loads(self.rest)  # noqa: S302 - our own file, checked by the index
        return {
            path: (None if stamp == _UNPROVEN else stamp, below, marks)
            for path, stamp, (below, marks) in zip(self._paths(), stamps, rest, strict=True)
        }

    def _paths(self) -> list[str]:
        return self.paths.split("\0") if self.paths else []


def packed(tree: dict[str, Seen]) -> Tree:
    """A walk's directories for a snapshot."""
    numbers = array("q")
    for stamp, _, _ in tree.values():
        try:
            numbers.extend(stamp or _UNPROVEN)
        except OverflowError:  # an inode of more than 63 bits
            del numbers[len(numbers) // 3 * 3 :]
            numbers.extend(_UNPROVEN)
    return Tree("\0".join(tree), numbers.tobytes(), marshal.dumps([s[1:] for s in tree.values()]))
