"""The scripts that packages of conda want run by the shell at a switch.

They are code: only a choice by hand has them run, only where conda itself keeps the environment,
and only those that nobody else could have written. The shell sources them, as `conda activate`.
"""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

_SUFFIXES = {
    "bash": ".sh",
    "zsh": ".sh",
    "posix": ".sh",
    "fish": ".fish",
    "tcsh": ".csh",
    "xonsh": ".xsh",
    "pwsh": ".ps1",
}


class Scripts(NamedTuple):
    """What is to be sourced, in that order, and what is not, in words."""

    paths: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def entering(prefix: str, dialect: str) -> Scripts:
    """`etc/conda/activate.d` of a prefix, by name, as conda orders them."""
    return _of(prefix, "activate.d", dialect)


def leaving(prefix: str, dialect: str) -> Scripts:
    """`etc/conda/deactivate.d`, in the opposite order. The prefix may be anybody's word."""
    if not os.path.isdir(os.path.join(prefix, "conda-meta")):
        return Scripts()
    found = _of(prefix, "deactivate.d", dialect)
    return Scripts(found.paths[::-1], found.notes)


def _of(prefix: str, folder: str, dialect: str) -> Scripts:
    directory = os.path.join(prefix, "etc", "conda", folder)
    suffix = _SUFFIXES.get(dialect)  # nushell can source nothing that is named later
    try:
        names = sorted(os.listdir(directory)) if suffix else []
    except OSError:
        return Scripts()
    paths = [os.path.join(directory, name) for name in names if name.endswith(str(suffix))]
    if paths and not _is_ours(prefix, directory):
        return Scripts((), (f"its {folder} was not run: others may write into {directory}",))
    safe = tuple(path for path in paths if _is_ours(path))
    notes = tuple(f"not run, for it may be another's: {p}" for p in paths if p not in safe)
    return Scripts(safe, notes)


def _is_ours(*paths: str) -> bool:
    """Whether only root or this user could have written them."""
    for path in paths:
        try:
            found = os.stat(path)
        except OSError:
            return False
        if found.st_uid not in (0, os.geteuid()) or found.st_mode & stat.S_IWOTH:
            return False
    return True
