"""How it stands with one row, as a sentence: its state, and why."""

from __future__ import annotations

import os

from envtui import actions
from envtui.actions import Lost, Scene
from envtui.host import Host
from envtui.model import WELL, Environment, Interpreter, Inventory, Project
from envtui.ui import words
from envtui.ui.facts import Facts
from envtui.ui.tabs import heading
from envtui.ui.text import Line, Span, clean, wrap


def of(scene: Scene, facts: Facts, host: Host) -> Span:
    """The gravest thing about the row of the scene."""
    row, inventory = scene.row, scene.inventory
    if isinstance(row, Environment):
        return _environment(row, facts, host)
    if isinstance(row, Interpreter):
        return _interpreter(row, inventory)
    if isinstance(row, Lost):
        many = _many(len(row.environments), "environment stands", "environments stand")
        return f"✗ missing: it is gone, and {many} on it", "bad"
    return _project(row, scene) if row else ("", "")


def _environment(e: Environment, facts: Facts, host: Host) -> Span:
    age = words.days_between(facts.last_used or "", host.today())
    sign, tone = words.state(e, len(facts.uses or ()), age)
    if e.active:
        sign = "● active in this shell"
    if sign.startswith("?"):
        sign = f"? orphan: its project {words.place(host, e.project or '?')} is gone{_record(e)}"
    elif sign.startswith("◌"):
        sign = f"◌ idle: not used for {age} days"
    elif sign == "ok":
        sign = "ok: nothing is wrong with it"
    return sign + (f": {words.home_in(host, e.reason)}" if e.reason else ""), tone


def _record(e: Environment) -> str:
    """Where its project is written down, if that is a file."""
    found = next((text for text in e.evidence if text.endswith(f" names {e.project}")), "")
    file = os.path.basename(found.removesuffix(f" names {e.project}"))
    return f" (written in {clean(file)})" if file else ""


def _interpreter(i: Interpreter, inventory: Inventory) -> Span:
    pins = words.pins_of(inventory).get(i.id, 0)
    used = ", ".join([
        *([_many(i.dependents, "environment", "environments")] if i.dependents else []),
        *([_many(pins, "pin", "pins")] if pins else []),
    ])  # fmt: skip
    if i.active:
        return "● this shell's Python" + (f" · {used}" if used else ""), "good"
    return (f"in use: {used}", "") if used else ("unused: nothing stands on it", "dim")


def _project(p: Project, scene: Scene) -> Span:
    mine = words.members(p, scene.inventory)
    broken = next((e for e in mine if e.health not in WELL), None)
    missing = [v for pin in p.pins for v, to in zip(pin.versions, pin.resolves_to) if not to]  # noqa: B905
    if broken:
        return f"✗ {words.name_of(broken)} is {broken.health}", "bad"
    if missing:
        return f"✗ Python {clean(missing[0])} is not installed", "bad"
    if not mine:
        return f"no environment yet: {scene.key('create')} creates it", "dim"
    if mine[0].active:
        return "● its environment is active in this shell", "good"
    return f"ok: {_many(len(mine), 'environment', 'environments')}", ""


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def first_steps(scene: Scene, room: int) -> list[Line]:
    """Where the pane shows no row: what can be done first."""
    found: list[Line] = [heading("you could", room)]
    filtered = bool(getattr(scene.inventory, scene.pane))
    for name in ("back" if filtered else "create", "rescan", "palette", "help"):
        action = actions.BY_ID[name]
        told: Line = [(f"{scene.key(name):<5}", "key"), (action.help, "")]
        found += wrap(told, room, 5)
    return found
