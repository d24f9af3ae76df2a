"""The limits of the trash, which a setting asks for: what goes for good after a change.

A clock that jumps ahead makes everything old at once. So what is past the limit of age is told at
one change, and goes at another, a day later at least; a clock that is right again ends it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from envtui import config, disk, emptying, places, trash
from envtui.errors import BadInput, say
from envtui.host import Host
from envtui.trash import Item

_NOTICE = 86400.0
"""Seconds."""


def warnings(host: Host) -> list[str]:
    """What the next change takes out of the trash for good, and what one after that will.

    Raises BadInput where the settings cannot be read.
    """
    if not any(config.load(host).trash):
        return []
    doomed, told = _doomed(host), []
    if doomed:
        told = [f"the limit of your trash is reached: it then loses, for good, {_names(doomed)}"]
    later = [item for item in _old(host) if item not in doomed]
    if later:
        told.append(
            f"too old for the limit of your trash: {_names(later)}; after a day's notice the next "
            "change deletes it for good"
        )
    return told


def keep(host: Host, but: int) -> list[str]:
    """After a change, under the lock: the trash loses what its limits do not allow, in words.

    But not what change `but` has just moved there.
    """
    try:
        if not any(config.load(host).trash):
            return []
        gone, left = emptying.erase_all(_doomed(host, but))
        _tell(_old(host))
    except BadInput as problem:
        return [str(problem)]
    except OSError as error:
        left.append(say(error))
    return [f"deleted from the trash, by its limit: {item.path}" for item in gone] + left


def _doomed(host: Host, but: int = 0) -> list[Item]:
    """What goes: told long enough ago and still too old, and oldest first what is too much.

    Nothing by an age or a size that is not known.
    """
    max_size = config.load(host).trash.max_size
    told, now = _told(), time.time()
    doomed = [
        item
        for item in _old(host)
        if item.number != but and now - told.get(item.id, now) >= _NOTICE
    ]
    if max_size is None:
        return doomed
    kept = [item for item in trash.listing() if item not in doomed]
    known = dict(zip((item.id for item in kept), emptying.sizes(kept), strict=True))
    total = sum(size or 0 for size in known.values())
    for item in reversed(kept):
        if total > max_size and item.number != but and known[item.id]:
            total -= known[item.id] or 0
            doomed.append(item)
    return doomed


def _old(host: Host) -> list[Item]:
    days = config.load(host).trash.max_age_days
    return [i for i in trash.listing() if days is not None and emptying.age(i, host) > days * 86400]


def _told() -> dict[str, float]:
    """When it was first said of what is too old that it is, by id; nothing where it is damaged."""
    try:
        with open(places.data("trash", "told"), "rb") as file:
            return {name: float(when) for name, when in json.load(file).items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _tell(old: Iterable[Item]) -> None:
    before, now = _told(), time.time()
    told = {item.id: min(before.get(item.id, now), now) for item in old}
    if told != before:
        disk.replace(places.data("trash", "told"), json.dumps(told).encode(), mode=0o600)


def _names(items: list[Item]) -> str:
    names = ", ".join(item.path for item in items[:3])
    return names + (f" and {len(items) - 3} more" if items[3:] else "")
