"""Pythons of the system: those in `/usr/bin` and `/usr/local/bin`, told by their names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Union

from envtui.errors import Refused
from envtui.host import Host
from envtui.model import Activation, Candidate, Environment, Interpreter, Notice
from envtui.plan import Plan
from envtui.prefix import Prefixes

_FOLDERS = ("/usr/bin", "/usr/local/bin")
# With a minor: `python3` is an alias, `python3-config` something else.
_EXECUTABLE = re.compile(r"^(?:python|pypy)\d+\.\d+t?$")


class System:
    """Interpreters that came with the machine; envtui never changes them."""

    kind = "system"

    def stores(self, host: Host) -> list[str]:
        """Nothing of it lies below the roots."""
        return []

    def find(
        self, host: Host, prefixes: Prefixes
    ) -> Iterator[Union[Interpreter, Candidate, Notice]]:
        """Each real executable once, however many names lead to it."""
        if host.platform == "darwin":
            return  # Apple's /usr/bin/python3 is a stub that asks to install something
        chosen = _first_on_path(host)
        for folder in _FOLDERS:
            try:
                names = host.names(folder)
            except OSError:
                continue
            for name in filter(_EXECUTABLE.match, names):
                path = os.path.join(folder, name)
                if host.is_link(path) or not host.is_file(path):
                    continue
                prefix = os.path.dirname(folder)
                yield Interpreter(
                    id=f"system:{path}",
                    kind=self.kind,
                    implementation="pypy" if name.startswith("pypy") else "cpython",
                    version=prefixes.of_base(prefix, path) or re.sub(r"^\D+", "", name),
                    path=path,
                    prefix=prefix,
                    name=path,
                    active=chosen == path,
                )

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """Refused: its directory is on PATH anyway, below whatever comes first."""
        raise Refused(f"{item.id} is the system's own Python; `envtui deactivate` leads back to it")

    def remove_interpreter(
        self, host: Host, item: Interpreter, dependents: list[str], *, force: bool = False
    ) -> Plan:
        """Refused: the system needs it."""
        raise Refused(f"{item.id} belongs to the system; envtui never removes it")


def _first_on_path(host: Host) -> str | None:
    for folder in host.variables.get("PATH", "").split(os.pathsep):
        for name in ("python", "python3"):
            path = os.path.join(folder, name)
            if os.path.isabs(folder) and os.path.isfile(path):
                return os.path.realpath(path)
    return None
