"""One thing that is wrong with a machine's Pythons, and the plan that puts it right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from envtui.adapters.going import unchanged
from envtui.host import Host
from envtui.plan import Plan, Step


class Trouble(NamedTuple):
    """One thing that is wrong."""

    name: str
    """What sort of thing, in two or three words that never change."""
    text: str
    """What is wrong, and what comes of it."""
    advice: str
    """What a person can do; what the plan does, where there is one."""
    plan: Plan | None


Found = Iterator[Trouble]


def mend(title: str, steps: tuple[Step, ...], done: str) -> Plan:
    """These steps, on things that are still as they were looked at."""
    return Plan(title, steps, unchanged(Host(), *steps), done=done)
