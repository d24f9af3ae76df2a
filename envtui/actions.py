"""The one table of actions: bindings, key bar, `?`, "you could" and the README all come from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Union

from envtui.model import Environment, Interpreter, Inventory, Project


class Lost(NamedTuple):
    """An interpreter that is gone while environments still stand on it."""

    id: str
    version: str
    base: str
    environments: tuple[str, ...]


Row = Union[Project, Environment, Interpreter, Lost, None]


class Scene(NamedTuple):
    """Where a key is pressed: the pane, its row and what surrounds them."""

    pane: str
    row: Row
    inventory: Inventory
    marked: int = 0
    project: Project | None = None
    """The context project: that of the current directory, or of the cursor in pane 1."""


class Action(NamedTuple):
    """One thing a key does."""

    id: str
    keys: tuple[str, ...]
    label: str
    """One or two words for the key bar."""
    help: str
    group: str
    rank: int = 0
    """Place in the key bar; 0 is not shown there, the highest go first when room is short."""
    danger: bool = False
    why_not: Callable[[Scene], str | None] = lambda _scene: None
    """Why the key can't act here and what would help; None where it can."""
    could: Callable[[Scene], str | None] = lambda _scene: None
    """What the key would do for this very row, for the "you could" lines."""


def _members(project: Project, inventory: Inventory) -> list[Environment]:
    mine = set(project.environments)
    return [e for e in inventory.environments if e.id in mine]


def _nothing(scene: Scene) -> str | None:
    return None if scene.row else "there is nothing in this pane yet: c creates an environment"


def _use_not(scene: Scene) -> str | None:
    row = scene.row
    if isinstance(row, Lost):
        return f"{row.version} is gone from {row.base}: install it again or choose another Python"
    if isinstance(row, Environment) and not row.active and row.health in _UNUSABLE:
        return f"{row.name} is {row.health}: {row.reason or 'its Python does not start'}"
    if isinstance(row, Project) and not _members(row, scene.inventory):
        return f"{row.name} has no environment yet: c creates one"
    return _nothing(scene)


_UNUSABLE = ("broken", "no-python", "unreadable")


def _use_could(scene: Scene) -> str | None:
    if getattr(scene.row, "active", False):
        return "leave it: this shell goes back to what it was"
    if isinstance(scene.row, Project):
        return "go there and use its environment"
    return "switch this shell to it and quit"


def _pin_not(scene: Scene) -> str | None:
    if isinstance(scene.row, Lost):
        return "a Python that is gone can't be pinned: choose one that is installed"
    if not scene.inventory.interpreters:
        return "no Python that could be pinned was found: install one with pyenv first"
    return None


def _pin_could(scene: Scene) -> str | None:
    row = scene.row
    if isinstance(row, Interpreter):
        return f"pin {row.version} for {scene.project.name if scene.project else 'a project'}"
    wanted = scene.project.requires_python if scene.project else None
    return "choose its Python" + (f": what fits {wanted} comes first" if wanted else "")


def _create_could(scene: Scene) -> str | None:
    row = scene.row
    if isinstance(row, Interpreter):
        return f"create an environment on {row.version}"
    if isinstance(row, Project) and not row.environments:
        return "create its environment"
    return None


def _remove_not(scene: Scene) -> str | None:
    row = scene.row
    if scene.marked:
        return None
    if isinstance(row, Interpreter):
        if row.dependents:
            many = f"{row.dependents} environment{'s' * (row.dependents > 1)}"
            return f"Python {row.version} is needed by {many}: remove or rebuild them first"
        if row.kind not in ("pyenv", "uv"):
            return f"Python {row.version} is not pyenv's or uv's: uninstall it where it came from"
        return None
    if isinstance(row, Lost):
        return "it is gone already: remove the environments that stand on it instead"
    if isinstance(row, Project) and not _members(row, scene.inventory):
        return f"{row.name} has no environment to remove; its folder is never touched"
    if isinstance(row, Environment) and row.active:
        return f"{row.name} is active in this shell: ⏎ leaves it, then d removes it"
    return _nothing(scene)


def _remove_could(scene: Scene) -> str | None:
    if isinstance(scene.row, Project):
        return "move its environments to the trash"
    if isinstance(scene.row, Interpreter):
        return "uninstall it: to the trash, nothing stands on it"
    return "move it to the trash"


def _mark_not(scene: Scene) -> str | None:
    if isinstance(scene.row, Environment):
        return None
    return "only environments can be marked: press 2"


def _copy_not(scene: Scene) -> str | None:
    return _nothing(scene)


DO, SEE, MOVE = "Do", "See", "Move"

ACTIONS: tuple[Action, ...] = (
    Action(
        "use",
        ("enter",),
        "use+quit",
        "switch the shell to it and quit; a project: go there too; the active one: leave it",
        DO,
        1,
        why_not=_use_not,
        could=_use_could,
    ),
    Action(
        "pin",
        ("p",),
        "python",
        "choose the Python of this project, or the global one: pin or unpin",
        DO,
        2,
        why_not=_pin_not,
        could=_pin_could,
    ),
    Action("create", ("c",), "create", "create an environment", DO, 3, could=_create_could),
    Action(
        "remove",
        ("d",),
        "remove",
        "move it, or all that is marked, to the trash; a project: its environments",
        DO,
        4,
        danger=True,
        why_not=_remove_not,
        could=_remove_could,
    ),
    Action("undo", ("u", "z"), "undo", "take back the last change", DO, 8),
    Action("mark", ("space",), "mark", "mark, then d acts on all", DO, 7, why_not=_mark_not),
    Action("copy", ("Y",), "copy", "copy the path", DO, 11, why_not=_copy_not),
    Action("filter", ("/",), "filter", "filter this pane; kept until esc", SEE, 5),
    Action("sort", ("s",), "sort", "sort this pane by the next column", SEE, 9),
    Action("work", ("w",), "work", "jobs, commands that were run, history", SEE, 6),
    Action("zoom", ("+",), "zoom", "this pane alone, and back", SEE, 12),
    Action("rescan", ("R",), "rescan", "look at the machine again", SEE, 10),
    Action("help", ("?",), "help", "the keys: searchable, runs what it shows", SEE),
    Action("back", ("escape",), "back", "clear marks, filter, zoom; close what is open", SEE),
    Action("quit", ("q", "ctrl+c"), "quit", "quit; asks when a job runs", SEE, 13),
    Action("projects", ("1",), "projects", "go to Projects", MOVE),
    Action("environments", ("2",), "environments", "go to Environments", MOVE),
    Action("interpreters", ("3",), "interpreters", "go to Interpreters", MOVE),
    Action("detail", ("0",), "detail", "go to the detail", MOVE),
    Action("next", ("tab",), "next pane", "next pane", MOVE),
    Action("previous", ("shift+tab",), "previous pane", "previous pane", MOVE),
    Action("up", ("k", "up"), "up", "one row up", MOVE),
    Action("down", ("j", "down"), "down", "one row down", MOVE),
    Action("left", ("h", "left"), "left", "back from the detail; the pane before", MOVE),
    Action("right", ("l", "right"), "right", "into the detail; the pane after", MOVE),
    Action("top", ("g", "home"), "top", "first row", MOVE),
    Action("bottom", ("G", "end"), "bottom", "last row", MOVE),
    Action("half-down", ("ctrl+d", "pagedown"), "half down", "half a page down", MOVE),
    Action("half-up", ("ctrl+u", "pageup"), "half up", "half a page up", MOVE),
    Action("tab-left", ("[",), "tab", "previous tab of the detail", MOVE),
    Action("tab-right", ("]",), "tab", "next tab of the detail", MOVE),
)

BY_ID = {action.id: action for action in ACTIONS}

_SHOWN = {
    "enter": "⏎", "escape": "esc", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "pagedown": "page down", "pageup": "page up",
}  # fmt: skip


def shown(key: str) -> str:
    """A key as people read it."""
    return _SHOWN.get(key, key)


def bar() -> list[Action]:
    """The actions of the key bar, most important first; help is apart, it always stays."""
    return sorted((a for a in ACTIONS if a.rank), key=lambda a: a.rank)


def could(scene: Scene) -> list[tuple[str, str, bool]]:
    """The useful next keys for a row: key, what it would do or why not, whether it can."""
    lines = []
    for action in ACTIONS:
        if not (text := action.could(scene)):
            continue
        reason = action.why_not(scene)
        lines.append((shown(action.keys[0]), reason or text, reason is None))
    return lines


def markdown() -> str:
    """The key table of the README."""
    lines = ["| key | does |", "| --- | --- |"]
    for action in ACTIONS:
        keys = " ".join(f"`{shown(key)}`" for key in action.keys)
        lines.append(f"| {keys} | {action.help} |")
    return "\n".join(lines) + "\n"
