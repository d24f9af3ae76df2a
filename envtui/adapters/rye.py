"""rye: its Pythons below `~/.rye/py`, and the environments it made in projects.

rye is at its end of life (2025), so nothing is written for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envtui.adapters import stores
from envtui.adapters.capabilities import Claim, Found, Projects
from envtui.adapters.common import display_name, link_to, project_around
from envtui.adapters.stores import readable
from envtui.host import Host, by_host
from envtui.model import Interpreter, Link, Notice
from envtui.prefix import Prefix, Prefixes
from envtui.project import read_json

_RECORD = "rye-venv.json"


class Rye:
    """Interpreters that rye fetched or was told of, and `.venv`s with its record inside."""

    kind = "rye"
    kept = "is rye's: `rye toolchain remove {name}` removes it"

    def stores(self, host: Host) -> list[str]:
        """Its Pythons; its tools' environments are found by the walk."""
        return [_folder(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Directories `cpython@3.12.1`; links and text files that name an executable elsewhere."""
        folder = _folder(host)
        names, notices = readable(host, folder, "rye's Pythons")
        yield from notices
        for name in names:
            path = os.path.join(folder, name)
            if name.startswith("."):
                continue
            if host.is_dir(path):
                # Older downloads have their prefix one level down.
                inner = os.path.join(path, "install")
                prefix = inner if host.is_dir(inner) else path
                yield stores.interpreter(host, prefixes, self.kind, name, prefix)
            else:
                yield self._registered(host, prefixes, name, path)

    def _registered(
        self, host: Host, prefixes: Prefixes, name: str, path: str
    ) -> Interpreter | Notice:
        """`rye toolchain register`: a link to an executable, or a file with its path."""
        target = path
        if not host.is_link(path):
            try:
                target = os.fsdecode(host.read(path, 4096)).strip()
            except OSError as error:
                return Notice(path, f"a Python of rye that can't be read: {error.strerror}")
        real = host.real(target)
        if not os.path.isabs(target) or "\n" in target or not host.is_file(real):
            return Notice(path, "a Python that rye was told of is not there")
        prefix = os.path.dirname(os.path.dirname(real))
        return stores.python(host, prefixes, self.kind, name, real, prefix, [path])

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its record inside, which names the place where it was made."""
        path = f"{prefix.real}/{_RECORD}"
        if not host.lexists(path):
            return None
        project, evidence = project_around(prefix, projects)
        recorded = _recorded(host, path)
        link: Link = "linked" if project else "none"
        if project is None and recorded:
            project = os.path.dirname(recorded)
            link = link_to(host, project)
        told = f"{_RECORD} names {recorded}" if recorded else f"{path} can't be understood"
        name = display_name(prefix.path, host.home)
        return Claim(self.kind, name, False, project, link, (told, *evidence))


@by_host
def _folder(host: Host) -> str:
    home = host.variable("RYE_HOME") or os.path.join(host.home, ".rye")
    return os.path.join(host.expand(home), "py")


def _recorded(host: Host, path: str) -> str | None:
    """The place that the record names; None where it is of another shape."""
    place = read_json(host, path).get("venv_path")
    return place if isinstance(place, str) and os.path.isabs(place) else None
