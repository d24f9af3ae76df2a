"""The walk: one pruned pass over the roots that finds prefixes and project directories.

A directory that is an environment is not searched below its own parts; names that cannot hold one
are never opened; no other filesystem is entered; directory entries tell the type, so nothing in
them is stat'ed (spec/discovery.md 3.5). What an earlier walk saw in a directory is taken as it was
while inode, mtime and ctime of the directory are the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol, Union

from envtui import conda_meta
from envtui.model import Candidate, Notice
from envtui.moment import Moment, stamp
from envtui.mounts import SILENT, Mounts
from envtui.tree import Seen

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
_PRUNED_IN = {"go": "pkg", "share": "Trash"}
# macOS asks the user before a program may look into these; whoever wants that names them.
ASKS = ("Library", "Desktop", "Documents", "Downloads", "Movies", "Music", "Pictures")
_PARTS = frozenset(("bin", "lib", "lib64", "include", "share", "etc", "Scripts", "Lib"))
# `pkgs` is the cache of an install: every package unpacked. Its `envs` hold environments.
_CONDA_PARTS = frozenset(
    ("conda-meta", "condabin", "pkgs", "man", "sbin", "shell", "ssl", "var", "compiler_compat")
)
_NOATIME: int = getattr(os, "O_NOATIME", 0)
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | _NOATIME
_TRASH = ".envtui-trash-"
_CARGO = "Cargo.toml"
_SPECIAL = MARKERS | IN_PROJECT | {"pyvenv.cfg", conda_meta.FOLDER, _CARGO}
_EVERY = 256
"""Directories between two looks at the clock."""


class Place(NamedTuple):
    """A directory with the marks of a project."""

    path: str
    markers: frozenset[str]
    environments: tuple[str, ...]
    """Names among `IN_PROJECT` found there: directories, links or redirect files."""


Found = Union[Candidate, Place, Notice]


class Marks(NamedTuple):
    """What stands out in a directory."""

    markers: tuple[str, ...]
    environments: tuple[str, ...]
    links: tuple[str, ...]
    """Those of `environments` that are symbolic links."""
    redirect: bool
    """Whether `.venv` is a file."""
    names: tuple[str, ...]
    """Everything in it, where it may be an environment; else nothing."""


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
        skip: frozenset[str],
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
        self.seen: dict[str, Seen] = {}
        self.stopped_at: str | None = None
        self._watch = watch
        self._young = host.young
        self._counting = frozenset(r for r in roots if mounts.counts_directories(host.real(r)))

    def __iter__(self) -> Iterator[Found]:
        """Everything that is found."""
        seen, known, watch, young = self.seen, self.known, self._watch, self._young
        barred = self.skip | self.mounts.keys()
        for root in self.roots:
            stack = [] if root in self.skip else [root]
            leaves = root in self._counting
            while stack:
                path = stack.pop()
                if watch and len(seen) % _EVERY == 0 and watch.at(path, len(seen)):
                    self.stopped_at = path
                    return
                now = seen[path] = known.get(path) or look(path, young, leaves)
                below = now[1]
                if now[2] is not None:
                    found, below = self._marked(path, below, now[2])
                    yield from found
                start = path if path != "/" else ""
                for name in below:
                    child = f"{start}/{name}"
                    if child not in barred:
                        stack.append(child)
                    elif child in self.mounts and self.mounts[child] not in SILENT:
                        said = f"another filesystem ({self.mounts[child]}) is mounted there: "
                        yield Notice(child, said + "not searched unless --root names it")

    def _marked(
        self, path: str, below: tuple[str, ...], fields: tuple[Any, ...] | str
    ) -> tuple[list[Found], tuple[str, ...]]:
        """What a directory that stands out means, and which of those in it are to be searched."""
        if isinstance(fields, str):
            return [Notice(path, f"could not be searched: {fields}")], ()
        marks = Marks._make(fields)
        found: list[Found] = [
            Candidate(f"{path}/{name}", "a link in a project")
            for name in marks.links
            if _is_prefix(self.host, f"{path}/{name}")
        ]
        if marks.names:
            self.host.listed(path, marks.names)
        is_conda = conda_meta.FOLDER in marks.names
        if "pyvenv.cfg" in marks.names or (is_conda and conda_meta.is_prefix(self.host, path)):
            found.append(Candidate(path, "found below the roots"))
            parts = _PARTS | _CONDA_PARTS if is_conda else _PARTS
            below = tuple(name for name in below if name not in parts)
        if marks.redirect:
            found += _redirected(self.host, f"{path}/.venv", "Pipfile" in marks.markers)
        if marks.markers or marks.environments:
            found.append(Place(path, frozenset(marks.markers), marks.environments))
        return found, below


def look(path: str, young: int, leaves: bool = False) -> Seen:
    """One directory as it is now.

    What changed at `young` (nanoseconds) or later gets no stamp. `leaves`: a link count of two
    means that no directory is in it.
    """
    try:
        # By descriptor: only so can a directory be listed without touching its access time.
        fd = os.open(path, _FLAGS)
    except PermissionError:
        try:
            fd = os.open(path, _FLAGS & ~_NOATIME)  # only the owner may ask for O_NOATIME
        except OSError as error:
            return _unreadable(path, error)
    except (OSError, ValueError) as error:
        return _unreadable(path, error)
    try:
        status = os.fstat(fd)
        mtime, ctime = status.st_mtime_ns, status.st_ctime_ns
        kept = (status.st_ino, mtime, ctime) if mtime < young > ctime else None
        if leaves and status.st_nlink == 2 and _SPECIAL.isdisjoint(os.listdir(fd)):
            return kept, (), None
        with os.scandir(fd) as entries:
            return (kept, *_sorted_out(path, fd, entries))
    except OSError as error:
        return None, (), error.strerror or str(error)
    finally:
        os.close(fd)


def _unreadable(path: str, error: OSError | ValueError) -> Seen:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    kept = None
    if isinstance(error, PermissionError):  # changing that changes its ctime
        try:
            kept = stamp(os.stat(path))
        except OSError:
            pass
    return kept, (), said


def _sorted_out(
    path: str, fd: int, entries: Iterator[os.DirEntry[str]]
) -> tuple[tuple[str, ...], tuple[Any, ...] | None]:
    below, special = [], []
    for entry in entries:
        name = entry.name
        if name in PRUNED:
            continue
        if name in _SPECIAL:
            special.append(entry)
        if entry.is_dir(follow_symlinks=False) and not name.startswith(_TRASH):
            below.append(name)
    if pruned := _PRUNED_IN.get(path.rpartition("/")[2]):
        below = [name for name in below if name != pruned]
    if "/__pypackages__/" in path:
        below = [name for name in below if name not in _PARTS]  # packages, of PEP 582's layout
    return _marks(fd, below, special) if special else (tuple(below), None)


def _marks(
    fd: int, below: list[str], special: list[os.DirEntry[str]]
) -> tuple[tuple[str, ...], tuple[Any, ...] | None]:
    markers, environments, links = [], [], []
    redirect = is_environment = False
    for entry in special:
        name = entry.name
        if name in IN_PROJECT:
            environments.append(name)
            if entry.is_symlink():
                links.append(name)
            elif name == ".venv" and entry.is_file(follow_symlinks=False):
                redirect = True
        elif name in MARKERS:
            markers.append(name)
        elif name == _CARGO:
            below = [name for name in below if name != "target"]
        else:
            is_environment = True
    if not (markers or environments or is_environment):
        return tuple(below), None
    names = tuple(os.listdir(fd)) if is_environment else ()
    return tuple(below), (tuple(markers), tuple(environments), tuple(links), redirect, names)


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
