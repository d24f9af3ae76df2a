"""One scan's view of the machine: nothing is looked at twice, and all that was asked is kept.

The answer of a scan depends on nothing else but `Moment.asked`, so that a later scan which gets the
same replies to the same questions has the same answer (`still`).
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from envtui.host import Host, resolved
from envtui.stamps import Stamp, Stamps, packed, stamp

if TYPE_CHECKING:
    from envtui.far import Far

T = TypeVar("T")

RACY = 3.0
"""Seconds: what changed so shortly before a scan may change again without a newer time, for clocks
are coarse (4 ms in Linux, 2 s on FAT); its stamp proves nothing."""


_DEEP = 100
"""Directories below each other that are resolved one by one; the rest at once."""
_SMALL = 1024
"""Bytes up to which a file's content is kept: records and pins, which several adapters read."""


class Asked(NamedTuple):
    """Questions and replies of one scan, of plain types."""

    stamps: Stamps
    """Files that were read, directories that were listed."""
    absent: tuple[str, ...]
    """What leads to nothing."""
    kinds: dict[str, int]
    """What a path leads to, as `stat.S_IFMT` has it."""
    links: dict[str, str | None]
    """A link's target; "" for what is none, None for nothing."""
    access: dict[str, bool]
    variables: dict[str, str | None]
    cwd: str
    who: tuple[int, ...]
    """User and groups."""

    def paths(self) -> set[str]:
        """As `Moment.looked_at`."""
        read = map(os.fsdecode, self.stamps.listed())
        return {*read, *self.absent, *self.kinds, *_told(self.links), *self.access}


class Moment(Host):
    """The host for the length of one scan. Implied by a directory's stamp is what is not in it."""

    def __init__(self, host: Host, far: Far | None = None) -> None:
        super().__init__(host.home, _Asked(host.variables), host.cwd, host.platform)
        self.far = far
        """What may not answer is not waited for: nothing of it is known then, and nothing gone."""
        self.young = young(host)
        self._stats: dict[str, os.stat_result | None] = {}
        self._exact: set[str] = set()
        self._contents: dict[str, bytes] = {}
        self._links: dict[str, str | None] = {}
        self._reals: dict[str, str] = {"/": "/"}
        self._straight: AbstractSet[bytes] = frozenset()
        self._resolving: set[str] = set()
        self._near: dict[str, bool] = {}
        """Directories of which nothing is on a disk that may not answer."""
        self._listed: dict[str, Container[str]] = {}
        self._names: dict[str, list[str]] = {}
        self._access: dict[str, bool] = {}

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What `make` answers, asked once in this scan; the key says what it is."""
        if key not in self.answers:
            self.answers[key] = make()
        found: T = self.answers[key]
        return found

    # -- questions -------------------------------------------------------------------

    def read(self, path: str, limit: int = 1 << 22) -> bytes:
        """As `Host.read`."""
        if path in self._contents:
            return self._contents[path][:limit]
        if self._absent(path) or (path in self._stats and self._stats[path] is None):
            raise FileNotFoundError(2, "No such file or directory", path)
        self._exact.add(path)
        try:
            content = super().read(path, limit)
            if len(content) < min(limit, _SMALL):
                self._contents[path] = content
            return content
        except FileNotFoundError:
            self._stats[path] = None
            raise
        except OSError:
            self._status(path)
            raise

    def noted(self, path: str, status: os.stat_result) -> None:
        """What was opened is as it was then."""
        self._stats.setdefault(path, status)

    def names(self, path: str) -> list[str]:
        """As `Host.names`."""
        found = self._names.get(path)
        if found is None:
            self._exact.add(path)
            try:
                found = super().names(path)
            except OSError:
                self._status(path)
                raise
            self._names[path] = found
            self._listed[path] = frozenset(found)
        return found

    def walked(self, path: str, names: Container[str]) -> None:
        """The walk has seen these names in a directory that it stamped itself."""
        self._listed[path] = names

    def straight(self, paths: AbstractSet[bytes]) -> None:
        """The walk has seen that these are directories, with no link on the way."""
        self._straight = paths

    def status(self, path: str) -> os.stat_result | None:
        """As `Host.status`."""
        self._exact.add(path)
        return self._status(path)

    def may_enter(self, path: str) -> bool:
        """Whether this user may list the directory and use what is in it."""
        if path in self._listed and self._stats.get(f"{path}/pyvenv.cfg"):
            return True  # it was listed, and what is in it was opened
        if path not in self._access:
            self._access[path] = super().may_enter(path)
        return self._access[path]

    def is_silent(self, path: str) -> bool:
        """As `Host.is_silent`."""
        if self.far is None:
            return False
        # What has no far name may lead far only as a link.
        return self.is_silent_name(path) or (
            bool(self._link(path)) and self.far.is_silent(self.real(path))
        )

    def is_silent_name(self, path: str) -> bool:
        """As `Host.is_silent_name`."""
        if self.far is None:
            return False
        head, _, tail = path.rpartition("/")
        near = self._near.get(head)
        if near is None:
            names = {head, self.real(head or "/").rstrip("/")}
            near = self._near[head] = not any(map(self.far.may_hold, names))
        if near:
            return False
        return self.far.is_silent(path) or self.far.is_silent(f"{self.real(head or '/')}/{tail}")

    def is_hidden(self, path: str) -> bool:
        """As `Host.is_hidden`; which directory is closed is asked, so that its opening is seen."""
        hidden = super().is_hidden(path)
        while hidden and (path := path.rpartition("/")[0]):
            self.may_enter(path)
        return hidden

    def real(self, path: str) -> str:
        """The path with every link resolved, as far as it exists."""
        found = self._reals.get(path)
        if found is None:
            straight = os.fsencode(path) in self._straight
            found = self._reals[path] = path if straight else self._resolve(path)
        return found

    # -- looking ---------------------------------------------------------------------

    def _absent(self, path: str) -> bool:
        """Whether a directory that was listed in this scan has no such name."""
        folder, _, name = path.rpartition("/")
        listed = self._listed.get(folder)
        # Where names are compared without regard to case, only the system can tell.
        return listed is not None and name not in listed and sys.platform == "linux"

    def _status(self, path: str) -> os.stat_result | None:
        if path in self._stats:
            return self._stats[path]
        if path not in self._exact and self._absent(path):
            return None
        self._stats[path] = found = super()._status(path)
        return found

    def _link(self, path: str, *, expected: bool = False) -> str | None:
        if path in self._links:
            return self._links[path]
        if self._absent(path):
            return None
        self._links[path] = found = super()._link(path, expected=expected)
        return found

    def _resolve(self, path: str) -> str:
        if not path.startswith("/"):
            return resolved(path)
        head, _, tail = path.rpartition("/")
        if not head or tail in ("", ".", "..") or path.count("/") > _DEEP:
            return self._follow("", path)
        target = self._links.get(path)
        if target and target.startswith("/") and target not in self._resolving:
            return self._real_target(target)  # then nothing hangs on the way to the link
        parent = self.real(head)
        return self._follow("" if parent == "/" else parent, tail)

    def _follow(self, done: str, path: str) -> str:
        """`path` below the resolved directory `done` ("" is the root), as realpath(3) goes."""
        waiting = path.split("/")[::-1]
        hops = 0
        while waiting:
            name = waiting.pop()
            if name in ("", "."):
                continue
            if name == "..":
                done = done.rpartition("/")[0]
                continue
            at = f"{done}/{name}"
            target = self._link(at)
            if not target:
                done = at
                continue
            hops += 1
            if hops > 40:  # the links go round; Python resolves as far as it can
                return resolved("/".join((at, *waiting[::-1])))
            if target.startswith("/"):
                if not waiting and target not in self._resolving:
                    return self._real_target(target)
                done = ""
            waiting += target.split("/")[::-1]
        return done or "/"

    def _real_target(self, target: str) -> str:
        """Of an absolute link: many lead to one place."""
        self._resolving.add(target)
        try:
            return self.real(target)
        finally:
            self._resolving.discard(target)

    # -- what is kept ----------------------------------------------------------------

    def near(self, paths: AbstractSet[str]) -> AbstractSet[str]:
        """Those of the paths that are on this machine, or on the disk on which the home is."""
        if not self.far:
            return paths
        own = ("", self.far.point(self.real(self.home)))
        return {path for path in paths if self.far.point(self.real(path)) in own}

    def looked_at(self) -> set[str]:
        """Every path about which more was asked than whether it is a link, which it is not."""
        return {*self._exact, *self._stats, *_told(self._links), *self._access}

    def asked(self, proven: AbstractSet[str]) -> tuple[Asked, Asked] | tuple[None, None]:
        """All questions with their replies; nothing where a stamp is too young to prove anything.

        `proven` are directories that the walk answers for. The second holds what is sure as long
        as none of them has changed: a name's link is the directory's matter, a mode its own.
        """
        if self.far and self.far.asked:
            return None, None  # times there are of another clock, and it may not answer again
        exact: dict[str, Stamp] = {}
        for path in self._exact:
            status = self._stats.get(path)
            if status:
                if not status.st_mtime_ns < self.young > status.st_ctime_ns:
                    return None, None
                exact[path] = stamp(status)
        links: tuple[dict[str, str | None], ...] = ({}, {})
        for path, target in self._links.items():
            folder = path.rpartition("/")[0]
            if folder not in exact:
                links[folder in proven][path] = target
        access: tuple[dict[str, bool], ...] = ({}, {})
        for path, may in self._access.items():
            if path not in exact:
                access[path in proven][path] = may
        kinds = {
            path: stat.S_IFMT(status.st_mode)
            for path, status in self._stats.items()
            if status and path not in exact and path not in proven
        }
        # Where a name is not even that of a link, the links say so.
        absent = (
            p for p, at in self._stats.items() if not at and self._links.get(p, "") is not None
        )
        variables = self.variables.asked if isinstance(self.variables, _Asked) else {}
        paths = os.fsencode("\0".join(exact)).split(b"\0")
        stamps = dict(zip(paths, exact.values(), strict=True)) if exact else {}
        around = (dict(variables), self.cwd, _who())
        return (
            Asked(packed(stamps), tuple(absent), kinds, links[0], access[0], *around),
            Asked(packed({}), (), {}, links[1], access[1], *around),
        )


def young(host: Host) -> int:
    """The time, in nanoseconds, from which on a change proves nothing now."""
    return int((host.now() - RACY) * 1e9)


def still(asked: Asked, host: Host) -> bool:
    """Whether every question would get the same reply now."""
    if (asked.cwd, asked.who) != (host.cwd, _who()):
        return False
    if any(host.variables.get(name) != value for name, value in asked.variables.items()):
        return False
    if asked.stamps.changed() or any(os.access(path, os.F_OK) for path in asked.absent):
        return False
    try:
        for path, kind in asked.kinds.items():
            if stat.S_IFMT(os.stat(path).st_mode) != kind:
                return False
        for path, target in asked.links.items():
            if target:
                if os.readlink(path) != target:
                    return False
            elif os.path.lexists(path) if target is None else os.path.islink(path):
                return False
    except (OSError, ValueError):
        return False
    return all(os.access(p, os.R_OK | os.X_OK) == may for p, may in asked.access.items())


def _who() -> tuple[int, ...]:
    return os.geteuid(), os.getegid(), *os.getgroups()


def _told(links: Mapping[str, str | None]) -> Iterator[str]:
    return (path for path, target in links.items() if target != "")


class _Asked(dict[str, str]):
    """Variables that remember which of them were asked for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(variables)
        self.asked: dict[str, str | None] = {}

    def get(self, name: str, default: Any = None) -> Any:
        """As `dict.get`."""
        found = self.asked[name] = super().get(name)
        return default if found is None else found

    def __getitem__(self, name: str) -> str:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return str(found)

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None
