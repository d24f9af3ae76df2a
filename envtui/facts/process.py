"""What one process shows of itself, and whether that says that it uses a prefix."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from envtui.host import Host, is_below, is_within

if TYPE_CHECKING:
    import psutil

T = TypeVar("T")


class Seen:
    """What one process shows of itself."""

    def __init__(self, host: Host, process: psutil.Process, *, own: bool, above: bool) -> None:
        self.process = process
        self._host = host  # what a process names may be on a disk that does not answer
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
        if is_below(self.exe, real):
            return "its program lies there"
        if self.words and self._argument(self.words[0], real, shown):
            return "it was started from there"
        if is_within(self.cwd, real):
            return "its working directory is there"
        if not self.above:
            if any(self._argument(word, real, shown) for word in self.words[1:] if word[:1] == "/"):
                return "its arguments name files there"
            if any(self._host.real(value) == real for value in self.active):
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
                found.update((path, self._host.real(os.path.dirname(path)) if self.own else ""))
        found.update(self._host.real(value) for value in self.active)
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
        if is_below(path, real) or is_below(path, shown):
            return True
        # bin/python is a link out of the prefix, so the directory is resolved, not the program.
        # Of other users' processes the text is enough: resolving could hang on their mounts.
        return self.own and is_below(
            os.path.join(self._host.real(os.path.dirname(path)), os.path.basename(path)), real
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
