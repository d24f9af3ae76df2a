"""What trees hold on disk, and what deleting them would free.

A file may have names outside of what is deleted, in the caches of uv and conda above all: its
bytes come back only if all of its names go (spec/locks.md, Disk). So the files with several names
are remembered, and several trees are judged together.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from envtui import mounts
from envtui.host import Host, is_below
from envtui.patience import within

PATIENCE = 20.0
"""Seconds for one tree: 100,000 files take one, read for the first time some ten."""
_NOATIME: int = getattr(os, "O_NOATIME", 0)
# Copies that share their blocks look like any others there (uv on macOS makes such).
_CLONING = {"btrfs", "bcachefs", "apfs"}


class Shared(NamedTuple):
    """A file with several names."""

    inside: int
    names: int
    size: int


class Tree(NamedTuple):
    """One or more directory trees, measured; sizes are bytes on disk."""

    plain: int
    """Of directories, links, and files with one name."""
    shared: dict[tuple[int, int], Shared]
    """By device and inode."""

    @property
    def frees(self) -> int:
        """What comes back when all of it is deleted, and nothing else."""
        return self.plain + sum(s.size for s in self.shared.values() if s.inside >= s.names)

    @property
    def holds(self) -> int:
        """What it takes up, whoever else has names of the same files; each file once."""
        return self.plain + sum(one.size for one in self.shared.values())


def frees(path: str, cancel: threading.Event | None = None) -> int | None:
    """Bytes that come back when the tree is deleted; None if cancelled. Raises OSError."""
    found = measure(path, cancel)
    return None if found is None else found.frees


def measure(path: str, cancel: threading.Event | None = None) -> Tree | None:
    """A tree's sizes; None if cancelled.

    Links are not followed, other filesystems are not entered; what vanishes meanwhile or can't be
    read counts nothing. Raises OSError if the top can't be read.
    """
    top = os.lstat(path)
    total = top.st_blocks * 512
    shared: dict[tuple[int, int], Shared] = {}
    waiting = [path] if stat.S_ISDIR(top.st_mode) else []
    while waiting:
        if cancel is not None and cancel.is_set():
            return None
        folder = waiting.pop()
        for name, info in _children(folder, must=folder == path):
            size = info.st_blocks * 512
            if stat.S_ISDIR(info.st_mode):
                if info.st_dev != top.st_dev:
                    continue
                waiting.append(f"{folder}/{name}")
            elif info.st_nlink > 1:
                key = info.st_dev, info.st_ino
                seen = shared.get(key)
                inside = seen.inside + 1 if seen else 1
                shared[key] = Shared(inside, info.st_nlink, size)
                continue
            total += size
    return Tree(total, shared)


def measure_soon(
    path: str, unwanted: threading.Event | None = None, seconds: float = PATIENCE
) -> Tree | None:
    """As `measure`, and TimeoutError, an OSError, where that takes too long or hangs."""
    return within(seconds, lambda enough: measure(path, enough), unwanted)


def together(trees: Iterable[Tree]) -> Tree:
    """Several trees as one, none inside another: what they share with each other goes too."""
    plain = 0
    shared: dict[tuple[int, int], Shared] = {}
    for tree in trees:
        plain += tree.plain
        for key, one in tree.shared.items():
            seen = shared.get(key)
            shared[key] = one._replace(inside=seen.inside + one.inside) if seen else one
    return Tree(plain, shared)


def outermost(paths: Iterable[str]) -> list[str]:
    """The paths that lie in no other of them, each once, so that nothing is counted twice."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(is_below(path, one) for one in kept):
            kept.append(path)
    return kept


def may_share_blocks(path: str) -> bool:
    """Whether copies there may share blocks that no count of names shows: less may come back."""
    kind = mounts.read(Host()).kind(os.path.realpath(path))
    return kind in _CLONING or sys.platform == "darwin"


def _children(folder: str, *, must: bool) -> Iterator[tuple[str, os.stat_result]]:
    """Names in a directory and what they are, read without touching its access time."""
    try:
        fd = _open(folder)
    except OSError:
        if must:
            raise
        return
    try:
        with os.scandir(fd) as entries:
            for entry in entries:
                try:
                    yield entry.name, entry.stat(follow_symlinks=False)
                except OSError:
                    continue  # vanished meanwhile
    finally:
        os.close(fd)


def _open(folder: str) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        return os.open(folder, flags | _NOATIME)
    except PermissionError:
        return os.open(folder, flags)  # O_NOATIME is for the owner only
