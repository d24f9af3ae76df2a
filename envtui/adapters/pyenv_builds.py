"""Pythons coming and going through pyenv: what it knows to build, its program, and its shims.

pyenv 2.6: plugins/python-build/bin/{pyenv-install,python-build}, libexec/pyenv-rehash.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui.adapters import pyenv_rules as rules
from envtui.adapters.choice import minor, version_key
from envtui.adapters.going import uninstalled
from envtui.adapters.programs import find_tool
from envtui.errors import BadInput, Refused, ToolMissing
from envtui.host import Host, is_within
from envtui.model import Interpreter
from envtui.plan import Guard, Plan, Run, Step, Trash, Unlink

_SHARE = os.path.join("share", "python-build")


def program(host: Host) -> str | None:
    """The program: in pyenv's own root, else on PATH (Homebrew keeps it outside)."""
    own = os.path.join(rules.root(host), "bin", "pyenv")
    return own if host.can_run(own) else find_tool(host, "pyenv")


def plugin(host: Host, name: str) -> str | None:
    """A plugin's directory, in the root or beside the program."""
    for folder in _plugins(host):
        if host.is_dir(os.path.join(folder, name)):
            return os.path.join(folder, name)
    return None


def cannot_install(host: Host) -> str | None:
    """Why pyenv can't install a Python here; None if it can."""
    if program(host) is None:
        return "pyenv is not installed; https://github.com/pyenv/pyenv says how to get it"
    if not definitions(host):
        return "pyenv knows no Python to install: its plugin python-build is missing"
    return None


def definitions(host: Host) -> list[str]:
    """The names that `pyenv install --list` would print, without starting it."""
    found: set[str] = set()
    for folder in _definition_folders(host):
        found.update(host.names_if(folder))
    return sorted(found - {"patches"})


def known(host: Host) -> list[str]:
    """The newest release of each minor of CPython, then its older ones, then all other Pythons."""
    names = definitions(host)
    releases = [name for name in names if re.fullmatch(r"\d+(\.\d+)+", name)]
    releases.sort(key=version_key, reverse=True)
    newest = {minor(name): name for name in reversed(releases)}.values()
    return list(dict.fromkeys((*reversed(newest), *releases, *names)))


def meant(host: Host, word: str) -> str | None:
    """The definition that a word means, by `pyenv latest --known`: itself, or its newest."""
    names = definitions(host)
    return word if word in names else rules.latest(word, names) or None


def install(host: Host, version: str) -> Plan:
    """`pyenv install`. Raises BadInput for what it does not know, Refused for what is there."""
    tool = program(host)
    if tool is None:
        raise ToolMissing(cannot_install(host) or "")
    name = meant(host, version) if "/" not in version else None
    if name is None:
        raise BadInput(
            f"pyenv knows no Python {version!r}{_close(host, version)}; `pyenv install --list` "
            "shows all it knows, and a newer pyenv knows more"
        )
    target = os.path.join(rules.versions_folder(host), name)
    if host.lexists(target):
        raise Refused(f"Python {name} is installed already, in {host.short(target)}")
    # -s so that it never asks; it refuses nothing then, but the guard does.
    make = Run((tool, "install", "-s", name), host.home, creates=(target,))
    return Plan(
        f"Install Python {name} with pyenv",
        (make,),
        (Guard("absent", target), Guard("executable", tool)),
        ("pyenv downloads and may compile it, which can take minutes",),
        done=f"installed Python {name}",
    )


def uninstall(host: Host, item: Interpreter, dependents: list[str], *, force: bool = False) -> Plan:
    """Into the trash, with the names that lead to it, and the shims only it needed."""
    path = item.prefix
    links = [Unlink(link) for link in leading_into(host, path)]
    steps = (*links, Trash(path), *rehash(host, (path,)))
    plan = uninstalled(host, item, path, dependents, *steps, force=force)
    return plan._replace(warnings=(*plan.warnings, *_still_asked_for(host, item)))


def leading_into(host: Host, prefix: str) -> Iterator[str]:
    """Names in `versions/` that are links to a prefix or to an environment inside it."""
    real = host.real(prefix)
    folder = rules.versions_folder(host)
    for name in rules.installed(host):
        path = os.path.join(folder, name)
        if path != prefix and host.is_link(path):
            target = host.real(path)
            if target == real or target.startswith(real + "/envs/"):
                yield path


def rehash(host: Host, gone: tuple[str, ...]) -> tuple[Step, ...]:
    """`pyenv rehash`, where shims are left that only the prefixes `gone` have a program for.

    Those are named in the step, so that undo brings them back without running anything.
    """
    tool = program(host)
    shims = os.path.join(rules.root(host), "shims")
    stale = _stale_shims(host, shims, gone) if tool else []
    if not tool or not stale:
        return ()
    return (
        Run(
            (tool, "rehash"),
            host.home,
            # A lock that a crash left would hold us up for a minute.
            variables=(("PYENV_REHASH_TIMEOUT", "10"),),
            changes=tuple(os.path.join(shims, name) for name in stale),
        ),
    )


def dangling_shims(host: Host) -> list[str]:
    """The names of shims for which no version, and no environment in one, has a program."""
    shims = host.names_if(os.path.join(rules.root(host), "shims"))
    there = {
        name for prefix in _prefixes(host) for name in host.names_if(os.path.join(prefix, "bin"))
    }
    return [name for name in shims if name not in there and not name.startswith(".")]


def _stale_shims(host: Host, shims: str, gone: tuple[str, ...]) -> list[str]:
    real = tuple(host.real(path) for path in gone)
    kept: set[str] = set()
    for prefix in _prefixes(host):
        there = host.real(prefix)
        if not any(is_within(there, path) for path in real):
            kept.update(host.names_if(os.path.join(prefix, "bin")))
    programs = {n for p in gone for n in host.names_if(os.path.join(p, "bin"))}
    for path in gone:
        folder = os.path.join(path, "envs")
        for name in host.names_if(folder):
            programs.update(host.names_if(os.path.join(folder, name, "bin")))
    return [name for name in host.names_if(shims) if name in programs - kept]


def _prefixes(host: Host) -> Iterator[str]:
    """Every directory whose programs get a shim: versions and the environments inside them."""
    folder = rules.versions_folder(host)
    for name in rules.installed(host):
        path = os.path.join(folder, name)
        yield path
        for inner in host.names_if(os.path.join(path, "envs")):
            yield os.path.join(path, "envs", inner)


def _still_asked_for(host: Host, item: Interpreter) -> Iterator[str]:
    """What names a version that is about to go: this shell and pyenv's global file."""
    names = rules.installed(host)
    for source in rules.considered(host, "/"):
        found = rules.resolve_all(host, source, names).versions
        places = [os.path.join(rules.versions_folder(host), name) for name in found]
        if host.real(item.prefix) in map(host.real, places):
            yield f"{host.short(source.origin)} asks for it"


def _close(host: Host, word: str) -> str:
    import difflib

    close = difflib.get_close_matches(word, definitions(host), 3)
    return f" (perhaps {', '.join(close)})" if close else ""


def _definition_folders(host: Host) -> Iterator[str]:
    yield from filter(None, host.variables.get("PYTHON_BUILD_DEFINITIONS", "").split(":"))
    for plugins in _plugins(host):
        for name in host.names_if(plugins):
            yield os.path.join(plugins, name, _SHARE)


def _plugins(host: Host) -> Iterator[str]:
    """Plugins of the root, and those beside the program where that lies elsewhere."""
    yield os.path.join(rules.root(host), "plugins")
    tool = program(host)
    if tool:
        beside = os.path.dirname(os.path.dirname(host.real(tool)))
        if beside != host.real(rules.root(host)):
            yield os.path.join(beside, "plugins")
