"""What a project's own files declare: name, Python, locks. Read once, given to every adapter."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from envtui.host import Host
from envtui.model import Notice

# Where asdf and mise look for the versions of their tools, mise's own strongest first (mise
# 2026.9: `.mise.toml` is before `mise.toml`, any TOML before `.tool-versions`).
TOOL_FILES = (
    ".mise.local.toml",
    "mise.local.toml",
    ".mise.toml",
    "mise.toml",
    ".tool-versions",
)
_LOCKS = (
    "poetry.lock",
    "Pipfile.lock",
    "uv.lock",
    "pdm.lock",
    "pixi.lock",
    "pylock.toml",
    "conda-lock.yml",
)


class ProjectFiles(NamedTuple):
    """One project directory as its files describe it."""

    path: str
    markers: frozenset[str]
    environments: tuple[str, ...]
    pyproject: dict[str, Any]
    pipfile: dict[str, Any]
    pinned: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Of `.tool-versions` and mise's files those that name a Python, with the words for it."""

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
    tables: dict[str, dict[str, Any]] = {"pyproject.toml": {}, "Pipfile": {}, "hatch.toml": {}}
    for name in tables:
        if name in markers:
            try:
                tables[name] = read_toml(host, os.path.join(path, name))
            except (OSError, ValueError) as error:
                notices.append(Notice(os.path.join(path, name), reason(error)))
    for name in (name for name in (".python-version", ".pdm-python") if name in markers):
        try:
            host.read(os.path.join(path, name), 1)
        except OSError as error:
            notices.append(Notice(os.path.join(path, name), reason(error)))
    pinned = []
    present = [name for name in of_mise_env(host) if host.is_file(os.path.join(path, name))]
    for name in (*present, *(name for name in TOOL_FILES if name in markers)):
        try:
            if words := tool_words(host, os.path.join(path, name)):
                pinned.append((name, words))
        except (OSError, ValueError) as error:
            notices.append(Notice(os.path.join(path, name), reason(error)))
    pyproject, pipfile = tables["pyproject.toml"], tables["Pipfile"]
    return ProjectFiles(path, markers, environments, pyproject, pipfile, tuple(pinned)), notices


def of_mise_env(host: Host) -> list[str]:
    """The further files that mise reads, and before others, for the environments of MISE_ENV."""
    named = (host.variable("MISE_ENV") or "").split(",")
    stems = [name for name in reversed(named) if name and "/" not in name]
    return [
        f"{dot}mise.{n}{local}.toml" for n in stems for local in (".local", "") for dot in (".", "")
    ]


def tool_words(host: Host, path: str) -> tuple[str, ...]:
    """The words for `python` in a `.tool-versions` or a file of mise; none where it names none.

    Raises OSError, ValueError.
    """
    if os.path.basename(path) == ".tool-versions":
        for line in host.read(path, 1 << 16).decode("utf-8", "surrogateescape").splitlines():
            words = line.partition("#")[0].split()
            if words and words[0] == "python":
                return tuple(words[1:])
        return ()
    wanted = table(read_toml(host, path), "tools").get("python")
    listed = wanted if isinstance(wanted, list) else [wanted]
    versions = [one.get("version") if isinstance(one, dict) else one for one in listed]
    return tuple(str(one) for one in versions if isinstance(one, (str, int, float)))


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
