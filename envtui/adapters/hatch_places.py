"""Where Hatch keeps what, and what a project declares of its environments.

Names and places as Hatch 1.18 computes them (hatch/env/virtual.py, hatch/utils/fs.py).
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from envtui.adapters.common import project_files, settings, short_hash
from envtui.errors import BadInput
from envtui.host import Host, by_host
from envtui.model import Environment
from envtui.project import ProjectFiles, table

DEFAULT = "default"
# Members of one matrix that are looked at: a file may ask for billions.
_MOST = 1000


class Layout(NamedTuple):
    """Where Hatch keeps a project's environments."""

    folder: str
    name: str
    """The project's name, which stands for the environment `default`."""


@by_host
def pythons_folder(host: Host) -> str:
    """`[dirs] python`, by default below the data directory."""
    chosen = table(settings(host, config_file(host)), "dirs").get("python")
    if isinstance(chosen, str) and chosen != "isolated":
        return os.path.normpath(os.path.join(host.home, expanded(host, chosen)))
    return os.path.join(data(host), "pythons")


@by_host
def config_file(host: Host) -> str:
    """`HATCH_CONFIG`, else config.toml in its configuration directory."""
    if chosen := host.variable("HATCH_CONFIG"):
        return os.path.join(host.cwd, host.expand(chosen))
    return host.own_folder("config", "hatch", "config.toml")


@by_host
def data(host: Host) -> str:
    """`HATCH_DATA_DIR`, else the configured one, else the user's."""
    chosen = host.variable("HATCH_DATA_DIR") or table(
        settings(host, config_file(host)), "dirs"
    ).get("data")
    if isinstance(chosen, str):
        return os.path.normpath(os.path.join(host.cwd, expanded(host, chosen)))
    return host.own_folder("data", "hatch")


@by_host
def virtual(host: Host) -> str:
    """`[dirs.env] virtual` as configured, "" where it is not."""
    chosen = table(settings(host, config_file(host)), "dirs", "env").get("virtual")
    return os.path.normpath(expanded(host, chosen)) if isinstance(chosen, str) else ""


@by_host
def configured(host: Host) -> list[str]:
    """The configured directory for all projects' environments."""
    chosen = virtual(host)
    return [chosen] if os.path.isabs(chosen) else []


@by_host
def folders(host: Host) -> list[str]:
    """Where it keeps environments by project."""
    return [os.path.join(data(host), "env"), *configured(host)]


@by_host
def relative(host: Host) -> str:
    """The directory that is configured to lie in each project, "" where none is."""
    chosen = virtual(host)
    return "" if os.path.isabs(chosen) else chosen


def expanded(host: Host, path: str) -> str:
    """`~` and `$NAME` as Hatch expands them, by this host's variables."""
    found = re.sub(
        r"\$(\w+|\{\w+\})", lambda m: host.variables.get(m[1].strip("{}"), m[0]), host.expand(path)
    )
    return found or path


def declared(host: Host, files: ProjectFiles) -> dict[str, dict[str, Any]]:
    """The environments that hatch.toml, else pyproject.toml, declares, each with its options.

    A matrix is there under its own name, with its `matrix`, and then with each of its members.
    """
    said = files.tool("hatch", "envs")
    if "hatch.toml" in files.markers:
        said = {**said, **table(settings(host, os.path.join(files.path, "hatch.toml")), "envs")}
    found = {}
    for name in said:
        options = _inherited(said, name)
        found[name] = options
        found.update(members(name, options))
    return found


def _inherited(said: dict[str, Any], name: str, *below: str) -> dict[str, Any]:
    """An environment's options with those of its template, by default those of `default`."""
    own = table(said, name)
    template = name if own.get("detached") else own.get("template", DEFAULT)
    if template in (name, *below) or not isinstance(template, str):
        return own
    above = _inherited(said, template, name, *below)
    return {**{key: value for key, value in above.items() if key != "matrix"}, **own}


def members(name: str, options: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a matrix generates: `test.py3.12-42`; of `default` without its name before."""
    matrices = options.get("matrix")
    form = options.get("matrix-name-format")
    form = form if isinstance(form, str) else "{value}"
    rest = {key: value for key, value in options.items() if key != "matrix"}
    for matrix in matrices if isinstance(matrices, list) else ():
        if not isinstance(matrix, dict) or not all(isinstance(v, list) for v in matrix.values()):
            continue
        # The variable for the Python comes first, whatever the order.
        variables = sorted(matrix, key=lambda key: key not in ("py", "python"))
        all_of_them = itertools.product(*(map(str, matrix[key]) for key in variables))
        for chosen in itertools.islice(all_of_them, _MOST):
            parts = []
            python = {}
            for variable, value in zip(variables, chosen, strict=True):
                if variable in ("py", "python"):
                    python = {"python": value}
                    parts.append(value if value.startswith("py") else f"py{value}")
                else:
                    parts.append(form.replace("{variable}", variable).replace("{value}", value))
            member = "-".join(parts)
            yield member if name == DEFAULT else f"{name}.{member}", {**rest, **python}


def layout(host: Host, files: ProjectFiles) -> Layout:
    """Flat in the project and in `~/.virtualenvs`, else below the project's name and hash."""
    root = host.real(files.path)
    said = table(files.pyproject, "project").get("name")
    name = said if isinstance(said, str) else os.path.basename(root)
    name = re.sub(r"[-_.]+", "-", name).lower()
    chosen = virtual(host) or os.path.join(data(host), "env", "virtual")
    folder = os.path.normpath(os.path.join(root, chosen))
    flat = host.real(folder).startswith(root + "/") or folder == f"{host.home}/.virtualenvs"
    return Layout(folder if flat else os.path.join(folder, name, short_hash(root)), name)


def place(host: Host, files: ProjectFiles, name: str, options: Any) -> str:
    """Where Hatch puts the environment that it calls by this name."""
    kept = layout(host, files)
    variable = host.variable("HATCH_ENV_TYPE_VIRTUAL_PATH")
    chosen = variable or table(options).get("path")
    if isinstance(chosen, str) and chosen:
        return os.path.normpath(os.path.join(files.path, chosen))
    return os.path.join(kept.folder, kept.name if name == DEFAULT else name)


def record(host: Host, project: str, name: str) -> str:
    """The file with the hash of what Hatch installed into an environment."""
    return record_of(host, short_hash(host.real(project)), name)


def record_of(host: Host, identifier: str, name: str) -> str:
    """The same file by the project's hash."""
    return os.path.join(data(host), "env", ".metadata", identifier, "virtual", f"{name}.json")


def records(host: Host, environment: Environment) -> list[str]:
    """The record of an environment, found by its project, else by the shape of its path."""
    if environment.project:
        try:
            files = project_files(host, environment.project)
        except BadInput:
            files = None
        name = hatch_name(host, files, environment.path) if files else None
        if files and name:
            return [path for path in (record(host, files.path, name),) if host.is_file(path)]
    parent, leaf = os.path.split(environment.path)
    folder, identifier = os.path.split(parent)
    name = DEFAULT if os.path.basename(folder) == leaf else leaf
    path = record_of(host, identifier, name)
    return [path] if host.is_file(path) else []


def hatch_name(host: Host, files: ProjectFiles, path: str) -> str | None:
    """What Hatch calls the environment at a path."""
    known = declared(host, files)
    for name in (DEFAULT, *known, os.path.basename(path)):
        if place(host, files, name, table(known, name)) == path:
            return name
    return None


def wanted_python(options: Any, name: str) -> str | None:
    """The Python that an environment declares, which Hatch takes before any other."""
    said = table(options).get("python")
    if isinstance(said, str) and said:
        return said
    in_name = re.fullmatch(r"hatch-\w+\.py(\d[\w.]*)", name)  # its own: no project declares them
    return in_name[1] if in_name else None
