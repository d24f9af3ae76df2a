"""Deleting a tree for good. Used by the trash on its own directories."""

from __future__ import annotations

import os
import stat

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def directory(path: str) -> None:
    """Delete a directory and all below it; raises OSError. Nothing there is fine.

    Directories inside are first moved up to `path`, so that neither depth nor the number of open
    files has a limit, and every name is taken relative to an open directory: a link is never
    followed, a swapped one never entered.
    """
    try:
        top = _open(path)
    except FileNotFoundError:
        return
    try:
        count = 0
        while names := os.listdir(top):
            for name in names:
                if stat.S_ISDIR(os.lstat(name, dir_fd=top).st_mode):
                    count = _lift(name, top, count)
                    os.rmdir(name, dir_fd=top)
                else:
                    os.unlink(name, dir_fd=top)
    finally:
        os.close(top)
    os.rmdir(path)


def _lift(name: str, top: int, count: int) -> int:
    """Empty one directory: files go, directories move up beside it."""
    inner = _open(name, top)
    try:
        for child in os.listdir(inner):
            if not stat.S_ISDIR(os.lstat(child, dir_fd=inner).st_mode):
                os.unlink(child, dir_fd=inner)
                continue
            os.close(_open(child, inner))  # makes it ours to move
            while _exists(f"{count}", top):
                count += 1
            os.rename(child, f"{count}", src_dir_fd=inner, dst_dir_fd=top)
    finally:
        os.close(inner)
    return count


def _open(name: str, within: int | None = None) -> int:
    """Open a directory of ours with the right to read and change it."""
    try:
        fd = os.open(name, _OPEN, dir_fd=within)
    except PermissionError:
        if not stat.S_ISDIR(os.lstat(name, dir_fd=within).st_mode):
            raise
        os.chmod(name, 0o700, dir_fd=within)
        fd = os.open(name, _OPEN, dir_fd=within)
    if os.fstat(fd).st_mode & 0o700 != 0o700:
        os.fchmod(fd, 0o700)
    return fd


def _exists(name: str, within: int) -> bool:
    try:
        os.lstat(name, dir_fd=within)
    except FileNotFoundError:
        return False
    return True
