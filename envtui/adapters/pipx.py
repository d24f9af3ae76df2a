"""pipx: one environment for each program that it installed.

Places as pipx 1.18 computes them (src/pipx/paths.py): one home of the user, one of the machine.
Where uv is installed pipx lets it make them, so the maker tells nothing.
"""

from __future__ import annotations

import os

from envtui.adapters.applications import Applications
from envtui.host import Host, by_host


class Pipx(Applications):
    """One environment for each application."""

    kind = "pipx"
    whose = "pipx's"
    record = "pipx_metadata.json"
    how = "an application's environment is made by pipx itself: `pipx install NAME`"
    again = "pipx reinstall {name}"

    def stores(self, host: Host) -> list[str]:
        """The homes as a whole: beside the environments lie shared libraries and pipx's trash."""
        return _homes(host)

    def folders(self, host: Host) -> list[str]:
        """`venvs` in each of the homes."""
        return _folders(host)

    def exposed(self, host: Host, prefix: str) -> list[str]:
        """For programs, manuals and completions."""
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

    def recorded(self, host: Host, record: str) -> str:
        """The package and its version."""
        import json

        try:
            metadata = json.loads(host.read(record))
        except RecursionError:
            raise ValueError("nested too deeply") from None
        package = metadata.get("main_package") if isinstance(metadata, dict) else None
        if not isinstance(package, dict) or not isinstance(package.get("package"), str):
            raise ValueError("does not name its `main_package`")  # noqa: TRY004 - it is input
        return f"{package['package']} {package.get('package_version') or ''}".strip()


@by_host
def _folders(host: Host) -> list[str]:
    return [os.path.join(home, "venvs") for home in _homes(host)]


@by_host
def _homes(host: Host) -> list[str]:
    """The user's home of pipx and the machine's.

    Where `~/.local/pipx` of old exists pipx uses that, but what lies in the new one is still there.
    """
    chosen = _place(host, "PIPX_HOME")
    user = [os.path.join(host.home, ".local", "pipx"), host.own_folder("data", "pipx")]
    machine = _place(host, "PIPX_GLOBAL_HOME") or "/opt/pipx"
    return list(dict.fromkeys([*([chosen] if chosen else []), *user, machine]))


def _place(host: Host, variable: str) -> str | None:
    value = host.variable(variable)
    return os.path.normpath(os.path.join(host.cwd, host.expand(value))) if value else None


_COMPLETIONS = (
    "bash-completion/completions",
    "zsh/site-functions",
    "fish/vendor_completions.d",
)
