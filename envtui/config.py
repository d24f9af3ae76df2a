"""The few settings, from `config.toml`; a broken file is named and never overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from envtui import places
from envtui.errors import BadInput
from envtui.host import Host, is_within
from envtui.project import read_toml, reason

SETTINGS = ("keys", "roots", "theme", "trash")
_SIZE = r"(\d+(?:\.\d+)?)([KMGTkmgt])"


class Limits(NamedTuple):
    """What the trash is kept to, at the next change; nothing where it is not asked for."""

    max_age_days: float | None = None
    max_size: int | None = None
    """Bytes."""


class Config(NamedTuple):
    """The settings, and the file that they came from or would come from."""

    path: str
    exists: bool = True
    roots: tuple[str, ...] | None = None
    """Directories to search instead of home and the current project; None for the default."""
    theme: str | None = None
    """The screen's colours, by name; None for envtui's own."""
    keys: Mapping[str, Any] = MappingProxyType({})
    """`[keys]` as it is written: an action and its key, or a list of keys. Not checked yet."""
    trash: Limits = Limits()
    lines: Mapping[str, int] = MappingProxyType({})
    """The line of each setting and, as `keys.NAME`, of each action in `[keys]`, from 1."""

    def at(self, setting: str) -> str:
        """File and line of a setting, for an error."""
        line = self.lines.get(setting)
        return f"{self.path}:{line}" if line else self.path


def load(host: Host) -> Config:
    """The user's settings. Raises BadInput, with file and line, where they can't be understood."""
    path = places.config("config.toml")
    if not host.is_silent(path) and not os.path.lexists(path):
        return Config(path, exists=False)
    try:
        settings = read_toml(host, path)
        lines = _lines(host.read(path).decode())
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: {reason(error)}") from None
    found = Config(path, lines=lines)
    for name in settings:
        if name not in SETTINGS:
            known = ", ".join(SETTINGS)
            raise BadInput(f"{found.at(name)}: unknown setting {name!r}; the settings are: {known}")
    roots, theme, keys = settings.get("roots"), settings.get("theme"), settings.get("keys", {})
    if roots is not None:
        if not isinstance(roots, list) or not all(isinstance(root, str) for root in roots):
            example = '["~/code", "/srv"]'
            raise BadInput(f"{found.at('roots')}: roots is a list of directories, as {example}")
        found = found._replace(roots=tuple(absolute(host, root) for root in roots))
    if theme is not None and not isinstance(theme, str):
        raise BadInput(f'{found.at("theme")}: theme is a name, such as "nord"')
    if not isinstance(keys, dict):
        raise BadInput(f'{found.at("keys")}: keys is a table, as [keys] with remove = "x" below it')
    return found._replace(theme=theme, keys=keys, trash=_limits(found, settings.get("trash", {})))


def _limits(found: Config, table: Any) -> Limits:
    days, size = (table.get(n) for n in Limits._fields) if isinstance(table, dict) else (None, None)
    if not isinstance(table, dict) or set(table) - set(Limits._fields):
        known = " and ".join(Limits._fields)
        raise BadInput(f"{found.at('trash')}: [trash] is a table with {known}, or one of them")
    if days is not None and (type(days) not in (int, float) or days <= 0):
        raise BadInput(f"{found.at('trash.max_age_days')}: max_age_days is a number above 0")
    if size is None:
        return Limits(days)
    match = re.fullmatch(_SIZE, size) if isinstance(size, str) else None
    if match is None:
        raise BadInput(f'{found.at("trash.max_size")}: max_size is a size, such as "5G"')
    return Limits(days, int(float(match[1]) * 1024 ** ("KMGT".index(match[2].upper()) + 1)))


def remember(host: Host, name: str, value: str) -> str:
    """Write one setting, the rest of the file as it was; the answer is the file.

    Raises BadInput where the file can't be understood: it is left alone. Raises OSError.
    """
    import tomlkit

    from envtui import disk

    path = load(host).path
    try:
        text = host.read(path).decode()
        like = os.stat(path)
    except FileNotFoundError:
        text, like = "", None
        os.makedirs(os.path.dirname(path), exist_ok=True)
    document = tomlkit.parse(text)
    if name in document or not document:
        document[name] = value
    else:  # a plain setting after a table would belong to the table
        document = tomlkit.parse(f"{name} = {tomlkit.item(value).as_string()}\n{text}")
    disk.replace(os.path.realpath(path), document.as_string().encode(), like=like)
    return path


def _lines(text: str) -> dict[str, int]:
    """Where each setting begins, as near as a line by line look can tell."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            section = match[1] + "."
            found.setdefault(match[1], number)
        elif match := re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line):
            found.setdefault(section + match[1], number)
    return found


def absolute(host: Host, path: str) -> str:
    """A directory as the walk wants it: absolute, normal, `~` resolved. Raises BadInput."""
    expanded = host.expand(path)
    return os.path.normpath(expanded if os.path.isabs(expanded) else f"{here(host)}/{expanded}")


def here(host: Host) -> str:
    """The current directory. Raises BadInput where it was deleted: a pin is not meant for `/`."""
    if host.cwd == os.sep:
        try:
            os.getcwd()
        except FileNotFoundError:
            raise BadInput("the current directory is gone; go to another or name one") from None
    return host.cwd


def roots_for(host: Host, given: Sequence[str] = ()) -> tuple[str, ...]:
    """Where to search: what was given, else what is configured, else home and the project here."""
    if given:
        return _outermost(host, tuple(absolute(host, root) for root in given))
    configured = load(host).roots
    if configured is not None:
        return _outermost(host, configured)
    project = project_root(host, host.cwd)
    if project == "/" or is_within(host.home, project):
        return (host.home,)
    return _outermost(host, (host.home, project))


def project_root(host: Host, directory: str) -> str:
    """The nearest directory upward that is under version control or declares a project."""
    folder = directory
    if host.is_silent(directory):
        return directory
    while os.path.dirname(folder) != folder and folder != host.home:
        for name in (".git", "pyproject.toml", "Pipfile", ".python-version", "setup.py", ".venv"):
            if host.lexists(os.path.join(folder, name)):
                return folder
        folder = os.path.dirname(folder)
    return directory


def _outermost(host: Host, roots: tuple[str, ...]) -> tuple[str, ...]:
    """Without those that lie inside another: each directory is walked once.

    What is mounted inside another is not walked unless it is named, and stays.
    """
    once = tuple(dict.fromkeys(roots))
    inside = {r: one for r in once for one in once if r != one and is_within(r, one)}
    if not inside:
        return once
    from envtui import mounts

    point = mounts.read(host).point
    return tuple(r for r in once if r not in inside or point(r) != point(inside[r]))
