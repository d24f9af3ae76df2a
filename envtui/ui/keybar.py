"""The key bar: the most important keys that fit, and always `?`."""

from __future__ import annotations

from envtui import actions
from envtui.actions import Scene
from envtui.ui.bar import Part
from envtui.ui.text import Line, length


def parts(scene: Scene | None, room: int) -> list[Part]:
    """Keys as they fit into the width; one that can't act here is dimmed and stays in place."""
    last = _key(scene.key("help") if scene else "?", "help", can=True)
    spare = room - length(last) - 2
    keys, pane = (scene.keys, scene.pane) if scene else (actions.KEYS, "")
    chosen: list[tuple[int, Part]] = []
    order = {action.id: at for at, action in enumerate(actions.ACTIONS)}
    for action in actions.bar():
        can = scene is None or action.why_not(scene) is None
        line = _key(actions.shown(keys[action.id][0]), action.named(pane), can=can)
        if length(line) + 2 > spare:
            break
        spare -= length(line) + 2
        chosen.append((order[action.id], (line, action.id)))
    chosen.sort(key=lambda item: item[0])
    parts: list[Part] = [([(" ", "")], "")]
    for _at, (line, action_id) in chosen:
        parts += [(line, action_id), ([("  ", "")], "")]
    return [*parts, (last, "help")]


def _key(key: str, label: str, *, can: bool) -> Line:
    return [(key, "key" if can else "faint"), (f" {label}", "dim" if can else "faint")]
