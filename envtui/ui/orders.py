"""By what each pane can be sorted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from envtui.actions import Lost
from envtui.model import Environment, Interpreter, Project
from envtui.ui import words
from envtui.ui.catalogue import Catalogue

SORTS = {
    "projects": ("use", "name", "path"),
    "environments": ("use", "name", "project", "python", "state", "size"),
    "interpreters": ("version", "environments"),
}
FACTS = {"use": ("last_used", "uses"), "state": ("last_used", "uses"), "size": ("size",)}
"""The slow facts that an order stands on."""
UNKNOWN = 1 << 30
_GRAVE = ("✗", "▶", "●", "!", "?", "◌")


def projects(catalogue: Catalogue, sort: str) -> list[str]:
    """The paths of all projects; by use: the one used last comes first."""
    keys: dict[str, Callable[[Project], Any]] = {
        "use": lambda p: (age_of(p, catalogue), p.name.lower(), p.path),
        "name": lambda p: (p.name.lower(), p.path),
        "path": lambda p: p.path,
    }
    return [p.path for p in sorted(catalogue.inventory.projects, key=keys[sort])]


def age_of(project: Project, catalogue: Catalogue) -> int:
    """Days since the last use of any of its environments; `UNKNOWN` where nothing is known."""
    ages = [catalogue.age(e) for e in catalogue.members(project)]
    return min((age for age in ages if age is not None), default=UNKNOWN)


def environments(catalogue: Catalogue, sort: str) -> list[str]:
    """The ids of all environments. Days count, not seconds, so that a name is found by its name."""
    first: dict[str, Callable[[Environment], Any]] = {
        "use": lambda e: UNKNOWN if (age := catalogue.age(e)) is None else age,
        "project": lambda e: (e.project is None, catalogue.project_name(e).lower()),
        "size": lambda e: -(catalogue.facts(e).size or 0),
        "python": lambda e: words.newest(e.version),
        "state": lambda e: _gravity(e, catalogue),
    }
    found = list(catalogue.by_name)
    if sort in first:
        found.sort(key=first[sort])
    return [e.id for e in found]


def _gravity(environment: Environment, catalogue: Catalogue) -> tuple[int, str]:
    said = words.state(
        environment, len(catalogue.facts(environment).uses or ()), catalogue.age(environment)
    )[0]
    return (_GRAVE.index(said[0]) if said[0] in _GRAVE else len(_GRAVE), said)


def interpreters(catalogue: Catalogue, sort: str) -> list[str]:
    """The ids of all interpreters, newest first, those that are gone among them."""
    items: Sequence[Interpreter | Lost] = [
        *catalogue.interpreters.values(), *catalogue.lost.values()
    ]  # fmt: skip
    many = {
        item.id: len(item.environments) if isinstance(item, Lost) else item.dependents
        for item in items
    }

    def key(item: Interpreter | Lost) -> Any:
        version = words.newest(item.version)
        return (-many[item.id], version) if sort == "environments" else (version, -many[item.id])

    return [item.id for item in sorted(items, key=key)]
