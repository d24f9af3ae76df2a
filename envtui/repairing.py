"""What mends an environment: the one plan that fits, or one for all that lost the same Python."""

from __future__ import annotations

import os

from envtui import lost, pinning
from envtui.adapters.choice import version_key
from envtui.adapters.going import unchanged
from envtui.adapters.rebuilding import proof
from envtui.adapters.registry import PIPX, UV_TOOL
from envtui.adapters.relinking import copied, fitting, relink, rewritten_config
from envtui.adapters.relocating import recorded_place, relocate
from envtui.errors import BadInput, Negative, Problem, Refused
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory
from envtui.plan import Guard, Link, Plan, Run, Step, Write, combine

_BINARY = ("conda", "pixi")


def plan_repair(host: Host, inventory: Inventory, items: list[Environment]) -> Plan:
    """One plan that mends all of them; what can't be mended is told in its warnings.

    Raises Negative where none needs it; BadInput, Refused or ToolMissing where none can be.
    """
    plans: list[Plan] = []
    reasons: list[Problem] = []
    for item in items:
        try:
            plans.append(_repair(host, inventory, item))
        except Problem as reason:
            reasons.append(reason)
    if not plans:
        raise reasons[0] if reasons else Negative("nothing is broken")
    told = tuple(f"stays as it is: {reason}" for reason in reasons)
    if len(plans) == 1:
        plan = plans[0]
    else:
        many = f"{len(plans)} environments"
        plan = combine(f"Repair {many}", plans, f"repaired {many}")
    return plan._replace(warnings=(*plan.warnings, *told))


def victims(inventory: Inventory, word: str) -> list[Environment]:
    """The environments that a lost Python left broken: by its id, its path or its version."""
    by_id = {item.id: item for item in inventory.environments}
    found = [one for one in lost.pythons(inventory) if word in (one.id, one.base, one.version)]
    return [by_id[name] for one in found for name in one.environments]


def _repair(host: Host, inventory: Inventory, item: Environment) -> Plan:
    if item.health == "ok":
        raise Negative(f"{item.id} needs no repair")
    if item.health == "unreadable":
        raise Refused(f"{item.id} can't be repaired: {item.reason}")
    if item.kind in _BINARY:
        raise BadInput(
            f"{item.id} is {item.health}, and the programs of {item.kind} hold their path in their "
            f"bytes: remove it and make it again with {item.kind}"
        )
    if item.health == "version-differs":
        return _right_config(host, inventory, item)
    if item.health == "moved":
        return _move(host, inventory, item)
    if item.health == "overlaid":
        return _rebuild(host, inventory, item)
    fit = fitting(host, item, inventory)
    if fit:
        return _relink(host, item, fit[0], relink(host, item, fit[0]))
    return _rebuild(host, inventory, item)


def _relink(host: Host, item: Environment, python: Interpreter, steps: list[Step]) -> Plan:
    warnings = []
    if recorded_place(host, item):
        try:
            # Its pyvenv.cfg is written once, with both changes in it.
            steps = _in_turn(host, steps, relocate(host, item, *_commands(host, item)))
        except BadInput as reason:
            warnings.append(f"it was moved, too, and its scripts stay broken: {reason}")
    if python.version != item.version and item.version:
        warnings.append(f"Python {item.version} is gone; {python.version} takes its place")
    title = f"Repair {item.name}: put it on Python {python.version} ({python.id})"
    done = f"repaired {item.name} on Python {python.version}"
    return _plan(host, item, title, (*steps, proof(host, item.real, python)), done, warnings)


def _move(host: Host, inventory: Inventory, item: Environment) -> Plan:
    try:
        steps = relocate(host, item, *_commands(host, item))
    except BadInput:
        return _rebuild(host, inventory, item)
    pip = os.path.join(item.real, "bin", "pip")
    if any(step.path == pip for step in steps if isinstance(step, Write)):
        steps.append(Run((pip, "--version"), host.home, within=item.real))
    title = f"Repair {item.name}: make it right where it is now"
    return _plan(host, item, title, tuple(steps), f"repaired {item.name}", [])


def _commands(host: Host, item: Environment) -> list[str]:
    """Where links lead to the programs of an application's environment."""
    adapters = (one for one in (PIPX, UV_TOOL) if one.kind == item.kind)
    return [folder for one in adapters for folder in one.linked(host, item.real)]


def _right_config(host: Host, inventory: Inventory, item: Environment) -> Plan:
    python = next((one for one in inventory.interpreters if one.id == item.interpreter), None)
    write = rewritten_config(host, item, python) if python else None
    if write is None:
        return _rebuild(host, inventory, item)
    title = f"Repair {item.name}: write down that its Python is {item.version}"
    steps = (*(copied(host, item, python) if python else ()), write)
    return _plan(host, item, title, steps, f"repaired {item.name}", [])


def _rebuild(host: Host, inventory: Inventory, item: Environment) -> Plan:
    """Made again from its own installed list, on the nearest Python that there is."""
    plan = pinning.plan_rebuild(host, inventory, item, _nearest(inventory, item))
    return plan._replace(title=f"Repair {item.name}: {plan.title[0].lower()}{plan.title[1:]}")


def _nearest(inventory: Inventory, item: Environment) -> str | None:
    """None where its own minor version is there; else the next newer one, else the newest."""
    if item.interpreter or not item.version or item.kind == "conda":
        return None
    wanted = version_key(item.version)[:2]
    pythons = [one for one in inventory.interpreters if one.implementation == "cpython"]
    # Those of the system may lack what makes environments (Debian's python3-venv).
    usable = [one for one in pythons if one.kind not in ("system", "conda")] or pythons
    if any(version_key(one.version)[:2] == wanted for one in usable):
        return None
    versions = sorted({one.version for one in usable}, key=version_key)
    if not versions:
        raise BadInput(
            f"no Python is left to build {item.id} on; `envtui install {item.version}` may get one"
        )
    newer = [version for version in versions if version_key(version)[:2] > wanted]
    return newer[0] if newer else versions[-1]


def _in_turn(host: Host, first: list[Step], second: list[Step]) -> list[Step]:
    """Two lists of steps as one; a file that both write is written as the second has the first."""
    wrote = {step.path: step for step in first if isinstance(step, Write)}
    merged: list[Step] = [step for step in first if not isinstance(step, Write)]
    for step in second:
        if isinstance(step, Write) and (mine := wrote.pop(step.path, None)):
            merged.append(_both(host.read(step.path), mine, step))
        elif not any(
            isinstance(one, Link) and one.path == getattr(step, "path", "") for one in first
        ):
            merged.append(step)
    return [*merged, *wrote.values()]


def _both(before: bytes, first: Write, second: Write) -> Write:
    """Line by line: each changes lines of its own, and neither adds nor takes any."""
    texts = (before, first.content, second.content)
    rows = zip(*(text.splitlines(keepends=True) for text in texts), strict=True)
    return Write(first.path, b"".join(two if one == old else one for old, one, two in rows))


def _plan(
    host: Host,
    item: Environment,
    title: str,
    steps: tuple[Step, ...],
    done: str,
    warnings: list[str],
) -> Plan:
    """The plan of these steps, none of which may find a file or link changed meanwhile."""
    guards = (Guard("inode", item.real, host.inode(item.real)), *unchanged(host, *steps))
    return Plan(title, steps, guards, tuple(warnings), done)
