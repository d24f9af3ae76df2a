"""What the plans of new environments share."""

from __future__ import annotations

import os

from envtui.plan import Guard, Plan, Run, Step


def created(what: str, on: str, target: str, *steps: Step, warnings: tuple[str, ...] = ()) -> Plan:
    """The plan that makes an environment, named in words; nothing may be at `target` before."""
    program = next(step.argv[0] for step in steps if isinstance(step, Run))
    return Plan(
        f"Create {what} {on}".strip(),
        steps,
        (Guard("absent", target), Guard("executable", program)),
        warnings,
        done=f"created {what}",
    )


def from_requirements(target: str, source: str | None) -> list[Step]:
    """The step that installs a requirements file into a new environment; [] without one."""
    if source is None:
        return []
    pip = (os.path.join(target, "bin", "python"), "-m", "pip", "install", "-r", source)
    return [Run(pip, os.path.dirname(source), within=target)]
