"""What words on the command line mean: which environment, which interpreter, which project."""

from __future__ import annotations

import os
from collections.abc import Sequence

from envtui import config
from envtui import inventory as inventories
from envtui.errors import BadInput, Negative, perhaps
from envtui.host import Host, is_within
from envtui.model import Environment, Interpreter, Inventory, Project

_MARKS = ("pyvenv.cfg", "conda-meta")


def find(
    inventory: Inventory, host: Host, word: str, *, exact: bool = False
) -> Environment | Interpreter:
    """As `known`, for those who will look into it. Raises Negative too, where nobody can."""
    item = known(inventory, host, word, exact=exact)
    host.reachable(item.real if isinstance(item, Environment) else item.prefix)
    return item


def known(
    inventory: Inventory, host: Host, word: str, *, exact: bool = False
) -> Environment | Interpreter:
    """What ENV on the command line means: an id, a path, a name, what lies here, a prefix.

    A name as it is shown will do: without Poetry's hash, of a Python its version.

    `exact` takes no prefixes. Raises BadInput with the candidates where several are meant.
    """
    items = inventory.items
    if not word:
        raise BadInput("the name of an environment is empty")
    by_id = next((item for item in items if item.id == word), None)
    if by_id:
        return by_id
    named = [item for item in items if item.name == word]
    like_an_id = ":" in word.split("/", maxsplit=1)[0]
    if "/" in word and not like_an_id:
        host.reachable(os.path.dirname(config.absolute(host, word)))
    if "/" in word and (host.lexists(config.absolute(host, word)) or not (named or like_an_id)):
        return _by_path(inventory, host, word)
    here = config.absolute(host, word)
    if not named and (
        host.is_silent(here) or any(host.lexists(os.path.join(here, mark)) for mark in _MARKS)
    ):
        return _by_path(inventory, host, here)  # `.venv`, said where it stands
    shown = [item for item in items if _as_shown(item) == word]
    for matches in (named, shown, [] if exact else [item for item in items if _starts(item, word)]):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise BadInput(f"{word!r} is ambiguous; say one of:{_listed(matches)}")
    begun = [item for item in items if _starts(item, word)]
    if begun:
        raise BadInput(f"{word!r} is a beginning only; with --yes say all of it:{_listed(begun)}")
    raise BadInput(
        f"no environment or interpreter is called {word!r}{_meant(word, inventory)}; "
        "`envtui list` shows all"
    )


def _as_shown(item: Environment | Interpreter) -> str:
    return item.short if isinstance(item, Environment) else item.version


def _listed(items: Sequence[Environment | Interpreter]) -> str:
    more = f"\n  and {len(items) - 10} more" if len(items) > 10 else ""
    return "".join(f"\n  {item.id}" for item in items[:10]) + more


def _meant(word: str, inventory: Inventory) -> str:
    # Another version is never what was meant.
    return perhaps(word, [item.name for item in inventory.environments])


def at_path(host: Host, word: str) -> Environment | None:
    """The environment that a path names, read without looking anywhere else; None if it is none."""
    path = config.absolute(host, word)
    if "/" not in word or ":" in word.split("/", maxsplit=1)[0]:
        return None
    host.reachable(path)
    if not any(host.lexists(os.path.join(path, mark)) for mark in _MARKS):
        return None
    return inventories.environment_at(host, Inventory((), (), (), ()), path)


def _starts(item: Environment | Interpreter, word: str) -> bool:
    return item.id.startswith(word) or item.name.startswith(word)


def _by_path(inventory: Inventory, host: Host, word: str) -> Environment | Interpreter:
    path = config.absolute(host, word)
    by_name = next((one for one in inventory.environments if one.path == path), None)
    if by_name:
        return by_name
    host.reachable(path)
    real = host.real(path)
    for item in inventory.items:
        if isinstance(item, Environment) and (item.real == real or path in item.aliases):
            # Named by its link: a removal then takes the link only.
            return item._replace(path=path) if host.is_link(path) else item
        if isinstance(item, Interpreter) and real in (host.real(item.prefix), host.real(item.path)):
            return item
    if not host.lexists(path):
        if host.is_hidden(path):
            raise Negative(f"{path} may not be read")
        raise BadInput(f"{path} does not exist{_meant(word, inventory)}")
    if host.is_dir(path) and not os.access(path, os.R_OK | os.X_OK):
        raise Negative(f"{path} may not be read")
    if host.is_dir(path) and not any(host.lexists(os.path.join(path, mark)) for mark in _MARKS):
        raise Negative(f"{path} is not an environment: it has neither pyvenv.cfg nor conda-meta")
    if host.is_dir(path):
        return inventories.environment_at(host, inventory, path)
    raise BadInput(f"{path} is not the directory of an environment")


def project_at(host: Host, inventory: Inventory, directory: str) -> Project | None:
    """The innermost known project that a directory lies in; None outside of all."""
    path = config.absolute(host, directory)
    around = [p for p in inventory.projects if is_within(path, p.path)]
    return max(around, key=lambda item: len(item.path), default=None)
