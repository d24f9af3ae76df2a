"""Where PDM keeps what, and what a project's files choose.

Names and places as PDM 2.29 computes them (pdm/cli/commands/venv/utils.py).
"""

from __future__ import annotations

import os

from envtui.adapters.capabilities import Projects
from envtui.adapters.common import settings
from envtui.host import Host, by_host
from envtui.prefix import Prefix
from envtui.project import ProjectFiles, table

# What PDM calls the environment inside the project.
INSIDE = "in-project"


@by_host
def store(host: Host) -> str:
    """`venv.location` of the user's configuration, else `venvs` in PDM's data directory."""
    return _configured(host, "venv", "location", "venvs")


@by_host
def pythons(host: Host) -> str:
    """`python.install_root` of the user's configuration, else beside the environments' default."""
    return _configured(host, "python", "install_root", "python")


def _configured(host: Host, section: str, key: str, default: str) -> str:
    chosen = table(settings(host, config_file(host)), section).get(key)
    if isinstance(chosen, str) and chosen:
        return os.path.normpath(os.path.join(host.home, host.expand(chosen)))
    return host.own_folder("data", "pdm", default)


@by_host
def config_file(host: Host) -> str:
    """`PDM_CONFIG_FILE`, else config.toml in its configuration directory."""
    if chosen := host.variable("PDM_CONFIG_FILE"):
        return os.path.join(host.cwd, host.expand(chosen))
    return host.own_folder("config", "pdm", "config.toml")


def base_name(project: str) -> str:
    """The start of a stored environment's name: the directory's name and a hash of its place."""
    import base64
    import hashlib

    place = hashlib.new("md5", os.fsencode(project), usedforsecurity=False).digest()
    digest = base64.urlsafe_b64encode(place).decode()[:8]
    return f"{os.path.basename(project)}-{digest}-"


def setting(host: Host, project: str, variable: str, *keys: str) -> bool:
    """A switch that is on by default: variable, then pdm.toml, then the user's configuration."""
    said = host.variables.get(variable)
    if said is not None:
        return bool(said) and said.lower() not in ("false", "no", "0")
    for path in (os.path.join(project, "pdm.toml"), config_file(host)):
        value = table(settings(host, path), *keys[:-1]).get(keys[-1])
        if isinstance(value, str):
            return bool(value) and value.lower() not in ("false", "no", "0")
        if isinstance(value, bool):
            return value
    return True


def chosen(host: Host, file: str) -> str | None:
    """The path that a `.pdm-python` holds; None where it can't be one."""
    path = os.fsdecode(host.read_if(file, 8192)).strip()
    return path if os.path.isabs(path) and "\0" not in path else None


def chosen_prefix(host: Host, file: str) -> str | None:
    """The prefix of the Python that a `.pdm-python` names."""
    python = chosen(host, file)
    return os.path.dirname(os.path.dirname(python)) if python else None


def names(host: Host, files: ProjectFiles, prefix: Prefix) -> bool:
    """Whether the project's `.pdm-python` names this prefix."""
    if ".pdm-python" not in files.markers:
        return False
    chosen = chosen_prefix(host, os.path.join(files.path, ".pdm-python"))
    return chosen is not None and (
        chosen in (prefix.path, *prefix.links) or host.real(chosen) == prefix.real
    )


def choosers(host: Host, projects: Projects) -> dict[str, str]:
    """For each prefix that a `.pdm-python` names, as written and real, a project whose it is."""

    def work_out() -> dict[str, str]:
        found: dict[str, str] = {}
        for path, files in projects.items():
            if ".pdm-python" in files.markers:
                chosen = chosen_prefix(host, os.path.join(path, ".pdm-python"))
                for place in (chosen, host.real(chosen)) if chosen else ():
                    found.setdefault(place, path)
        return found

    return host.once("who names a prefix in .pdm-python", work_out)


def key(host: Host, project: str, path: str) -> str | None:
    """PDM's name for a project's environment; None where it is not one of PDM's."""
    if path == os.path.join(project, ".venv"):
        return INSIDE
    start = base_name(host.real(project))
    name = os.path.basename(path)
    stored = os.path.dirname(path) == store(host) and name.startswith(start)
    return name[len(start) :] if stored else None
