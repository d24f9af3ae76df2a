"""Waiting for a change: the kernel says when to look (inotify(7)), stamps say whether it is one.

What the kernel does not tell of - changes on a network's other end, on other systems, beyond its
limit - is found by looking now and then.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from envtui.stamps import Stamp, Stamps, packed, stamp

_PAUSE = 0.5
"""Seconds between two looks: what is being changed is changed again at once."""
_EASE, _EASE_TOLD = 250, 1000
"""The processor's time that looking may take, one part in so many; less where the kernel tells."""
_MOST = 60.0
_PART, _SAVED, _LOOKS = 0.1, 3.0, 3
"""Of a processor, in the long run; seconds of it, or looks, that may be taken at once."""
_TICK = 0.05
"""Seconds by which the clock of a filesystem may be behind: a tick of the kernel's, which is 10 ms
at the most."""
_LIMIT = "/proc/sys/fs/inotify/max_user_watches"
_SHARE = 4
"""One part in so many of what the kernel allows a user is taken: editors want some of it too."""
# inotify(7). Of a directory: names that come, go or move, and modes; files say themselves when they
# are written to, under whatever name that is done; directories above when they are renamed.
_WRITTEN, _MODE, _NAMES, _GONE, _ONLY_FOLDERS = 0x2, 0x4, 0x3C0, 0xC00, 0x1000000


class Ration:
    """What looking again and again may take where files come and go without end.

    A processor's time that was not taken is saved, so that who changes little waits for nothing:
    some seconds of it, or three looks where one takes more.
    """

    def __init__(self) -> None:
        self._saved = float("inf")

    def pause(self, passed: float, worked: float) -> float:
        """How long to wait after so much work in a time that has passed, both in seconds."""
        most = max(_SAVED, _LOOKS * worked)
        self._saved = min(self._saved + passed * _PART, most) - worked
        return min(max(-self._saved / _PART, 0.0), _MOST)


def await_change(paths: AbstractSet[str], began: float, go_on: Callable[[], None]) -> None:
    """Return when a path may not be as it was at a time (seconds since the epoch), or to be sure.

    `go_on` is called after each pause and may raise.
    """
    ear = _Ear(paths)
    try:
        there, absent, latest = _as_they_are(paths)
        due = 0.0
        for number in itertools.count():
            at = time.process_time()
            # A whole store that comes may be told a little later; these are hundreds.
            if number % 2 == 0 and any(os.access(path, os.F_OK) for path in absent):
                return
            if ear.heard() or time.monotonic() >= due:
                if there.changed():
                    return
                ease = _EASE_TOLD if ear.hears else _EASE
                due = time.monotonic() + min((time.process_time() - at) * ease, _MOST)
            time.sleep(_PAUSE)
            go_on()
            if latest > (began - _TICK) * 1e9:  # it may have changed after it was read
                return
    finally:
        ear.close()


def _as_they_are(paths: AbstractSet[str]) -> tuple[Stamps, set[str], int]:
    """What is there, with its stamps; what would be seen to come; when anything changed last."""
    found: dict[bytes, Stamp] = {}
    absent = set(paths)
    for path in paths:
        with contextlib.suppress(OSError, ValueError):
            found[os.fsencode(path)] = stamp(os.stat(path))
            absent.remove(path)
    latest = [ctime for _, _, ctime in found.values()]
    coming: set[str] = set()
    while absent:  # what went may have had its whole directory taken with it
        path = absent.pop()
        folder = os.path.dirname(path)
        if os.fsencode(folder) in found:
            continue  # what comes into a directory that is watched changes that
        try:
            latest.append(os.stat(folder).st_ctime_ns)
            coming.add(path)
        except (OSError, ValueError):
            absent.add(folder)
    return packed(found), coming, max(latest, default=0)


def _above(paths: AbstractSet[str]) -> set[str]:
    """The directories on the way to them."""
    above: set[str] = set()
    for path in paths:
        while (path := os.path.dirname(path)) not in above:
            above.add(path)
    return above.difference(paths)


class _Ear:
    """Hears of changes of the paths: of some, or none, where the system has no more room."""

    def __init__(self, paths: AbstractSet[str]) -> None:
        self._fd = -1
        self.hears = False
        """Whether it would be told of everything."""
        try:
            with open(_LIMIT, "rb") as file:
                room = int(file.read()) // _SHARE
            import ctypes  # only here: a hundredth of a second

            libc = ctypes.CDLL(None)
            self._fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        except (ImportError, OSError, ValueError, AttributeError):
            return
        if self._fd >= 0:
            self.hears = self._listen(libc.inotify_add_watch, paths, room)

    def _listen(
        self, add: Callable[[int, bytes, int], int], paths: AbstractSet[str], room: int
    ) -> bool:
        """To as many as there is room for: stores and projects before what is in environments."""
        wanted = [(path, True) for path in paths] + [(way, False) for way in _above(paths)]
        wanted.sort(key=lambda one: one[0].count("/"))
        missed = 0
        for path, whole in wanted:
            if not room:
                return False
            name = os.fsencode(path)
            names = _MODE | _NAMES if whole else 0
            heard = add(self._fd, name, _GONE | names | _ONLY_FOLDERS) >= 0
            heard = heard or (whole and add(self._fd, name, _GONE | _MODE | _WRITTEN) >= 0)
            room -= heard
            missed += not heard and os.access(path, os.F_OK)
        return not missed

    def heard(self) -> bool:
        """Whether there was anything since the last time."""
        told = False
        try:
            for _ in range(64 if self._fd >= 0 else 0):  # somebody may write faster than we read
                told = bool(os.read(self._fd, 1 << 16)) or told
        except OSError:
            pass  # that was all
        return told

    def close(self) -> None:
        """Hear nothing more."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
