"""What could go, how sure that is, and what would come back: suggestions, and one plan of them.

Never suggested: what is in use, active or pinned, what anything is built on, what holds files of
the user's own, installs of conda, the system's Pythons. The guards of each removal say so.
"""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple, Union

from envtui import guards, verbs
from envtui.caches import Cache, caches, prune_plan
from envtui.errors import Problem
from envtui.facts.last_use import last_used
from envtui.facts.size import Tree, measure_soon, outermost, together
from envtui.facts.use import Use
from envtui.filter import age_in_days
from envtui.grading import Certainty, of_environment, of_interpreter, pinned
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory
from envtui.plan import Plan, Trash, combine
from envtui.silence import Silence

IDLE_DAYS = 180
_ORDER: tuple[Certainty, ...] = ("certain", "likely", "possible")


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


def suggestions(
    host: Host,
    inventory: Inventory,
    idle_days: int = IDLE_DAYS,
    silence: Silence | None = None,
) -> list[Suggestion]:
    """What could go, the surest first.

    `idle_days` is how long an environment has gone unused; an unknown last use is no age at all.
    `silence` is then what could not be looked at, for its disk does not answer: never suggested.
    """
    silence = silence or Silence(host)
    graded: list[Suggestion] = []
    chosen = pinned(inventory)
    for item in inventory.environments:
        if item.active or item.id in chosen or item.path != item.real:
            continue
        try:
            used = silence.ask(item.real, partial(last_used, item.real))
        except TimeoutError:
            continue
        days = age_in_days(used, host.now())
        idle = int(days) if days is not None and days >= idle_days else None
        graded += _graded(host, inventory, item, *of_environment(host, inventory, item, idle))
    for python in inventory.interpreters:
        if not python.active and python.id not in chosen:
            graded += _graded(host, inventory, python, *of_interpreter(host, inventory, python))
    for cache in caches(host, inventory):
        words = shlex.join((cache.name, *cache.prune.argv[1:]))
        reason = f"`{words}` takes out what is needed no more"
        graded.append(Suggestion(cache, (reason,), "possible", prune_plan(cache)))
    free = _unneeded(host, graded)
    return sorted(free, key=lambda one: (_ORDER.index(one.certainty), one.item.name.lower()))


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


def _count(items: list[Environment | Interpreter], caches: int) -> str:
    pythons = sum(isinstance(item, Interpreter) for item in items)
    counts = (
        (len(items) - pythons, "environment"),
        (pythons, "Python"),
        (caches, "cache"),
    )
    return ", ".join(f"{n} {word}{'s' * (n > 1)}" for n, word in counts if n) or "nothing"
