"""Each pane's columns and rows, from an inventory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Union

from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory, Project
from envtui.ui import words
from envtui.ui.columns import Column
from envtui.ui.facts import Facts
from envtui.ui.rowlist import Row
from envtui.ui.text import Line, Span, clean

PROJECTS = [
    Column("NAME", least=10, most=28, grow=False),
    Column("PYTHON", least=8, most=12),
    Column("MANAGER", least=6, most=14, rank=2),
    Column("ENVIRONMENTS", least=8, most=18, rank=1),
    Column("PATH", least=12, most=60, middle=True, grow=True, rank=3),
]
ENVIRONMENTS = [
    Column("NAME", least=16, most=36, middle=True),
    Column("KIND", least=10, most=12, rank=2),
    Column("PYTHON", least=7, most=9, rank=1),
    Column("STATE", least=12, most=12, usual=12),
    Column("SIZE", least=6, most=6, right=True, usual=6, rank=3),
    Column("PROJECT", least=8, most=20, rank=4),
    Column("PATH", least=30, most=90, middle=True, grow=True, rank=5),
]
INTERPRETERS = [
    Column("VERSION", least=7, most=14),
    Column("FROM", least=6, most=10, rank=1),
    Column("ENVS", least=4, right=True),
    Column("PINS", least=4, right=True, rank=4),
    Column("SUPPORT", least=10, rank=3),
    Column("STATE", least=8, most=40, grow=True),
]

SORTS = {
    "projects": ("name", "path"),
    "environments": ("project", "name", "python", "state", "size"),
    "interpreters": ("version", "environments"),
}


def version_key(version: str | None) -> tuple[int, ...]:
    """Versions as numbers, so that 3.10 comes after 3.9; what is no number counts as 0."""
    return tuple(int(part) if part.isdigit() else 0 for part in (version or "").split("."))


Known = Mapping[str, Facts]
"""The slow facts that have been read, by row."""
Keep = Callable[[Union[Environment, Interpreter, Project]], bool]
"""What a filter lets through."""


def project_rows(
    inventory: Inventory, host: Host, sort: str, keep: Keep, here: Project | None
) -> list[Row]:
    """Pane 1; the project of the current directory carries ◆ and stands first."""
    order = sorted(
        filter(keep, inventory.projects),
        key=lambda p: (p != here, p.path if sort == "path" else p.name.lower(), p.path),
    )
    return [_project_row(p, inventory, host, here) for p in order]


def _project_row(project: Project, inventory: Inventory, host: Host, here: Project | None) -> Row:
    found = words.members(project, inventory)
    cells = (
        (clean(project.name), ""),
        _project_python(project, inventory, found),
        (clean(project.managers[0]) if project.managers else "", "dim"),
        _project_environments(found),
        (words.place(host, project.path), "dim"),
    )
    return Row(project.path, cells, ("◆", "accent") if project == here else ("", ""))


def _project_python(project: Project, inventory: Inventory, found: list[Environment]) -> Span:
    for pin in project.pins:
        if not pin.versions:
            continue
        target = pin.resolves_to[0] if pin.resolves_to else None
        if target is None:
            return f"{clean(pin.versions[0])} ✗", "bad"
        versions = {i.id: i.version for i in inventory.interpreters}
        return clean(versions.get(target, pin.versions[0])), ""
    return (clean(found[0].version or "?"), "dim") if found else ("-", "dim")


def _project_environments(found: list[Environment]) -> Span:
    broken = sum(e.health not in ("ok", "version-differs") for e in found)
    if not found:
        return "none", "dim"
    if broken:
        return f"✗ {broken} broken" + (f" of {len(found)}" if len(found) > broken else ""), "bad"
    if any(e.active for e in found):
        return f"● {len(found)} active" if len(found) == 1 else f"● {len(found)}", "good"
    return str(len(found)), ""


def environment_rows(
    inventory: Inventory, host: Host, known: Known, sort: str, keep: Keep, here: Project | None
) -> list[Row]:
    """Pane 2: those of the context project, a heading, then the others."""
    projects = {p.path: p.name for p in inventory.projects}
    keys: dict[str, Callable[[Environment], tuple[object, ...]]] = {
        "project": lambda e: (e.project is None, _project_name(e, projects).lower()),
        "name": lambda _e: (),
        "size": lambda e: (-(known.get(e.id, Facts()).size or 0),),
        "python": lambda e: tuple(-n for n in version_key(e.version)),
        "state": lambda e: _gravity(e, known),
    }
    order = sorted(
        filter(keep, inventory.environments),
        key=lambda e: (keys[sort](e), *_by_name(e)),
    )
    mine = set(here.environments) if here else set()
    most = max((known[e.id].size or 0 for e in order if e.id in known), default=0)
    drawn = [
        (e, _environment_row(e, projects, known.get(e.id, Facts()), most, host)) for e in order
    ]
    best = [e.id for e in words.members(here, inventory)] if here and sort == "project" else []
    first = [row for e, row in drawn if e.id in mine]
    first.sort(key=lambda row: best.index(row.id) if row.id in best else 0)
    rest = [row for e, row in drawn if e.id not in mine]
    if first and rest:
        return [*first, Row("rule:elsewhere", (("elsewhere", ""),), rule=True), *rest]
    return first + rest


def _project_name(environment: Environment, projects: dict[str, str]) -> str:
    path = environment.project or ""
    return projects.get(path, path.rsplit("/", 1)[-1])


def _by_name(environment: Environment) -> tuple[object, ...]:
    """Names that differ in the version of their Python alone stand newest first."""
    newest = tuple(-n for n in version_key(environment.version))
    return (words.name_of(environment).lower().rsplit("-py", 1)[0], newest, environment.id)


_GRAVE = ("✗", "▶", "●", "!", "?")


def _gravity(environment: Environment, known: Known) -> tuple[object, ...]:
    users = known.get(environment.id, Facts()).uses or ()
    said = words.state(environment, len(users))[0]
    return (_GRAVE.index(said[0]) if said[0] in _GRAVE else len(_GRAVE), said)


_SHORT = {"pyenv-virtualenv": "pyenv-venv", "virtualenvwrapper": "wrapper"}


def _environment_row(
    environment: Environment, projects: dict[str, str], facts: Facts, most: int, host: Host
) -> Row:
    size = (
        "" if facts.size is None else f"{words.bar(facts.size, most)} {words.size(facts.size):>4}"
    )
    cells = (
        (words.name_of(environment), "strong" if environment.active else ""),
        (_SHORT.get(environment.kind, environment.kind), "dim"),
        (clean(environment.version or "?"), ""),
        words.state(environment, len(facts.uses or ())),
        (size, "dim"),
        (clean(_project_name(environment, projects)) or "-", "dim"),
        (words.place(host, environment.path), "dim"),
    )
    return Row(environment.id, cells, ("●", "good") if environment.active else ("", ""))


def interpreter_rows(inventory: Inventory, host: Host, sort: str, keep: Keep) -> list[Row]:
    """Pane 3: the newest first, those that are gone among them."""
    today = words.today(host)
    pins = words.pins_of(inventory)
    keyed: list[tuple[tuple[int, ...], int, Row]] = []
    for i in filter(keep, inventory.interpreters):
        count = pins.get(i.id, 0)
        if i.active:
            note: Span = ("● this shell", "good")
        elif not i.dependents and not count and i.kind == "pyenv":
            note = ("unused", "dim")
        else:
            note = ("", "")
        label = i.version if i.implementation == "cpython" else i.name
        cells = (
            (clean(label), "strong" if i.active else ""),
            (i.kind, "dim"),
            (str(i.dependents), "" if i.dependents else "dim"),
            (str(count), "" if count else "dim"),
            words.support(i, today),
            note,
        )
        row = Row(i.id, cells, ("●", "good") if i.active else ("", ""))
        keyed.append((version_key(i.version), i.dependents, row))
    for lost in words.lost_pythons(inventory):
        many = len(lost.environments)
        said = f"✗ gone: {many} environment{'s' * (many > 1)} broken"
        cells = ((clean(lost.version), "bad"), ("?", "dim"), (str(many), ""), ("", ""),
                 ("", ""), (said, "bad"))  # fmt: skip
        keyed.append((version_key(lost.version), many, Row(lost.id, cells, ("✗", "bad"))))
    by = (lambda k: (k[1], k[0])) if sort == "environments" else (lambda k: (k[0], k[1]))
    return [row for _version, _many, row in sorted(keyed, key=by, reverse=True)]


def waiting() -> list[Line]:
    """What a pane says before the scan has answered."""
    return [[("looking…", "dim")]]


def nothing(pane: str) -> list[Line]:
    """What an empty pane says: what to do first."""
    if pane == "projects":
        return [
            [("no projects found below your home", "dim")],
            [("a directory with a pyproject.toml, Pipfile or .python-version is one", "dim")],
        ]
    if pane == "environments":
        return [[("no environments yet", "")], [("c", "key"), ("  creates the first one", "dim")]]
    return [
        [("no Python found, not even the system's", "")],
        [("install one with pyenv or your package manager, then ", "dim"), ("R", "key")],
    ]


def no_match(text: str) -> list[Line]:
    """What a filtered pane says when nothing is left."""
    return [
        [("nothing matches ", "dim"), (clean(text), "")],
        [("esc", "key"), ("  clears the filter", "dim")],
    ]
