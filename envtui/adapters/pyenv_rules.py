"""pyenv's own resolution: which versions a directory gets, from which file, and what is missing.

Modelled on libexec/pyenv-version-name, -version-file, -version-file-read and -latest of pyenv 2.6.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from envtui.host import Host

_UNSTABLE = re.compile(r"(?:-dev|-src|-latest|(?:a|b|rc)[0-9]+)$")


class Selection(NamedTuple):
    """What pyenv answers for a directory."""

    versions: tuple[str, ...]
    """Resolved names, `system` among them, as `pyenv version-name` prints them."""
    missing: tuple[str, ...]
    """Words that are not installed."""
    origin: str
    """As `pyenv version-origin` prints it: a file, or the variable."""


class Considered(NamedTuple):
    """A file or variable that says something about versions, in order of strength."""

    origin: str
    words: tuple[str, ...]


def root(host: Host) -> str:
    """`$PYENV_ROOT` without a trailing slash, else `~/.pyenv`."""
    return (host.variable("PYENV_ROOT") or os.path.join(host.home, ".pyenv")).rstrip("/") or "/"


def versions_folder(host: Host) -> str:
    """Where the installed versions are."""
    return os.path.join(root(host), "versions")


def installed(host: Host) -> list[str]:
    """The names below `versions/` that are directories or links to one. Raises nothing."""
    folder = versions_folder(host)
    try:
        names = host.names(folder)
    except OSError:
        return []
    return [name for name in names if host.is_dir(os.path.join(folder, name))]


def words_of(content: bytes) -> list[str]:
    """The versions that a version file names: the first word of each line, comments dropped."""
    words = []
    for line in content.replace(b"\0", b"").split(b"\n"):
        # pyenv reads records of at most 1024 characters.
        for start in range(0, len(line), 1024):
            first = line[start : start + 1024].replace(b"\r", b" ").replace(b"\t", b" ").split(b" ")
            word = next((word for word in first if word), b"")
            if word and not word.startswith(b"#"):
                words.append(os.fsdecode(word))
    return words


def considered(host: Host, directory: str) -> list[Considered]:
    """All that speaks for a directory, strongest first; the last is always there."""
    found = []
    variable = host.variable("PYENV_VERSION")
    if variable:
        found.append(Considered("PYENV_VERSION environment variable", (variable,)))
    for folder in _upward(directory):
        path = os.path.join(folder, ".python-version")
        words = _read(host, path)
        if words is not None:
            found.append(Considered(path, tuple(words)))
    path = os.path.join(root(host), "version")
    found.append(Considered(path, tuple(_read(host, path) or ())))
    return found


def select(host: Host, directory: str) -> Selection:
    """What pyenv gives a directory."""
    strongest = considered(host, directory)[0]
    return resolve_all(host, strongest, installed(host))


def resolve_all(host: Host, source: Considered, names: list[str]) -> Selection:
    """A source's words resolved against the installed names; none at all means `system`."""
    words = [part for word in source.words for part in word.split(":") if part]
    words = [word for word in words if allowed(host, word)]
    if not words:
        return Selection(("system",), (), source.origin)
    resolved, missing = [], []
    for word in words:
        name = resolve(word, names, versions_folder(host))
        if name is None:
            missing.append(word)
        else:
            resolved.append(name)
    return Selection(tuple(resolved), tuple(missing), source.origin)


def resolve(word: str, names: list[str], folder: str) -> str | None:
    """The installed name that a word means: itself, or the latest of a prefix."""
    candidates = (word, word.removeprefix("python-"))
    for candidate in candidates:
        if candidate == "system" or candidate in names:
            return candidate
        if "/" in candidate and os.path.isdir(os.path.join(folder, candidate)):
            return candidate
    found = (latest(candidate, names) for candidate in candidates)
    return next((name for name in found if name), None)


def latest(prefix: str, names: list[str]) -> str | None:
    """`pyenv latest`: the newest stable name that starts with the prefix and a separator."""
    free_threaded = prefix.endswith("t") and prefix[:-1].replace(".", "").isdigit()
    stem = prefix[:-1] if free_threaded else prefix
    pattern = re.compile(re.escape(stem) + r"[-.].*$")
    matches = [
        name
        for name in names
        if pattern.match(name)
        and not _UNSTABLE.search(name)
        and name.endswith("t") == free_threaded
    ]
    return max(matches, key=_sort_key, default=None)


def _sort_key(name: str) -> tuple[str, tuple[int, ...]]:
    # `miniforge3-24.1` sorts by its word first, `3.12.1` by its first number as text.
    named = re.match(r"([A-Za-z0-9]+)-(.*)", name)
    fields = [named[1], *named[2].split(".")] if named else name.split(".")
    return fields[0], tuple(_leading_number(field) for field in fields[1:4])


def _leading_number(text: str) -> int:
    found = re.match(r"\d+", text)
    return int(found[0]) if found else 0


def allowed(host: Host, word: str) -> bool:
    """Pyenv takes a path only where it stays below `versions/` (CVE-2022-35861)."""
    if "/" not in word and word != "..":
        return True
    folder = versions_folder(host)
    path = os.path.normpath(os.path.join(folder, word))
    return path.startswith(folder + "/") and host.is_dir(path)


def _upward(directory: str) -> list[str]:
    folders = [directory]
    while os.path.dirname(folders[-1]) != folders[-1]:
        folders.append(os.path.dirname(folders[-1]))
    return folders


def _read(host: Host, path: str) -> list[str] | None:
    """A version file's words; None where there is no such file."""
    try:
        return words_of(host.read(path, 1 << 16))
    except PermissionError:
        return []  # it is there and decides, but nothing can be read: `system`
    except OSError:
        return None
