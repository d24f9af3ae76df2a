"""Hatch: environments in its data directory, by a hash of the project's path, or flat inside it.

Names and places as Hatch 1.18 computes them (hatch/env/virtual.py, hatch/utils/fs.py).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, Union

from envtui.adapters.capabilities import Claim, Projects, Request, Takes
from envtui.adapters.common import (
    environment_activation,
    find_tool,
    project_by_hash,
    project_files,
    recorded_project,
    removal,
    tool_or_fail,
)
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Activation, Candidate, Environment, Interpreter, Notice
from envtui.plan import Guard, Plan, Run, Step, Trash
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles, read_toml, reason, table

# Environments lie at virtual/NAME/ID/ENV, and Hatch's own at .internal/ENV/NAME/ID/ENV.
_DEPTH = 5
_DEFAULT = "default"


class _Layout(NamedTuple):
    """Where Hatch keeps a project's environments."""

    folder: str
    name: str
    """The project's name, which stands for the environment `default`."""


class Hatch:
    """Environments that Hatch makes for a project."""

    kind = "hatch"
    takes: Takes = "project-name"

    def stores(self, host: Host) -> list[str]:
        """Its data directory's `env`, and the directory that its configuration names instead."""
        return [os.path.join(_data(host), "env"), *_configured(host)]

    def find(
        self, host: Host, prefixes: Prefixes
    ) -> Iterator[Union[Interpreter, Candidate, Notice]]:
        """Every prefix below its directories, which are a few levels deep."""
        config = config_file(host)
        try:
            if host.lexists(config):
                read_toml(host, config)
        except (OSError, ValueError) as error:
            yield Notice(config, f"Hatch's configuration can't be read: {reason(error)}")
        for folder in self.stores(host):
            yield from _below(host, folder, _DEPTH)

    def manages(self, files: ProjectFiles) -> bool:
        """A hatch.toml or `[tool.hatch.envs]`; to be built by hatchling is not enough."""
        return "hatch.toml" in files.markers or bool(
            table(files.pyproject, "tool", "hatch", "envs")
        )

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its directories, by a `.hatch` in a project, by a `path` that the project declares."""
        for folder in self.stores(host):
            if prefix.path.startswith(folder + "/"):
                return self._claim_stored(host, prefix, folder, projects)
        parent = os.path.dirname(prefix.path)
        project = os.path.dirname(parent)
        relative = _relative(host)
        if os.path.basename(parent) == ".hatch" or (
            relative and project in projects and parent == os.path.join(project, relative)
        ):
            known = project if project in projects else None
            return Claim(
                self.kind,
                f"{os.path.basename(project)}/{os.path.relpath(prefix.path, project)}",
                stored=False,
                project=known,
                link="linked" if known else "none",
                evidence=(f"in Hatch's directory {parent} of the project",),
            )
        return self._claim_declared(host, prefix, projects)

    def _claim_stored(
        self, host: Host, prefix: Prefix, folder: str, projects: Projects
    ) -> Claim | None:
        parts = os.path.relpath(prefix.path, folder).split(os.sep)
        evidence = (f"in Hatch's directory {folder}",)
        own = folder == os.path.join(_data(host), "env")
        if own and parts[0] == ".internal":
            return Claim(self.kind, parts[-1], True, None, "none", (*evidence, "Hatch's own"))
        if ".scripts" in parts:
            known = (*evidence, "made for a script")
            return Claim(self.kind, parts[-1], True, None, "none", known)
        if len(parts) < 3:
            return self._claim_flat(host, prefix, folder, projects)
        name, identifier, leaf = parts[-3:]
        shown = f"{name}/{_DEFAULT if leaf == name else leaf}"
        project = project_by_hash(host, projects, lambda path: project_id(path) == identifier)
        if project:
            known = (*evidence, f"Hatch's hash of {project} is in its path")
            return Claim(self.kind, shown, True, project, "linked", known)
        recorded = recorded_project(host, prefix)
        if recorded and project_id(recorded[0]) == identifier:
            known = (*evidence, f"{recorded[1]} names {recorded[0]}")
            link = "linked" if host.is_dir(recorded[0]) else "orphaned"
            return Claim(self.kind, shown, True, recorded[0], link, known)  # type: ignore[arg-type]
        return Claim(self.kind, shown, True, None, "unmapped", evidence)

    def _claim_flat(
        self, host: Host, prefix: Prefix, folder: str, projects: Projects
    ) -> Claim | None:
        """`~/.virtualenvs` is shared with others: only what a project declares is Hatch's."""
        leaf = os.path.basename(prefix.path)
        owners = [
            path
            for path, files in projects.items()
            if self.manages(files)
            and (
                leaf == _layout(host, files).name
                or not {leaf, leaf.partition(".")[0]}.isdisjoint(_declared(host, files))
            )
        ]
        if not owners:
            return None
        evidence = tuple(f"{path} declares it, in {folder}" for path in owners)
        if len(owners) > 1:
            return Claim(self.kind, leaf, True, None, "unmapped", evidence)
        return Claim(self.kind, leaf, True, owners[0], "linked", evidence)

    def _claim_declared(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """An environment whose `path` a project above it declares."""
        above = os.path.dirname(prefix.path)
        while above != os.path.dirname(above):
            files = projects.get(above)
            if files and self.manages(files):
                for name, options in _declared(host, files).items():
                    place = table(options).get("path")
                    if isinstance(place, str) and _same(host, above, place, prefix):
                        said = f"{above} declares it as Hatch's {name}"
                        shown = f"{os.path.basename(above)}/{os.path.relpath(prefix.path, above)}"
                        return Claim(self.kind, shown, False, above, "linked", (said,))
            above = os.path.dirname(above)
        return None

    def cannot_create(self, host: Host) -> str | None:
        """It needs the tool."""
        if find_tool(host, "hatch"):
            return None
        return "hatch is not installed; `pipx install hatch` would help"

    def create(self, host: Host, request: Request) -> Plan:
        """`hatch env create`, which answers 0 and does nothing where one exists: guarded."""
        if request.project is None:
            raise BadInput("a Hatch environment belongs to a project: name one with --project DIR")
        if request.source:
            raise BadInput("Hatch installs what the environment itself declares; leave --from away")
        files = project_files(host, request.project.path)
        tool = tool_or_fail(host, "hatch")
        name = request.target or _DEFAULT
        options = _options(host, files, name)
        target = _place(host, files, name, options)
        python = request.python
        make = Run(
            (tool, "--no-color", "--no-interactive", "env", "create", name),
            files.path,
            # Else virtualenv writes a `.venv` file beside, which stops a later `path = ".venv"`.
            variables=(("HATCH_PYTHON", python.path), ("VIRTUALENV_VENV_REDIRECT", "false")),
            creates=(target,),
            changes=(_record(host, files.path, name),),
        )
        warnings = []
        wanted = _wanted_python(options, name)
        on = f"Python {wanted} as it declares" if wanted else f"Python {python.version}"
        if table(options).get("skip-install") is not True:
            warnings.append(f"Hatch installs {files.name} and its dependencies into it")
        return Plan(
            f"Create Hatch's {name} for {files.name} on {on}",
            (make,),
            (Guard("absent", target), Guard("executable", tool)),
            tuple(warnings),
            done=f"created Hatch's {name} for {files.name}",
        )

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash with the record of its dependencies, which Hatch itself leaves behind."""
        records: list[Step] = [Trash(path) for path in _records(host, environment)]
        return removal(host, environment, *records)

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """As a virtual environment; Hatch's own scripts set no more."""
        return environment_activation(item)


def config_file(host: Host) -> str:
    """`HATCH_CONFIG`, else config.toml in its configuration directory."""
    chosen = host.variable("HATCH_CONFIG")
    if chosen:
        return os.path.join(host.cwd, host.expand(chosen))
    if host.platform == "darwin":
        folder = os.path.join(host.home, "Library", "Application Support")
    else:
        folder = host.xdg("XDG_CONFIG_HOME", ".config")
    return os.path.join(folder, "hatch", "config.toml")


@lru_cache(maxsize=4096)
def project_id(path: str) -> str:
    """Hatch's hash of a project's place."""
    import base64
    import hashlib

    return base64.urlsafe_b64encode(hashlib.sha256(os.fsencode(path)).digest())[:8].decode()


def _data(host: Host) -> str:
    """`HATCH_DATA_DIR`, else the configured one, else the user's."""
    chosen = host.variable("HATCH_DATA_DIR") or table(_config(host), "dirs").get("data")
    if isinstance(chosen, str):
        return os.path.normpath(os.path.join(host.cwd, _expanded(host, chosen)))
    if host.platform == "darwin":
        return os.path.join(host.home, "Library", "Application Support", "hatch")
    return os.path.join(host.xdg("XDG_DATA_HOME", ".local/share"), "hatch")


def _config(host: Host) -> dict[str, Any]:
    path = config_file(host)
    try:
        return read_toml(host, path) if host.lexists(path) else {}
    except (OSError, ValueError):
        return {}  # `find` tells of it


def _virtual(host: Host) -> str:
    """`[dirs.env] virtual` as configured, "" where it is not."""
    chosen = table(_config(host), "dirs", "env").get("virtual")
    return os.path.normpath(_expanded(host, chosen)) if isinstance(chosen, str) else ""


def _configured(host: Host) -> list[str]:
    chosen = _virtual(host)
    return [chosen] if os.path.isabs(chosen) else []


def _relative(host: Host) -> str:
    chosen = _virtual(host)
    return "" if os.path.isabs(chosen) else chosen


def _expanded(host: Host, path: str) -> str:
    """`~` and `$NAME` as Hatch expands them, by this host's variables."""
    found = re.sub(
        r"\$(\w+|\{\w+\})", lambda m: host.variables.get(m[1].strip("{}"), m[0]), host.expand(path)
    )
    return found or path


def _below(host: Host, folder: str, depth: int) -> Iterator[Union[Candidate, Notice]]:
    try:
        names = host.names(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        yield Notice(folder, f"Hatch's environments can't be read: {error.strerror}")
        return
    for name in names:
        path = os.path.join(folder, name)
        if name == ".metadata" or not host.is_dir(path):
            continue
        if host.lexists(os.path.join(path, "pyvenv.cfg")):
            yield Candidate(path, "in Hatch's directory")
        elif depth > 1 and not host.is_link(path):
            yield from _below(host, path, depth - 1)


def _declared(host: Host, files: ProjectFiles) -> dict[str, Any]:
    """The environments that hatch.toml, else pyproject.toml, declares."""
    found = table(files.pyproject, "tool", "hatch", "envs")
    if "hatch.toml" in files.markers:
        try:
            own = read_toml(host, os.path.join(files.path, "hatch.toml"))
        except (OSError, ValueError):
            own = {}
        return {**found, **table(own, "envs")}
    return found


def _options(host: Host, files: ProjectFiles, name: str) -> Any:
    """What the project declares of one environment. Raises BadInput where Hatch has none such."""
    declared = _declared(host, files)
    base = name if name in declared else name.partition(".")[0]
    if base not in declared and base != _DEFAULT and not base.startswith("hatch-"):
        have = ", ".join([_DEFAULT, *(key for key in declared if key != _DEFAULT)])
        raise BadInput(f"{files.path} declares no Hatch environment {name!r} (declared: {have})")
    options = table(declared, base)
    if base == name and options.get("matrix"):
        raise BadInput(
            f"Hatch's {name} is a matrix of several environments; name one of them, "
            f"such as {name}.py3.12"
        )
    if options.get("type", "virtual") != "virtual":
        raise BadInput(f"Hatch's {name} is of type {options['type']}, no virtual environment")
    return options


def _layout(host: Host, files: ProjectFiles) -> _Layout:
    root = host.real(files.path)
    declared = table(files.pyproject, "project").get("name")
    name = declared if isinstance(declared, str) else os.path.basename(root)
    name = re.sub(r"[-_.]+", "-", name).lower()
    chosen = _virtual(host) or os.path.join(_data(host), "env", "virtual")
    folder = os.path.normpath(os.path.join(root, chosen))
    flat = host.real(folder).startswith(root + "/") or folder == f"{host.home}/.virtualenvs"
    return _Layout(folder if flat else os.path.join(folder, name, project_id(root)), name)


def _place(host: Host, files: ProjectFiles, name: str, options: Any) -> str:
    layout = _layout(host, files)
    variable = host.variable("HATCH_ENV_TYPE_VIRTUAL_PATH")
    chosen = variable or table(options).get("path")
    if isinstance(chosen, str) and chosen:
        return os.path.normpath(os.path.join(files.path, chosen))
    return os.path.join(layout.folder, layout.name if name == _DEFAULT else name)


def _record(host: Host, project: str, name: str) -> str:
    """The file with the hash of what Hatch installed into an environment."""
    identifier = project_id(host.real(project))
    return os.path.join(_data(host), "env", ".metadata", identifier, "virtual", f"{name}.json")


def _records(host: Host, environment: Environment) -> list[str]:
    leaf = os.path.basename(environment.path)
    parent = os.path.dirname(environment.path)
    folder = os.path.join(_data(host), "env", ".metadata")
    names, identifiers = [leaf], [os.path.basename(parent)]
    if os.path.basename(os.path.dirname(parent)) == leaf:
        names = [_DEFAULT]
    elif environment.project and len(identifiers[0]) != 8:
        try:
            files = project_files(host, environment.project)
        except BadInput:
            return []
        identifiers = [project_id(host.real(environment.project))]
        if _layout(host, files).name == leaf:
            names = [_DEFAULT]
        names += [
            key
            for key, options in _declared(host, files).items()
            if isinstance(place := table(options).get("path"), str)
            and os.path.normpath(os.path.join(files.path, place)) == environment.path
        ]
    paths = [os.path.join(folder, i, "virtual", f"{n}.json") for i in identifiers for n in names]
    return [path for path in paths if host.is_file(path)]


def _wanted_python(options: Any, name: str) -> str | None:
    """The Python that an environment declares, which Hatch takes before any other."""
    declared = table(options).get("python")
    in_name = re.search(r"\.py(\d[\w.]*?)(?:-|$)", name)
    return declared if isinstance(declared, str) else in_name[1] if in_name else None


def _same(host: Host, project: str, place: str, prefix: Prefix) -> bool:
    path = os.path.normpath(os.path.join(project, host.expand(place)))
    return path == prefix.path or host.real(path) == prefix.real
