"""Durable changes of files: atomic replacement, synced directories, the one lock."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator

from envtui import places
from envtui.errors import Busy, Refused
from envtui.host import Host

# Long enough for another envtui to finish a plain change, short enough to feel like an answer.
LOCK_WAIT = 2.0


def sync_directory(path: str) -> None:
    """Make renames and new names in a directory survive a power cut. Raises OSError."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        return  # it may be changed but not read: then it cannot be synced either
    try:
        os.fsync(fd)
    except OSError as error:
        # Some network filesystems have no fsync for directories.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise
    finally:
        os.close(fd)


def make_directory(path: str, mode: int = 0o700) -> None:
    """A directory with its parents, each of them on disk when this returns. Raises OSError."""
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    make_directory(parent, mode)
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, mode)
    sync_directory(parent)


def replace(
    path: str, content: bytes, *, like: os.stat_result | None = None, mode: int = 0o666
) -> None:
    """Put a file in place as a whole: a reader sees the old bytes or the new ones.

    `like` gives mode and, where we may, owner; else the mode is `mode` less the umask. The
    temporary name is fixed, so that what a crash left of it can be found and removed.
    """
    temporary = temporary_of(path)
    forget(temporary)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        fd = os.open(temporary, flags, mode if like is None else 0o600)
        try:
            write_all(fd, content)
            if like is not None:
                _keep_owner(fd, like)
                os.fchmod(fd, like.st_mode & 0o7777)
            os.fsync(fd)
        finally:
            os.close(fd)
        os.rename(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            forget(temporary)
        raise
    sync_directory(os.path.dirname(path))


def link(path: str, target: str) -> None:
    """Put a symbolic link in place: what follows it meets the old target or the new one."""
    temporary = temporary_of(path)
    forget(temporary)
    os.symlink(target, temporary)
    try:
        os.rename(temporary, path)
    except BaseException:
        forget(temporary)
        raise
    sync_directory(os.path.dirname(path))


def temporary_of(path: str) -> str:
    """Where `replace` prepares the new bytes: beside the file, since a rename needs that."""
    directory, name = os.path.split(path)
    # A name may be 255 bytes long; ours must not become longer than that.
    return os.path.join(directory, f".{os.fsdecode(os.fsencode(name)[:200])}.envtui-new")


def forget(path: str) -> None:
    """Remove a file or link, if it is there. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def write_all(fd: int, content: bytes) -> None:
    """Write every byte, or raise OSError."""
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]


def _keep_owner(fd: int, like: os.stat_result) -> None:
    status = os.fstat(fd)
    if (status.st_uid, status.st_gid) != (like.st_uid, like.st_gid):
        with contextlib.suppress(PermissionError):
            os.fchown(fd, like.st_uid, like.st_gid)


@contextlib.contextmanager
def lock(wait: float = LOCK_WAIT) -> Iterator[None]:
    """Hold the one lock that every change needs; raises Busy when another envtui keeps it."""
    import fcntl

    path = places.state("lock")
    if Host().is_silent(path):
        raise Refused(f"cannot keep a journal: {path}: its disk does not answer")
    try:
        make_directory(os.path.dirname(path))
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refused(f"cannot keep a journal: {path}: {error.strerror}") from None
    try:
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise Busy(_held_by(fd)) from None
                time.sleep(0.05)
        with contextlib.suppress(OSError):  # a full disk: then we go unnamed to those who wait
            os.ftruncate(fd, 0)
            os.pwrite(fd, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(fd)


def _held_by(fd: int) -> str:
    pid = os.pread(fd, 20, 0).decode("ascii", "replace").strip()
    who = f"another envtui (pid {pid})" if pid.isdigit() else "another envtui"
    return f"{who} is changing something; try again when it is done"
