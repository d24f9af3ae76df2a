"""The nouns: what envtui knows of a machine, as immutable records.

Paths are `str` as `os.fsdecode` makes them (bytes that are not UTF-8 are surrogate escapes).
NamedTuples, because creating one class costs 0.2 ms against 0.8 ms for a frozen dataclass, and
importing `dataclasses` another 7 ms on the way to every `envtui list`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from envtui.activation import Activation as Activation  # noqa: PLC0414 - for all who know it here

Health = Literal["unreadable", "no-python", "broken", "moved", "overlaid", "version-differs", "ok"]
WELL = ("ok", "version-differs")
"""Health that hinders nothing; all else is counted, and found, as broken."""
Link = Literal["linked", "orphaned", "unmapped", "none"]
ENVIRONMENT_KINDS = (
    *("venv", "virtualenv", "virtualenvwrapper", "pyenv-virtualenv", "pipenv", "poetry", "conda"),
    *("pixi", "uv", "uv-tool", "pdm", "hatch", "pipx", "tox", "nox", "rye", "direnv"),
)
INTERPRETER_KINDS = (
    *("pyenv", "uv", "conda", "system", "homebrew", "mise", "asdf", "rye", "pdm", "hatch"),
    *("macos", "windows"),
)


class Notice(NamedTuple):
    """Something that could not be read; it stands beside a full list."""

    path: str
    message: str


class Interpreter(NamedTuple):
    """An installed Python. Identity: (device, inode) of the real executable and the real prefix."""

    id: str
    kind: str
    implementation: str
    version: str
    path: str
    prefix: str
    name: str
    """What its manager calls it: the directory below pyenv's `versions/`, or the path."""
    aliases: tuple[str, ...] = ()
    eol: str | None = None
    dependents: int = 0
    active: bool = False
    evidence: tuple[str, ...] = ()
    """What else is to be known of it, such as that pip may not install into it (PEP 668)."""


class Environment(NamedTuple):
    """An isolated prefix on an interpreter. Identity: `real`, the resolved prefix."""

    id: str
    kind: str
    name: str
    path: str
    real: str
    python: str
    """The executable inside the prefix; it may dangle."""
    version: str | None
    interpreter: str | None
    """Id of the interpreter it is built on; None where that is lost or not known."""
    base: str | None
    project: str | None
    link: Link
    health: Health
    reason: str | None
    active: bool
    created_by: str | None
    evidence: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    """Symbolic links that lead to this prefix."""
    size: int | None = None
    last_used: str | None = None
    prompt: str | None = None
    """What its maker would have the shell show."""

    @property
    def short(self) -> str:
        """Its name without Poetry's hash of the project's path, which tells people nothing."""
        head, mark, tail = self.name.rpartition("-py")
        if self.kind != "poetry" or not mark or head[-9:-8] != "-":
            return self.name
        return f"{head[:-9]}-py{tail}"

    @property
    def prefix(self) -> str:
        """Its path, as an interpreter calls that."""
        return self.path


class Pin(NamedTuple):
    """One file or variable that decides which Python a directory gets."""

    file: str
    versions: tuple[str, ...]
    resolves_to: tuple[str | None, ...]
    """Interpreter (or environment) ids, one for each version; None where it is not installed."""


class Project(NamedTuple):
    """A directory that declares what it needs."""

    path: str
    name: str
    managers: tuple[str, ...]
    requires_python: str | None
    lock: str | None
    pins: tuple[Pin, ...]
    environments: tuple[str, ...]
    findings: tuple[str, ...] = ()
    """What is not right with it, in sentences."""


class Inventory(NamedTuple):
    """All that one scan found, immutable, with ids unique in each list."""

    interpreters: tuple[Interpreter, ...]
    environments: tuple[Environment, ...]
    projects: tuple[Project, ...]
    notices: tuple[Notice, ...]
    complete: bool = True
    stopped_at: str | None = None

    @property
    def items(self) -> list[Environment | Interpreter]:
        """All that a shell can be switched to."""
        return [*self.environments, *self.interpreters]


class Candidate(NamedTuple):
    """A path that may be an environment's prefix (or a link to one), and who says so."""

    path: str
    because: str
    named_by: str | None = None
    """A file that names the path, as a link would lead there."""


class Overruled(NamedTuple):
    """Something that would have decided, had nothing stronger spoken."""

    manager: str
    source: str
    python: str

    @property
    def said(self) -> str:
        """What it says, and who says it where that is not its first word already."""
        own = self.python.startswith(f"{self.manager}:")
        return self.python if own else f"{self.manager} {self.python}"


class Decision(NamedTuple):
    """Which Python a directory gets, and why: the answer of `envtui why`."""

    directory: str
    python: str | None
    """Id of the interpreter or environment; None if what was asked for is not installed."""
    path: str | None
    version: str | None
    manager: str
    source: str
    rule: str
    overruled: tuple[Overruled, ...]
    pyenv_versions: tuple[str, ...]
    pyenv_missing: tuple[str, ...]
    pyenv_origin: str | None
