"""What words meant last time, so that switching again need not look at the whole machine.

An answer counts only while everything it was read from is as it was: prefix, pyvenv.cfg, Python,
and the files that decide whose an environment is. Whatever differs is found by the scan.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from envtui import index, places
from envtui.activation import Activation
from envtui.host import Host

if TYPE_CHECKING:
    from envtui.model import Environment, Interpreter

_ROOM = 200
# Where managers keep things; another value is another machine.
_PLACES = (
    "HOME", "XDG_CONFIG_", "XDG_DATA_HOME", "XDG_CACHE_", "WORKON_HOME", "PYENV_ROOT", "POETRY_",
    "PIPENV_", "HATCH_", "PDM_", "UV_", "PIPX_", "RYE_", "ASDF_", "MISE_", "VIRTUALENVWRAPPER_",
)  # fmt: skip
_PASSING = ("_ACTIVE", "_VERSION", "_SHELL")
_CONDA = ("conda", "pixi")  # their variables come from files that may change at any time


class Known(NamedTuple):
    """What one word means."""

    id: str
    version: str | None
    activation: Activation


def recall(host: Host, word: str) -> Known | None:
    """What the word meant, where nothing has changed since. Raises Negative."""
    try:
        record = _read(host).get(_key(host, word))
        if not record or record["around"] != _around(host):
            return None
        activation = Activation(*record["activation"])
        for path in (activation.prefix, record["python"]):
            host.reachable(path)
        if not all(_stamp(host, path) == stamp for path, stamp in record["stamps"]):
            return None
        if not os.access(record["python"], os.X_OK) or not _means(host, word, record["id"]):
            return None
        return Known(record["id"], record["version"], activation)
    except (AttributeError, LookupError, TypeError, ValueError):
        return None


def keep(host: Host, word: str, item: Environment | Interpreter, activation: Activation) -> None:
    """Remember what a path, an id or a name means. A part of one may get a second bearer."""
    from envtui.model import Environment

    key = _key(host, word)
    if item.kind in _CONDA or not (key.startswith("/") or word in (item.id, item.name)):
        return
    known = _read(host)
    known.pop(key, None)
    known[key] = {
        "id": item.id,
        "version": item.version,
        "activation": tuple(activation),
        "python": item.python if isinstance(item, Environment) else item.path,
        "around": _around(host),
        "stamps": [(path, _stamp(host, path)) for path in _decisive(item)],
    }
    with contextlib.suppress(ValueError):  # a value that no snapshot holds
        index.write("activations", host, dict(list(known.items())[-_ROOM:]))


def _means(host: Host, word: str, identifier: str) -> bool:
    """Whether a name has one bearer, as far as the last scan knows; ids and paths have."""
    if word == identifier or "/" in _key(host, word)[:1]:
        return True
    found = index.remembered(host)
    items = found.items if found else []
    return [item.id for item in items if item.name == word] == [identifier]


def _key(host: Host, word: str) -> str:
    """An absolute path for a path, else the word itself."""
    path = os.path.normpath(os.path.join(host.cwd, host.expand(word)))
    like_an_id = ":" in word.split("/", maxsplit=1)[0]
    return path if "/" in word and not like_an_id and host.lexists(path) else word


def _around(host: Host) -> list[str]:
    return sorted(
        f"{name}={value}"
        for name, value in host.variables.items()
        if name.startswith(_PLACES) and not name.endswith(_PASSING)
    )


def _decisive(item: Environment | Interpreter) -> list[str]:
    """The files that decide what it is and whose."""
    from envtui.marks import MARKERS
    from envtui.model import Interpreter

    if isinstance(item, Interpreter):
        return [item.path, item.prefix]

    folders = dict.fromkeys((os.path.dirname(item.path), item.project or item.path))
    return [
        item.path,
        item.python,
        os.path.join(item.path, "pyvenv.cfg"),
        os.path.join(item.path, ".project"),
        places.config("config.toml"),
        *(os.path.join(folder, name) for folder in folders for name in sorted(MARKERS)),
    ]


def _stamp(host: Host, path: str) -> tuple[int, ...] | None:
    """Of a directory who it is, of a file also how it is; None where nothing is there."""
    status = host.status(path)
    if status is None:
        return None
    if status.st_mode & 0o170000 == 0o040000:
        return status.st_dev, status.st_ino
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _read(host: Host) -> dict[str, Any]:
    try:
        known = index.read("activations", host)
    except index.Damaged:
        return {}  # the next write replaces it
    return known if isinstance(known, dict) else {}
