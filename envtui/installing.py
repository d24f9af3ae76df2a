"""Interpreters coming and going: who installs one here, and who would miss it."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from envtui.adapters.registry import HOLDERS, INSTALLERS, KEPT
from envtui.errors import Refused, ToolMissing
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory
from envtui.plan import Plan


class Offer(NamedTuple):
    """A manager and the versions that it could install."""

    manager: str
    missing: str | None
    """Why it can't here, with what would help."""
    versions: tuple[str, ...]


def offers(host: Host) -> list[Offer]:
    """All managers that install Pythons, those that can here first."""
    found = []
    for manager, installer in INSTALLERS.items():
        missing = installer.cannot_install(host)
        found.append(Offer(manager, missing, () if missing else tuple(installer.known(host))))
    return sorted(found, key=lambda offer: offer.missing is not None)


def plan_install(host: Host, version: str, manager: str | None = None) -> Plan:
    """The plan that installs a Python, by the one named, else the first manager that can here.

    Raises BadInput for a version it does not know, Refused for one that is there, ToolMissing.
    """
    missing = []
    for installer in [INSTALLERS[manager]] if manager else INSTALLERS.values():
        reason = installer.cannot_install(host)
        if reason is None:
            return installer.install(host, version)
        missing.append(reason)
    raise ToolMissing("; ".join(missing))


def plan_uninstall(
    host: Host,
    inventory: Inventory,
    item: Interpreter,
    *,
    force: bool = False,
    going: tuple[Environment | Interpreter, ...] = (),
) -> Plan:
    """The plan that puts an interpreter into the trash; `going` goes in the same change.

    Raises Refused where anything else is built on it, unless forced.
    """
    leaving = {other.id for other in going}
    users = [env.id for env in dependents(host, inventory, item) if env.id not in leaving]
    if item.kind not in HOLDERS:
        formula = re.sub(r"-\d.*$", "", item.name)
        told = KEPT[item.kind].format(name=item.name, formula=formula)
        raise Refused(f"{item.id} {told}" + (f"; {', '.join(users)} would break" if users else ""))
    plan = HOLDERS[item.kind].remove_interpreter(host, item, users, force=force)
    pinned = [
        f"{host.short(pin.file)} asks for it"
        for project in inventory.projects
        for pin in project.pins
        if item.id in pin.resolves_to
    ]
    return plan._replace(warnings=(*plan.warnings, *pinned))


def dependents(host: Host, inventory: Inventory, item: Interpreter) -> list[Environment]:
    """Every environment that is built on an interpreter or lies inside its prefix."""
    prefix = host.real(item.prefix)
    return [
        env
        for env in inventory.environments
        if env.interpreter == item.id
        or (item.kind != "system" and env.base is not None and host.real(env.base) == prefix)
        or env.real.startswith(os.path.join(prefix, ""))
    ]
