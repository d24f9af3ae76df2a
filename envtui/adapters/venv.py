"""venv and virtualenv: environments anywhere, owned by nobody but the project they stand in.

PEP 405 says what they look like; docs of `venv` and `virtualenv` how they are made.
"""

from __future__ import annotations

import os

from envtui.adapters.capabilities import Claim, Projects, Request, Takes
from envtui.adapters.common import claim_by_path, display_name, project_around
from envtui.adapters.creating import created, from_requirements
from envtui.adapters.going import removal
from envtui.adapters.programs import MadeByTool, tool_or_fail
from envtui.adapters.rebuilding import rebuilt, reinstall
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Environment, Interpreter
from envtui.plan import Plan, Run
from envtui.prefix import Prefix


class Venv:
    """Environments made by the standard library's `venv`, and by makers nobody else claims."""

    kind = "venv"
    takes: Takes = "path"

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """Every prefix is at least what its maker says."""
        project, evidence = project_around(prefix, projects)
        made = f"made by {prefix.created_by or prefix.maker}"
        name = display_name(prefix.path, host.home)
        return claim_by_path(prefix.maker, name, project, made, *evidence)

    def cannot_create(self, host: Host) -> str | None:
        """The standard library is always there."""
        return None

    def create(self, host: Host, request: Request) -> Plan:
        """`python -m venv` with the interpreter's real path, so that no shim ends up in `home`."""
        target = checked_target(request)
        return creation(host, request, target, self._make(host, target, request.python))

    def _make(self, host: Host, target: str, python: Interpreter) -> Run:
        if python.version.startswith("2."):
            raise BadInput(
                f"venv needs Python 3.3 or newer, not {python.version}; take another --python"
            )
        argv = (python.path, "-m", "venv", f"--prompt={prompt_name(target)}", target)
        return Run(argv, folder_for(host, target), creates=(target,))

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """By the same maker at the same place, from the list of what is installed."""
        make = self._make(host, environment.path, python)
        return rebuilt(host, environment, python, make, *reinstall(host, environment))

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash; no manager keeps a record of it."""
        return removal(host, environment)


class Virtualenv(MadeByTool, Venv):
    """Environments made by the tool `virtualenv`; told apart by their maker only."""

    kind = "virtualenv"

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """Its makers' mark is enough."""
        return super().claim(host, prefix, projects) if prefix.maker == "virtualenv" else None

    def _make(self, host: Host, target: str, python: Interpreter) -> Run:
        return virtualenv(host, target, python, f"--prompt={prompt_name(target)}")


def virtualenv(host: Host, target: str, python: Interpreter, *options: str) -> Run:
    """`virtualenv`, told not to write a `.venv` redirect file beside (spec/backends.md 0.9)."""
    tool = tool_or_fail(host, "virtualenv")
    argv = (tool, "-p", python.path, *options, target)
    quiet = (("VIRTUALENV_VENV_REDIRECT", "false"),)
    return Run(argv, folder_for(host, target), quiet, creates=(target,))


def folder_for(host: Host, target: str) -> str:
    """Where a command runs that makes something: beside it, where that is there."""
    parent = os.path.dirname(target)
    return parent if host.is_dir(parent) else host.home


def checked_target(request: Request) -> str:
    """The path to make. Raises BadInput where no environment can stand."""
    if request.target is None:
        raise BadInput("a path for the environment is missing")
    if ":" in request.target:
        raise BadInput(
            f"{request.target!r} holds a colon, which separates directories on PATH; "
            "choose another path"
        )
    return request.target


def prompt_name(target: str) -> str:
    """What the shell's prompt shows: the project's name for `.venv` and its like."""
    name = os.path.basename(target)
    if name.lstrip(".") in ("venv", "env"):
        name = os.path.basename(os.path.dirname(target)) or name
    # venv and uv put the prompt into scripts that shells expand; plain words only.
    return "".join(c if c.isalnum() or c in "-_. " else "_" for c in name) or "venv"


def creation(host: Host, request: Request, target: str, make: Run) -> Plan:
    """The plan around a maker's command: nothing is overlaid, the lock is installed after."""
    fill = from_requirements(target, request.source)
    on = f"on Python {request.python.version}"
    return created(host.short(target), on, target, make, *fill)
