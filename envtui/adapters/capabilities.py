"""What an adapter can do, one small protocol each; where one is missing, a sentence says why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, Protocol, Union, runtime_checkable

from envtui.host import Host
from envtui.model import (
    Activation,
    Candidate,
    Environment,
    Interpreter,
    Inventory,
    Link,
    Notice,
    Pin,
    Project,
)
from envtui.plan import Plan
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles

Projects = Mapping[str, ProjectFiles]
Found = Union[Interpreter, Candidate, Notice]


class Claim(NamedTuple):
    """An adapter's word that an environment is of its kind, and which project it belongs to."""

    kind: str
    name: str
    """What its manager calls it; its id where `stored` and no other claims it."""
    stored: bool
    project: str | None
    link: Link
    evidence: tuple[str, ...]


# What names a new environment: a path of the user's choice, a name in the manager's own store, or
# only the project, for which the manager chooses the place, or the project and, where it is not to
# be the usual one, a name beside it.
Takes = Literal["path", "name", "project", "project-name"]


class Request(NamedTuple):
    """What a new environment is to be."""

    target: str | None
    """Absolute path, or a name in the manager's store, as `Creates.takes` says; else None."""
    python: Interpreter
    project: Project | None
    source: str | None
    """A lock or requirements file to install from, absolute; None for an empty environment."""
    place: str | None = None
    """The directory that `--project` named, absolute, whether it declares anything or not."""


class Finds(Protocol):
    """Knows places of its own. Reads files only."""

    kind: str

    def stores(self, host: Host) -> list[str]:
        """Directories that this adapter reads itself and that the walk need not enter."""

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """What its stores hold; what could not be read as notices."""


class Claims(Protocol):
    """Recognises environments of its kind, wherever they were found."""

    kind: str

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """Its claim on this prefix; None if it is not of this kind."""


@runtime_checkable
class Manages(Protocol):
    """Recognises projects that use it."""

    kind: str

    def manages(self, files: ProjectFiles) -> bool:
        """Whether the project's own files name this manager."""


class Creates(Protocol):
    """Makes environments of its kind."""

    takes: Takes

    def cannot_create(self, host: Host) -> str | None:
        """Why it can't on this machine, with what would help; None if it can."""

    def create(self, host: Host, request: Request) -> Plan:
        """The plan that makes one. Raises BadInput, ToolMissing."""


@runtime_checkable
class Brings(Protocol):
    """Gets the Python of a new environment by itself: none has to be installed before."""

    def brings(self, version: str | None) -> Interpreter | None:
        """The Python that it would bring, known by its version only; None to take one from here.

        Raises BadInput where it is not asked which.
        """


@runtime_checkable
class Declares(Protocol):
    """Its projects may say which Python one of their environments has."""

    def declared_python(self, host: Host, project: str, name: str | None) -> str | None:
        """The word for it; None where the choice is free. Raises BadInput."""


class Removes(Protocol):
    """Removes environments of its kind, with their records."""

    def remove(self, host: Host, environment: Environment) -> Plan:
        """The plan that puts it into the trash."""


class Rebuilds(Protocol):
    """Moves an environment of its kind to another Python, packages included."""

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """The plan; the old one is in the trash afterwards. Raises BadInput, ToolMissing."""


class Holds(Protocol):
    """Holds interpreters, on which environments depend."""

    def remove_interpreter(
        self, host: Host, item: Interpreter, dependents: list[str], *, force: bool = False
    ) -> Plan:
        """The plan that removes one. Raises Refused where it is needed and nobody forces it."""


class Installs(Protocol):
    """Gets new interpreters."""

    def cannot_install(self, host: Host) -> str | None:
        """Why it can't on this machine, with what would help; None if it can."""

    def known(self, host: Host) -> list[str]:
        """What it could install, as far as can be told without running it: newest first."""

    def install(self, host: Host, version: str) -> Plan:
        """The plan that installs one. Raises BadInput where it knows no such version."""


class Activates(Protocol):
    """Knows what switching a shell to an environment of its kind means."""

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """The variables and the PATH entry."""


class Pins(Protocol):
    """Writes and reads the file by which its manager chooses a Python."""

    kind: str

    def pins(self, host: Host, files: ProjectFiles, inventory: Inventory) -> list[Pin]:
        """The pins that the project's files hold, resolved against what is installed."""

    def pin(self, host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
        """The plan that pins these words for the project. Raises BadInput where none resolves."""

    def unpin(self, host: Host, project: str) -> Plan | None:
        """The plan that takes the pin away; None where there is none."""


class PinsGlobally(Protocol):
    """Writes the file by which its manager chooses a Python where no project does."""

    def pin_globally(self, host: Host, inventory: Inventory, words: list[str]) -> Plan:
        """The plan that pins these words for everything. Raises BadInput where none resolves."""

    def unpin_globally(self, host: Host) -> Plan | None:
        """The plan that takes that away; None where there is nothing."""


@runtime_checkable
class PinsEnvironments(Protocol):
    """Writes the file by which its manager chooses one of a project's environments."""

    def pin_environment(self, host: Host, environment: Environment, project: str) -> Plan:
        """The plan that makes this environment the project's own."""
