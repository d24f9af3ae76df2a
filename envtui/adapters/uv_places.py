"""Where uv keeps Pythons, tools and environments, and the Pythons that it installed.

Variables and defaults are those of uv 0.13 (docs: reference/storage); on macOS uv follows XDG too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Union

from envtui.adapters.common import inode, links_into
from envtui.errors import Refused
from envtui.host import Host
from envtui.model import Interpreter, Notice
from envtui.plan import Guard, Plan, Trash, Unlink
from envtui.prefix import Prefixes
from envtui.project import read_toml

CENTRAL = "environments-v2"
"""The folder in uv's cache that holds project environments outside of projects, and scripts'."""
# `cpython-3.14.0rc1+freethreaded-linux-x86_64-gnu`: a key of uv, always with a full version.
_KEY = re.compile(r"^([a-z]+)-(\d+\.\d+\.\d+[a-z0-9]*)(\+[a-z+]+)?-[^-]+-[^-]+-[^-]+$")
# The same with a minor only: a link to the newest patch, which `uv python upgrade` moves.
_MINOR_KEY = re.compile(r"^[a-z]+-\d+\.\d+(\+[a-z+]+)?-[^-]+-[^-]+-[^-]+$")


def pythons(host: Host) -> str:
    """The folder of the interpreters that uv installed."""
    return _place(host, "UV_PYTHON_INSTALL_DIR") or _data(host, "python")


def tools(host: Host) -> str:
    """The folder with one environment for each tool."""
    return _place(host, "UV_TOOL_DIR") or _data(host, "tools")


def programs(host: Host, variable: str) -> str:
    """The folder on PATH into which uv links what it installed."""
    for name in (variable, "XDG_BIN_HOME"):
        if place := _place(host, name):
            return place
    data = _place(host, "XDG_DATA_HOME")
    return os.path.normpath(os.path.join(data or os.path.join(host.home, ".local", "x"), "../bin"))


def cache(host: Host) -> str:
    """The cache: by variable, by the user's uv.toml, by default."""
    if place := _place(host, "UV_CACHE_DIR"):
        return place
    try:
        settings = read_toml(host, os.path.join(host.xdg("XDG_CONFIG_HOME", ".config"), _CONFIG))
        configured = settings.get("cache-dir")
    except (OSError, ValueError):
        configured = None  # uv itself says what is wrong with it
    if isinstance(configured, str):
        return os.path.normpath(os.path.join(host.cwd, host.expand(configured)))
    return os.path.join(host.xdg("XDG_CACHE_HOME", ".cache"), "uv")


_CONFIG = os.path.join("uv", "uv.toml")


def _data(host: Host, name: str) -> str:
    return os.path.join(host.xdg("XDG_DATA_HOME", ".local/share"), "uv", name)


def _place(host: Host, variable: str) -> str | None:
    value = host.variable(variable)
    return os.path.normpath(os.path.join(host.cwd, value)) if value else None


def interpreters(host: Host, prefixes: Prefixes) -> Iterator[Union[Interpreter, Notice]]:
    """Each installed Python once; links of a minor, and links on PATH, are aliases of it."""
    folder = pythons(host)
    try:
        names = host.names(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        yield Notice(folder, f"uv's Pythons can't be read: {error.strerror}")
        return
    minors = [os.path.join(folder, name) for name in names if _MINOR_KEY.match(name)]
    links = [(path, host.real(path)) for path in minors if host.is_link(path)]
    for name in names:
        path = os.path.join(folder, name)
        found = _KEY.match(name)
        if not found or host.is_link(path) or not host.is_dir(path):
            continue
        executable = _executable(host, path, found[1], found[2], found[3] or "")
        if executable is None:
            help_ = f"`uv python install --reinstall {found[2]}` would help"
            yield Notice(path, f"an installation of uv without a Python; {help_}")
            continue
        prefix = os.path.dirname(os.path.dirname(executable))
        real = host.real(path)
        mine = [link for link, target in links if target == real]
        yield Interpreter(
            id=f"uv:{name}",
            kind="uv",
            implementation=found[1],
            version=prefixes.of_base(prefix, executable) or found[2],
            path=executable,
            prefix=prefix,
            name=name,
            aliases=(*mine, *links_into(host, programs(host, "UV_PYTHON_BIN_DIR"), path)),
            active=_first_on_path(host) == host.real(executable),
        )


def uninstall(host: Host, item: Interpreter, dependents: list[str], *, force: bool = False) -> Plan:
    """Into the trash, with the links that lead there. Raises Refused while anything needs it."""
    if dependents and not force:
        raise Refused(
            f"{item.id} is needed by {', '.join(dependents)}; "
            "remove them first, or `--force` leaves them broken"
        )
    path = os.path.join(pythons(host), item.name)
    links = tuple(Unlink(link) for link in item.aliases if host.is_link(link))
    broken = (f"{', '.join(dependents)} will be broken without it",) if dependents else ()
    return Plan(
        f"Uninstall Python {item.name} (uv)",
        (*links, Trash(path)),
        (
            Guard("inode", path, inode(path)),
            Guard("not-self", path),
            Guard("not-active", path),
            Guard("not-in-use", path),
        ),
        broken,
        done=f"uninstalled Python {item.name}",
    )


def _executable(
    host: Host, prefix: str, implementation: str, version: str, variant: str
) -> str | None:
    """The interpreter in an installation; older ones of uv have `install` in between."""
    minor = ".".join(version.split(".")[:2])
    stem = "python" if implementation == "cpython" else implementation
    suffix = "t" if "freethreaded" in variant else "d" if "debug" in variant else ""
    for part in ("bin", "install/bin"):
        for name in (f"{stem}{minor}{suffix}", f"{stem}{minor}", stem, "python", "python3"):
            path = os.path.join(prefix, part, name)
            if host.is_file(path):
                return path
    return None


def _first_on_path(host: Host) -> str | None:
    for folder in host.variables.get("PATH", "").split(os.pathsep):
        for name in ("python", "python3"):
            path = os.path.join(folder, name)
            if os.path.isabs(folder) and host.is_file(path):
                return host.real(path)
    return None
