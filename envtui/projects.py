"""Which directories are projects, whose they are, and what belongs to them."""

from __future__ import annotations

import os

from envtui.adapters.registry import MANAGERS, PINNERS
from envtui.findings import findings
from envtui.host import Host
from envtui.marks import IN_PROJECT, PIN_MARKERS
from envtui.model import Inventory, Notice, Pin, Project
from envtui.prefix import Prefix
from envtui.project import ProjectFiles, read_project
from envtui.walk import Place

_ALL_TOOLS = PIN_MARKERS - {".python-version"}


def of_places(
    host: Host, places: list[Place], found: list[Prefix]
) -> tuple[dict[str, ProjectFiles], list[Notice]]:
    """The directories that declare something, or hold an environment in the usual place."""
    inside = {prefix.folder for prefix in found}
    inside |= {os.path.dirname(path) for prefix in found for path in prefix.links}
    prefixes = {prefix.path for prefix in found}
    projects: dict[str, ProjectFiles] = {}
    notices: list[Notice] = []
    for place in places:
        in_place = bool(place.environments) and place.path in inside
        if not place.markers and not in_place:
            continue
        if place.path == host.home and not in_place and place.markers <= PIN_MARKERS:
            continue  # a pin for everything below home does not make home a project
        if place.path in prefixes and os.path.basename(place.path) in IN_PROJECT:
            continue  # files that a package left at the top of an environment
        files, unread = read_project(host, place.path, place.markers)
        notices += unread
        if not in_place and not files.pinned and place.markers <= _ALL_TOOLS:
            continue  # asdf's and mise's files choose other languages' tools just as well
        projects[place.path] = files
    return projects, notices


def with_environments(
    host: Host, projects: dict[str, ProjectFiles], inventory: Inventory
) -> tuple[Project, ...]:
    """Each with its environments, by path."""
    belonging: dict[str, list[str]] = {}
    for environment in inventory.environments:
        if environment.project:
            belonging.setdefault(environment.project, []).append(environment.id)
    return tuple(
        project_of(host, files, inventory, tuple(belonging.get(path, ())))
        for path, files in sorted(projects.items())
    )


def project_of(
    host: Host, files: ProjectFiles, inventory: Inventory, environments: tuple[str, ...]
) -> Project:
    """A project with its managers, pins and environments."""
    managers = _managers(host, files)
    pins: dict[str, Pin] = {}
    for adapter in PINNERS if _may_pin(files) else ():
        for pin in adapter.pins(host, files, inventory):
            pins.setdefault(pin.file, pin)  # a file that two managers read belongs to the first
    if not managers:
        kinds = host.once(
            "kinds by id", lambda: {item.id: item.kind for item in inventory.environments}
        )
        managers = list(dict.fromkeys(kinds[identifier] for identifier in environments))
    if ".python-version" in files.markers and "uv" not in managers:
        managers.append("pyenv")
    return Project(
        files.path,
        files.name,
        tuple(managers),
        files.requires_python,
        files.lock,
        tuple(pins.values()),
        environments,
        findings(host, files, tuple(pins.values()), inventory) if pins or files.lock else (),
    )


def _managers(host: Host, files: ProjectFiles) -> list[str]:
    """Whose files the project has: mostly the marks alone say it, which many projects share."""
    if files.pyproject or files.pinned:
        return [adapter.kind for adapter in MANAGERS if adapter.manages(files)]
    known: dict[frozenset[str], list[str]] = host.once("managers by marks", dict)
    if files.markers not in known:
        known[files.markers] = [a.kind for a in MANAGERS if a.manages(files)]
    return list(known[files.markers])


def _may_pin(files: ProjectFiles) -> bool:
    """Whether anything in it can name a Python."""
    return bool(
        files.lock
        or files.pyproject
        or files.pipfile
        or files.pinned
        or not files.markers.isdisjoint((".python-version", ".pdm-python"))
    )
