"""Windows: the registry (PEP 514), Microsoft's Store and the install manager (PEP 773).

On paper: `found_in` turns the registry's words into interpreters on any platform, so that the
rules can be tested; only `registry` needs Windows.
"""

from __future__ import annotations

import ntpath
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from envtui.adapters.capabilities import Found
from envtui.adapters.choice import version_key
from envtui.host import Host
from envtui.model import Activation, Environment, Interpreter
from envtui.prefix import Prefixes
from envtui.project import read_json

# PyLauncher is reserved; conda's own adapter knows the others by their files.
_NOT_PYTHONS = ("pylauncher", "continuumanalytics", "anaconda", "miniconda")
_STORE = re.compile(r"^PythonSoftwareFoundation\.Python\.(\d+\.\d+)_")


class Entry(NamedTuple):
    """One key `<company>`, `<tag>` below the registry's `Software`, `Python`."""

    company: str
    tag: str
    version: str | None
    """`Version`, else `SysVersion`."""
    prefix: str | None
    """The default value of `InstallPath`."""
    executable: str | None
    """`ExecutablePath` of `InstallPath`; older installers write none."""


class Windows:
    """Interpreters that Windows knows of; envtui never changes them."""

    kind = "windows"
    kept = "was installed by Windows; its settings for apps remove it"

    def stores(self, host: Host) -> list[str]:
        """Nothing below a home is left out."""
        return []

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """The registry first: what the others hold is mostly there as well."""
        if host.platform != "win32":
            return
        found = [*found_in(registry()), *managed(host), *from_store(host)]
        seen = set()
        for item in found:
            key = ntpath.normcase(item.path)
            if key not in seen and host.is_file(item.path):
                seen.add(key)
                yield item

    def activate(self, host: Host, item: Environment | Interpreter) -> Activation:
        """The prefix itself first on PATH: there is no bin."""
        return Activation(item.name, self.kind, item.prefix, item.prefix, {})


def found_in(entries: Iterable[Entry]) -> list[Interpreter]:
    """Each company's tag once, the first entry (of the user, before the machine's) winning."""
    unique: dict[tuple[str, str], Interpreter] = {}
    for entry in entries:
        key = (entry.company.casefold(), entry.tag.casefold())
        executable = entry.executable
        if not executable and entry.prefix:
            executable = ntpath.join(entry.prefix, "python.exe")
        if key in unique or key[0] in _NOT_PYTHONS or not executable:
            continue
        prefix = (entry.prefix or ntpath.dirname(executable)).rstrip("\\/")
        name = entry.tag if key[0] == "pythoncore" else f"{entry.company}-{entry.tag}"
        unique[key] = _interpreter(name, entry.version or entry.tag, executable, prefix)
    return list(unique.values())


def _interpreter(name: str, version: str, path: str, prefix: str) -> Interpreter:
    number = re.match(r"\d+(\.\d+)*((a|b|rc)\d+)?", version)
    made = re.search(r"pypy|graalpy", name, re.IGNORECASE)
    return Interpreter(
        id=f"windows:{name}",
        kind="windows",
        implementation=made[0].lower() if made else "cpython",
        version=number[0] if number else version,
        path=path,
        prefix=prefix,
        name=name,
    )


def from_store(host: Host) -> list[Interpreter]:
    """The Store's Pythons; `python.exe` beside them is a stub that opens the Store."""
    folder = os.path.join(_local(host), "Microsoft", "WindowsApps")
    found = [(name, m[1]) for name in host.names_if(folder) if (m := _STORE.match(name))]
    return [
        _interpreter(f"Store-{minor}", minor, os.path.join(folder, name, "python.exe"),
                     os.path.join(folder, name))
        for name, minor in sorted(found, key=lambda pair: version_key(pair[1]))
    ]  # fmt: skip


def managed(host: Host) -> list[Interpreter]:
    """What the install manager keeps, one folder with `__install__.json` for each."""
    folder = os.path.join(_local(host), "Python")
    found = []
    for name in host.names_if(folder):
        prefix = os.path.join(folder, name)
        try:
            record = read_json(host, os.path.join(prefix, "__install__.json"))
            version, tag = record["sort-version"], record["tag"]
            executable = os.path.normpath(os.path.join(prefix, record["executable"]))
        except (LookupError, TypeError):
            continue
        found.append(_interpreter(str(tag), str(version), executable, prefix))
    return found


def _local(host: Host) -> str:
    return host.variable("LOCALAPPDATA") or os.path.join(host.home, "AppData", "Local")


def registry() -> Iterator[Entry]:
    """The user's entries, then the machine's, then those of 32-bit programs. Nothing elsewhere."""
    if sys.platform == "win32":
        import winreg

        places = (
            (winreg.HKEY_CURRENT_USER, 0),
            (winreg.HKEY_LOCAL_MACHINE, winreg.KEY_WOW64_64KEY),
            (winreg.HKEY_LOCAL_MACHINE, winreg.KEY_WOW64_32KEY),
        )

        def below(key: winreg.HKEYType) -> list[str]:
            return [winreg.EnumKey(key, index) for index in range(winreg.QueryInfoKey(key)[0])]

        def value(key: winreg.HKEYType, name: str) -> str | None:
            try:
                said = winreg.QueryValueEx(key, name)[0]
            except OSError:
                return None
            return said if isinstance(said, str) and said else None

        def entry(tags: winreg.HKEYType, company: str, tag: str) -> Entry | None:
            try:
                with winreg.OpenKey(tags, tag) as key, winreg.OpenKey(key, "InstallPath") as path:
                    version = value(key, "Version") or value(key, "SysVersion")
                    return Entry(
                        company, tag, version, value(path, ""), value(path, "ExecutablePath")
                    )
            except OSError:
                return None

        for hive, view in places:
            try:
                top = winreg.OpenKey(hive, r"Software\Python", 0, winreg.KEY_READ | view)
            except OSError:
                continue
            with top:
                for company in below(top):
                    with winreg.OpenKey(top, company) as tags:
                        found = (entry(tags, company, tag) for tag in below(tags))
                        yield from (one for one in found if one)
    else:
        yield from ()
