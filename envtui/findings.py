"""What is not right with a project, in sentences that say what would help.

Words of files and paths stand quoted in commands: a person may paste them into a shell.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from envtui.host import Host
from envtui.model import Inventory, Pin
from envtui.project import ProjectFiles

# The file whose change makes a lock file old.
_MANIFESTS = {"Pipfile.lock": "Pipfile"}
_HOW = {".python-version": "envtui install", ".tool-versions": "asdf install python"}


def findings(
    host: Host, files: ProjectFiles, pins: tuple[Pin, ...], inventory: Inventory
) -> tuple[str, ...]:
    """Missing pins, pins that contradict each other, a lock older than its manifest."""
    return (*_missing(pins), *_conflicts(host, pins, inventory), *_old_lock(host, files))


def _missing(pins: tuple[Pin, ...]) -> Iterator[str]:
    for pin in pins:
        name = os.path.basename(pin.file)
        for version, found in zip(pin.versions, pin.resolves_to, strict=False):
            if found is None and version != "system":
                how = _HOW.get(name)
                help_ = (
                    f"`{how} {shlex.quote(version)}` may get it"
                    if how
                    else "`envtui install` may get it"
                )
                yield f"{version} pinned by {name}, not installed: {help_}"


def _conflicts(host: Host, pins: tuple[Pin, ...], inventory: Inventory) -> Iterator[str]:
    """Pins whose first choices are of different minor versions."""
    if len(pins) < 2:
        return
    versions = host.once("versions by id", lambda: _versions(inventory))
    told = []
    for pin in pins:
        first = next((found for found in pin.resolves_to if found), None)
        version = versions.get(first or "")
        if version:
            told.append((host.short(pin.file), ".".join(version.split(".")[:2])))
    for name, minor in told[1:]:
        if minor != told[0][1]:
            yield f"{told[0][0]} says {told[0][1]}, {name} says {minor}"


def _versions(inventory: Inventory) -> dict[str, str]:
    found = {item.id: item.version for item in inventory.interpreters}
    return found | {item.id: item.version or "" for item in inventory.environments}


def _old_lock(host: Host, files: ProjectFiles) -> Iterator[str]:
    if files.lock is None:
        return
    manifest = _MANIFESTS.get(files.lock, "pyproject.toml")
    lock = host.status(f"{files.path}/{files.lock}")
    declared = host.status(f"{files.path}/{manifest}")
    # Tools write both within one command; a checkout gives them one time.
    if lock and declared and declared.st_mtime > lock.st_mtime + 2:
        yield f"{files.lock} is older than {manifest}: lock again"
