"""The key bar: the most important keys that fit, and always `?`."""

from __future__ import annotations

from envtui import actions
from envtui.actions import Action, Scene, key_of
from envtui.ui.bar import Part
from envtui.ui.text import Line, length

KNOWN = ("filter", "palette")
"""Their keys say enough without a name where there is no room for one."""
CORE = 6
"""The rank up to which keys stand closer rather than that one is left out."""


def parts(scene: Scene | None, room: int) -> list[Part]:
    """Keys as they fit into the width; one that can't act here is dimmed and stays in place."""
    gap, chosen = "  ", _fitting(scene, room, 2)
    core = [action.id for action in actions.bar() if action.rank <= CORE]
    if any(len(chosen.get(name, [])) < 2 for name in core):
        gap, chosen = " ", _fitting(scene, room, 1)
    parts: list[Part] = [([(" ", "")], "")]
    for action in actions.ACTIONS:
        if action.id in chosen:
            parts += [(chosen[action.id], action.id), ([(gap, "")], "")]
    return parts[:-1]


def _fitting(scene: Scene | None, room: int, gap: int) -> dict[str, Line]:
    """The keys that fit with so many cells between them, the most important first."""
    chosen = {"help": _key(scene, actions.BY_ID["help"])}
    spare, full = room - 1 - length(chosen["help"]), False
    for action in actions.bar():
        line = _key(scene, action)
        if full or length(line) + gap > spare:
            full, line = True, line[:1]
            if action.id not in KNOWN or length(line) + gap > spare:
                continue
        spare -= length(line) + gap
        chosen[action.id] = line
    return chosen


def _key(scene: Scene | None, action: Action) -> Line:
    keys, pane = (scene.keys, scene.pane) if scene else (actions.KEYS, "")
    can = scene is None or action.why_not(scene) is None
    label = f" {action.named(pane)}"
    return [
        (key_of(keys, action.id), "key" if can else "faint"),
        (label, "dim" if can else "faint"),
    ]
