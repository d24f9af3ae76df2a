"""Where the managers' own programs are, and what helps where one is missing."""

from __future__ import annotations

import os

from envtui.adapters.pyenv_rules import versions_folder
from envtui.errors import ToolMissing
from envtui.host import Host


def find_tool(host: Host, name: str) -> str | None:
    """The program's path, past shims that may not know it; None where it is not installed."""
    folders = host.program_folders()
    folders.append(os.path.join(host.home, ".local", "bin"))
    # Behind pyenv's shims, newest name first.
    versions = versions_folder(host)
    names = reversed(host.names_if(versions))
    folders += [os.path.join(versions, name, "bin") for name in names]
    for folder in folders:
        if not os.path.isabs(folder) or os.path.basename(folder) == "shims":
            continue
        path = os.path.join(folder, name)
        if host.can_run(path):
            return path
    return None


def tool_or_fail(host: Host, name: str) -> str:
    """The program's path. Raises ToolMissing with the way to get it."""
    path = find_tool(host, name)
    if path is None:
        raise ToolMissing(not_installed(host, name) or "")
    return path


def not_installed(host: Host, tool: str) -> str | None:
    """Why a manager can't do anything here, with the way to get it; None where it can."""
    if find_tool(host, tool):
        return None
    return f"{tool} is not installed; `pipx install {tool}` would help"


class MadeByTool:
    """What a manager's own program of the same name makes."""

    kind: str

    def cannot_create(self, host: Host) -> str | None:
        """It needs the tool."""
        return not_installed(host, self.kind)
