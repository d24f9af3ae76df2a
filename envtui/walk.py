"""The walk: one pruned pass over the roots that finds prefixes and project directories.

A directory that is an environment is not searched below its own parts; names that cannot hold one
are never opened; no other filesystem is entered; directory entries tell the type, so nothing in
them is stat'ed (spec/discovery.md 3.5). What an earlier walk saw in a directory is taken as it was
while inode, mtime and ctime of the directory are the same.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Union

from envtui import conda_meta
from envtui.descent import Descent, Marked, Seen, Watch
from envtui.marks import CONDA_PARTS, IN_PROJECT, MARKERS, PARTS, TRASH
from envtui.model import Candidate, Notice
from envtui.moment import Moment
from envtui.mounts import SILENT, Mounts


class Place(NamedTuple):
    """A directory with the marks of a project."""

    path: str
    markers: frozenset[str]
    environments: tuple[str, ...]
    """Names among `IN_PROJECT` found there: directories, links or redirect files."""


Found = Union[Candidate, Place, Notice]


class Walk:
    """One walk of the roots, except the directories in `skip` (absolute paths)."""

    def __init__(
        self,
        host: Moment,
        roots: tuple[str, ...],
        skip: AbstractSet[str],
        mounts: Mounts,
        known: Mapping[bytes, Seen],
        watch: Watch | None = None,
    ) -> None:
        self._host = host
        self._roots = roots
        self._mounts = mounts.below(roots)
        self._skip = skip
        self._parts: list[bytes] = []
        """Directories that were seen and are not entered, in environments."""
        self._straight = all(host.real(root) == root for root in roots)
        self.way = Descent(
            roots,
            frozenset(map(os.fsencode, (*skip, *self._mounts))),
            known,
            watch,
        )
        """What was seen."""

    def __iter__(self) -> Iterator[Found]:
        """Everything that is found."""
        for path, below, marked in self.way:
            if MARKERS.issuperset(marked):
                yield Place(os.fsdecode(path), frozenset(marked), ())
            elif marked[0][0] == "!":
                shown = os.fsdecode(path)
                # What others remove while the walk goes on is missed by nobody.
                if TRASH not in shown and (marked[0] not in _GONE or shown in self._roots):
                    yield Notice(shown, f"could not be searched: {marked[0][1:]}")
            else:
                yield from self._marked(os.fsdecode(path), below, marked)
        for place in map(os.fsdecode, self.way.barred):
            kind = self._mounts.get(place)
            if kind and kind not in SILENT and place not in self._skip:
                said = f"another filesystem ({kind}) is mounted there: "
                yield Notice(place, said + "not searched unless --root names it")
        if self._straight:
            self._host.straight({*self.way.paths, *self._parts})

    def directories(self) -> list[str]:
        """All that were entered."""
        return os.fsdecode(b"\0".join(self.way.paths)).split("\0") if self.way.paths else []

    def _marked(self, path: str, below: list[bytes], marked: Marked) -> list[Found]:
        """What a directory that stands out means; what is not to be searched leaves the list."""
        if TRASH in path:
            below.clear()
            return []
        found: list[Found] = []
        if "" in marked:
            at = marked.index("")
            if self._is_environment(path, below, marked[at + 1 :]):
                found.append(Candidate(path, "found below the roots"))
            marked = marked[:at]
        environments = []
        for word in marked:
            name = word.rstrip("@=")
            if name in IN_PROJECT:
                environments.append(name)
                if word[-1] == "@" and _is_prefix(self._host, f"{path}/{name}"):
                    found.append(Candidate(f"{path}/{name}", "a link in a project"))
                elif word[-1] == "=":
                    found += _redirected(self._host, f"{path}/{name}", "Pipfile" in marked)
        markers = MARKERS.intersection(marked)
        if markers or environments:
            found.append(Place(path, markers, tuple(environments)))
        return found

    def _is_environment(self, path: str, below: list[bytes], names: Marked) -> bool:
        self._host.walked(path, names)
        self._parts += below
        is_conda = conda_meta.FOLDER in names
        if "pyvenv.cfg" not in names and not conda_meta.is_prefix(self._host, path):
            return False
        parts = _ALL_PARTS if is_conda else _PARTS
        below[:] = [child for child in below if child.rpartition(b"/")[2] not in parts]
        return True


_GONE = frozenset(f"!{os.strerror(code)}" for code in (errno.ENOENT, errno.ENOTDIR))
_PARTS = frozenset(map(os.fsencode, PARTS))
_ALL_PARTS = _PARTS.union(map(os.fsencode, CONDA_PARTS))


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
    marker = f"{path}/pyvenv.cfg"
    # What does not answer may be one: it is listed as what can't be read.
    return host.is_file(marker) or host.is_silent(marker) or conda_meta.is_prefix(host, path)
