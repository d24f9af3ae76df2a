"""What the table's verbs do in a dialog: by its own keys, or by those of the user's key map."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import ActiveBinding, Binding, BindingType
from textual.events import Key

from envtui.actions import KEYS, Keys
from envtui.scene import shown

_MARK = "here."
ALONE: Keys = {"unpin": ("x",), "rebuild": ("r",), "empty-trash": ("D",)}
"""Keys in dialogs of what has none elsewhere."""


def verb(action: str, does: str, keys: str = "", *, priority: bool = False) -> Binding:
    """The keys of an action of the table, or these, do this here.

    Its id is no action's: Textual's own key map would take keys away from a dialog's answers.
    """
    keys = keys or ",".join(_keys(KEYS, action))
    return Binding(keys, does, show=False, id=_MARK + action, priority=priority)


def cursor(does: str) -> list[BindingType]:
    """What moves a cursor through a pane does it here; `does` takes the number of lines."""
    steps = {"down": 1, "up": -1, "half-down": 10, "half-up": -10, "top": -9999, "bottom": 9999}
    return [verb(action, f"{does}({by})") for action, by in steps.items()]


def key(keys: Keys, action: str) -> str:
    """The key of an action in dialogs, as people read it."""
    return shown(_keys(keys, action)[0])


def is_answer(active: ActiveBinding | None) -> bool:
    """Whether it is a dialog's own key, such as `y`, and not a verb's."""
    return active is not None and not _action(active)


def meant(event: Key, known: Iterable[ActiveBinding], keys: Keys) -> ActiveBinding | None:
    """The verb that the user's key map, before what is usual here, gives this key."""
    verbs = [active for active in known if _action(active)]
    for mine in (keys, ALONE):
        for active in verbs:
            action = _action(active)
            chosen = mine.get(action, ()) if mine is keys or not keys[action] else ()
            if event.key in chosen or event.character in chosen:
                return active
    return None


def _keys(keys: Keys, action: str) -> tuple[str, ...]:
    return keys[action] or ALONE[action]


def _action(active: ActiveBinding) -> str:
    id = active.binding.id or ""  # noqa: A001
    return id.removeprefix(_MARK) if id.startswith(_MARK) else ""
