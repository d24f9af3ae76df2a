"""The journal: one file per change, a line per event, on disk before and after each step.

Events: `plan`, then `begin` and `end` of each step, then `done` or `failed`; `undoing`, `back` for
each step taken back, then `undone` or `stopped`. A last line torn by a crash is ignored.
"""

from __future__ import annotations

import base64
import json
import os
import re
import time
from typing import Any, NamedTuple

from envtui import disk, places
from envtui.errors import BadInput
from envtui.plan import KINDS, Guard, Plan, Step, kind_of

_NAME = re.compile(r"(\d+)\.jsonl")
_LAST = {"done": "done", "failed": "failed", "undone": "undone", "stopped": "done"}


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
        return _LAST.get(self.events[-1]["event"], "running")

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
            torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
            disk.write_all(fd, b"\n" * torn + json.dumps(record).encode() + b"\n")
            os.fsync(fd)
        finally:
            os.close(fd)
        self.events.append(record)


def start(plan: Plan) -> Change:
    """Open the file of a new change. Raises OSError."""
    directory = places.state("journal")
    os.makedirs(directory, 0o700, exist_ok=True)
    number = max(_numbers(), default=0)
    while True:
        number += 1
        try:
            os.close(os.open(_path(number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            break
        except FileExistsError:
            continue
    first = {"event": "plan", "time": now(), "number": number, **_fields(plan)}
    change = Change(number, [first])
    change.events.clear()
    change.add(**first)
    disk.sync_directory(directory)
    return change


def load(number: int) -> Change | None:
    """A change by its number; None where there is none, or not even its plan was written."""
    try:
        with open(_path(number), "rb") as file:
            lines = file.read().split(b"\n")
    except OSError:
        return None
    events = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and "event" in event:
            events.append(event)
    try:
        return Change(number, events)
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def changes() -> list[Change]:
    """Every change, newest first."""
    found = (load(number) for number in sorted(_numbers(), reverse=True))
    return [change for change in found if change is not None]


def unfinished() -> list[Change]:
    """Changes that a crash, or another envtui at this moment, left open, newest first."""
    numbers = [n for n in sorted(_numbers(), reverse=True) if not _is_closed(_path(n))]
    found = (load(number) for number in numbers)
    return [change for change in found if change is not None and change.status == "running"]


def history() -> list[Entry]:
    """Every change, newest first."""
    return [change.entry for change in changes()]


def entry(number: int) -> Entry:
    """One change; raises BadInput."""
    change = load(number)
    if change is None:
        raise BadInput(f"there is no change {number}; `envtui history` lists them")
    return change.entry


def commands() -> list[Command]:
    """Every command that was run, newest first."""
    found = []
    for change in changes():
        ended = change.ended
        for event in reversed(change.events):
            # A command that failed never ended its step: the failure tells of it.
            step = change.plan.steps[event["step"]] if event["event"] == "begin" else None
            if step is None or kind_of(step) != "run":
                continue
            after = ended.get(event["step"]) or _failure(change)
            status, output = after.get("status"), after.get("output", "")
            found.append(Command(change.number, event["time"], step.text, step.cwd, status, output))
    return found


def _failure(change: Change) -> dict[str, Any]:
    return next((e for e in change.events if e["event"] == "failed"), {})


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
    return step
