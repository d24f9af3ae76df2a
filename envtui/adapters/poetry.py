"""Poetry: environments in its cache, named by a hash of the project's path, and `.venv` beside.

Names and places as Poetry 2.5 computes them (src/poetry/utils/env/env_manager.py).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.choice import choose, minor
from envtui.adapters.common import (
    asked_project,
    beside_claim,
    content_hash,
    environment_activation,
    environment_with,
    not_installed,
    own_project,
    project_files,
    recorded_claim,
    removal,
    settings,
    short_hash,
    stored,
    tool_or_fail,
)
from envtui.adapters.creating import created
from envtui.adapters.rebuilding import proof, rebuilding, rebuilt
from envtui.errors import BadInput
from envtui.host import Host, by_host
from envtui.model import (
    Activation,
    Environment,
    Interpreter,
    Inventory,
    Notice,
    Pin,
)
from envtui.plan import Guard, Plan, Run, Step, Trash, Write
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles, read_toml, reason, table

_NAME = re.compile(r"^(.+-[A-Za-z0-9_-]{8})-py(\d+\.\d+)$", re.DOTALL)
_DASHES = re.compile(r"[-_.]+")
_UNCLEAN = re.compile(r'[ $`!*@"\\\r\n\t]')
_RECORDS = "envs.toml"


class Poetry:
    """Environments that belong to a project with Poetry's files."""

    kind = "poetry"
    takes: Takes = "project"

    def stores(self, host: Host) -> list[str]:
        """The one directory of `virtualenvs.path`."""
        return [store(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every directory with a pyvenv.cfg in the store."""
        folder = store(host)
        records = os.path.join(folder, _RECORDS)
        try:
            _records(host)
        except (OSError, ValueError) as error:
            yield Notice(records, f"Poetry's record can't be read: {reason(error)}")
        yield from stored(host, folder, "Poetry's")

    def manages(self, files: ProjectFiles) -> bool:
        """A `[tool.poetry]` table, its build backend, or its lock file."""
        if "poetry.lock" in files.markers or files.tool("poetry"):
            return True
        backend = table(files.pyproject, "build-system").get("build-backend")
        return isinstance(backend, str) and backend.startswith("poetry.")

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its store; inside a project by Poetry's files beside and virtualenv as the maker."""
        if prefix.folder == store(host):
            return self._claim_stored(host, prefix, projects)
        because = "Poetry's files stand beside, virtualenv made it"
        return beside_claim(host, prefix, projects, self.kind, self.manages, because)

    def _claim_stored(self, host: Host, prefix: Prefix, projects: Projects) -> Claim:
        name = prefix.leaf
        found = _NAME.match(name)
        evidence = (f"in Poetry's store {store(host)}",)
        stem = found[1] if found else None
        path = host.once("Poetry's names", lambda: _names(host, projects)).get(stem or "")
        if path:
            known = (*evidence, f"Poetry's hash of {path} is in its name")
            return Claim(self.kind, name, True, path, "linked", known)
        unknown = Claim(self.kind, name, True, None, "unmapped", evidence)
        return recorded_claim(host, prefix, unknown)

    def cannot_create(self, host: Host) -> str | None:
        """It needs the tool."""
        return not_installed(host, "poetry")

    def create(self, host: Host, request: Request) -> Plan:
        """`poetry env use`, which makes the environment and records it as the project's own."""
        files = _read_files(host, asked_project(request, "Poetry").path)
        tool = tool_or_fail(host, "poetry")
        target = os.path.join(files.path, ".venv")
        if not in_project(host, files.path):
            target = _stored(host, files, request.python)
        use = _use(host, tool, files.path, request.python)
        steps: list[Step] = [use._replace(creates=(target,))]
        if request.source:
            install = _poetry(tool, files.path, "install", "--no-root")
            steps.append(install._replace(within=target))
        what = f"{os.path.basename(target)} for {files.name}"
        return created(what, f"on Python {request.python.version}", target, *steps)

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash; in envs.toml only the section that names this very minor goes."""
        return removal(host, environment, *_forget(host, environment.real))

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
        target = _stored(host, files, python)
        if os.path.dirname(environment.path) != store(host) or target == environment.path:
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
            section = _records(host).get(base_name(host, files))
        except (OSError, ValueError):
            return []
        if not isinstance(section, dict) or not isinstance(section.get("minor"), str):
            return []
        name = f"{base_name(host, files)}-py{section['minor']}"
        found = environment_with(host, inventory, host.real(os.path.join(store(host), name)))
        records = os.path.join(store(host), _RECORDS)
        return [Pin(records, (section["minor"],), (found.id if found else None,))]

    def pin(self, host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
        """`poetry env use` with the one interpreter that is meant; the old one stays in its store.

        With a `.venv` in the project Poetry would delete and make it again: refused here.
        """
        if len(words) != 1:
            raise BadInput("Poetry uses one Python for a project; name one version")
        python = choose(host, inventory, words[0])
        files = _read_files(host, project)
        tool = tool_or_fail(host, "poetry")
        target = _stored(host, files, python)
        inside = os.path.join(project, ".venv")
        if in_project(host, project) and host.lexists(inside):
            raise BadInput(
                f"{inside} is this project's environment and `poetry env use` would delete it; "
                f"remove it with envtui first, then create one on {words[0]}"
            )
        if in_project(host, project):
            target = inside
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
        step = _without_section(host, base_name(host, files))
        if step is None:
            return None
        return Plan(
            f"Unpin Poetry's Python of {files.name}",
            (step,),
            (Guard("content", step.path, content_hash(host, step.path)),),
            done=f"unpinned Poetry's Python of {files.name}",
        )


@by_host
def store(host: Host) -> str:
    """`virtualenvs.path`: variable, then config.toml, then the cache directory."""
    cache = host.variable("POETRY_CACHE_DIR") or host.own_folder("cache", "pypoetry")
    path = host.variable("POETRY_VIRTUALENVS_PATH")
    if not path:
        configured = table(_config(host), "virtualenvs").get("path")
        cache = str(_config(host).get("cache-dir") or cache)
        path = configured if isinstance(configured, str) else "{cache-dir}/virtualenvs"
    return os.path.normpath(host.expand(path.replace("{cache-dir}", cache)))


def in_project(host: Host, project: str) -> bool:
    """Whether Poetry puts this project's environment into `.venv`."""
    said = host.variable("POETRY_VIRTUALENVS_IN_PROJECT")
    if said:
        return said.lower() in ("true", "1")
    for tables in (settings(host, os.path.join(project, "poetry.toml")), _config(host)):
        value = table(tables, "virtualenvs").get("in-project")
        if isinstance(value, bool):
            return value
    return host.is_dir(os.path.join(project, ".venv"))


def _names(host: Host, projects: Projects) -> dict[str, str]:
    """For each environment's name without its `-pyX.Y`, the project that it belongs to."""
    return {
        base_name(host, files): path
        for path, files in projects.items()
        if "pyproject.toml" in files.markers
    }


def base_name(host: Host, files: ProjectFiles) -> str:
    """The environment's name without its `-pyX.Y`: the project's name and a hash of its place."""
    name = files.declared_name
    name = _DASHES.sub("-", "non-package-mode" if name is None else name).lower()
    clean = _UNCLEAN.sub("_", name)[:42]
    return f"{clean}-{short_hash(os.path.normcase(host.real(files.path)))}"


@by_host
def _config(host: Host) -> dict[str, object]:
    folder = host.variable("POETRY_CONFIG_DIR") or host.own_folder("config", "pypoetry")
    return settings(host, os.path.join(folder, "config.toml"))


@by_host
def _records(host: Host) -> dict[str, object]:
    """envs.toml: for each project the minor that is active. Raises OSError, ValueError."""
    path = os.path.join(store(host), _RECORDS)
    return read_toml(host, path) if host.lexists(path) else {}


def _forget(host: Host, prefix: str) -> list[Step]:
    """The step that takes an environment's section out of envs.toml, if it is the active one."""
    found = _NAME.match(os.path.basename(prefix))
    if not found or os.path.dirname(prefix) != host.real(store(host)):
        return []
    try:
        section = _records(host).get(found[1])
    except (OSError, ValueError):
        return []
    if not isinstance(section, dict) or section.get("minor") != found[2]:
        return []
    step = _without_section(host, found[1])
    return [step] if step else []


def stale_records(host: Host) -> list[Write]:
    """A step for each section of envs.toml whose environment is gone: it takes that one out."""
    try:
        records = _records(host)
    except ValueError:
        return []
    found = []
    for name, section in records.items():
        minor = section.get("minor") if isinstance(section, dict) else None
        there = isinstance(minor, str) and host.is_dir(
            os.path.join(store(host), f"{name}-py{minor}")
        )
        if not there and (step := _without_section(host, name)):
            found.append(step)
    return found


def _without_section(host: Host, name: str) -> Write | None:
    """envs.toml without one `[section]`, everything else byte for byte."""
    path = os.path.join(store(host), _RECORDS)
    try:
        content = host.read(path)
    except OSError:
        return None
    header = re.compile(
        rb"^\[\s*[\"']?%s[\"']?\s*\][^\n]*\n" % re.escape(name.encode()), re.MULTILINE
    )
    start = header.search(content)
    if not start:
        return None
    following = re.compile(rb"^\[", re.MULTILINE).search(content, start.end())
    end = following.start() if following else len(content)
    section = content[start.start() : end].decode("utf-8", "replace")
    return Write(path, content[: start.start()] + content[end:], section)


def _read_files(host: Host, path: str) -> ProjectFiles:
    files = project_files(host, path)
    if "pyproject.toml" not in files.markers:
        raise BadInput(f"{path} has no pyproject.toml; `poetry init` makes one")
    return files


def _stored(host: Host, files: ProjectFiles, python: Interpreter) -> str:
    """Where Poetry keeps the project's environment on such a Python."""
    return os.path.join(store(host), f"{base_name(host, files)}-py{minor(python.version)}")


def _use(host: Host, tool: str, project: str, python: Interpreter) -> Run:
    changes = (os.path.join(store(host), _RECORDS),)
    return _poetry(tool, project, "env", "use", python.path)._replace(changes=changes)


def _poetry(tool: str, project: str, *words: str) -> Run:
    return Run((tool, "-n", "--no-ansi", "-C", project, *words), project)
