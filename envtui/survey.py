"""The one look at the machine that both faces take: the roots checked, the memory used."""

from __future__ import annotations

from collections.abc import Sequence

from envtui import config, looking
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Inventory


def scan(host: Host, roots: Sequence[str] = ()) -> Inventory:
    """Everything found; `roots` replace the configured ones. Raises BadInput."""
    return looking.scan(host, _checked(host, roots), remember=not roots)


def look(host: Host, roots: Sequence[str] = ()) -> looking.Look:
    """As `scan`, for those who show what was found before it is kept. Raises BadInput."""
    return looking.look(host, _checked(host, roots), remember=not roots)


def _checked(host: Host, roots: Sequence[str]) -> tuple[str, ...]:
    for root in roots:
        if not host.is_dir(host.reachable(config.absolute(host, root))):
            raise BadInput(f"--root {root}: there is no such directory")
    return config.roots_for(host, roots)
