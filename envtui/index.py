"""The memory of the last scan, in the user's cache directory: a second start shows it at once.

For the screen: `remembered(host)` is the last inventory of this home, or None (about 3 ms, raises
nothing). `recall(host)` is what was measured of each real prefix, where its stamp still holds, and
`keep(host, facts)` stores it; a fact is any value of plain types, such as a size in bytes.

Each snapshot is one file, replaced atomically: the last of two writers wins, and each is whole. It
begins with the versions that wrote it and a checksum; another version's is ignored, a damaged one
is set aside. Marshal, because reading it takes a fifth of JSON's time and no import.
"""

from __future__ import annotations

import binascii
import marshal
import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from envtui import __version__, places
from envtui.host import Host
from envtui.stamps import Stamp, stamp

if TYPE_CHECKING:
    from envtui.model import Inventory, Notice

_FORMAT = 4
_LIMIT = 1 << 30
_ABANDONED = 60.0
"""Seconds after which a half-written file belongs to a process that was killed."""


class Damaged(Exception):
    """A snapshot that is not what this version wrote."""


def remembered(host: Host) -> Inventory | None:
    """What the last scan of this home found; None where nothing is remembered. Writes nothing."""
    try:
        found = read("index", host)
        return revived(found["inventory"]) if found else None
    except (Damaged, LookupError, TypeError, ValueError):
        return None


def recall(host: Host) -> dict[str, dict[str, Any]]:
    """For each real prefix that is still as it was: the facts that were kept of it."""
    try:
        known = read("facts", host) or {}
        return {
            real: facts
            for real, (stamps, facts) in known.get("prefixes", {}).items()
            if not host.is_silent(real) and stamps == stamps_of(real)
        }
    except (Damaged, AttributeError, TypeError, ValueError):
        return {}


def keep(host: Host, facts: Mapping[str, Mapping[str, Any]]) -> None:
    """Remember facts of real prefixes beside those already known; those that changed are dropped.

    A cache that can't be written is no failure: everything is read anew the next time.
    """
    known = recall(host)
    for real, more in facts.items():
        known[real] = {**known.get(real, {}), **more}
    stamped = {real: (stamps_of(real), fields) for real, fields in known.items()}
    write("facts", host, {"prefixes": stamped})


def stamps_of(prefix: str) -> tuple[Stamp, ...]:
    """What changes when packages come into or leave a prefix: it, its `bin`, its site-packages."""
    library = os.path.join(prefix, "lib")
    try:
        folders = [os.path.join(library, name, "site-packages") for name in os.listdir(library)]
    except OSError:
        folders = []
    found = []
    for path in (prefix, os.path.join(prefix, "bin"), *sorted(folders)):
        try:
            found.append(stamp(os.stat(path)))
        except OSError:
            continue
    return tuple(found)


# -- inventories as plain tuples -------------------------------------------------------------


def plain(found: Inventory) -> tuple[Any, ...]:
    """An inventory as tuples of texts and numbers, for `revived`."""
    projects = tuple(
        tuple(p._replace(pins=tuple(map(tuple, p.pins))))  # type: ignore[arg-type]
        for p in found.projects
    )
    return (
        tuple(map(tuple, found.interpreters)),
        tuple(map(tuple, found.environments)),
        projects,
        tuple(map(tuple, found.notices)),
        found.complete,
        found.stopped_at,
    )


def revived(record: Any) -> Inventory:
    """The inventory that `plain` took apart. Raises TypeError, ValueError for something else."""
    from envtui.model import Environment, Interpreter, Inventory, Notice, Pin, Project

    interpreters, environments, projects, notices, complete, stopped_at = record
    made = map(Project._make, projects)
    return Inventory(
        tuple(map(Interpreter._make, interpreters)),
        tuple(map(Environment._make, environments)),
        tuple(p._replace(pins=tuple(map(Pin._make, p.pins))) for p in made),
        tuple(map(Notice._make, notices)),
        complete,
        stopped_at,
    )


# -- snapshots -------------------------------------------------------------------------------


def _head(host: Host) -> bytes:
    versions = f"envtui {__version__} {_FORMAT} {sys.version} {marshal.version}"
    return f"{versions}\0{host.home}\0".encode("utf-8", "surrogateescape")


def read(name: str, host: Host) -> Any:
    """A snapshot's content; None where there is none of this version and home. Raises Damaged."""
    path = places.cache(name)
    if host.is_silent(path):
        return None
    try:
        file = open(path, "rb", opener=_ours)  # noqa: SIM115 - closed below
    except IsADirectoryError as error:
        raise Damaged(error.strerror) from None
    except OSError:
        return None
    with file:
        status = os.fstat(file.fileno())
        if status.st_uid != os.geteuid() or status.st_size > _LIMIT:
            return None  # not ours: marshal reads only what we wrote ourselves
        try:
            content = file.read()
        except OSError as error:
            raise Damaged(error.strerror or str(error)) from None
    if not content.startswith(b"envtui ") or b"\0" not in content:
        raise Damaged("it does not begin as a memory of envtui does")
    head = _head(host)
    if not content.startswith(head):
        return None
    rest = memoryview(content)[len(head) :]  # a copy of it would cost as much as the checksum
    if binascii.crc32(rest[4:]).to_bytes(4, "big") != rest[:4]:
        raise Damaged("its checksum does not fit")
    try:
        return marshal.loads(rest[4:])  # noqa: S302 - our own file, checked above
    except (ValueError, EOFError, TypeError) as error:
        raise Damaged(str(error)) from None


def _ours(path: str, _: int) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)


def write(name: str, host: Host, value: Any) -> bool:
    """Replace a snapshot; False where the cache can't be written or another is writing it now."""
    path = places.cache(name)
    folder = os.path.dirname(path)
    if host.is_silent(path):
        return False
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if os.stat(folder).st_uid != os.geteuid():
            return False  # root in somebody's home leaves nothing there
        content = marshal.dumps(value)
        with open(_opened(path + ".new"), "wb") as file:
            file.write(_head(host))
            file.write(binascii.crc32(content).to_bytes(4, "big"))
            file.write(content)
        os.replace(path + ".new", path)
    except OSError:
        return False
    return True


def _opened(path: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileExistsError:
        if abs(time.time() - os.lstat(path).st_mtime) < _ABANDONED:
            raise
        os.unlink(path)
        return os.open(path, flags, 0o600)


def set_aside(name: str, why: str) -> Notice:
    """Move a damaged snapshot out of the way; what is told about it."""
    from envtui.model import Notice

    path = places.cache(name)
    try:
        os.replace(path, path + ".damaged")
    except OSError:
        return Notice(path, f"what was remembered can't be read: {why}; all was read anew")
    return Notice(
        path, f"what was remembered can't be read: {why}; put aside beside it, all was read anew"
    )
