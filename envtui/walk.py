"""The walk: one pruned pass over the roots that finds prefixes and project directories.

A directory that is an environment is not searched below its own parts; names that cannot hold one
are never opened; no other filesystem is entered; directory entries tell the type, so nothing is
stat'ed (spec/discovery.md 3.5).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple, Union

from envtui import conda_meta
from envtui.host import Host
from envtui.model import Candidate, Notice

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
_PRUNED = frozenset(
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
_PARTS = frozenset(("bin", "lib", "lib64", "include", "share", "etc", "Scripts", "Lib"))
# `pkgs` is the cache of an install: every package unpacked. Its `envs` hold environments.
_CONDA_PARTS = frozenset(
    ("conda-meta", "condabin", "pkgs", "man", "sbin", "shell", "ssl", "var", "compiler_compat")
)


class Place(NamedTuple):
    """A directory with the marks of a project."""

    path: str
    markers: frozenset[str]
    environments: tuple[str, ...]
    """Names among `IN_PROJECT` found there: directories, links or redirect files."""


Found = Union[Candidate, Place, Notice]


def walk(host: Host, roots: tuple[str, ...], skip: frozenset[str]) -> Iterator[Found]:
    """Everything below the roots, except the directories in `skip` (absolute paths)."""
    skip = skip | _mounts(host)
    stack = [root for root in reversed(roots) if root not in skip]
    while stack:
        path = stack.pop()
        try:
            # By descriptor: only so can a directory be listed without touching its access time.
            fd = host.open_directory(path)
        except OSError as error:
            yield Notice(path, f"could not be searched: {error.strerror or error}")
            continue
        try:
            with os.scandir(fd) as entries:
                yield from _directory(host, path, entries, stack, skip)
        except OSError as error:
            yield Notice(path, f"could not be searched: {error.strerror or error}")
        finally:
            os.close(fd)


def _directory(
    host: Host,
    path: str,
    entries: Iterator[os.DirEntry[str]],
    stack: list[str],
    skip: frozenset[str],
) -> Iterator[Found]:
    below, markers, environments = [], [], []
    redirect = ""
    is_environment = is_conda = False
    for entry in entries:
        name = entry.name
        if name in _PRUNED or name.startswith(".envtui-trash-"):
            continue
        if name in IN_PROJECT:
            environments.append(name)
        elif name in MARKERS:
            markers.append(name)
        elif name == "pyvenv.cfg":
            is_environment = True
        elif name == conda_meta.FOLDER:
            is_environment = is_environment or conda_meta.is_prefix(path)
            is_conda = True
        if entry.is_dir(follow_symlinks=False):
            below.append(name)
        elif name in IN_PROJECT and entry.is_symlink() and _is_prefix(f"{path}/{name}"):
            yield Candidate(f"{path}/{name}", "a link in a project")
        elif name == ".venv" and entry.is_file(follow_symlinks=False):
            redirect = f"{path}/{name}"
    if is_environment:
        yield Candidate(path, "found below the roots")
        parts = _PARTS | _CONDA_PARTS if is_conda else _PARTS
        below = [name for name in below if name not in parts]
    elif "/__pypackages__/" in path:
        below = [name for name in below if name not in _PARTS]  # packages, of PEP 582's layout
    if redirect:
        yield from _redirected(host, redirect, "Pipfile" in markers)
    if markers or environments:
        yield Place(path, frozenset(markers), tuple(environments))
    for name in below:
        child = f"{path}/{name}" if path != "/" else f"/{name}"
        if child not in skip:
            stack.append(child)


def _redirected(host: Host, file: str, pipfile: bool) -> Iterator[Found]:
    """What a `.venv` file names, as uv and virtualenv write one (spec/backends.md 0.9)."""
    try:
        word = os.fsdecode(host.read(file, 4096)).strip()
    except OSError as error:
        yield Notice(file, f"could not be read: {error.strerror or error}")
        return
    path = os.path.normpath(os.path.join(os.path.dirname(file), word))
    if word and "\0" not in word and _is_prefix(path):
        yield Candidate(path, "a file in a project names it", file)
    elif not pipfile or "/" in word:  # Pipenv has names of its own store there
        yield Notice(file, "a file that names no environment; it is in the way of one")


def _is_prefix(path: str) -> bool:
    return os.path.isfile(f"{path}/pyvenv.cfg") or conda_meta.is_prefix(path)


def _mounts(host: Host) -> frozenset[str]:
    """Mount points, from the kernel's table, so that none is touched (proc(5), mountinfo)."""
    try:
        table = host.read("/proc/self/mountinfo")
    except OSError:
        return frozenset()
    points = set()
    for line in table.splitlines():
        fields = line.split(b" ")
        if len(fields) > 4:
            points.add(os.fsdecode(fields[4].replace(b"\\040", b" ").replace(b"\\011", b"\t")))
    return frozenset(points)
