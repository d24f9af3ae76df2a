"""The trash: things renamed out of the way, with what it needs to put them back exactly.

A record of each lies in `<data>/trash/ID.json`, wherever the thing itself is. It is written before
the rename, so that after a crash it tells what may have been moved. To be emptied, a record is
first renamed to `ID.emptying` (`emptying.py`): that needs no room on a full disk, and is found
again after a crash.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
import time
from collections.abc import Iterator
from typing import NamedTuple

from envtui import disk, mounts, places
from envtui.errors import BadInput, Refused, StepFailed
from envtui.host import Host
from envtui.patience import within

TIME = "%Y-%m-%dT%H:%M:%SZ"
_PATIENCE = 2.0
"""Seconds for another disk to say whether something is there."""
_SILENT: set[str] = set()
_NAME = re.compile(r"((\d+)-\d+)\.(json|emptying)")


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
    return [i for i in records()[0] if not i.emptying and state(i) not in ("lost", "back")]


def problems() -> list[str]:
    """What is wrong in the trash, in words: things that are gone, records that make no sense."""
    items, problems = records()
    for item in items:
        now = "" if item.emptying else state(item)
        if now == "lost":
            told = f"{item.trashed} was deleted by something else"
            problems.append(f"{item.path} is no longer in the trash: {told}")
        elif now == "silent":
            problems.append(f"{item.path} lies in {item.trashed}, on a disk that does not answer")
    return problems


def numbers() -> set[int]:
    """The changes of which something is here."""
    return {int(match[2]) for name in names() if (match := _NAME.fullmatch(name))}


def of_step(number: int, step: int) -> list[Item]:
    """What one step of a change moved, or was about to move, here."""
    return [item for item in records()[0] if (item.number, item.step) == (number, step)]


def find(id: str) -> Item:  # noqa: A002
    """The item with that id; raises BadInput."""
    for item in records()[0]:
        if item.id == id and not item.emptying:
            now = state(item)
            if now == "lost":
                raise BadInput(f"{item.path} ({id}) was deleted from the trash by something else")
            if now == "silent":
                raise BadInput(f"{item.path} ({id}) lies on a disk that does not answer")
            return item
    raise BadInput(f"nothing in the trash has the id {id}; `envtui trash` lists what is there")


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
    if item.emptying or not os.path.lexists(item.trashed):
        if to is None and inode(target) == item.inode:
            _settle(target, item.trashed, item)  # a crash came between the rename and this
            _drop(item)
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
        _rename(item.trashed, target, item)
    except OSError as error:
        raise Refused(f"cannot restore {target}: {error.strerror}; nothing was copied") from None
    _settle(target, item.trashed, item)
    _drop(item)
    return target


def restore(id: str, to: str | None = None) -> str:  # noqa: A002
    """Put an item back where it was, or at `to`; the answer is where. Takes the lock."""
    with disk.lock():
        try:
            return put_back(find(id), os.path.abspath(to) if to else None)
        except OSError as error:
            raise StepFailed(f"restoring {id}: {say(error)}; do it again") from None


def inode(path: str) -> str:
    """A name's "device:inode", links not followed; "" where nothing is."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    return f"{status.st_dev}:{status.st_ino}"


def names() -> list[str]:
    """What lies in the directory of records, sorted; nothing where there is none."""
    try:
        return sorted(os.listdir(places.data("trash")))
    except OSError:
        return []


def records() -> tuple[list[Item], list[str]]:
    """Every record, newest first, and which of them make no sense, in words."""
    items, unreadable = [], []
    for name in names():
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        path = places.data("trash", name)
        try:
            with open(path, "rb") as file:
                item = Item(**json.load(file), emptying=match[3] == "emptying")
        except OSError as error:
            unreadable.append(f"{path} cannot be read: {error.strerror}")
            continue
        except (ValueError, TypeError, RecursionError):
            item = None
        # A record that points elsewhere is not ours: nothing outside a trash is ever touched.
        if item is None or not _has_sense(item) or match[1] != item.id or not _is_ours(item):
            unreadable.append(
                f"{path} is damaged, edited or of a newer envtui: it and what it tells of stay"
            )
        else:
            items.append(item)
    return sorted(
        items, key=lambda item: (item.number, item.time, item.id), reverse=True
    ), unreadable


def _has_sense(item: Item) -> bool:
    kinds = [str] * 5 + [int] * 2 + [str] + [int] * 3
    absolute = all(type(p) is str and os.path.isabs(p) for p in (item.path, item.trashed))
    if not absolute or [type(value) for value in item[:11]] != kinds:
        return False
    try:
        time.strptime(item.time, TIME)
    except ValueError:
        return False
    return True


def _is_ours(item: Item) -> bool:
    directory, id = os.path.split(os.path.dirname(item.trashed))  # noqa: A001
    return id == item.id and (
        directory == places.data("trash") or os.path.basename(directory) == _mount_name()
    )


def state(item: Item) -> str:
    """Where it is: "here", or "lost", where something else deleted it.

    "back": a crash came before its record went; "away": its disk is not mounted; "silent": that
    disk does not answer: a thread asks it, is not waited for long, and only once.
    """
    own = os.path.dirname(os.path.dirname(item.trashed))
    if own == places.data("trash"):
        return _look(item)
    if own not in _SILENT:
        try:
            return within(_PATIENCE, lambda _: _look(item)) or "silent"
        except TimeoutError:
            _SILENT.add(own)
    return "silent"


def _look(item: Item) -> str:
    if not os.path.isdir(os.path.dirname(os.path.dirname(item.trashed))):
        return "away"
    if os.path.lexists(item.trashed):
        return "here"
    return "back" if inode(item.path) == item.inode else "lost"


def _directories(path: str) -> Iterator[str]:
    """Trash directories a rename of `path` could reach, made if need be."""
    own = places.data("trash")
    disk.make_directory(own)
    yield own
    other = os.path.join(_mount_top(os.path.realpath(os.path.dirname(path))), _mount_name())
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
        time=time.strftime(TIME, time.gmtime()),
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


def record_path(id: str, end: str = "json") -> str:  # noqa: A002
    """The file that tells of an item; `end` is "emptying" once it is being deleted."""
    return places.data("trash", f"{id}.{end}")


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


def say(error: OSError) -> str:
    """What went wrong, and with which file."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
