"""The user's key map: `[keys]` of config.toml laid over the table, checked as a whole."""

from __future__ import annotations

import re

from envtui.actions import ACTIONS, BY_ID, KEYS
from envtui.config import Config
from envtui.errors import BadInput, perhaps
from envtui.scene import Keys

_NAMES = (
    "enter escape tab space backspace delete insert home end pageup pagedown up down left right"
)
_KEY = re.compile(rf"((ctrl|alt|shift)\+)*([!-~]|f\d\d?|{'|'.join(_NAMES.split())})")
# Terminals send the same byte for both.
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape"}
_WORDS = {"comma": ","}
ALWAYS = "ctrl+c"
"""Leaves, whatever the key map says."""


def of(settings: Config) -> Keys:
    """For each action its keys. Raises BadInput: unknown action or key, one key for two actions."""
    if not settings.keys:
        return KEYS
    keys = dict(KEYS)
    for name, value in settings.keys.items():
        if name not in BY_ID:
            meant = perhaps(name, BY_ID) or f"; the actions are {', '.join(BY_ID)}"
            raise BadInput(f"{_at(settings, name)}: there is no action {name!r}{meant}")
        chosen = [value] if isinstance(value, str) else value
        if not isinstance(chosen, list) or not chosen:
            raise BadInput(f'{_at(settings, name)}: a key or a list of keys, such as ["x", "f8"]')
        keys[name] = tuple(_key(settings, name, key) for key in chosen)
    keys["quit"] = (*(key for key in keys["quit"] if key != ALWAYS), ALWAYS)
    taken: dict[str, str] = {}
    for action in ACTIONS:
        for key in keys[action.id]:
            if key in taken:
                raise BadInput(_clash(settings, key, taken[key], action.id))
            taken[key] = action.id
    return keys


def _at(settings: Config, action: str) -> str:
    return settings.at(f"keys.{action}")


def _key(settings: Config, name: str, key: object) -> str:
    key = _WORDS.get(key, key) if isinstance(key, str) else key
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise BadInput(
            f"{_at(settings, name)}: {key!r} is no key: a character, or a name such as "
            "f8, delete, pageup, ctrl+r"
        )
    if key in _SAME:
        raise BadInput(f"{_at(settings, name)}: {key} is {_SAME[key]} to a terminal")
    return key


def _clash(settings: Config, key: str, one: str, other: str) -> str:
    said = [
        f"{name} ({settings.at(f'keys.{name}') if name in settings.keys else 'by default'})"
        for name in (one, other)
    ]
    return f"{settings.path}: the key {key} would do two things: {said[0]} and {said[1]}"
