"""What pipx and uv's tools share: an environment for each program, with a record of it inside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.going import links_into, removal
from envtui.adapters.stores import closed, readable
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Candidate, Environment, Notice
from envtui.plan import Plan, Unlink
from envtui.prefix import Prefix, Prefixes
from envtui.project import reason


class Applications(ABC):
    """Environments that hold one application each; they belong to no project."""

    takes: Takes = "name"
    kind: str
    whose: str
    record: str
    """The name of the record."""
    how: str
    """Why envtui makes none, and the command that does."""
    again: str
    """The command that makes `{name}` again."""

    @abstractmethod
    def folders(self, host: Host) -> list[str]:
        """Where the environments stand."""

    @abstractmethod
    def recorded(self, host: Host, record: str) -> str:
        """What a record says was installed. Raises OSError, ValueError."""

    @abstractmethod
    def exposed(self, host: Host, prefix: str) -> list[str]:
        """The directories into which what an environment offers is linked."""

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every directory with a pyvenv.cfg; a record that can't be read is told."""
        for folder in self.folders(host):
            names, notices = readable(host, folder, f"{self.whose} environments")
            yield from notices
            for name in names:
                path = f"{folder}/{name}"
                if name.startswith("."):
                    continue  # a lock file, a temporary one
                if "pyvenv.cfg" in host.names_if(path):
                    yield Candidate(path, f"in {self.whose} store")
                    yield from self._spoilt(host, name, f"{path}/{self.record}")
                elif notice := closed(host, path):
                    yield notice

    def _spoilt(self, host: Host, name: str, record: str) -> Iterator[Notice]:
        help_ = f"`{self.again.format(name=name)}` would help"
        said = self._said(host, record)
        if isinstance(said, FileNotFoundError):
            yield Notice(record, f"{self.whose} record is lost; {help_}")
        elif not isinstance(said, str):
            yield Notice(record, f"{self.whose} record: {reason(said)}; {help_}")

    def _said(self, host: Host, record: str) -> str | OSError | ValueError:
        def ask() -> str | OSError | ValueError:
            try:
                return self.recorded(host, record)
            except (OSError, ValueError) as error:
                return error

        return host.once(f"what {record} says", ask)

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its store, or by the record inside."""
        folder = prefix.folder
        stored = folder in self.folders(host)
        record = f"{prefix.real}/{self.record}"
        evidence = [f"in {self.whose} store {folder}"] if stored else []
        if host.is_file(record):
            said = self._said(host, record)
            what = f"names {said}" if isinstance(said, str) else f"is {self.whose} record"
            evidence.append(f"{record} {what}")
        if not evidence:
            return None
        return Claim(self.kind, prefix.leaf, stored, None, "none", tuple(evidence))

    def cannot_create(self, host: Host) -> str | None:
        """Always: an application is a package, which envtui does not choose."""
        return self.how

    def create(self, host: Host, request: Request) -> Plan:
        """Refused with the command that does it."""
        raise BadInput(self.how)

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash, and with it the links to what it offers: no dead command stays."""
        folders = self.linked(host, environment.real)
        links = [path for f in folders for path in links_into(host, f, environment.real)]
        return removal(host, environment, *(Unlink(link) for link in links))

    def linked(self, host: Host, prefix: str) -> list[str]:
        """What is `exposed`, each directory once: uv writes `~/.local/share/../bin`."""
        return list({host.real(at): at for at in reversed(self.exposed(host, prefix))}.values())
