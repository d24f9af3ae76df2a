"""asdf: the Pythons below its installs, and the `python` line of `.tool-versions`.

mise reads the same file, so its versions count for the line as well.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui.adapters import mise, stores
from envtui.adapters.capabilities import Found
from envtui.adapters.pin_files import dropped_pin, written_pin
from envtui.errors import BadInput
from envtui.host import Host, by_host
from envtui.model import Activation, Environment, Interpreter, Inventory, Pin
from envtui.plan import Plan
from envtui.prefix import Prefixes
from envtui.project import ProjectFiles

_FILE = ".tool-versions"
_LINE = re.compile(rb"^([ \t]*python[ \t]+)([^#\r\n]*?)([ \t]*(?:#[^\r\n]*)?\r?)$", re.MULTILINE)


class Asdf:
    """Interpreters that asdf installed."""

    kind = "asdf"
    kept = "is asdf's: `asdf uninstall python {name}` removes it, without asking who uses it"

    def stores(self, host: Host) -> list[str]:
        """Only Python's folder."""
        return [installs(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """One directory for each version."""
        yield from stores.versions(host, prefixes, self.kind, installs(host))

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """Its bin first, and the variable by which asdf's shims agree."""
        return stores.bin_first(item, ASDF_PYTHON_VERSION=item.name)

    def manages(self, files: ProjectFiles) -> bool:
        """A `.tool-versions` with a line for Python."""
        return any(name == _FILE for name, _ in files.pinned)

    def pins(self, host: Host, files: ProjectFiles, inventory: Inventory) -> list[Pin]:
        """The words of the line, each as asdf, else as mise, has it."""
        return [
            Pin(
                os.path.join(files.path, name),
                words,
                tuple(id_of(host, inventory, word) for word in words),
            )
            for name, words in files.pinned
            if name == _FILE
        ]

    def pin(self, host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
        """The line for Python; every other line and the comment behind it stay."""
        return self._write(host, inventory, words, os.path.join(project, _FILE))

    def pin_globally(self, host: Host, inventory: Inventory, words: list[str]) -> Plan:
        """The line in the home's own file, as `asdf set --home` writes it."""
        return self._write(host, inventory, words, global_file(host))

    def _write(self, host: Host, inventory: Inventory, words: list[str], path: str) -> Plan:
        for word in words:
            if id_of(host, inventory, word) is None:
                names = (name for _, names in _folders(host) for name in names)
                raise stores.absent(word, "asdf or mise", names, f"asdf install python {word}")
        content = _with_line(_content(host, path), words)
        return written_pin(host, path, content, words, *stores.overruling(host, "ASDF"))

    def unpin(self, host: Host, project: str) -> Plan | None:
        """The file without the line; a file of nothing else goes to the trash."""
        return self._drop(host, os.path.join(project, _FILE))

    def unpin_globally(self, host: Host) -> Plan | None:
        """The home's own file without the line."""
        return self._drop(host, global_file(host))

    def _drop(self, host: Host, path: str) -> Plan | None:
        before = _content(host, path)
        after = re.sub(_LINE.pattern + rb"\n?", b"", before, count=1, flags=re.MULTILINE)
        if after == before:
            return None
        return dropped_pin(host, path, after)


def global_file(host: Host) -> str:
    """What counts where no directory says anything."""
    return os.path.join(host.home, _FILE)


@by_host
def installs(host: Host) -> str:
    """Where asdf keeps its Pythons."""
    folder = host.variable("ASDF_DATA_DIR") or os.path.join(host.home, ".asdf")
    return os.path.join(folder, "installs", "python")


def _folders(host: Host) -> list[tuple[str, list[str]]]:
    return [(f, stores.names_in(host, f)) for f in (installs(host), mise.installs(host))]


def id_of(host: Host, inventory: Inventory, word: str) -> str | None:
    """The interpreter that a word of the line means; None where it is not installed."""
    if word == "system":
        return stores.system(inventory)
    for folder, names in _folders(host):
        # asdf takes exact versions only, mise beginnings as well.
        name = word if word in names else None
        if folder != installs(host):
            name = stores.resolve(word, names)
        found_id = stores.at(inventory, os.path.join(folder, name)) if name else None
        if found_id:
            return found_id
    return None


def _content(host: Host, path: str) -> bytes:
    try:
        return host.read(path)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from None


def _with_line(before: bytes, words: list[str]) -> bytes:
    said = os.fsencode(" ".join(words))
    found = _LINE.search(before)
    if found:
        return before[: found.start(2)] + said + before[found.end(2) :]
    end = b"\n" if before and not before.endswith(b"\n") else b""
    return before + end + b"python " + said + b"\n"
