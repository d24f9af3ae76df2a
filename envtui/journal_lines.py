"""The lines of a journal: a plan and each event as JSON, and back, with every one checked."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from envtui.plan import KINDS, Guard, Plan, Run, Step, kind_of

VERSION = 1


LAST = {"done": "done", "failed": "failed", "undone": "undone", "stopped": "done"}


OF_STEP = {"begin": "before", "end": "after", "back": ""}


def encode(content: bytes) -> str:
    """Bytes as JSON holds them."""
    return base64.b64encode(content).decode("ascii")


def decode(text: str) -> bytes:
    """Bytes from JSON."""
    return base64.b64decode(text)


class Newer(Exception):
    """A file that says so itself."""


def line(record: dict[str, Any]) -> bytes:
    """One event as the file has it."""
    return json.dumps(record).encode() + b"\n"


def events_of(content: bytes) -> list[dict[str, Any]]:
    """Every event of a file. Raises Newer, and ValueError and its like for what is not ours."""
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
            raise Newer
        if torn and not event.get("torn"):
            raise ValueError(line)
        torn = False
        _check(event, events[0] if events else event)
        events.append(event)
    return events


def _check(event: dict[str, Any], first: dict[str, Any]) -> None:
    """Raises ValueError and its like where an event is not as we write it."""
    name = event["event"]
    known = name in LAST or name in OF_STEP or name == "undoing" or event is first
    words = [event["time"], event.get("message", ""), event.get("title", ""), event.get("done", "")]
    steps = [event["step"]] if name in OF_STEP else event.get("left", [])
    facts = event[kept] if (kept := OF_STEP.get(name)) else {}
    inside = all(type(at) is int and 0 <= at < len(first["steps"]) for at in steps)
    if not (known and inside and isinstance(facts, dict)) or set(map(type, words)) != {str}:
        raise ValueError(event)


def fields_of(plan: Plan) -> dict[str, Any]:
    """A plan as the first event has it."""
    steps = []
    for step in plan.steps:
        fields = {"kind": kind_of(step), **step._asdict()}
        if "content" in fields:
            fields["content"] = encode(fields["content"])
        steps.append(fields)
    guards = [guard._asdict() for guard in plan.guards]
    return {**plan._asdict(), "steps": steps, "guards": guards}


def plan_of(event: dict[str, Any]) -> Plan:
    """The plan of a first event. Raises ValueError and its like."""
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
