"""What a project's own files declare: name, Python, locks. Read once, given to every adapter."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from envtui.host import Host
from envtui.model import Notice

_LOCKS = ("poetry.lock", "Pipfile.lock", "uv.lock", "pdm.lock", "pylock.toml")


class ProjectFiles(NamedTuple):
    """One project directory as its files describe it."""

    path: str
    markers: frozenset[str]
    environments: tuple[str, ...]
    pyproject: dict[str, Any]
    pipfile: dict[str, Any]

    @property
    def name(self) -> str:
        """The declared name, else the directory's."""
        declared = table(self.pyproject, "project").get("name") or table(
            self.pyproject, "tool", "poetry"
        ).get("name")
        return declared if isinstance(declared, str) else os.path.basename(self.path) or self.path

    @property
    def requires_python(self) -> str | None:
        """The declared specifier of Python versions (PEP 621), or Poetry's, as written."""
        declared = table(self.pyproject, "project").get("requires-python")
        if declared is None:
            declared = table(self.pyproject, "tool", "poetry", "dependencies").get("python")
        return declared if isinstance(declared, str) else None

    @property
    def lock(self) -> str | None:
        """The name of its lock file, or None."""
        return next((name for name in _LOCKS if name in self.markers), None)


def read_project(
    host: Host, path: str, markers: frozenset[str], environments: tuple[str, ...]
) -> tuple[ProjectFiles, list[Notice]]:
    """The project's declarations; a file that can't be understood is a notice, not a failure."""
    notices: list[Notice] = []
    tables: dict[str, dict[str, Any]] = {"pyproject.toml": {}, "Pipfile": {}}
    for name in tables:
        if name in markers:
            try:
                tables[name] = read_toml(host, os.path.join(path, name))
            except (OSError, ValueError) as error:
                notices.append(Notice(os.path.join(path, name), reason(error)))
    if ".python-version" in markers:
        try:
            host.read(os.path.join(path, ".python-version"), 1)
        except OSError as error:
            notices.append(Notice(os.path.join(path, ".python-version"), reason(error)))
    files = ProjectFiles(path, markers, environments, tables["pyproject.toml"], tables["Pipfile"])
    return files, notices


def read_toml(host: Host, path: str) -> dict[str, Any]:
    """A TOML file's tables. Raises OSError, or ValueError that names the line."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    content = host.read(path).decode("utf-8")
    try:
        tables: dict[str, Any] = tomllib.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return tables


def reason(error: OSError | ValueError) -> str:
    """Why a file could not be read, in one line."""
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error).splitlines()[0] if str(error) else "cannot be understood"


def table(tables: Any, *keys: str) -> dict[str, Any]:
    """The table at a dotted key; an empty one where it is missing or something else."""
    for key in keys:
        tables = tables.get(key) if isinstance(tables, dict) else None
    return tables if isinstance(tables, dict) else {}
