"""Where envtui keeps its own files: platformdirs' answers.

On Linux they are the XDG base directories, worked out here: importing platformdirs costs 12 ms
(pathlib, tempfile), as much as a bare Python start. A test holds the two to the same answers.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

_XDG = {
    "state": ("XDG_STATE_HOME", ".local/state"),
    "data": ("XDG_DATA_HOME", ".local/share"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}


def state(*parts: str) -> str:
    """Below the state directory: `journal/`, `lock`, `log`."""
    return os.path.join(_folder("state"), *parts)


def data(*parts: str) -> str:
    """Below the data directory: `trash/`, cached `init.*`."""
    return os.path.join(_folder("data"), *parts)


def config(*parts: str) -> str:
    """Below the configuration directory: `config.toml`."""
    return os.path.join(_folder("config"), *parts)


def cache(*parts: str) -> str:
    """Below the cache directory: what was remembered of the last scan."""
    return os.path.join(_folder("cache"), *parts)


def home(variables: Mapping[str, str]) -> str:
    """The user's home: `HOME`, or what the system has on record where that is empty.

    `os.path.expanduser` would take an empty one for the root of everything.
    """
    if found := variables.get("HOME"):
        return os.path.abspath(found)
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_dir
    except (ImportError, KeyError):
        return os.path.expanduser("~")


def _folder(purpose: str) -> str:
    if sys.platform == "linux":
        variable, default = _XDG[purpose]
        base = os.environ.get(variable, "")
        if not os.path.isabs(base):  # the specification: a relative path is to be ignored
            base = os.path.join(home(os.environ), default)
        return os.path.join(base, "envtui")
    import platformdirs

    folders = platformdirs.PlatformDirs("envtui", appauthor=False)
    found: str = getattr(folders, f"user_{purpose}_dir")
    return found
