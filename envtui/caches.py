"""Caches of tools, which only the tools themselves may prune."""

from __future__ import annotations

import os
from typing import NamedTuple

from envtui.adapters import uv_places
from envtui.adapters.programs import find_tool
from envtui.host import Host
from envtui.model import Inventory
from envtui.plan import Guard, Plan, Run


class Cache(NamedTuple):
    """A tool's cache, which only the tool itself may prune."""

    id: str
    name: str
    path: str
    prune: Run
    kind: str = "cache"


def caches(host: Host, inventory: Inventory) -> list[Cache]:
    """Caches of tools that are here; uv's only while no environment lives in it."""
    known = (
        ("uv", uv_places.cache(host), ("cache", "prune")),
        ("pip", _pip_cache(host), ("cache", "purge")),
    )
    found = []
    for name, path, words in known:
        tool = find_tool(host, name)
        inside = any(item.real.startswith(host.real(path) + "/") for item in inventory.environments)
        if tool and host.is_dir(path) and not inside:
            run = Run((tool, *words), host.home)
            found.append(Cache(f"cache:{name}", name, path, run))
    return found


def _pip_cache(host: Host) -> str:
    if host.platform == "darwin":
        return os.path.join(host.home, "Library", "Caches", "pip")
    default = os.path.join(host.xdg("XDG_CACHE_HOME", ".cache"), "pip")
    return host.variable("PIP_CACHE_DIR") or default


def prune_plan(cache: Cache) -> Plan:
    """What its tool deletes is for good: only its own command knows what is needed no more."""
    return Plan(
        f"Prune {cache.name}'s cache",
        (cache.prune,),
        (Guard("executable", cache.prune.argv[0]), Guard("not-in-use", cache.path)),
        (f"what {cache.name} deletes from its cache is not kept: it is fetched again when needed",),
        done=f"pruned {cache.name}'s cache",
    )
