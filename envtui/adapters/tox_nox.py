"""tox and nox: environments in `.tox` and `.nox` of the project whose tests they run."""

from __future__ import annotations

import os

from envtui.adapters.capabilities import Claim, Projects, Request, Takes
from envtui.adapters.common import claim_by_path
from envtui.errors import BadInput
from envtui.host import Host
from envtui.plan import Plan
from envtui.prefix import Prefix
from envtui.project import ProjectFiles


class Tox:
    """Environments in a directory `.tox`."""

    kind = "tox"
    takes: Takes = "project-name"
    command = "tox run -e NAME --notest"

    def manages(self, files: ProjectFiles) -> bool:
        """tox.ini, tox.toml or `[tool.tox]`."""
        return not files.markers.isdisjoint(("tox.ini", "tox.toml")) or bool(files.tool("tox"))

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By the directory it stands in; the project is that directory's parent."""
        folder, leaf, name = prefix.folder, prefix.leaf, f".{self.kind}"
        if not folder.endswith("/" + name):
            return None
        project = os.path.dirname(folder)
        known = project if project in projects else None
        shown = f"{os.path.basename(project)}/{name}/{leaf}"
        return claim_by_path(self.kind, shown, known, f"in {self.kind}'s directory {folder}")

    def cannot_create(self, host: Host) -> str | None:
        """Its environments follow from the project's configuration."""
        return f"{self.kind} makes its environments itself: `{self.command}` in the project does"

    def create(self, host: Host, request: Request) -> Plan:
        """Refused with the command that makes one."""
        raise BadInput(str(self.cannot_create(host)))


class Nox(Tox):
    """Environments in a directory `.nox`."""

    kind = "nox"
    command = "nox -s NAME --install-only"

    def manages(self, files: ProjectFiles) -> bool:
        """A noxfile.py."""
        return "noxfile.py" in files.markers
