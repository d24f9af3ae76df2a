"""pyenv: the interpreters below `$PYENV_ROOT/versions`, and the pins in `.python-version`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from envtui import conda_meta
from envtui.adapters import pyenv_builds as builds
from envtui.adapters import pyenv_rules as rules
from envtui.adapters import stores
from envtui.adapters.capabilities import Found
from envtui.adapters.common import environment_with
from envtui.adapters.conda_places import is_install
from envtui.adapters.pin_files import dropped_pin, present, written_pin
from envtui.adapters.pyenv_virtualenv import is_environment, is_short_name
from envtui.host import Host
from envtui.model import Activation, Environment, Interpreter, Inventory, Notice, Pin
from envtui.plan import Plan
from envtui.prefix import Prefixes
from envtui.project import ProjectFiles

_FILE = ".python-version"


class Pyenv:
    """Interpreters that pyenv installed, by name."""

    kind = "pyenv"
    cannot_install = staticmethod(builds.cannot_install)
    known = staticmethod(builds.known)
    install = staticmethod(builds.install)
    remove_interpreter = staticmethod(builds.uninstall)

    def stores(self, host: Host) -> list[str]:
        """The whole root: nothing in it but versions and their environments is a Python."""
        return [rules.root(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """A directory with its own Python is a version; environments are pyenv-virtualenv's."""
        folder = rules.versions_folder(host)
        names, notices = stores.readable(host, folder, "pyenv's versions")
        yield from notices
        chosen = _chosen(host)
        aliases = _version_aliases(host, folder, names)
        links = stores.links_to(folder, aliases)
        for name in names:
            path = os.path.join(folder, name)
            if not host.is_dir(path):
                if host.is_link(path) and not is_short_name(host, path):
                    yield Notice(path, "a link of pyenv that leads nowhere")
            elif (
                name not in aliases
                and not is_environment(host, path)
                and not _is_condas(host, path)
            ):
                mine, removed = links.get(name, ()), "; `pyenv uninstall` removes it"
                found = stores.interpreter(host, prefixes, self.kind, name, path, mine, removed)
                if isinstance(found, Interpreter):
                    found = found._replace(active=name in chosen)
                yield found

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """PYENV_VERSION, and its own bin first: no shim has to start (spec/shells.md 2.1)."""
        return stores.bin_first(item, PYENV_VERSION=item.name)

    def pins(self, host: Host, files: ProjectFiles, inventory: Inventory) -> list[Pin]:
        """The project's own `.python-version`."""
        if _FILE not in files.markers:
            return []
        path = os.path.join(files.path, _FILE)
        try:
            words = rules.words_of(host.read(path, 1 << 16))
        except OSError:
            return []
        names = rules.installed(host)
        folder = rules.versions_folder(host)
        resolved = [rules.resolve(host, word, names, folder) for word in words]
        found = tuple(_known(host, inventory, folder, name) for name in resolved)
        return [Pin(path, tuple(words), found)]

    def pin(self, host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
        """`.python-version` with one word a line, as `pyenv local` writes it; comments stay."""
        return self._write(host, words, os.path.join(project, _FILE))

    def pin_globally(self, host: Host, inventory: Inventory, words: list[str]) -> Plan:
        """`$PYENV_ROOT/version`, as `pyenv global` writes it."""
        return self._write(host, words, os.path.join(rules.root(host), "version"))

    def _write(self, host: Host, words: list[str], path: str) -> Plan:
        names = rules.installed(host)
        for word in words:
            check_word(host, word, names)
        content = _with_words(present(host, path, "pyenv"), words)
        return written_pin(host, path, content, words, *_warnings(host))

    def unpin(self, host: Host, project: str) -> Plan | None:
        """The file goes to the trash, so that undo brings it back as it was."""
        return dropped_pin(host, os.path.join(project, _FILE))

    def unpin_globally(self, host: Host) -> Plan | None:
        """Without `$PYENV_ROOT/version`, `system` is what remains."""
        return dropped_pin(host, os.path.join(rules.root(host), "version"))


def _known(host: Host, inventory: Inventory, folder: str, name: str | None) -> str | None:
    """The id of a version or, where the name is that of an environment, of that."""
    if name is None or name == "system":
        return None
    path = os.path.join(folder, name)
    for item in inventory.interpreters:
        # A version that pyenv only links to is another store's, with this path as an alias.
        if (item.kind == "pyenv" and item.name == name) or path in item.aliases:
            return item.id
    environment = environment_with(host, inventory, host.real(path))
    return environment.id if environment else None


def _warnings(host: Host) -> Iterator[str]:
    variable = host.variable("PYENV_VERSION")
    if variable:
        yield f"PYENV_VERSION={variable} in this shell overrules the file"


def check_word(host: Host, word: str, names: list[str]) -> None:
    """Raises BadInput where pyenv would not find this version."""
    found = rules.allowed(host, word) and rules.resolve(
        host, word, names, rules.versions_folder(host)
    )
    if not found or word.startswith("#"):
        again = f"envtui install {shlex.quote(word)}"
        raise stores.absent(word, "pyenv", reversed(names), again)


def _with_words(before: bytes, words: list[str]) -> bytes:
    """The file with its comments where they were and the words in place of the old ones."""
    lines = before.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    end = b"\r" if lines and all(line.endswith(b"\r") for line in lines) else b""
    new = [os.fsencode(word) + end for word in words]
    kept: list[bytes] = []
    for line in lines:
        if line.strip() and not line.lstrip().startswith(b"#"):
            kept, new = kept + new, []
        else:
            kept.append(line)
    return b"\n".join(kept + new) + b"\n"


def _chosen(host: Host) -> tuple[str, ...]:
    """The versions this shell's `python` comes from: what pyenv selects, where its shims are asked.

    Without them, the one whose own bin directory comes first on PATH.
    """
    first = stores.first_on_path(host) or ""
    shims = host.real(os.path.join(rules.root(host), "shims"))
    if os.path.dirname(first) == shims:
        return rules.select(host, host.cwd).versions
    folder = host.real(rules.versions_folder(host)) + os.sep
    return (first[len(folder) :].split(os.sep)[0],) if first.startswith(folder) else ()


def _version_aliases(host: Host, folder: str, names: list[str]) -> dict[str, str]:
    """Links from one name in the store to another: `3.12 -> 3.12.1`."""
    aliases = {}
    for name in names:
        path = os.path.join(folder, name)
        if host.is_link(path):
            target = host.real(path)
            if os.path.dirname(target) == host.real(folder) and os.path.basename(target) in names:
                aliases[name] = os.path.basename(target)
    return aliases


def _is_condas(host: Host, path: str) -> bool:
    """Whether conda made it as an environment; an install, such as Miniforge, is a version."""
    return conda_meta.is_prefix(host, path) and not is_install(host, host.real(path))
