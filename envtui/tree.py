"""The directories of a walk as they were, packed: mostly only the stamps are unpacked."""

from __future__ import annotations

import marshal
from typing import NamedTuple

from envtui.descent import Descent, Marked, Seen
from envtui.stamps import Stamps


class Tree(NamedTuple):
    """What was seen where, in the order of the walk."""

    stamps: Stamps
    """Of every directory that was entered."""
    barred: tuple[bytes, ...]
    """Directories that were seen and not entered, but for the parts of environments."""
    marks: bytes
    """What stands out, by path, marshalled."""

    def marked(self) -> dict[bytes, Marked]:
        """What stands out, by path."""
        found: dict[bytes, Marked] = marshal.loads(self.marks)  # noqa: S302 - our own, checked
        return found

    def unpacked(self) -> dict[bytes, Seen]:
        """Everything by path."""
        stamps, marks = self.stamps.by_path(), self.marked()
        below: dict[bytes, list[bytes]] = {}
        for path in reversed(stamps):  # the walk takes the last name of a directory first
            below.setdefault(parent(path), []).append(path)
        return {
            path: Seen(stamp, below.get(path, []), marks.get(path, ()))
            for path, stamp in stamps.items()
        }


def of_walk(way: Descent, young: int) -> Tree:
    """A walk's directories for a snapshot; `young` as for `Descent.stamps`."""
    stamps = Stamps(b"\0".join(way.paths), way.stamps(young).tobytes())
    return Tree(stamps, tuple(way.barred), marshal.dumps(way.marks))


def parent(path: bytes) -> bytes:
    """The directory that a path is in."""
    return path.rpartition(b"/")[0] or b"/"
