"""What could go, how sure that is, and what would come back: suggestions, and one plan of them.

Never suggested: what is in use, active or pinned, what anything is built on, what holds files of
the user's own, installs of conda, the system's Pythons. The guards of each removal say so.
"""

from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, Union

from envtui import guards, verbs
from envtui.adapters import uv_places
from envtui.adapters.choice import version_key
from envtui.adapters.common import find_tool
from envtui.adapters.pyenv_rules import select
from envtui.adapters.registry import HOLDERS
from envtui.adapters.relinking import fitting
from envtui.errors import Problem
from envtui.facts.last_use import last_used
from envtui.facts.packages import SEEDED, packages
from envtui.facts.size import Tree, measure_soon, outermost, together
from envtui.facts.use import Use
from envtui.filter import age_in_days
from envtui.host import Host
from envtui.installing import dependents
from envtui.model import Environment, Interpreter, Inventory
from envtui.plan import Guard, Plan, Run, Trash, combine

IDLE_DAYS = 180
Certainty = Literal["certain", "likely", "possible"]
_ORDER: tuple[Certainty, ...] = ("certain", "likely", "possible")
# Notes that a tool keeps for itself: nobody chose anything by them.
_RECORDS = ("envs.toml", ".pdm-python")


class Cache(NamedTuple):
    """A tool's cache, which only the tool itself may prune."""

    id: str
    name: str
    path: str
    prune: Run
    kind: str = "cache"


Item = Union[Environment, Interpreter, Cache]


class Suggestion(NamedTuple):
    """One thing that could go."""

    item: Item
    reasons: tuple[str, ...]
    certainty: Certainty
    plan: Plan

    @property
    def chosen(self) -> bool:
        """Whether it goes unless somebody says otherwise."""
        return self.certainty == "certain"


def suggestions(host: Host, inventory: Inventory, idle_days: int = IDLE_DAYS) -> list[Suggestion]:
    """What could go, the surest first.

    `idle_days` is how long an environment has gone unused; an unknown last use is no age at all.
    """
    graded: list[Suggestion] = []
    pinned = _pinned(inventory)
    for item in inventory.environments:
        if item.active or item.id in pinned or item.path != item.real:
            continue
        graded += _graded(host, inventory, item, *_of_environment(host, inventory, item, idle_days))
    for python in inventory.interpreters:
        if not python.active and python.id not in pinned:
            graded += _graded(host, inventory, python, *_of_interpreter(host, inventory, python))
    for cache in _caches(host, inventory):
        words = shlex.join((cache.name, *cache.prune.argv[1:]))
        reason = f"`{words}` takes out what is needed no more"
        graded.append(Suggestion(cache, (reason,), "possible", _prune(cache)))
    free = _unneeded(host, graded)
    return sorted(free, key=lambda one: (_ORDER.index(one.certainty), one.item.name.lower()))


def measured(
    items: Iterable[Suggestion], cancel: threading.Event | None = None
) -> dict[str, Tree | None]:
    """What each would take to the trash, by id; None where that can't be known before."""
    return {one.item.id: tree_of(one, cancel) for one in items}


def tree_of(one: Suggestion, cancel: threading.Event | None = None) -> Tree | None:
    """What its removal would take to the trash; None for a cache, cancelled, or at its time."""
    paths = outermost(step.path for step in one.plan.steps if isinstance(step, Trash))
    if isinstance(one.item, Cache) or not paths:
        return None
    trees = []
    for path in paths:
        try:
            tree = measure_soon(path, cancel)
        except TimeoutError:
            return None
        except OSError:
            continue
        if tree is None:
            return None
        trees.append(tree)
    return together(trees)


def frees(trees: Mapping[str, Tree | None], chosen: Iterable[str]) -> int:
    """Bytes that come back when all that is chosen is deleted: files they share count once."""
    return together(tree for one in chosen if (tree := trees.get(one))).frees


def plan(host: Host, inventory: Inventory, chosen: list[Suggestion]) -> Plan:
    """All that is chosen as one plan with one undo. Raises Problem where one must not go."""
    items = [one.item for one in chosen if not isinstance(one.item, Cache)]
    plans = [verbs.plan_remove(host, inventory, items)] if items else []
    plans += [one.plan for one in chosen if isinstance(one.item, Cache)]
    what = _count(items, len(chosen) - len(items))
    return combine(f"Clean up {what}", plans, f"cleaned up {what}")


def _graded(
    host: Host,
    inventory: Inventory,
    item: Environment | Interpreter,
    reasons: tuple[str, ...],
    certainty: Certainty,
) -> list[Suggestion]:
    if not reasons:
        return []
    try:
        removal = verbs.plan_remove(host, inventory, [item])
    except Problem:
        return []  # its manager says that it stays
    return [Suggestion(item, reasons, certainty, removal)]


def _unneeded(host: Host, graded: list[Suggestion]) -> list[Suggestion]:
    """Those of which every condition holds now, with one look at all processes."""
    every = tuple(guard for one in graded for guard in one.plan.guards)
    uses = guards.uses_of(every)
    return [one for one in graded if _may_go(host, one.plan, uses)]


def _may_go(host: Host, removal: Plan, uses: Mapping[str, Use]) -> bool:
    if any(uses[guard.path].others for guard in removal.guards if guard.path in uses):
        return False
    return not any(guards.check(guard, host, uses) for guard in removal.guards)


def _of_environment(
    host: Host, inventory: Inventory, item: Environment, idle_days: int
) -> tuple[tuple[str, ...], Certainty]:
    sure = []
    if item.link == "orphaned":
        sure.append(f"its project {host.short(item.project or '?')} is gone")
    if item.health in ("broken", "no-python"):
        mend = " (`envtui repair` can mend it)" if fitting(host, item, inventory) else ""
        sure.append(f"{item.health}: {item.reason}{mend}")
    known = []
    days = age_in_days(last_used(item.real), host.now())
    if days is not None and days >= idle_days:
        known.append(f"unused for {int(days)} days")
        if item.link == "unmapped":
            known.append("belongs to a project that is not known")
    if newer := _superseded(inventory, item):
        known.append(f"its project uses {newer} now")
    return (*sure, *known), "certain" if sure else "likely"


def _superseded(inventory: Inventory, item: Environment) -> str | None:
    """The environment that Poetry uses instead; it keeps one for each minor version."""
    if item.kind != "poetry":
        return None
    for project in inventory.projects:
        for pin in project.pins if project.path == item.project else ():
            if os.path.basename(pin.file) == "envs.toml" and item.id not in pin.resolves_to:
                return next((found for found in pin.resolves_to if found), None)
    return None


def _of_interpreter(
    host: Host, inventory: Inventory, item: Interpreter
) -> tuple[tuple[str, ...], Certainty]:
    if item.kind not in HOLDERS:
        return (), "possible"
    globals_ = select(host, host.home).versions if item.kind == "pyenv" else ()
    if item.name in globals_ or dependents(host, inventory, item) or _runs_programs(host, item):
        return (), "possible"
    reasons = ["nothing is built on it"]
    minor = item.version.split(".")[:2]
    same = [one for one in inventory.interpreters if one.kind == item.kind]
    newer = [
        one.version
        for one in same
        if one.version.split(".")[:2] == minor
        and version_key(one.version) > version_key(item.version)
    ]
    if newer:
        reasons.append(f"superseded by {max(newer, key=version_key)}")
    own = [name for name, _ in packages(item.prefix) if name.lower() not in SEEDED]
    if own:
        reasons.append(f"{len(own)} package{'s are' if len(own) > 1 else ' is'} installed in it")
    return tuple(reasons), "likely" if newer else "possible"


def _runs_programs(host: Host, item: Interpreter) -> bool:
    """Whether a program in the user's own bin directory begins with this Python."""
    folder = os.path.join(host.home, ".local", "bin")
    mark = b"#!" + os.fsencode(item.prefix.rstrip("/")) + b"/"
    try:
        names = host.names(folder)
    except OSError:
        return False
    for name in names:
        try:
            if host.read(os.path.join(folder, name), 4096).startswith(mark):
                return True
        except OSError:
            continue
    return False


def _pinned(inventory: Inventory) -> set[str]:
    """What a file that people write chooses."""
    return {
        found
        for project in inventory.projects
        for pin in project.pins
        if os.path.basename(pin.file) not in _RECORDS
        for found in pin.resolves_to
        if found
    }


def _caches(host: Host, inventory: Inventory) -> list[Cache]:
    """Caches of tools that are here; uv's only while no environment lives in it."""
    known = (
        ("uv", uv_places.cache(host), ("cache", "prune")),
        ("pip", _pip_cache(host), ("cache", "purge")),
    )
    found = []
    for name, path, words in known:
        tool = find_tool(host, name)
        inside = any(item.real.startswith(host.real(path) + "/") for item in inventory.environments)
        if tool and host.is_dir(path) and not inside:
            run = Run((tool, *words), host.home)
            found.append(Cache(f"cache:{name}", name, path, run))
    return found


def _pip_cache(host: Host) -> str:
    if host.platform == "darwin":
        return os.path.join(host.home, "Library", "Caches", "pip")
    default = os.path.join(host.xdg("XDG_CACHE_HOME", ".cache"), "pip")
    return host.variable("PIP_CACHE_DIR") or default


def _prune(cache: Cache) -> Plan:
    return Plan(
        f"Prune {cache.name}'s cache",
        (cache.prune,),
        (Guard("executable", cache.prune.argv[0]), Guard("not-in-use", cache.path)),
        (f"what {cache.name} deletes from its cache is not kept: it is fetched again when needed",),
        done=f"pruned {cache.name}'s cache",
    )


def _count(items: list[Environment | Interpreter], caches: int) -> str:
    pythons = sum(isinstance(item, Interpreter) for item in items)
    counts = (
        (len(items) - pythons, "environment"),
        (pythons, "Python"),
        (caches, "cache"),
    )
    return ", ".join(f"{n} {word}{'s' * (n > 1)}" for n, word in counts if n) or "nothing"
