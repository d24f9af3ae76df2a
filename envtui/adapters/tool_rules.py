"""What mise and asdf give a directory: a variable, the nearest file upward, the global file.

Rules as mise 2026.9 shows them: the nearest directory first, in it the order of `mise.files`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from envtui.adapters import asdf, mise
from envtui.adapters.pyenv_rules import upward
from envtui.host import Host, is_within
from envtui.model import Inventory
from envtui.project import tool_words


class Spoken(NamedTuple):
    """One thing that names Pythons for a directory."""

    manager: str
    source: str
    """A file, or the variable."""
    rule: str
    words: tuple[str, ...]
    python: str | None
    """Id of what the first word means; None where it is not installed."""


def of_folder(host: Host, folder: str) -> str | None:
    """Which of the two put this directory on PATH: its shims, or the bin of one of its versions."""
    for name, installs in (("mise", mise.installs(host)), ("asdf", asdf.installs(host))):
        data = os.path.dirname(os.path.dirname(installs))
        path = os.path.normpath(folder)
        shims = host.variable("MISE_SHIMS_DIR") if name == "mise" else None
        if path == (shims or os.path.join(data, "shims")) or path.startswith(installs + "/"):
            return name
    return None


def spoken(host: Host, inventory: Inventory, manager: str, directory: str) -> Iterator[Spoken]:
    """All that speaks for a directory in one of the two, strongest first."""
    for source, rule, words in _considered(host, manager, directory):
        id_of = mise.id_of if manager == "mise" else asdf.id_of
        yield Spoken(manager, source, rule, words, id_of(host, inventory, words[0]))


def _considered(
    host: Host, manager: str, directory: str
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    variable = f"{manager.upper()}_PYTHON_VERSION"
    words = tuple((host.variable(variable) or "").split())
    if words:
        yield f"{variable} environment variable", "set in this shell", words
    names = mise.files(host) if manager == "mise" else [".tool-versions"]
    for folder in upward(directory):
        for name in names:
            yield from _file(host, os.path.join(folder, name), "nearest file upward")
    if manager == "mise":
        yield from _file(host, mise.global_file(host), "mise's global version")
    elif not is_within(directory, host.home):
        yield from _file(host, asdf.global_file(host), "asdf's global version")


def _file(host: Host, path: str, rule: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    try:
        words = tool_words(host, path)
    except (OSError, ValueError):
        return  # told as a warning where a project holds it
    if words:
        yield path, rule, words
