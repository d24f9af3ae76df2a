"""The commands that change something on disk: plan, show, ask, perform."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from envtui import document, verbs
from envtui.document import print_json
from envtui.errors import BadInput, Negative, Refused
from envtui.host import Host
from envtui.plan import Plan, Write
from envtui.table import paint, plain


def create(arguments: Namespace, host: Host) -> int:
    """`envtui create`."""
    if arguments.target == "":  # an unset variable of a script means no default
        raise BadInput("the path of the new environment is empty")
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
    found = verbs.scan(host, arguments.root)
    words = arguments.environments
    try:
        items = [verbs.find(found, host, word, exact=arguments.yes) for word in words]
    except Negative as reason:
        raise Refused(f"refused: {reason}") from None
    # Who is named twice goes once.
    return change(arguments, host, verbs.plan_remove(host, found, list(dict.fromkeys(items))))


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
    found = verbs.scan(host, arguments.root)
    item = verbs.find(found, host, arguments.environment, exact=arguments.yes)
    return change(arguments, host, verbs.plan_rebuild(host, found, item, arguments.python))


def install(arguments: Namespace, host: Host) -> int:
    """`envtui install`."""
    return change(arguments, host, verbs.plan_install(host, arguments.version))


def uninstall(arguments: Namespace, host: Host) -> int:
    """`envtui uninstall`; with --yes no prefix of a name is taken for it."""
    found = verbs.scan(host, arguments.root)
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
    from envtui import execute, guards

    uses = guards.uses_of(plan.guards)
    refused = execute.refusals(plan, host, uses)
    plan = plan._replace(warnings=tuple(execute.warnings(plan, host, uses)))
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
    stream.flush()  # in a file with both streams it stands before what its commands print


def difference(host: Host, step: Write) -> list[str]:
    """What a write changes, as lines of a unified diff without its header."""
    import difflib

    if step.summary:
        return [step.summary]
    texts = (host.read_if(step.path), step.content)
    old, new = (text.decode("utf-8", "replace").splitlines() for text in texts)
    return list(difflib.unified_diff(old, new, lineterm="", n=1))[2:]


def confirm(question: str) -> None:
    """Ask on the terminal. Raises Refused without one, or for any answer but yes."""
    if not sys.stdin.isatty():
        raise Refused("not confirmed: there is no terminal to ask on; --yes does it")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    answer = ""
    try:
        answer = sys.stdin.readline()
    finally:
        if not answer.endswith("\n"):  # ctrl+c or ctrl+d: what follows begins a line of its own
            print(file=sys.stderr)
    if answer.strip().lower() not in ("y", "yes"):
        raise Refused("nothing was changed")
