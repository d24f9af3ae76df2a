"""Interpreters that are gone while environments still stand on them."""

from __future__ import annotations

from typing import NamedTuple

from envtui.model import Environment, Inventory


class Lost(NamedTuple):
    """An interpreter that is gone, and its victims."""

    id: str
    version: str
    base: str
    environments: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called."""
        return f"Python {self.version}"


def pythons(inventory: Inventory) -> list[Lost]:
    """Each base that is gone, with the environments that it left broken."""
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
