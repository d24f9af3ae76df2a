"""Where Poetry keeps what, and its record of each project's active environment.

Names and places as Poetry 2.5 computes them (src/poetry/utils/env/env_manager.py).
"""

from __future__ import annotations

import os
import re

from envtui.adapters.capabilities import Projects
from envtui.adapters.choice import minor
from envtui.adapters.common import settings, short_hash
from envtui.host import Host, by_host
from envtui.model import Interpreter
from envtui.plan import Step, Write
from envtui.project import ProjectFiles, read_toml, table

NAME = re.compile(r"^(.+-[A-Za-z0-9_-]{8})-py(\d+\.\d+)$", re.DOTALL)
_DASHES = re.compile(r"[-_.]+")
_UNCLEAN = re.compile(r'[ $`!*@"\\\r\n\t]')


@by_host
def record_file(host: Host) -> str:
    """For each project the minor that is active."""
    return os.path.join(store(host), "envs.toml")


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


def names(host: Host, projects: Projects) -> dict[str, str]:
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


def next_place(host: Host, files: ProjectFiles, python: Interpreter) -> str:
    """Where Poetry would make the project's next environment: beside it, or in its store."""
    inside = in_project(host, files.path)
    return os.path.join(files.path, ".venv") if inside else place(host, files, python)


def place(host: Host, files: ProjectFiles, python: Interpreter) -> str:
    """Where Poetry keeps the project's environment on such a Python."""
    return os.path.join(store(host), f"{base_name(host, files)}-py{minor(python.version)}")


@by_host
def _config(host: Host) -> dict[str, object]:
    folder = host.variable("POETRY_CONFIG_DIR") or host.own_folder("config", "pypoetry")
    return settings(host, os.path.join(folder, "config.toml"))


@by_host
def records(host: Host) -> dict[str, object]:
    """envs.toml: for each project the minor that is active. Raises OSError, ValueError."""
    path = record_file(host)
    return read_toml(host, path) if host.lexists(path) else {}


def forget(host: Host, prefix: str) -> list[Step]:
    """The step that takes an environment's section out of envs.toml, if it is the active one."""
    found = NAME.match(os.path.basename(prefix))
    if not found or os.path.dirname(prefix) != host.real(store(host)):
        return []
    try:
        section = records(host).get(found[1])
    except (OSError, ValueError):
        return []
    if not isinstance(section, dict) or section.get("minor") != found[2]:
        return []
    step = without_section(host, found[1])
    return [step] if step else []


def stale_records(host: Host) -> list[Write]:
    """A step for each section of envs.toml whose environment is gone: it takes that one out."""
    try:
        known = records(host)
    except ValueError:
        return []
    found = []
    for name, section in known.items():
        minor = section.get("minor") if isinstance(section, dict) else None
        there = isinstance(minor, str) and host.is_dir(
            os.path.join(store(host), f"{name}-py{minor}")
        )
        if not there and (step := without_section(host, name)):
            found.append(step)
    return found


def without_section(host: Host, name: str) -> Write | None:
    """envs.toml without one `[section]`, everything else byte for byte."""
    path = record_file(host)
    content = host.read_if(path)
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
