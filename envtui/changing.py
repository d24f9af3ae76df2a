"""The commands that change something on disk: plan, show, ask, perform."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from envtui import document, verbs
from envtui.errors import BadInput, Negative, Refused
from envtui.host import Host
from envtui.plan import Plan, Write
from envtui.reading import human, print_json
from envtui.table import paint, plain, render


def create(arguments: Namespace, host: Host) -> int:
    """`envtui create`."""
    found = verbs.scan(host)
    plan = verbs.plan_create(
        host,
        found,
        arguments.target,
        kind=arguments.kind,
        python=arguments.python,
        project=arguments.project,
        source=arguments.source,
    )
    return change(arguments, host, plan)


def remove(arguments: Namespace, host: Host) -> int:
    """`envtui remove`; with --yes no prefix of a name is taken for it."""
    found = verbs.scan(host, tuple(arguments.root or ()))
    try:
        items = [
            verbs.find(found, host, word, exact=arguments.yes) for word in arguments.environments
        ]
    except Negative as reason:
        raise Refused(f"refused: {reason}") from None
    return change(arguments, host, verbs.plan_remove(host, found, items))


def pin(arguments: Namespace, host: Host) -> int:
    """`envtui pin`."""
    _one_scope(arguments)
    found = verbs.scan(host)
    words = arguments.words
    plan = verbs.plan_pin(
        host, found, words, project=arguments.project, globally=arguments.globally
    )
    return change(arguments, host, plan)


def rebuild(arguments: Namespace, host: Host) -> int:
    """`envtui rebuild`."""
    found = verbs.scan(host, tuple(arguments.root or ()))
    item = verbs.find(found, host, arguments.environment, exact=arguments.yes)
    return change(arguments, host, verbs.plan_rebuild(host, found, item, arguments.python))


def install(arguments: Namespace, host: Host) -> int:
    """`envtui install`."""
    return change(arguments, host, verbs.plan_install(host, arguments.version))


def uninstall(arguments: Namespace, host: Host) -> int:
    """`envtui uninstall`; with --yes no prefix of a name is taken for it."""
    found = verbs.scan(host, tuple(arguments.root or ()))
    item = verbs.installed_python(found, host, arguments.version, exact=arguments.yes)
    return change(arguments, host, verbs.plan_uninstall(host, found, item, force=arguments.force))


def unpin(arguments: Namespace, host: Host) -> int:
    """`envtui unpin`."""
    _one_scope(arguments)
    found = verbs.scan(host)
    plan = verbs.plan_unpin(host, found, project=arguments.project, globally=arguments.globally)
    return change(arguments, host, plan)


def _one_scope(arguments: Namespace) -> None:
    if arguments.project is not None and arguments.globally:
        raise BadInput("--project and --global exclude each other")


def setup(arguments: Namespace, host: Host) -> int:
    """`envtui setup [SHELL]`: the shell function, made permanent."""
    from envtui.shell import init, subshell
    from envtui.shell import setup as setting

    shell = arguments.shell or subshell.users_shell(os.environ)
    plan = setting.plan(shell, host, init.program(), auto=arguments.auto)
    if not plan.steps and not arguments.json:
        print(plan.done)
        return 0
    return change(arguments, host, plan)


def change(
    arguments: Namespace, host: Host, plan: Plan, more: Mapping[str, Any] | None = None
) -> int:
    """Show a plan, ask, perform it. Raises Problem with DESIGN's exit codes.

    `more` goes into the JSON beside the change.
    """
    from envtui import execute

    refused = execute.refusals(plan, host)
    plan = plan._replace(warnings=tuple(execute.warnings(plan, host)))
    if arguments.dry_run or refused:
        if arguments.json:
            answer = document.change(plan, None, done=False, refused=refused)
            print_json({**answer, **(more or {})})
        else:
            print_plan(host, plan)
        if refused:
            raise Refused(f"refused: {'; '.join(refused)}")
        return 0
    if not arguments.json or not arguments.yes:
        print_plan(host, plan, to_stderr=arguments.json)
    if not arguments.yes:
        confirm("Do it?")
    number = execute.perform(plan, host, _output)
    if arguments.json:
        answer = document.change(plan, number, done=True, refused=[])
        print_json({**answer, **(more or {})})
    else:
        lasting = [step for step in plan.steps if step.undo is None]
        back = f"`envtui undo {number}` takes {'the rest' if lasting else 'it'} back"
        if len(lasting) == len(plan.steps):
            back = "it cannot be taken back"
        print(paint("done", "green") + f": {plain(plan.done)}; {back}")
    return 0


def _output(line: str) -> None:
    """What a command printed goes to standard error: standard output is the answer."""
    print(plain(line), file=sys.stderr)


def print_plan(host: Host, plan: Plan, *, to_stderr: bool = False) -> None:
    """A plan as the dialog shows it: steps, how each is undone, warnings."""
    stream = sys.stderr if to_stderr else sys.stdout
    print(paint(plain(plan.title), "bold"), file=stream)
    for step in plan.steps:
        print(f"  {plain(step.text)}", file=stream)
        if isinstance(step, Write):
            for line in difference(host, step):
                print(f"    {plain(line)}", file=stream)
        print(f"    undo: {plain(step.undo or 'this cannot be undone')}", file=stream)
    for warning in plan.warnings:
        print(f"  {paint('note', 'yellow')}: {plain(warning)}", file=stream)


def difference(host: Host, step: Write) -> list[str]:
    """What a write changes, as lines of a unified diff without its header."""
    import difflib

    try:
        before = host.read(step.path)
    except OSError:
        before = b""
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, step.content))
    return list(difflib.unified_diff(old, new, lineterm="", n=1))[2:]


def confirm(question: str) -> None:
    """Ask on the terminal. Raises Refused without one, or for any answer but yes."""
    if not sys.stdin.isatty():
        raise Refused("not confirmed: there is no terminal to ask on; --yes does it")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("nothing was changed")


def undo(arguments: Namespace, host: Host) -> int:
    """`envtui undo [N]`."""
    from envtui import execute

    entry, words = execute.undo_plan(arguments.number, host)
    if arguments.dry_run or not arguments.json:
        print(paint(f"Undo {entry.number}: {plain(entry.done or entry.title)}", "bold"))
        for line in words:
            print(f"  {plain(line)}")
    if arguments.dry_run:
        return 0
    if not arguments.yes:
        confirm("Take it back?")
    entry = execute.undo(entry.number, host)
    if arguments.json:
        print_json(document.change(entry.plan, entry.number, done=True, refused=[]))
    else:
        print(paint("done", "green") + f": {plain(entry.title)} is undone")
    return 0


def trash(arguments: Namespace, host: Host) -> int:
    """`envtui trash [list | restore ID | empty]`."""
    from envtui import emptying, execute
    from envtui import trash as bin_

    if arguments.action == "restore":
        if not arguments.id:
            raise BadInput("say which: `envtui trash restore ID`; `envtui trash` lists them")
        path = execute.restore(arguments.id, host, arguments.to)
        print(f"restored {plain(host.short(path))}")
        return 0
    items = bin_.listing()
    for problem in bin_.problems():
        print(f"envtui: {plain(problem)}", file=sys.stderr)
    sizes = emptying.sizes(items)
    if arguments.action == "empty":
        return _empty(arguments, host, sizes)
    if arguments.json:
        rows = [
            {
                "id": item.id,
                "path": item.path,
                "time": item.time,
                "title": item.title,
                "change": item.number,
                "size": size,
            }
            for item, size in zip(items, sizes, strict=True)
        ]
        print_json({"schema": document.SCHEMA, "trash": rows})
        return 0
    if not items:
        print("The trash is empty.")
        return 0
    table = [
        [item.id, _age(emptying.age(item)), str(item.number), human(size), host.short(item.path)]
        for item, size in zip(items, sizes, strict=True)
    ]
    print(render(["ID", "AGE", "CHANGE", "SIZE", "WAS AT"], table, [""] * len(table)))
    return 0


def _age(seconds: float) -> str:
    if seconds < 0:
        return "?"  # the clock was set back
    return f"{seconds / 86400:.0f}d" if seconds >= 86400 else f"{seconds / 3600:.0f}h"


def _empty(arguments: Namespace, host: Host, sizes: list[int | None]) -> int:
    from envtui import execute

    if not sizes:
        execute.empty(host)  # what was cut off, and records of what is gone
        print("The trash is empty.")
        return 0
    total = human(sum(size or 0 for size in sizes)) + (" at least" if None in sizes else "")
    print(f"Delete {len(sizes)} items, {total}, for good. This cannot be undone.")
    if arguments.dry_run:
        return 0
    if not arguments.yes:
        confirm("Delete them?")
    gone = execute.empty(host)
    print(f"deleted {len(gone)} items, {total} are free again")
    return 0
