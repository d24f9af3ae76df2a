"""pyenv's own resolution: which versions a directory gets, from which file, and what is missing.

Modelled on libexec/pyenv-version-name, -version-file, -version-file-read and -latest of pyenv 2.6.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from envtui.host import Host, by_host

_UNSTABLE = re.compile(r"(?:-dev|-src|-latest|(?:a|b|rc)[0-9]+)$")
_FREE_THREADED = re.compile(r".*[0-9]t", re.DOTALL)
_BLANK = re.compile(rb"[ \t\n\r]+")
_BYTE = re.compile(rb".", re.DOTALL)
# As bash reads UTF-8: where a character is cut short it takes in the byte that shows it, were it a
# newline.
_CHARACTER = re.compile(
    rb"(?:[\xfc\xfd][\x80-\xbf]{0,4}|[\xf8-\xfb][\x80-\xbf]{0,3}|[\xf0-\xf7][\x80-\xbf]{0,2}"
    rb"|[\xe0-\xef][\x80-\xbf]?|[\xc2-\xdf]).|.",
    re.DOTALL,
)
_PATTERN = re.compile(r"[*?\[]")
# pyenv hands each word to `pyenv latest`, which takes these for options and finds the rest, "".
_OPTIONS = frozenset(("-b", "--bypass", "-f", "--force"))


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


@by_host
def root(host: Host) -> str:
    """`$PYENV_ROOT` without a trailing slash, else `~/.pyenv`."""
    return (host.variable("PYENV_ROOT") or os.path.join(host.home, ".pyenv")).rstrip("/") or "/"


@by_host
def versions_folder(host: Host) -> str:
    """Where the installed versions are."""
    return os.path.join(root(host), "versions")


@by_host
def installed(host: Host) -> list[str]:
    """The names below `versions/` that are directories or links to one. Raises nothing."""
    folder = versions_folder(host)
    names = host.names_if(folder)
    return [name for name in names if host.is_dir(os.path.join(folder, name))]


def words_of(content: bytes, *, wide: bool = True) -> list[str]:
    """The versions that a version file names: the first word of each line, comments dropped.

    `wide`: whether bash reads characters of UTF-8, as in most locales, or bytes.
    """
    words = []
    for record in _records(content, _CHARACTER if wide else _BYTE):
        # A NUL is dropped, but inside a broken character it ends the string.
        words_here = _BLANK.split(record.partition(b"\0")[0])
        first = next((word for word in words_here if word), b"")
        if first and not first.startswith(b"#"):
            words.append(os.fsdecode(first))
    return words


def _records(content: bytes, unit: re.Pattern[bytes]) -> Iterator[bytes]:
    """What bash's `read -n 1024` reads at a time: a line, or that many characters of one."""
    record: list[bytes] = []
    for character in unit.findall(content):
        if character == b"\0":
            continue
        if character != b"\n":
            record.append(character)
            if len(record) < 1024:
                continue
        yield b"".join(record)
        record = []
    yield b"".join(record)


def considered(host: Host, directory: str) -> list[Considered]:
    """All that speaks for a directory, strongest first; the last is always there."""
    variable = _variable(host)
    named = [Considered("PYENV_VERSION environment variable", (variable,))] if variable else []
    return [*named, *_files(host, directory)]


def shim_entry(host: Host) -> str | None:
    """What a shim of pyenv put first on PATH to start us, with PYENV_VERSION; None without one."""
    variable = host.variable("PYENV_VERSION")
    if not variable or not host.variable("PYENV_DIR") or not host.variable("PYENV_HOOK_PATH"):
        return None
    first = host.variables.get("PATH", "").split(os.pathsep)[0]
    entries = (f"{versions_folder(host)}/{word}/bin" for word in variable.split(":"))
    return first if first in entries else None


def _variable(host: Host) -> str | None:
    """PYENV_VERSION as the user has it: a shim sets it as well, to what the files say."""
    variable = host.variable("PYENV_VERSION")
    if not variable or not shim_entry(host):
        return variable
    directory = host.variables["PYENV_DIR"]
    found = resolve_all(host, _files(host, directory)[0], installed(host), directory)
    missing = (word.removeprefix("python-") for word in found.missing)
    return None if {*found.versions, *missing} == set(variable.split(":")) else variable


def _files(host: Host, directory: str) -> list[Considered]:
    """The version files that speak for a directory, nearest first; the global one is the last."""
    found = []
    for folder in upward(directory):
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
    return resolve_all(host, strongest, installed(host), directory)


def resolve_all(
    host: Host, source: Considered, names: list[str], directory: str | None = None
) -> Selection:
    """A source's words resolved against the installed names; none at all means `system`.

    A name between two colons may be empty: pyenv finds that to be installed, and so it counts
    neither as a version nor as missing.
    """
    if not source.words:
        return Selection(("system",), (), source.origin)
    resolved, missing = [], []
    for part in ":".join(source.words).split(":"):
        for word in _expanded(host, part, directory or host.cwd):
            name = resolve(host, word, names, versions_folder(host))
            if name is None:
                missing.append(word)
            elif name:
                resolved.append(name)
    return Selection(tuple(resolved), tuple(missing), source.origin)


def _expanded(host: Host, word: str, directory: str) -> list[str]:
    """What bash makes of a word that pyenv does not quote: `3.*` are files where one stands."""
    if not _PATTERN.search(word):
        return [word]
    import glob

    with contextlib.suppress(OSError):
        host.names(directory)  # so that it is asked again when the files are others
    found = sorted(glob.glob(word.replace("[^", "[!"), root_dir=directory), key=os.fsencode)
    return found or [word]


def resolve(host: Host, word: str, names: list[str], folder: str) -> str | None:
    """The installed name that a word means: itself, or the latest of a prefix."""
    candidates = (word, word.removeprefix("python-"))
    if word == "system":
        return word
    for candidate in candidates:
        if candidate in names or host.is_dir(f"{folder}/{candidate}"):
            return candidate
    found = (latest(candidate, names) for candidate in candidates)
    return next((name for name in found if name is not None), None)


def latest(prefix: str, names: list[str]) -> str | None:
    """`pyenv latest`: the newest stable name that starts with the prefix and a separator."""
    if prefix in _OPTIONS:
        return ""
    free_threaded = _FREE_THREADED.fullmatch(prefix)
    stem = prefix[:-1] if free_threaded else prefix
    pattern = re.compile(re.escape(stem) + r"[-.]", re.DOTALL)
    matches = [
        name
        for name in names
        if pattern.match(name)
        and not _UNSTABLE.search(name)
        and (name.endswith("t") if free_threaded else not _FREE_THREADED.fullmatch(name))
    ]
    return min(matches, key=_sort_key, default=None)


def _sort_key(name: str) -> tuple[list[int], list[int], bytes]:
    """As pyenv has `sort` do it: a word backwards, three numbers backwards, the line itself."""
    named = re.match(r"[A-Za-z0-9]+-", name)
    line = f"{name[: named.end() - 1]}.{name[named.end() :]}..|" if named else f"{name}...|"
    fields = [*line.split("."), "", "", ""]
    word = [-byte for byte in os.fsencode(fields[0])]
    # A longer word comes first where the shorter one is its beginning.
    return [*word, 1], [-_number(field) for field in fields[1:4]], os.fsencode(line + name)


def _number(text: str) -> int:
    found = re.match(r"[ \t]*(-?\d+)", text)
    return int(found[1]) if found else 0


def allowed(host: Host, word: str) -> bool:
    """Pyenv takes a path only where it stays below `versions/` (CVE-2022-35861)."""
    if "/" not in word and word != "..":
        return True
    folder = versions_folder(host)
    path = f"{folder}/{word}"
    return os.path.normpath(path).startswith(folder + "/") and host.is_dir(path)


def upward(directory: str) -> list[str]:
    """The directory and all above it."""
    folders = [directory]
    while os.path.dirname(folders[-1]) != folders[-1]:
        folders.append(os.path.dirname(folders[-1]))
    return folders


def _read(host: Host, path: str) -> list[str] | None:
    """The words of a version file that pyenv does not ignore; None where there is no such file."""
    try:
        content = host.read(path)
    except PermissionError:
        return []  # it is there and decides, but nothing can be read: `system`
    except OSError:
        return None
    return [word for word in words_of(content, wide=_is_wide(host)) if allowed(host, word)]


def _is_wide(host: Host) -> bool:
    """Whether bash's locale has characters of several bytes (locale(7))."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if host.variable(name):
            return "utf" in host.variables[name].lower()
    return False
