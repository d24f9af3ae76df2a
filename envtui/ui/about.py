"""The lines of the detail: overview, why, packages, files of one row."""

from __future__ import annotations

from envtui import actions
from envtui.actions import Lost, Scene
from envtui.host import Host
from envtui.model import Decision, Environment, Interpreter, Inventory, Project
from envtui.ui import words
from envtui.ui.facts import Facts
from envtui.ui.text import Line, Span, clean, cut, cut_middle, fill, width, wrap

LABEL = 10


def lines(tab: str, scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    """One tab's lines, wrapped to the width."""
    if scene.row is None:
        return [[]]
    room -= 2
    build = {"Overview": _overview, "Why": _why, "Packages": _packages, "Files": _files}[tab]
    return [[(" ", ""), *line] for line in build(scene, facts, host, room)]


def _field(label: str, value: str | Span, room: int, *, path: bool = False) -> list[Line]:
    text, tone = (value, "") if isinstance(value, str) else value
    if path:
        text = cut_middle(text, room - LABEL)
    return wrap([(fill(label, LABEL), "dim"), (text, tone)], room, LABEL)


def heading(text: str, room: int) -> Line:
    """A rule with words in it."""
    return [("── ", "faint"), (text, "dim"), (" " + "─" * max(room - len(text) - 4, 0), "faint")]


def _overview(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    row = scene.row
    found: list[Line] = []
    if isinstance(row, Environment):
        found = _environment(row, scene.inventory, facts, host, room)
    elif isinstance(row, Interpreter):
        found = _interpreter(row, scene.inventory, host, room)
    elif isinstance(row, Project):
        found = _project(row, scene.inventory, facts, host, room)
    elif isinstance(row, Lost):
        found = _lost(row, scene.inventory, host, room)
    if facts.decision:
        found += [
            [],
            heading("why this Python", room),
            *_chain(facts.decision, scene.inventory, host, room),
        ]
    return [*found, [], *_could(scene, room)]


def _title(name: str, said: Span, room: int) -> list[Line]:
    return [*wrap([(name, "strong")], room), *wrap([said], room, 2), []]


def _environment(
    e: Environment, inventory: Inventory, facts: Facts, host: Host, room: int
) -> list[Line]:
    sign, tone = words.state(e)
    if e.active:
        sign = sign.replace("active", "active in this shell")
    if sign.startswith("?"):
        sign = f"? orphan: its project {words.place(host, e.project or '?')} is gone"
    reason = f": {words.home_in(host, e.reason)}" if e.reason else ""
    found = _title(words.name_of(e), (sign + reason, tone), room)
    by_id = {i.id: i for i in inventory.interpreters}
    base = by_id.get(e.interpreter or "")
    python = clean(e.version or "not known")
    if base:
        until = words.support(base, words.today(host))[0]
        python += f", {base.kind}" + (f", {until}" if until else "")
    found += _field("Kind", e.kind, room)
    found += _field("Python", python, room)
    if not base and e.base:
        found += _field("Base", (words.place(host, e.base), "bad"), room, path=True)
    if e.project:
        found += _field("Project", words.place(host, e.project), room, path=True)
    found += _field("Path", words.place(host, e.path), room, path=True)
    if e.created_by:
        found += _field("Made by", clean(e.created_by), room)
    frees = "…" if facts.size is None else f"removing frees {words.size(facts.size)}"
    found += _field("Size", frees, room)
    if facts.packages is not None:
        found += _field("Packages", str(len(facts.packages)), room)
    for at, use in enumerate(facts.uses or ()):
        found += _field("" if at else "In use", ("▶ " + words.home_in(host, use), "warn"), room)
    return found


def _interpreter(i: Interpreter, inventory: Inventory, host: Host, room: int) -> list[Line]:
    said: Span = ("● this shell's Python", "good") if i.active else (i.kind, "dim")
    found = _title(f"Python {clean(i.version)}", said, room)
    found += _field("From", i.kind, room)
    if i.implementation != "cpython":
        found += _field("Made of", clean(i.implementation), room)
    until = words.support(i, words.today(host))
    if until[0]:
        found += _field("Support", f"{until[0]} ({i.eol})", room)
    found += _field("Path", words.place(host, i.path), room, path=True)
    for at, alias in enumerate(i.aliases[:4]):
        found += _field("" if at else "Also", words.place(host, alias), room, path=True)
    found += _field("Pins", str(words.pins_of(inventory).get(i.id, 0)), room)
    on_it = [e for e in inventory.environments if e.interpreter == i.id]
    found += [[], heading(f"{len(on_it) or 'no'} environments stand on it", room)]
    found += [_member(e, room) for e in on_it]
    return found


def _member(e: Environment, room: int) -> Line:
    sign, tone = words.state(e)
    name = fill(words.name_of(e), max(room - 20, 10), middle=True)
    return [(name, ""), ("  ", ""), (sign if sign != "ok" else e.kind, tone)]


def _project(p: Project, inventory: Inventory, facts: Facts, host: Host, room: int) -> list[Line]:
    found = _title(clean(p.name), (words.place(host, p.path), "dim"), room)
    found += _field("Manager", clean(", ".join(p.managers)) or "none", room)
    found += _field("Requires", clean(p.requires_python or "any Python"), room)
    found += _field("Lock", clean(p.lock.rsplit("/", 1)[-1]) if p.lock else "none", room)
    for pin in p.pins:
        name = clean(pin.file.rsplit("/", 1)[-1])
        found += _field("Pinned", f"{clean(', '.join(pin.versions))} in {name}", room)
    for finding in p.findings:
        found += wrap([("✗ ", "bad"), (words.home_in(host, finding), "")], room, 2)
    if facts.decision and facts.decision.version:
        found += _field("Gets", f"Python {clean(facts.decision.version)}", room)
    mine = words.members(p, inventory)
    found += [[], heading(f"{len(mine) or 'no'} environment{'s' * (len(mine) != 1)}", room)]
    found += [_member(e, room) for e in mine]
    return found


def _lost(row: Lost, inventory: Inventory, host: Host, room: int) -> list[Line]:
    found = _title(
        f"Python {clean(row.version)}", (f"✗ gone from {words.place(host, row.base)}", "bad"), room
    )
    by_id = {e.id: e for e in inventory.environments}
    found += [heading("broken by that", room)]
    return found + [_member(by_id[e], room) for e in row.environments if e in by_id]


def _chain(decision: Decision, inventory: Inventory, host: Host, room: int) -> list[Line]:
    """What decides, and what it beats, one line each."""
    first = clean(decision.version or "none")
    lines: list[Line] = [
        [("▸ ", "accent"), (fill(first, 9), ""), (words.place(host, decision.source), "dim")]
    ]
    items: list[Interpreter | Environment] = [*inventory.interpreters, *inventory.environments]
    versions = {item.id: item.version or "?" for item in items}
    versions |= {i.path: i.version for i in inventory.interpreters}
    for other in decision.overruled:
        version = cut(clean(versions.get(other.python, other.python.rsplit("/", 1)[-1])), 8)
        source = words.place(host, other.source)
        lines.append([("  ", ""), (fill(version, 9), "dim"), (source, "faint")])
    return [_shorten(line, room) for line in lines]


def _shorten(line: Line, room: int) -> Line:
    """The last span cut in its middle."""
    *before, (text, tone) = line
    left = room - sum(width(part) for part, _ in before)
    return [*before, (cut_middle(text, left), tone)]


def _could(scene: Scene, room: int) -> list[Line]:
    found: list[Line] = [heading("you could", room)]
    for key, text, can in actions.could(scene):
        spans: Line = [
            (fill(key, 3), "key" if can else "faint"),
            (clean(text), "" if can else "dim"),
        ]
        found += wrap(spans, room, 3)
    return found


def _why(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    row = scene.row
    found: list[Line] = []
    if isinstance(row, Environment):
        found += [heading("why it is listed", room)]
        for evidence in row.evidence:
            found += wrap([("· ", "faint"), (words.home_in(host, evidence), "")], room, 2)
        found += [[]]
    decision = facts.decision
    if decision is None:
        if isinstance(row, (Project, Environment)) and (isinstance(row, Project) or row.project):
            found += [[("looking…", "dim")]]
        return found or [[("nothing to tell", "dim")]]
    found += [heading("why its directory gets this Python", room)]
    found += _field("Directory", words.place(host, decision.directory), room, path=True)
    found += _field("Python", clean(decision.version or "none"), room)
    found += _field("Decided", clean(f"{decision.manager}: {decision.rule}"), room)
    found += _field("By", words.place(host, decision.source), room, path=True)
    for missing in decision.pyenv_missing:
        found += _field("Missing", (f"✗ {clean(missing)} is not installed", "bad"), room)
    if decision.overruled:
        found += [[], heading("what lost against it", room)]
    for other in decision.overruled:
        text = f"{clean(other.python)}, {clean(other.manager)}"
        found += wrap(
            [("· ", "faint"), (f"{text}: {words.place(host, other.source)}", "dim")], room, 2
        )
    return found


def _packages(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:  # noqa: ARG001
    if not isinstance(scene.row, Environment):
        return [[("an environment has packages: press 2", "dim")]]
    if facts.packages is None:
        return [[("looking…", "dim")]]
    if not facts.packages:
        return [[("nothing is installed in it", "dim")]]
    found: list[Line] = []
    for name in facts.packages:
        project, _, version = clean(name).partition(" ")
        found.append([(fill(project, max(room - 14, 10)), ""), (version, "dim")])
    return found


def _files(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    row = scene.row
    paths: list[tuple[str, str]] = []
    if isinstance(row, Environment):
        paths = [("Prefix", row.path), ("Python", row.python), ("Base", row.base or "")]
        paths += [("Really", row.real)] if row.real != row.path else []
        paths += [("Link", alias) for alias in row.aliases]
    elif isinstance(row, Interpreter):
        paths = [("Python", row.path), ("Prefix", row.prefix), *(("Also", a) for a in row.aliases)]
    elif isinstance(row, Project):
        paths = [("Folder", row.path), ("Lock", row.lock or "")]
        paths += [("Pin", pin.file) for pin in row.pins]
    elif isinstance(row, Lost):
        paths = [("Was at", row.base)]
    found = [line for label, path in paths if path
             for line in _field(label, words.place(host, path), room)]  # fmt: skip
    if facts.settings:
        found += [[], heading("pyvenv.cfg", room)]
        for text in facts.settings:
            found += wrap([(words.home_in(host, text), "")], room, 2)
    return found
