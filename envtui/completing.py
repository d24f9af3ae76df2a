"""What TAB offers, from the one table of commands: the shells ask, and quote what they insert.

One candidate a line, a tab, a word about it. No line where the shell should offer files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from envtui import index, places
from envtui.errors import Problem
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory

Candidate = tuple[str, str]
# TAB looks at the machine itself at most this often; between, the memory of the last scan answers.
_FRESH_SECONDS = 60.0


class Command(Protocol):
    """What TAB needs to know of a word of the command line."""

    @property
    def name(self) -> str:
        """The word."""

    @property
    def group(self) -> str:
        """Where `--help` shows it; "" where it does not."""

    @property
    def help(self) -> str:
        """What it does."""

    @property
    def arguments(self) -> Callable[[Any], None]:
        """Adds what it takes to a parser."""


class _Argument(NamedTuple):
    """One `add_argument` call."""

    names: tuple[str, ...]
    said: dict[str, Any]

    @property
    def takes_value(self) -> bool:
        return bool(self.said.get("action", "append") == "append")


class _Recorder:
    """Takes the calls that would build a parser."""

    def __init__(self) -> None:
        self.options: list[_Argument] = [_Argument(("--help",), {"action": "help", "help": "help"})]
        self.positionals: list[_Argument] = []

    def add_argument(self, *names: str, **said: Any) -> None:
        """As argparse's."""
        option = names[0].startswith("-")
        (self.options if option else self.positionals).append(_Argument(names, said))


def complete(words: list[str], host: Host, commands: Sequence[Command]) -> int:
    """Print what may stand for the last of the words that were typed after `envtui`."""
    try:
        found = list(candidates(words or [""], host, commands))
    except Problem:
        return 0  # a TAB is no place for messages
    lines = [f"{value}\t{about}\n" for value, about in found if _is_line(value)]
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode("".join(lines)))
    return 0


def candidates(words: list[str], host: Host, commands: Sequence[Command]) -> Iterator[Candidate]:
    """Every fitting candidate with a word about it. Raises Problem."""
    *before, current = words
    if not before:
        shown = [(c.name, c.help) for c in commands if c.group]
        general = [("--filter", "what to show"), ("--help", "help"), ("--version", "version")]
        yield from _starting(current, general if current.startswith("-") else shown)
        return
    command = next((one for one in commands if one.name == before[0]), None)
    if command is None or "--" in before:
        return
    known = _Recorder()
    command.arguments(known)
    options = {name: option for option in known.options for name in option.names}
    name, equals, value = current.partition("=")
    asked = options.get(before[-1])
    if asked and asked.takes_value:
        yield from _starting(current, _values(host, command.name, asked))
    elif equals and name in options:
        for text, about in _starting(value, _values(host, command.name, options[name])):
            yield f"{name}={text}", about
    elif current.startswith("-"):
        yield from _starting(current, _spelled(known.options))
    elif known.positionals:
        # What a positional is offered for is rarely what an option's value was taken for.
        given = sum(
            not word.startswith("-") and not _is_value(options, before[at])
            for at, word in enumerate(before[1:])
        )
        last = known.positionals[-1]
        more = last.said.get("nargs") in ("+", "*")
        if given < len(known.positionals) or more:
            wanted = known.positionals[min(given, len(known.positionals) - 1)]
            yield from _positional(host, command.name, wanted, current)


def _is_value(options: dict[str, _Argument], previous: str) -> bool:
    return previous in options and options[previous].takes_value


def _spelled(options: list[_Argument]) -> list[Candidate]:
    found = []
    for option in options:
        spelled = option.names[-1]
        found.append((spelled, option.said.get("help", "")))
        if not isinstance(option.said.get("action", ""), str):  # a pair of yes and no
            found.append(("--no-" + spelled.removeprefix("--"), ""))
    return found


def _values(host: Host, command: str, option: _Argument) -> list[Candidate]:
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


def _positional(host: Host, command: str, wanted: _Argument, current: str) -> Iterator[Candidate]:
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
    items: list[Environment | Interpreter] = [*found.environments, *found.interpreters]
    names = [item.name for item in items]
    for item in items:
        about = " ".join(filter(None, (item.kind, item.version)))
        if item.name.startswith(current) and names.count(item.name) == 1 and _is_line(item.name):
            yield item.name, about
        elif item.id.startswith(current):
            yield item.id, about


def _inventory(host: Host) -> Inventory:
    """What the last scan found and still is there; scanned anew where that is a while ago."""
    try:
        age = host.now() - os.stat(places.cache("index")).st_mtime
    except OSError:
        age = _FRESH_SECONDS
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
