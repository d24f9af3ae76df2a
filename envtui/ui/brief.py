"""The three lines below the list in a compact window."""

from __future__ import annotations

from collections.abc import Callable

from envtui.actions import Lost, Scene
from envtui.host import Host
from envtui.model import Environment, Interpreter, Project
from envtui.ui import words
from envtui.ui.facts import Facts
from envtui.ui.text import Line, clean, cut_middle, wrap


def lines(scene: Scene | None, facts: Facts, host: Host, room: int) -> list[Line]:
    """What matters most of the highlighted row."""
    row = scene.row if scene else None
    if scene is None or row is None:
        return [[]]
    found: Callable[[], list[Line]] = {
        Environment: lambda: _brief_environment(row, facts, host),  # type: ignore[arg-type]
        Interpreter: lambda: _brief_interpreter(row, host),  # type: ignore[arg-type]
        Project: lambda: _brief_project(row, host),  # type: ignore[arg-type]
        Lost: lambda: _brief_lost(row, host),  # type: ignore[arg-type]
    }[type(row)]
    kept: list[Line] = []
    for line in found()[:3]:
        kept += [[(" ", ""), *wrap(line, room - 2, 2)[0]]]
    hint: Line = [("0", "key"), (" full detail ", "dim")]
    while len(kept) < 3:
        kept.append([])
    space = room - 14 - sum(len(text) for text, _ in kept[2])
    if space > 0:
        kept[2] = [*kept[2], (" " * space, ""), *hint]
    return kept


def _brief_environment(e: Environment, facts: Facts, host: Host) -> list[Line]:
    sign, tone = words.state(e)
    reason = f": {words.home_in(host, e.reason)}" if e.reason else ""
    bits = [e.kind, f"Python {clean(e.version or '?')}"]
    bits += [f"removing frees {words.size(facts.size)}"] if facts.size is not None else []
    bits += [f"{len(facts.packages)} packages"] if facts.packages is not None else []
    return [
        [(words.name_of(e), "strong"), ("  ", ""), (sign + reason, tone)],
        [(" · ".join(bits), "")],
        [(cut_middle(words.place(host, e.path), 50), "dim")],
    ]


def _brief_interpreter(i: Interpreter, host: Host) -> list[Line]:
    until = words.support(i, words.today(host))[0]
    bits = [i.kind, f"{i.dependents} environments", *([until] if until else [])]
    return [
        [(f"Python {clean(i.version)}", "strong")],
        [(" · ".join(bits), "")],
        [(cut_middle(words.place(host, i.path), 50), "dim")],
    ]


def _brief_project(p: Project, host: Host) -> list[Line]:
    bits = [clean(", ".join(p.managers)) or "no manager"]
    bits += [f"requires {clean(p.requires_python)}"] if p.requires_python else []
    bits += [
        f"{clean(', '.join(pin.versions))} in {clean(pin.file.rsplit('/', 1)[-1])}"
        for pin in p.pins
    ]
    return [
        [(clean(p.name), "strong")],
        [(" · ".join(bits), "")],
        [(cut_middle(words.place(host, p.path), 50), "dim")],
    ]


def _brief_lost(row: Lost, host: Host) -> list[Line]:
    many = len(row.environments)
    return [
        [(f"Python {clean(row.version)}", "strong"), ("  ✗ gone", "bad")],
        [(f"{many} environment{'s' * (many != 1)} broken by that", "")],
        [(cut_middle(words.place(host, row.base), 50), "dim")],
    ]
