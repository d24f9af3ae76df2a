"""What removing a directory would free."""

from __future__ import annotations

import os
import stat
import threading

_NOATIME: int = getattr(os, "O_NOATIME", 0)


def frees(path: str, cancel: threading.Event | None = None) -> int | None:
    """Bytes on disk that come back when the tree is deleted; None if cancelled.

    A file with several names counts once, and only if all of them are inside. Links are not
    followed, other filesystems are not entered. Raises OSError if the top can't be read.
    """
    top = os.lstat(path)
    total = top.st_blocks * 512
    names_seen: dict[tuple[int, int], int] = {}
    waiting = [path]
    while waiting:
        if cancel is not None and cancel.is_set():
            return None
        folder = waiting.pop()
        for child, info in _children(folder, must=folder == path):
            if stat.S_ISDIR(info.st_mode):
                if info.st_dev != top.st_dev:
                    continue
                waiting.append(child)
            elif info.st_nlink > 1:
                key = (info.st_dev, info.st_ino)
                names_seen[key] = names_seen.get(key, 0) + 1
                if names_seen[key] != info.st_nlink:
                    continue
            total += info.st_blocks * 512
    return total


def _children(folder: str, *, must: bool) -> list[tuple[str, os.stat_result]]:
    """What is in a directory, read without touching its access time."""
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | _NOATIME)
    except PermissionError:
        if must:
            raise
        return []
    except OSError:
        if must:
            raise
        return []
    try:
        with os.scandir(fd) as entries:
            return [
                (os.path.join(folder, entry.name), entry.stat(follow_symlinks=False))
                for entry in entries
            ]
    except OSError:
        return []
    finally:
        os.close(fd)
