"""Why an environment or a Python could go, and how sure that is."""

from __future__ import annotations

import os
from typing import Literal

from envtui.adapters.choice import minor, version_key
from envtui.adapters.pyenv_rules import select
from envtui.adapters.registry import HOLDERS
from envtui.adapters.relinking import fitting
from envtui.facts.packages import SEEDED, packages
from envtui.host import Host
from envtui.installing import dependents
from envtui.model import Environment, Interpreter, Inventory

Certainty = Literal["certain", "likely", "possible"]


def of_environment(
    host: Host, inventory: Inventory, item: Environment, idle: int | None
) -> tuple[tuple[str, ...], Certainty]:
    """The reasons, and how sure they are; none for one of use. `idle`: for so many days."""
    sure = []
    if item.link == "orphaned":
        sure.append(f"its project {host.short(item.project or '?')} is gone")
    if item.health in ("broken", "no-python"):
        mend = " (it can be repaired)" if fitting(host, item, inventory) else ""
        sure.append(f"{item.health}: {item.reason}{mend}")
    known = []
    if idle is not None:
        known.append(f"unused for {idle} days")
        if item.link == "unmapped":
            known.append("belongs to a project that is not known")
    if newer := _superseded(inventory, item):
        known.append(f"its project uses {newer} now")
    return (*sure, *known), "certain" if sure else "likely"


def _superseded(inventory: Inventory, item: Environment) -> str | None:
    """The environment that Poetry uses instead; it keeps one for each minor version."""
    if item.kind != "poetry":
        return None
    for project in inventory.projects:
        for pin in project.pins if project.path == item.project else ():
            if os.path.basename(pin.file) == "envs.toml" and item.id not in pin.resolves_to:
                return next((found for found in pin.resolves_to if found), None)
    return None


def of_interpreter(
    host: Host, inventory: Inventory, item: Interpreter
) -> tuple[tuple[str, ...], Certainty]:
    """The reasons, and how sure they are; none where anything needs it, or it is not ours."""
    if item.kind not in HOLDERS:
        return (), "possible"
    globals_ = select(host, host.home).versions if item.kind == "pyenv" else ()
    if item.name in globals_ or dependents(host, inventory, item) or _runs_programs(host, item):
        return (), "possible"
    reasons = ["nothing is built on it"]
    newer = [
        one.version
        for one in inventory.interpreters
        if one.kind == item.kind
        and minor(one.version) == minor(item.version)
        and version_key(one.version) > version_key(item.version)
    ]
    if newer:
        reasons.append(f"superseded by {max(newer, key=version_key)}")
    own = [name for name, _ in packages(item.prefix) if name.lower() not in SEEDED]
    if own:
        reasons.append(f"{len(own)} package{'s are' if len(own) > 1 else ' is'} installed in it")
    return tuple(reasons), "likely" if newer else "possible"


def _runs_programs(host: Host, item: Interpreter) -> bool:
    """Whether a program in the user's own bin directory begins with this Python."""
    folder = os.path.join(host.home, ".local", "bin")
    mark = b"#!" + os.fsencode(item.prefix.rstrip("/")) + b"/"
    paths = (os.path.join(folder, name) for name in host.names_if(folder))
    return any(host.read_if(path, 4096).startswith(mark) for path in paths)


# Notes that a tool keeps for itself: nobody chose anything by them.
_RECORDS = ("envs.toml", ".pdm-python")


def pinned(inventory: Inventory) -> set[str]:
    """What a file that people write chooses."""
    return {
        found
        for project in inventory.projects
        for pin in project.pins
        if os.path.basename(pin.file) not in _RECORDS
        for found in pin.resolves_to
        if found
    }
