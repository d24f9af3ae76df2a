"""When an environment was last used, from the timestamps that can be trusted.

Starting a Python reads pyvenv.cfg and lists site-packages; installing writes there; importing for
the first time writes bytecode; activating reads bin/activate (spec/backends.md 0.6). Access times
count only where the mount keeps them, and only to the day where it is mounted relatime. Times that
no clock of ours can have given (before 2000, or ahead of now) say nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from typing import NamedTuple

from envtui.facts.packages import list_quietly, site_packages

_NOATIME, _RELATIME = 1024, 4096  # statvfs(3)
_EARLIEST = 946_684_800.0  # 2000; archives and reproducible builds date files before


class Times(NamedTuple):
    """In ISO 8601, UTC: a moment, or a day where no more is known; None where nothing is."""

    made: str | None = None
    changed: str | None = None
    """When something was installed or removed."""
    used: str | None = None
    """The last sign of use; backups and searches leave such signs too."""


def times(prefix: str, now: float | None = None) -> Times:
    """What the timestamps of a prefix say. Reading them disturbs nothing."""
    now = time.time() if now is None else now
    packages = site_packages(prefix, list_quietly)
    changed = _newest((os.path.join(prefix, "bin"), *packages), "st_mtime", now)
    made = _newest((os.path.join(prefix, "pyvenv.cfg"),), "st_mtime", now)
    imported = _newest(_caches(packages), "st_mtime", now)
    read = [os.path.join(prefix, name) for name in ("pyvenv.cfg", "bin/activate")]
    exact = max((t for t in (changed, imported) if t), default=None)
    flags = _flags(prefix)
    seen = None if flags & _NOATIME else _newest((*read, *packages), "st_atime", now)
    return Times(_moment(made), _moment(changed), _used(exact, seen, flags))


def last_used(prefix: str) -> str | None:
    """The last sign of use: a moment or a day in ISO 8601, UTC; None where nothing is known."""
    return times(prefix).used


def _used(exact: float | None, seen: float | None, flags: int) -> str | None:
    """The later of a written and a read time; a read one has its day only, mounted relatime."""
    if seen is None or (exact is not None and exact >= seen):
        return _moment(exact)
    return _moment(seen)[:10] if flags & _RELATIME else _moment(seen)  # type: ignore[index]


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    moment = dt.datetime.fromtimestamp(seconds, dt.timezone.utc)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _newest(paths: Iterator[str] | tuple[str, ...], field: str, now: float) -> float | None:
    """The latest believable time of what is there."""
    found = []
    for path in paths:
        try:
            moment = getattr(os.lstat(path), field)
        except OSError:
            continue
        if _EARLIEST < moment <= now + 60:
            found.append(moment)
    return max(found, default=None)


def _caches(packages: list[str]) -> Iterator[str]:
    """The bytecode directories of installed packages, one level down."""
    for folder in packages:
        yield os.path.join(folder, "__pycache__")
        for name in list_quietly(folder):
            if "." not in name:
                yield os.path.join(folder, name, "__pycache__")


def _flags(path: str) -> int:
    try:
        return os.statvfs(path).f_flag
    except OSError:
        return _NOATIME
