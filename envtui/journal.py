"""The journal: one file per change, a line per event, on disk before and after each step.

Events: `plan`, then `begin` and `end` of each step, then `done` or `failed`; `undoing`, `back` for
each step taken back, then `undone` or `stopped`. A line torn by a crash is ignored, and the event
after it says so; a file with any other line that cannot be read is told of and left alone.
"""

from __future__ import annotations

import base64
import json
import os
import re
import time
from typing import Any, NamedTuple

from envtui import disk, places, trash
from envtui.errors import BadInput, Refused
from envtui.plan import KINDS, Guard, Plan, Run, Step, kind_of

VERSION = 1
_NAME = re.compile(r"(\d+)\.jsonl")
_LAST = {"done": "done", "failed": "failed", "undone": "undone", "stopped": "done"}
_OF_STEP = {"begin": "before", "end": "after", "back": ""}


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
        self.plan = _plan(events[0])

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
        return _LAST.get(last, "running")

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
            disk.write_all(fd, _line(record))
            os.fsync(fd)
        finally:
            os.close(fd)
        self.events.append(record)


def start(plan: Plan) -> Change:
    """Open the file of a new change, under the lock. Raises Refused where none can be kept."""
    # A number of which the trash still holds something is never given again.
    number = max([*_numbers(), *trash.numbers()], default=0) + 1
    first = {"event": "plan", "version": VERSION, "time": now(), "number": number, **_fields(plan)}
    try:
        if not os.path.isdir(places.state("journal")):
            disk.make_directory(places.state("journal"))
            # The log, which is not worth a sync, may have made the directory around it.
            disk.sync_directory(os.path.dirname(places.state()))
        try:
            disk.replace(_path(number), _line(first), mode=0o600)
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
        return Change(number, _events(content))
    except _Newer:
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
    for number in sorted(_numbers() if numbers is None else numbers, reverse=True):
        try:
            change = load(number)
        except BadInput as problem:
            problems.append(str(problem))
        else:
            found += [change] if change else []
    return found, problems


def unfinished() -> tuple[list[Change], list[str]]:
    """Changes that a crash, or another envtui at this moment, left open, as `read` has them."""
    changes, problems = read([n for n in _numbers() if not _is_closed(_path(n))])
    return [change for change in changes if change.status == "running"], problems


def newest() -> int:
    """The number of the newest change; 0 where there is none."""
    return max(_numbers(), default=0)


def history() -> list[Entry]:
    """Every change, newest first."""
    return [change.entry for change in read()[0]]


def entry(number: int) -> Entry:
    """One change; raises BadInput."""
    change = load(number)
    if change is None:
        raise BadInput(f"there is no change {number}; `envtui history` lists them")
    return change.entry


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


def now() -> str:
    """The time in ISO 8601, UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def encode(content: bytes) -> str:
    """Bytes as JSON holds them."""
    return base64.b64encode(content).decode("ascii")


def decode(text: str) -> bytes:
    """Bytes from JSON."""
    return base64.b64decode(text)


def _path(number: int) -> str:
    return places.state("journal", f"{number:06}.jsonl")


def _numbers() -> list[int]:
    try:
        names = os.listdir(places.state("journal"))
    except OSError:
        return []
    return [int(match[1]) for name in names if (match := _NAME.fullmatch(name))]


def _is_closed(path: str) -> bool:
    """Whether the last line ends the change; reads the last few hundred bytes only."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 200))
            last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
        return json.loads(last)["event"] in _LAST
    except (OSError, ValueError, KeyError, TypeError):
        return False  # read as a whole then


class _Newer(Exception):
    """A file that says so itself."""


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode() + b"\n"


def _events(content: bytes) -> list[dict[str, Any]]:
    """Every event of a file. Raises _Newer, and ValueError and its like for what is not ours."""
    events: list[dict[str, Any]] = []
    torn = False
    for line in filter(None, content.split(b"\n")):
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            if torn or not events:
                raise
            torn = True
            continue
        if not events and event["version"] > VERSION:
            raise _Newer
        if torn and not event.get("torn"):
            raise ValueError(line)
        torn = False
        _check(event, events[0] if events else event)
        events.append(event)
    return events


def _check(event: dict[str, Any], first: dict[str, Any]) -> None:
    """Raises ValueError and its like where an event is not as we write it."""
    name = event["event"]
    known = name in _LAST or name in _OF_STEP or name == "undoing" or event is first
    words = [event["time"], event.get("message", ""), event.get("title", ""), event.get("done", "")]
    steps = [event["step"]] if name in _OF_STEP else event.get("left", [])
    facts = event[kept] if (kept := _OF_STEP.get(name)) else {}
    inside = all(type(at) is int and 0 <= at < len(first["steps"]) for at in steps)
    if not (known and inside and isinstance(facts, dict)) or set(map(type, words)) != {str}:
        raise ValueError(event)


def _fields(plan: Plan) -> dict[str, Any]:
    steps = []
    for step in plan.steps:
        fields = {"kind": kind_of(step), **step._asdict()}
        if "content" in fields:
            fields["content"] = encode(fields["content"])
        steps.append(fields)
    guards = [guard._asdict() for guard in plan.guards]
    return {**plan._asdict(), "steps": steps, "guards": guards}


def _plan(event: dict[str, Any]) -> Plan:
    return Plan(
        event["title"],
        tuple(_step(fields) for fields in event["steps"]),
        tuple(Guard(**fields) for fields in event["guards"]),
        tuple(event["warnings"]),
        event["done"],
    )


def _step(fields: dict[str, Any]) -> Step:
    values = {name: value for name, value in fields.items() if name != "kind"}
    if "content" in values:
        values["content"] = decode(values["content"])
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(tuple(v) if isinstance(v, list) else v for v in value)
    step: Step = KINDS[fields["kind"]](**values)
    names = (*step.creates, *step.changes, step.cwd) if isinstance(step, Run) else (step.path,)
    if not all(os.path.isabs(name) for name in names) or not isinstance(step.text, str):
        raise ValueError(step)
    return step
