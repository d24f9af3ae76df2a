"""Each pane's columns, and how a record is drawn as a row when it comes into sight."""

from __future__ import annotations

from collections.abc import Iterable

from envtui.actions import Keys, key_of
from envtui.model import WELL, Environment, Project
from envtui.ui import orders, words
from envtui.ui.catalogue import Catalogue
from envtui.ui.columns import Column
from envtui.ui.rowlist import RULE, Row
from envtui.ui.text import Line, Span, clean, width

PROJECTS = [
    Column("NAME", least=10, most=28, middle=True),
    Column("PYTHON", least=8, most=12),
    Column("MANAGER", least=6, most=12, rank=2),
    Column("LOCK", least=7, most=14, rank=4),
    Column("ENVIRONMENTS", least=10, most=18, rank=1),
    Column("USED", least=5, most=5, right=True, usual=5, rank=3),
    Column("PATH", least=24, most=90, middle=True, grow=True, extra=True),
]
ENVIRONMENTS = [
    Column("NAME", least=14, most=40, middle=True),
    Column("KIND", least=10, most=11, rank=3),
    Column("PYTHON", least=7, most=9, rank=1),
    Column("STATE", least=12, most=13, usual=13),
    Column("SIZE", least=6, most=6, right=True, usual=6, rank=2),
    Column("USED", least=5, most=5, right=True, usual=5, rank=4),
    Column("PROJECT", least=10, most=20, extra=True),
    Column("PATH", least=30, most=90, middle=True, grow=True, extra=True),
]
INTERPRETERS = [
    Column("VERSION", least=7, most=14),
    Column("FROM", least=6, most=10, rank=1),
    Column("ENVS", least=4, right=True),
    Column("PINS", least=4, right=True, rank=4),
    Column("SUPPORT", least=16, usual=16, rank=3),
    Column("STATE", least=12, most=40, grow=True, rank=2),
    Column("PATH", least=30, most=60, middle=True, extra=True),
]
ELSEWHERE = Row(f"{RULE}elsewhere", (("elsewhere", ""),), rule=True)


def widest(texts: Iterable[str]) -> int:
    """The cells that the widest of them takes."""
    return max(map(width, texts), default=0)


# -- pane 1 ----------------------------------------------------------------------------


def project_widths(catalogue: Catalogue) -> list[int]:
    """What each column would like, without drawing all rows."""
    found = catalogue.inventory.projects
    locks = (p.lock.rsplit("/", 1)[-1] for p in found if p.lock)
    managers = (p.managers[0] for p in found if p.managers)
    return [widest(catalogue.project_names.values()), 9, widest(managers), widest(locks),
            15, 5, 40]  # fmt: skip


def project_row(project: Project, catalogue: Catalogue, stands: Project | None) -> Row:
    """The project of the current directory carries a sign."""
    found = catalogue.members(project)
    lock = clean(project.lock.rsplit("/", 1)[-1]) if project.lock else "none"
    cells = (
        (catalogue.project_names[project.path], ""),
        _project_python(project, catalogue, found),
        (clean(project.managers[0]) if project.managers else "-", "dim"),
        (lock, "dim" if project.lock else "faint"),
        _project_environments(project, catalogue, found),
        used(orders.age_of(project, catalogue), now=any(map(catalogue.in_use, found))),
        (words.place(catalogue.host, project.path), "dim"),
    )
    here = stands is not None and project.path == stands.path
    return Row(project.path, cells, ("◆", "accent") if here else ("", ""))


def _missing(project: Project) -> str | None:
    """The version that is pinned first and not installed."""
    pin = next((pin for pin in project.pins if pin.versions), None)
    return pin.versions[0] if pin and (not pin.resolves_to or not pin.resolves_to[0]) else None


def _project_python(project: Project, catalogue: Catalogue, found: list[Environment]) -> Span:
    if missing := _missing(project):
        return f"{clean(missing)} ✗", "bad"
    for pin in project.pins:
        if pin.versions and pin.resolves_to and pin.resolves_to[0]:
            target = catalogue.interpreters.get(pin.resolves_to[0])
            return clean(target.version if target else pin.versions[0]), ""
    return (clean(found[0].version or "?"), "dim") if found else ("-", "faint")


def _project_environments(project: Project, catalogue: Catalogue, found: list[Environment]) -> Span:
    many = len(found)
    broken = sum(e.health not in WELL for e in found)
    if not found:
        return ("✗ not installed", "bad") if _missing(project) else ("none", "faint")
    if broken:
        return f"✗ {broken} broken" + (f" of {many}" if many > broken else ""), "bad"
    if any(e.active for e in found):
        return f"● {many}", "good"
    if any(map(catalogue.in_use, found)):
        return f"▶ {many} in use", "accent"
    return str(many), ""


def used(age: int | None, *, now: bool = False) -> Span:
    """When something was used last; `age` in days."""
    if now:
        return "now", "good"
    if age is None or age == orders.UNKNOWN:
        return "-", "faint"
    return words.days(age), "faint" if age >= words.IDLE else "dim"


# -- pane 2 ----------------------------------------------------------------------------


def environment_widths(catalogue: Catalogue) -> list[int]:
    """What each column would like."""
    found = catalogue.inventory.environments
    kinds = {words.kind_of(e) for e in found}
    versions = {clean(e.version or "?") for e in found}
    return [widest(catalogue.names.values()), widest(kinds), widest(versions),
            13, 6, 5, widest(catalogue.project_names.values()), 60]  # fmt: skip


def environment_row(environment: Environment, catalogue: Catalogue) -> Row:
    """One environment with what is known of it so far."""
    facts = catalogue.facts(environment)
    size = (
        ("?" if facts.silent else "")
        if facts.size is None
        else f"{words.bar(facts.size)} {words.size(facts.size):>4}"
    )
    age = catalogue.age(environment)
    when = used(age, now=catalogue.in_use(environment)) if facts.last_used is not None else ("", "")
    cells = (
        (catalogue.names[environment.id], "strong" if environment.active else ""),
        (words.kind_of(environment), "dim"),
        (clean(environment.version or "?"), ""),
        words.state(environment, len(facts.uses or ()), age),
        (size, "dim"),
        ("now", "good") if environment.active else when,
        (catalogue.project_name(environment) or "-", "dim"),
        (words.place(catalogue.host, environment.path), "dim"),
    )
    return Row(environment.id, cells, ("●", "good") if environment.active else ("", ""))


# -- pane 3 ----------------------------------------------------------------------------


def interpreter_widths(catalogue: Catalogue) -> list[int]:
    """What each column would like."""
    found = catalogue.inventory.interpreters
    versions = [clean(i.version) for i in found]
    versions += [clean(lost.version) for lost in catalogue.lost.values()]
    return [widest(versions), widest({i.kind for i in found}), 4, 4, 16, 24, 40]


def interpreter_row(row_id: str, catalogue: Catalogue) -> Row:
    """An interpreter, or one that is gone and still has environments on it."""
    host, lost = catalogue.host, catalogue.lost.get(row_id)
    if lost:
        many = len(lost.environments)
        said = f"✗ gone, {many} broken"
        cells: tuple[Span, ...] = (
            (clean(lost.version), "bad"), ("?", "dim"), (str(many), ""), ("-", "faint"),
            ("", ""), (said, "bad"), (words.place(host, lost.base), "dim"),
        )  # fmt: skip
        return Row(lost.id, cells, ("✗", "bad"))
    item, pins = catalogue.interpreters[row_id], catalogue.pins.get(row_id, 0)
    until, tone = words.support(item, catalogue.today)
    left, _life = words.life(item, catalogue.today)
    cells = (
        (clean(item.version), "strong" if item.active else ""),
        (item.kind, "dim"),
        (str(item.dependents), "" if item.dependents else "faint"),
        (str(pins), "" if pins else "faint"),
        (f"{left} {until}" if until else "", tone),
        _interpreter_state(row_id, catalogue),
        (words.place(host, item.path), "dim"),
    )
    return Row(row_id, cells, ("●", "good") if item.active else ("", ""))


def _interpreter_state(row_id: str, catalogue: Catalogue) -> Span:
    item = catalogue.interpreters[row_id]
    if item.active:
        return "● this shell", "good"
    if word := words.globally(catalogue.decision, catalogue.host, row_id):
        return word, ""
    return (
        ("unused", "faint") if not item.dependents and not catalogue.pins.get(row_id) else ("", "")
    )


# -- where there is nothing ------------------------------------------------------------


def waiting() -> list[Line]:
    """What a pane says before the scan has answered."""
    return [[("looking…", "dim")]]


def nothing(pane: str, keys: Keys) -> list[Line]:
    """What an empty pane says: what to do first."""
    if pane == "projects":
        return [
            [("no projects found below your home", "dim")],
            [("a directory with a pyproject.toml, Pipfile or .python-version is one", "dim")],
        ]
    if pane == "environments":
        creates = (key_of(keys, "create"), "key")
        return [[("no environments yet", "")], [creates, ("  creates the first one", "dim")]]
    return [
        [("no Python found, not even the system's", "")],
        [
            ("install one with pyenv or your package manager, then ", "dim"),
            (key_of(keys, "rescan"), "key"),
        ],
    ]


def no_match(text: str, keys: Keys) -> list[Line]:
    """What a filtered pane says when nothing is left."""
    return [
        [("nothing matches ", "dim"), (clean(text), "")],
        [(key_of(keys, "back"), "key"), ("  clears the filter", "dim")],
    ]
