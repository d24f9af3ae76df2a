"""What a prefix says about itself: maker, base, version and health, from files alone.

The rules are those of PEP 405 and of the makers (spec/backends.md 0.1, 0.4, 0.5); nothing is run.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from envtui import conda_meta
from envtui.host import Host, is_below
from envtui.model import Health, Notice

_RECORDED = re.compile(r"\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?")
_EXECUTABLE = re.compile(r"^(?:python|pypy|graalpy)(\d+\.\d+)")
_LIBRARY = re.compile(r"^(?:python|pypy)(\d+\.\d+)[a-z]*$")
_PY_VERSION = re.compile(rb'^#\s*define\s+PY(?:PY)?_VERSION\s+"([^"]+)"', re.MULTILINE)
_DEBIAN = re.compile(rb"(?:.+\n)*?Version: (\d+\.\d+\.\d+)")
_IN_NAME = re.compile(r"(?:^|[-@])(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)(?:[-_+t]|$)")
_QUOTED = re.compile(r"""['"\\$`]""")
_QUOTES = ("'", '"')
# `VIRTUAL_ENV=` as venv, virtualenv and uv write it; a computed value has no leading slash.
_ACTIVATE = re.compile(rb"""^\s*(?:export )?VIRTUAL_ENV=(['"]?)(/.*)\1\s*$""", re.MULTILINE)


class Prefix(NamedTuple):
    """One environment's prefix as its files describe it."""

    path: str
    folder: str
    """The directory in which it stands."""
    leaf: str
    """Its own name there."""
    real: str
    config: dict[str, str]
    python: str
    executable: str | None
    """The real file behind `python`; None where it is missing or dangles."""
    base: str | None
    version: str | None
    maker: str
    created_by: str | None
    health: Health
    reason: str | None
    links: tuple[str, ...] = ()
    """Other paths that lead to it."""
    because: str = "listed: named by its path"
    """Why it was looked at."""

    def at(self, path: str) -> Prefix:
        """The same under another path that leads to it."""
        path, folder, leaf = _place(path)
        return self._replace(path=path, folder=folder, leaf=leaf)


def parse_config(content: bytes) -> dict[str, str]:
    """The keys of a pyvenv.cfg: split at the first `=`, keys lower-cased, the last one wins."""
    config = {}
    for line in content.decode("utf-8", "surrogateescape").splitlines():
        key, equals, value = line.partition("=")
        if equals:
            value = value.strip()
            # Without one matching pair of quotes: makers disagree on how to write a prompt.
            if value[:1] in _QUOTES and value[-1] == value[0] and len(value) > 1:
                value = value[1:-1]
            config[key.strip().lower()] = value
    return config


class Prefixes:
    """Reads prefixes for one scan and remembers what it learnt of their bases."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.notices: list[Notice] = []
        """What could not be read beside a prefix's health."""
        self._versions: dict[tuple[str, str], str | None] = {}

    def read(self, path: str) -> Prefix:
        """All that the files of one prefix tell. Never raises: what can't be read is its health."""
        real = self.host.real(path)
        if self.host.is_silent(real):
            return _unreadable(path, real, "its disk does not answer")
        if self.host.is_dir(f"{real}/{conda_meta.FOLDER}"):
            return self._read_conda(path, real)
        try:
            config = parse_config(self.host.read(f"{real}/pyvenv.cfg", 1 << 16))
        except FileNotFoundError:
            config = self._legacy_config(real)
        except OSError as error:
            return _unreadable(path, real, f"pyvenv.cfg: {error.strerror or error}")
        python = self._python(real)
        target = self.host.real(python)
        executable = target if self.host.is_file(target) else None
        base = self._base(real, python, executable, config)
        version = self._version(base, executable or python, config)
        health, reason = self._health(real, config, python, executable, base, version)
        return Prefix(
            *_place(path), real, config, python, executable, base, version,
            *maker(config), health, reason,
        )  # fmt: skip

    def _read_conda(self, path: str, real: str) -> Prefix:
        """A prefix of conda, mamba or pixi: no pyvenv.cfg, and its Python is its own."""
        python = self._python(real)
        if self.host.platform == "win32":
            python = os.path.join(real, "python.exe")
        try:
            meta = conda_meta.read(self.host, real)
        except OSError as error:
            unread = f"conda-meta: {error.strerror or error}"
            return _unreadable(path, real, unread)._replace(maker="conda")
        self.notices.extend(meta.notices)
        executable = self.host.real(python) if self.host.is_file(python) else None
        version = meta.version
        if version is None and executable:
            version = self.of_base(real, executable)
        libraries = self._libraries(real)
        health, reason = conda_meta.health(self.host, real, python, version, libraries)
        return Prefix(
            *_place(path), real, meta.config, python, executable, None, version,
            "conda", meta.created_by, health, reason,
        )  # fmt: skip

    def _python(self, real: str) -> str:
        if self.host.platform == "win32":
            return f"{real}/Scripts/python.exe"
        usual = f"{real}/bin/python"
        if self.host.target(usual) or self.host.lexists(usual):
            return usual
        return f"{usual}3" if self.host.lexists(f"{usual}3") else usual

    def _legacy_config(self, real: str) -> dict[str, str]:
        """Before version 20, virtualenv wrote no pyvenv.cfg: the base is in orig-prefix.txt."""
        for library in self._libraries(real):
            path = os.path.join(real, "lib", f"python{library}", "orig-prefix.txt")
            if base := os.fsdecode(self.host.read_if(path)).strip():
                return {"home": os.path.join(base, "bin"), "version": library, "virtualenv": "<20"}
        return {}

    def _base(
        self, real: str, python: str, executable: str | None, config: dict[str, str]
    ) -> str | None:
        if executable and not is_below(executable, real):
            return _prefix_of(executable)
        home = config.get("base-prefix") or config.get("home")
        if home and os.path.isabs(home):
            return (os.path.dirname(home) if home.endswith("/bin") else home) or "/"
        if not executable and self.host.is_link(python):
            return _prefix_of(_dangling_target(self.host, python))
        return None

    def _version(self, base: str | None, executable: str, config: dict[str, str]) -> str | None:
        recorded = recorded_version(config)
        actual = self.of_base(base, executable) if base and self.host.is_dir(base) else None
        if actual is None:
            return recorded
        if recorded and actual.count(".") < 2 and recorded.startswith(actual + "."):
            return recorded
        return actual

    def of_base(self, base: str, executable: str) -> str | None:
        """The full version of an installed Python, without running it (spec/backends.md 0.4)."""
        key = (base, executable.rpartition("/")[2])
        if key not in self._versions:
            self._versions[key] = self._find_version(base, executable)
        return self._versions[key]

    def _find_version(self, base: str, executable: str) -> str | None:
        named = _EXECUTABLE.match(os.path.basename(executable))
        minors = [named[1]] if named else self._libraries(base)
        for minor in minors if len(minors) == 1 else ():
            found = self._headers(base, minor) or self._build_details(base, minor)
            if found:
                return found
        in_name = _IN_NAME.search(os.path.basename(self.host.real(base)))
        if in_name:
            return in_name[1]
        if len(minors) == 1:
            return self._debian(base, minors[0]) or minors[0]
        return None

    def _headers(self, base: str, minor: str) -> str | None:
        for folder in (f"python{minor}", f"python{minor}t", f"python{minor}m", f"pypy{minor}"):
            path = os.path.join(base, "include", folder, "patchlevel.h")
            found = _PY_VERSION.search(self.host.read_if(path, 1 << 14))
            if found:
                return found[1].decode("ascii", "replace")
        return None

    def _build_details(self, base: str, minor: str) -> str | None:
        """PEP 739: CPython 3.14 and newer say it in a JSON file."""
        path = os.path.join(base, "lib", f"python{minor}", "build-details.json")
        try:
            content = self.host.read(path)
            import json

            info = json.loads(content)["language"]["version_info"]
            return f"{info['major']}.{info['minor']}.{info['micro']}"
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _debian(self, base: str, minor: str) -> str | None:
        """Debian's own Python has headers only with the dev package; dpkg knows its version."""
        if base != "/usr":
            return None
        status = b"\n" + self.host.read_if("/var/lib/dpkg/status", 1 << 25)
        at = status.find(b"\nPackage: python%s-minimal\n" % minor.encode()) + 1
        found = _DEBIAN.match(status, at) if at else None
        return found[1].decode() if found else None

    def _libraries(self, prefix: str) -> list[str]:
        names = self.host.names_if(f"{prefix}/lib")
        return [found[1] for name in names if (found := _LIBRARY.match(name))]

    def _health(
        self,
        real: str,
        config: dict[str, str],
        python: str,
        executable: str | None,
        base: str | None,
        version: str | None,
    ) -> tuple[Health, str | None]:
        """The first that holds, in DESIGN's order, with the reason in words."""
        if not self.host.may_enter(real):
            return "unreadable", "the directory may not be read"
        if "home" not in config:
            return "unreadable", "pyvenv.cfg does not name its base with `home` (PEP 405)"
        if not self.host.lexists(python):
            if self.host.is_hidden(python):
                return "unreadable", f"{os.path.dirname(python)} may not be read"
            return "no-python", f"{os.path.relpath(python, real)} is missing"
        if not executable:
            return self._gone("Python", _dangling_target(self.host, python))
        if base and not self.host.is_dir(base):
            return self._gone("base", base)
        libraries = self._libraries(real)
        minor = ".".join(version.split(".", 2)[:2]) if version else None
        if minor and libraries and minor not in libraries:
            packages = ", ".join(libraries)
            return "broken", f"its Python is now {minor}, its packages are for {packages}"
        elsewhere = self._recorded_place(real, config)
        if elsewhere and elsewhere != real and self._is_other(elsewhere, real):
            return "moved", f"it was made as {elsewhere}"
        if len(libraries) > 1:
            return "overlaid", "made several times: packages for " + ", ".join(libraries)
        recorded = recorded_version(config)
        if recorded and version and version != recorded and recorded.count(".") == 2:
            return "version-differs", f"made with {recorded}, its Python is now {version}"
        return "ok", None

    def _is_other(self, path: str, real: str) -> bool:
        return not self.host.is_silent(path) and self.host.real(path) != real

    def _gone(self, what: str, path: str) -> tuple[Health, str]:
        """Not there; or perhaps it is, in the home of another user or on a disk far away."""
        if self.host.is_silent(path):
            return "unreadable", f"its {what} {path} is on a disk that does not answer"
        if self.host.is_hidden(path):
            return "unreadable", f"its {what} {path} is where this user may not look"
        return "broken", f"its {what} {path} is gone"

    def _recorded_place(self, real: str, config: dict[str, str]) -> str | None:
        """Where the activation script says the prefix is; None if it computes that."""
        if config.get("relocatable") == "true":
            return None
        content = self.host.read_if(f"{real}/bin/activate", 1 << 14)
        at = content.find(b"VIRTUAL_ENV=")
        found = _ACTIVATE.search(content, content.rfind(b"\n", 0, at) + 1) if at >= 0 else None
        if not found:
            return None
        place = os.fsdecode(found[2])
        if place == real:
            return real
        # Makers quote it for the shell; only a plain path can be compared.
        return None if _QUOTED.search(place) else place


def recorded_version(config: dict[str, str]) -> str | None:
    """The version that pyvenv.cfg recorded at creation, such as 3.12.1, or None."""
    for key in ("version_info", "version"):
        found = _RECORDED.match(config.get(key, ""))
        if found:
            return found[0]
    return None


def maker(config: dict[str, str]) -> tuple[str, str | None]:
    """What made it, by its pyvenv.cfg: the kind, and with its version."""
    for key in ("uv", "virtualenv"):
        if key in config:
            return key, f"{key} {config[key]}".strip()
    return "venv", f"venv {version}" if (version := config.get("version")) else None


def _unreadable(path: str, real: str, reason: str) -> Prefix:
    python = os.path.join(real, "bin", "python")
    place = _place(path)
    return Prefix(*place, real, {}, python, None, None, None, "venv", None, "unreadable", reason)


def _place(path: str) -> tuple[str, str, str]:
    """A path, the directory in which it is, and its own name there."""
    folder, _, leaf = path.rpartition("/")
    return path, folder, leaf


def _prefix_of(executable: str) -> str:
    return executable.rpartition("/")[0].rpartition("/")[0] or "/"


def _dangling_target(host: Host, link: str) -> str:
    """The first path in a chain of links that is not there."""
    path = link
    for _ in range(40):
        target = host.target(path)
        if target is None:
            break
        path = os.path.normpath(os.path.join(os.path.dirname(path), target))
    return path
