"""Whether a plan's conditions hold now, and in words why not."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping

from envtui.errors import some
from envtui.facts import own_files
from envtui.facts.use import Use
from envtui.host import Host, is_within
from envtui.plan import Guard, content_digest

_ACTIVE = ("VIRTUAL_ENV", "CONDA_PREFIX", "ENVTUI_PREFIX")


def check(guard: Guard, host: Host, uses: Mapping[str, Use] | None = None) -> str | None:
    """Why the condition does not hold; None where it does. `uses` spares looking once more."""
    checks = {
        "absent": _absent,
        "inode": _inode,
        "content": _content,
        "not-active": _not_active,
        "not-self": _not_self,
        "no-foreign-files": _no_foreign_files,
        "executable": _executable,
    }
    # A link is moved and removed as such, wherever it leads.
    as_it_is = guard.check in ("absent", "inode")
    if host.is_silent_name(guard.path) if as_it_is else host.is_silent(guard.path):
        return f"{guard.path} is on a disk that does not answer"
    if guard.check == "not-in-use":
        return _not_in_use(guard, uses)
    return checks[guard.check](guard, host)


def uses_of(guards: tuple[Guard, ...]) -> dict[str, Use]:
    """Who uses the prefixes that these guards want unused, with one look at the processes."""
    from envtui.facts import use

    return use.of_all({guard.path for guard in guards if guard.check == "not-in-use"})


def is_executable(program: str, host: Host) -> bool:
    """Whether a program, by path or by name on PATH, can be run."""
    folders = os.pathsep.join(host.program_folders()) or os.defpath
    return not host.is_silent(program) and shutil.which(program, path=folders) is not None


def digest(path: str) -> str:
    """Of a file's content; raises OSError."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return content_digest(None)
    with open(fd, "rb") as file:
        return content_digest(file.read())


def _absent(guard: Guard, _: Host) -> str | None:
    return f"{guard.path} exists already" if os.path.lexists(guard.path) else None


def _inode(guard: Guard, _: Host) -> str | None:
    try:
        status = os.lstat(guard.path)
    except FileNotFoundError:
        return f"{guard.path} is not there any more"
    except OSError as error:
        return f"{guard.path} cannot be looked at: {error.strerror}"
    if f"{status.st_dev}:{status.st_ino}" != guard.value:
        return f"{guard.path} is not the same any more: something else has been put in its place"
    return None


def _content(guard: Guard, _: Host) -> str | None:
    try:
        now = digest(guard.path)
    except OSError as error:
        return f"{guard.path} cannot be read: {error.strerror}"
    if now == guard.value:
        return None
    if now == "-":
        return f"{guard.path} is not there any more"
    if guard.value == "-":
        return f"{guard.path} exists already"
    return f"{guard.path} has changed meanwhile"


def _not_in_use(guard: Guard, uses: Mapping[str, Use] | None) -> str | None:
    users = (uses_of((guard,)) if uses is None else uses)[guard.path].own
    if not users:
        return None
    first = users[0]
    text = f"process {first.pid} (`{first.command}`) uses {guard.path}: {first.evidence}"
    if len(users) > 1:
        rest = ", ".join(str(user.pid) for user in users[1:10])
        text += f"; so does process {rest}" if len(users) == 2 else f"; so do processes {rest}"
    return text


def _not_active(guard: Guard, host: Host) -> str | None:
    real = os.path.realpath(guard.path)
    for name in _ACTIVE:
        value = host.variable(name)
        if value and host.real(value) == real:
            return f"{guard.path} is active in this shell ({name}); deactivate it first"
    return None


def _not_self(guard: Guard, _: Host) -> str | None:
    real = os.path.realpath(guard.path)
    ours = {sys.prefix, sys.base_prefix, os.path.dirname(os.path.dirname(sys.executable))}
    for prefix in map(os.path.realpath, ours):
        if is_within(prefix, real):
            return f"envtui itself runs from {guard.path}"
    return None


def _no_foreign_files(guard: Guard, host: Host) -> str | None:
    try:
        names = own_files.foreign(guard.path, host)
    except FileNotFoundError:
        return f"{guard.path} is not there any more"
    except OSError as error:
        return f"{guard.path} cannot be looked through for your own files: {error.strerror}"
    if not names:
        return None
    shown = some(names, 6)
    if own_files.is_project(names):
        return f"{guard.path} is a project's own directory (it holds {shown})"
    return f"{guard.path} holds files of your own: {shown}"


def _executable(guard: Guard, host: Host) -> str | None:
    if is_executable(guard.path, host):
        return None
    where = "cannot be run" if "/" in guard.path else "is not installed, or not on PATH"
    return f"{guard.path} {where}"
