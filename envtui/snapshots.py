"""Files and links as they were before a step, and put back so; what others changed since stays."""

from __future__ import annotations

import errno
import os
import stat
from typing import Any

from envtui import disk
from envtui.errors import Refused
from envtui.guards import digest
from envtui.journal_lines import decode, encode
from envtui.plan import content_digest

Facts = dict[str, Any]


def link_at(path: str) -> Facts | None:
    """A link's target and times; None where nothing is. Raises Refused for anything else."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISLNK(status.st_mode):
        raise Refused(f"{path} is not a link any more")
    return {"target": os.readlink(path), "times": [status.st_atime_ns, status.st_mtime_ns]}


def snapshot(path: str) -> Facts:
    """A file's bytes, mode and times, links followed; `content` is None where there is none."""
    file = os.path.realpath(path)
    try:
        status = os.stat(file)
    except FileNotFoundError:
        return {"path": file, "content": None}
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{path} is not a regular file")
    with open(file, "rb") as stream:
        content = stream.read()
    return {
        "path": file,
        "content": encode(content),
        "mode": stat.S_IMODE(status.st_mode),
        "times": [status.st_atime_ns, status.st_mtime_ns],
    }


def digest_of(old: Facts) -> str:
    """The digest of a snapshot, as `digest` has it of a file."""
    return content_digest(None if old["content"] is None else decode(old["content"]))


def append(content: bytes, section: str) -> bytes | None:
    """A file with our entry in it again; None where its first line is there, but not all of it."""
    ours = section.strip("\n").encode("utf-8", "surrogateescape").splitlines()
    lines = content.splitlines()
    size = len(ours)
    if any(lines[at : at + size] == ours for at in range(len(lines) - size + 1)):
        return content
    if ours[0] in lines:
        return None  # a second table of that name would make the file unreadable
    gap = b"" if not content or content.endswith(b"\n") else b"\n"
    text = section.encode("utf-8", "surrogateescape")
    return content + gap + text + (b"" if text.endswith(b"\n") else b"\n")


def remove_made(directories: list[str]) -> None:
    """The parents that a step had to make, as far as nothing else is in them now."""
    for directory in sorted(set(directories), key=len, reverse=True):
        try:
            os.rmdir(directory)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
                raise


def put_back_file(old: Facts, ours: str | None) -> None:
    """Put a snapshot back, if the file is the old one or ours; any other where `ours` is None."""
    file = old["path"]
    now = digest(file)
    if now not in {digest_of(old), ours} and ours is not None:
        raise Refused(f"{file} has changed since; it is left as it is")
    if old["content"] is None:
        if now != "-":
            os.unlink(file)
            disk.sync_directory(os.path.dirname(file))
        return
    if now != digest_of(old):
        like = os.stat(file) if now != "-" else None
        disk.replace(file, decode(old["content"]), like=like)
    os.chmod(file, old["mode"])
    os.utime(file, ns=tuple(old["times"]))


def missing_parents(path: str) -> list[str]:
    """The directories that have to be made for a path, outermost first."""
    missing: list[str] = []
    parent = os.path.dirname(os.path.realpath(path))
    while not os.path.lexists(parent):
        missing.insert(0, parent)
        parent = os.path.dirname(parent)
    return missing


def content_of(path: str) -> bytes:
    """The bytes of a file; none where it is not there."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
