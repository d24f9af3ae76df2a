"""Two managers of one project that take the same environment for their own."""

from __future__ import annotations

import os
from typing import Any

from envtui.adapters import poetry_places
from envtui.adapters.common import edited_toml, settings
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Inventory, Project
from envtui.plan import Plan, Write
from envtui.project import table
from envtui.trouble import Found, Trouble, mend

# Each takes `.venv` for its own, whoever made it; the last two can be told not to.
_TAKERS = ("uv", "pipenv", "poetry", "pdm")


_QUIET = {
    "poetry": ("poetry.toml", "virtualenvs", "in-project"),
    "pdm": ("pdm.toml", "venv", "in_project"),
}


def fights(host: Host, inventory: Inventory) -> Found:
    """A `.venv` that two managers of the project take for their own: one remakes the other's."""
    inside = {item.path: item for item in inventory.environments}
    for project in inventory.projects:
        item = inside.get(os.path.join(project.path, ".venv"))
        takers = [
            name for name in _TAKERS if name in project.managers and _takes(host, project, name)
        ]
        if item is None or len(takers) < 2:
            continue
        leaves = next((n for n in ("poetry", "pdm") if n in takers and n != item.kind), None)
        text = f"{' and '.join(takers)} both take {host.short(item.path)} for their own"
        advice = "keep the files of one of them only"
        plan = None
        if leaves:
            plan = _stays_out(host, project, leaves)
            advice = f"tell {leaves} to keep its environments elsewhere, in {_QUIET[leaves][0]}"
        yield Trouble("two managers", text, advice, plan)


def _takes(host: Host, project: Project, name: str) -> bool:
    if name == "poetry":
        return poetry_places.in_project(host, project.path)
    return name != "pdm" or _setting(host, project, name) is not False


def _setting(host: Host, project: Project, name: str) -> object:
    file, section, key = _QUIET[name]
    return table(settings(host, os.path.join(project.path, file)), section).get(key)


def _stays_out(host: Host, project: Project, name: str) -> Plan | None:
    """The project's own setting by which a manager leaves `.venv` alone."""
    file, section, key = _QUIET[name]
    path = os.path.join(project.path, file)

    def edit(document: Any) -> None:
        document.setdefault(section, {})[key] = False

    try:
        step = Write(path, edited_toml(host, path, edit))
    except BadInput:
        return None
    return mend(f"Keep {name} out of {project.name}'s .venv", (step,), f"keeps {name} out")
