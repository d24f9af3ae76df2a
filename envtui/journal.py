"""The journal: one file per change, a line per event, on disk before and after each step.

Events: `plan`, then `begin` and `end` of each step, then `done` or `failed`; `undoing`, `back` for
each step taken back, then `undone` or `stopped`. A line torn by a crash is ignored, and the event
after it says so; a file with any other line that cannot be read is told of and left alone.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any, NamedTuple

from envtui import disk, places, trash
from envtui.errors import BadInput, Refused
from envtui.host import Host
from envtui.journal_lines import LAST, VERSION, Newer, events_of, fields_of, line, plan_of
from envtui.log import now
from envtui.plan import Plan, kind_of

_NAME = re.compile(r"(\d+)\.jsonl")


class Entry(NamedTuple):
    """One change, as `history` shows it."""

    number: int
    time: str
    title: str
    done: str
    status: str
    """running, done, failed or undone."""
    steps: tuple[str, ...]
    undo: tuple[str | None, ...]
    """What undo does for each step, in words; None where it can do nothing."""
    message: str
    """Why it failed, or where its undo stopped; else empty."""
    plan: Plan


class Command(NamedTuple):
    """One command that was run for a change."""

    number: int
    time: str
    text: str
    cwd: str
    status: int | None
    """Exit status, negative for a signal; None where it was cut off before it ended."""
    output: str


class Change:
    """One change's file: its events so far, and the way to add one."""

    def __init__(self, number: int, events: list[dict[str, Any]]) -> None:
        self.number = number
        self.events = events
        self.plan = plan_of(events[0])

    @property
    def path(self) -> str:
        """Its file."""
        return _path(self.number)

    @property
    def status(self) -> str:
        """The last event decides; one that closes nothing leaves the change running."""
        last = self.events[-1]["event"]
        if last == "stopped" and self.failure:
            return "failed"
        return LAST.get(last, "running")

    @property
    def begun(self) -> dict[int, dict[str, Any]]:
        """For each step that was started, what was there before."""
        return {e["step"]: e["before"] for e in self.events if e["event"] == "begin"}

    @property
    def ended(self) -> dict[int, dict[str, Any]]:
        """For each step that was finished, what it left."""
        return {e["step"]: e["after"] for e in self.events if e["event"] == "end"}

    @property
    def back(self) -> set[int]:
        """The steps that undo has taken back."""
        return {e["step"] for e in self.events if e["event"] == "back"}

    @property
    def standing(self) -> list[int]:
        """The steps that undo or a rollback has to take back, last first."""
        left = self.failure.get("left", []) if self.failure else self.begun
        return sorted(set(left) - self.back, reverse=True)

    @property
    def failure(self) -> dict[str, Any]:
        """The event that tells why it failed; empty where it did not."""
        return next((e for e in self.events if e["event"] == "failed"), {})

    @property
    def undoing(self) -> bool:
        """Whether an undo was started."""
        return any(e["event"] == "undoing" for e in self.events)

    @property
    def entry(self) -> Entry:
        """As `history` shows it."""
        return Entry(
            self.number,
            self.events[0]["time"],
            self.plan.title,
            self.plan.done,
            self.status,
            tuple(step.text for step in self.plan.steps),
            tuple(step.undo for step in self.plan.steps),
            self.events[-1].get("message", ""),
            self.plan,
        )

    def add(self, event: str, **fields: Any) -> None:
        """Append an event; it is on disk when this returns. Raises OSError."""
        record = {"event": event, "time": now(), **fields}
        fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        try:
            size = os.fstat(fd).st_size
            if size > 0 and os.pread(fd, 1, size - 1) != b"\n":
                disk.write_all(fd, b"\n")
                record["torn"] = True
            disk.write_all(fd, line(record))
            os.fsync(fd)
        finally:
            os.close(fd)
        self.events.append(record)


def start(plan: Plan) -> Change:
    """Open the file of a new change, under the lock. Raises Refused where none can be kept."""
    try:
        # A number of which the trash still holds something is never given again.
        number = max([*_numbers(), *trash.numbers()], default=0) + 1
    except BadInput as problem:
        raise Refused(f"cannot keep a journal, so nothing was changed: {problem}") from None
    first = {
        "event": "plan",
        "version": VERSION,
        "time": now(),
        "number": number,
        **fields_of(plan),
    }
    try:
        if not os.path.isdir(places.state("journal")):
            disk.make_directory(places.state("journal"))
            # The log, which is not worth a sync, may have made the directory around it.
            disk.sync_directory(os.path.dirname(places.state()))
        try:
            disk.replace(_path(number), line(first), mode=0o600)
        except OSError:
            disk.forget(_path(number))
            raise
    except OSError as error:
        reason = f"{places.state('journal')}: {error.strerror}"
        raise Refused(f"cannot keep a journal, so nothing was changed: {reason}") from None
    return Change(number, [first])


def load(number: int) -> Change | None:
    """A change by its number; None where there is none. Raises BadInput where it makes no sense."""
    try:
        with open(_path(number), "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadInput(f"{_path(number)} cannot be read: {error.strerror}") from None
    try:
        return Change(number, events_of(content))
    except Newer:
        why = "is of a newer envtui"
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        why = "is damaged or was edited"
    raise BadInput(
        f"{_path(number)} {why}: change {number} can be neither shown nor undone, and the file is "
        "left as it is; move it away to hear no more of it"
    )


def read(numbers: list[int] | None = None) -> tuple[list[Change], list[str]]:
    """Changes, by default every one, newest first; and which files make no sense, in words."""
    found, problems = [], []
    try:
        numbers = _numbers() if numbers is None else numbers
    except BadInput as problem:
        return [], [str(problem)]
    for number in sorted(numbers, reverse=True):
        try:
            change = load(number)
        except BadInput as problem:
            problems.append(str(problem))
        else:
            found += [change] if change else []
    return found, problems


def unfinished() -> tuple[list[Change], list[str]]:
    """Changes that a crash, or another envtui at this moment, left open, as `read` has them."""
    try:
        numbers = [n for n in _numbers() if not _is_closed(_path(n))]
    except BadInput as problem:
        return [], [str(problem)]
    changes, problems = read(numbers)
    return [change for change in changes if change.status == "running"], problems


def days(after: int) -> dict[int, str]:
    """The day of each change after that number, by its own; none for one that makes no sense."""
    changes, _ = read([number for number in _numbers() if number > after])
    return {change.number: change.events[0]["time"][:10] for change in changes}


def newest() -> int:
    """The number of the newest change; 0 where there is none."""
    return max(_numbers(), default=0)


def history() -> list[Entry]:
    """Every change, newest first."""
    return [change.entry for change in read()[0]]


def commands() -> list[Command]:
    """Every command that was run, newest first."""
    found = []
    for change in read()[0]:
        ended = change.ended
        for event in reversed(change.events):
            # A command that failed never ended its step: the failure tells of it.
            step = change.plan.steps[event["step"]] if event["event"] == "begin" else None
            if step is None or kind_of(step) != "run":
                continue
            after = ended.get(event["step"]) or change.failure
            status, output = after.get("status"), after.get("output", "")
            found.append(Command(change.number, event["time"], step.text, step.cwd, status, output))
    return found


def _path(number: int) -> str:
    return places.state("journal", f"{number:06}.jsonl")


def _numbers() -> list[int]:
    """Of all changes. Raises BadInput where the journal is there and cannot be listed."""
    folder = places.state("journal")
    try:
        names = Host().names(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadInput(f"{folder} cannot be read: {error.strerror}") from None
    return [int(match[1]) for name in names if (match := _NAME.fullmatch(name))]


def _is_closed(path: str) -> bool:
    """Whether the last line ends the change; reads the last few hundred bytes only."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 200))
            last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
        return json.loads(last)["event"] in LAST
    except (OSError, ValueError, KeyError, TypeError):
        return False  # read as a whole then
