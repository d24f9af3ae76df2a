"""Failures that a user reads: one sentence and the exit code of DESIGN section 4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Problem(Exception):
    """A message for the user: what is wrong, where, and what to do. `code` is the exit status."""

    code = 2


class BadInput(Problem):
    """Wrong or ambiguous words, or a file that cannot be understood."""


class Negative(Problem):
    """The answer is no: nothing matched, or the environment is broken."""

    code = 1


class Refused(Problem):
    """Not done for safety, or not confirmed."""

    code = 3


class ToolMissing(Problem):
    """A program that the change needs is not installed."""

    code = 4


class StepFailed(Problem):
    """A step of a plan failed; the message says what was rolled back or where it stopped."""

    code = 5


class Busy(Refused):
    """Another envtui is changing something at this moment."""


class Cancelled(Problem):
    """The user interrupted a running change; the message says what was rolled back."""

    code = 130


def say(error: BaseException) -> str:
    """What went wrong, and with which file."""
    if not isinstance(error, OSError):
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def perhaps(word: str, names: Iterable[str]) -> str:
    """What may have been meant by a word that is not known, as an end to the sentence; else ""."""
    import difflib  # only where something goes wrong

    close = difflib.get_close_matches(word, list(names), 1)
    return f", perhaps {close[0]!r}" if close else ""


def some(names: Sequence[str], most: int) -> str:
    """The first of the names, and how many there are besides."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
