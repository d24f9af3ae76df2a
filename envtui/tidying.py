"""The commands that put a machine in order: repair, clean, doctor."""

from __future__ import annotations

from argparse import Namespace

from envtui import repairing, verbs
from envtui.changing import change
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Environment, Interpreter


def repair(arguments: Namespace, host: Host) -> int:
    """`envtui repair`: one plan for all that is named; with --yes no prefix of a name will do."""
    found = verbs.scan(host, tuple(arguments.root or ()))
    items: dict[str, Environment] = {}
    for word in arguments.words:
        broken = repairing.victims(found, host.expand(word))
        for one in broken:
            items[one.id] = one
        if not broken:
            item = verbs.find(found, host, word, exact=arguments.yes)
            if isinstance(item, Interpreter):
                raise BadInput(f"{item.id} is an interpreter, and is there: nothing to repair")
            items[item.id] = item
    return change(arguments, host, repairing.plan_repair(host, found, list(items.values())))
