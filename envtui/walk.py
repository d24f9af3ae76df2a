"""The walk: one pruned pass over the roots that finds prefixes and project directories.

A directory that is an environment is not searched below its own parts; names that cannot hold one
are never opened; no other filesystem is entered; directory entries tell the type, so nothing in
them is stat'ed (spec/discovery.md 3.5). What an earlier walk saw in a directory is taken as it was
while inode, mtime and ctime of the directory are the same.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol, Union

from envtui import conda_meta
from envtui.model import Candidate, Notice
from envtui.moment import Moment
from envtui.mounts import SILENT, Mounts
from envtui.stamps import Stamp

# Files that only choose a Python: in a home they speak for all below it.
PIN_MARKERS = frozenset(
    (
        ".python-version",
        ".tool-versions",
        "mise.toml",
        ".mise.toml",
        "mise.local.toml",
        ".mise.local.toml",
    )
)
MARKERS = PIN_MARKERS.union(
    (
        "pyproject.toml",
        "Pipfile",
        "Pipfile.lock",
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "pdm.toml",
        "__pypackages__",
        "pylock.toml",
        "setup.py",
        "setup.cfg",
        "requirements.txt",
        "requirements.in",
        "environment.yml",
        "pixi.toml",
        "pixi.lock",
        "conda-lock.yml",
        "tox.ini",
        "tox.toml",
        "noxfile.py",
        "hatch.toml",
        ".pdm-python",
        "manage.py",
    )
)
# By convention these stand inside the project that they belong to.
IN_PROJECT = frozenset((".venv", "venv", "env", ".env"))
PRUNED = frozenset(
    (
        "node_modules",
        ".git",
        ".hg",
        ".svn",
        "site-packages",
        "dist-packages",
        "__pycache__",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
        ".cargo",
        ".rustup",
        ".npm",
        ".nvm",
        ".gradle",
        ".m2",
        ".terraform",
        ".Trash",
        ".Trashes",
        ".wine",
        ".steam",
        ".cache",
        "snap",
    )
)
# Another language's packages, and the desktop's trash: the name alone could be anything.
_PRUNED_IN = {"pkg": "/go", "Trash": "/share"}
# macOS asks the user before a program may look into these; whoever wants that names them.
ASKS = ("Library", "Desktop", "Documents", "Downloads", "Movies", "Music", "Pictures")
_PARTS = frozenset(("bin", "lib", "lib64", "include", "share", "etc", "Scripts", "Lib"))
# `pkgs` is the cache of an install: every package unpacked. Its `envs` hold environments.
_CONDA_PARTS = frozenset(
    ("conda-meta", "condabin", "pkgs", "man", "sbin", "shell", "ssl", "var", "compiler_compat")
)
_NOATIME: int = getattr(os, "O_NOATIME", 0)
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_TRASH = ".envtui-trash-"
_CARGO = "Cargo.toml"
_ENVIRONMENT = frozenset(("pyvenv.cfg", conda_meta.FOLDER))
_SPECIAL = MARKERS | IN_PROJECT | _ENVIRONMENT | {_CARGO}
_TELLING = _SPECIAL | PRUNED | _PRUNED_IN.keys()
_QUIET = tuple(f"/{name}" for name in IN_PROJECT)
_stat, _listdir, _scandir = os.stat, os.listdir, os.scandir
_MOST = (1 << 63) - 1
_EVERY = 256
"""Directories between two looks at the clock."""


class Place(NamedTuple):
    """A directory with the marks of a project."""

    path: str
    markers: frozenset[str]
    environments: tuple[str, ...]
    """Names among `IN_PROJECT` found there: directories, links or redirect files."""


Found = Union[Candidate, Place, Notice]


Marked = tuple[str, ...]
"""What stands out in a directory: the names in `_SPECIAL`, a link with `@` behind and a `.venv`
file with `=`; where it may be an environment, then an empty text and everything in it. `!` and a
sentence for a directory that can't be read."""

Seen = tuple[Stamp, list[str], Marked]
"""A directory: its stamp; the directories in it that can hold something; what stands out."""


class Watch(Protocol):
    """Somebody who is told how far the walk is and may end it."""

    def at(self, path: str, directories: int) -> bool:
        """The directory that comes next, and how many were before; True ends the walk there."""
        ...


class Walk:
    """One walk of the roots, except the directories in `skip` (absolute paths)."""

    def __init__(
        self,
        host: Moment,
        roots: tuple[str, ...],
        skip: AbstractSet[str],
        mounts: Mounts,
        known: dict[str, Seen] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.host = host
        self.roots = roots
        self.skip = skip
        self.mounts = mounts.below(roots)
        self.known = known or {}
        """What an earlier walk saw of the directories that are as they were."""
        self.paths: list[str] = []
        """Every directory, in the order of the walk."""
        self.stamps = array("q")
        """Of each its stamp; three zeros where nothing proves that it is as it was."""
        self.marks: dict[str, Marked] = {}
        """What stands out in some of them."""
        self.barred: list[str] = []
        """Those that were not entered, because they are in `skip` or elsewhere."""
        self.stopped_at: str | None = None
        self._watch = watch
        self._young = None if known is None else host.young
        self._straight = all(host.real(root) == root for root in roots)
        self._counting = frozenset(r for r in roots if mounts.counts_directories(host.real(r)))

    def __iter__(self) -> Iterator[Found]:  # noqa: PLR0915 - see below
        """Everything that is found.

        One loop without a call for each directory: those cost a tenth of the whole.
        """
        paths, stamp, known = self.paths.append, self.stamps.append, self.known
        young, watch = self._young, self._watch
        barred = set(self.skip).union(self.mounts)
        for root in self.roots:
            stack = [] if root in barred else [root]
            leaves = root in self._counting
            while stack:
                path = stack.pop()
                if watch and len(self.paths) % _EVERY == 0 and watch.at(path, len(self.paths)):
                    self.stopped_at = path
                    self.barred += [path, *stack]
                    return
                inode = mtime = ctime = 0
                special: Marked = ()
                below: list[str] = []
                try:
                    if path in known:
                        (inode, mtime, ctime), below, special = known[path]
                    else:
                        leaf = False
                        if young is not None:
                            # Before the names: what changes in between is taken for a change.
                            status = _stat(path)
                            mtime, ctime = status.st_mtime_ns, status.st_ctime_ns
                            inode = status.st_ino
                            if not 0 < mtime < young > ctime or inode > _MOST:
                                inode = mtime = ctime = 0
                            leaf = leaves and status.st_nlink == 2
                        if not leaf or not _SPECIAL.isdisjoint(_listdir(path)):
                            quiet = path[-3:] == "env" and path.endswith(_QUIET)
                            entries = _quietly(path) if quiet else _scandir(path)
                            for entry in entries:
                                name = entry.name
                                if name in _TELLING:
                                    if name in PRUNED:
                                        continue
                                    special += (name if name in MARKERS else _typed(entry),)
                                if entry.is_dir(follow_symlinks=False):
                                    below.append(entry.path)
                            if special or quiet or (below and "/__pypackages__/" in path):
                                below, special = _sorted_out(path, entries, below, special)
                except (OSError, ValueError) as error:
                    below, special = [], (f"!{getattr(error, 'strerror', None) or error}",)
                    if not isinstance(error, PermissionError):  # giving that changes the ctime
                        inode = mtime = ctime = 0
                if young is not None:
                    paths(path)
                    stamp(inode)
                    stamp(mtime)
                    stamp(ctime)
                if special:
                    self.marks[path] = special
                    found, below = self._marked(path, below, special)
                    yield from found
                if below:
                    if not barred.isdisjoint(below):
                        yield from self._foreign(below)
                        below = [child for child in below if child not in barred]
                    stack += below
            barred.add(root)
        if self._straight:
            self.host.straight(self.paths)

    def _foreign(self, paths: list[str]) -> Iterator[Notice]:
        """What is told of those where another filesystem is mounted."""
        for path in paths:
            kind = self.mounts.get(path)
            if kind or path in self.skip:
                self.barred.append(path)
            if kind and kind not in SILENT and path not in self.skip:
                said = f"another filesystem ({kind}) is mounted there: "
                yield Notice(path, said + "not searched unless --root names it")

    def _marked(self, path: str, below: list[str], marked: Marked) -> tuple[list[Found], list[str]]:
        """What a directory that stands out means, and which of those in it are to be searched."""
        if MARKERS.issuperset(marked):
            return [Place(path, frozenset(marked), ())], below
        if _TRASH in path:
            return [], []
        if marked[0][0] == "!":
            return [Notice(path, f"could not be searched: {marked[0][1:]}")], []
        words, names = marked, ()  # type: tuple[Marked, Marked]
        if "" in marked:
            at = marked.index("")
            words, names = marked[:at], marked[at + 1 :]
        markers = MARKERS.intersection(words)
        environments = tuple([name for word in words if (name := word.rstrip("@=")) in IN_PROJECT])
        found: list[Found] = [
            Candidate(f"{path}/{word[:-1]}", "a link in a project")
            for word in words
            if word[-1] == "@" and _is_prefix(self.host, f"{path}/{word[:-1]}")
        ]
        if names:
            self.host.walked(path, names)
            if self._straight:
                self.host.straight(below)
            is_conda = conda_meta.FOLDER in names
            if "pyvenv.cfg" in names or (is_conda and conda_meta.is_prefix(self.host, path)):
                found.append(Candidate(path, "found below the roots"))
                parts = _PARTS | _CONDA_PARTS if is_conda else _PARTS
                below = [child for child in below if child.rpartition("/")[2] not in parts]
        if ".venv=" in words:
            found += _redirected(self.host, f"{path}/.venv", "Pipfile" in markers)
        if markers or environments:
            found.append(Place(path, markers, environments))
        return found, below


def _open(path: str) -> int:
    try:
        return os.open(path, _FLAGS | _NOATIME)
    except PermissionError:
        return os.open(path, _FLAGS)  # only the owner may ask for O_NOATIME


def _quietly(path: str) -> list[os.DirEntry[str]]:
    """What is in a directory, whose access time, which tells of an environment's use, stays."""
    fd = _open(path)
    try:
        entries = list(_scandir(fd))
        for entry in entries:
            entry.is_dir(follow_symlinks=False)  # where the type has to be asked for, ask now
        return entries
    finally:
        os.close(fd)


def _typed(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return f"{entry.name}@"
    is_redirect = entry.name == ".venv" and entry.is_file(follow_symlinks=False)
    return ".venv=" if is_redirect else entry.name


def _sorted_out(
    path: str, entries: Iterable[os.DirEntry[str]], below: list[str], special: Marked
) -> tuple[list[str], Marked]:
    """What is to be searched of a directory that stands out, and what is to be told of it."""
    if below and "/" not in below[0]:  # listed by descriptor
        below = [f"{path}/{name}" for name in below]
    pruned = {name for name, parent in _PRUNED_IN.items() if path.endswith(parent)}
    if _CARGO in special:
        pruned.add("target")
    if "/__pypackages__/" in path:  # PEP 582
        pruned |= _PARTS
    if pruned:
        below = [child for child in below if child.rpartition("/")[2] not in pruned]
    special = tuple([word for word in special if word != _CARGO and word not in _PRUNED_IN])
    if not _ENVIRONMENT.isdisjoint(special):
        special += ("", *([entry.name for entry in entries] or _names(path)))
    return below, special


def _names(path: str) -> list[str]:
    fd = _open(path)
    try:
        return _listdir(fd)
    finally:
        os.close(fd)


def _redirected(host: Moment, file: str, pipfile: bool) -> Iterator[Candidate | Notice]:
    """What a `.venv` file names, as uv and virtualenv write one (spec/backends.md 0.9)."""
    try:
        word = os.fsdecode(host.read(file, 4096)).strip()
    except OSError as error:
        yield Notice(file, f"could not be read: {error.strerror or error}")
        return
    path = os.path.normpath(os.path.join(os.path.dirname(file), word))
    if word and "\0" not in word and _is_prefix(host, path):
        yield Candidate(path, "a file in a project names it", file)
    elif not pipfile or "/" in word:  # Pipenv has names of its own store there
        yield Notice(file, "a file that names no environment; it is in the way of one")


def _is_prefix(host: Moment, path: str) -> bool:
    return host.is_file(f"{path}/pyvenv.cfg") or conda_meta.is_prefix(host, path)
