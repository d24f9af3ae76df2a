"""direnv: the environments that `layout python` makes in a project's `.direnv`."""

from __future__ import annotations

import os

from envtui.adapters.capabilities import Claim, Projects
from envtui.adapters.common import claim_by_path
from envtui.host import Host
from envtui.prefix import Prefix


class Direnv:
    """Environments below `.direnv`, made and entered by direnv when `.envrc` says so."""

    kind = "direnv"

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its folder: `python-3.12` (`layout python`) or `virtualenv` (`layout_virtualenv`)."""
        folder, name = prefix.folder, prefix.leaf
        if not folder.endswith("/.direnv"):
            return None
        if not name.startswith(("python-", "virtualenv")):
            return None
        project = os.path.dirname(folder)
        evidence = [f"{prefix.path} stands in a .direnv, made by {prefix.maker}"]
        if host.is_file(os.path.join(project, ".envrc")):
            evidence.append(f"{project} has an .envrc")
        shown = f"{os.path.basename(project)}/{name}"
        return claim_by_path(self.kind, shown, project, *evidence)
