"""The commands that tell of one thing: show, why, config."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from envtui import document
from envtui.document import print_json
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory
from envtui.table import human, paint, plain

if TYPE_CHECKING:
    from envtui.facts.use import Use


def show(arguments: Namespace, host: Host) -> int:
    """`envtui show ENV`: everything, slow facts included, and why it is listed."""
    from envtui import verbs
    from envtui.facts import use as uses

    found = verbs.scan(host, arguments.root)
    item = verbs.find(found, host, arguments.environment)
    if isinstance(item, Interpreter):
        known, use = _interpreter_facts(host, found, item), uses.of(item.prefix)
    else:
        known, use = _facts(found, item), uses.of(item.real)
    known.update(_processes(use))
    if arguments.json:
        print_json({"schema": document.SCHEMA, **known})
        return 0
    if "size" in known:
        most = "at most " if known.pop("at_most") else ""
        frees, holds = human(known["size"]), human(known.pop("holds"))
        known["size"] = f"{holds}, of which {most}{frees} come back when it is deleted"
    del known["processes_unknown"], known["processes_hidden"]
    if use.unknown:
        known["processes"].append(f"perhaps some that can't be looked into: {use.unknown}")
    for key, value in known.items():
        lines = value if isinstance(value, list) else [value]
        for index, line in enumerate(lines or ["-"]):
            label = key.replace("_", " ").capitalize() if index == 0 else ""
            text = "-" if line is None else _text(line)
            print(f"{paint(f'{label:<14}', 'bold')} {plain(text)}")
    return 0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, dict):
        return str(value)
    return " ".join(str(part) for part in value.values() if part is not None)


def _facts(found: Inventory, item: Environment) -> dict[str, Any]:
    from envtui.facts.last_use import times
    from envtui.facts.packages import packages
    from envtui.facts.size import may_share_blocks, measure

    tree = measure(item.path)
    when = times(item.real)
    size = tree.frees if tree else None
    return {
        **document.environment(item._replace(size=size, last_used=when.used)),
        "holds": tree.holds if tree else None,
        "at_most": may_share_blocks(item.real),
        "made": when.made,
        "last_changed": when.changed,
        "python": item.python,
        "aliases": list(item.aliases),
        "pinned_by": _pinned_by(found, item.id),
        "packages": [f"{name} {version}" for name, version in packages(item.real)],
    }


def _processes(use: Use) -> dict[str, Any]:
    """Who is inside, and how many processes did not let themselves be asked."""
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


def why(arguments: Namespace, host: Host) -> int:
    """`envtui why`: 0, or 1 where no Python would run."""
    from envtui import verbs

    found = verbs.scan(host)
    answer = verbs.why(host, found, arguments.directory)
    if arguments.json:
        print_json(document.decision(answer))
        return 0 if answer.python or answer.path else 1
    version = f"Python {answer.version}" if answer.version else "no Python"
    print(f"{host.short(plain(answer.directory))} gets {paint(version, 'bold')}", end="")
    print(f"  {plain(answer.python)}" if answer.python else "")
    print(f"  decided by {plain(host.short(answer.source))}: {plain(answer.rule)}")
    for one in answer.overruled:
        print(f"  over       {plain(host.short(one.source))}: {one.manager} {plain(one.python)}")
    for word in answer.pyenv_missing:
        from shlex import quote

        print(f"  missing    {plain(word)}: `pyenv install {quote(plain(word))}` may get it")
    return 0 if answer.python or answer.path else 1


def config(arguments: Namespace, host: Host) -> int:
    """`envtui config`: the settings and where they come from."""
    from envtui import config as settings
    from envtui import keymap

    if arguments.path:
        from envtui import places

        print(places.config("config.toml"))
        return 0
    loaded = settings.load(host)
    roots = settings.roots_for(host)
    source = loaded.path if loaded.roots is not None else "default"
    keymap.of(loaded)
    values: dict[str, dict[str, Any]] = {"roots": {"value": list(roots), "source": source}}
    for name, value in (("theme", loaded.theme), ("keys", dict(loaded.keys))):
        values[name] = {"value": value or None, "source": loaded.path if value else "default"}
    limits = {name: value for name, value in loaded.trash._asdict().items() if value}
    values["trash"] = {"value": limits or None, "source": loaded.path if limits else "default"}
    if arguments.json:
        print_json({"schema": document.SCHEMA, "path": loaded.path, "settings": values})
        return 0
    there = "" if loaded.exists else " (not there; defaults hold)"
    print(f"{plain(loaded.path)}{there}")
    for name, setting in values.items():
        if setting["value"] is None:
            print(f"# {name}: default")
        else:
            print(_as_toml(name, setting["value"]), f" # {plain(setting['source'])}")
    return 0


def _as_toml(name: str, value: Any) -> str:
    """A setting as the file would have it, for copying."""
    import tomlkit

    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        if "max_size" in value:
            inline["max_size"] = _exact(value["max_size"])
        value = inline
    return plain(f"{name} = {tomlkit.item(value).as_string()}")


def _exact(size: int) -> str:
    """Bytes as `max_size` takes them, none lost: 5G, 1536M."""
    for power, unit in ((4, "T"), (3, "G"), (2, "M")):
        if size % 1024**power == 0:
            return f"{size // 1024**power}{unit}"
    return f"{size / 1024}K"
