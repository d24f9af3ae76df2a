"""macOS: python.org's frameworks, the Command Line Tools and Xcode.

`/usr/bin/python3` is a stub that opens an installer where no developer tools are; it is an alias of
the tools that are selected and never run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from envtui.adapters import stores
from envtui.adapters.capabilities import Found
from envtui.host import Host
from envtui.model import Interpreter
from envtui.prefix import Prefixes

_STUB = "/usr/bin/python3"


class Framework(NamedTuple):
    """A folder of versions, what its Pythons are called, and the names that lead to them."""

    versions: str
    label: str
    developer: str | None
    """The developer directory, as `xcode-select -p` prints it; None for python.org's."""


class MacOS:
    """Interpreters of macOS itself and of python.org's installer."""

    kind = "macos"
    kept = "belongs to macOS or its installer; envtui never removes it"

    def __init__(self, root: str = "/") -> None:
        self.root = root

    def stores(self, host: Host) -> list[str]:
        """Nothing of it lies below a home."""
        return []

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Each version of each framework; `Current` is a link to one of them."""
        if host.platform != "darwin":
            return
        selected = self._selected(host)
        for framework in self._frameworks(host):
            names, notices = stores.readable(host, framework.versions, "macOS's Pythons")
            yield from notices
            for name in names:
                path = os.path.join(framework.versions, name)
                if not name[:1].isdigit() or host.is_link(path):
                    continue
                yield from self._version(host, prefixes, framework, name, selected)

    def _version(
        self, host: Host, prefixes: Prefixes, framework: Framework, name: str, selected: str | None
    ) -> Iterator[Interpreter]:
        prefix = os.path.join(framework.versions, name)
        for word in (f"python{name}", f"python{name}t"):
            path = os.path.join(prefix, "bin", word)
            if host.is_file(path):
                break
        else:
            return  # what an uninstalled version leaves behind
        aliases: list[str] = []
        if framework.developer:
            tool = os.path.join(framework.developer, "usr", "bin", "python3")
            aliases += [tool] if host.real(tool) == host.real(path) else []
            aliases += [_STUB] if selected == framework.developer else []
        shown = f"{framework.label}{name}"
        yield stores.python(host, prefixes, self.kind, shown, path, prefix, aliases, name)

    def _frameworks(self, host: Host) -> Iterator[Framework]:
        library = os.path.join(self.root, "Library")
        for name, label in (("Python", ""), ("PythonT", "free-threaded-")):
            folder = os.path.join(library, "Frameworks", f"{name}.framework", "Versions")
            yield Framework(folder, label, None)
        applications = os.path.join(self.root, "Applications")
        developers = [os.path.join(library, "Developer", "CommandLineTools")]
        names = [n for n in host.names_if(applications) if re.fullmatch(r"Xcode.*\.app", n)]
        developers += [os.path.join(applications, n, "Contents", "Developer") for n in names]
        for developer in developers:
            folder = os.path.join(
                developer, "Library", "Frameworks", "Python3.framework", "Versions"
            )
            label = os.path.basename(developer)
            if label == "Developer":
                label = os.path.basename(developer.partition(".app/")[0])
            yield Framework(folder, f"{label}-", developer)

    def _selected(self, host: Host) -> str | None:
        """The developer directory that the stubs in /usr/bin lead to."""
        chosen = host.variable("DEVELOPER_DIR")
        if chosen:
            return chosen
        link = os.path.join(self.root, "var", "db", "xcode_select_link")
        return host.target(link)
