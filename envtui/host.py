"""What adapters may look at: home, variables, platform, clock and files. It cannot write."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from envtui import places
from envtui.errors import Negative

if TYPE_CHECKING:
    from envtui.far import Far

T = TypeVar("T")

# A file that decides something is small; more than this is not what it claims to be.
READ_LIMIT = 4 * 1024 * 1024
_FRESH = 1.0
"""Seconds for which the table of mounts is taken as it was."""
_NOATIME: int = getattr(os, "O_NOATIME", 0)
_READING = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_LISTING = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


class Host:
    """One user's view of one machine. Every reading of an adapter goes through it."""

    def __init__(
        self,
        home: str | None = None,
        variables: Mapping[str, str] | None = None,
        cwd: str | None = None,
        platform: str = sys.platform,
    ) -> None:
        self.variables: Mapping[str, str] = os.environ if variables is None else variables
        self.home = os.path.abspath(home) if home else places.home(self.variables)
        self.platform = platform
        self._far: Far | None = None
        self._far_since = float("-inf")
        self.cwd = cwd or self._current_directory()
        self.answers: dict[str, Any] = {}
        """What was asked `once`; only a Moment keeps it."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def today(self) -> str:
        """The date in ISO 8601, UTC."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.now()))

    def variable(self, name: str) -> str | None:
        """A variable's value; an empty one counts as unset, as most managers have it."""
        return self.variables.get(name) or None

    def xdg(self, variable: str, default: str) -> str:
        """An XDG base directory; a relative value is ignored, as the XDG specification says."""
        value = self.variables.get(variable, "")
        return value if os.path.isabs(value) else os.path.join(self.home, default)

    def own_folder(self, purpose: str, *parts: str) -> str:
        """Below a user's directory for `config`, `data` or `cache`, as platformdirs has it."""
        if self.platform == "darwin":
            name = "Caches" if purpose == "cache" else "Application Support"
            return os.path.join(self.home, "Library", name, *parts)
        default = {"config": ".config", "data": ".local/share", "cache": ".cache"}[purpose]
        return os.path.join(self.xdg(f"XDG_{purpose.upper()}_HOME", default), *parts)

    def expand(self, path: str) -> str:
        """`~` at the front stands for this host's home."""
        if path == "~" or path.startswith("~/"):
            return self.home + path[1:]
        return path

    def short(self, path: str) -> str:
        """The path as people write it, with `~` for home."""
        if is_within(path, self.home):
            return "~" + path[len(self.home.rstrip("/")) :]
        return path

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        """At most `limit` bytes of a regular file, without touching its access time.

        Raises OSError. A fifo or device is refused: opening one could block for ever.
        """
        self._fail_if_silent(path)
        fd = _open_noatime(path, _READING)
        try:
            status = os.fstat(fd)
            self.noted(path, status)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(22, "Not a regular file", path)
            # One more than there is: then another read need not say that it was all.
            size = status.st_size + 1 if status.st_size < limit else limit
            content = os.read(fd, size)
            if len(content) == status.st_size or len(content) >= limit:
                return content
            chunks, limit = [content], limit - len(content)
            while limit > 0 and (chunk := os.read(fd, min(limit, 1 << 16))):
                chunks.append(chunk)
                limit -= len(chunk)
            return b"".join(chunks)
        finally:
            os.close(fd)

    def read_if(self, path: str, limit: int = READ_LIMIT) -> bytes:
        """As `read`; b"" where there is no such file or it can't be read."""
        try:
            return self.read(path, limit)
        except OSError:
            return b""

    def names(self, path: str) -> list[str]:
        """The names in a directory, sorted. Raises OSError.

        Of site-packages the access time stays as it is: it tells of the environment's use.
        """
        self._fail_if_silent(path)
        self.noted(path, os.stat(path))
        return list_quietly(path) if path.endswith("/site-packages") else sorted(os.listdir(path))

    def names_if(self, path: str) -> list[str]:
        """The names in a directory, sorted; [] where there is none or it can't be read."""
        try:
            return self.names(path)
        except OSError:
            return []

    def noted(self, path: str, status: os.stat_result) -> None:
        """A file or directory was opened; see Moment."""

    def once(self, key: str, make: Callable[[], T]) -> T:  # noqa: ARG002 - see Moment
        """What `make` answers; a scan asks only once."""
        return make()

    def is_file(self, path: str) -> bool:
        """Whether it is a regular file or a link to one."""
        status = self._status(path)
        return status is not None and stat.S_ISREG(status.st_mode)

    def is_dir(self, path: str) -> bool:
        """Whether it is a directory or a link to one."""
        status = self._status(path)
        return status is not None and stat.S_ISDIR(status.st_mode)

    def is_link(self, path: str) -> bool:
        """Whether it is a symbolic link, dangling or not."""
        return bool(self._link(path))

    def lexists(self, path: str) -> bool:
        """Whether anything has that name, a dangling link included."""
        return self._link(path) is not None

    def exists(self, path: str) -> bool:
        """Whether it leads to anything."""
        return self._status(path) is not None

    def status(self, path: str) -> os.stat_result | None:
        """Of what the path leads to: device, inode, times; None for nothing."""
        return self._status(path)

    def _status(self, path: str) -> os.stat_result | None:
        try:
            return None if self.is_silent(path) else os.stat(path)
        except (OSError, ValueError):
            return None

    def target(self, path: str) -> str | None:
        """Where a symbolic link points, as it is written; None for what is none."""
        return self._link(path, expected=True) or None

    def _link(self, path: str, *, expected: bool = False) -> str | None:
        """A link's target; "" for what is none, None for nothing. One call where it is expected."""
        if self.is_silent_name(path):
            return None
        try:
            if expected or stat.S_ISLNK(os.lstat(path).st_mode):
                return os.readlink(path)
        except OSError as error:
            return "" if error.errno == errno.EINVAL else None
        except ValueError:
            return None
        return ""

    def inode(self, path: str) -> str:
        """As the function `inode`, for those who look through a host alone."""
        return "" if self.is_silent_name(path) else inode(path)

    def can_run(self, path: str) -> bool:
        """Whether it is a program that this user may start."""
        return self.is_file(path) and os.access(path, os.X_OK)

    def can_write(self, path: str) -> bool:
        """Whether this user may make something in the directory."""
        return self.is_dir(path) and os.access(path, os.W_OK)

    def mount_table(self) -> bytes:
        """The kernel's table of mounts (proc(5), mountinfo). Raises OSError where it has none."""
        with open("/proc/self/mountinfo", "rb") as file:
            return file.read()

    def is_hidden(self, path: str) -> bool:
        """Whether a directory above it may not be entered, so that it may be there or not."""
        try:
            if not self.is_silent_name(path):
                os.lstat(path)
        except PermissionError:
            return True
        except (OSError, ValueError):
            return False
        return False

    def is_silent(self, path: str) -> bool:
        """Whether it is on a disk over a network that does not answer; asking may take seconds.

        Whoever touches such a one never comes back: here nothing of it is known, and nothing gone.
        """
        far = self._others()
        return far is not None and far.leads_to_silence(path)

    def is_silent_name(self, path: str) -> bool:
        """The same of a name alone; where a link of that name leads is open."""
        far = self._others()
        return far is not None and far.leads_to_silence(path, follow=False)

    def _others(self) -> Far | None:
        from envtui import mounts  # a pattern to compile, for a question that few ask

        if time.monotonic() - self._far_since > _FRESH:
            self._far, self._far_since = mounts.read(self).far, time.monotonic()
        return self._far

    def _fail_if_silent(self, path: str) -> None:
        if self.is_silent(path):
            raise TimeoutError(errno.ETIMEDOUT, "its disk does not answer", path)

    def reachable(self, path: str) -> str:
        """The path itself. Raises Negative where it is on a disk that does not answer."""
        if self.is_silent(path):
            raise Negative(f"{path} is on a disk that does not answer")
        return path

    def program_folders(self) -> list[str]:
        """The directories on PATH but for those that do not answer."""
        folders = self.variables.get("PATH", "").split(os.pathsep)
        return [folder for folder in folders if not self.is_silent(folder)]

    def _current_directory(self) -> str:
        """`$PWD` where it is true (it keeps the links a person walked through), else the real one.

        That of a home that is a link is said by that link: all that is found there is. The kernel
        tells the real one without asking its disk, which may not answer.
        """
        shown = self.variables.get("PWD", "")
        try:
            real = os.getcwd()
            if shown == real or not os.path.isabs(shown):
                true = False
            else:
                true = not self.is_silent(shown) and not self.is_silent(real)
                true = true and os.path.samefile(shown, ".")
        except OSError:
            return os.path.abspath(os.sep)  # the directory was deleted under us
        path = os.path.normpath(shown) if true else real
        if not is_within(path, self.home):
            top = self.real(self.home)
            if top != self.home and is_within(real, top):
                return self.home.rstrip("/") + real[len(top) :]
        return path

    def may_enter(self, path: str) -> bool:
        """Whether this user may list the directory and use what is in it."""
        return not self.is_silent(path) and os.access(path, os.R_OK | os.X_OK)

    def real(self, path: str) -> str:
        """The path with every link resolved, as far as it exists and its disk answers."""
        return path if self.is_silent(path) else resolved(path)


def by_host(make: Callable[[Host], T]) -> Callable[[Host], T]:
    """A question about nothing but the host, such as where a store is: asked once in a scan."""
    key = f"{make.__module__}.{make.__qualname__}"

    def asked(host: Host) -> T:
        if key in host.answers:
            found: T = host.answers[key]
            return found
        return host.once(key, lambda: make(host))

    asked.__doc__ = make.__doc__
    return asked


def is_within(path: str, folder: str) -> bool:
    """Whether a path is that of the directory or of something in it."""
    return path == folder or is_below(path, folder)


def is_below(path: str, folder: str) -> bool:
    """Whether a path is that of something in the directory."""
    return path.startswith(folder.rstrip("/") + "/")


def list_quietly(path: str) -> list[str]:
    """The names in a directory, sorted, without touching its access time. Raises OSError."""
    fd = _open_noatime(path, _LISTING)
    try:
        return sorted(os.listdir(fd))
    finally:
        os.close(fd)


def _open_noatime(path: str, flags: int) -> int:
    try:
        return os.open(path, flags | _NOATIME)
    except PermissionError:
        # Linux allows O_NOATIME only to the file's owner: open(2), EPERM.
        return os.open(path, flags)
    except ValueError as error:
        raise OSError(22, str(error), path) from None  # a NUL in the name


def resolved(path: str) -> str:
    """The path with every link resolved, as far as it exists."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return path  # a NUL, which a garbled file may hold, names nothing


def inode(path: str) -> str:
    """A name's "device:inode", links not followed; "" where nothing is."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    return f"{status.st_dev}:{status.st_ino}"
