"""Tools of uv: one environment for each program that `uv tool install` put on PATH."""

from __future__ import annotations

import os
from typing import Any

from envtui.adapters import uv_places as places
from envtui.adapters.applications import Applications
from envtui.host import Host
from envtui.project import read_toml


class UvTool(Applications):
    """One environment for each tool."""

    kind = "uv-tool"
    whose = "uv's tools'"
    record = "uv-receipt.toml"
    how = "a tool's environment is made by uv itself: `uv tool install NAME`"
    again = "uv tool install --force {name}"

    def stores(self, host: Host) -> list[str]:
        """The one folder of `uv tool dir`."""
        return [places.tools(host)]

    folders = stores

    def recorded(self, host: Host, record: str) -> str:
        """What was asked for."""
        asked = _read(host, record).get("requirements")
        first = asked[0] if isinstance(asked, list) and asked else None
        return str(first.get("name")) if isinstance(first, dict) else "a tool"

    def exposed(self, host: Host, prefix: str) -> list[str]:
        """For programs: where uv puts them now, and where the receipt says that they were put."""
        there = [os.path.dirname(path) for path in _installed(host, prefix)]
        return [places.programs(host, "UV_TOOL_BIN_DIR"), *there]


def _read(host: Host, receipt: str) -> dict[str, Any]:
    """The receipt's one table. Raises OSError, ValueError."""
    tool = read_toml(host, receipt).get("tool")
    if not isinstance(tool, dict):
        raise ValueError("has no table `[tool]`")  # noqa: TRY004 - it is input
    return tool


def _installed(host: Host, prefix: str) -> list[str]:
    """Where the receipt says that the programs were put."""
    try:
        points = _read(host, os.path.join(prefix, UvTool.record)).get("entrypoints")
    except (OSError, ValueError):
        return []
    paths = [
        point.get("install-path") if isinstance(point, dict) else None
        for point in (points if isinstance(points, list) else ())
    ]
    return [path for path in paths if isinstance(path, str) and os.path.isabs(path)]
