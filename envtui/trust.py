"""Which projects may switch a shell that merely enters them, and what that word is bound to.

A yes holds for one directory and one prefix: its device and inode, the sha256 of its pyvenv.cfg
and the real path of its Python. Whatever differs asks again (spec/shells.md 5).
"""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING, Any, Literal

from envtui import places
from envtui.errors import BadInput, Negative, Refused

if TYPE_CHECKING:
    from envtui.host import Host
    from envtui.plan import Plan

Word = Literal["allowed", "changed", "denied", "unknown"]
# Beside `.venv`: files whose manager may keep the environment of this directory elsewhere.
MANIFESTS = ("Pipfile", "poetry.lock")
_LIMIT = 1 << 22


def file() -> str:
    """Where the words are kept."""
    return places.state("trust.json")


def word(root: str, prefix: str) -> Word:
    """What was said of `prefix` as the environment of `root`, both real paths."""
    record = _read().get(root)
    if record is None:
        return "unknown"
    if record == "denied":
        return "denied"
    try:
        return "allowed" if record == _identity(prefix) else "changed"
    except Negative:
        return "changed"


def environment_of(host: Host, root: str) -> str | None:
    """The real prefix of the environment that a directory brings, None where it has none.

    A `.venv` directory, link or file (PEP 832), else what was allowed for it. Raises Negative where
    it, or its Python, is on a disk that does not answer.
    """
    path = host.reachable(os.path.join(root, ".venv"))
    prefix: str | None = None
    if os.path.isdir(path):
        prefix = os.path.realpath(path)
    elif os.path.isfile(path):
        with contextlib.suppress(OSError, ValueError):
            named = os.fsdecode(host.read(path, 4096)).strip()
            inside = host.reachable(os.path.join(root, named))
            prefix = os.path.realpath(inside) if named and os.path.isdir(inside) else None
    else:
        record = _read().get(root)
        prefix = record["prefix"] if isinstance(record, dict) else None
    if prefix:
        host.reachable(os.path.join(host.reachable(prefix), "bin", "python"))
    return prefix


def allow(root: str, prefix: str) -> None:
    """From now on entering `root` switches to `prefix`. Raises Negative, Refused, BadInput."""
    _keep(root, _identity(prefix))


def deny(root: str) -> None:
    """Never switch there, and say nothing of it any more. Raises Refused, BadInput."""
    _keep(root, "denied")


def created(plan: Plan) -> None:
    """Allow what a plan has just made in its project: it was asked for by hand."""
    from envtui.plan import Run

    for step in (step for step in plan.steps if isinstance(step, Run)):
        for path in step.creates:
            root = _root_for(path, step.cwd)
            if root and os.path.isfile(os.path.join(path, "pyvenv.cfg")):
                # Without it `envtui allow` asks; the environment itself is made.
                with contextlib.suppress(Negative, Refused, BadInput):
                    allow(root, os.path.realpath(path))


def _root_for(prefix: str, cwd: str) -> str | None:
    if os.path.basename(prefix) == ".venv":
        return os.path.realpath(os.path.dirname(prefix))
    if prefix.startswith(cwd.rstrip("/") + "/") or os.path.lexists(os.path.join(cwd, ".venv")):
        return None
    declared = any(os.path.isfile(os.path.join(cwd, name)) for name in MANIFESTS)
    return os.path.realpath(cwd) if declared else None


def danger(root: str, prefix: str) -> str | None:
    """Why an environment is not used even where it is allowed, in words; None where it may be."""
    for path in dict.fromkeys((root, prefix, os.path.join(prefix, "bin"))):
        try:
            status = os.stat(path)
        except OSError as error:
            return f"{path}: {error.strerror}"
        if status.st_mode & stat.S_IWOTH:
            return f"everybody may write to {path}"
        # Root looks at other people's projects too; `envtui allow` names the owner.
        if os.geteuid() not in (0, status.st_uid) and status.st_uid != 0:
            return f"{path} belongs to {owner(path)}"
    return None


def owner(path: str) -> str:
    """The name of a path's owner, or its number."""
    import pwd

    number = os.stat(path).st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def python(prefix: str) -> str:
    """The real path of an environment's Python, whether it exists or not."""
    return os.path.realpath(os.path.join(prefix, "bin", "python"))


def _identity(prefix: str) -> dict[str, Any]:
    """What a yes is bound to. Raises Negative where that is no environment."""
    import hashlib

    from envtui.host import Host

    for mark in ("pyvenv.cfg", os.path.join("conda-meta", "history")):
        try:
            content = Host().read(os.path.join(prefix, mark))
            status = os.stat(prefix)
        except OSError:
            continue
        return {
            "prefix": prefix,
            "inode": f"{status.st_dev}:{status.st_ino}",
            "config": hashlib.sha256(content).hexdigest(),
            "python": python(prefix),
        }
    raise Negative(f"{prefix} is not an environment: it has neither pyvenv.cfg nor conda-meta")


def _read() -> dict[str, Any]:
    """Real path of a directory -> "denied", or what was allowed. Raises BadInput, Refused."""
    import json

    from envtui.host import Host

    path = Host().reachable(file())
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; nothing is allowed") from None
    with open(fd, "rb") as stream:
        status = os.fstat(fd)
        if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Refused(f"{path} is not yours alone, so nothing in it counts")
        content = stream.read(_LIMIT)
    try:
        record = json.loads(content)
        roots = record["roots"]
        if record["schema"] != 1 or not isinstance(roots, dict):
            raise ValueError  # noqa: TRY301 - one way to say it
    except (ValueError, LookupError, TypeError, RecursionError):
        raise BadInput(f"{path} can't be understood, so nothing is allowed; remove it") from None
    return {root: said for root, said in roots.items() if said == "denied" or _is_yes(said)}


def _is_yes(said: Any) -> bool:
    keys = {"prefix", "inode", "config", "python"}
    if not isinstance(said, dict) or said.keys() != keys:
        return False
    return all(isinstance(text, str) for text in said.values())


def _keep(root: str, said: Any) -> None:
    import fcntl
    import json

    from envtui import disk

    path = file()
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        # Two shells may say yes at once; the change itself is a rename.
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            roots = {**_read(), root: said}
            text = json.dumps({"schema": 1, "roots": roots}, indent=1) + "\n"
            disk.replace(path, text.encode(), mode=0o600)
        finally:
            os.close(lock)
    except OSError as error:
        raise Refused(f"{path} could not be written: {error.strerror}") from None
