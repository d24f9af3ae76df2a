"""The grammar of `/` and `--filter`: words that must all hold, `!` in front of one that must not.

    broken kind:poetry py:<3.10 !api

A plain word is a state (`broken`, `orphan`, `active` ...) or a part of name, path, id or project.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Union

from envtui.errors import BadInput
from envtui.model import Environment, Interpreter, Project

Row = Union[Environment, Interpreter, Project]
Test = Callable[[Row], bool]

_STATES: dict[str, Test] = {
    "active": lambda row: getattr(row, "active", False),
    "ok": lambda row: getattr(row, "health", None) == "ok",
    "orphan": lambda row: getattr(row, "link", None) == "orphaned",
    "orphaned": lambda row: getattr(row, "link", None) == "orphaned",
    "unmapped": lambda row: getattr(row, "link", None) == "unmapped",
    "unused": lambda row: isinstance(row, Interpreter) and row.dependents == 0,
}


def _health(state: str) -> Test:
    return lambda row: getattr(row, "health", None) == state


for _state in ("unreadable", "no-python", "broken", "moved", "overlaid", "version-differs"):
    _STATES[_state] = _health(_state)


class Filter(NamedTuple):
    """A parsed filter; an empty one matches everything."""

    text: str
    tests: tuple[Test, ...]

    def matches(self, row: Row) -> bool:
        """Whether all of its words hold for the row."""
        return all(test(row) for test in self.tests)


def parse(text: str) -> Filter:
    """A filter from what a person typed. Raises BadInput that names the word."""
    return Filter(text, tuple(_word(word) for word in text.split()))


def _word(word: str) -> Test:
    if word.startswith("!") and len(word) > 1:
        inner = _word(word[1:])
        return lambda row: not inner(row)
    key, colon, value = word.partition(":")
    if colon and key in _KEYS:
        if not value:
            raise BadInput(f"{word!r}: a value is missing after the colon")
        return _KEYS[key](value)
    if word.lower() in _STATES:
        return _STATES[word.lower()]
    return _contains(word.lower())


def _contains(part: str) -> Test:
    def test(row: Row) -> bool:
        words = [row.name, row.path, getattr(row, "id", ""), getattr(row, "project", "") or ""]
        words += getattr(row, "managers", ())
        return any(part in word.lower() for word in words)

    return test


def _kind(value: str) -> Test:
    kinds = frozenset(value.split(","))

    def test(row: Row) -> bool:
        if isinstance(row, Project):
            return not kinds.isdisjoint(row.managers)
        return row.kind in kinds

    return test


def _python(value: str) -> Test:
    found = re.fullmatch(r"(<=|>=|<|>|=)?(\d+(?:\.\d+)*)", value)
    if not found:
        raise BadInput(f"py:{value}: a version such as 3.12, <3.10 or >=3.11 is expected")
    operator, wanted = found[1] or "=", tuple(int(part) for part in found[2].split("."))

    def test(row: Row) -> bool:
        version = re.match(r"\d+(?:\.\d+)*", getattr(row, "version", None) or "")
        if not version:
            return False
        have = tuple(int(part) for part in version[0].split("."))[: len(wanted)]
        return {
            "=": have == wanted,
            "<": have < wanted,
            ">": have > wanted,
            "<=": have <= wanted,
            ">=": have >= wanted,
        }[operator]

    return test


def _project(value: str) -> Test:
    part = value.lower()

    def test(row: Row) -> bool:
        place = row.path if isinstance(row, Project) else getattr(row, "project", None)
        return part in (place or "").lower()

    return test


_KEYS: dict[str, Callable[[str], Test]] = {"kind": _kind, "py": _python, "project": _project}
