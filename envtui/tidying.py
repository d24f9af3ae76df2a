"""The commands that put a machine in order: repair, clean, doctor."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from envtui import cleaning, document, repairing, verbs
from envtui.changing import change
from envtui.cleaning import Suggestion
from envtui.document import print_json
from envtui.errors import BadInput, Cancelled, Problem, Refused
from envtui.facts.last_use import last_used
from envtui.filter import parse
from envtui.host import Host
from envtui.model import Environment, Interpreter
from envtui.silence import Silence
from envtui.table import human, paint, plain, plain_lines, remark, render

if TYPE_CHECKING:
    from envtui.facts.size import Tree
    from envtui.trouble import Trouble


def clean(arguments: Namespace, host: Host) -> int:
    """`envtui clean`: what is surely of no use; with a filter, all suggestions that match it."""
    wanted = parse(arguments.filter)
    narrowed = bool(wanted.text.strip())
    found = verbs.scan(host, arguments.root)
    # A filter that tells an age decides what is old.
    days = 0 if "last_used" in wanted.needs else cleaning.IDLE_DAYS
    silence = Silence(host)
    offered = cleaning.suggestions(host, found, days, silence)
    for place, why in silence.reasons.items():
        remark(f"{place}: not looked at, {why}")
    trees = {one.item.id: cleaning.tree_of(one) for one in offered}
    if narrowed:
        offered = [one for one in offered if wanted.matches(_with_facts(one, trees))]
    taken = [one for one in offered if one.chosen or narrowed]
    frees = cleaning.frees(trees, [one.item.id for one in taken])
    rows = [_told(one, trees, taken) for one in offered]
    told = {"suggestions": rows, "frees": frees}
    plan = cleaning.plan(host, found, taken)
    if not arguments.json:
        _print_suggestions(host, rows)
    if taken:
        if not arguments.json and frees:
            print(f"{human(frees)} come back when the trash is emptied.\n")
        code = change(arguments, host, plan, told)
        if not arguments.json and not arguments.dry_run and frees:
            print(f"{human(frees)} more in the trash; `envtui trash empty` frees the space")
        return code
    if arguments.json:
        print_json({**document.change(plan, None, done=False, refused=[]), **told})
    elif offered:
        print("None of it is surely of no use; `envtui clean --filter F` takes what F matches.")
    else:
        print("Nothing that could go matches." if narrowed else "There is nothing to clean up.")
    return 1 if narrowed else 0


def _with_facts(one: Suggestion, trees: dict[str, Tree | None]) -> Environment | Interpreter:
    """The row that a filter is asked about; a cache has the same fields as far as it needs them."""
    if not isinstance(one.item, Environment):
        return one.item  # type: ignore[return-value]
    tree = trees[one.item.id]
    return one.item._replace(size=tree and tree.frees, last_used=last_used(one.item.real))


def _told(
    one: Suggestion, trees: dict[str, Tree | None], taken: list[Suggestion]
) -> dict[str, Any]:
    tree = trees[one.item.id]
    frees = tree.frees if tree else None
    return document.suggestion(one.item.id, one.reasons, one.certainty, frees, chosen=one in taken)


def _print_suggestions(host: Host, told: list[dict[str, Any]]) -> None:
    rows = [
        [
            "✓" if one["chosen"] else " ",
            one["environment"],
            human(one["frees"]),
            "; ".join(one["reasons"]).replace(host.home + "/", "~/"),
        ]
        for one in told
    ]
    if rows:
        styles = ["" if one["chosen"] else "dim" for one in told]
        print(render(["", "COULD GO", "FREES", "WHY"], rows, styles) + "\n")


def doctor(arguments: Namespace, host: Host) -> int:
    """`envtui doctor`: 0 where nothing is wrong, else 1; with --fix, each plan after the other."""
    from envtui import doctor as checks

    if arguments.yes and not arguments.fix:
        raise BadInput("without --fix there is nothing to say yes to: `envtui doctor --fix --yes`")
    troubles = checks.examine(host, verbs.scan(host, arguments.root))
    if arguments.fix and not arguments.json:
        return _fix(arguments, host, troubles)
    if arguments.fix and not (arguments.yes or arguments.dry_run):
        raise Refused("not confirmed: with --json, --fix needs --yes")
    if not arguments.json:
        _print_troubles(host, troubles)
        return 1 if troubles else 0
    rows = [document.trouble(one.name, one.text, one.advice, one.plan) for one in troubles]
    if arguments.fix:
        for row, one in zip(rows, troubles, strict=True):
            row.update(_fixed(host, one, dry=arguments.dry_run))
    print_json({"troubles": rows})
    return 0 if all(row.get("done") for row in rows) else 1


def _fixed(host: Host, one: Trouble, *, dry: bool) -> dict[str, Any]:
    from envtui import execute

    number, refused = None, None
    if one.plan:
        refused = "; ".join(execute.refusals(one.plan, host)) or None
        try:
            number = None if refused or dry else execute.perform(one.plan, host)
        except Cancelled:
            raise
        except Problem as problem:
            refused = str(problem)
    return {"id": number, "done": number is not None, "refused": refused}


def _print_troubles(host: Host, troubles: list[Trouble]) -> None:
    for one in troubles:
        print(f"{paint('✗', 'red')} {plain(one.text.replace(host.home + '/', '~/'))}")
        said = one.plan.title if one.plan else one.advice
        print(f"    {'--fix: ' if one.plan else ''}{plain(said.replace(host.home, '~'))}")
    planned = sum(one.plan is not None for one in troubles)
    if not troubles:
        print("Nothing is wrong.")
    elif planned:
        print(
            f"\n`envtui doctor --fix` shows {planned} plan{'s' * (planned > 1)}, asking for each."
        )


def _fix(arguments: Namespace, host: Host, troubles: list[Trouble]) -> int:
    """Each plan as a change of its own, so that one that fails or is refused stops no other."""
    code = 0
    for one in troubles:
        if one.plan is None:
            remark(f"{one.text}: {one.advice}")
            code = code or 1
            continue
        try:
            change(arguments, host, one.plan)
        except Cancelled:
            raise
        except Problem as problem:
            print(f"envtui: {plain(one.plan.title)}: {plain_lines(str(problem))}", file=sys.stderr)
            code = problem.code
    if not troubles and not arguments.json:
        print("Nothing is wrong.")
    return code


def repair(arguments: Namespace, host: Host) -> int:
    """`envtui repair`: one plan for all that is named; with --yes no prefix of a name will do."""
    found = verbs.scan(host, arguments.root)
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
