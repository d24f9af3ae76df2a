"""pipx: one environment for each program that it installed.

Places as pipx 1.18 computes them (src/pipx/paths.py): one home of the user, one of the machine.
Where uv is installed pipx lets it make them, so the maker tells nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.common import links_into, removal
from envtui.adapters.stores import readable
from envtui.errors import BadInput
from envtui.host import Host, by_host
from envtui.model import Candidate, Environment, Notice
from envtui.plan import Plan, Unlink
from envtui.prefix import Prefix, Prefixes
from envtui.project import reason

_METADATA = "pipx_metadata.json"
_HOW = "an application's environment is made by pipx itself: `pipx install NAME`"


class Pipx:
    """Environments that hold one application each; they belong to no project."""

    kind = "pipx"
    takes: Takes = "name"

    def stores(self, host: Host) -> list[str]:
        """The homes as a whole: beside the environments lie shared libraries and pipx's trash."""
        return _homes(host)

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every directory below `venvs`; its lock files begin with a dot."""
        for home in _homes(host):
            folder = os.path.join(home, "venvs")
            names, notices = readable(host, folder, "pipx's environments")
            yield from notices
            for name in names:
                path = os.path.join(folder, name)
                if name.startswith(".") or not host.lexists(os.path.join(path, "pyvenv.cfg")):
                    continue
                yield Candidate(path, "in pipx's store")
                record = os.path.join(path, _METADATA)
                try:
                    _main_package(host, record)
                except FileNotFoundError:
                    yield Notice(record, f"pipx lost its record; {_again(name)}")
                except (OSError, ValueError) as error:
                    yield Notice(record, f"pipx's record: {reason(error)}; {_again(name)}")

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its store, or by the record inside."""
        folder = os.path.dirname(prefix.path)
        stored = folder in _stores(host)
        record = os.path.join(prefix.real, _METADATA)
        recorded = host.is_file(record)
        if not stored and not recorded:
            return None
        evidence = (f"in pipx's store {folder}",) if stored else ()
        try:
            evidence = (*evidence, f"{record} names {_main_package(host, record)}")
        except (OSError, ValueError):
            evidence = evidence or (f"{record} is pipx's record",)
        return Claim(self.kind, os.path.basename(prefix.path), stored, None, "none", evidence)

    def cannot_create(self, host: Host) -> str | None:
        """Always: an application is a package, which envtui does not choose."""
        return _HOW

    def create(self, host: Host, request: Request) -> Plan:
        """Refused with the command that does it."""
        raise BadInput(_HOW)

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash, and with it the links to its programs, manuals and completions."""
        links = [
            link
            for folder in _exposed(host, environment.real)
            for link in links_into(host, folder, environment.real)
        ]
        return removal(host, environment, *(Unlink(link) for link in links))


@by_host
def _stores(host: Host) -> list[str]:
    return [os.path.join(home, "venvs") for home in _homes(host)]


@by_host
def _homes(host: Host) -> list[str]:
    """The user's home of pipx and the machine's.

    Where `~/.local/pipx` of old exists pipx uses that, but what lies in the new one is still there.
    """
    chosen = _place(host, "PIPX_HOME")
    user = [
        os.path.join(host.home, ".local", "pipx"),
        os.path.join(_data(host), "pipx"),
    ]
    machine = _place(host, "PIPX_GLOBAL_HOME") or "/opt/pipx"
    return list(dict.fromkeys([*([chosen] if chosen else []), *user, machine]))


@by_host
def _data(host: Host) -> str:
    if host.platform == "darwin":
        return os.path.join(host.home, "Library", "Application Support")
    return host.xdg("XDG_DATA_HOME", ".local/share")


def _place(host: Host, variable: str) -> str | None:
    value = host.variable(variable)
    return os.path.normpath(os.path.join(host.cwd, host.expand(value))) if value else None


def _exposed(host: Host, prefix: str) -> list[str]:
    """The directories into which pipx links what an environment offers."""
    machine = prefix.startswith((_place(host, "PIPX_GLOBAL_HOME") or "/opt/pipx") + "/")
    scope, top = ("PIPX_GLOBAL_", "/usr/local") if machine else ("PIPX_", f"{host.home}/.local")
    share = os.path.join(top, "share")
    manuals = _place(host, f"{scope}MAN_DIR") or os.path.join(share, "man")
    completions = _place(host, f"{scope}COMPLETION_DIR") or share
    return [
        _place(host, f"{scope}BIN_DIR") or os.path.join(top, "bin"),
        *(os.path.join(manuals, f"man{section}") for section in range(1, 10)),
        *(os.path.join(completions, place) for place in _COMPLETIONS),
    ]


_COMPLETIONS = (
    "bash-completion/completions",
    "zsh/site-functions",
    "fish/vendor_completions.d",
)


def _main_package(host: Host, record: str) -> str:
    """What the record says was installed. Raises OSError, ValueError."""
    import json

    try:
        metadata = json.loads(host.read(record))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    package = metadata.get("main_package") if isinstance(metadata, dict) else None
    if not isinstance(package, dict) or not isinstance(package.get("package"), str):
        raise ValueError("does not name its `main_package`")  # noqa: TRY004 - it is input
    return f"{package['package']} {package.get('package_version') or ''}".strip()


def _again(name: str) -> str:
    return f"`pipx reinstall {name}` would help"
