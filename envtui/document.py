"""The JSON that `--json` prints: DESIGN section 4, published as `schema/*.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from envtui.model import Decision, Environment, Interpreter, Inventory, Notice, Pin, Project

if TYPE_CHECKING:
    from envtui.journal import Entry
    from envtui.plan import Plan

SCHEMA = 1


def inventory(found: Inventory) -> dict[str, Any]:
    """`envtui list --json`."""
    return {
        "schema": SCHEMA,
        "scan": {"complete": found.complete, "stopped_at": found.stopped_at},
        "interpreters": [interpreter(item) for item in found.interpreters],
        "environments": [environment(item) for item in found.environments],
        "projects": [project(item) for item in found.projects],
        "containers": [],
        "warnings": [notice(item) for item in found.notices],
    }


def interpreter(item: Interpreter) -> dict[str, Any]:
    """One interpreter."""
    return {
        "id": item.id,
        "kind": item.kind,
        "implementation": item.implementation,
        "version": item.version,
        "path": item.path,
        "prefix": item.prefix,
        "aliases": list(item.aliases),
        "eol": item.eol,
        "dependents": item.dependents,
        "active": item.active,
        "evidence": list(item.evidence),
    }


def environment(item: Environment) -> dict[str, Any]:
    """One environment."""
    return {
        "id": item.id,
        "kind": item.kind,
        "name": item.name,
        "path": item.path,
        "version": item.version,
        "interpreter": item.interpreter,
        "base": item.base,
        "project": item.project,
        "link": item.link,
        "health": item.health,
        "reason": item.reason,
        "active": item.active,
        "created_by": item.created_by,
        "size": item.size,
        "last_used": item.last_used,
        "evidence": list(item.evidence),
    }


def project(item: Project) -> dict[str, Any]:
    """One project."""
    return {
        "path": item.path,
        "name": item.name,
        "managers": list(item.managers),
        "requires_python": item.requires_python,
        "lock": item.lock,
        "pins": [_pin(pin) for pin in item.pins],
        "environments": list(item.environments),
        "findings": list(item.findings),
    }


def _pin(pin: Pin) -> dict[str, Any]:
    return {
        "file": pin.file,
        "versions": list(pin.versions),
        "resolves_to": list(pin.resolves_to),
    }


def notice(item: Notice) -> dict[str, Any]:
    """One warning beside a full list."""
    return {"path": item.path, "message": item.message}


def decision(item: Decision) -> dict[str, Any]:
    """`envtui why --json`."""
    return {
        "schema": SCHEMA,
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
        "schema": SCHEMA,
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
