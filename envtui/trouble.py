"""One thing that is wrong with a machine's Pythons, and the plan that puts it right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from envtui.adapters.common import content_hash
from envtui.host import Host, inode
from envtui.plan import Guard, Plan, Step, Trash, Unlink, Write


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
    host = Host()
    guards = []
    for step in steps:
        if isinstance(step, Write):
            guards.append(Guard("content", step.path, content_hash(host, step.path)))
        elif isinstance(step, (Trash, Unlink)):
            guards.append(Guard("inode", step.path, inode(step.path)))
    return Plan(title, steps, tuple(guards), done=done)
