"""What a project's own files declare: name, Python, locks. Read once, given to every adapter."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from envtui.host import Host, by_host
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
    pyproject: dict[str, Any]
    pipfile: dict[str, Any]
    pinned: tuple[tuple[str, tuple[str, ...]], ...]
    """Of `.tool-versions` and mise's files those that name a Python, with the words for it."""
    lock: str | None
    """The name of its lock file."""

    @property
    def name(self) -> str:
        """The declared name, else the directory's."""
        declared = self.declared_name
        return self.path.rpartition("/")[2] or self.path if declared is None else declared

    @property
    def declared_name(self) -> str | None:
        """The name in pyproject.toml (PEP 621), or Poetry's."""
        if not self.pyproject:
            return None
        declared = table(self.pyproject, "project").get("name") or self.tool("poetry").get("name")
        return declared if isinstance(declared, str) else None

    def tool(self, *keys: str) -> dict[str, Any]:
        """A tool's table in pyproject.toml, or one in that."""
        return table(self.pyproject["tool"], *keys) if "tool" in self.pyproject else {}

    @property
    def requires_python(self) -> str | None:
        """The declared specifier of Python versions (PEP 621), or Poetry's, as written."""
        if not self.pyproject:
            return None
        declared = table(self.pyproject, "project").get("requires-python")
        if declared is None:
            declared = self.tool("poetry", "dependencies").get("python")
        return declared if isinstance(declared, str) else None


def read_project(
    host: Host, path: str, markers: frozenset[str]
) -> tuple[ProjectFiles, list[Notice]]:
    """The project's declarations; a file that can't be understood is a notice, not a failure."""
    notices: list[Notice] = []
    tables: dict[str, dict[str, Any]] = {}
    for name in ("pyproject.toml", "Pipfile", "hatch.toml"):
        if name in markers:
            try:
                tables[name] = read_toml(host, f"{path}/{name}")
            except (OSError, ValueError) as error:
                notices.append(Notice(f"{path}/{name}", reason(error)))
    for name in (".python-version", ".pdm-python"):
        if name in markers:
            try:
                host.read(f"{path}/{name}", 1 << 16)
            except OSError as error:
                notices.append(Notice(f"{path}/{name}", reason(error)))
    pinned = []
    present = [name for name in of_mise_env(host) if host.is_file(f"{path}/{name}")]
    if not markers.isdisjoint(TOOL_FILES):
        present += [name for name in TOOL_FILES if name in markers]
    for name in present:
        try:
            if words := tool_words(host, f"{path}/{name}"):
                pinned.append((name, words))
        except (OSError, ValueError) as error:
            notices.append(Notice(f"{path}/{name}", reason(error)))
    pyproject, pipfile = tables.get("pyproject.toml", {}), tables.get("Pipfile", {})
    locks = () if markers.isdisjoint(_LOCKS) else _LOCKS
    lock = next((name for name in locks if name in markers), None)
    return ProjectFiles(path, markers, pyproject, pipfile, tuple(pinned), lock), notices


@by_host
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
    from envtui import toml  # two milliseconds for its patterns, which mostly nobody needs

    return toml.loads(host.read(path).decode("utf-8"))


def read_json(host: Host, path: str) -> dict[str, Any]:
    """A JSON file's object; {} where it can't be read, or is something else."""
    import json

    try:
        record = json.loads(host.read(path, 1 << 18))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


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
