"""The trash: things renamed out of the way, with what it needs to put them back exactly.

A record of each lies in `<data>/trash/ID.json`, wherever the thing itself is. It is written before
the rename, so that after a crash it tells what may have been moved.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from collections.abc import Iterator
from typing import NamedTuple

from envtui import disk, places
from envtui.errors import BadInput, Refused


class Item(NamedTuple):
    """One thing in the trash."""

    id: str
    path: str
    """Where it was."""
    trashed: str
    """Where it is now."""
    time: str
    title: str
    number: int
    """The change that moved it here, as `history` counts."""
    step: int
    inode: str
    mode: int
    mtime: int
    atime: int
    emptying: bool = False


def listing() -> list[Item]:
    """What can be restored, newest first."""
    return [item for item in _records() if not item.emptying and _is_there(item)]


def of_step(number: int, step: int) -> list[Item]:
    """What one step of a change moved, or was about to move, here."""
    return [item for item in _records() if (item.number, item.step) == (number, step)]


def find(id: str) -> Item:  # noqa: A002
    """The item with that id; raises BadInput."""
    for item in listing():
        if item.id == id:
            return item
    raise BadInput(f"nothing in the trash has the id {id}; `envtui trash` lists what is there")


def put(path: str, *, title: str, number: int, step: int) -> Item:
    """Rename a file, a link or a tree into the trash; raises Refused, and then nothing happened."""
    status = os.lstat(path)
    for directory in _directories(path):
        item = _reserve(path, directory, status, title, number, step)
        try:
            _move(path, item.trashed, item)
        except OSError as error:
            _drop(item)
            if error.errno != errno.EXDEV:
                why = "it is a mount point" if error.errno == errno.EBUSY else error.strerror
                raise Refused(f"{path} cannot be moved to the trash: {why}") from None
        else:
            return item
    raise Refused(
        f"{path} cannot be moved to the trash: its filesystem holds none of ours, "
        "and envtui does not copy; remove it by hand"
    )


def put_back(item: Item, to: str | None = None) -> str:
    """Rename it back, with its times and mode; raises Refused. Twice is as good as once."""
    target = to or item.path
    if item.emptying or not os.path.lexists(item.trashed):
        if to is None and inode(target) == item.inode:
            _drop(item)  # a crash came between the rename and this
            return target
        raise Refused(f"{item.path} is no longer in the trash")
    if os.path.lexists(target):
        raise Refused(
            f"{target} is taken; move that away, or use `envtui trash restore {item.id} --to PATH`"
        )
    parent = os.path.dirname(target)
    if not os.path.isdir(parent):
        raise Refused(
            f"{parent} is gone; make it again, or use `envtui trash restore {item.id} --to PATH`"
        )
    try:
        _move(item.trashed, target, item)
    except OSError as error:
        raise Refused(f"cannot restore {target}: {error.strerror}; nothing was copied") from None
    _drop(item)
    return target


def restore(id: str, to: str | None = None) -> str:  # noqa: A002
    """Put an item back where it was, or at `to`; the answer is where. Takes the lock."""
    with disk.lock():
        return put_back(find(id), os.path.abspath(to) if to else None)


def empty(ids: list[str] | None = None) -> list[Item]:
    """Delete for good, all or the named ones; the answer is what is gone. Takes the lock."""
    from envtui import erase

    with disk.lock():
        items = listing() if ids is None else [find(id) for id in ids]  # noqa: A001
        rest = [item for item in _records() if item.emptying]
        for item in [*items, *rest]:
            _record(item._replace(emptying=True))
            erase.directory(os.path.dirname(item.trashed))
            disk.forget(_record_path(item.id))
    return items


def size(item: Item) -> int:
    """Bytes that deleting it would free; reads the whole tree."""
    from envtui import erase

    return erase.size(os.path.dirname(item.trashed))


def inode(path: str) -> str:
    """A name's "device:inode", links not followed; "" where nothing is."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    return f"{status.st_dev}:{status.st_ino}"


def _records() -> list[Item]:
    directory = places.data("trash")
    try:
        names = [name for name in os.listdir(directory) if name.endswith(".json")]
    except OSError:
        return []
    items = []
    for name in names:
        try:
            with open(os.path.join(directory, name), "rb") as file:
                item = Item(**json.load(file))
        except (OSError, ValueError, TypeError):
            continue
        # A record that points elsewhere is not ours: nothing outside a trash is ever touched.
        if name == item.id + ".json" and _is_ours(item):
            items.append(item)
    return sorted(items, key=lambda item: (item.time, item.number, item.step), reverse=True)


def _is_ours(item: Item) -> bool:
    directory, id = os.path.split(os.path.dirname(item.trashed))  # noqa: A001
    return id == item.id and (
        directory == places.data("trash") or os.path.basename(directory) == _mount_name()
    )


def _is_there(item: Item) -> bool:
    # On a disk that is not mounted now there is no directory either: it is still listed.
    return os.path.lexists(item.trashed) or not os.path.isdir(os.path.dirname(item.trashed))


def _directories(path: str) -> Iterator[str]:
    """Trash directories a rename of `path` could reach, made if need be."""
    own = places.data("trash")
    os.makedirs(own, 0o700, exist_ok=True)
    yield own
    other = os.path.join(_mount_top(os.path.dirname(path)), _mount_name())
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


def _mount_name() -> str:
    return f".envtui-trash-{os.getuid()}"


def _mount_top(path: str) -> str:
    """The mount point above a path. Device numbers do not show bind mounts, so mountinfo first."""
    path = os.path.realpath(path)
    try:
        with open("/proc/self/mountinfo", "rb") as file:
            points = [os.fsdecode(_unescape(line.split()[4])) for line in file]
    except (OSError, IndexError):
        while not os.path.ismount(path):
            path = os.path.dirname(path)
        return path
    above = (point for point in points if (path + "/").startswith(point.rstrip("/") + "/"))
    return max(above, key=len, default="/")


def _unescape(field: bytes) -> bytes:
    for code, byte in ((b"\\040", b" "), (b"\\011", b"\t"), (b"\\012", b"\n"), (b"\\134", b"\\")):
        field = field.replace(code, byte)
    return field


def _reserve(
    path: str, directory: str, status: os.stat_result, title: str, number: int, step: int
) -> Item:
    count = 1
    while True:
        id = f"{number}-{count}"  # noqa: A001
        count += 1
        if os.path.lexists(_record_path(id)):
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
        time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        title=title,
        number=number,
        step=step,
        inode=f"{status.st_dev}:{status.st_ino}",
        mode=stat.S_IMODE(status.st_mode),
        mtime=status.st_mtime_ns,
        atime=status.st_atime_ns,
    )
    _record(item)
    return item


def _record_path(id: str) -> str:  # noqa: A002
    return places.data("trash", f"{id}.json")


def _record(item: Item) -> None:
    disk.replace(_record_path(item.id), json.dumps(item._asdict()).encode())


def _drop(item: Item) -> None:
    disk.forget(_record_path(item.id))
    try:
        os.rmdir(os.path.dirname(item.trashed))
    except OSError:
        return


def _move(source: str, target: str, item: Item) -> None:
    """Rename, and make mode and times what they were before."""
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
    status = os.lstat(target)
    if not stat.S_ISLNK(status.st_mode) and stat.S_IMODE(status.st_mode) != item.mode:
        os.chmod(target, item.mode)
    if status.st_mtime_ns != item.mtime:
        os.utime(target, ns=(item.atime, item.mtime), follow_symlinks=False)
    disk.sync_directory(os.path.dirname(target))
    disk.sync_directory(os.path.dirname(source))
