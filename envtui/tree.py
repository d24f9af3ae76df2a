"""The directories of a walk as they were, packed: mostly only the stamps are unpacked."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, NamedTuple

from envtui.stamps import Stamp, Stamps, packed

if TYPE_CHECKING:
    from envtui.walk import Marked, Seen, Walk


class Tree(NamedTuple):
    """What was seen where, in the order of the walk."""

    stamps: Stamps
    """Of every directory that was entered."""
    barred: tuple[str, ...]
    """Directories that were seen and not entered, but for the parts of environments."""
    marks: bytes
    """What stands out, by path, marshalled."""

    def restamped(self, stamps: dict[str, Stamp]) -> Tree:
        """The same with other stamps for some of them."""
        return self._replace(stamps=packed({**self.stamps.by_path(), **stamps}))

    def marked(self) -> dict[str, Marked]:
        """What stands out, by path."""
        found: dict[str, Marked] = marshal.loads(self.marks)  # noqa: S302 - our own, checked
        return found

    def unpacked(self) -> dict[str, Seen]:
        """Everything by path."""
        stamps, marks = self.stamps.by_path(), self.marked()
        below: dict[str, list[str]] = {}
        for path in reversed(stamps):  # the walk takes the last name of a directory first
            below.setdefault(path.rpartition("/")[0] or "/", []).append(path)
        return {
            path: (stamp, below.get(path, []), marks.get(path, ()))
            for path, stamp in stamps.items()
        }


def of_walk(walk: Walk) -> Tree:
    """A walk's directories for a snapshot."""
    stamps = Stamps("\0".join(walk.paths), walk.stamps.tobytes())
    return Tree(stamps, tuple(walk.barred), marshal.dumps(walk.marks))
