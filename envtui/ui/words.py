"""What things are called on the screen, and their state as symbol, word and tone."""

from __future__ import annotations

import os
import re
import time

from envtui.actions import Lost
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory, Project
from envtui.ui.text import Span, clean

# Names that say nothing without the directory they stand in.
_COMMON = {"venv", ".venv", "env", ".env", "virtualenv", ".virtualenv", "python", ".python"}


def name_of(environment: Environment) -> str:
    """`api/.venv` for an environment inside a project, else the name its manager has for it.

    Poetry's hash of the project's path is left out: it tells nothing to a person.
    """
    folder, last = os.path.split(environment.path.rstrip("/"))
    if last in _COMMON or "/" in environment.name:
        return clean(f"{os.path.basename(folder)}/{last}")
    if environment.kind == "poetry":
        return clean(re.sub(r"-[\w-]{8}-py", "-py", environment.name))
    return clean(environment.name)


def state(environment: Environment, users: int = 0) -> Span:
    """The gravest thing about it; `users` processes are known to run in it."""
    if environment.health not in ("ok", "version-differs"):
        return f"✗ {environment.health}", "bad"
    if environment.active:
        return "● active", "good"
    if users:
        return f"▶ in use ({users})", "accent"
    if environment.health == "version-differs":
        return "! differs", "warn"
    if environment.link == "orphaned":
        return "? orphan", "warn"
    return "ok", "dim"


def today(host: Host) -> str:
    """The date in ISO 8601."""
    return time.strftime("%Y-%m-%d", time.gmtime(host.now()))


def support(interpreter: Interpreter, today: str) -> Span:
    """How long its version gets security fixes; `today` is ISO 8601."""
    if not interpreter.eol:
        return "", "dim"
    if interpreter.eol < today:
        return f"ended {interpreter.eol[:4]}", "warn"
    return f"to {interpreter.eol[:7]}", "dim"


def lost_pythons(inventory: Inventory) -> list[Lost]:
    """Interpreters that are gone while environments still stand on them."""
    known = {i.prefix for i in inventory.interpreters}
    victims: dict[str, list[Environment]] = {}
    for environment in inventory.environments:
        if environment.health == "broken" and environment.base and not environment.interpreter:
            victims.setdefault(environment.base, []).append(environment)
    return [
        Lost(f"lost:{base}", found[0].version or "?", base, tuple(e.id for e in found))
        for base, found in sorted(victims.items())
        if base not in known
    ]


def pins_of(inventory: Inventory) -> dict[str, int]:
    """How many pin files of projects choose each interpreter."""
    counts: dict[str, int] = {}
    for project in inventory.projects:
        for target in {t for pin in project.pins for t in pin.resolves_to if t}:
            counts[target] = counts.get(target, 0) + 1
    return counts


def members(project: Project, inventory: Inventory) -> list[Environment]:
    """The project's environments, best to use first."""
    mine = set(project.environments)
    found = [e for e in inventory.environments if e.id in mine]
    return sorted(found, key=lambda e: (not e.active, e.health != "ok", _newest(e.version)))


def _newest(version: str | None) -> tuple[int, ...]:
    """A sort key that puts the newest version first."""
    return tuple(-int(part) if part.isdigit() else 0 for part in (version or "").split("."))


def context(inventory: Inventory, directory: str) -> Project | None:
    """The project that the directory is or lies in, the innermost."""
    inside = [p for p in inventory.projects if (directory + "/").startswith(p.path + "/")]
    return max(inside, key=lambda p: len(p.path), default=None)


def place(host: Host, path: str) -> str:
    """A path for the screen: `~` for home, and harmless."""
    return clean(host.short(path))


def home_in(host: Host, text: str) -> str:
    """A sentence or command with home written as `~` wherever it is a whole path."""
    return clean(text.replace(host.home.rstrip("/") + "/", "~/"))


def bar(count: int, most: int) -> str:
    """How big it is against the biggest, as a block of an eighth to eight eighths."""
    return "▁▂▃▄▅▆▇█"[min(7, count * 8 // max(most, 1))]


def size(count: int) -> str:
    """Bytes in at most four characters and a unit: 412M, 1.3G."""
    value = float(count)
    for unit in ("B", "K", "M", "G"):
        if value < 999.5:
            return f"{value:.1f}{unit}" if value < 9.95 and unit != "B" else f"{value:.0f}{unit}"
        value /= 1024
    return f"{value:.1f}T"
