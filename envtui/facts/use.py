"""Which processes use a prefix: psutil's evidence, for many prefixes in one pass."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    import psutil


T = TypeVar("T")


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
    this = psutil.Process()
    above = _above(this)
    me = os.getuid()
    unknown = Use(hidden=_are_hidden(me))
    for process in psutil.process_iter():
        if process.pid == this.pid:
            continue
        try:
            uid = process.uids().real
            seen = _Seen(process, own=uid == me, above=process.pid in above)
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


def _add(use: Use, seen: _Seen, place: tuple[str, str]) -> Use:
    evidence = seen.evidence(*place)
    if evidence is None:
        return use
    user = User(seen.process.pid, seen.command, seen.owner, evidence)
    use = _count(use, seen, -1)  # of this prefix it is known
    if seen.own:
        return use._replace(own=(*use.own, user))
    return use._replace(others=(*use.others, user))


def _count(use: Use, seen: _Seen, by: int) -> Use:
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


class _Seen:
    """What one process shows of itself."""

    def __init__(self, process: psutil.Process, *, own: bool, above: bool) -> None:
        self.process = process
        self.own = own
        self.above = above
        self.unread = False
        self._maps: bytes | None = None
        with process.oneshot():
            self.words = process.cmdline()
            self.exe: str = self._ask(process.exe, "")
            self.cwd: str = self._ask(process.cwd, "")
            nothing: dict[str, str] = {}
            variables = self._ask(process.environ, nothing)
            self.name = process.name()
        names = ("VIRTUAL_ENV", "CONDA_PREFIX")
        self.active = [variables[name] for name in names if variables.get(name)]

    def _ask(self, what: Callable[[], T], nothing: T) -> T:
        """What the process shows; one that does not let itself be asked all of it is unread."""
        import psutil

        try:
            return what()
        except psutil.AccessDenied:
            self.unread = True
            return nothing

    @property
    def command(self) -> str:
        """What it was started as, shortened, without the program's directory."""
        program, *rest = self.words or [self.name]
        text = " ".join([os.path.basename(program) or program, *rest])
        return text if len(text) <= 60 else text[:59] + "…"

    @property
    def owner(self) -> str:
        """Its user's name, or number."""
        try:
            return self.process.username()
        except Exception:  # noqa: BLE001 - a uid without a name must not hide the process
            return "another user"

    def evidence(self, real: str, shown: str) -> str | None:
        """Why this process counts as using the prefix; None where nothing says so.

        Of the processes envtui was started from only what they are counts: their arguments may
        be our own command line, and a shell's environment block stays as it was at its start,
        long after `deactivate`.
        """
        if _below(self.exe, real):
            return "its program lies there"
        if self.words and self._argument(self.words[0], real, shown):
            return "it was started from there"
        if _below(self.cwd, real) or self.cwd == real:
            return "its working directory is there"
        if not self.above:
            if any(self._argument(word, real, shown) for word in self.words[1:] if word[:1] == "/"):
                return "its arguments name files there"
            if any(os.path.realpath(value) == real for value in self.active):
                return "it is active there"
        if self._maps_below(real):
            return "it has libraries of it loaded"
        return None

    def touched(self) -> set[str]:
        """Every directory that any of its evidence lies in or below."""
        found: set[str] = set()
        for word in self.words:
            if "/" in word:
                path = os.path.normpath(os.path.join(self.cwd, word))
                found.update((path, os.path.realpath(os.path.dirname(path)) if self.own else ""))
        found.update(os.path.realpath(value) for value in self.active)
        found.update(os.fsdecode(path).replace("\\012", "\n") for path in self._mapped())
        ancestors: set[str] = set()
        for path in (self.exe, self.cwd, *found):
            folder = path
            while folder and folder not in ancestors:
                ancestors.add(folder)
                folder = os.path.dirname(folder)
        return ancestors

    def _mapped(self) -> set[bytes]:
        lines = self._read_maps().splitlines()
        return {fields[5] for line in lines if len(fields := line.split(None, 5)) == 6}

    def _argument(self, word: str, real: str, shown: str) -> bool:
        if "/" not in word:
            return False
        path = os.path.normpath(os.path.join(self.cwd, word))
        if _below(path, real) or _below(path, shown):
            return True
        # bin/python is a link out of the prefix, so the directory is resolved, not the program.
        # Of other users' processes the text is enough: resolving could hang on their mounts.
        return self.own and _below(
            os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path)), real
        )

    def _maps_below(self, real: str) -> bool:
        path = os.fsencode(real).replace(b"\n", b"\\012")
        return b" " + path + b"/" in self._read_maps()

    def _read_maps(self) -> bytes:
        """The files it has mapped; psutil reads smaps, which is many times slower than this."""
        if self._maps is None:
            self._maps = b""
            if sys.platform.startswith("linux"):
                try:
                    with open(f"/proc/{self.process.pid}/maps", "rb") as file:
                        self._maps = file.read()
                except OSError:
                    pass
        return self._maps


def _below(path: str, prefix: str) -> bool:
    return path.startswith(prefix.rstrip("/") + "/")
