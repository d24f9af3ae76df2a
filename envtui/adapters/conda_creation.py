"""New environments by conda, mamba or micromamba.

With --json, or -y, all three replace an existing environment silently, files of one's own
included (spec/backends.md 0.3): so the plan says `absent`.
"""

from __future__ import annotations

import os

from envtui import conda_meta
from envtui.adapters import conda_places as places
from envtui.adapters.capabilities import Request
from envtui.adapters.choice import minor
from envtui.adapters.creating import created, from_requirements
from envtui.adapters.programs import find_tool
from envtui.adapters.rebuilding import rebuilt, reinstall
from envtui.adapters.venv import folder_for
from envtui.errors import BadInput, ToolMissing
from envtui.host import Host
from envtui.model import Environment, Interpreter
from envtui.plan import Plan, Run

MISSING = (
    "neither conda, mamba nor micromamba is installed; Miniforge brings conda and mamba "
    "(https://conda-forge.org/download)"
)
_PROGRAMS = ("conda", "mamba", "micromamba")


def creation(host: Host, request: Request) -> Plan:
    """`conda create -p`, where a name stands for the directory that conda would take for it.

    So the place is known before, and checked after; to conda the two are the same.
    """
    target = _target(host, request.target)
    tool = _program(host)
    wanted = request.python.version
    if request.python.id:  # an installed one: conda may not have its very patch release
        wanted = minor(wanted)
    source = request.source
    described = source if source and source.endswith((".yml", ".yaml")) else None
    argv = _from_description(tool, described) if described else (tool, "create", "-y", "--json")
    argv = (*argv, "-p", target, *(() if described else (f"python={wanted}",)))
    make = Run(argv, folder_for(host, target), creates=(target,), changes=(places.register(host),))
    by = f"from {host.short(described)}" if described else f"on Python {wanted}"
    fill = from_requirements(target, None if described else source)
    return created(host.short(target), f"{by} (conda)", target, make, *fill)


def recreation(host: Host, environment: Environment, python: Interpreter) -> Plan:
    """What its history says was asked for, on another Python, in the emptied place.

    What pip installed beside is installed again; conda chooses versions and builds anew.
    """
    tool, path = _program(host), environment.path
    asked = conda_meta.asked_for(host, environment.real)
    asked.pop("python", None)
    argv = (tool, "create", "-y", "--json", "-p", path, f"python={python.version}")
    make = Run((*argv, *asked.values()), host.home, changes=(places.register(host),))
    plan = rebuilt(host, environment, python, make, *reinstall(host, environment, but="conda"))
    told = "conda may choose other versions of its packages than the old one has"
    return plan._replace(warnings=(*plan.warnings, told))


def _from_description(tool: str, file: str) -> tuple[str, ...]:
    """An environment.yml is for a command of its own, which older condas give no -y."""
    if os.path.basename(tool) == "micromamba":
        return (tool, "create", "-y", "--json", "-f", file)
    return (tool, "env", "create", "--json", "-f", file)


def _program(host: Host) -> str:
    if tool := find_program(host):
        return tool
    raise ToolMissing(MISSING)


def find_program(host: Host) -> str | None:
    """conda, mamba or micromamba, by the shell's own variables first."""
    for variable in ("CONDA_EXE", "MAMBA_EXE"):
        path = host.variable(variable)
        if path and os.path.isabs(path) and host.can_run(path):
            return path
    for name in _PROGRAMS:
        if path := find_tool(host, name):
            return path
    for root in places.of(host).roots:
        for name in _PROGRAMS:
            path = os.path.join(root, "bin", name)
            if host.can_run(path):
                return path
    return None


def _target(host: Host, target: str | None) -> str:
    """The prefix for a name or a path. Raises BadInput where conda would refuse it."""
    if not target:
        raise BadInput("a name or a path for the environment is missing")
    if "/" in target:
        path = os.path.normpath(os.path.join(host.cwd, host.expand(target)))
        if ":" in path:
            raise BadInput(f"{path!r} holds a colon, which separates directories on PATH")
        return path
    if target in ("base", "root") or target in (".", "..") or set(target) & set(":# "):
        raise BadInput(
            f"conda takes no environment called {target!r}: base and root are its own, "
            "and a name has no '/', ':', '#' or blank"
        )
    for folder in places.of(host).directories:
        nearest = folder
        while not host.lexists(nearest):
            nearest = os.path.dirname(nearest)
        if host.can_write(nearest):
            return os.path.join(folder, target)
    raise BadInput("no directory for conda's environments can be written; give a path instead")
