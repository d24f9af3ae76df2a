"""What a change takes away: each environment or Python, its size, and who depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from envtui.model import Environment, Interpreter, Inventory
from envtui.ui import words
from envtui.ui.text import Line, clean, width


class Going(NamedTuple):
    """One thing that goes."""

    path: str
    name: str
    what: str
    """Kind, version, packages."""
    cost: str
    """Who depends on it, or "" where nobody is known to."""


def of(items: Sequence[Environment | Interpreter], inventory: Inventory) -> list[Going]:
    """What these are and who needs them. Reads directories: off the UI thread."""
    mine = {item.path: words.name_of(item) for item in items if isinstance(item, Environment)}
    names = words.distinct(mine, {path: path for path in mine})
    return [
        _environment(item, names[item.path], items, inventory)
        if isinstance(item, Environment)
        else _interpreter(item, inventory)
        for item in items
    ]


def _environment(
    e: Environment, name: str, items: Sequence[Environment | Interpreter], inventory: Inventory
) -> Going:
    from envtui.facts.packages import packages

    count = len(packages(e.path))
    what = f"{e.kind} · Python {e.version or '?'} · {count} package{'s' * (count != 1)}"
    project = next((p for p in inventory.projects if e.id in p.environments), None)
    cost = ""
    if project:
        gone = {item.id for item in items}
        left = [one for one in words.members(project, inventory) if one.id not in gone]
        keeps = f"keeps {words.name_of(left[0])}" if left else "is left without one"
        cost = f"project {project.name} {keeps}"
    return Going(e.path, name, clean(what), clean(cost))


def _interpreter(i: Interpreter, inventory: Inventory) -> Going:
    costs = []
    if i.dependents:
        costs.append(f"{i.dependents} environment{'s' * (i.dependents != 1)} stand on it")
    if pins := words.pins_of(inventory).get(i.id, 0):
        costs.append(f"{pins} project{'s pin' if pins != 1 else ' pins'} it")
    return Going(i.prefix, f"Python {clean(i.version)}", i.kind, ", ".join(costs))


def lines(going: Sequence[Going], sizes: Mapping[str, int | None], room: int) -> list[Line]:
    """The things below each other, sizes in a column on the right as far as they are known."""
    found: list[Line] = []
    for one in going:
        known = sizes.get(one.path, 0)
        size = "…" if one.path not in sizes else "-" if known is None else words.size(known)
        space = max(room - width(one.name) - width(one.what) - width(size) - 3, 1)
        what = one.what if space > 1 else ""
        space = max(room - width(one.name) - width(what) - width(size) - 3, 1)
        found.append(
            [(one.name, "strong"), (f"  {what}", "dim"), (" " * space, ""), (size, "warn")]
        )
        if one.cost:
            found.append([(f"  {one.cost}", "warn" if "without" in one.cost else "dim")])
    return found
