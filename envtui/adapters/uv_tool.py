"""Tools of uv: one environment for each program that `uv tool install` put on PATH."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from envtui.adapters import uv_places as places
from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.common import links_into, removal
from envtui.adapters.stores import readable
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Candidate, Environment, Notice
from envtui.plan import Plan, Unlink
from envtui.prefix import Prefix, Prefixes
from envtui.project import read_toml, reason

_RECEIPT = "uv-receipt.toml"
_HOW = "a tool's environment is made by uv itself: `uv tool install NAME`"


class UvTool:
    """Environments that hold one program each; they belong to no project."""

    kind = "uv-tool"
    takes: Takes = "name"

    def stores(self, host: Host) -> list[str]:
        """The one folder of `uv tool dir`."""
        return [places.tools(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every directory with a pyvenv.cfg; a receipt that can't be read is told."""
        folder = places.tools(host)
        names, notices = readable(host, folder, "uv's tools")
        yield from notices
        for name in names:
            path = os.path.join(folder, name)
            if name.startswith(".") or not host.lexists(os.path.join(path, "pyvenv.cfg")):
                continue
            yield Candidate(path, "in uv's tools")
            receipt = os.path.join(path, _RECEIPT)
            try:
                _read(host, receipt)
            except FileNotFoundError:
                yield Notice(receipt, f"uv lost its record of this tool; {_again(name)}")
            except (OSError, ValueError) as error:
                yield Notice(receipt, f"uv's record of a tool: {reason(error)}; {_again(name)}")

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its folder, or by the receipt inside."""
        stored = os.path.dirname(prefix.path) == places.tools(host)
        receipt = os.path.join(prefix.real, _RECEIPT)
        recorded = host.is_file(receipt)
        if not stored and not recorded:
            return None
        evidence = (
            *((f"in uv's tools {places.tools(host)}",) if stored else ()),
            *((f"{receipt} is uv's record of a tool",) if recorded else ()),
        )
        return Claim(self.kind, os.path.basename(prefix.path), stored, None, "none", evidence)

    def cannot_create(self, host: Host) -> str | None:
        """Always: a tool is a package, which envtui does not choose."""
        return _HOW

    def create(self, host: Host, request: Request) -> Plan:
        """Refused with the command that does it."""
        raise BadInput(_HOW)

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash, and with it the links on PATH, so that no dead command stays."""
        folders = [places.programs(host, "UV_TOOL_BIN_DIR")]
        folders += [os.path.dirname(path) for path in _installed(host, environment.real)]
        links = [
            link
            # uv writes `~/.local/share/../bin`: one directory by two names.
            for folder in {host.real(folder): folder for folder in reversed(folders)}.values()
            for link in links_into(host, folder, environment.real)
        ]
        return removal(host, environment, *(Unlink(link) for link in links))


def _read(host: Host, receipt: str) -> dict[str, Any]:
    """The receipt's one table. Raises OSError, ValueError."""
    tool = read_toml(host, receipt).get("tool")
    if not isinstance(tool, dict):
        raise ValueError("has no table `[tool]`")  # noqa: TRY004 - it is input
    return tool


def _again(name: str) -> str:
    return f"`uv tool install --force {name}` would help"


def _installed(host: Host, prefix: str) -> list[str]:
    """Where the receipt says that the programs were put."""
    try:
        points = _read(host, os.path.join(prefix, _RECEIPT)).get("entrypoints")
    except (OSError, ValueError):
        return []
    paths = [
        point.get("install-path") if isinstance(point, dict) else None
        for point in (points if isinstance(points, list) else ())
    ]
    return [path for path in paths if isinstance(path, str) and os.path.isabs(path)]
