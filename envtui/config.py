"""The few settings, from `config.toml`; a broken file is named and never overwritten."""

from __future__ import annotations

import os
from typing import NamedTuple

from envtui import places
from envtui.errors import BadInput
from envtui.host import Host
from envtui.project import read_toml, reason


class Config(NamedTuple):
    """The settings, and the file that they came from or would come from."""

    path: str
    exists: bool
    roots: tuple[str, ...] | None
    """Directories to search instead of home and the current project; None for the default."""


def load(host: Host) -> Config:
    """The user's settings. Raises BadInput where the file cannot be understood."""
    path = places.config("config.toml")
    try:
        settings = read_toml(host, path)
    except FileNotFoundError:
        return Config(path, exists=False, roots=None)
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: {reason(error)}") from None
    unknown = sorted(set(settings) - {"roots"})
    if unknown:
        raise BadInput(f"{path}: unknown setting {unknown[0]!r}; the settings are: roots")
    roots = settings.get("roots")
    if roots is None:
        return Config(path, exists=True, roots=None)
    if not isinstance(roots, list) or not all(isinstance(root, str) for root in roots):
        raise BadInput(f'{path}: roots is a list of directories, such as ["~/code", "/srv"]')
    return Config(path, exists=True, roots=tuple(absolute(host, root) for root in roots))


def absolute(host: Host, path: str) -> str:
    """A directory as the walk wants it: absolute, normal, `~` resolved."""
    return os.path.normpath(os.path.join(host.cwd, host.expand(path)))


def roots_for(host: Host, given: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Where to search: what was given, else what is configured, else home and the project here."""
    if given:
        return _outermost(tuple(absolute(host, root) for root in given))
    configured = load(host).roots
    if configured is not None:
        return _outermost(configured)
    here = project_root(host, host.cwd)
    if here == "/" or _within(host.home, here):
        return (host.home,)
    return _outermost((host.home, here))


def project_root(host: Host, directory: str) -> str:
    """The nearest directory upward that is under version control or declares a project."""
    folder = directory
    while os.path.dirname(folder) != folder and folder != host.home:
        for name in (".git", "pyproject.toml", "Pipfile", ".python-version", "setup.py", ".venv"):
            if host.lexists(os.path.join(folder, name)):
                return folder
        folder = os.path.dirname(folder)
    return directory


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _outermost(roots: tuple[str, ...]) -> tuple[str, ...]:
    """Without those that lie inside another: each directory is walked once."""
    return tuple(
        root
        for index, root in enumerate(roots)
        if not any(
            _within(root, other) and (other != root or at < index)
            for at, other in enumerate(roots)
            if at != index
        )
    )
