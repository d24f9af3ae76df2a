"""How what a manager made goes: the steps of a removal, and what must still hold then."""

from __future__ import annotations

import os

from envtui.errors import Refused
from envtui.host import Host, is_within
from envtui.model import Environment, Interpreter
from envtui.plan import Guard, Plan, Run, Step, Trash, Unlink, Write, content_digest


def removal(host: Host, environment: Environment, *records: Step) -> Plan:
    """Into the trash, with every link that leads to it, and the manager's records put right.

    A path that is itself a link loses the link only.
    """
    path = environment.path
    shown = host.short(path)
    if host.is_link(path):
        return Plan(
            f"Remove the link {shown}",
            (Unlink(path),),
            (Guard("inode", path, host.inode(path)), Guard("not-active", path)),
            (f"{environment.real}, to which it leads, stays",),
            done=f"removed the link {shown}",
        )
    links = tuple(Unlink(link) for link in environment.aliases if host.is_link(link))
    # Files that name it (spec/backends.md 0.9): known from the walk, or beside it.
    files = [name for name in environment.aliases if not host.is_link(name)]
    redirect = _redirect_file(host, path)
    files += [redirect] if redirect else []
    more = tuple(Trash(name) for name in dict.fromkeys(files) if host.is_file(name))
    return Plan(
        f"Remove {environment.name}",
        (*records, *links, *more, Trash(path)),
        (*may_go(host, path), Guard("not-active", path), Guard("no-foreign-files", path)),
        done=f"removed {environment.name}",
    )


def may_go(host: Host, path: str) -> tuple[Guard, ...]:
    """What must hold of whatever goes, or is made anew at its place."""
    same = Guard("inode", path, host.inode(path))
    return (same, Guard("not-self", path), Guard("not-in-use", path))


def uninstalled(
    host: Host, item: Interpreter, path: str, dependents: list[str], *steps: Step, force: bool
) -> Plan:
    """An interpreter into the trash, with its names. Raises Refused while anything needs it."""
    if dependents and not force:
        raise Refused(
            f"{item.id} is needed by {', '.join(dependents)}; "
            "remove them first, or `--force` leaves them broken"
        )
    return Plan(
        f"Uninstall Python {item.name}",
        steps,
        (*may_go(host, path), Guard("not-active", path)),
        (f"{', '.join(dependents)} will be broken without it",) if dependents else (),
        done=f"uninstalled Python {item.name}",
    )


def links_into(host: Host, folder: str, prefix: str) -> list[str]:
    """The links in a directory that lead into a prefix, dangling ones included."""
    names = host.names_if(folder)
    real = host.real(prefix)
    found = []
    for path in (os.path.join(folder, name) for name in names):
        if host.is_link(path):
            target = host.real(os.path.dirname(os.path.join(folder, host.target(path) or "")))
            if is_within(target, real):
                found.append(path)
    return found


def _redirect_file(host: Host, path: str) -> str | None:
    """A `.venv` file beside the environment that names it; newer virtualenvs write one."""
    beside = os.path.join(os.path.dirname(path), ".venv")
    content = os.fsdecode(host.read_if(beside, 4096)).strip()
    target = os.path.normpath(os.path.join(os.path.dirname(path), content))
    return beside if content and target == path else None


def unchanged(host: Host, *steps: Step) -> tuple[Guard, ...]:
    """That what these steps write to, take away or turn is then what it is now."""
    guards = []
    for step in steps:
        if isinstance(step, Write):
            try:
                content: bytes | None = host.read(step.path)
            except OSError:
                content = None
            guards.append(Guard("content", step.path, content_digest(content)))
        elif not isinstance(step, Run) and host.lexists(step.path):
            guards.append(Guard("inode", step.path, host.inode(step.path)))
    return tuple(guards)
