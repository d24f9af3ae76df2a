"""pyenv-virtualenv: environments below pyenv's `versions/`, each with a short name beside them.

Version 1.4.0 of the plugin: `versions/V/envs/N` and the link `versions/N` to it; for the system's
Python a directory `versions/N`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envtui.adapters import pyenv_builds as builds
from envtui.adapters import pyenv_rules as rules
from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.common import environment_activation, link_to, recorded_project
from envtui.adapters.creating import created, from_requirements
from envtui.adapters.going import removal
from envtui.adapters.rebuilding import proof, rebuilding, reinstall
from envtui.errors import BadInput, ToolMissing
from envtui.host import Host
from envtui.model import Activation, Candidate, Environment, Interpreter, Link, Notice
from envtui.plan import Guard, Plan, Run, Step, Trash, Unlink
from envtui.prefix import Prefix, Prefixes

_PIN = ".python-version"


class PyenvVirtualenv:
    """Environments that pyenv offers as if they were versions."""

    kind = "pyenv-virtualenv"
    takes: Takes = "name"

    def stores(self, host: Host) -> list[str]:
        """Where pyenv's versions are, too."""
        return [rules.versions_folder(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Those with a short name first, so that the name is theirs; then the others."""
        folder = rules.versions_folder(host)
        names = host.names_if(folder)
        links, inside = [], []
        for name in names:
            path = os.path.join(folder, name)
            if is_short_name(host, path) and not host.is_dir(path):
                yield Notice(path, f"a short name whose environment {host.target(path)} is gone")
            elif not is_environment(host, path):
                try:
                    inside += [] if _is_alias(host, path) else _environments(host, path)
                except OSError as error:
                    if not host.may_enter(path):
                        continue  # pyenv's own matter, which tells of it
                    yield Notice(os.path.join(path, "envs"), f"can't be read: {error.strerror}")
            elif host.is_link(path):
                links.append(path)
            else:
                yield Candidate(path, "in pyenv's versions")
        aliased = {host.real(path) for path in links}
        inside.sort(key=lambda path: host.real(path) not in aliased)
        for path in inside:
            yield Candidate(path, "in pyenv-virtualenv's store")
        for path in links:
            yield Candidate(path, "a short name in pyenv's versions")

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By place alone."""
        name = _stored_name(host, prefix)
        if name is None:
            return None
        project, link, evidence = self._project(host, prefix, projects)
        place = f"in pyenv's versions, {rules.versions_folder(host)}"
        return Claim(self.kind, name, True, project, link, (place, *evidence))

    def _program(self, host: Host, python: Interpreter) -> str:
        """pyenv, which can build on this Python. Raises ToolMissing, BadInput."""
        missing = self.cannot_create(host)
        tool = builds.program(host)
        if missing or tool is None:
            raise ToolMissing(missing or "")
        if python.kind != "pyenv":
            raise BadInput(
                f"pyenv-virtualenv builds on pyenv's Pythons, not on {python.id}; "
                "take another --python"
            )
        return tool

    def _project(
        self, host: Host, prefix: Prefix, projects: Projects
    ) -> tuple[str | None, Link, tuple[str, ...]]:
        """The project whose `.python-version` names it, else the one installed into it."""
        pinned = host.once("who pins what", lambda: _index(host, projects)).get(prefix.real, [])
        if pinned:
            named = tuple(f"{os.path.join(path, _PIN)} names it" for path in pinned)
            return pinned[0], "linked", named
        found = recorded_project(host, prefix)
        if found:
            place, record = found
            return place, link_to(host, place), (f"{record} names {place}",)
        return None, "none", ()

    def cannot_create(self, host: Host) -> str | None:
        """It needs pyenv and the plugin."""
        if builds.program(host) is None:
            return builds.cannot_install(host)
        if builds.plugin(host, self.kind) is None:
            return (
                "pyenv's plugin pyenv-virtualenv is not installed; "
                "https://github.com/pyenv/pyenv-virtualenv says how to get it"
            )
        return None

    def create(self, host: Host, request: Request) -> Plan:
        """`pyenv virtualenv VERSION NAME`, which makes the short name as well."""
        name = _checked_name(request.target)
        python = request.python
        tool = self._program(host, python)
        folder = rules.versions_folder(host)
        target = os.path.join(folder, python.name, "envs", name)
        short = os.path.join(folder, name)
        make = Run(
            (tool, "virtualenv", python.name, name),
            host.home,
            creates=(target, short),
        )
        fill = from_requirements(target, request.source)
        plan = created(name, f"on pyenv's Python {python.name}", target, make, *fill)
        return plan._replace(guards=(Guard("absent", short), *plan.guards))

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """`pyenv virtualenv` again, below the new version, with the short name moved there."""
        tool, path = self._program(host, python), environment.path
        folder = rules.versions_folder(host)
        target = os.path.join(folder, python.name, "envs", environment.name)
        short = os.path.join(folder, environment.name)
        if path == short:
            raise BadInput(f"{path} lies among the versions themselves; create another beside it")
        if target != path and host.lexists(target):
            raise BadInput(f"{target} exists already")
        links = [Unlink(short)] if short in environment.aliases else []
        make = Run((tool, "virtualenv", python.name, environment.name), host.home)
        if links or not host.lexists(short):
            made: list[Step] = [*links, make._replace(creates=(target, short))]
        else:
            raise BadInput(f"{short} is another environment's name; rename that first")
        made += [*reinstall(host, environment, target), proof(host, target, python)]
        steps = [Trash(path), *made] if target == path else [*made, Trash(path)]
        plan = rebuilding(host, environment, python, *steps)
        return plan._replace(steps=(*plan.steps, *builds.rehash(host, (path,))))

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash, with the short names that lead there and the shims only it needed."""
        plan = removal(host, environment)
        if host.is_link(environment.path):
            return plan
        return plan._replace(steps=(*plan.steps, *builds.rehash(host, (environment.path,))))

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """As a virtual environment, by its real prefix: the plugin's prompt hook leaves that be."""
        if isinstance(item, Environment):
            item = item._replace(path=item.real)
        return environment_activation(item)

    def pin_word(self, host: Host, environment: Environment) -> str:
        """What `.python-version` calls it: its short name, else `VERSION/envs/NAME`."""
        folder = rules.versions_folder(host)
        for path in (environment.path, *environment.aliases):
            if os.path.dirname(path) == folder:
                return os.path.basename(path)
        return os.path.relpath(environment.path, folder)


def is_environment(host: Host, path: str) -> bool:
    """Whether a directory is an environment; older virtualenvs wrote no pyvenv.cfg."""
    names = host.names_if(path)
    if "pyvenv.cfg" in names:
        return True
    return "conda-meta" not in names and "bin" in names and host.is_file(f"{path}/bin/activate")


def _environments(host: Host, version: str) -> list[str]:
    """What a version has in `envs`. Raises OSError where that can't be read."""
    folder = os.path.join(version, "envs")
    try:
        names = host.names(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    paths = [os.path.join(folder, name) for name in names]
    return [path for path in paths if is_environment(host, path)]


def is_short_name(host: Host, path: str) -> bool:
    """Whether it is a link to something of the shape `V/envs/N`, there or not."""
    return os.path.basename(os.path.dirname(host.target(path) or "")) == "envs"


def _is_alias(host: Host, path: str) -> bool:
    """Whether it is another name of a version in the same store, which is looked into anyway."""
    return host.is_link(path) and os.path.dirname(host.real(path)) == host.real(
        os.path.dirname(path)
    )


def _stored_name(host: Host, prefix: Prefix) -> str | None:
    """The environment's own name; None where it is not in the store or conda made it."""
    folder = rules.versions_folder(host)
    if not prefix.path.startswith(folder + "/") and not prefix.real.startswith(
        host.real(folder) + "/"
    ):
        return None
    if host.is_dir(os.path.join(prefix.real, "conda-meta")):
        return None
    for path in (prefix.path, prefix.real):
        holder = os.path.dirname(path)
        version = os.path.dirname(holder)
        if os.path.basename(holder) == "envs" and os.path.dirname(version) in (
            folder,
            host.real(folder),
        ):
            return os.path.basename(path)
    if os.path.dirname(prefix.real) == host.real(folder):
        return os.path.basename(prefix.real)
    return None


def _index(host: Host, projects: Projects) -> dict[str, list[str]]:
    """For each real prefix the projects that pin it."""
    names = rules.installed(host)
    folder = rules.versions_folder(host)
    index: dict[str, list[str]] = {}
    for path, files in sorted(projects.items()):
        if _PIN not in files.markers:
            continue
        for word in rules.words_of(host.read_if(os.path.join(path, _PIN), 1 << 16)):
            name = rules.resolve(host, word, names, folder)
            if name and name != "system":
                index.setdefault(host.real(os.path.join(folder, name)), []).append(path)
    return index


def _checked_name(name: str | None) -> str:
    """Raises BadInput for what the plugin refuses, or what no `.python-version` could name."""
    if not name:
        raise BadInput("a name for the environment is missing")
    if name in ("system", ".", ".."):
        raise BadInput(f"{name!r} can't be the name of an environment")
    if any(c in "/:" or c.isspace() or not c.isprintable() for c in name):
        raise BadInput(f"{name!r}: pyenv takes no blank, slash or colon in a name")
    if name.startswith(("-", "#")):
        raise BadInput(f"{name!r}: a name may not begin with {name[0]!r}")
    return name
