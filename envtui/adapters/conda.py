"""conda, mamba and micromamba: environments that hold their own Python, or none at all.

Rules checked on conda 26.7 (spec/backends.md 8). Its commands answer "yes" by themselves with
--json: `create` replaces an existing environment silently, so that every plan says `absent`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui import conda_meta
from envtui.adapters import conda_places as places
from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.common import display_name, project_around
from envtui.adapters.conda_activation import conda_activation, scripts
from envtui.adapters.conda_creation import MISSING, creation, find_program, recreation
from envtui.adapters.going import removal, unchanged
from envtui.adapters.pyenv_rules import versions_folder
from envtui.adapters.stores import closed, environments
from envtui.errors import Refused, some
from envtui.host import Host
from envtui.model import Activation, Candidate, Environment, Interpreter, Notice
from envtui.plan import Plan, Write
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles


class Conda:
    """Environments below an install of conda or mamba, in its envs_dirs, or anywhere by path."""

    kind = "conda"
    kept = "is what conda itself runs on; envtui never removes it"
    takes: Takes = "name"

    def stores(self, host: Host) -> list[str]:
        """The installs, with their caches of unpacked packages, and `~/.conda`."""
        return [os.path.join(host.home, ".conda"), *places.roots_of(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Installs, the children of every envs_dir, and what environments.txt names."""
        known = places.of(host)
        yield from known.notices
        for root in known.roots:
            if conda_meta.is_prefix(host, root):
                yield Candidate(root, "an install of conda")
                yield from _base(host, prefixes, root)
        for folder in known.directories:
            yield from _children(host, folder)
        # `pyenv virtualenv` on a Miniforge of pyenv's lets conda make it, and links to it there.
        made = _children(host, versions_folder(host))
        yield from (found for found in made if isinstance(found, Candidate))
        yield from _registered(host)
        active = host.variable("CONDA_PREFIX") or ""
        if os.path.isabs(active) and conda_meta.is_prefix(host, active):
            yield Candidate(os.path.normpath(active), "CONDA_PREFIX names it")

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By conda-meta, which no other maker writes but pixi; that one claims before."""
        if prefix.maker != "conda":
            return None
        known = places.of(host)
        name = places.name_of(host, known, prefix.path)
        project, evidence = project_around(prefix, projects)
        if name and name != "base" and project is None:
            project, evidence = _declared_by(host, name, projects)
        return Claim(
            self.kind,
            name or display_name(prefix.path, host.home),
            stored=name is not None,
            project=project,
            link="linked" if project else "none",
            evidence=(*_evidence(host, prefix, name), *evidence),
        )

    def cannot_create(self, host: Host) -> str | None:
        """Any of the three programs does."""
        return None if find_program(host) else MISSING

    def brings(self, version: str | None) -> Interpreter | None:
        """Any version: conda installs the Python with the environment."""
        if version is None or not re.fullmatch(r"\d+(\.\d+)*", version):
            return None
        return Interpreter("", self.kind, "cpython", version, "", "", version)

    def manages(self, files: ProjectFiles) -> bool:
        """An environment.yml, whatever else the project uses."""
        return "environment.yml" in files.markers

    def create(self, host: Host, request: Request) -> Plan:
        """`conda create`, never where something is already."""
        return creation(host, request)

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash, and out of environments.txt; an install is not an environment."""
        self._check_install(host, environment)
        step = _forget(host, environment)
        if step is None or host.is_link(environment.path):
            plan = removal(host, environment)
        else:
            plan = removal(host, environment, step)
            plan = plan._replace(guards=(*plan.guards, *unchanged(host, step)))
        if _is_frozen(host, environment.real):
            warning = f"{environment.name} is frozen: conda itself would refuse to change it"
            plan = plan._replace(warnings=(*plan.warnings, warning))
        return plan

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """`conda create` in the emptied place, never of an install or of what is frozen."""
        self._check_install(host, environment)
        if _is_frozen(host, environment.real):
            raise Refused(f"{environment.id} is frozen (conda-meta/frozen): it stays as it is")
        return recreation(host, environment, python)

    def _check_install(self, host: Host, environment: Environment) -> None:
        if environment.path in places.of(host).roots or places.is_install(host, environment.real):
            raise Refused(
                f"{environment.id} is an install of conda, on which its environments depend; "
                "envtui never removes one"
            )

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """Its variables, as `conda activate` sets them.

        Scripts only where conda keeps environments by name: a prefix in a project may have come
        with the project.
        """
        name = places.name_of(host, places.of(host), item.prefix)
        return conda_activation(host, item, name or item.prefix)._replace(scripts=name is not None)


def _base(host: Host, prefixes: Prefixes, root: str) -> Iterator[Interpreter]:
    """The Python of an install, if it has one: a root prefix of micromamba has none."""
    link = os.path.join(root, "bin", "python")
    if not host.is_file(link):
        return
    path = host.real(link)
    version = prefixes.read(root).version or prefixes.of_base(root, path)
    # Its own name in the prefix: the real file may be reached by other links above.
    path = os.path.join(root, "bin", os.path.basename(path))
    path = path if host.is_file(path) else link
    yield Interpreter(
        id=f"conda:{host.short(path)}",
        kind="conda",
        implementation="pypy" if "pypy" in os.path.basename(path) else "cpython",
        version=version or "",
        path=path,
        prefix=root,
        name=path,
        active=host.variable("CONDA_PREFIX") == root,
    )


def _children(host: Host, folder: str) -> Iterator[Candidate | Notice]:
    because = f"in conda's {folder}"
    yield from environments(host, folder, "conda's", conda_meta.is_prefix, because)


def _registered(host: Host) -> Iterator[Candidate | Notice]:
    """What environments.txt names. Conda leaves lines of removed environments: one notice."""
    file = places.register(host)
    try:
        lines = places.registered(host)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        yield Notice(file, f"conda's list of environments can't be read: {error.strerror}")
        return
    gone = []
    for line, found in _judged(host, lines):
        if found:
            yield found
        else:
            gone.append(line)
    if gone:
        yield Notice(file, f"names what is no environment, or no more: {some(gone, 3)}")


def dead_lines(host: Host) -> list[str]:
    """The lines of environments.txt that name no environment. Raises OSError."""
    try:
        return [line for line, found in _judged(host, places.registered(host)) if not found]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _judged(host: Host, lines: list[str]) -> Iterator[tuple[str, Candidate | Notice | None]]:
    """Each line once, with the environment that it names, or that it may not be looked at."""
    for line in dict.fromkeys(line.strip() for line in lines if line.strip()):
        path = os.path.normpath(line)
        found: Candidate | Notice | None = None
        if host.is_silent(path):
            found = Notice(path, "can't be read: its disk does not answer")
        elif os.path.isabs(path) and conda_meta.is_prefix(host, path):
            found = Candidate(path, f"{places.register(host)} names it")
        elif os.path.isabs(path):
            found = closed(host, path)
        yield line, found


def _evidence(host: Host, prefix: Prefix, name: str | None) -> Iterator[str]:
    yield f"made by {prefix.created_by}" if prefix.created_by else "it has a conda-meta directory"
    if name == "base":
        yield "an install of conda: its base environment"
    elif name:
        yield f"in {os.path.dirname(prefix.path)}, where conda knows environments by name"
    if _is_frozen(host, prefix.real):
        yield "frozen (conda-meta/frozen): conda refuses to change it"
    if names := scripts(host, prefix.real):
        when = "run by a switch that is asked for" if name else "that envtui does not run"
        yield f"activation scripts {when}: {', '.join(names)}"


def _is_frozen(host: Host, prefix: str) -> bool:
    """The mark of CEP 22, which protects an environment from conda's own commands."""
    return host.is_file(os.path.join(prefix, conda_meta.FOLDER, "frozen"))


def _declared_by(host: Host, name: str, projects: Projects) -> tuple[str | None, tuple[str, ...]]:
    """The one project whose environment.yml gives an environment this name."""
    found = host.once("names in environment.yml", lambda: _names(host, projects)).get(name, [])
    evidence = tuple(f"{os.path.join(path, 'environment.yml')} names it" for path in found)
    return (found[0] if len(found) == 1 else None), evidence


def _names(host: Host, projects: Projects) -> dict[str, list[str]]:
    """For each name in an environment.yml the projects that give it."""
    found: dict[str, list[str]] = {}
    for path, files in projects.items():
        if "environment.yml" in files.markers:
            from envtui.adapters.condarc import values

            try:
                said = values(host.read(os.path.join(path, "environment.yml"), 1 << 16), "name")
            except (OSError, ValueError):
                continue
            if len(said) == 1:
                found.setdefault(said[0], []).append(path)
    return found


def _forget(host: Host, environment: Environment) -> Write | None:
    """environments.txt without the lines that name it; undo adds one again."""
    file = places.register(host)
    lines = os.fsdecode(host.read_if(file)).splitlines(keepends=True)
    named = {line: line.strip() for line in lines}
    gone = [
        line
        for line, path in named.items()
        if os.path.isabs(path) and host.real(path) == environment.real
    ]
    if not gone:
        return None
    kept = "".join(line for line in lines if line not in gone)
    return Write(file, os.fsencode(kept), gone[0].rstrip("\r\n") + "\n")
