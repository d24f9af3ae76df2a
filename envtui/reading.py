"""The commands that only read: list, show, why, history, env, config."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from envtui import document, lost
from envtui.errors import BadInput
from envtui.host import Host
from envtui.lost import Lost
from envtui.model import (
    ENVIRONMENT_KINDS,
    INTERPRETER_KINDS,
    Environment,
    Interpreter,
    Inventory,
    Project,
)
from envtui.table import paint, plain, render

if TYPE_CHECKING:
    from envtui.facts.size import Tree
    from envtui.facts.use import Use
    from envtui.filter import Filter


def print_json(value: Any) -> None:
    """JSON on standard output; pretty for a person, one line for a pipe."""
    print(json.dumps(value, indent=2 if sys.stdout.isatty() else None))


def list_all(arguments: Namespace, host: Host) -> int:
    """`envtui list`: 0, or 1 where a filter matched nothing."""
    from envtui import survey
    from envtui.filter import parse

    chosen = parse(arguments.filter or "")
    for kind in arguments.kind or ():
        if kind not in (*ENVIRONMENT_KINDS, *INTERPRETER_KINDS):
            known = ", ".join(dict.fromkeys((*ENVIRONMENT_KINDS, *INTERPRETER_KINDS)))
            raise BadInput(f"--kind {kind}: there is no such kind; the kinds are {known}")
    found, keep = survey.look(host, tuple(arguments.root or ()))
    with ExitStack() as after:
        after.callback(keep)
        after.callback(sys.stdout.flush)  # whoever reads a pipe need not wait for the above
        return _list(arguments, host, chosen, found)


def _list(arguments: Namespace, host: Host, chosen: Filter, found: Inventory) -> int:
    gone = lost.pythons(found)
    kinds = frozenset(arguments.kind or ())

    narrowed = bool(kinds or chosen.text.strip())

    def fits(row: Environment | Interpreter) -> bool:
        return (not kinds or row.kind in kinds) and chosen.quick(row)

    # What is asked of the few that are left may take long to find out: sizes, for one.
    trees: dict[str, Tree] = {}
    wanted = chosen.needs | ({"size"} if arguments.size else set())
    found = found._replace(
        interpreters=tuple(i for i in found.interpreters if fits(i) and chosen.matches(i)),
        environments=tuple(
            item
            for item in (_with(item, wanted, trees) for item in found.environments if fits(item))
            if chosen.matches(item)
        ),
    )
    if narrowed:
        found = found._replace(projects=_holding(found))
    if arguments.json:
        print_json(document.inventory(found))
    else:
        shown = {item.id for item in found.environments}
        gone = [one for one in gone if shown.intersection(one.environments)]
        _print_inventory(host, found, gone, sized="size" in wanted, narrowed=narrowed)
        if trees:
            _print_totals(found, trees)
        _print_notices(found)
    nothing = not found.environments and not found.interpreters
    return 1 if nothing and narrowed else 0


def _holding(found: Inventory) -> tuple[Project, ...]:
    left = {item.project for item in found.environments}
    return tuple(item for item in found.projects if item.path in left)


def _with(
    item: Environment, wanted: set[str] | frozenset[str], trees: dict[str, Tree]
) -> Environment:
    """With these slow facts, as far as they can be known."""
    if "size" in wanted:
        from envtui.facts.size import measure_soon

        try:
            tree = measure_soon(item.path)
        except OSError as error:  # gone meanwhile, too much, or its disk hangs
            tree = None
            print(f"envtui: {plain(item.path)}: no size: {error.strerror}", file=sys.stderr)
        if tree:
            trees[item.id] = tree
            item = item._replace(size=tree.frees)
    if "last_used" in wanted:
        from envtui.facts.last_use import last_used

        item = item._replace(last_used=last_used(item.real))
    return item


def _print_totals(found: Inventory, trees: dict[str, Tree]) -> None:
    """Where the space is: what each kind would free if all of it were deleted, with a bar."""
    from envtui.facts.size import together

    kinds: dict[str, list[Tree]] = {}
    for item in found.environments:
        if item.id in trees:
            kinds.setdefault(item.kind, []).append(trees[item.id])
    totals = {kind: together(mine).frees for kind, mine in kinds.items()}
    most = max(totals.values(), default=0)
    rows = [
        [kind, str(len(kinds[kind])), human(total), "█" * round(total * 30 / most) if most else ""]
        for kind, total in sorted(totals.items(), key=lambda pair: -pair[1])
    ]
    every = together(trees[item.id] for item in found.environments if item.id in trees)
    rows.append(["all", str(len(found.environments)), human(every.frees), ""])
    print()
    print(render(["KIND", "ENVS", "FREES", ""], rows, [""] * len(rows)))


def _print_inventory(
    host: Host, found: Inventory, gone: list[Lost], *, sized: bool, narrowed: bool
) -> None:
    if not found.interpreters and not found.environments:
        if narrowed:
            print("Nothing matches. `envtui list` alone lists all.")
        else:
            print("Nothing found. `envtui create` makes an environment here.")
        return
    if found.environments:
        header = ["ENVIRONMENT", "KIND", "PYTHON", *(["SIZE"] if sized else []), "STATE", "PLACE"]
        rows, styles = [], []
        for item in found.environments:
            words, style = state(item)
            size = [human(item.size)] if sized else []
            place = host.short(item.project or item.path)
            rows.append([item.name, item.kind, item.version or "?", *size, words, place])
            styles.append(style)
        print(render(header, rows, styles, (0, len(header) - 1)))
    if found.interpreters:
        if found.environments:
            print()
        rows = [
            [one.version, one.kind, str(one.dependents), _support(host, one), host.short(one.path)]
            for one in found.interpreters
        ]
        styles = ["green" if one.active else "" for one in found.interpreters]
        # What is gone stays listed as long as something stands on it.
        rows += [
            [one.version, "-", str(len(one.environments)), "gone", host.short(one.base)]
            for one in gone
        ]
        styles += ["red"] * len(gone)
        print(render(["PYTHON", "FROM", "ENVS", "STATE", "PLACE"], rows, styles, (4,)))
    for one in gone:
        count = len(one.environments)
        print(
            f"{count} environment{'s' * (count > 1)} lost Python {plain(one.version)}: "
            f"`envtui repair {plain(_typed(host, one.base))}` mends what can be"
        )


def _typed(host: Host, path: str) -> str:
    """A path as it can be pasted into a shell; between quotes `~` would be no home."""
    import shlex

    short = host.short(path)
    return short if short == "~" + shlex.quote(short[1:]) else shlex.quote(path)


def state(item: Environment) -> tuple[str, str]:
    """The gravest fact about an environment in a word or two, and its colour."""
    if item.health in ("broken", "no-python", "unreadable"):
        return item.health, "red"
    if item.active:
        return "active", "green"
    if item.link == "orphaned":
        return "orphaned", "yellow"
    if item.health != "ok":
        return item.health, "yellow"
    return "ok", ""


def _support(host: Host, item: Interpreter) -> str:
    import datetime as dt

    if item.active:
        return "active"
    today = dt.datetime.fromtimestamp(host.now(), dt.timezone.utc).date()
    if item.eol is None:
        return "-"
    ended = item.eol < today.isoformat()
    return f"ended {item.eol[:7]}" if ended else f"until {item.eol[:7]}"


def _print_notices(found: Inventory) -> None:
    for notice in found.notices:
        print(f"envtui: {plain(notice.path)}: {plain(notice.message)}", file=sys.stderr)


def human(size: int | None) -> str:
    """Bytes as people read them: 412M, 1.3G; "?" where not known."""
    if size is None:
        return "?"
    number = float(size)
    for unit in ("B", "K", "M", "G"):
        if number < 1000:
            return f"{number:.0f}{unit}" if number >= 10 or unit == "B" else f"{number:.1f}{unit}"
        number /= 1024
    return f"{number:.1f}T"


def show(arguments: Namespace, host: Host) -> int:
    """`envtui show ENV`: everything, slow facts included, and why it is listed."""
    from envtui import verbs
    from envtui.facts import use as uses

    found = verbs.scan(host, tuple(arguments.root or ()))
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
