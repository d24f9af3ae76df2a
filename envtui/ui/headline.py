"""The top line: which Python this directory gets, and why, in one sentence."""

from __future__ import annotations

import os

from envtui.host import Host
from envtui.model import Decision, Inventory
from envtui.ui import words
from envtui.ui.bar import Part
from envtui.ui.text import Line, clean, cut, cut_middle, length, width

NEAREST = "nearest file upward"
"""The rule of every manager's own file: people need its name, not how it was found."""


def sentence(decision: Decision, inventory: Inventory, host: Host, room: int) -> Line:
    """`~/code/shop ▸ Python 3.12.1 ● shop (poetry), …`, shortened where room lacks."""
    rest = _rest(decision, inventory, host)
    where = words.place(host, decision.directory)
    if length(rest) + min(width(where), 12) > room:
        rest = [span for span in rest if span[1] != "faint"]
    if length(rest) + min(width(where), 12) > room:
        rest = [(text.removeprefix("Python "), tone) for text, tone in rest]
    left = room - length(rest)
    if width(where) > left:
        where = cut_middle(where, max(left, 12))
    return [(where, "strong"), *rest]


def _rest(decision: Decision, inventory: Inventory, host: Host) -> Line:
    if decision.pyenv_missing or (decision.python is None and decision.path is None):
        wanted = ", ".join(decision.pyenv_missing) or decision.version or "what is asked for"
        return [
            (" ▸ ", "dim"),
            (f"✗ Python {clean(wanted)} is not installed", "bad"),
            (f", asked for by {words.place(host, decision.source)}", "dim"),
        ]
    line: Line = [(" ▸ ", "dim"), (f"Python {clean(decision.version or '?')}", "")]
    for environment in inventory.environments:
        if environment.id == decision.python:
            sign = ("● ", "good") if environment.active else ("", "")
            line += [(" ", ""), sign, (words.name_of(environment), "good")]
            line += [(f" ({environment.kind})", "faint")]
    return [*line, (f", {_because(decision, host)}", "dim")]


def _because(decision: Decision, host: Host) -> str:
    if decision.rule:
        folder, name = os.path.split(decision.source)
        near = folder == decision.directory.rstrip("/")
        source = clean(name) if near else words.place(host, decision.source)
        if decision.rule.startswith(NEAREST):
            return f"set by {source}{clean(decision.rule.removeprefix(NEAREST))}"
        return f"{clean(decision.rule)} {source}" if near or "/" in source else clean(decision.rule)
    return f"by {clean(decision.manager)}"


def parts(
    decision: Decision | None,
    inventory: Inventory | None,
    host: Host,
    notes: list[tuple[str, str]],
    room: int,
) -> list[Part]:
    """The whole line: the sentence, and at the end as many notes as leave it whole.

    A note is its text and the action that a click on it runs, or "".
    """
    note, many, spare, line = "", 0, room - 2, [(words.place(host, host.cwd), "strong")]
    for many in range(len(notes), -1, -1):
        note = clean(" · ".join(said for said, _ in notes[:many]))
        spare = room - 2 - (width(note) + 2 if note else 0)
        if decision and inventory:
            line = sentence(decision, inventory, host, spare)
        if length(line) <= spare:
            break
    text: list[Part] = [([(" ", "")], "")]
    used = 0
    for piece, tone in line:
        kept = cut(piece, max(spare - used, 0))
        text.append(([(kept, tone)], ""))
        used += width(kept)
    if not note:
        return text
    before = " " * max(room - used - 2 - width(note), 1)
    for said, action in notes[:many]:
        text += [([(before, "dim")], ""), ([(clean(said), "dim")], action)]
        before = " · "
    return text
