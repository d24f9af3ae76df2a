"""The trash: things renamed out of the way, with what it needs to put them back exactly.

A record of each lies in `<data>/trash/ID.json`, wherever the thing itself is. It is written before
the rename, so that after a crash it tells what may have been moved. To be emptied, a record is
first renamed to `ID.emptying` (`emptying.py`): that needs no room on a full disk, and is found
again after a crash.
"""

from __future__ import annotations

import json
import os
import re
import time
from typing import NamedTuple

from envtui import conda_meta, places
from envtui.errors import BadInput
from envtui.host import Host, inode
from envtui.patience import answers
from envtui.prefix import Prefixes, maker, parse_config, recorded_version

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


def names() -> list[str]:
    """What lies in the directory of records, sorted; nothing where there is none."""
    try:
        return Host().names(places.data("trash"))
    except OSError:
        return []


def records() -> tuple[list[Item], list[str]]:
    """Every record, newest first, and which of them make no sense, in words."""
    items, unreadable = [], []
    folder = places.data("trash")
    if Host().is_silent(folder):
        return [], [f"{folder} cannot be read: its disk does not answer"]
    if os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK):
        unreadable.append(f"{folder} cannot be read: Permission denied")
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
        directory == places.data("trash") or os.path.basename(directory) == mount_name()
    )


def state(item: Item) -> str:
    """Where it is: "here", or "lost", where something else deleted it.

    "back": a crash came before its record went; "away": its disk is not mounted; "silent": that
    disk does not answer, which is found out only once.
    """
    own = os.path.dirname(os.path.dirname(item.trashed))
    if own == places.data("trash"):
        return _look(item)
    if own not in _SILENT and not answers(own, _PATIENCE):
        _SILENT.add(own)
    return "silent" if own in _SILENT else _look(item)


def _look(item: Item) -> str:
    if not os.path.isdir(os.path.dirname(os.path.dirname(item.trashed))):
        return "away"
    if os.path.lexists(item.trashed):
        return "here"
    return "back" if inode(item.path) == item.inode else "lost"


def kind(item: Item) -> str:
    """What it is by its own files: `venv 3.12.1`, `Python 3.9.18`; "?" where it is not here."""
    path, host = item.trashed, Host()
    if state(item) != "here":
        return "?"
    if os.path.islink(path) or not os.path.isdir(path):
        return "link" if os.path.islink(path) else "file"
    if os.path.isdir(f"{path}/{conda_meta.FOLDER}"):
        return "conda"
    try:
        config = parse_config(host.read(f"{path}/pyvenv.cfg", 1 << 16))
    except OSError:
        python = f"{path}/bin/python"
        version = Prefixes(host).of_base(path, python) if os.path.lexists(python) else None
        return f"Python {version}" if version else "folder"
    return f"{maker(config)[0]} {recorded_version(config) or ''}".rstrip()


def mount_name() -> str:
    """The name of our directory at the top of another mount."""
    return f".envtui-trash-{os.getuid()}"


def record_path(id: str, end: str = "json") -> str:  # noqa: A002
    """The file that tells of an item; `end` is "emptying" once it is being deleted."""
    return places.data("trash", f"{id}.{end}")
