"""The commands that take back: undo, history, trash."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sized

from envtui import document
from envtui.document import print_json
from envtui.errors import BadInput, Refused
from envtui.host import Host
from envtui.table import human, paint, plain, remark, render, when


def undo(arguments: Namespace, host: Host) -> int:
    """`envtui undo [N]`."""
    from envtui import execute

    entry, words = execute.undo_plan(arguments.number, host)
    if arguments.dry_run and arguments.json:
        print_json(document.change(entry.plan, entry.number, done=False, refused=[]))
        return 0
    what = entry.title + ", which was not finished" * (entry.status == "running")
    title = paint(f"Undo {entry.number}: {plain(what)}", "bold")
    _tell(arguments, title, *(f"  {plain(line)}" for line in words))
    if arguments.dry_run:
        return 0
    if not arguments.yes:
        _confirm("Take it back?")
    entry = execute.undo(entry.number, host)
    if arguments.json:
        print_json(document.change(entry.plan, entry.number, done=True, refused=[]))
    else:
        print(paint("done", "green") + f": {plain(entry.title)} is undone")
    return 0


def history(arguments: Namespace, _host: Host) -> int:
    """`envtui history`: every change, newest first."""
    from envtui import journal

    changes, problems = journal.read()
    entries = [change.entry for change in changes]
    for problem in problems:
        remark(problem)
    code = 2 if problems and not entries else 0
    if arguments.json:
        print_json({"history": [document.entry(one) for one in entries]})
        return code
    if not entries:
        if not problems:
            print("Nothing has been changed yet.")
        return code
    rows = [[str(entry.number), when(entry.time), entry.status, entry.title] for entry in entries]
    print(render(["N", "TIME", "STATUS", "CHANGE"], rows, [""] * len(rows)))
    return 0


def trash(arguments: Namespace, host: Host) -> int:
    """`envtui trash [list | restore ID | empty [ID]]`."""
    if arguments.action == "restore":
        return _restore(arguments, host)
    from envtui import trash as bin_

    problems = bin_.problems()
    for problem in problems:
        remark(problem)
    if arguments.action == "empty":
        return _empty(arguments, host)
    if arguments.id or arguments.to:
        raise BadInput("`envtui trash list` takes no more words; `envtui trash restore ID` does")
    from envtui import emptying

    items = bin_.listing()
    sizes = emptying.sizes(items)
    if arguments.json:
        rows = [
            {
                "id": item.id,
                "path": item.path,
                "kind": bin_.kind(item),
                "time": item.time,
                "title": item.title,
                "change": item.number,
                "size": size,
            }
            for item, size in zip(items, sizes, strict=True)
        ]
        print_json({"trash": rows})
        return 0
    if not items:
        if not problems:
            print("The trash is empty.")
        return 0
    table = [
        [item.id, bin_.kind(item), _age(emptying.age(item, host)), str(item.number), human(size),
         host.short(item.path)]
        for item, size in zip(items, sizes, strict=True)
    ]  # fmt: skip
    header = ["ID", "WHAT", "AGE", "CHANGE", "SIZE", "WAS AT"]
    print(render(header, table, [""] * len(table), (5,)))
    return 0


def _age(seconds: float) -> str:
    if seconds < 0:
        return "?"  # the clock was set back
    return f"{seconds / 86400:.0f}d" if seconds >= 86400 else f"{seconds / 3600:.0f}h"


def _restore(arguments: Namespace, host: Host) -> int:
    from envtui import recovery, trashing
    from envtui import trash as bin_

    if not arguments.id:
        raise BadInput("say which: `envtui trash restore ID`; `envtui trash` lists them")
    item = bin_.find(arguments.id)
    path = host.expand(arguments.to) if arguments.to else item.path
    if reason := trashing.obstacle(item, os.path.abspath(path)):
        raise Refused(reason)
    answer = {"id": item.id, "path": path, "done": False}
    _tell(arguments, f"Move {plain(item.path)} from the trash back to {plain(path)}.")
    if more := recovery.more(item):
        note = paint("note", "yellow")
        _tell(arguments, f"  {note}: {plain(more)}")
    if not arguments.dry_run:
        if not arguments.yes:
            _confirm("Restore it?")
        done = recovery.restore(item.id, host, path if arguments.to else None)
        answer |= {"path": done, "done": True}
    if arguments.json:
        print_json(answer)
    elif answer["done"]:
        print(paint("done", "green") + f": restored {plain(host.short(path))}")
    return 0


def _empty(arguments: Namespace, host: Host) -> int:
    """All, or the one thing that is named."""
    from envtui import emptying, recovery
    from envtui import trash as bin_

    items = [bin_.find(arguments.id)] if arguments.id else bin_.listing()
    sizes = emptying.sizes(items)
    total = human(sum(size or 0 for size in sizes)) + (" at least" if None in sizes else "")
    ids = [item.id for item in items]
    for item, size in zip(items, sizes, strict=True):
        _tell(arguments, f"  {human(size):>6}  {plain(host.short(item.path))}")
    said = f"Delete {_many(ids)}, {total}, for good. This cannot be undone."
    _tell(arguments, said if ids else "The trash is empty.")
    gone = []
    if not arguments.dry_run:
        if ids and not arguments.yes:
            _confirm("Delete it?" if len(ids) == 1 else "Delete them?")
        try:
            # Where nothing is listed: what was cut off, and records of what is gone.
            gone = recovery.empty(host, ids if arguments.id else None)
        except Refused:
            if ids:  # else it is as empty as was said, where nothing may be written too
                raise
    if arguments.json:
        told = {"items": ids, "frees": sum(size or 0 for size in sizes), "done": bool(gone)}
        print_json(told)
    elif gone:
        print(paint("done", "green") + f": deleted {_many(gone)}, {total} are free again")
    return 0


def _tell(arguments: Namespace, *lines: str) -> None:
    """What would be done; beside JSON only to whom is asked."""
    if not (arguments.json and arguments.yes):
        for line in lines:
            print(line, file=sys.stderr if arguments.json else sys.stdout)


def _many(items: Sized) -> str:
    return f"{len(items)} item{'s' * (len(items) != 1)}"


def _confirm(question: str) -> None:
    from envtui.changing import confirm  # with it come all adapters, which a list does not need

    confirm(question)
