"""What is read of one row, each by files alone; raises OSError."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from envtui.host import Host
from envtui.model import Environment

if TYPE_CHECKING:
    from envtui.facts.use import Use


def settings(host: Host, row: Environment) -> tuple[str, ...]:
    """The lines of its pyvenv.cfg."""
    text = os.fsdecode(host.read(os.path.join(row.path, "pyvenv.cfg"), 65536))
    return tuple(line for line in text.splitlines() if line.strip())


def made(row: Environment) -> str:
    """The day its pyvenv.cfg was written."""
    written = os.stat(os.path.join(row.path, "pyvenv.cfg")).st_mtime
    return time.strftime("%Y-%m-%d", time.localtime(written))


def last_used(row: Environment) -> str:
    """As `Facts.last_used`: "" where nothing tells."""
    from envtui.facts.last_use import last_used

    return last_used(row.real) or ""


def packages(host: Host, row: Environment) -> tuple[str, ...]:
    """Names and versions as the `*.dist-info` directories say them: no file is opened."""
    found = []
    lib = os.path.join(row.path, "lib")
    for python in host.names(lib):
        site = os.path.join(lib, python, "site-packages")
        if not python.startswith(("python", "pypy")) or not host.is_dir(site):
            continue
        ended = [name[:-10] for name in host.names(site) if name.endswith(".dist-info")]
        found += [" ".join(name.rsplit("-", 1)) for name in ended]
    return tuple(sorted(found, key=str.lower))


def users(use: Use) -> tuple[str, ...]:
    """The processes, as a person knows them."""
    return (
        *(f"{one.command} ({one.pid})" for one in use.own),
        *(f"{one.command} ({one.pid}) of {one.owner}" for one in use.others),
    )
