"""The distributions installed in an environment, from the names of their metadata directories."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable

from envtui import host

SEEDED = frozenset(("pip", "setuptools", "wheel", "distribute"))
"""What makers put into a new environment by themselves."""
_METADATA = re.compile(r"^(?P<name>.+?)-(?P<version>[^-]+)\.(?:dist-info|egg-info)$")


def packages(prefix: str, minor: str | None = None) -> list[tuple[str, str]]:
    """The distributions of an environment, as they are now; [] where nothing can be read."""
    folders = site_packages(prefix, list_quietly, minor)
    return distributions(name for folder in folders for name in list_quietly(folder))


def distributions(names: Iterable[str]) -> list[tuple[str, str]]:
    """(name, version) of each, sorted by name, from the names in site-packages.

    That of its directory is `NAME-VERSION.dist-info` ("Recording installed projects", PyPUG).
    """
    found = [(m["name"].replace("_", "-"), m["version"]) for m in map(_METADATA.match, names) if m]
    return sorted(found, key=lambda item: item[0].lower())


def site_packages(
    prefix: str, names: Callable[[str], list[str]], minor: str | None = None
) -> list[str]:
    """The directories that packages are installed into; `names` lists those in a directory.

    `minor` takes only those for that Python, of an environment that was made for several.
    """
    library = os.path.join(prefix, "lib")
    libraries = [name for name in names(library) if re.match(r"(?:python|pypy)\d", name)]
    if minor and len(libraries) > 1:
        libraries = [name for name in libraries if name.endswith(minor)]
    return [os.path.join(library, name, "site-packages") for name in libraries]


def list_quietly(folder: str) -> list[str]:
    """The names in a directory, [] where it can't be read; its access time stays as it is."""
    try:
        return host.list_quietly(folder)
    except OSError:
        return []
