"""Where uv keeps Pythons, tools and environments.

Variables and defaults are those of uv 0.13 (docs: reference/storage); on macOS uv follows XDG too.
"""

from __future__ import annotations

import os

from envtui.adapters.common import settings
from envtui.host import Host, by_host

CENTRAL = "environments-v2"
"""The folder in uv's cache that holds project environments outside of projects, and scripts'."""
_CONFIG = os.path.join("uv", "uv.toml")


@by_host
def pythons(host: Host) -> str:
    """The folder of the interpreters that uv installed."""
    return _place(host, "UV_PYTHON_INSTALL_DIR") or _data(host, "python")


@by_host
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


@by_host
def cache(host: Host) -> str:
    """The cache: by variable, by the user's uv.toml, by default."""
    if place := _place(host, "UV_CACHE_DIR"):
        return place
    file = os.path.join(host.xdg("XDG_CONFIG_HOME", ".config"), _CONFIG)
    configured = settings(host, file).get("cache-dir")  # uv itself says what is wrong with it
    if isinstance(configured, str):
        return os.path.normpath(os.path.join(host.cwd, host.expand(configured)))
    return os.path.join(host.xdg("XDG_CACHE_HOME", ".cache"), "uv")


def _data(host: Host, name: str) -> str:
    return os.path.join(host.xdg("XDG_DATA_HOME", ".local/share"), "uv", name)


def _place(host: Host, variable: str) -> str | None:
    value = host.variable(variable)
    return os.path.normpath(os.path.join(host.cwd, value)) if value else None
