"""What is wrong with a machine's Pythons as a whole, each with the plan that puts it right."""

from __future__ import annotations

import os
from collections.abc import Callable

from envtui import fights, flaws, leftovers, lost, path_order, trust, verbs
from envtui.errors import Problem
from envtui.host import Host
from envtui.model import Inventory
from envtui.plan import Plan
from envtui.repairing import plan_repair
from envtui.shell import init
from envtui.trouble import Found, Trouble


def examine(host: Host, inventory: Inventory) -> list[Trouble]:
    """Everything that is wrong; a place that can't be looked at is a trouble of its own."""
    checks: tuple[Callable[[Host, Inventory], Found], ...] = (
        _lost, _unhealthy, _pins, leftovers.shims, leftovers.links, leftovers.records,
        leftovers.registered, path_order.hidden, fights.fights, _shells,
    )  # fmt: skip
    found: list[Trouble] = []
    for check in checks:
        try:
            found += check(host, inventory)
        except OSError as error:
            text = f"{error.filename} can't be read: {error.strerror}"
            found.append(Trouble("can't be read", text, "see to its permissions", None))
    return found


def _lost(host: Host, inventory: Inventory) -> Found:
    by_id = {item.id: item for item in inventory.environments}
    for one in lost.pythons(inventory):
        items = [by_id[name] for name in one.environments]
        plan, advice = _or_reason(plan_repair, host, inventory, items)
        count = f"{len(items)} environment{'s' * (len(items) > 1)}"
        text = f"{count} lost Python {one.version}, which was in {host.short(one.base)}"
        yield Trouble("lost Python", text, advice or "put on another Python", plan)


_ILL = {"no-python": "has no Python", "version-differs": "is not of the version it names"}


def _unhealthy(host: Host, inventory: Inventory) -> Found:
    told = {name for one in lost.pythons(inventory) for name in one.environments}
    for item in inventory.environments:
        if item.health == "ok" or item.id in told:
            continue
        plan, advice = _or_reason(plan_repair, host, inventory, [item])
        text = f"{item.id} {_ILL.get(item.health, f'is {item.health}')}: {item.reason}"
        yield Trouble(item.health, text, advice or "repair it", plan)


def _pins(host: Host, inventory: Inventory) -> Found:
    """Versions that a file asks for and that are not there, each once."""
    asking: dict[str, list[str]] = {}
    for project in inventory.projects:
        for pin in project.pins:
            for word, found in zip(pin.versions, pin.resolves_to, strict=False):
                if (
                    found is None
                    and word[:1].isdigit()
                    and os.path.basename(pin.file) != "envs.toml"
                ):
                    asking.setdefault(word, []).append(host.short(pin.file))
    for word, files in asking.items():
        plan, advice = _or_reason(verbs.plan_install, host, word)
        text = f"Python {word} is not installed; asked for by {', '.join(files)}"
        yield Trouble("missing version", text, advice or "install it, or pin another", plan)


def _shells(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """What keeps envtui's own function and its hook from working."""
    yield from flaws.flaws(host, init.program())
    try:
        trust.word(os.sep, os.sep)
    except Problem as reason:
        yield Trouble("no words kept", str(reason), "`envtui allow` keeps new ones then", None)


def _or_reason(make: Callable[..., Plan], *of: object) -> tuple[Plan | None, str]:
    """The plan, or why there is none."""
    try:
        return make(*of), ""
    except Problem as reason:
        return None, str(reason)
