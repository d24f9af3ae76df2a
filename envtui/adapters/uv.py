"""uv: the environments it made, in projects and in its cache, its Pythons, and its pins.

uv keeps no list of what it made (astral-sh/uv#11657): the key `uv` in pyvenv.cfg tells.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui.adapters import uv_pins as pinning
from envtui.adapters import uv_places as places
from envtui.adapters import uv_pythons as pythons
from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.common import claim_by_path, display_name, project_around, recorded_claim
from envtui.adapters.creating import created
from envtui.adapters.going import removal
from envtui.adapters.programs import MadeByTool, tool_or_fail
from envtui.adapters.rebuilding import rebuilt, requirements
from envtui.adapters.stores import readable
from envtui.adapters.venv import checked_target, folder_for, prompt_name
from envtui.errors import BadInput
from envtui.host import Host, is_within
from envtui.model import Candidate, Environment, Interpreter
from envtui.plan import Plan, Run, Step
from envtui.prefix import Prefix, Prefixes

_LOCK = "uv.lock"
# `shop-cp3.12.1-367d412940b91c7f` is a project's, `clean-fcb34ae8a58584e9` a script's.
_PROJECTS = re.compile(r"^.+-[a-z]+\d+\.\d+[^-]*-[0-9a-f]{16}$")


class Uv(MadeByTool):
    """Environments that uv made, and the interpreters that it installed."""

    kind = "uv"
    takes: Takes = "path"
    manages = staticmethod(pinning.manages)
    pins = staticmethod(pinning.pins)
    pin = staticmethod(pinning.pin)
    unpin = staticmethod(pinning.unpin)
    cannot_install = staticmethod(pythons.cannot_install)
    known = staticmethod(pythons.known)
    install = staticmethod(pythons.install)
    remove_interpreter = staticmethod(pythons.uninstall)

    def stores(self, host: Host) -> list[str]:
        """Its Pythons, and its cache: unpacked wheels, and environments of builds."""
        return [places.pythons(host), places.cache(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Its Pythons, the environments in its cache, and where UV_PROJECT_ENVIRONMENT points."""
        yield from pythons.interpreters(host, prefixes)
        chosen = host.variable("UV_PROJECT_ENVIRONMENT")
        if chosen:
            path = os.path.normpath(os.path.join(host.cwd, chosen))
            if host.is_file(os.path.join(path, "pyvenv.cfg")):
                yield Candidate(path, "UV_PROJECT_ENVIRONMENT names it")
        folder = os.path.join(places.cache(host), places.CENTRAL)
        names, notices = readable(host, folder, "uv's environments")
        yield from notices
        for name in names:
            path = os.path.join(folder, name)
            if host.lexists(os.path.join(path, "pyvenv.cfg")):
                yield Candidate(path, "in uv's cache")

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its place in the cache, else by its maker's mark."""
        if _is_central(prefix.real):
            return _claim_central(host, prefix, projects)
        if prefix.maker != "uv":
            return None
        project, evidence = project_around(prefix, projects)
        if project is None:
            project, evidence = _chosen_for(host, prefix, projects)
        name = display_name(prefix.path, host.home)
        return claim_by_path(self.kind, name, project, f"made by {prefix.created_by}", *evidence)

    def create(self, host: Host, request: Request) -> Plan:
        """`uv venv`; from a lock of uv, `uv sync --frozen` fills it."""
        target = checked_target(request)
        tool = tool_or_fail(host, "uv")
        make = _make(host, tool, target, request.python)
        steps: list[Step] = [make._replace(creates=(target,))]
        if request.source and os.path.basename(request.source) == _LOCK:
            project = os.path.dirname(request.source)
            pinning.check_required(host, project, request.python)
            steps.append(_sync(tool, project, target, request.python))
        elif request.source:
            steps.append(_install(tool, target, "-r", request.source))
        on = f"on Python {request.python.version} (uv)"
        return created(host.short(target), on, target, *steps)

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """`uv venv` at the same place; then what the lock says, else what was installed."""
        tool = tool_or_fail(host, "uv")
        path, project = environment.path, environment.project
        if host.is_link(path) or _is_central(environment.real):
            raise BadInput(
                f"{environment.id} lies in uv's cache, where a new Python gets another place: "
                "pin the Python, and `uv sync` makes it"
            )
        after: list[Step] = []
        if project and host.is_file(os.path.join(project, _LOCK)):
            pinning.check_required(host, project, python)
            after.append(_sync(tool, project, path, python))
        elif words := requirements(host, environment):
            after.append(_install(tool, path, *words))
        return rebuilt(host, environment, python, _make(host, tool, path, python), *after)

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash; of one in the cache also the link in the project that leads there."""
        link = environment.path
        if host.is_link(link) and _is_central(environment.real):
            links = tuple(dict.fromkeys((link, *environment.aliases)))
            environment = environment._replace(path=environment.real, aliases=links)
        return removal(host, environment)


def _make(host: Host, tool: str, target: str, python: Interpreter) -> Run:
    argv = (tool, "venv", "-q", "-p", python.path, "--prompt", prompt_name(target), target)
    # uv would clear what is there without asking, if the user's variables say so.
    return Run(argv, folder_for(host, target), (("UV_VENV_CLEAR", "0"),))


def _sync(tool: str, project: str, target: str, python: Interpreter) -> Run:
    """Exactly what the lock says; with the Python named, so that uv does not take another."""
    argv = (tool, "sync", "--frozen", "-p", python.path)
    return Run(argv, project, (("UV_PROJECT_ENVIRONMENT", target),), within=target)


def _install(tool: str, target: str, *words: str) -> Run:
    """`uv venv` seeds no pip; uv installs without."""
    argv = (tool, "pip", "install", "-p", os.path.join(target, "bin", "python"), *words)
    return Run(argv, os.path.dirname(target), within=target)


def _is_central(real: str) -> bool:
    return real.rpartition("/")[0].endswith("/" + places.CENTRAL)


def _claim_central(host: Host, prefix: Prefix, projects: Projects) -> Claim:
    """The project whose `.venv` leads to it; the hash in its name is uv's own affair."""
    name = os.path.basename(prefix.real)
    folder = os.path.dirname(prefix.real)
    stored = os.path.dirname(prefix.path) == os.path.join(places.cache(host), places.CENTRAL)
    evidence: tuple[str, ...] = (f"in uv's cache {folder}",)
    for link in (prefix.path, *prefix.links):
        if os.path.dirname(link) in projects:
            known = (*evidence, f"{link} leads to it")
            return Claim("uv", name, stored, os.path.dirname(link), "linked", known)
    if not _PROJECTS.match(name):
        known = (*evidence, "a script's, by its name")
        return Claim("uv", name, stored, None, "none", known)
    return recorded_claim(host, prefix, Claim("uv", name, stored, None, "unmapped", evidence))


def _chosen_for(
    host: Host, prefix: Prefix, projects: Projects
) -> tuple[str | None, tuple[str, ...]]:
    """The project for which UV_PROJECT_ENVIRONMENT means this prefix."""
    chosen = host.variable("UV_PROJECT_ENVIRONMENT")
    if not chosen:
        return None, ()
    for path, files in projects.items():
        here = is_within(host.cwd, path)
        if not pinning.manages(files) or (os.path.isabs(chosen) and not here):
            continue
        if os.path.normpath(os.path.join(path, chosen)) == prefix.path:
            return path, (f"UV_PROJECT_ENVIRONMENT={chosen} names it for {path}",)
    return None, ()
