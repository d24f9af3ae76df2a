"""Poetry: environments in its cache, named by a hash of the project's path, and `.venv` beside.

Names and places as Poetry 2.5 computes them (src/poetry/utils/env/env_manager.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envtui.adapters import poetry_places as places
from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.choice import choose
from envtui.adapters.common import (
    asked_project,
    beside_claim,
    claim_in_store,
    environment_activation,
    environment_with,
    own_project,
    project_files,
    recorded_claim,
)
from envtui.adapters.creating import created
from envtui.adapters.going import removal, unchanged
from envtui.adapters.pin_files import one_word
from envtui.adapters.programs import MadeByTool, tool_or_fail
from envtui.adapters.rebuilding import proof, rebuilding, rebuilt
from envtui.adapters.stores import environments
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Activation, Environment, Interpreter, Inventory, Notice, Pin
from envtui.plan import Guard, Plan, Run, Step, Trash
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles, reason, table


class Poetry(MadeByTool):
    """Environments that belong to a project with Poetry's files."""

    kind = "poetry"
    takes: Takes = "project"

    def stores(self, host: Host) -> list[str]:
        """The one directory of `virtualenvs.path`."""
        return [places.store(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every directory with a pyvenv.cfg in the store."""
        try:
            places.records(host)
        except (OSError, ValueError) as error:
            file = places.record_file(host)
            yield Notice(file, f"Poetry's record can't be read: {reason(error)}")
        yield from environments(host, places.store(host), "Poetry's")

    def manages(self, files: ProjectFiles) -> bool:
        """A `[tool.poetry]` table, its build backend, or its lock file."""
        if "poetry.lock" in files.markers or files.tool("poetry"):
            return True
        backend = table(files.pyproject, "build-system").get("build-backend")
        return isinstance(backend, str) and backend.startswith("poetry.")

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its store; inside a project by Poetry's files beside and virtualenv as the maker."""
        if prefix.folder == places.store(host):
            return self._claim_stored(host, prefix, projects)
        because = "Poetry's files stand beside, virtualenv made it"
        return beside_claim(host, prefix, projects, self.kind, self.manages, because)

    def _claim_stored(self, host: Host, prefix: Prefix, projects: Projects) -> Claim:
        name = prefix.leaf
        found = places.NAME.match(name)
        evidence = (f"in Poetry's store {places.store(host)}",)
        stem = found[1] if found else None
        path = host.once("Poetry's names", lambda: places.names(host, projects)).get(stem or "")
        if path:
            because = f"Poetry's hash of {path} is in its name"
            return claim_in_store(self.kind, name, path, *evidence, because)
        return recorded_claim(host, prefix, claim_in_store(self.kind, name, None, *evidence))

    def create(self, host: Host, request: Request) -> Plan:
        """`poetry env use`, which makes the environment and records it as the project's own."""
        files = _read_files(host, asked_project(request, "Poetry").path)
        tool = tool_or_fail(host, "poetry")
        target = places.next_place(host, files, request.python)
        use = _use(host, tool, files.path, request.python)
        steps: list[Step] = [use._replace(creates=(target,))]
        if request.source:
            install = _poetry(tool, files.path, "install", "--no-root")
            steps.append(install._replace(within=target))
        what = f"{os.path.basename(target)} for {files.name}"
        return created(what, f"on Python {request.python.version}", target, *steps)

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash; in envs.toml only the section that names this very minor goes."""
        return removal(host, environment, *places.forget(host, environment.real))

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """`poetry env use` and install; in its store the new one stands beside until it is proven.

        On the same minor, and inside a project, both have one place: the old one goes first.
        """
        files = _read_files(host, own_project(environment, "Poetry"))
        tool = tool_or_fail(host, "poetry")
        use = _use(host, tool, files.path, python)
        install: list[Step] = []
        if "poetry.lock" in files.markers:
            filled = _poetry(tool, files.path, "install", "--no-root")
            install = [filled._replace(within=environment.name)]
        target = places.place(host, files, python)
        if os.path.dirname(environment.path) != places.store(host) or target == environment.path:
            return rebuilt(host, environment, python, use, *install)
        if host.lexists(target):
            raise BadInput(f"{target} exists already; `envtui pin` switches the project to it")
        made = use._replace(creates=(target,))
        tested = proof(host, target, python)
        return rebuilding(
            host, environment, python, made, *install, tested, Trash(environment.path)
        )

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """As a virtual environment; POETRY_ACTIVE keeps `poetry run` from nesting."""
        return environment_activation(item, POETRY_ACTIVE="1")

    def pins(self, host: Host, files: ProjectFiles, inventory: Inventory) -> list[Pin]:
        """The minor that envs.toml records as the project's active one."""
        if not self.manages(files):
            return []
        try:
            section = places.records(host).get(places.base_name(host, files))
        except (OSError, ValueError):
            return []
        if not isinstance(section, dict) or not isinstance(section.get("minor"), str):
            return []
        name = f"{places.base_name(host, files)}-py{section['minor']}"
        prefix = host.real(os.path.join(places.store(host), name))
        found = environment_with(host, inventory, prefix)
        return [Pin(places.record_file(host), (section["minor"],), (found.id if found else None,))]

    def pin(self, host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
        """`poetry env use` with the one interpreter that is meant; the old one stays in its store.

        With a `.venv` in the project Poetry would delete and make it again: refused here.
        """
        word = one_word(words, "Poetry uses one Python for a project")
        python = choose(host, inventory, word)
        files = _read_files(host, project)
        tool = tool_or_fail(host, "poetry")
        target = places.next_place(host, files, python)
        if target == os.path.join(project, ".venv") and host.lexists(target):
            raise BadInput(
                f"{target} is this project's environment and `poetry env use` would delete it; "
                f"remove it with envtui first, then create one on {word}"
            )
        step = _use(host, tool, project, python)
        guards: tuple[Guard, ...] = (Guard("executable", tool),)
        if not host.lexists(target):
            step = step._replace(creates=(target,))
            guards = (*guards, Guard("absent", target))
        return Plan(
            f"Use Python {python.version} for {files.name} (Poetry)",
            (step,),
            guards,
            done=f"Poetry uses {python.version} for {files.name}",
        )

    def unpin(self, host: Host, project: str) -> Plan | None:
        """Without its section in envs.toml, Poetry uses its default Python."""
        files = _read_files(host, project)
        step = places.without_section(host, places.base_name(host, files))
        if step is None:
            return None
        return Plan(
            f"Unpin Poetry's Python of {files.name}",
            (step,),
            unchanged(host, step),
            done=f"unpinned Poetry's Python of {files.name}",
        )


def _read_files(host: Host, path: str) -> ProjectFiles:
    files = project_files(host, path)
    if "pyproject.toml" not in files.markers:
        raise BadInput(f"{path} has no pyproject.toml; `poetry init` makes one")
    return files


def _use(host: Host, tool: str, project: str, python: Interpreter) -> Run:
    changes = (places.record_file(host),)
    return _poetry(tool, project, "env", "use", python.path)._replace(changes=changes)


def _poetry(tool: str, project: str, *words: str) -> Run:
    return Run((tool, "-n", "--no-ansi", "-C", project, *words), project)
