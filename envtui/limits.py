"""The limits of the trash, which a setting asks for: what goes for good after a change.

A clock may be wrong, ahead or behind, now or when something was put here. So too old is only what
is so twice: by the clock, and by the days on which something was changed since. A clock that jumps
makes everything old at once, but of many days only one: it would have to jump ahead before as many
changes as the limit has days, and back before none.
"""

from __future__ import annotations

from envtui import config, emptying, journal, trash
from envtui.errors import BadInput, say, some
from envtui.host import Host
from envtui.trash import Item

_SPARE = 2
"""Days: the first after a jump may be the same day still, and the last one may just have begun."""


def warnings(host: Host) -> list[str]:
    """What the next change takes out of the trash for good.

    Raises BadInput where the settings cannot be read.
    """
    if not any(config.load(host).trash):
        return []
    doomed = _doomed(host)
    if not doomed:
        return []
    names = some([item.path for item in doomed], 3)
    return [f"the limit of your trash is reached: it then loses, for good, {names}"]


def keep(host: Host, but: int) -> list[str]:
    """After a change, under the lock: the trash loses what its limits do not allow, in words.

    But not what change `but` has just moved there.
    """
    try:
        if not any(config.load(host).trash):
            return []
        gone, left = emptying.erase_all(_doomed(host, but))
    except BadInput as problem:
        return [str(problem)]
    except OSError as error:
        left.append(say(error))
    return [f"deleted from the trash, by its limit: {item.path}" for item in gone] + left


def _doomed(host: Host, but: int = 0) -> list[Item]:
    """What goes: what is too old, and oldest first what is too much.

    Nothing by an age or a size that is not known.
    """
    max_size = config.load(host).trash.max_size
    doomed = [item for item in _old(host) if item.number != but]
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
    limit = config.load(host).trash.max_age_days
    if limit is None:
        return []
    aged = [item for item in trash.listing() if emptying.age(item, host) > limit * 86400]
    if not aged:
        return []
    changed = journal.days(min(item.number for item in aged))
    today = host.today()
    return [item for item in aged if _days_since(item, changed, today) >= limit + _SPARE]


def _days_since(item: Item, changed: dict[int, str], today: str) -> int:
    """On how many days something was changed since; the day of the change to come counts.

    A day that is later than that of a later change never was: a clock was wrong then.
    """
    put, latest = item.time[:10], today
    days = {today}
    for number in sorted(changed, reverse=True):
        if number > item.number and put <= changed[number] <= latest:
            latest = changed[number]
            days.add(latest)
    return len(days - {put})
