"""Why a key can not act where it is pressed and what would help, or what it would do there."""

from __future__ import annotations

from envtui.lost import Lost
from envtui.model import Environment, Interpreter, Project
from envtui.scene import Scene, members

_UNUSABLE = ("broken", "no-python", "unreadable")


def nothing(scene: Scene) -> str | None:
    """There is no row to act on."""
    if scene.row or scene.marked:
        return None
    if scene.hidden:
        return f"the filter shows nothing: {scene.key('back')} clears it"
    return f"there is nothing in this pane yet: {scene.key('create')} creates an environment"


def use(scene: Scene) -> str | None:
    """`enter`: only what starts can be used."""
    row = scene.row
    if isinstance(row, Lost):
        return f"{row.version} is gone from {row.base}: install it again or choose another Python"
    if isinstance(row, Environment) and not row.active and row.health in _UNUSABLE:
        return f"{row.name} is {row.health}: {row.reason or 'its Python does not start'}"
    if isinstance(row, Project) and not members(row, scene.inventory):
        return f"{row.name} has no environment yet: {scene.key('create')} creates one"
    return nothing(scene)


def could_use(scene: Scene) -> str | None:
    """What `enter` would do."""
    if getattr(scene.row, "active", False):
        return "leave it: this shell goes back to what it was"
    if isinstance(scene.row, Project):
        return "go there and use its environment"
    return "switch this shell to it and quit"


def pin(scene: Scene) -> str | None:
    """`p`: only what is installed can be pinned."""
    if isinstance(scene.row, Lost):
        return "a Python that is gone can't be pinned: choose one that is installed"
    if not scene.inventory.interpreters:
        return "no Python that could be pinned was found: install one with pyenv first"
    return None


def could_pin(scene: Scene) -> str | None:
    """What `p` would do."""
    row = scene.row
    if isinstance(row, Interpreter):
        return f"pin {row.version} for {scene.project.name if scene.project else 'a project'}"
    wanted = scene.project.requires_python if scene.project else None
    return "choose its Python" + (f": what fits {wanted} comes first" if wanted else "")


def could_create(scene: Scene) -> str | None:
    """What `c` would do."""
    row = scene.row
    if isinstance(row, Interpreter):
        return "install another Python"
    if isinstance(row, Lost):
        return f"install Python {row.version} again"
    if isinstance(row, Project) and not row.environments:
        return "create its environment"
    return None


def remove(scene: Scene) -> str | None:
    """`d`: what is needed, active or not ours to remove stays."""
    if not scene.targets:
        return nothing(scene)
    reasons = [_stays(item, scene) for item in scene.targets]
    if len(reasons) > 1 and any(reasons):
        return next(f"one of the marked: {reason}" for reason in reasons if reason)
    return reasons[0]


def _stays(row: object, scene: Scene) -> str | None:
    """Why this row can't be removed."""
    if isinstance(row, Interpreter):
        if row.dependents:
            many = f"{row.dependents} environment{'s' * (row.dependents > 1)}"
            return f"Python {row.version} is needed by {many}: remove or rebuild them first"
        if row.kind not in ("pyenv", "uv"):
            return f"Python {row.version} is not pyenv's or uv's: uninstall it where it came from"
    if isinstance(row, Lost):
        return "it is gone already: remove the environments that stand on it instead"
    if isinstance(row, Project) and not members(row, scene.inventory):
        return f"{row.name} has no environment to remove; its folder is never touched"
    if isinstance(row, Environment) and row.active:
        leaves, removes = scene.key("use"), scene.key("remove")
        return f"{row.name} is active in this shell: {leaves} leaves it, then {removes} removes it"
    return None


def could_remove(scene: Scene) -> str | None:
    """What `d` would do."""
    if isinstance(scene.row, Project):
        return "move its environments to the trash"
    if isinstance(scene.row, Interpreter):
        return "uninstall it: to the trash, nothing stands on it"
    return "move it to the trash"


_WHOLE = "ok"
_IN_BYTES = ("conda", "pixi")


def repair(scene: Scene) -> str | None:
    """`r`: what is whole needs none, and some things only their manager can make again."""
    if not scene.targets:
        return nothing(scene)
    reasons = [_unmendable(item, scene) for item in scene.targets]
    return None if None in reasons else reasons[0]


def _unmendable(row: object, scene: Scene) -> str | None:
    """Why this row can't be repaired."""
    if isinstance(row, Interpreter):
        return f"Python {row.version} is there: nothing to repair"
    if isinstance(row, Project):
        reasons = [_unmendable(one, scene) for one in members(row, scene.inventory)]
        whole = f"{row.name} has nothing to repair: its environments are whole"
        return whole if None not in reasons else None
    if isinstance(row, Environment):
        if row.health == _WHOLE:
            return f"{row.name} is whole: nothing to repair"
        if row.health == "unreadable":
            return f"{row.name} can't be read: {row.reason}"
        if row.kind in _IN_BYTES:
            return f"{row.name} can only be made again with {row.kind}: its programs hold its path"
    return None


def could_repair(scene: Scene) -> str | None:
    """What `r` would do."""
    row = scene.row
    if isinstance(row, Lost):
        many = len(row.environments)
        return f"mend the {many} environments that it left" if many > 1 else "mend what it left"
    if isinstance(row, Environment) and row.health != _WHOLE:
        if row.health == "moved":
            return "make it right where it is now"
        if row.health == "version-differs":
            return "write down the version that it has"
        return "put it on a Python of its minor, or build it again from its own list"
    return None


def rebuild(scene: Scene) -> str | None:
    """Only environments are made again."""
    if isinstance(scene.row, Environment):
        return None
    return f"only an environment can be made again: {scene.key('environments')} goes there"


def unpin(scene: Scene) -> str | None:
    """Only where something is pinned."""
    project = scene.row if isinstance(scene.row, Project) else scene.project
    if project and not project.pins:
        return f"{project.name} pins no Python: {scene.key('pin')} would"
    return None


def mark(scene: Scene) -> str | None:
    """`space`, `v`: an interpreter that is gone can't be acted on."""
    if isinstance(scene.row, Lost):
        return "a Python that is gone can't be marked: nothing is left of it to act on"
    return nothing(scene)
