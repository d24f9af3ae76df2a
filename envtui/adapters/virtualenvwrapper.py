"""virtualenvwrapper: environments by name in `$WORKON_HOME`, each with a `.project` if it has one.

Places as virtualenvwrapper.sh 6.1 has them; Pipenv keeps its own in the same directory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.common import link_to
from envtui.adapters.creating import created, from_requirements
from envtui.adapters.programs import not_installed
from envtui.adapters.pyenv_virtualenv import is_environment
from envtui.adapters.rebuilding import rebuilt, reinstall
from envtui.adapters.stores import environments
from envtui.adapters.venv import virtualenv
from envtui.errors import BadInput
from envtui.host import Host, by_host
from envtui.model import Environment, Interpreter, Link
from envtui.plan import Plan, Step, Write
from envtui.prefix import Prefix, Prefixes


class Virtualenvwrapper:
    """Environments that `workon` knows."""

    kind = "virtualenvwrapper"
    takes: Takes = "name"

    def stores(self, host: Host) -> list[str]:
        """The one directory."""
        return [store(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every environment in it; the hook scripts beside them are files."""
        folder = store(host)
        for found in environments(host, folder, "virtualenvwrapper's", is_environment):
            if found.path != folder or not host.variable("WORKON_HOME"):
                yield found  # else it is Pipenv's too, which says so

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By place alone: Pipenv has said before what is its own."""
        folder = store(host)
        if prefix.folder != folder:
            return None
        name = prefix.leaf
        project, link, evidence = _project(host, prefix.real)
        place = f"in virtualenvwrapper's store {folder}"
        return Claim(self.kind, name, True, project, link, (place, *evidence))

    def cannot_create(self, host: Host) -> str | None:
        """What it needs is virtualenv."""
        return not_installed(host, "virtualenv")

    def create(self, host: Host, request: Request) -> Plan:
        """As `mkvirtualenv` does, without its hooks, and never over one that is there."""
        name = _checked_name(request.target)
        target = os.path.join(store(host), name)
        steps: list[Step] = [virtualenv(host, target, request.python)]
        if request.place:
            steps.append(Write(_record(host, target), os.fsencode(request.place) + b"\n"))
        steps += from_requirements(target, request.source)
        on = f"on Python {request.python.version}"
        return created(name, on, target, *steps, warnings=tuple(_unheard(host)))

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """At the same place, from the list of what is installed, for the same project."""
        path = environment.path
        after = reinstall(host, environment)
        try:
            record = host.read(_record(host, path), 8192)
            after.append(Write(_record(host, path), record))
        except OSError:
            pass
        return rebuilt(host, environment, python, virtualenv(host, path, python), *after)


@by_host
def store(host: Host) -> str:
    """`$WORKON_HOME`, a relative one below home; else `~/.virtualenvs`."""
    chosen = host.variable("WORKON_HOME") or ".virtualenvs"
    return os.path.normpath(os.path.join(host.home, host.expand(chosen)))


def _record(host: Host, prefix: str) -> str:
    name = host.variable("VIRTUALENVWRAPPER_PROJECT_FILENAME") or ".project"
    return os.path.join(prefix, name)


def _project(host: Host, prefix: str) -> tuple[str | None, Link, tuple[str, ...]]:
    record = _record(host, prefix)
    try:
        place = os.fsdecode(host.read(record, 8192)).strip()
    except OSError:
        return None, "none", ()
    if not os.path.isabs(place) or "\0" in place or "\n" in place:
        return None, "none", (f"{record} names no directory",)
    return place, link_to(host, place), (f"{record} names {place}",)


def _unheard(host: Host) -> Iterator[str]:
    """The user's own hooks: virtualenvwrapper would run them, a shell of ours does not."""
    folder = host.variable("VIRTUALENVWRAPPER_HOOK_DIR") or store(host)
    for name in ("premkvirtualenv", "postmkvirtualenv"):
        path = os.path.join(folder, name)
        lines = host.read_if(path, 1 << 16).splitlines()
        if any(line.strip() and not line.lstrip().startswith(b"#") for line in lines):
            yield f"{path} is not run; `mkvirtualenv` would run it"


def _checked_name(name: str | None) -> str:
    """Raises BadInput for what is no name of a directory, or what `workon` could not take."""
    if not name or name in (".", "..") or name.startswith("-"):
        raise BadInput(f"{name or ''!r} can't be the name of an environment")
    if any(c in "/:" or not c.isprintable() for c in name):
        raise BadInput(f"{name!r}: a name has no slash, colon or control character")
    return name
