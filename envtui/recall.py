"""What words meant last time, so that switching again need not look at the whole machine.

An answer counts only while everything it was read from is as it was: prefix, pyvenv.cfg, Python,
and the files that decide whose an environment is. Whatever differs is found by the scan.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from envtui import places
from envtui.host import Host
from envtui.model import Activation, Environment, Interpreter

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
    """What the word meant, where nothing has changed since. Raises nothing."""
    record = _read(host).get(_key(host, word))
    try:
        if not record or record["around"] != _around(host):
            return None
        if not all(_stamp(path) == stamp for path, stamp in record["stamps"]):
            return None
        if not os.access(record["python"], os.X_OK):
            return None
        return Known(record["id"], record["version"], Activation(*record["activation"]))
    except (LookupError, TypeError, ValueError):
        return None


def keep(host: Host, word: str, item: Environment | Interpreter, activation: Activation) -> None:
    """Remember what an id or a path means. A name may get a second bearer: it is not kept."""
    import json

    key = _key(host, word)
    if item.kind in _CONDA or not (key.startswith("/") or word == item.id):
        return
    python = item.python if isinstance(item, Environment) else item.path
    record = {
        "id": item.id,
        "version": item.version,
        "activation": activation,
        "python": python,
        "around": _around(host),
        "stamps": [(path, _stamp(path)) for path in _decisive(item)],
    }
    try:
        text = json.dumps(record)
        if Activation(*json.loads(text)["activation"]) == activation:
            known = _read(host)
            known.pop(key, None)
            known[key] = json.loads(text)
            _write(dict(list(known.items())[-_ROOM:]))
    except (OSError, ValueError, TypeError):
        return  # a cache that can't be written: the next time reads everything again


def _key(host: Host, word: str) -> str:
    """An absolute path for a path, else the word itself."""
    path = os.path.normpath(os.path.join(host.cwd, host.expand(word)))
    like_an_id = ":" in word.split("/", maxsplit=1)[0]
    return path if "/" in word and not like_an_id and os.path.lexists(path) else word


def _around(host: Host) -> list[str]:
    return sorted(
        f"{name}={value}"
        for name, value in host.variables.items()
        if name.startswith(_PLACES) and not name.endswith(_PASSING)
    )


def _decisive(item: Environment | Interpreter) -> list[str]:
    """The files that decide what it is and whose."""
    if isinstance(item, Interpreter):
        return [item.path, item.prefix]
    from envtui.walk import MARKERS

    folders = dict.fromkeys((os.path.dirname(item.path), item.project or item.path))
    return [
        item.path,
        item.python,
        os.path.join(item.path, "pyvenv.cfg"),
        os.path.join(item.path, ".project"),
        places.config("config.toml"),
        *(os.path.join(folder, name) for folder in folders for name in sorted(MARKERS)),
    ]


def _stamp(path: str) -> list[int] | None:
    """Of a directory who it is, of a file also how it is; None where nothing is there."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    if status.st_mode & 0o170000 == 0o040000:
        return [status.st_dev, status.st_ino]
    return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns]


def _file() -> str:
    return places.cache("activations.json")


def _read(host: Host) -> dict[str, Any]:
    import json

    try:
        known = json.loads(host.read(_file()))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(known: dict[str, Any]) -> None:
    import json

    path = _file()
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "w", encoding="ascii") as file:
        json.dump(known, file)
    os.replace(temporary, path)
