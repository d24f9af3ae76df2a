"""The distributions installed in an environment, from the names of their metadata directories."""

from __future__ import annotations

import os
import re

_METADATA = re.compile(r"^(?P<name>.+?)-(?P<version>[^-]+)\.(?:dist-info|egg-info)$")


def packages(prefix: str) -> list[tuple[str, str]]:
    """(name, version) of each distribution, sorted by name; [] where nothing can be read.

    The directory's name is `NAME-VERSION.dist-info` ("Recording installed projects", PyPUG).
    """
    found = []
    for folder in site_packages(prefix):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            match = _METADATA.match(name)
            if match:
                found.append((match["name"].replace("_", "-"), match["version"]))
    return sorted(found, key=lambda item: item[0].lower())


def site_packages(prefix: str) -> list[str]:
    """The directories of an environment that packages are installed into."""
    library = os.path.join(prefix, "lib")
    try:
        names = os.listdir(library)
    except OSError:
        return []
    return [
        os.path.join(library, name, "site-packages")
        for name in names
        if re.match(r"(?:python|pypy)\d", name)
    ]
