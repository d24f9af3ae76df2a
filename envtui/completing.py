"""What TAB offers, from the one table of commands: the shells ask, and quote what they insert.

One candidate a line, a tab, a word about it. No line where the shell should offer files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from envtui import index, places
from envtui.commands import COMMANDS, EITHER, Argument
from envtui.errors import Problem
from envtui.host import Host
from envtui.model import Inventory

Candidate = tuple[str, str]
# TAB looks at the machine itself at most this often; between, the memory of the last scan answers.
_FRESH_SECONDS = 60.0
_HELP = Argument(("--help",), {"action": "help", "help": "help"})


def complete(words: list[str], host: Host) -> int:
    """Print what may stand for the last of the words that were typed after `envtui`."""
    try:
        found = list(candidates(words or [""], host))
    except Problem:
        return 0  # a TAB is no place for messages
    lines = [f"{value}\t{about}\n" for value, about in found if _is_line(value)]
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode("".join(lines)))
    return 0


def candidates(words: list[str], host: Host) -> Iterator[Candidate]:
    """Every fitting candidate with a word about it. Raises Problem."""
    *before, current = words
    if not before:
        shown = [(c.name, c.help) for c in COMMANDS if c.group]
        general = [("--filter", "what to show"), ("--help", "help"), ("--version", "version")]
        yield from _starting(current, general if current.startswith("-") else shown)
        return
    command = next((one for one in COMMANDS if one.name == before[0]), None)
    if command is None or "--" in before:
        return
    known = [_HELP, *command.arguments]
    positionals = [one for one in known if not one.names[0].startswith("-")]
    options = {name: one for one in known if one not in positionals for name in one.names}
    name, equals, value = current.partition("=")
    asked = options.get(before[-1])
    if asked and asked.takes_value:
        yield from _starting(current, _values(host, command.name, asked))
    elif equals and name in options:
        for text, about in _starting(value, _values(host, command.name, options[name])):
            yield f"{name}={text}", about
    elif current.startswith("-"):
        yield from _starting(current, _spelled(options))
    elif positionals:
        # What a positional is offered for is rarely what an option's value was taken for.
        given = sum(
            not word.startswith("-") and not _is_value(options, before[at])
            for at, word in enumerate(before[1:])
        )
        more = positionals[-1].said.get("nargs") in ("+", "*")
        if given < len(positionals) or more:
            wanted = positionals[min(given, len(positionals) - 1)]
            yield from _positional(host, command.name, wanted, current)


def _is_value(options: dict[str, Argument], previous: str) -> bool:
    return previous in options and options[previous].takes_value


def _spelled(options: dict[str, Argument]) -> list[Candidate]:
    found = []
    for spelled, option in options.items():
        if spelled == option.names[-1]:
            found.append((spelled, option.said.get("help", "")))
        if option.said.get("action") == EITHER:
            found.append(("--no-" + spelled.removeprefix("--"), ""))
    return found


def _values(host: Host, command: str, option: Argument) -> list[Candidate]:
    if option.said.get("choices"):
        return [(choice, "") for choice in option.said["choices"]]
    if "--kind" in option.names:
        return [(kind, "") for kind in _kinds(host, command)]
    if "--python" in option.names:
        return _pythons(_inventory(host))
    return []


def _kinds(host: Host, command: str) -> list[str]:
    if command == "create":
        from envtui import verbs

        return list(verbs.creatable(host))
    found = _inventory(host)
    return sorted(
        {item.kind for item in found.environments}.union(i.kind for i in found.interpreters)
    )


def _positional(host: Host, command: str, wanted: Argument, current: str) -> Iterator[Candidate]:
    metavar = str(wanted.said.get("metavar", ""))
    if wanted.said.get("choices"):
        yield from _starting(current, [(choice, "") for choice in wanted.said["choices"]])
    elif metavar.startswith("ENV"):
        yield from _bearers(_inventory(host), current)
    elif metavar == "VERSION" and command != "install":
        yield from _starting(current, _pythons(_inventory(host)))


def _pythons(found: Inventory) -> list[Candidate]:
    return [(item.name, item.kind) for item in found.interpreters if "/" not in item.name]


def _bearers(found: Inventory, current: str) -> Iterator[Candidate]:
    """Each environment and interpreter once: by name where only it has that, else by id."""
    names = [item.name for item in found.items]
    for item in found.items:
        about = " ".join(filter(None, (item.kind, item.version)))
        if item.name.startswith(current) and names.count(item.name) == 1 and _is_line(item.name):
            yield item.name, about
        elif item.id.startswith(current):
            yield item.id, about


def _inventory(host: Host) -> Inventory:
    """What the last scan found and still is there; scanned anew where that is a while ago."""
    memory = host.status(places.cache("index"))
    age = host.now() - memory.st_mtime if memory else _FRESH_SECONDS
    found = index.remembered(host) if 0 <= age < _FRESH_SECONDS else None
    if found is None:
        from envtui import verbs

        return verbs.scan(host)
    there = tuple(item for item in found.environments if host.lexists(item.path))
    return found._replace(environments=there)


def _starting(current: str, found: list[Candidate]) -> Iterator[Candidate]:
    return (candidate for candidate in found if candidate[0].startswith(current))


def _is_line(text: str) -> bool:
    """Whether a shell can be told it on a line: ids can, control characters are escaped in them."""
    return bool(text) and not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text)
