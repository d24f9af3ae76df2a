"""The three lines below the list in a compact window: how it stands, what it is, where it lies."""

from __future__ import annotations

from envtui import actions
from envtui.actions import Lost, Scene
from envtui.host import Host
from envtui.model import Environment, Interpreter, Project
from envtui.ui import about, said, words
from envtui.ui.facts import Facts
from envtui.ui.text import Line, clean, cut, cut_middle, length

_UNKNOWN = ("…", "not known")


def lines(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    """What matters most of the highlighted row, and at the end the way to all of it."""
    if scene.row is None:
        return [[(" ", ""), *line] for line in said.first_steps(scene, room - 2)[1:4]]
    text, tone = said.of(scene, facts, host)
    first: Line = [(f" {cut(text, room - 2)}", tone)]
    mends: Line = [(" · ", "faint"), (scene.key("repair"), "key"), (" mends it", "dim")]
    alone = scene._replace(marked=())
    if actions.BY_ID["repair"].why_not(alone) is None and length(first + mends) < room:
        first += mends
    what, place = _what(scene, facts, host)
    hint: Line = [(scene.key("detail"), "key"), (" full detail ", "dim")]
    where = f"   {cut_middle(words.place(host, place), room - length(hint) - 5)}"
    space = " " * (room - length([(where, "")]) - length(hint))
    return [first, [(f"   {cut(' · '.join(what), room - 4)}", "")],
            [(where, "dim"), (space, ""), *hint]]  # fmt: skip


def _what(scene: Scene, facts: Facts, host: Host) -> tuple[list[str], str]:
    """A few words about the row, and its path."""
    row = scene.row
    if isinstance(row, Environment):
        base = about.base_of(row, scene.inventory)
        what = [row.kind, f"Python {clean(row.version or '?')}" + (f" {base.kind}" if base else "")]
        what += [about.removing(facts.size)] if facts.size is not None else []
        used = about.used(row, facts, host)[0]
        # Who uses it now is in the first line.
        what += (
            [f"used {used.partition(' (')[0].partition(':')[0]}"] if used not in _UNKNOWN else []
        )
        return what, row.path
    if isinstance(row, Interpreter):
        until = words.support(row, host.today())[0]
        return [f"Python {clean(row.version)}", row.kind, *([until] if until else [])], row.path
    if isinstance(row, Lost):
        return [f"Python {clean(row.version)}"], row.base
    if not isinstance(row, Project):
        return [], ""
    what = [clean(", ".join(row.managers)) or "no manager"]
    what += [f"requires {clean(row.requires_python)}"] if row.requires_python else []
    what += [
        f"{clean(', '.join(pin.versions))} in {clean(pin.file.rsplit('/', 1)[-1])}"
        for pin in row.pins
    ]
    return what, row.path
