"""Where conda, mamba and micromamba keep environments: installs, envs_dirs, environments.txt.

The rules of spec/backends.md 8.1 and spec/discovery.md 1.4; files are read, nothing is run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from envtui import conda_meta
from envtui.adapters.pyenv_rules import versions_folder
from envtui.host import Host, by_host
from envtui.model import Notice

_ROOT_VARIABLES = ("CONDA_ROOT", "MAMBA_ROOT_PREFIX", "CONDA_DIR", "CONDA")
_IN_HOME = ("miniforge3", "mambaforge", "miniconda3", "anaconda3", "micromamba", ".conda/express")
_IN_OPT = ("conda", "miniforge3", "miniconda3", "anaconda3")
_CASKROOMS = ("/opt/homebrew/Caskroom", "/usr/local/Caskroom")
_CASKS = ("miniconda", "miniforge")
_CONFIGURATIONS = (".condarc", "condarc", ".mambarc")
_DROPPED_IN = (".yml", ".yaml", "condarc")
_VARIABLE = re.compile(r"\$(\w+|\{\w+\})")


class Places(NamedTuple):
    """Where one user's environments are."""

    roots: tuple[str, ...]
    """The installs, and root prefixes of micromamba, in which nothing need be installed."""
    directories: tuple[str, ...]
    """The envs_dirs, in which an environment has its directory's name; new ones go first."""
    notices: tuple[Notice, ...]


@by_host
def of(host: Host) -> Places:
    """All places, in the order in which conda looks at them."""
    roots = list(roots_of(host))
    notices: list[Notice] = []
    named = [
        path
        for variable in ("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH")
        for path in (host.variable(variable) or "").split(os.pathsep)
    ]
    for path in _configurations(host, roots):
        named += _configured(host, path, notices)
    known = [_expanded(host, path) for path in named]
    known += [os.path.join(root, "envs") for root in roots]
    known.append(os.path.join(host.home, ".conda", "envs"))
    directories = dict.fromkeys(os.path.normpath(path) for path in known if os.path.isabs(path))
    return Places(tuple(roots), tuple(directories), tuple(notices))


def roots_of(host: Host) -> tuple[str, ...]:
    """The installs, each once."""
    return tuple(dict.fromkeys(_roots(host)))


def is_install(host: Host, path: str) -> bool:
    """Whether an install of conda or mamba is at that prefix, from which environments are made.

    An environment with conda in it has the same marks and stands in the `envs` of an install.
    """
    marks = ("condabin", "envs", "pkgs")
    if not conda_meta.is_prefix(host, path) or not any(
        host.is_dir(os.path.join(path, mark)) for mark in marks
    ):
        return False
    above, folder = os.path.split(os.path.dirname(path))
    return folder != "envs" or not conda_meta.is_prefix(host, above)


def name_of(host: Host, places: Places, path: str) -> str | None:
    """What conda calls an environment: `base`, its name, or None for one known by its path."""
    if path in places.roots or is_install(host, path):
        return "base"
    above, name = os.path.split(path)
    if above in places.directories or is_install(host, os.path.dirname(above)):
        return name
    return None


def register(host: Host) -> str:
    """The file in which every conda and mamba writes down the environments it makes."""
    return os.path.join(host.home, ".conda", "environments.txt")


def registered(host: Host) -> list[str]:
    """Its lines, as they stand. Raises OSError."""
    lines = os.fsdecode(host.read(register(host))).split("\n")
    return [line.rstrip("\r") for line in lines]


def _roots(host: Host) -> Iterator[str]:
    """Every prefix that is an install, first the one that this shell uses."""
    program = host.variable("CONDA_EXE")
    asked = [os.path.dirname(os.path.dirname(program))] if program else []
    asked += [value for name in _ROOT_VARIABLES if (value := host.variable(name))]
    for folder in host.program_folders():
        for tool in ("conda", "mamba"):
            path = os.path.join(folder, tool)
            if os.path.isabs(folder) and host.is_file(path):
                # Behind `bin` and `condabin` alike, and behind links to it.
                asked.append(os.path.dirname(os.path.dirname(host.real(path))))
    asked += [os.path.join(host.home, name) for name in _IN_HOME]
    asked.append(os.path.join(host.xdg("XDG_DATA_HOME", ".local/share"), "mamba"))
    asked += [os.path.join("/opt", name) for name in _IN_OPT]
    if host.platform == "darwin":
        asked += [f"{room}/{cask}/base" for room in _CASKROOMS for cask in _CASKS]
    asked += _pyenv_versions(host)
    for path in asked:
        if os.path.isabs(path) and host.is_dir(path) and _looks_like_root(host, path):
            yield os.path.normpath(path)
    yield from _registered_installs(host)


def _looks_like_root(host: Host, path: str) -> bool:
    if is_install(host, path):
        return True
    # micromamba's root prefix may be nothing but these two.
    return host.is_dir(os.path.join(path, "envs")) and (
        host.is_dir(os.path.join(path, "pkgs")) or path == host.variable("MAMBA_ROOT_PREFIX")
    )


def _pyenv_versions(host: Host) -> list[str]:
    """Miniconda and its like, which pyenv installs among its versions."""
    folder = versions_folder(host)
    names = host.names_if(folder)
    return [os.path.join(folder, name) for name in names if "conda" in name or "forge" in name]


def _registered_installs(host: Host) -> Iterator[str]:
    """Installs that only the register knows: itself in it, or one of its environments."""
    try:
        lines = registered(host)
    except OSError:
        return
    for line in filter(os.path.isabs, lines):
        path = os.path.normpath(line)
        above = os.path.dirname(path)
        for candidate in (path, os.path.dirname(above) if above.endswith("/envs") else ""):
            if candidate and not host.is_silent(candidate) and is_install(host, candidate):
                yield candidate


def _configurations(host: Host, roots: list[str]) -> list[str]:
    """The condarc files that are there."""
    folders = ["/etc/conda", "/var/lib/conda", *roots]
    folders.append(os.path.join(host.xdg("XDG_CONFIG_HOME", ".config"), "conda"))
    folders += [os.path.join(host.home, name) for name in (".config/conda", ".conda")]
    folders += filter(None, [host.variable("CONDA_PREFIX")])
    found = []
    for folder in dict.fromkeys(folders):
        names = host.names_if(folder)
        found += [os.path.join(folder, name) for name in names if name in _CONFIGURATIONS]
        if "condarc.d" in names:
            inner = os.path.join(folder, "condarc.d")
            more = (name for name in host.names_if(inner) if name.endswith(_DROPPED_IN))
            found += [os.path.join(inner, name) for name in more]
    paths = [os.path.join(host.home, name) for name in _CONFIGURATIONS]
    found += [path for path in paths if host.lexists(path)]
    found += [path for name in ("CONDARC", "MAMBARC") if (path := host.variable(name))]
    return list(dict.fromkeys(found))


def _configured(host: Host, path: str, notices: list[Notice]) -> list[str]:
    """The envs_dirs of one file; what can't be read is a notice."""
    from envtui.adapters.condarc import values
    from envtui.project import reason

    if host.is_dir(path):
        return []  # `~/.conda/condarc` may be one of conda's drop-in directories
    try:
        return values(host.read(path, 1 << 18), "envs_dirs", "envs_path")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        notices.append(Notice(path, f"conda's configuration can't be read: {reason(error)}"))
        return []


def _expanded(host: Host, path: str) -> str:
    """`~` and variables, as conda expands them in envs_dirs; unknown ones stay as they are."""
    text = _VARIABLE.sub(lambda m: host.variables.get(m[1].strip("{}"), m[0]), path)
    return host.expand(text)
