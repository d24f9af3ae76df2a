"""`envtui show`: all that is known of one, as far as its disk answers in time."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any, TypeVar

from envtui import document
from envtui.document import print_json
from envtui.facts.use import Use
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory
from envtui.silence import Silence
from envtui.table import human, paint, plain

T = TypeVar("T")


class _Asking:
    """Asks for slow facts; what its disk does not tell in time is missing, with the reason."""

    def __init__(self, host: Host, path: str) -> None:
        self.missing: dict[str, str] = {}
        self._silence = Silence(host)
        self._path = path

    def soon(self, ask: Callable[[], T], *names: str) -> T | None:
        """The answer; None where there is none for these facts."""
        return self.patiently(lambda: self._silence.ask(self._path, ask), *names)

    def patiently(self, ask: Callable[[], T | None], *names: str) -> T | None:
        """The same of what raises TimeoutError by itself."""
        try:
            return self._silence.patiently(self._path, ask)
        except OSError as error:
            self.missing |= dict.fromkeys(names, error.strerror or str(error))
            return None


def show(arguments: Namespace, host: Host) -> int:
    """`envtui show ENV`: everything, slow facts included, and why it is listed."""
    from envtui import naming, verbs
    from envtui.facts import use as uses

    found = verbs.scan(host, arguments.root)
    item = naming.known(found, host, arguments.environment)
    place = item.prefix if isinstance(item, Interpreter) else item.real
    asking = _Asking(host, place)
    use = asking.soon(lambda: uses.of(place), "processes")
    if isinstance(item, Interpreter):
        known = _interpreter_facts(host, found, item)
    else:
        known = _facts(found, item, asking)
    known.update(_processes(use))
    known["not_known"] = asking.missing
    if arguments.json:
        print_json(known)
    else:
        _print(known, use)
    return 0


def _print(known: dict[str, Any], use: Use | None) -> None:
    """As lines, a name before each."""
    missing = known.pop("not_known")
    if "size" in known:
        most, holds = "at most " if known.pop("at_most") else "", human(known.pop("holds"))
        known["size"] = (
            f"{holds}, of which {most}{human(known['size'])} come back when it is deleted"
        )
    del known["processes_unknown"], known["processes_hidden"]
    if use and use.unknown:
        known["processes"].append(f"perhaps some that can't be looked into: {use.unknown}")
    for key, value in known.items():
        told = f"not known: {missing[key]}" if key in missing else value
        lines = told if isinstance(told, list) else [told]
        for index, line in enumerate(lines or ["-"]):
            label = key.replace("_", " ").capitalize() if index == 0 else ""
            text = "-" if line is None else _text(line)
            print(f"{paint(f'{label:<14}', 'bold')} {plain(text)}")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, dict):
        return str(value)
    return " ".join(str(part) for part in value.values() if part is not None)


def _facts(found: Inventory, item: Environment, asking: _Asking) -> dict[str, Any]:
    from envtui.facts.last_use import Times, times
    from envtui.facts.packages import packages
    from envtui.facts.size import may_share_blocks, measure_soon

    when = asking.soon(lambda: times(item.real), "last_used", "made", "last_changed") or Times()
    installed = asking.soon(lambda: packages(item.real), "packages")
    # The last: a tree that is too big is no reason to ask nothing more.
    tree = asking.patiently(lambda: measure_soon(item.path), "size", "holds")
    size = tree.frees if tree else None
    return {
        **document.environment(item._replace(size=size, last_used=when.used)),
        "holds": tree.holds if tree else None,
        "at_most": bool(tree) and may_share_blocks(item.real),
        "made": when.made,
        "last_changed": when.changed,
        "python": item.python,
        "aliases": list(item.aliases),
        "pinned_by": _pinned_by(found, item.id),
        "packages": installed and [f"{name} {version}" for name, version in installed],
    }


def _processes(use: Use | None) -> dict[str, Any]:
    """Who is inside, and how many processes did not let themselves be asked."""
    if use is None:
        return {"processes": None, "processes_unknown": None, "processes_hidden": None}
    users = [*((one, False) for one in use.own), *((one, True) for one in use.others)]
    return {
        "processes": [
            {"pid": one.pid, "command": one.command, "evidence": one.evidence,
             "user": one.owner if foreign else None}
            for one, foreign in users
        ],
        "processes_unknown": use.unread + use.foreign,
        "processes_hidden": use.hidden,
    }  # fmt: skip


def _pinned_by(found: Inventory, name: str) -> list[str]:
    pins = (pin for project in found.projects for pin in project.pins)
    return sorted({pin.file for pin in pins if name in pin.resolves_to})


def _interpreter_facts(host: Host, found: Inventory, item: Interpreter) -> dict[str, Any]:
    from envtui.installing import dependents

    return {
        **document.interpreter(item),
        "environments": [one.id for one in dependents(host, found, item)],
        "pinned_by": _pinned_by(found, item.id),
    }
