"""What things are called on the screen, and their state as symbol, word and tone."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from envtui import lost, scene, table
from envtui.host import Host, is_within
from envtui.model import WELL, Decision, Environment, Interpreter, Inventory, Project
from envtui.ui.text import Span, clean

lost_pythons = lost.pythons
size = table.human

# Names that say nothing without the directory they stand in.
_COMMON = {"venv", ".venv", "env", ".env", "virtualenv", ".virtualenv", "python", ".python"}


def name_of(environment: Environment) -> str:
    """`api/.venv` for an environment inside a project, else the name its manager has for it.

    Poetry's hash of the project's path is left out: it tells nothing to a person.
    """
    if "/" in environment.name or environment.path.rstrip("/").rpartition("/")[2] in _COMMON:
        return _within(environment.path)
    return clean(environment.short)


_SHORT = {"pyenv-virtualenv": "pyenv-venv", "virtualenvwrapper": "wrapper"}


def kind_of(environment: Environment) -> str:
    """Its kind in as many cells as a column has."""
    return _SHORT.get(environment.kind, environment.kind)


def distinct(names: Mapping[str, str], paths: Mapping[str, str]) -> dict[str, str]:
    """The names, and where several are the same what tells them apart, as in `web/…/api`."""
    shared: dict[str, list[str]] = {}
    for key, name in names.items():
        shared.setdefault(name, []).append(key)
    found = dict(names)
    for name, left in shared.items():
        parts = {key: paths[key].strip("/").split("/") for key in left if len(left) > 1}
        many = name.count("/")
        while parts:
            many += 1
            tails = {key: "/".join(part[-many:]) for key, part in parts.items()}
            counts = Counter(tails.values())
            for key, tail in tails.items():
                if counts[tail] == 1 or many >= len(parts[key]):
                    between = tail.count("/") - name.count("/") > 1
                    found[key] = clean(f"{tail.partition('/')[0]}/…/{name}" if between else tail)
                    del parts[key]
    return found


def called(path: str) -> str:
    """What lies, or lay, at a path: its last part, after its directory where that says nothing."""
    last = path.rstrip("/").rpartition("/")[2]
    return _within(path) if last in _COMMON else clean(last)


def _within(path: str) -> str:
    folder, _, last = path.rstrip("/").rpartition("/")
    return clean(f"{folder.rpartition('/')[2]}/{last}")


def title(item: Environment | Interpreter) -> str:
    """What people call it."""
    if isinstance(item, Environment):
        return name_of(item)
    return f"Python {clean(item.version)}"


def _unhashed(name: str) -> str:
    return re.sub(r"-[\w-]{8}-py", "-py", name)


"""What an environment's health is where it can be used."""
IDLE = 90
"""Days without use after which an environment counts as idle."""


def state(environment: Environment, users: int = 0, age: int | None = None) -> Span:
    """The gravest thing about it; `users` processes are known to run in it, `age` is in days."""
    if environment.health not in WELL:
        return f"✗ {environment.health}", "bad"
    if environment.active:
        return "● active", "good"
    if users:
        return f"▶ in use ({users})", "accent"
    if environment.health == "version-differs":
        return "! differs", "warn"
    if environment.link == "orphaned":
        return "? orphan", "warn"
    if age is not None and age >= IDLE:
        return f"◌ idle {days(age)}", "idle"
    return "ok", "dim"


def days(count: int) -> str:
    """An age in at most five characters: today, 34d, 6y."""
    return "today" if count < 1 else f"{count}d" if count < 1000 else f"{count // 365}y"


def days_between(moment: str, today: str) -> int | None:
    """Whole days from a moment to a day, both ISO 8601; None where either can't be read."""
    return _days_between(moment[:10], today)


@lru_cache(1024)
def _days_between(then: str, now: str) -> int | None:
    try:
        return max((date.fromisoformat(now) - date.fromisoformat(then)).days, 0)
    except ValueError:
        return None


def support(interpreter: Interpreter, today: str) -> Span:
    """How long its version gets security fixes; `today` is ISO 8601."""
    if not interpreter.eol:
        return "", "dim"
    if interpreter.eol < today:
        return f"ended {interpreter.eol[:4]}", "warn"
    return f"to {interpreter.eol[:7]}", "dim"


def life(interpreter: Interpreter, today: str) -> Span:
    """The years of support that are left, of the five that a minor version gets (PEP 602)."""
    if not interpreter.eol:
        return " " * 5, ""
    left = -(-(days_between(today, interpreter.eol) or 0) // 365)
    left = min(left, 5)
    return "━" * left + "╌" * (5 - left) if left else " " * 5, "good" if left > 1 else "warn"


def pins_of(inventory: Inventory) -> dict[str, int]:
    """How many pin files of projects choose each interpreter."""
    counts: dict[str, int] = {}
    for project in inventory.projects:
        for target in {t for pin in project.pins for t in pin.resolves_to if t}:
            counts[target] = counts.get(target, 0) + 1
    return counts


def members(project: Project, inventory: Inventory) -> list[Environment]:
    """The project's environments, best to use first."""
    found = scene.members(project, inventory)
    return sorted(found, key=lambda e: (not e.active, e.health != "ok", newest(e.version)))


@lru_cache(1024)
def newest(version: str | None) -> tuple[int, ...]:
    """A sort key that puts the newest version first; what is no number counts as 0."""
    return tuple(-int(part) if part.isdigit() else 0 for part in (version or "").split("."))


def globally(decision: Decision | None, host: Host, interpreter: str) -> str:
    """`pyenv global` where pyenv's own version file names the interpreter, else ""."""
    if decision is None:
        return ""
    source = _pyenv_global(host)
    said = [(decision.source, decision.python)]
    said += [(other.source, other.python) for other in decision.overruled]
    return "pyenv global" if (source, interpreter) in said else ""


def _pyenv_global(host: Host) -> str:
    root = host.variable("PYENV_ROOT") or os.path.join(host.home, ".pyenv")
    return os.path.join(root, "version")


def source(host: Host, source: str) -> tuple[str, str]:
    """Who speaks, as people call it, and where it stands if that is a file."""
    if source == "VIRTUAL_ENV":
        return "this shell", ""
    if source == _pyenv_global(host):
        return "pyenv global", ""
    if source.startswith("/"):
        folder, name = os.path.split(source.rstrip("/"))
        return clean(_unhashed(name)), place(host, folder)
    return clean(source), ""


def context(inventory: Inventory, directory: str) -> Project | None:
    """The project that the directory is or lies in, the innermost."""
    inside = [p for p in inventory.projects if is_within(directory, p.path)]
    return max(inside, key=lambda p: len(p.path), default=None)


def place(host: Host, path: str) -> str:
    """A path for the screen: `~` for home, and harmless."""
    return clean(host.short(path))


def home_in(host: Host, text: str) -> str:
    """A sentence or command with home written as `~` wherever it is a whole path."""
    return clean(text.replace(host.home.rstrip("/") + "/", "~/"))


FIELDS = {"project": "Project", "kind": "Kind", "python": "Python", "from": "Install"}
"""What the form of a new environment calls an option of `envtui create`."""
_ELSEWHERE = {"root": "`roots` in config.toml"}
_OPTION = re.compile(r"`[^`]*`|(?<![\w/-])--([a-z]+)(?: [A-Z]{3,})?(?![\w-])")
"""One of ours; what stands in backticks is a command, to be typed as it is."""


def told(host: Host, text: str) -> str:
    """What went wrong, for the screen: an option of the command line is a field of the form."""
    names = {**FIELDS, **_ELSEWHERE}
    return home_in(host, _OPTION.sub(lambda found: names.get(found[1], found[0]), text))


_MEGABYTE = 1 << 20
_STEPS = tuple(many * _MEGABYTE for many in (10, 30, 100, 300, 700, 1500, 3000))


def bar(count: int) -> str:
    """How big it is, as a block: each step about three times the one before, full from 3G."""
    return "▁▂▃▄▅▆▇█"[sum(count >= step for step in _STEPS)]
