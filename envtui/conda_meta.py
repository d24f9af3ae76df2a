"""What the `conda-meta` directory of a prefix says: the Python in it, its maker, its health.

conda, mamba, micromamba and pixi all write it; a prefix of theirs holds its own Python and has no
pyvenv.cfg (spec/backends.md 0.4 and 8). Nothing is run.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from envtui.host import Host
from envtui.model import Health, Notice

FOLDER = "conda-meta"
PIXI = "pixi"
"""The file in it by which pixi marks an environment of its own."""

# The record of the package `python` itself: python-3.12.1-h1234_0_cpython.json. A build string has
# no dash, and `python-dateutil` no digit after its first.
_PYTHON = re.compile(r"^python-(\d+(?:\.\d+)*[a-z0-9.]*)-[^-]+\.json$")
_CONDA_VERSION = re.compile(rb"^# conda version: (\S+)", re.MULTILINE)
_COMMAND = re.compile(rb"^# cmd: (?:\S*/)?((?:micro)?mamba|conda)\b", re.MULTILINE)
_SPECS = re.compile(rb"^# (update|remove) specs: (\[.*\])\s*$", re.MULTILINE)
_NAME = re.compile(r"(?:[\w./:-]+::)?([A-Za-z0-9_][\w.-]*)")
_SCRIPTS = ("pip", "pydoc3", "idle3", "2to3")
_SHEBANG = re.compile(rb"^#!(/[^\n]*)/bin/python[0-9.]*\s*$", re.MULTILINE)


class Meta(NamedTuple):
    """The answers of one `conda-meta` directory."""

    version: str | None
    """Of the Python that was installed into the prefix; None where none was."""
    created_by: str | None
    config: dict[str, str]
    """pixi's own words about the environment: `manifest_path`, `environment_name` and more."""
    notices: tuple[Notice, ...] = ()


def is_prefix(host: Host, path: str) -> bool:
    """Whether conda takes this for an environment: it goes by the history file.

    One without history, but with a Python, is an environment that lost it.
    """
    folder = os.path.join(path, FOLDER)
    return host.is_dir(folder) and (
        host.is_file(os.path.join(folder, "history"))
        or host.is_file(os.path.join(folder, PIXI))
        or host.lexists(os.path.join(path, "bin", "python"))
    )


def read(host: Host, prefix: str) -> Meta:
    """What the directory says. Raises OSError where it can't be listed."""
    folder = os.path.join(prefix, FOLDER)
    names = host.names(folder)
    # An upgrade that was cut off can leave two records; the newer one is of the later Python.
    found = [match[1] for name in names if (match := _PYTHON.match(name))]
    version = max(found, key=_numbers, default=None)
    created_by = _created_by(host, folder)
    if PIXI not in names:
        return Meta(version, created_by, {})
    path = os.path.join(folder, PIXI)
    try:
        config = _pixi(host, path)
    except (OSError, ValueError, RecursionError) as error:
        text = error.strerror if isinstance(error, OSError) else "not what pixi writes"
        return Meta(version, created_by or "pixi", {}, (Notice(path, f"can't be read: {text}"),))
    said = f"pixi {config['pixi_version']}" if "pixi_version" in config else "pixi"
    return Meta(version, said, config)


def health(
    host: Host, prefix: str, python: str, version: str | None, libraries: list[str]
) -> tuple[Health, str | None]:
    """The first that holds, in DESIGN's order; `libraries` are the X.Y of its `lib/pythonX.Y`."""
    shown = os.path.relpath(python, prefix)
    if not host.may_enter(prefix):
        return "unreadable", "the directory may not be read"
    if not host.lexists(python):
        if version:
            return "no-python", f"{shown} is missing, though Python {version} was installed"
        return "no-python", "no Python was installed into it, which is fine for conda"
    if not host.is_file(python):
        return "broken", f"its Python {host.real(python)} is gone"
    minor = ".".join(version.split(".")[:2]) if version else None
    others = [library for library in libraries if library != minor]
    if minor and libraries and minor not in libraries:
        return "broken", f"its Python is {minor}, its packages are for {', '.join(libraries)}"
    elsewhere = _place_in_scripts(host, prefix)
    if elsewhere and host.real(elsewhere) != prefix:
        return "moved", f"it was made as {elsewhere}"
    if minor and others:
        return "overlaid", f"packages for {', '.join(others)} are left from an older Python in it"
    return "ok", None


def installed_files(host: Host, prefix: str) -> set[str]:
    """The files that the records of its packages list, with their directories, two names deep."""
    import json

    found = {FOLDER}
    folder = os.path.join(prefix, FOLDER)
    for name in host.names(folder):
        if not name.endswith(".json"):
            continue
        try:
            files = json.loads(host.read(os.path.join(folder, name))).get("files")
        except (OSError, ValueError, AttributeError, RecursionError):
            continue
        for path in files if isinstance(files, list) else ():
            parts = path.split("/", 2) if isinstance(path, str) else []
            found.update("/".join(parts[:count]) for count in (1, 2) if len(parts) >= count)
    return found


def asked_for(host: Host, prefix: str) -> dict[str, str]:
    """By name the specs that a person asked for, from the history: `{"numpy": "numpy>=1.26"}`."""
    import ast

    history = host.read_if(os.path.join(prefix, FOLDER, "history"))
    found: dict[str, str] = {}
    for verb, text in _SPECS.findall(history):
        try:
            specs = ast.literal_eval(os.fsdecode(text))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        for spec in specs if isinstance(specs, (list, tuple)) else ():
            name = _NAME.match(spec) if isinstance(spec, str) else None
            if name and verb == b"remove":
                found.pop(name[1].lower(), None)
            elif name:
                found[name[1].lower()] = spec
    return found


def _created_by(host: Host, folder: str) -> str | None:
    """The tool that wrote the first entry of the history."""
    head = host.read_if(os.path.join(folder, "history"), 4096)
    if version := _CONDA_VERSION.search(head):
        return f"conda {os.fsdecode(version[1])}"
    command = _COMMAND.search(head)
    return os.fsdecode(command[1]) if command else None


def _pixi(host: Host, path: str) -> dict[str, str]:
    """The texts of pixi's JSON object. Raises OSError, ValueError."""
    import json

    record = json.loads(host.read(path, 1 << 16))
    texts = record.items() if isinstance(record, dict) else ()
    config = {key: value for key, value in texts if isinstance(value, str)}
    if "manifest_path" not in config:
        raise ValueError("no object with a manifest_path")
    return config


def _place_in_scripts(host: Host, prefix: str) -> str | None:
    """Where the first line of a script says that the prefix is: conda writes it on installing."""
    for name in _SCRIPTS:
        try:
            content = host.read(os.path.join(prefix, "bin", name), 512)
        except OSError:
            continue
        found = _SHEBANG.match(content)
        return os.fsdecode(found[1]) if found else None
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
