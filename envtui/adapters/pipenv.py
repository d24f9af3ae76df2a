"""Pipenv: environments in WORKON_HOME, named by a hash of the Pipfile's path, and `.venv` beside.

Names and places as Pipenv 2026 computes them (pipenv/project.py).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.choice import choose, minor
from envtui.adapters.common import (
    asked_project,
    beside_claim,
    claim_in_store,
    edited_toml,
    environment_activation,
    link_to,
    own_project,
    short_hash,
)
from envtui.adapters.creating import created
from envtui.adapters.going import unchanged
from envtui.adapters.pin_files import one_word
from envtui.adapters.programs import MadeByTool, tool_or_fail
from envtui.adapters.rebuilding import rebuilt, reinstall
from envtui.adapters.stores import environments
from envtui.errors import BadInput
from envtui.host import Host, by_host
from envtui.model import Activation, Environment, Interpreter, Inventory, Pin
from envtui.plan import Plan, Run, Step, Write
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles, table

_NAME = re.compile(r"^(.+-[A-Za-z0-9_-]{8})(?:-.+)?$", re.DOTALL)
# So that it asks nothing, animates nothing and takes the interpreter it is given.
_QUIET = (
    ("PIPENV_YES", "1"),
    ("PIPENV_NOSPIN", "1"),
    ("PIPENV_IGNORE_VIRTUALENVS", "1"),
    ("PIPENV_DONT_USE_PYENV", "1"),
    ("CI", "1"),
)


class Pipenv(MadeByTool):
    """Environments that belong to a directory with a Pipfile."""

    kind = "pipenv"
    takes: Takes = "project"

    def stores(self, host: Host) -> list[str]:
        """The one directory that its environments share with virtualenvwrapper's."""
        return [store(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every directory with a pyvenv.cfg in the store."""
        yield from environments(host, store(host), "Pipenv's")

    def manages(self, files: ProjectFiles) -> bool:
        """A Pipfile."""
        return "Pipfile" in files.markers

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By `.project` or its name in the store; inside a project by a Pipfile beside."""
        if prefix.folder == store(host):
            return self._claim_stored(host, prefix, projects)

        def alone(files: ProjectFiles) -> bool:
            return self.manages(files) and "poetry.lock" not in files.markers

        return beside_claim(host, prefix, projects, self.kind, alone, "a Pipfile stands beside")

    def _claim_stored(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        name = prefix.leaf
        found = _NAME.match(name)
        evidence = (f"in Pipenv's store {store(host)}",)
        record = f"{prefix.real}/.project"
        content = os.fsdecode(host.read_if(record, 8192))
        place = content.strip()
        shared = host.variable("WORKON_HOME") is not None
        if shared and content.endswith("\n") and not (found and found[1] == base_name(place)):
            return None  # as virtualenvwrapper writes it; Pipenv writes no end of line
        if os.path.isabs(place):
            known = (*evidence, f"{record} names {place}")
            return Claim(self.kind, name, True, place, link_to(host, place), known)
        path = host.once("Pipenv's names", lambda: self._names(projects)).get(
            found[1] if found else ""
        )
        if path:
            because = f"Pipenv's hash of {path}/Pipfile is in its name"
            return claim_in_store(self.kind, name, path, *evidence, because)
        if not found or shared:
            return None
        return claim_in_store(self.kind, name, None, *evidence)

    def _names(self, projects: Projects) -> dict[str, str]:
        return {base_name(path): path for path, files in projects.items() if self.manages(files)}

    def create(self, host: Host, request: Request) -> Plan:
        """`pipenv --python`, on a project that has no environment yet: it would replace one."""
        owner = asked_project(request, "Pipenv")
        project = owner.path
        pipfile = os.path.join(project, "Pipfile")
        if not host.is_file(pipfile):
            raise BadInput(f"{project} has no Pipfile; `pipenv install` in it makes one")
        tool = tool_or_fail(host, "pipenv")
        target = place_of(host, project)
        make = Run(
            (tool, "--python", request.python.path),
            project,
            variables=_QUIET,
            creates=(target,),
            changes=(pipfile,),
        )
        steps: list[Step] = [make]
        if request.source:
            steps.append(Run((tool, "sync"), project, _QUIET, within=target))
        what = f"{os.path.basename(target)} for {owner.name}"
        return created(what, f"on Python {request.python.version}", target, *steps)

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """`pipenv --python` in the emptied place, then what the lock or the old one's list says."""
        project = own_project(environment, "Pipenv")
        pipfile = os.path.join(project, "Pipfile")
        tool = tool_or_fail(host, "pipenv")
        make = Run((tool, "--python", python.path), project, _QUIET, changes=(pipfile,))
        after = reinstall(host, environment)
        if host.is_file(pipfile + ".lock"):
            after = [Run((tool, "sync"), project, _QUIET, within=environment.path)]
        return rebuilt(host, environment, python, make, *after)

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """As a virtual environment; PIPENV_ACTIVE keeps `pipenv run` from nesting."""
        return environment_activation(item, PIPENV_ACTIVE="1")

    def pins(self, host: Host, files: ProjectFiles, inventory: Inventory) -> list[Pin]:
        """`[requires]` of the Pipfile."""
        if not files.pipfile:
            return []
        requires = table(files.pipfile, "requires")
        for key in ("python_full_version", "python_version"):
            word = requires.get(key)
            if isinstance(word, str) and word != "*":
                try:
                    found: str | None = choose(host, inventory, word).id
                except BadInput:
                    found = None
                return [Pin(os.path.join(files.path, "Pipfile"), (word,), (found,))]
        return []

    def pin(self, host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
        """`[requires]` of the Pipfile, its style and comments kept."""
        word = one_word(words, "a Pipfile requires one Python")
        python = choose(host, inventory, word)

        def edit(requires: dict[str, str]) -> None:
            full = "python_full_version" in requires or word.count(".") > 1
            requires["python_version"] = minor(python.version)
            if full:
                requires["python_full_version"] = python.version

        return _requiring(host, _edited(host, project, edit), f"Python {word}")

    def unpin(self, host: Host, project: str) -> Plan | None:
        """`[requires]` without its Python."""

        def edit(requires: dict[str, str]) -> None:
            for key in ("python_version", "python_full_version"):
                requires.pop(key, None)

        step = _edited(host, project, edit)
        if step.content == host.read(step.path):
            return None
        return _requiring(host, step, "no Python")


@by_host
def store(host: Host) -> str:
    """`$WORKON_HOME`, else `virtualenvs` in the XDG data directory."""
    chosen = host.variable("WORKON_HOME")
    if chosen:
        return os.path.normpath(os.path.join(host.home, host.expand(chosen)))
    return os.path.join(host.xdg("XDG_DATA_HOME", ".local/share"), "virtualenvs")


def base_name(project: str) -> str:
    """The environment's name: the directory's, made plain, and a hash of the Pipfile's path."""
    clean = re.sub(r'[ &$`!*@"()\[\]\\\r\n\t]', "_", os.path.basename(project))[:42]
    return f"{clean}-{short_hash(os.path.join(project, 'Pipfile'))}"


def place_of(host: Host, project: str) -> str:
    """Where Pipenv puts, or looks for, this project's environment."""
    inside = os.path.join(project, ".venv")
    said = host.variable("PIPENV_VENV_IN_PROJECT")
    if said and said.lower() in ("1", "true", "yes"):
        return inside
    custom = host.variable("PIPENV_CUSTOM_VENV_NAME")
    name = custom or base_name(host.real(project))
    python = host.variable("PIPENV_PYTHON")
    if python and not custom:
        name += "-" + os.path.basename(python)
    central = os.path.join(store(host), name)
    if not said and host.is_dir(inside) and not host.is_dir(central):
        return inside
    return central


def _requiring(host: Host, step: Write, what: str) -> Plan:
    shown = host.short(step.path)
    title, done = f"Require {what} in {shown}", f"{shown} requires {what}"
    return Plan(title, (step,), unchanged(host, step), done=done)


def _edited(host: Host, project: str, edit: Callable[[dict[str, str]], None]) -> Write:
    """The step that changes `[requires]` of a Pipfile. Raises BadInput where it can't be read."""
    path = os.path.join(project, "Pipfile")

    def change(document: Any) -> None:
        requires = document.setdefault("requires", {})
        if not hasattr(requires, "items"):
            raise BadInput(f"{path}: `requires` is not a table")
        edit(requires)
        if not requires:
            del document["requires"]

    return Write(path, edited_toml(host, path, change))
