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
    """Names and versions, as `show` tells them."""
    from envtui.facts.packages import packages

    host.names(os.path.join(row.real, "lib"))  # where that can't be looked into nothing is known
    return tuple(f"{name} {version}" for name, version in packages(row.real))


def users(use: Use) -> tuple[str, ...]:
    """The processes, as a person knows them."""
    return (
        *(f"{one.command} ({one.pid})" for one in use.own),
        *(f"{one.command} ({one.pid}) of {one.owner}" for one in use.others),
    )
