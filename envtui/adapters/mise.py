"""mise: the Pythons below its installs, and the pins in `mise.toml`.

Names, links and the files' order as mise 2026.9 has them; `mise link` makes a version of a link.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from envtui.adapters import stores
from envtui.adapters.capabilities import Found
from envtui.adapters.common import edited_toml
from envtui.adapters.pin_files import dropped_pin, written_pin
from envtui.errors import BadInput
from envtui.host import Host, by_host
from envtui.model import Activation, Environment, Interpreter, Inventory, Pin
from envtui.plan import Plan
from envtui.prefix import Prefixes
from envtui.project import TOOL_FILES, ProjectFiles, of_mise_env, reason, tool_words

# Weaker than those at the top of a directory (`mise config ls` of 2026.9).
NESTED = ("mise/config.toml", ".mise/config.toml", ".config/mise.toml", ".config/mise/config.toml")


class Mise:
    """Interpreters that mise installed or linked."""

    kind = "mise"
    kept = "is mise's: `mise uninstall python@{name}` removes it, without asking who uses it"

    def stores(self, host: Host) -> list[str]:
        """Only Python's folder: below other tools' there may be environments."""
        return [installs(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Directories, and links out of the store; `3`, `3.12` and `latest` are aliases."""
        yield from stores.versions(host, prefixes, self.kind, installs(host))

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """Its bin first, and the variable by which mise's own hook agrees (`mise shell`)."""
        return stores.bin_first(item, MISE_PYTHON_VERSION=item.name)

    def manages(self, files: ProjectFiles) -> bool:
        """A file of mise's own that names a Python."""
        return any(name.endswith(".toml") for name, _ in files.pinned)

    def is_used(self, host: Host, files: ProjectFiles) -> bool:
        """Whether a new pin may be written for it: it has Pythons, or a file here."""
        here = any(name in files.markers for name in TOOL_FILES if name.endswith(".toml"))
        return here or bool(stores.names_in(host, installs(host)))

    def pins(self, host: Host, files: ProjectFiles, inventory: Inventory) -> list[Pin]:
        """The strongest of the project's files first."""
        if not files.pinned:
            return []
        names = stores.names_in(host, installs(host))
        found = []
        for name, words in files.pinned:
            if name.endswith(".toml"):
                ids = tuple(id_of(host, inventory, word, names) for word in words)
                found.append(Pin(os.path.join(files.path, name), words, ids))
        return found

    def pin(self, host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
        """`python` below `[tools]`, in the file that decides; `mise.toml` where there is none."""
        path = _deciding_file(host, project) or os.path.join(project, "mise.toml")
        return self._write(host, inventory, words, path)

    def pin_globally(self, host: Host, inventory: Inventory, words: list[str]) -> Plan:
        """The user's own configuration, as `mise use --global` writes it."""
        return self._write(host, inventory, words, global_file(host))

    def _write(self, host: Host, inventory: Inventory, words: list[str], path: str) -> Plan:
        names = stores.names_in(host, installs(host))
        for word in words:
            if id_of(host, inventory, word, names) is None:
                raise stores.absent(word, "mise", names, f"mise install python@{word}")
        content = _edited(host, path, words)
        return written_pin(host, path, content, words, *stores.overruling(host, "MISE"))

    def unpin(self, host: Host, project: str) -> Plan | None:
        """The file without its Python; one of nothing else goes to the trash."""
        path = _deciding_file(host, project, naming=True)
        return dropped_pin(host, path, _edited(host, path, [])) if path else None

    def unpin_globally(self, host: Host) -> Plan | None:
        """The user's own configuration without its Python."""
        path = global_file(host)
        if not _names_python(host, path):
            return None
        return dropped_pin(host, path, _edited(host, path, []))


@by_host
def installs(host: Host) -> str:
    """Where mise keeps its Pythons."""
    folder = host.variable("MISE_INSTALLS_DIR")
    data = host.variable("MISE_DATA_DIR")
    data = data or os.path.join(host.xdg("XDG_DATA_HOME", ".local/share"), "mise")
    return os.path.join(folder or os.path.join(data, "installs"), "python")


def global_file(host: Host) -> str:
    """The user's own configuration, which counts where no directory says anything."""
    folder = host.variable("MISE_CONFIG_DIR")
    folder = folder or os.path.join(host.xdg("XDG_CONFIG_HOME", ".config"), "mise")
    return host.variable("MISE_GLOBAL_CONFIG_FILE") or os.path.join(folder, "config.toml")


def files(host: Host) -> list[str]:
    """What mise reads in a directory, the strongest first."""
    tomls = [name for name in TOOL_FILES if name.endswith(".toml")]
    return [*of_mise_env(host), *tomls, *NESTED, ".tool-versions"]


def id_of(
    host: Host, inventory: Inventory, word: str, names: list[str] | None = None
) -> str | None:
    """The interpreter that a word of mise's means; None where it is not installed."""
    if word.startswith("path:"):
        return stores.at(inventory, os.path.normpath(host.expand(word[len("path:") :])))
    if word == "system":
        return stores.system(inventory)
    name = stores.resolve(word, stores.names_in(host, installs(host)) if names is None else names)
    return stores.at(inventory, os.path.join(installs(host), name)) if name else None


def _deciding_file(host: Host, project: str, *, naming: bool = False) -> str | None:
    """The strongest file that names a Python, else (not `naming`) the weakest that is there."""
    names = [name for name in files(host) if name.endswith(".toml")]
    there = [path for name in names if host.is_file(path := os.path.join(project, name))]
    for path in there:
        if _names_python(host, path):
            return path
    return there[-1] if there and not naming else None


def _names_python(host: Host, path: str) -> bool:
    """Whether a file of mise's names a Python. Raises BadInput where it can't be read."""
    try:
        return host.lexists(path) and bool(tool_words(host, path))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: {reason(error)}; mise can't read it either") from None


def _edited(host: Host, path: str, words: list[str]) -> bytes:
    """The file with these words for Python, everything else byte for byte; none takes it away."""
    return edited_toml(host, path, lambda document: _set(document, words))


def _set(document: Any, words: list[str]) -> None:
    tools = document.get("tools")
    if not words:
        tools.remove("python")
        if not tools:
            document.remove("tools")
        return
    if tools is None:
        import tomlkit

        document["tools"] = tools = tomlkit.table()
    before = tools.get("python")
    if isinstance(before, dict):  # other keys, such as `virtualenv`, stay
        kept = [{**before, "version": word} for word in words]
        before["version"] = words[0]
        if len(words) > 1:
            tools["python"] = kept
    elif _plain(before) and len(before) == len(words) > 1:
        for index, word in enumerate(words):  # in place: its lines and comments stay
            before[index] = word
    else:
        tools["python"] = words[0] if len(words) == 1 else words


def _plain(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
