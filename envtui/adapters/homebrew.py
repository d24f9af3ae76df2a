"""Homebrew: Pythons in its Cellar, one keg for each formula and version.

A keg goes with the next upgrade; `opt/python@3.12` is the path that stays (docs.brew.sh,
"Formula Cookbook"), so that is what environments should be built on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui.adapters import stores
from envtui.adapters.capabilities import Found
from envtui.adapters.choice import version_key
from envtui.host import Host
from envtui.model import Interpreter, Notice
from envtui.prefix import Prefixes

_PLACES = ("/opt/homebrew", "/home/linuxbrew/.linuxbrew", "/usr/local")
_FORMULA = re.compile(r"^(?:python(?:-freethreading)?|pypy3?|pypy3\.\d+|python@\d+(?:\.\d+)?)$")
_EXECUTABLE = re.compile(r"^(?:python|pypy)\d+\.\d+t?$")


class Homebrew:
    """Interpreters that Homebrew poured; envtui never changes them."""

    kind = "homebrew"
    kept = "is Homebrew's: `brew uninstall {formula}` removes it where no formula needs it"

    def __init__(self, places: tuple[str, ...] = _PLACES) -> None:
        self.places = places

    def stores(self, host: Host) -> list[str]:
        """The Cellars, where a home holds one."""
        return [os.path.join(place, "Cellar") for place in self._all(host)]

    def _all(self, host: Host) -> list[str]:
        chosen = (host.variable("HOMEBREW_PREFIX") or "").rstrip("/")
        return list(dict.fromkeys((*((chosen,) if chosen else ()), *self.places)))

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Each keg once; its `opt` link and the names in Homebrew's bin are aliases."""
        taken = set()
        for place in self._all(host):
            cellar = os.path.join(place, "Cellar")
            formulas, notices = stores.readable(host, cellar, "Homebrew's Cellar")
            yield from notices
            for formula in filter(_FORMULA.match, formulas):
                for item in _kegs(host, prefixes, place, formula):
                    if isinstance(item, Interpreter) and item.id in taken:
                        # A Mac may have one Homebrew for each of its two architectures.
                        yield item._replace(id=f"homebrew:{host.short(item.prefix)}")
                        continue
                    if isinstance(item, Interpreter):
                        taken.add(item.id)
                    yield item


def _kegs(
    host: Host, prefixes: Prefixes, place: str, formula: str
) -> Iterator[Interpreter | Notice]:
    folder = os.path.join(place, "Cellar", formula)
    names, notices = stores.readable(host, folder, "Homebrew's kegs")
    yield from notices
    kegs = sorted((name for name in names if not name.startswith(".")), key=version_key)
    opt = os.path.join(place, "opt", formula)
    linked = os.path.basename(host.real(opt)) if host.is_link(opt) else None
    for keg in kegs:
        path = os.path.join(folder, keg)
        executable = _executable(host, os.path.join(path, "bin"))
        if executable is None:
            continue  # an interrupted upgrade leaves empty kegs
        real = host.real(executable)
        # On macOS the keg's bin only leads into its framework, which is the prefix.
        prefix = os.path.dirname(os.path.dirname(real))
        stable = os.path.join(opt, "bin", os.path.basename(executable))
        is_linked = keg == linked and host.is_file(stable)
        aliases = (executable, opt, *_links(host, place, real)) if is_linked else ()
        name, path = (formula, stable) if is_linked else (f"{formula}-{keg}", executable)
        version = keg.partition("_")[0]
        yield stores.python(host, prefixes, "homebrew", name, path, prefix, aliases, version)


def _executable(host: Host, folder: str) -> str | None:
    names = filter(_EXECUTABLE.match, host.names_if(folder))
    paths = (os.path.join(folder, name) for name in names)
    return next((path for path in paths if host.is_file(path)), None)


def _links(host: Host, place: str, real: str) -> list[str]:
    """The names in Homebrew's own bin that lead to this Python."""
    folder = os.path.join(place, "bin")
    names = filter(re.compile(r"(python|pypy)[\d.]*t?$").match, host.names_if(folder))
    paths = (os.path.join(folder, name) for name in names)
    return [path for path in paths if host.real(path) == real]
