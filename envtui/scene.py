"""Where a key is pressed: the pane, its row, what is marked and what surrounds them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Union

from envtui.lost import Lost
from envtui.model import Environment, Interpreter, Inventory, Project

Item = Union[Project, Environment, Interpreter, Lost]
Row = Union[Item, None]
Keys = Mapping[str, tuple[str, ...]]
"""For each action, by its id, the keys that do it, as Textual names them."""

_SHOWN = {
    "enter": "⏎", "escape": "esc", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "pagedown": "page down", "pageup": "page up", "slash": "/", "comma": ",",
}  # fmt: skip


class Scene(NamedTuple):
    """Everything that decides whether a key can act, and on what."""

    pane: str
    row: Row
    inventory: Inventory
    marked: tuple[Item, ...] = ()
    """The rows of this pane that are marked and shown, in their order."""
    project: Project | None = None
    """The context project: that of the current directory, or of the cursor in pane 1."""
    keys: Keys = MappingProxyType({})
    hidden: bool = False
    """Whether the pane has rows that its filter keeps back."""

    @property
    def targets(self) -> tuple[Item, ...]:
        """What a key acts on: all that is marked, else the row."""
        return self.marked or ((self.row,) if self.row else ())

    def key(self, action: str) -> str:
        """The first key of an action as people read it, for a sentence that names it."""
        return key_of(self.keys, action)


def key_of(keys: Keys, action: str) -> str:
    """The first key of an action as people read it; `:` for one that only has a name."""
    found = keys.get(action)
    return shown(found[0]) if found else ":"


def shown(key: str) -> str:
    """A key as people read it."""
    return _SHOWN.get(key, key)


def row_id(item: Item) -> str:
    """The id its row has in a list, and under which what is read of it is known."""
    return item.path if isinstance(item, Project) else item.id


def members(project: Project, inventory: Inventory) -> list[Environment]:
    """The environments of a project."""
    mine = set(project.environments)
    return [e for e in inventory.environments if e.id in mine]
