"""Pythons of the system: those in `/usr/bin` and its like, told by their names.

Links there, and in `~/.local/bin`, are further names of what they lead to, whoever owns that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui.adapters.capabilities import Found
from envtui.adapters.stores import python
from envtui.errors import Refused
from envtui.host import Host
from envtui.model import Activation, Environment, Interpreter
from envtui.prefix import Prefixes

_FOLDERS = ("/usr/bin", "/usr/local/bin", "/bin")
# Builds of manylinux images and of some CI machines: a prefix for each.
_PREFIXES = "/opt/python"
# `python3-config` and `python3.11-dbg` are something else.
_NAME = re.compile(r"^(?:python|pypy)(?:\d(?:\.\d+t?)?)?$")
_WITH_MINOR = re.compile(r"^(?:python|pypy)\d+\.\d+t?$")


class System:
    """Interpreters that came with the machine; envtui never changes them."""

    kind = "system"
    kept = "belongs to the system; envtui never removes it"

    def __init__(self, folders: tuple[str, ...] = _FOLDERS, prefixes: str = _PREFIXES) -> None:
        self.folders = folders
        self.prefixes = prefixes

    def stores(self, host: Host) -> list[str]:
        """Nothing of it lies below the roots."""
        return []

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Each real executable once; then the links, which the inventory gives their owners."""
        links = []
        for folder in self._folders(host):
            names = host.names_if(folder)
            for name in filter(_NAME.match, names):
                path = os.path.join(folder, name)
                if host.is_link(path):
                    links.append(path)
                elif _WITH_MINOR.match(name) and host.is_file(path):
                    yield self._interpreter(host, prefixes, path)
        for link in links:
            real = host.real(link)
            if _is_python(host, real) and not _through_environment(host, link):
                found = self._interpreter(host, prefixes, real)
                yield found._replace(aliases=(link,))

    def _folders(self, host: Host) -> list[str]:
        """Each real directory once: `/bin` is `/usr/bin` where /usr is merged."""
        folders = list(self.folders)
        folders += [f"{self.prefixes}/{name}/bin" for name in host.names_if(self.prefixes)]
        if host.platform == "darwin":
            # Apple's /usr/bin/python3 is a stub that asks to install something.
            folders = [folder for folder in folders if folder not in ("/usr/bin", "/bin")]
        folders.append(os.path.join(host.home, ".local", "bin"))
        return list({host.real(folder): folder for folder in reversed(folders)}.values())[::-1]

    def _interpreter(self, host: Host, prefixes: Prefixes, path: str) -> Interpreter:
        word = os.path.basename(path)
        prefix = os.path.dirname(os.path.dirname(path))
        version = re.sub(r"^\D+", "", word)
        item = python(host, prefixes, self.kind, word, path, prefix, version=version)
        return item._replace(id=f"system:{host.short(path)}", name=path)

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """Refused: its directory is on PATH anyway, below whatever comes first."""
        raise Refused(f"{item.id} is the system's own Python; `envtui deactivate` leads back to it")


def _is_python(host: Host, real: str) -> bool:
    """By its name; pyenv's shims have such names too and start something else."""
    folder, name = os.path.split(real)
    is_shim = os.path.basename(folder) == "shims"
    return bool(_WITH_MINOR.match(name)) and not is_shim and host.is_file(real)


def _through_environment(host: Host, link: str) -> bool:
    """Whether a link leads into an environment, whose Python is no other name of its base."""
    path = link
    for _ in range(40):
        if host.is_file(os.path.join(os.path.dirname(os.path.dirname(path)), "pyvenv.cfg")):
            return True
        target = host.target(path)
        if target is None:
            return False
        path = os.path.normpath(os.path.join(os.path.dirname(path), target))
    return False
