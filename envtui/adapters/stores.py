"""What stores of Pythons share: a directory for each version, links as aliases, words for them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator

from envtui.adapters.capabilities import Found
from envtui.adapters.choice import fits, version_key
from envtui.errors import BadInput
from envtui.host import Host, by_host
from envtui.model import Activation, Candidate, Environment, Interpreter, Inventory, Notice
from envtui.prefix import Prefixes

_NAMES = ("python", "python3", "pypy3", "pypy", "graalpy", "python2")
_RELEASE = re.compile(r"^\d+(\.\d+)*t?$")


def readable(host: Host, folder: str, what: str) -> tuple[list[str], list[Notice]]:
    """The names in a store, which may be missing; where it can't be read, the notice of it."""
    try:
        return host.names(folder), []
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [Notice(folder, f"{what} can't be read: {error.strerror or error}")]


def closed(host: Host, *paths: str) -> Notice | None:
    """The notice for the first directory that is there but may not be looked into."""
    for path in paths:
        try:
            host.names(path)
        except (PermissionError, TimeoutError) as error:
            return Notice(path, f"can't be read: {error.strerror}")
        except OSError:
            continue
    return None


def versions(host: Host, prefixes: Prefixes, kind: str, folder: str) -> Iterator[Found]:
    """Each version below a store's folder once, with the store's own links to it as aliases."""
    names, notices = readable(host, folder, f"{kind}'s Pythons")
    yield from notices
    names = [name for name in names if not name.startswith(".")]
    targets = {name: target for name in names if (target := _within(host, folder, name))}
    aliases = links_to(folder, targets)
    for name in names:
        path = os.path.join(folder, name)
        if host.is_link(path) and not host.is_dir(path):
            if not host.is_file(path):
                yield Notice(path, f"a link of {kind} that leads nowhere")
            continue
        if name in targets or not host.is_dir(path):
            continue
        if host.lexists(os.path.join(path, "pyvenv.cfg")) or host.is_dir(f"{path}/conda-meta"):
            yield Candidate(path, f"in {kind}'s store")
            continue
        yield interpreter(host, prefixes, kind, name, path, aliases.get(name, ()))


def links_to(folder: str, targets: dict[str, str]) -> dict[str, list[str]]:
    """For each name in a store's folder the paths of the links to it; `targets` is by link."""
    found: dict[str, list[str]] = {}
    for link, target in targets.items():
        found.setdefault(target, []).append(os.path.join(folder, link))
    return found


def interpreter(
    host: Host,
    prefixes: Prefixes,
    kind: str,
    name: str,
    prefix: str,
    aliases: Iterable[str] = (),
    help_: str = "",
) -> Interpreter | Notice:
    """The Python of one version's directory; a notice where it holds none."""
    executable = executable_in(host, os.path.join(prefix, "bin"))
    if executable is None:
        empty = Notice(prefix, f"a version of {kind} without a Python{help_}")
        return closed(host, prefix, os.path.join(prefix, "bin")) or empty
    return python(host, prefixes, kind, name, executable, prefix, aliases)


def python(
    host: Host,
    prefixes: Prefixes,
    kind: str,
    name: str,
    path: str,
    prefix: str,
    aliases: Iterable[str] = (),
    version: str = "",
) -> Interpreter:
    """An installed Python; of `version`, else what its name says, where its files tell nothing."""
    real = host.real(path)
    return Interpreter(
        id=f"{kind}:{name}",
        kind=kind,
        implementation=implementation(name),
        version=prefixes.of_base(prefix, real) or version or name.rpartition("@")[2],
        path=path,
        prefix=prefix,
        name=name,
        aliases=tuple(aliases),
        active=real == first_on_path(host),
    )


def implementation(name: str) -> str:
    """`pypy3.10-7.3.15` is pypy, a plain version is cpython."""
    found = re.match(r"pypy|graalpy", name)
    return found[0] if found else "cpython"


def executable_in(host: Host, folder: str) -> str | None:
    """The Python in a bin directory, by the name that people type."""
    paths = (os.path.join(folder, name) for name in _NAMES)
    return next((path for path in paths if host.is_file(path)), None)


def _within(host: Host, folder: str, name: str) -> str | None:
    """The other name in the same folder that a link leads to: `3.12 -> ./3.12.1`."""
    seen = [name]
    while (link := host.target(os.path.join(folder, seen[-1]))) and len(seen) < 9:
        target = os.path.normpath(os.path.join(folder, link))
        if os.path.dirname(target) != os.path.normpath(folder):
            break
        seen.append(os.path.basename(target))
    return seen[-1] if len(seen) > 1 and host.is_dir(os.path.join(folder, seen[-1])) else None


@by_host
def first_on_path(host: Host) -> str | None:
    """The real executable that `python`, else `python3`, starts in this shell."""
    for folder in host.program_folders():
        for name in ("python", "python3"):
            path = os.path.join(folder, name)
            if os.path.isabs(folder) and host.is_file(path):
                return host.real(path)
    return None


def bin_first(item: Environment | Interpreter, **variables: str) -> Activation:
    """What switching to an interpreter means: its bin first on PATH, and its manager's variable."""
    folder = os.path.join(item.prefix, "bin")
    return Activation(item.name, item.kind, item.prefix, folder, variables)


def names_in(host: Host, folder: str) -> list[str]:
    """The names of versions and of links to them in a store; none where there is no store."""
    names = host.names_if(folder)
    return [n for n in names if n[:1] != "." and host.is_dir(os.path.join(folder, n))]


def resolve(word: str, names: list[str]) -> str | None:
    """The name that a word means: itself, else the newest release that begins with it."""
    word = word.removeprefix("prefix:")
    if word in names:
        return word
    fitting = [name for name in names if _RELEASE.match(name) and fits(name, word)]
    fitting = [name for name in fitting if name.endswith("t") == word.endswith("t")]
    return max(fitting, key=version_key, default=None)


def absent(word: str, by: str, names: Iterable[str], get: str) -> BadInput:
    """The error of a word that means nothing that is installed."""
    have = ", ".join(names) or "none"
    return BadInput(f"{word!r} is not installed by {by} (installed: {have}); `{get}` may get it")


def overruling(host: Host, manager: str) -> Iterator[str]:
    """The warning where the manager's variable for Python is stronger than any file."""
    if said := host.variable(f"{manager}_PYTHON_VERSION"):
        yield f"{manager}_PYTHON_VERSION={said} in this shell overrules the file"


def system(inventory: Inventory) -> str | None:
    """What the word `system` means: the first of the system's own."""
    return next((item.id for item in inventory.interpreters if item.kind == "system"), None)


def at(inventory: Inventory, path: str) -> str | None:
    """The id of the interpreter that has this directory as its prefix or among its aliases."""
    for item in inventory.interpreters:
        if item.prefix == path or path in item.aliases:
            return item.id
    return None


def _is_virtual(host: Host, path: str) -> bool:
    return "pyvenv.cfg" in host.names_if(path)


def environments(
    host: Host,
    folder: str,
    whose: str,
    are_theirs: Callable[[Host, str], bool] = _is_virtual,
    because: str = "",
) -> Iterator[Candidate | Notice]:
    """Every environment in a manager's store, which may be missing; what is closed as notices."""
    names, notices = readable(host, folder, f"{whose} environments")
    yield from notices
    for name in names:
        path = f"{folder}/{name}"
        if are_theirs(host, path):
            yield Candidate(path, because or f"in {whose} store")
        elif notice := closed(host, path):
            yield notice
