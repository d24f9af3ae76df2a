"""pixi: environments in a workspace's `.pixi/envs`, detached ones in one place, global tools.

pixi marks its environments by a JSON file, `conda-meta/pixi`, that names the manifest. Places as
pixi computes them (crates/pixi_config, crates/pixi_core); spec/backends.md 8.1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envtui import conda_meta
from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.common import asked_project, link_to, settings, spoilt_settings
from envtui.adapters.conda_activation import conda_activation, scripts
from envtui.adapters.creating import created
from envtui.adapters.going import removal
from envtui.adapters.programs import find_tool
from envtui.adapters.stores import readable
from envtui.errors import BadInput, ToolMissing
from envtui.host import Host, by_host
from envtui.model import Activation, Candidate, Environment, Interpreter, Link, Notice
from envtui.plan import Plan, Run
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles, read_toml, reason, table

_MISSING = "pixi is not installed; https://pixi.sh says how, `pixi install` then makes it"
_MANIFEST = "pixi.toml"
_INSIDE = "/.pixi/envs"


class Pixi:
    """Environments that belong to a pixi workspace, or hold one global tool."""

    kind = "pixi"
    takes: Takes = "project"

    def stores(self, host: Host) -> list[str]:
        """The global tools; what is detached lies where the configuration says."""
        return [_home(host), *_detached(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Global, detached, and those of workspaces that pixi has registered.

        Of other workspaces the walk finds them.
        """
        yield from _below(host, os.path.join(_home(host), "envs"), "a global tool of pixi")
        for store in _detached(host):
            for name in host.names_if(store):
                place = os.path.join(store, name, "envs")
                yield from _below(host, place, "detached by pixi")
        for config in _configurations(host):
            yield from spoilt_settings(host, config, "pixi's")
        for workspace in _registered(host):
            place = os.path.join(workspace, ".pixi", "envs")
            yield from _below(host, place, "in a workspace that pixi has registered")

    def manages(self, files: ProjectFiles) -> bool:
        """A pixi.toml, or a `[tool.pixi]` table."""
        return _MANIFEST in files.markers or bool(files.tool("pixi"))

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By pixi's file in conda-meta, else by the place: older pixis and other files there."""
        if prefix.maker != "conda":
            return None
        above = os.path.dirname(prefix.path)
        name = os.path.basename(prefix.path)
        manifest = prefix.config.get("manifest_path")
        if above == os.path.join(_home(host), "envs") and not _is_workspace(manifest):
            where = f"in {above}, where pixi keeps global tools"
            known = (where, *_scripts(host, prefix.real))
            return Claim(self.kind, name, True, None, "none", known)
        marker = os.path.join(prefix.real, conda_meta.FOLDER, conda_meta.PIXI)
        said = (f"{marker} names {manifest}",) if manifest else ()
        workspace = os.path.dirname(manifest) if manifest else None
        if above.endswith(_INSIDE):
            # Where it stands counts: a workspace that was moved took it along.
            workspace = above.removesuffix(_INSIDE)
            said = (*said, f"it stands in {workspace}")
        elif manifest is None and not host.is_file(marker):
            return None
        link: Link = "unmapped"
        if workspace:
            link = link_to(host, workspace)
            name = f"{os.path.basename(workspace)}/{prefix.config.get('environment_name', name)}"
        known = (*said, *_scripts(host, prefix.real)) or (f"{marker} is pixi's",)
        return Claim(self.kind, name, False, workspace, link, known)

    def cannot_create(self, host: Host) -> str | None:
        """It needs the tool."""
        return None if find_tool(host, "pixi") or _own_program(host) else _MISSING

    def brings(self, version: str | None) -> Interpreter | None:
        """The one of the manifest."""
        if version is not None:
            raise BadInput("pixi takes the Python that its manifest names; `pixi add python=3.12`")
        return Interpreter("", self.kind, "", "", "", "", "")

    def create(self, host: Host, request: Request) -> Plan:
        """`pixi install`: pixi alone knows what its manifest asks for, the Python included."""
        owner = asked_project(request, "pixi")
        project = owner.path
        manifest = _manifest(host, project)
        tool = find_tool(host, "pixi") or _own_program(host)
        if tool is None:
            raise ToolMissing(f"{_MISSING} from {manifest}")
        if request.source:
            raise BadInput(f"pixi installs what {manifest} says; it takes no --from")
        folder = os.path.join(project, ".pixi")
        target = os.path.join(folder, "envs", "default")
        make = Run(
            (tool, "install", "--manifest-path", manifest),
            project,
            creates=(target,),
            changes=(os.path.join(project, "pixi.lock"),),
        )
        what = f"pixi's default environment of {owner.name}"
        told = f"the Python is the one that {host.short(manifest)} asks for"
        return created(what, "", target, make, warnings=(told,))

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash; `pixi install` makes it again, and pixi keeps no record of it."""
        plan = removal(host, environment)
        if os.path.dirname(environment.path) == os.path.join(_home(host), "envs"):
            shown = f"pixi global install {environment.name}"
            warning = f"its commands in ~/.pixi/bin stay and fail until `{shown}`"
            return plan._replace(warnings=(*plan.warnings, warning))
        return plan

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """Those of conda and pixi's own; what `[activation]` of the manifest adds is not."""
        if isinstance(item, Interpreter) or item.project is None:
            return conda_activation(host, item, item.name)
        workspace, _, name = item.name.rpartition("/")
        return conda_activation(
            host,
            item,
            workspace if name == "default" else f"{workspace}:{name}",
            PIXI_PROJECT_ROOT=item.project,
            PIXI_PROJECT_NAME=workspace,
            PIXI_ENVIRONMENT_NAME=name,
        )


@by_host
def _home(host: Host) -> str:
    return os.path.normpath(host.variable("PIXI_HOME") or os.path.join(host.home, ".pixi"))


def _own_program(host: Host) -> str | None:
    """Where pixi's installer puts it, which need not be on PATH."""
    path = os.path.join(_home(host), "bin", "pixi")
    return path if host.can_run(path) else None


def _is_workspace(manifest: str | None) -> bool:
    """Whether that is a workspace's manifest, not the one list of all global tools."""
    return manifest is not None and os.path.basename(manifest) != "pixi-global.toml"


def _manifest(host: Host, project: str) -> str:
    for name in (_MANIFEST, "pyproject.toml"):
        path = os.path.join(project, name)
        if not host.is_file(path):
            continue
        try:
            if name == _MANIFEST or table(read_toml(host, path), "tool", "pixi"):
                return path
        except (OSError, ValueError) as error:
            raise BadInput(f"{path}: {reason(error)}") from None
    raise BadInput(f"{project} has no pixi.toml; `pixi init` makes one")


@by_host
def _configurations(host: Host) -> list[str]:
    """The files of the user and the machine; a workspace's own lies in the workspace."""
    xdg = os.path.join(host.xdg("XDG_CONFIG_HOME", ".config"), "pixi")
    folders = ("/etc/pixi", host.own_folder("config", "pixi"), xdg, _home(host))
    return [os.path.join(folder, "config.toml") for folder in dict.fromkeys(folders)]


@by_host
def _detached(host: Host) -> list[str]:
    """Where detached environments are: the configured directory, and the one by default."""
    found = []
    for path in _configurations(host):
        value = settings(host, path).get("detached-environments")
        if isinstance(value, str) and os.path.isabs(host.expand(value)):
            found.append(os.path.normpath(host.expand(value)))
    if special := host.variable("PIXI_CACHE_DETACHED_ENVIRONMENTS_DIR"):
        found.append(special)
    caches = [host.variable("PIXI_CACHE_DIR"), host.variable("RATTLER_CACHE_DIR")]
    caches += [host.own_folder("cache", "pixi"), host.own_folder("cache", "rattler", "cache")]
    found += [os.path.join(path, "envs") for path in caches if path]
    return [path for path in dict.fromkeys(found) if os.path.isabs(path)]


@by_host
def _registered(host: Host) -> list[str]:
    """The workspaces of `workspaces.toml`, each by the path of its manifest."""
    named = table(settings(host, os.path.join(_home(host), "workspaces.toml")), "named-workspaces")
    paths = [path for path in named.values() if isinstance(path, str) and os.path.isabs(path)]
    # A manifest, or the workspace's directory.
    return [os.path.dirname(path) if path.endswith(".toml") else path for path in paths]


def _below(host: Host, folder: str, because: str) -> Iterator[Candidate | Notice]:
    names, notices = readable(host, folder, "pixi's environments")
    yield from notices
    # In a workspace the folder may be a link to where its environments are detached to.
    folder = host.real(folder) if host.is_link(folder) else folder
    for name in names:
        path = os.path.join(folder, name)
        if conda_meta.is_prefix(host, path):
            yield Candidate(path, because)


def _scripts(host: Host, prefix: str) -> Iterator[str]:
    if names := scripts(host, prefix):
        yield f"activation scripts that envtui does not run: {', '.join(names)}"
