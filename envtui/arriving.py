"""A shell arrives in a project or leaves one; and the word that lets a project switch it.

The hook of `envtui init SHELL --auto` calls this only where the project's root is another than
before. Nothing of the project runs, and nothing is looked at beside its one environment.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from envtui import config, recall, switching, trust
from envtui.errors import BadInput, Negative, Problem, Refused
from envtui.host import Host, is_within
from envtui.shell import answer
from envtui.shell import change as changes
from envtui.table import plain, remark

if TYPE_CHECKING:
    from argparse import Namespace

    from envtui.model import Environment


def hook(arguments: Namespace, host: Host) -> int:
    """`envtui hook ROOT`: what the shell function asks; an empty ROOT is no project at all."""
    answer.hooked(os.environ)
    state = changes.active(os.environ)
    foreign = os.environ.get("VIRTUAL_ENV")
    if state.saved.get("VIRTUAL_ENV", (None, None))[1] != foreign if state else foreign:
        return 0  # somebody's choice by hand
    if state and (state.auto is None or state.auto == arguments.root):
        return 0
    made = None
    try:
        if _is_within(host, arguments.root):
            made = _entering(host, arguments.root)
    except Problem as problem:
        # What was entered before is left all the same.
        remark(str(problem))
    if made is None and state:
        made = changes.deactivate(os.environ)
    if made:
        switching.tell(made)
    return 0


def _entering(host: Host, root: str) -> changes.Change | None:
    """The change that entering a project makes, None where it makes none. Raises Problem."""
    prefix = _allowed(host, root)
    if prefix is None:
        return None
    return changes.activate(_known(host, root, prefix).activation, os.environ, auto=root)


def _is_within(host: Host, root: str) -> bool:
    """Whether a walk from here up to `root` stays below home's doorstep and on one filesystem.

    Raises Negative where its disk does not answer.
    """
    if not root or host.real(host.reachable(root)) in (host.real(host.home), os.sep):
        return False
    here = host.real(host.reachable(host.cwd))
    top = host.real(root)
    if not is_within(here, top):
        return False
    try:
        return _same_filesystem(here, top)
    except OSError:
        return False


def _same_filesystem(here: str, top: str) -> bool:
    device = os.stat(top).st_dev
    while here != top:
        if os.stat(here).st_dev != device:
            return False
        here = os.path.dirname(here)
    return True


def _allowed(host: Host, root: str) -> str | None:
    """The environment that entering `root` switches to; what keeps it from that is said once."""
    real = host.real(root)
    prefix = trust.environment_of(host, real)
    if prefix is None:
        return None
    said = trust.word(real, prefix)
    shown = host.short(root)
    if said == "denied":
        return None
    if said == "allowed" and (reason := trust.danger(real, prefix)):
        remark(f"{shown} is not switched to: {reason}")
        return None
    if said == "allowed":
        return prefix
    why = "changed since it was allowed" if said == "changed" else "is not allowed yet"
    remark(f"the environment of {shown} {why}; `envtui allow` looks at it")
    return None


def _known(host: Host, root: str, prefix: str) -> recall.Known:
    """What switching to it means. A link is not followed later: it could lead elsewhere by then."""
    own = os.path.join(root, ".venv")
    word = own if os.path.isdir(own) and not os.path.islink(own) else prefix
    return switching.meant(host, word)


def allow(arguments: Namespace, host: Host) -> int:
    """`envtui allow [DIR]`: let a project switch the shell; with --deny never."""
    directory = host.reachable(config.absolute(host, arguments.directory or "."))
    if not host.is_dir(directory):
        raise BadInput(f"{directory} is not a directory")
    root = _root(host, directory)
    if arguments.deny:
        return _deny(arguments, host, root)
    real = host.real(root)
    prefix = trust.environment_of(host, real) or _elsewhere(host, root)
    said = trust.word(real, prefix)
    reason = trust.danger(real, prefix)
    if reason:
        raise Refused(f"{root} can't be allowed: {reason}")
    if not arguments.json:
        for line in _facts(host, root, prefix, said):
            print(plain(line))
    if not arguments.dry_run and said != "allowed":
        if not arguments.yes:
            from envtui.changing import confirm

            confirm("Switch to it whenever a shell enters this directory?")
        trust.allow(real, prefix)
    if arguments.json:
        _print(root, prefix, "allowed" if not arguments.dry_run else said)
    if not arguments.dry_run:
        _arrive(host, root)
    return 0


def _facts(host: Host, root: str, prefix: str, said: trust.Word) -> list[str]:
    python = trust.python(prefix)
    lines = [
        f"project      {host.short(root)}",
        f"environment  {host.short(prefix)}",
        f"python       {host.short(python)}{'' if os.path.exists(python) else '  (missing)'}",
        f"owner        {trust.owner(prefix)}",
    ]
    notes = {
        "allowed": "allowed already",
        "changed": "it changed since it was allowed",
        "denied": "you said never to it",
    }
    if os.geteuid() == 0 and trust.owner(prefix) != "root":
        lines.append("note         you are root, and it belongs to somebody else")
    return [*lines, *([f"note         {notes[said]}"] if said in notes else [])]


def _arrive(host: Host, root: str) -> None:
    """The shell in which it was allowed need not leave the directory and come back."""
    if answer.hooked(os.environ) is None or not _is_within(host, root):
        return
    state = changes.active(os.environ)
    if os.environ.get("VIRTUAL_ENV") or (state and state.auto is None):
        return
    try:
        if made := _entering(host, root):
            switching.tell(made)
    except Problem as problem:
        remark(str(problem))


def _deny(arguments: Namespace, host: Host, root: str) -> int:
    if not arguments.dry_run:
        trust.deny(host.real(root))
    if arguments.json:
        _print(root, None, "denied")
    else:
        print(f"entering {plain(host.short(root))} switches to nothing; `envtui allow` asks again")
    state = changes.active(os.environ)
    leaves = state is not None and state.auto == root and not arguments.dry_run
    if leaves and answer.hooked(os.environ) is not None:
        switching.tell(changes.deactivate(os.environ))
    return 0


def _print(root: str, prefix: str | None, said: str) -> None:
    from envtui.document import print_json  # not on the way of the hook

    print_json({"directory": root, "environment": prefix, "word": said})


def _root(host: Host, directory: str) -> str:
    """The project around a directory, as the shell's own walk finds it. Raises Negative."""
    marks = (".venv", *trust.MANIFESTS)
    at = directory
    while at not in (host.home, os.sep):
        paths = [os.path.join(at, mark) for mark in marks]
        if any(host.is_silent(path) or os.path.exists(path) for path in paths):
            return at
        at = os.path.dirname(at)
    raise Negative(
        f"{directory} is in no project that brings an environment: "
        f"none of {', '.join(marks)} is there or above it, up to {at}"
    )


def _elsewhere(host: Host, root: str) -> str:
    """The prefix that the project's manager keeps in its own store. Raises Negative."""
    from envtui import verbs

    found = verbs.scan(host)
    chosen = verbs.why(host, found, root).python
    environments: list[Environment] = [e for e in found.environments if e.id == chosen]
    if not environments:
        project = verbs.project_at(host, found, root)
        mine = project if project and project.path == root else None
        environments = [e for e in found.environments if mine and e.id in mine.environments]
        # Poetry keeps one for each Python, and a record of the one that it uses.
        used = {target for pin in (mine.pins if mine else ()) for target in pin.resolves_to}
        environments = [e for e in environments if e.id in used] or environments
    if len(environments) != 1:
        many = ", ".join(item.id for item in environments) or "none"
        raise Negative(f"{root} has no one environment to switch to (it has {many})")
    return environments[0].real
