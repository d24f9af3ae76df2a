"""Which processes use a prefix: psutil's evidence, for many prefixes in one pass."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from envtui.facts.process import Seen
from envtui.host import Host

if TYPE_CHECKING:
    import psutil


class User(NamedTuple):
    """A process that uses a prefix."""

    pid: int
    command: str
    owner: str
    evidence: str
    """How it shows: "its program lies there", "its working directory is there" ..."""


class Use(NamedTuple):
    """Who uses a prefix."""

    own: tuple[User, ...] = ()
    others: tuple[User, ...] = ()
    """Processes of other users: what they show without being asked."""
    unread: int = 0
    """Processes of this user that did not let themselves be read: not known to be elsewhere."""
    foreign: int = 0
    """Those of other users, which show their command lines at most; no threads of the kernel's."""
    hidden: bool = False
    """Whether this machine shows no processes of other users at all."""

    @property
    def unknown(self) -> str:
        """Whose processes could not be looked into, in words; "" where all were."""
        counts = [(self.unread, "of yours"), (self.foreign, "of other users")]
        said = [f"{count} {whose}" for count, whose in counts if count]
        return " and ".join(said + ["all of other users"] * self.hidden)


def of(prefix: str) -> Use:
    """Who uses one prefix."""
    return of_all([prefix])[prefix]


def of_all(prefixes: Iterable[str]) -> dict[str, Use]:
    """Who uses each of several prefixes, with a single look at the processes."""
    import psutil

    found = {prefix: Use() for prefix in prefixes}
    places = {
        prefix: (os.path.realpath(prefix), os.path.abspath(prefix))
        for prefix in found
        if os.path.lexists(prefix)  # else nothing is in it
    }
    if not places:
        return found
    at: dict[str, set[str]] = {}
    for prefix, both in places.items():
        for place in both:
            at.setdefault(place, set()).add(prefix)
    host, this = Host(), psutil.Process()
    above = _above(this)
    me = os.getuid()
    unknown = Use(hidden=_are_hidden(me))
    for process in psutil.process_iter():
        if process.pid == this.pid:
            continue
        try:
            uid = process.uids().real
            seen = Seen(host, process, own=uid == me, above=process.pid in above)
            if "envtui.scan" in seen.words and process.ppid() == this.pid:
                continue  # the screen's own scan has this shell's variables, and uses nothing
        except psutil.AccessDenied:
            unknown = unknown._replace(foreign=unknown.foreign + 1)
            continue
        except psutil.Error:
            continue  # ended meanwhile
        unknown = _count(unknown, seen, 1)
        # Asking each process about each of thousands of prefixes would take seconds.
        for prefix in {prefix for place in at.keys() & seen.touched() for prefix in at[place]}:
            found[prefix] = _add(found[prefix], seen, places[prefix])
    for prefix in places:
        use = found[prefix]
        unread, foreign = unknown.unread + use.unread, unknown.foreign + use.foreign
        found[prefix] = use._replace(unread=unread, foreign=foreign, hidden=unknown.hidden)
    return found


def _above(this: psutil.Process) -> set[int]:
    """The processes that this one was started from, as far as they show themselves."""
    import psutil

    found: set[int] = set()
    try:
        while parent := this.parent():
            found.add(parent.pid)
            this = parent
    except psutil.Error:
        pass
    return found


def _add(use: Use, seen: Seen, place: tuple[str, str]) -> Use:
    evidence = seen.evidence(*place)
    if evidence is None:
        return use
    user = User(seen.process.pid, seen.command, seen.owner, evidence)
    use = _count(use, seen, -1)  # of this prefix it is known
    if seen.own:
        return use._replace(own=(*use.own, user))
    return use._replace(others=(*use.others, user))


def _count(use: Use, seen: Seen, by: int) -> Use:
    if seen.own:
        return use._replace(unread=use.unread + by * seen.unread)
    kernel = not seen.words
    return use if kernel else use._replace(foreign=use.foreign + by * seen.unread)


def _are_hidden(me: int) -> bool:
    """Whether /proc is mounted so that it shows a user's own processes only (proc(5), hidepid)."""
    try:
        with open("/proc/self/mounts", errors="replace") as file:
            lines = [line.split() for line in file]
    except OSError:
        return False  # macOS
    options = next((words[3].split(",") for words in lines[::-1] if words[1] == "/proc"), [])
    hiding = {"hidepid=2", "hidepid=4", "hidepid=invisible", "hidepid=ptraceable"}
    seeing = next((int(one[4:]) for one in options if one.startswith("gid=")), 0)
    groups = (os.getegid(), *os.getgroups())
    return me != 0 and not hiding.isdisjoint(options) and seeing not in groups
