"""What tells whether files and directories are as they were, for many of them at once."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable
from typing import NamedTuple

Stamp = tuple[int, int, int]
"""Inode, mtime and ctime in nanoseconds; ctime is what nobody can set back. Zeros prove nothing."""

UNPROVEN: Stamp = (0, 0, 0)
MOST = (1 << 63) - 1
"""What fits into a packed number; a clock before 1970 or an inode above it is not trusted."""


def stamp(status: os.stat_result) -> Stamp:
    """What tells whether a file or directory is as it was."""
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns


class Stamps(NamedTuple):
    """Paths with their stamps, packed so that reading them from a snapshot costs nothing."""

    paths: bytes
    """Separated by NUL."""
    numbers: bytes
    """Three 64-bit numbers for each."""

    def listed(self) -> list[bytes]:
        """The paths."""
        return self.paths.split(b"\0") if self.paths else []

    def by_path(self) -> dict[bytes, Stamp]:
        """Each with its stamp."""
        numbers = iter(array("q", self.numbers))
        stamps = zip(numbers, numbers, numbers, strict=True)
        return dict(zip(self.listed(), stamps, strict=True))

    def renewed(self, stamps: dict[bytes, Stamp]) -> Stamps:
        """The same with other stamps for some of them."""
        numbers = array("q", self.numbers)
        places = {path: 3 * at for at, path in enumerate(self.listed())}
        for path, known in stamps.items():
            numbers[places[path] : places[path] + 3] = array("q", known)
        return self._replace(numbers=numbers.tobytes())

    def changed(self, mounts: Iterable[str] = ()) -> set[bytes]:
        """Those that may not be as they were; what is below one of the mounts is not touched."""
        tops = tuple(os.fsencode(point) + b"/" for point in mounts)
        numbers = iter(array("q", self.numbers))
        look = os.stat
        found = set()
        for path, inode, mtime, ctime in zip(self.listed(), numbers, numbers, numbers, strict=True):
            if tops and (path + b"/").startswith(tops):
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


def packed(stamps: dict[bytes, Stamp]) -> Stamps:
    """Stamps for a snapshot; one that does not fit into 64 bits proves nothing then."""
    numbers = array("q")
    for known in stamps.values():
        inode, mtime, _ = known
        numbers.extend(known if inode <= MOST and mtime >= 0 else UNPROVEN)
    return Stamps(b"\0".join(stamps), numbers.tobytes())
