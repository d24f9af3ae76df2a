"""The noun that a switch needs, apart from the others, which cost half a Python start."""

from __future__ import annotations

from typing import NamedTuple


class Activation(NamedTuple):
    """What switching to something means, before any shell is involved (spec/shells.md 2.1)."""

    name: str
    kind: str
    prefix: str
    path_entry: str
    """The directory that comes first on PATH."""
    variables: dict[str, str]
    """Variables to set; PATH and PYTHONHOME are the shell module's business."""
    more: tuple[str, ...] = ()
    """Directories that come next on PATH."""
    scripts: bool = False
    """Whether a choice by hand has the scripts of its packages run (conda's activate.d)."""
