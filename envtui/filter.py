"""The grammar of `/` and `--filter`: words that must all hold, `!` in front of one that must not.

    broken kind:poetry py:<3.10 size:>1G unused:>90d !api

A plain word is a state (`broken`, `orphan`, `active` ...) or a part of name, path, id or project.
What is not known matches neither a word on it nor its opposite.
"""

from __future__ import annotations

import operator
import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, Union

from envtui.errors import BadInput
from envtui.model import (
    ENVIRONMENT_KINDS,
    INTERPRETER_KINDS,
    WELL,
    Environment,
    Interpreter,
    Project,
)

Row = Union[Environment, Interpreter, Project]
AnyRow = TypeVar("AnyRow", bound=Row)
Test = Callable[[Row], Union[bool, None]]
"""None where what it asks for is not known of the row."""
SLOW = {"size": "size", "unused": "last_used"}
"""Words on facts that are read on demand, and the field of an environment that they look at."""

_NAMED = frozenset((*ENVIRONMENT_KINDS, *INTERPRETER_KINDS))
"""Ids begin with them, and a colon."""

_STATES: dict[str, Test] = {
    "broken": lambda row: getattr(row, "health", "ok") not in WELL,
    "active": lambda row: getattr(row, "active", False),
    "ok": lambda row: getattr(row, "health", None) == "ok",
    "orphan": lambda row: getattr(row, "link", None) == "orphaned",
    "orphaned": lambda row: getattr(row, "link", None) == "orphaned",
    "unmapped": lambda row: getattr(row, "link", None) == "unmapped",
    "unused": lambda row: isinstance(row, Interpreter) and row.dependents == 0,
}


def _health(state: str) -> Test:
    return lambda row: getattr(row, "health", None) == state


for _state in ("unreadable", "no-python", "moved", "overlaid", "version-differs"):
    _STATES[_state] = _health(_state)


class Filter(NamedTuple):
    """A parsed filter; an empty one matches everything."""

    text: str
    tests: tuple[Test, ...]
    slow: tuple[Test, ...] = ()
    """Those on slow facts, asked last."""
    needs: frozenset[str] = frozenset()
    """The fields of an environment that the slow ones look at: fill them in first."""

    def matches(self, row: Row) -> bool:
        """Whether all of its words hold for the row."""
        return self.quick(row) and all(test(row) for test in self.slow)

    def quick(self, row: Row) -> bool:
        """Whether the words hold that need no slow fact."""
        return all(test(row) for test in self.tests)

    def passing(self, rows: list[AnyRow]) -> list[AnyRow]:
        """The rows that are `quick`; one word after the other, for a list of thousands."""
        for test in self.tests:
            rows = [row for row in rows if test(row)]
        return rows


def text_of(row: Row) -> str:
    """All that a plain word is looked for in; no word has a newline in it."""
    if isinstance(row, Environment):
        return f"{row.name}\n{row.path}\n{row.id}\n{row.project or ''}".lower()
    if isinstance(row, Project):
        return "\n".join((row.name, row.path, *row.managers)).lower()
    return f"{row.name}\n{row.path}\n{row.id}".lower()


def parse(text: str, texts: Callable[[Row], str] = text_of) -> Filter:
    """A filter from what a person typed. Raises BadInput that names the word.

    `texts` gives what `text_of` would, for a list that keeps it from one key to the next.
    """
    quick: list[Test] = []
    slow: list[Test] = []
    needs: set[str] = set()
    for word in text.split():
        key = word.lstrip("!").partition(":")[0]
        (slow if key in SLOW and ":" in word else quick).append(_word(word, texts))
        if key in SLOW and ":" in word:
            needs.add(SLOW[key])
    return Filter(text, tuple(quick), tuple(slow), frozenset(needs))


def _word(word: str, texts: Callable[[Row], str]) -> Test:
    if word.startswith("!") and len(word) > 1:
        inner = _word(word[1:], texts)
        return lambda row: None if (held := inner(row)) is None else not held
    key, colon, value = word.partition(":")
    if colon and key in _KEYS:
        if not value:
            raise BadInput(f"{word!r}: a value is missing after the colon")
        return _KEYS[key](value)
    if colon and key.isalpha() and key not in _NAMED:
        fields = " ".join(f"{name}:" for name in _KEYS)
        raise BadInput(f"no field {key!r}, only {fields}")
    if word.lower() in _STATES:
        return _STATES[word.lower()]
    part = word.lower()
    return lambda row: part in texts(row)


def _kind(value: str) -> Test:
    kinds = frozenset(value.split(","))
    if unknown := sorted(kinds - _NAMED - {"cache"}):  # which `clean` has, too
        known = " ".join(dict.fromkeys((*ENVIRONMENT_KINDS, *INTERPRETER_KINDS)))
        raise BadInput(f"no kind {unknown[0]!r}, only {known}")

    def test(row: Row) -> bool:
        if isinstance(row, Project):
            return not kinds.isdisjoint(row.managers)
        return row.kind in kinds

    return test


def _python(value: str) -> Test:
    found = re.fullmatch(r"(<=|>=|<|>|=)?(\d+(?:\.\d+)*)", value)
    if not found:
        raise BadInput(f"py:{value}: a version such as 3.12, <3.10 or >=3.11 is expected")
    sign, wanted = found[1] or "=", tuple(int(part) for part in found[2].split("."))
    compared = _COMPARED[sign]

    def test(row: Row) -> bool:
        have = _numbers(getattr(row, "version", None) or "")[: len(wanted)]
        return bool(have) and compared(have, wanted)

    return test


@lru_cache(256)
def _numbers(version: str) -> tuple[int, ...]:
    """3.13.0rc1 is (3, 13, 0); () where it begins with no number."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _project(value: str) -> Test:
    part = value.lower()

    def test(row: Row) -> bool:
        place = row.path if isinstance(row, Project) else getattr(row, "project", None)
        return part in (place or "").lower()

    return test


_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip


def _amount(word: str, value: str, units: str, example: str) -> tuple[str, float, str]:
    """Operator, number and unit of `>1.5G`; without an operator it is "at least"."""
    found = re.fullmatch(rf"(<=|>=|<|>|=)?(\d+(?:\.\d+)?)([{units}]?)b?", value.lower())
    if not found:
        raise BadInput(f"{word}:{value}: {example} is expected")
    return found[1] or ">=", float(found[2]), found[3]


def _size(value: str) -> Test:
    sign, number, unit = _amount("size", value, "kmgt", "a size such as >1G, <50M or 300K")
    limit = number * 1024 ** ("kmgt".index(unit) + 1 if unit else 0)

    def test(row: Row) -> bool | None:
        size = getattr(row, "size", None)
        return None if size is None else _COMPARED[sign](size, limit)

    return test


_DAYS = {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}


def _unused(value: str) -> Test:
    sign, number, unit = _amount("unused", value, "dwmy", "an age such as >90d, 6m or <2w")
    limit = number * _DAYS[unit]
    now = time.time()

    def test(row: Row) -> bool | None:
        if getattr(row, "active", False):
            return _COMPARED[sign](0, limit)
        days = age_in_days(getattr(row, "last_used", None), now)
        return None if days is None else _COMPARED[sign](days, limit)

    return test


def age_in_days(moment: str | None, now: float) -> float | None:
    """Days since a moment or a day in ISO 8601, UTC; None where it is not known.

    A day that is known as such has its end, so that nothing is called older than it may be.
    """
    if not moment:
        return None
    import datetime as dt  # 2 ms that no other word needs

    text = f"{moment}T23:59:59+00:00" if len(moment) == 10 else moment.replace("Z", "+00:00")
    return max(0.0, (now - dt.datetime.fromisoformat(text).timestamp()) / 86_400)


_KEYS: dict[str, Callable[[str], Test]] = {
    "kind": _kind, "py": _python, "project": _project, "size": _size, "unused": _unused,
}  # fmt: skip
