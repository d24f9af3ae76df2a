"""The Overview of one row, and the tabs beside it."""

from __future__ import annotations

import os

from envtui import actions
from envtui.actions import Lost, Row, Scene
from envtui.host import Host
from envtui.model import Decision, Environment, Interpreter, Inventory, Project
from envtui.ui import said, tabs, words
from envtui.ui.facts import Facts
from envtui.ui.tabs import field, heading
from envtui.ui.text import Line, Span, clean, cut, cut_middle, fill, width, wrap

PACKAGES = 12
"""As many are listed below all else, where a tall window has room for them."""


def lines(tab: str, scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    """One tab's lines, wrapped to the width."""
    if scene.row is None:
        return [[(" ", ""), *line] for line in said.first_steps(scene, room - 2)]
    build = {"Overview": _overview, "Why": tabs.why, "Packages": tabs.packages, "Files": tabs.files}
    return [[(" ", ""), *line] for line in build[tab](scene, facts, host, room - 2)]


def name(row: Row) -> str:
    """What the frame calls it."""
    if isinstance(row, (Environment, Interpreter)):
        return words.title(row)
    return clean(row.name) if row else ""


def _overview(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    row, inventory = scene.row, scene.inventory
    found: list[Line] = [*wrap([said.of(scene, facts, host)], room, 2), []]
    if isinstance(row, Environment):
        found += _environment(row, inventory, facts, host, room)
    elif isinstance(row, Interpreter):
        found += _interpreter(row, inventory, host, room)
    elif isinstance(row, Project):
        found += _project(row, inventory, host, room)
    elif isinstance(row, Lost):
        found += _lost(row, inventory, host, room)
    if facts.decision:
        found += [[], heading("why this Python", room)]
        found += chain(facts.decision, inventory, host, room)
    found += [[], *_could(scene, host, room)]
    if facts.packages:
        found += [[], heading(_many(len(facts.packages), "package", "", "").rstrip(), room)]
        found += tabs.packages(scene, facts, host, room)[:PACKAGES]
        if len(facts.packages) > PACKAGES:
            found += [[(f"{len(facts.packages) - PACKAGES} more: the next tab", "dim")]]
    return found


def _environment(
    e: Environment, inventory: Inventory, facts: Facts, host: Host, room: int
) -> list[Line]:
    found: list[Line] = []
    if e.project and e.link == "linked":
        found += field("Project", words.place(host, e.project), room, path=True)
        if e.evidence and not e.path.startswith(e.project + "/"):
            found += field("", (f"({words.home_in(host, e.evidence[-1])})", "dim"), room)
    base = base_of(e, inventory)
    python = clean(e.version or "not known")
    if base:
        until = words.support(base, host.today())[0]
        python += f" {base.kind}" + (f", {until}" if until else "")
    found += field("Python", python, room)
    if not base and e.base:
        found += field("Base", (words.place(host, e.base), "bad"), room, path=True)
    found += field("Path", words.place(host, e.path), room, path=True)
    found += [[], *field("Kind", e.kind, room)]
    if project := {p.path: p for p in inventory.projects}.get(e.project or ""):
        found += field("Lock", _lock(project), room)
    weight: str | Span = "…" if facts.size is None else removing(facts.size)
    if facts.size is None and facts.silent:
        weight = f"not known: {facts.silent}", "warn"
    if facts.size is not None and facts.holds and words.size(facts.holds) != words.size(facts.size):
        weight = f"{words.size(facts.holds)}, {weight}"
    found += field("Size", weight, room)
    found += field("Used", used(e, facts, host), room)
    if facts.unseen:
        said = f"perhaps by processes that can't be looked into: {facts.unseen}"
        found += field("", (said, "dim"), room)
    made = ", ".join(filter(None, (facts.made, clean(e.created_by or ""))))
    return found + (field("Made", made, room) if made else [])


def base_of(e: Environment, inventory: Inventory) -> Interpreter | None:
    """The interpreter that it stands on, unless that is lost."""
    return next((i for i in inventory.interpreters if i.id == e.interpreter), None)


def removing(size: int) -> str:
    """What comes back, in words."""
    return f"removing frees {words.size(size)}"


def used(e: Environment, facts: Facts, host: Host) -> Span:
    """When it was used last: by whom where that is now."""
    if facts.uses:
        return "now: " + ", ".join(words.home_in(host, use) for use in facts.uses), "accent"
    if e.active:
        return "now, by this shell", ""
    if facts.last_used is None:
        return "…", ""
    return ago(facts.last_used, host), ""


def ago(moment: str, host: Host) -> str:
    """A day in ISO 8601, and how long ago it was."""
    age = words.days_between(moment, host.today())
    if age is None:
        return "not known"
    return "today" if age < 1 else f"{age} day{'s' * (age > 1)} ago ({moment[:10]})"


def _lock(project: Project) -> Span:
    return (clean(os.path.basename(project.lock)), "") if project.lock else ("none", "dim")


def _interpreter(i: Interpreter, inventory: Inventory, host: Host, room: int) -> list[Line]:
    on_it = [e for e in inventory.environments if e.interpreter == i.id]
    pinning = [p for p in inventory.projects if any(i.id in pin.resolves_to for pin in p.pins)]
    found = field("From", i.kind, room)
    if i.implementation != "cpython":
        found += field("Made of", clean(i.implementation), room)
    until, tone = words.support(i, host.today())
    if until:
        left, life = words.life(i, host.today())
        line: Line = [(fill("Support", tabs.LABEL), "dim"), (left, life)]
        found += wrap([*line, (f" {until} ({i.eol})", tone)], room, tabs.LABEL)
    found += field("Path", words.place(host, i.path), room, path=True)
    for at, alias in enumerate(i.aliases[:4]):
        found += field("" if at else "Also", words.place(host, alias), room, path=True)
    for evidence in i.evidence:
        found += wrap([("· ", "faint"), (words.home_in(host, evidence), "dim")], room, 2)
    found += [[], heading(_many(len(on_it), "environment", "stand on it", "stands on it"), room)]
    found += [_member(e, room) for e in on_it]
    if pinning:
        found += [[], heading(_many(len(pinning), "project", "pin it", "pins it"), room)]
        found += [[(cut_middle(words.place(host, p.path), room), "")] for p in pinning]
    return found


def _many(count: int, noun: str, verb: str, one: str) -> str:
    return f"1 {noun} {one}" if count == 1 else f"{count or 'no'} {noun}s {verb}"


def _member(e: Environment, room: int) -> Line:
    sign, tone = words.state(e)
    shown = fill(words.name_of(e), max(room - 16, 10), middle=True)
    return [(shown, ""), ("  ", ""), (sign if sign != "ok" else words.kind_of(e), tone)]


def _project(p: Project, inventory: Inventory, host: Host, room: int) -> list[Line]:
    mine = words.members(p, inventory)
    found = field("Path", words.place(host, p.path), room, path=True)
    found += field("Manager", clean(", ".join(p.managers)) or "none", room)
    found += field("Requires", clean(p.requires_python or "any Python"), room)
    found += field("Lock", _lock(p), room)
    for pin in p.pins:
        file = clean(os.path.basename(pin.file))
        found += field("Pinned", f"{clean(', '.join(pin.versions))} in {file}", room)
    for finding in p.findings:
        found += wrap([("! ", "warn"), (words.home_in(host, finding), "")], room, 2)
    found += [[], heading(_many(len(mine), "environment", "", "").rstrip(), room)]
    return found + [_member(e, room) for e in mine]


def _lost(row: Lost, inventory: Inventory, host: Host, room: int) -> list[Line]:
    by_id = {e.id: e for e in inventory.environments}
    found = [*field("Was at", words.place(host, row.base), room, path=True), []]
    found += [heading("broken by that", room)]
    return found + [_member(by_id[e], room) for e in row.environments if e in by_id]


def chain(decision: Decision, inventory: Inventory, host: Host, room: int) -> list[Line]:
    """What decides, and what it beats, one line each: who says it, which Python, from where."""
    by_id = {item.id: item for item in inventory.items}
    versions = {i.path: i.version for i in inventory.interpreters}
    heard = [(decision.source, decision.python or "", decision.version)]
    heard += [(other.source, other.python, None) for other in decision.overruled]
    found: list[tuple[str, str, str]] = []
    for source, python, known in heard:
        item = by_id.get(python)
        version = known or (item.version if item else versions.get(python)) or python
        label, place = words.source(host, source)
        if isinstance(item, Environment) and not place:
            place = words.name_of(item)
        found.append((label, clean(version.rsplit("/", 1)[-1]), place))
    wide = min(max(width(label) for label, _, _ in found), 15)
    many = min(max(width(version) for _, version, _ in found), 9)
    return [
        [
            ("▸ " if at == 0 else "  ", "accent"),
            (fill(label, wide), "" if at == 0 else "dim"),
            ("  " + fill(cut(version, many), many) + "  ", "" if at == 0 else "dim"),
            (cut_middle(place, max(room - wide - many - 6, 1)), "dim" if at == 0 else "faint"),
        ]
        for at, (label, version, place) in enumerate(found)
    ]


def _could(scene: Scene, host: Host, room: int) -> list[Line]:
    found: list[Line] = [heading("you could", room)]
    for key, text, can in actions.could(scene):
        spans: Line = [
            (fill(key, 3), "key" if can else "faint"),
            (words.home_in(host, text), "" if can else "dim"),
        ]
        found += wrap(spans, room, 3)
    return found
