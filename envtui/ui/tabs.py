"""The tabs beside the Overview: packages, why, files."""

from __future__ import annotations

from envtui.actions import Lost, Scene
from envtui.host import Host
from envtui.model import Environment, Interpreter, Project
from envtui.ui import words
from envtui.ui.facts import Facts
from envtui.ui.text import Line, Span, clean, cut_middle, fill, wrap

LABEL = 10


def field(label: str, value: str | Span, room: int, *, path: bool = False) -> list[Line]:
    """A name and its value."""
    text, tone = (value, "") if isinstance(value, str) else value
    if path:
        text = cut_middle(text, room - LABEL)
    return wrap([(fill(label, LABEL), "dim"), (text, tone)], room, LABEL)


def heading(text: str, room: int) -> Line:
    """A rule with words in it."""
    return [("── ", "faint"), (text, "dim"), (" " + "─" * max(room - len(text) - 4, 0), "faint")]


def why(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    """What decides for its directory, and why it is listed."""
    row = scene.row
    found: list[Line] = []
    if isinstance(row, Environment):
        found += [heading("why it is listed", room)]
        for evidence in row.evidence:
            text = words.home_in(host, evidence.removeprefix("listed: "))
            found += wrap([("· ", "faint"), (text, "")], room, 2)
        found += [[]]
    decision = facts.decision
    if decision is None:
        if isinstance(row, (Project, Environment)) and (isinstance(row, Project) or row.project):
            found += [[("looking…", "dim")]]
        return found or [[("nothing to tell", "dim")]]
    found += [heading("why its directory gets this Python", room)]
    found += field("Directory", words.place(host, decision.directory), room, path=True)
    found += field("Python", clean(decision.version or "none"), room)
    found += field("Decided", clean(f"{decision.manager}: {decision.rule}"), room)
    found += field("By", words.place(host, decision.source), room, path=True)
    for missing in decision.pyenv_missing:
        found += field("Missing", (f"✗ {clean(missing)} is not installed", "bad"), room)
    if decision.overruled:
        found += [[], heading("what lost against it", room)]
    for other in decision.overruled:
        text = f"{clean(other.said)}, by {words.place(host, other.source)}"
        found += wrap([("· ", "faint"), (text, "dim")], room, 2)
    return found


def packages(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:  # noqa: ARG001
    """What is installed in it."""
    if not isinstance(scene.row, Environment):
        return [[(f"an environment has packages: {scene.key('environments')} goes there", "dim")]]
    if facts.packages is None:
        return [[("looking…", "dim")]]
    if not facts.packages:
        return [[("nothing is installed in it", "dim")]]
    found: list[Line] = []
    for name in facts.packages:
        project, _, version = clean(name).partition(" ")
        found.append([(fill(project, max(room - 14, 10)), ""), (version, "dim")])
    return found


def files(scene: Scene, facts: Facts, host: Host, room: int) -> list[Line]:
    """Where it lies."""
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
             for line in field(label, words.place(host, path), room)]  # fmt: skip
    if facts.settings:
        found += [[], heading("pyvenv.cfg", room)]
        for text in facts.settings:
            found += wrap([(words.home_in(host, text), "")], room, 2)
    return found
