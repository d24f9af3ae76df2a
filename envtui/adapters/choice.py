"""Which installed interpreter a word of the user means: `3.12`, `pyenv:3.12.1`, a path."""

from __future__ import annotations

import contextlib
import os
import re

from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Interpreter, Inventory


def choose(host: Host, inventory: Inventory, word: str) -> Interpreter:
    """The newest interpreter that the word fits. Raises BadInput that lists what is installed."""
    for item in inventory.interpreters:
        if word in (item.id, item.name, item.path) or word in item.aliases:
            return item
    if os.path.isabs(word):
        real = host.real(word)
        for item in inventory.interpreters:
            if host.real(item.path) == real:
                return item
    named = re.fullmatch(r"(?:(cpython|pypy|graalpy|python)[@-]?)?(\d+(?:\.\d+){0,2}t?)", word)
    if named:
        made = None if named[1] == "python" else named[1]
        fitting = [
            item
            for item in inventory.interpreters
            if fits(item.version, named[2]) and made in (None, item.implementation)
        ]
        if fitting:
            return max(fitting, key=_fitness)
    raise BadInput(f"no Python {word!r} is installed ({_installed(inventory)})")


def _fitness(item: Interpreter) -> tuple[bool, tuple[int, ...], bool]:
    """A conda install's own Python last: what stands on it breaks when conda upgrades itself.

    pyenv's before the system's of the same version: its headers and pip are whole.
    """
    return item.kind != "conda", version_key(item.version), item.kind == "pyenv"


def fits(version: str, prefix: str) -> bool:
    """Whether `3.12.1` begins with `3.12`, part by part: `3.1` does not fit 3.12."""
    return version == prefix or version.startswith(prefix + ".")


def allowed(wanted: str | None, versions: list[str]) -> set[str]:
    """The versions that a `requires-python` allows; all where it says nothing understandable."""
    if not wanted:
        return set(versions)
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    try:
        specifier = SpecifierSet(wanted)
    except InvalidSpecifier:
        return set(versions)
    found = set()
    for version in versions:
        with contextlib.suppress(InvalidVersion):
            # A build from a checkout calls itself 3.14.0a1+, which is no version by PEP 440.
            if specifier.contains(version.rstrip("+"), prereleases=True):
                found.add(version)
    return found


def newest(inventory: Inventory, wanted: str | None = None) -> Interpreter:
    """The newest interpreter that a `requires-python` allows. Raises BadInput that lists all."""
    fitting = allowed(wanted, [item.version for item in inventory.interpreters])
    found = [item for item in inventory.interpreters if item.version in fitting]
    if not found:
        raise BadInput(f"no Python that is {wanted} is installed ({_installed(inventory)})")
    return max(found, key=_fitness)


def _installed(inventory: Inventory) -> str:
    have = ", ".join(sorted({item.version for item in inventory.interpreters}, key=version_key))
    return f"installed: {have or 'none'}"


def minor(version: str | None) -> str:
    """`3.12` of 3.12.1; "" where no version is known."""
    return ".".join((version or "").split(".")[:2])


def version_key(version: str) -> tuple[int, ...]:
    """A version's numbers, for sorting; letters end it, a pre-release comes before its release."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = tuple(int(part) for part in found[0].split(".")) if found else ()
    numbers = (*numbers, 0, 0, 0)[:3]
    return (*numbers, 0 if found and version[found.end() :] else 1)
