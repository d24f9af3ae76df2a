"""Hatch: environments in its data directory, by a hash of the project's path, or flat inside it.

Names and places as Hatch 1.18 computes them (hatch/env/virtual.py, hatch/utils/fs.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from envtui.adapters import hatch_places as places
from envtui.adapters import stores
from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.choice import fits
from envtui.adapters.common import (
    asked_project,
    claim_by_path,
    claim_in_store,
    own_project,
    project_files,
    projects_by_hash,
    recorded_claim,
    short_hash,
    spoilt_settings,
)
from envtui.adapters.creating import created
from envtui.adapters.going import removal
from envtui.adapters.programs import MadeByTool, tool_or_fail
from envtui.adapters.rebuilding import rebuilt
from envtui.adapters.stores import closed, readable
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Candidate, Environment, Interpreter, Notice
from envtui.plan import Plan, Run, Step, Trash
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles, table

# No address, so that Hatch can get nothing from it; from its parts it reads version 0, of CPython
# or PyPy, which is no update of anything either.
_NO_DOWNLOAD = "not-downloaded-for-envtui:/cpython-0%2B/pypy/x-v0-"
# Environments lie at virtual/NAME/ID/ENV, and Hatch's own at .internal/ENV/NAME/ID/ENV.
_DEPTH = 5


class Hatch(MadeByTool):
    """Environments that Hatch makes for a project."""

    kind = "hatch"
    kept = "is Hatch's: `hatch python remove {name}` removes it, without asking who uses it"
    takes: Takes = "project-name"

    def stores(self, host: Host) -> list[str]:
        """Its data directory's `env`, what its configuration names instead, and its Pythons."""
        return [*places.folders(host), places.pythons_folder(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every prefix below its directories, which are a few levels deep."""
        yield from spoilt_settings(host, places.config_file(host), "Hatch's")
        yield from _pythons(host, prefixes)
        for folder in places.folders(host):
            yield from _below(host, folder, _DEPTH)

    def manages(self, files: ProjectFiles) -> bool:
        """A hatch.toml or `[tool.hatch.envs]`; to be built by hatchling is not enough."""
        return "hatch.toml" in files.markers or bool(files.tool("hatch", "envs"))

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its directories, by a `.hatch` in a project, by a `path` that the project declares."""
        for folder in places.folders(host):
            if prefix.path.startswith(folder + "/"):
                return self._claim_stored(host, prefix, folder, projects)
        parent = prefix.folder
        project = parent.rpartition("/")[0]
        relative = places.relative(host)
        if parent.endswith("/.hatch") or (
            relative and project in projects and parent == os.path.join(project, relative)
        ):
            known = project if project in projects else None
            name = f"{os.path.basename(project)}/{os.path.relpath(prefix.path, project)}"
            because = f"in Hatch's directory {parent} of the project"
            return claim_by_path(self.kind, name, known, because)
        return self._claim_declared(host, prefix, projects)

    def _claim_stored(
        self, host: Host, prefix: Prefix, folder: str, projects: Projects
    ) -> Claim | None:
        parts = os.path.relpath(prefix.path, folder).split(os.sep)
        evidence = (f"in Hatch's directory {folder}",)
        own = folder == os.path.join(places.data(host), "env")
        if own and parts[0] == ".internal":
            return Claim(self.kind, parts[-1], True, None, "none", (*evidence, "Hatch's own"))
        if ".scripts" in parts:
            known = (*evidence, "made for a script")
            return Claim(self.kind, parts[-1], True, None, "none", known)
        if len(parts) < 3:
            return self._claim_flat(host, prefix, folder, projects)
        name, identifier, leaf = parts[-3:]
        shown = f"{name}/{places.DEFAULT if leaf == name else leaf}"
        project = projects_by_hash(host, projects, short_hash).get(identifier)
        if project:
            because = f"Hatch's hash of {project} is in its path"
            return claim_in_store(self.kind, shown, project, *evidence, because)
        unknown = claim_in_store(self.kind, shown, None, *evidence)
        return recorded_claim(host, prefix, unknown, lambda place: short_hash(place) == identifier)

    def _claim_flat(
        self, host: Host, prefix: Prefix, folder: str, projects: Projects
    ) -> Claim | None:
        """`~/.virtualenvs` is shared with others: only what a project declares is Hatch's."""
        leaf = os.path.basename(prefix.path)
        owners = host.once(
            "Hatch's environments by name", lambda: self._owners(host, projects)
        ).get(leaf)
        if not owners:
            return None
        project = owners[0] if len(owners) == 1 else None
        evidence = (f"{path} declares it, in {folder}" for path in owners)
        return claim_in_store(self.kind, leaf, project, *evidence)

    def _owners(self, host: Host, projects: Projects) -> dict[str, list[str]]:
        """For each name of an environment the projects that declare it."""
        found: dict[str, list[str]] = {}
        for path, files in projects.items():
            if self.manages(files):
                names = {places.layout(host, files).name, *places.declared(host, files)}
                for name in names:
                    found.setdefault(name, []).append(path)
        return found

    def _claim_declared(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """An environment whose `path` a project above it declares."""
        owners = host.once(
            "Hatch's projects", lambda: {p for p, files in projects.items() if self.manages(files)}
        )
        above = prefix.folder if owners else ""
        while above:
            if above in owners:
                files = projects[above]
                for name, options in places.declared(host, files).items():
                    place = table(options).get("path")
                    if isinstance(place, str) and _same(host, above, place, prefix):
                        said = f"{above} declares it as Hatch's {name}"
                        shown = f"{os.path.basename(above)}/{os.path.relpath(prefix.path, above)}"
                        return claim_by_path(self.kind, shown, above, said)
            above = above.rpartition("/")[0]
        return None

    def declared_python(self, host: Host, project: str, name: str | None) -> str | None:
        """`python` of the environment, its own or its matrix's."""
        files = project_files(host, project)
        name = name or places.DEFAULT
        return places.wanted_python(_options(host, files, name), name)

    def create(self, host: Host, request: Request) -> Plan:
        """`hatch env create`, which answers 0 and does nothing where one exists: guarded."""
        files = project_files(host, asked_project(request, "Hatch").path)
        if request.source:
            raise BadInput("Hatch installs what the environment itself declares; leave --from away")
        name = request.target or places.DEFAULT
        options = _options(host, files, name)
        target = places.place(host, files, name, options)
        python = request.python
        wanted = places.wanted_python(options, name)
        make = _creation(host, files, name, python, wanted)._replace(creates=(target,))
        warnings = []
        on = f"Python {wanted}, as it declares" if wanted else f"Python {python.version}"
        if table(options).get("skip-install") is not True:
            warnings.append(f"Hatch installs {files.name} and its dependencies into it")
        what = f"Hatch's {name} for {files.name}"
        return created(what, f"on {on}", target, make, warnings=tuple(warnings))

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """`hatch env create` in the emptied place; Hatch itself installs what is declared."""
        files = project_files(host, own_project(environment, "Hatch"))
        name = places.hatch_name(host, files, environment.path)
        if name is None:
            raise BadInput(f"{files.path} does not declare {environment.name} any more")
        wanted = places.wanted_python(_options(host, files, name), name)
        if wanted and not fits(python.version, wanted):
            raise BadInput(f"{files.path} declares Python {wanted} for Hatch's {name}")
        # Hatch drops its record of the old one itself; undo puts that file back.
        return rebuilt(host, environment, python, _creation(host, files, name, python, wanted))

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash with the record of its dependencies, which Hatch itself leaves behind."""
        records: list[Step] = [Trash(path) for path in places.records(host, environment)]
        return removal(host, environment, *records)


def _pythons(host: Host, prefixes: Prefixes) -> Iterator[Interpreter | Notice]:
    """What `hatch python install` put there; its record says where the executable is."""
    folder = places.pythons_folder(host)
    for name in stores.names_in(host, folder):
        record = os.path.join(folder, name, "hatch-dist.json")
        if not host.lexists(record):
            continue
        try:
            import json

            said = json.loads(host.read(record, 1 << 16))["python_path"]
            path = os.path.normpath(os.path.join(folder, name, said))
        except (OSError, ValueError, LookupError, TypeError):
            yield Notice(record, "Hatch's record of a Python can't be understood")
            continue
        prefix = os.path.dirname(os.path.dirname(path))
        yield stores.interpreter(host, prefixes, "hatch", name, prefix)


def _creation(
    host: Host, files: ProjectFiles, name: str, python: Interpreter, wanted: str | None
) -> Run:
    """The command that makes an environment with this Python.

    Where the project declares one Hatch looks on PATH for it and else downloads it, unasked.
    """
    tool = tool_or_fail(host, "hatch")
    # Else virtualenv writes a `.venv` file beside, which stops a later `path = ".venv"`.
    variables = [("HATCH_PYTHON", python.path), ("VIRTUALENV_VENV_REDIRECT", "false")]
    if wanted:
        source = f"HATCH_PYTHON_CUSTOM_SOURCE_{wanted.upper().replace('.', '_')}"
        variables.append((source, _NO_DOWNLOAD))
    return Run(
        (tool, "--no-color", "--no-interactive", "env", "create", name),
        files.path,
        variables=tuple(variables),
        changes=(places.record(host, files.path, name),),
        first=os.path.dirname(python.path) if wanted else "",
    )


def _below(host: Host, folder: str, depth: int) -> Iterator[Candidate | Notice]:
    names, notices = readable(host, folder, "Hatch's environments")
    yield from notices
    for name in names:
        path = f"{folder}/{name}"
        if name == ".metadata" or not host.is_dir(path):
            continue
        if "pyvenv.cfg" in host.names_if(path):
            yield Candidate(path, "in Hatch's directory")
        elif notice := closed(host, path):
            yield notice
        elif depth > 1 and not host.is_link(path):
            yield from _below(host, path, depth - 1)


def _options(host: Host, files: ProjectFiles, name: str) -> Any:
    """What the project declares of one environment. Raises BadInput where Hatch has none such."""
    declared = places.declared(host, files)
    if name not in declared and name != places.DEFAULT and not name.startswith("hatch-"):
        names = dict.fromkeys((places.DEFAULT, *declared))
        have = ", ".join(key for key in names if "matrix" not in table(declared, key))
        raise BadInput(f"{files.path} declares no Hatch environment {name!r} (declared: {have})")
    options = table(declared, name)
    if options.get("matrix"):
        members = [key for key, _ in places.members(name, options)]
        raise BadInput(
            f"Hatch's {name} is a matrix of several environments; name one of them: "
            f"{', '.join(members)}"
        )
    if options.get("type", "virtual") != "virtual":
        raise BadInput(f"Hatch's {name} is of type {options['type']}, no virtual environment")
    return options


def _same(host: Host, project: str, place: str, prefix: Prefix) -> bool:
    path = os.path.normpath(os.path.join(project, host.expand(place)))
    return path == prefix.path or host.real(path) == prefix.real
