"""`envtui list`: all that was found, or what a filter leaves of it, as tables or as JSON."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import ExitStack
from typing import TYPE_CHECKING

from envtui import document, lost
from envtui.document import print_json
from envtui.errors import BadInput
from envtui.host import Host
from envtui.lost import Lost
from envtui.model import (
    ENVIRONMENT_KINDS,
    INTERPRETER_KINDS,
    Environment,
    Interpreter,
    Inventory,
)
from envtui.table import human, plain, remark, render

if TYPE_CHECKING:
    from envtui.facts.size import Tree
    from envtui.filter import Filter


def list_all(arguments: Namespace, host: Host) -> int:
    """`envtui list`: 0, or 1 where a filter matched nothing."""
    from envtui import survey
    from envtui.filter import parse

    chosen = parse(arguments.filter)
    for kind in arguments.kind or ():
        if kind not in (*ENVIRONMENT_KINDS, *INTERPRETER_KINDS):
            known = ", ".join(dict.fromkeys((*ENVIRONMENT_KINDS, *INTERPRETER_KINDS)))
            raise BadInput(f"--kind {kind}: there is no such kind; the kinds are {known}")
    answer = survey.look(host, arguments.root)
    with ExitStack() as after:
        after.callback(answer.keep)
        after.callback(sys.stdout.flush)  # whoever reads a pipe need not wait for the above
        return _list(arguments, host, chosen, answer.found)


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
            for item in (_with(host, one, wanted, trees) for one in found.environments if fits(one))
            if chosen.matches(item)
        ),
    )
    if narrowed:
        left = {item.project for item in found.environments}
        projects = tuple(item for item in found.projects if item.path in left)
        found = found._replace(projects=projects)
    if arguments.json:
        print_json(document.inventory(found))
    else:
        shown = {item.id for item in found.environments}
        gone = [one for one in gone if shown.intersection(one.environments)]
        _print_inventory(host, found, gone, sized="size" in wanted, narrowed=narrowed)
        if trees:
            _print_totals(found, trees)
        for notice in found.notices:
            remark(f"{notice.path}: {notice.message}")
    nothing = not found.environments and not found.interpreters
    return 1 if nothing and narrowed else 0


def _with(
    host: Host, item: Environment, wanted: set[str] | frozenset[str], trees: dict[str, Tree]
) -> Environment:
    """With these slow facts, as far as they can be known."""
    if "size" in wanted:
        from envtui.facts.size import measure_soon

        try:
            tree = measure_soon(item.path)
        except OSError as error:  # gone meanwhile, too much, or its disk hangs
            tree = None
            remark(f"{item.path}: no size: {error.strerror}")
        if tree:
            trees[item.id] = tree
            item = item._replace(size=tree.frees)
    if "last_used" in wanted and not host.is_silent(item.real):
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
    if item.active:
        return "active"
    if item.eol is None:
        return "-"
    ended = item.eol < host.today()
    return f"ended {item.eol[:7]}" if ended else f"until {item.eol[:7]}"
