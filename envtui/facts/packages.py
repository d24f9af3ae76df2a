"""The distributions installed in an environment, from the names of their metadata directories."""

from __future__ import annotations

import os
import re

from envtui import host

SEEDED = frozenset(("pip", "setuptools", "wheel", "distribute"))
"""What makers put into a new environment by themselves."""
_METADATA = re.compile(r"^(?P<name>.+?)-(?P<version>[^-]+)\.(?:dist-info|egg-info)$")


def packages(prefix: str, minor: str | None = None) -> list[tuple[str, str]]:
    """(name, version) of each distribution, sorted by name; [] where nothing can be read.

    `minor` takes only those for that Python, of an environment that was made for several.

    The directory's name is `NAME-VERSION.dist-info` ("Recording installed projects", PyPUG).
    """
    found = []
    folders = site_packages(prefix)
    if minor and len(folders) > 1:
        folders = [folder for folder in folders if f"{minor}/" in folder[len(prefix) :]]
    for folder in folders:
        for name in list_quietly(folder):
            match = _METADATA.match(name)
            if match:
                found.append((match["name"].replace("_", "-"), match["version"]))
    return sorted(found, key=lambda item: item[0].lower())


def site_packages(prefix: str) -> list[str]:
    """The directories of an environment that packages are installed into."""
    library = os.path.join(prefix, "lib")
    return [
        os.path.join(library, name, "site-packages")
        for name in list_quietly(library)
        if re.match(r"(?:python|pypy)\d", name)
    ]


def list_quietly(folder: str) -> list[str]:
    """The names in a directory, [] where it can't be read; its access time stays as it is."""
    try:
        return host.list_quietly(folder)
    except OSError:
        return []
