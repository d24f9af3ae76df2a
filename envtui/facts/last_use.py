"""When an environment was last used, from the timestamps that can be trusted.

Starting a Python reads pyvenv.cfg and lists site-packages; installing writes there; activating
reads bin/activate (spec/backends.md 0.6). Access times count only where the mount keeps them, and
only to the day where it is mounted relatime.
"""

from __future__ import annotations

import datetime as dt
import glob
import os

_NOATIME = 1024  # statvfs(3), ST_NOATIME


def last_used(prefix: str) -> str | None:
    """ISO 8601 in UTC, or None where nothing is known. Reading it disturbs nothing."""
    written = [os.path.join(prefix, "bin")]
    packages = glob.glob(os.path.join(glob.escape(prefix), "lib", "*", "site-packages"))
    read = [os.path.join(prefix, "pyvenv.cfg"), os.path.join(prefix, "bin", "activate"), *packages]
    times = [status.st_mtime for path in (*written, *packages) if (status := _stat(path))]
    if _keeps_access_times(prefix):
        times += [status.st_atime for path in read if (status := _stat(path))]
    if not times:
        return None
    moment = dt.datetime.fromtimestamp(max(times), dt.timezone.utc)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _stat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _keeps_access_times(path: str) -> bool:
    try:
        return not os.statvfs(path).f_flag & _NOATIME
    except OSError:
        return False
