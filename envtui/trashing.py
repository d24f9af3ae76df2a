"""Into the trash and back: renames, each with a record that is written before it.

So after a crash it is told what may have been moved, and twice is as good as once.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
from collections.abc import Iterator

from envtui import disk, mounts, places
from envtui.errors import Refused, StepFailed, say
from envtui.host import Host, inode
from envtui.log import now
from envtui.trash import Item, find, mount_name, of_step, record_path, state


def put(path: str, *, title: str, number: int, step: int) -> Item:
    """Rename a file, a link or a tree into the trash.

    Raises Refused, and then nothing happened; OSError, and then `put_back` puts it right.
    """
    status = os.lstat(path)
    for item in of_step(number, step):
        if item.inode == inode(path) and not os.path.lexists(item.trashed):
            _drop(item)  # a crash came before it was moved
    for directory in _directories(path):
        item = _reserve(path, directory, status, title, number, step)
        try:
            _rename(path, item.trashed, item)
        except OSError as error:
            _drop(item)
            if error.errno != errno.EXDEV:
                why = "it is a mount point" if error.errno == errno.EBUSY else error.strerror
                raise Refused(f"{path} cannot be moved to the trash: {why}") from None
        else:
            _settle(item.trashed, path, item)
            return item
    raise Refused(
        f"{path} cannot be moved to the trash: its filesystem holds none of ours, "
        "and envtui does not copy; remove it by hand"
    )


def put_back(item: Item, to: str | None = None) -> str:
    """Rename it back with times and mode; twice is as good as once. Raises Refused, OSError."""
    target = to or item.path
    moved = item.emptying or not os.path.lexists(item.trashed)
    if moved and to is None and inode(target) == item.inode:
        _settle(target, item.trashed, item)  # a crash came between the rename and this
        _drop(item)
        return target
    if reason := obstacle(item, target):
        raise Refused(reason)
    try:
        _rename(item.trashed, target, item)
    except OSError as error:
        raise Refused(f"cannot restore {target}: {error.strerror}; nothing was copied") from None
    _settle(target, item.trashed, item)
    _drop(item)
    return target


def obstacle(item: Item, target: str) -> str | None:
    """Why it can't be put there; None where it can."""
    if state(item) == "away":
        return f"{item.path} lies in {item.trashed}, on a disk that is not mounted"
    if item.emptying or not os.path.lexists(item.trashed):
        return f"{item.path} is no longer in the trash"
    elsewhere = f"or use `envtui trash restore {item.id} --to PATH`"
    if os.path.lexists(target):
        return f"{target} is taken; move that away, {elsewhere}"
    parent = os.path.dirname(target)
    return None if os.path.isdir(parent) else f"{parent} is gone; make it again, {elsewhere}"


def restore(id: str, to: str | None = None) -> str:  # noqa: A002
    """Put an item back where it was, or at `to`; the answer is where. Takes the lock."""
    with disk.lock():
        try:
            return put_back(find(id), os.path.abspath(to) if to else None)
        except OSError as error:
            raise StepFailed(f"restoring {id}: {say(error)}; do it again") from None


def _directories(path: str) -> Iterator[str]:
    """Trash directories a rename of `path` could reach, made if need be."""
    own = places.data("trash")
    disk.make_directory(own)
    yield own
    other = os.path.join(_mount_top(os.path.realpath(os.path.dirname(path))), mount_name())
    try:
        os.mkdir(other, 0o700)
    except FileExistsError:
        pass
    except OSError:
        return
    status = os.lstat(other)
    # Anybody may make a name at the top of a shared disk: only a real directory of ours will do.
    private = status.st_uid == os.getuid() and not status.st_mode & 0o077
    if stat.S_ISDIR(status.st_mode) and private:
        yield other


def _mount_top(path: str) -> str:
    """The mount point of a real path. Device numbers do not show bind mounts, the table does."""
    table = mounts.read(Host())
    if table.points:
        return table.point(path)
    while not os.path.ismount(path):
        path = os.path.dirname(path)
    return path


def _reserve(
    path: str, directory: str, status: os.stat_result, title: str, number: int, step: int
) -> Item:
    count = 1
    while True:
        id = f"{number}-{count}"  # noqa: A001
        count += 1
        if any(os.path.lexists(record_path(id, end)) for end in ("json", "emptying")):
            continue
        try:
            os.mkdir(os.path.join(directory, id), 0o700)
        except FileExistsError:
            continue
        break
    item = Item(
        id=id,
        path=path,
        trashed=os.path.join(directory, id, os.path.basename(path)),
        time=now(),
        title=title,
        number=number,
        step=step,
        inode=f"{status.st_dev}:{status.st_ino}",
        mode=stat.S_IMODE(status.st_mode),
        mtime=status.st_mtime_ns,
        atime=status.st_atime_ns,
    )
    fields = {name: value for name, value in item._asdict().items() if name != "emptying"}
    try:
        disk.sync_directory(directory)
        disk.replace(record_path(id), json.dumps(fields).encode(), mode=0o600)
    except OSError:
        _drop(item)
        raise
    return item


def _drop(item: Item) -> None:
    """Forget an item whose thing is not here; raises OSError."""
    disk.forget(record_path(item.id))
    leave(item)


def leave(item: Item) -> None:
    """Remove the directories that held an item, as far as they are empty."""
    here = os.path.dirname(item.trashed)
    there = os.path.dirname(here)
    for directory in (here, there) if there != places.data("trash") else (here,):
        with contextlib.suppress(OSError):
            os.rmdir(directory)
    for directory in (places.data("trash"), there):
        with contextlib.suppress(OSError):
            disk.sync_directory(directory)


def _rename(source: str, target: str, item: Item) -> None:
    try:
        os.rename(source, target)
    except PermissionError:
        # A directory without the write bit cannot change its "..", though its owner may move it.
        if not stat.S_ISDIR(os.lstat(source).st_mode) or item.mode & 0o200:
            raise
        os.chmod(source, item.mode | 0o200)
        try:
            os.rename(source, target)
        except OSError:
            os.chmod(source, item.mode)
            raise


def _settle(target: str, source: str, item: Item) -> None:
    """Make mode and times what they were before a rename, and the rename lasting."""
    status = os.lstat(target)
    if not stat.S_ISLNK(status.st_mode) and stat.S_IMODE(status.st_mode) != item.mode:
        os.chmod(target, item.mode)
    if status.st_mtime_ns != item.mtime:
        os.utime(target, ns=(item.atime, item.mtime), follow_symlinks=False)
    disk.sync_directory(os.path.dirname(target))
    if os.path.isdir(os.path.dirname(source)):
        disk.sync_directory(os.path.dirname(source))
