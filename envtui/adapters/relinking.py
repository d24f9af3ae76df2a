"""A broken environment given another base of the same minor version: its packages stay as they are.

Its links to a Python are turned and pyvenv.cfg is put right; nothing else of an environment names
its base. `python -m venv --upgrade` succeeds on a dangling link and mends nothing (spec/locks.md
6.3).
"""

from __future__ import annotations

import os
import re

from envtui.adapters.choice import minor, version_key
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory
from envtui.plan import Link, Run, Step, Trash, Write

_LIBRARY = re.compile(r"^(python|pypy)(\d+\.\d+)(t?)$")
_NAME = re.compile(r"^(python|pypy|graalpy)[\d.]*t?$")
_TAG = re.compile(r"\.((?:cpython|pypy)[\w.-]+)\.so$")
_LINE = re.compile(rb"^(?P<key>[^=\n]*?)(?P<gap>\s*=[ \t]*)(?P<value>[^\r\n]*)", re.MULTILINE)


def fitting(host: Host, environment: Environment, inventory: Inventory) -> list[Interpreter]:
    """The interpreters that can take the place of its base, best first.

    The same implementation, minor version and binary interface; first the very version, then
    Pythons of the user's own before the system's, then the newest.
    """
    kinds = _libraries(host, environment.real)
    if len(kinds) != 1:
        return []
    implementation, series, free = kinds[0]
    wanted = "pypy" if implementation == "pypy" else "cpython"
    tags = _tags(host, os.path.join(environment.real, "lib", "".join(kinds[0]), "site-packages"))
    fit = [
        item
        for item in inventory.interpreters
        if item.implementation == wanted
        and item.kind not in ("conda", "windows")
        and minor(item.version) == series
        and _libraries(host, item.prefix, series) == [(implementation, series, free)]
        and not (tags and _own_tags(host, item.prefix, "".join(kinds[0])).isdisjoint(tags))
    ]
    fit.sort(key=lambda item: version_key(item.version), reverse=True)
    fit.sort(key=lambda item: (item.version != environment.version, item.kind == "system"))
    return fit


def relink(host: Host, environment: Environment, python: Interpreter) -> list[Step]:
    """The steps that put it on that base: its links turned, its copies of a Python copied anew."""
    target = executable(host, python)
    real = environment.real
    folder = os.path.join(real, "bin")
    names = [name for name in host.names_if(folder) if _NAME.match(name)]
    links = [name for name in names if host.is_link(os.path.join(folder, name))]
    outer = [name for name in links if _beside(host, folder, name) in (None, name)]
    # What a link beside leads to must be there, "python" at least.
    outer += sorted(
        {_beside(host, folder, name) or "python" for name in links or [""]} - set(names)
    )
    steps = copied(host, environment, python)
    steps += [Link(os.path.join(folder, name), target) for name in outer]
    if not names:
        beside = ("python3", f"python{minor(python.version)}")
        steps += [Link(os.path.join(folder, name), "python") for name in beside]
    config = rewritten_config(host, environment, python)
    return [*steps, *([config] if config else [])]


def copied(host: Host, environment: Environment, python: Interpreter) -> list[Step]:
    """The steps that copy the base's program anew to where a copy is (`venv --copies`)."""
    folder = os.path.join(environment.real, "bin")
    steps: list[Step] = []
    for name in host.names_if(folder):
        path = os.path.join(folder, name)
        if _NAME.match(name) and not host.is_link(path):
            copy = ("cp", "-p", executable(host, python), path)
            steps += [Trash(path), Run(copy, host.home, creates=(path,))]
    return steps


def rewritten_config(host: Host, environment: Environment, python: Interpreter) -> Write | None:
    """pyvenv.cfg with what it says of its base put right; None where it says so already."""
    path = os.path.join(environment.real, "pyvenv.cfg")
    content = host.read_if(path, 1 << 16)
    target = executable(host, python)
    values = {
        "home": os.path.dirname(target),
        "executable": host.real(target),
        "version": python.version,
        "base-prefix": python.prefix,
        "base-exec-prefix": python.prefix,
        "base-executable": target,
    }

    def line(found: re.Match[bytes]) -> bytes:
        key = found["key"].strip().lower().decode("ascii", "replace")
        old = os.fsdecode(found["value"].strip())
        new = values.get(key, old)
        if key == "version_info":
            # `3.12.1.final.0`, `3.12.1` or `3.12`, by the maker: as much as it said before.
            count = len(re.match(r"[\d.]*", old)[0].rstrip(".").split("."))  # type: ignore[index]
            new = ".".join(python.version.split(".")[: min(count, 3)])
            new += ".final.0" if ".final." in old else ""
        elif key == "command" and environment.base:
            new = old.replace(environment.base + "/", python.prefix + "/")
        return found["key"] + found["gap"] + os.fsencode(new)

    written = _LINE.sub(line, content)
    return Write(path, written) if written != content else None


def executable(host: Host, python: Interpreter) -> str:
    """The base's program by its most telling name, as venv links it: bin/python3.12."""
    folder = os.path.dirname(python.path)
    named = os.path.join(folder, "python" + minor(python.version))
    return named if python.implementation == "cpython" and host.is_file(named) else python.path


def _beside(host: Host, folder: str, name: str) -> str | None:
    """The name in the same folder that a link leads to; None where it leads out, or is none."""
    path = os.path.join(folder, name)
    target = os.path.normpath(os.path.join(folder, host.target(path) or "")) if name else ""
    return os.path.basename(target) if os.path.dirname(target) == folder else None


def _libraries(host: Host, prefix: str, only: str | None = None) -> list[tuple[str, str, str]]:
    """(implementation, minor, "t" if free-threaded) of each library directory."""
    found = [
        m for name in host.names_if(os.path.join(prefix, "lib")) if (m := _LIBRARY.match(name))
    ]
    kinds = [(m[1], m[2], m[3]) for m in found]
    return [kind for kind in kinds if only in (None, kind[1])]


def _tags(host: Host, folder: str) -> set[str]:
    """The binary interfaces for which modules in a tree were compiled; two levels are enough."""
    found: set[str] = set()
    for name in host.names_if(folder):
        path = os.path.join(folder, name)
        inside = host.names_if(path) if "." not in name and not host.is_link(path) else []
        found.update(tag[1] for each in (name, *inside) if (tag := _TAG.search(each)))
    return found


def _own_tags(host: Host, prefix: str, library: str) -> set[str]:
    """The binary interface of an interpreter, from the modules that it comes with."""
    names = host.names_if(os.path.join(prefix, "lib", library, "lib-dynload"))
    found = {tag[1] for name in names if (tag := _TAG.search(name))}
    return found or {""}
