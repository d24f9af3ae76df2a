"""The JSON that `--json` prints: DESIGN section 4, published as `schema/*.json`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from envtui.model import Decision, Environment, Interpreter, Inventory, Notice, Pin, Project

if TYPE_CHECKING:
    from envtui.journal import Entry
    from envtui.plan import Plan

SCHEMA = 1


def print_json(value: dict[str, Any]) -> None:
    """On standard output, after its version; pretty for a person, one line for a pipe."""
    print(json.dumps({"schema": SCHEMA, **value}, indent=2 if sys.stdout.isatty() else None))


def inventory(found: Inventory) -> dict[str, Any]:
    """`envtui list --json`."""
    return {
        "scan": {"complete": found.complete, "stopped_at": found.stopped_at},
        "interpreters": [interpreter(item) for item in found.interpreters],
        "environments": [environment(item) for item in found.environments],
        "projects": [project(item) for item in found.projects],
        "containers": [],
        "warnings": [notice(item) for item in found.notices],
    }


def interpreter(item: Interpreter) -> dict[str, Any]:
    """One interpreter."""
    return _fields(item, _INTERPRETER)


def environment(item: Environment) -> dict[str, Any]:
    """One environment."""
    return _fields(item, _ENVIRONMENT)


def project(item: Project) -> dict[str, Any]:
    """One project."""
    return {**_fields(item, _PROJECT), "pins": [_fields(pin, Pin._fields) for pin in item.pins]}


# A contract: what else a record has is envtui's own affair.
_INTERPRETER = (
    *("id", "kind", "implementation", "version", "path", "prefix", "aliases", "eol"),
    *("dependents", "active", "evidence"),
)
_ENVIRONMENT = (
    *("id", "kind", "name", "path", "version", "interpreter", "base", "project", "link", "health"),
    *("reason", "active", "created_by", "size", "last_used", "evidence"),
)
_PROJECT = ("path", "name", "managers", "requires_python", "lock", "environments", "findings")


def _fields(item: Any, names: tuple[str, ...]) -> dict[str, Any]:
    found = ((name, getattr(item, name)) for name in names)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found}


def notice(item: Notice) -> dict[str, Any]:
    """One warning beside a full list."""
    return {"path": item.path, "message": item.message}


def decision(item: Decision) -> dict[str, Any]:
    """`envtui why --json`."""
    return {
        "directory": item.directory,
        "python": item.python,
        "path": item.path,
        "decided_by": {"manager": item.manager, "source": item.source, "rule": item.rule},
        "overruled": [
            {"manager": one.manager, "source": one.source, "python": one.python}
            for one in item.overruled
        ],
        "pyenv": {
            "versions": list(item.pyenv_versions),
            "missing": list(item.pyenv_missing),
            "origin": item.pyenv_origin,
        },
    }


def suggestion(
    item: str, reasons: tuple[str, ...], certainty: str, frees: int | None, *, chosen: bool
) -> dict[str, Any]:
    """One thing that `clean` would remove, or could."""
    return {
        "environment": item,
        "reasons": list(reasons),
        "certainty": certainty,
        "frees": frees,
        "chosen": chosen,
    }


def change(plan: Plan, number: int | None, *, done: bool, refused: list[str]) -> dict[str, Any]:
    """What a changing command prints, with and without `--dry-run`."""
    return {
        "id": number,
        "plan": _plan(plan),
        "done": done,
        "refused": "; ".join(refused) or None,
    }


def entry(item: Entry) -> dict[str, Any]:
    """One change of `envtui history --json`."""
    return {name: value for name, value in item._asdict().items() if name != "plan"}


def trouble(name: str, text: str, advice: str, plan: Plan | None) -> dict[str, Any]:
    """One thing that `doctor` found."""
    told = None if plan is None else _plan(plan)
    return {"name": name, "text": text, "advice": advice, "plan": told}


def _plan(plan: Plan) -> dict[str, Any]:
    from envtui.plan import kind_of  # a listing has no plan

    return {
        "title": plan.title,
        "steps": [
            {"kind": kind_of(step), "text": step.text, "undo": step.undo} for step in plan.steps
        ],
        "warnings": list(plan.warnings),
        "guards": [guard.text for guard in plan.guards],
    }
