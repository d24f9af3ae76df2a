"""All adapters together: one scan that ties environments to interpreters and projects.

Stores that adapters know first, then the walk of the roots. Files are read; no process is started.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from envtui import places
from envtui.adapters.capabilities import Claim
from envtui.adapters.choice import minor, version_key
from envtui.adapters.common import read_files
from envtui.adapters.registry import CLAIMERS, FINDERS
from envtui.facts.eol import end_of_life
from envtui.host import Host
from envtui.marks import ASKS
from envtui.model import Candidate, Environment, Interpreter, Inventory, Notice
from envtui.moment import Moment
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles
from envtui.projects import of_places, with_environments
from envtui.walk import Place, Walk


class _Gathered(NamedTuple):
    """What the finders and the walk said, before anything is tied together."""

    interpreters: list[Interpreter]
    candidates: list[Candidate]
    places: list[Place]
    notices: list[Notice]


Walks = Callable[[frozenset[str]], Walk]
Sofar = Callable[[Callable[[], Inventory]], None]
"""Called with each thing that is found; it may ask what has been found so far."""


def scan(host: Moment, walks: Walks, sofar: Sofar | None = None) -> Inventory:
    """Everything in the managers' stores and on the walk, which leaves out what it is given."""
    prefixes = Prefixes(host)
    gathered, stopped_at = _gather(host, prefixes, walks, sofar)
    return _assembled(host, prefixes, gathered, stopped_at)


def _assembled(
    host: Moment, prefixes: Prefixes, gathered: _Gathered, stopped_at: str | None
) -> Inventory:
    interpreters = _unique_interpreters(host, gathered.interpreters)
    found = _prefixes(prefixes, gathered.candidates)
    gathered.notices.extend(prefixes.notices)
    projects, unread = of_places(host, gathered.places, found)
    gathered.notices.extend(unread)
    environments = _environments(host, found, interpreters, projects)
    on = Counter(environment.interpreter for environment in environments)
    counted = [item._replace(dependents=on[item.id]) for item in interpreters]
    counted.sort(key=lambda item: version_key(item.version), reverse=True)
    environments.sort(key=lambda item: item.path)
    notices = tuple(dict.fromkeys(gathered.notices))  # two managers may share a store
    complete = stopped_at is None
    inventory = Inventory(tuple(counted), tuple(environments), (), notices, complete, stopped_at)
    return inventory._replace(projects=with_environments(host, projects, inventory))


def _gather(
    host: Moment, prefixes: Prefixes, walks: Walks, sofar: Sofar | None
) -> tuple[_Gathered, str | None]:
    gathered = _Gathered([], [], [], [])

    def until_now() -> Inventory:
        # A moment of its own: what is worked out of half of the projects must not be kept.
        other = Moment(host, host.far)
        copy = _Gathered._make(list(kept) for kept in gathered)
        return _assembled(other, Prefixes(other), copy, "")

    skip = {host.real(store) for finder in FINDERS for store in finder.stores(host)}
    for finder in FINDERS:
        for item in finder.find(host, prefixes):
            _sort_in(gathered, item)
    skip.update(store for finder in FINDERS for store in finder.stores(host))
    # What lies in the trash is no environment until it is restored.
    skip.update((places.data("trash"), host.real(places.data("trash"))))
    if host.platform == "darwin":
        skip.update(os.path.join(host.home, name) for name in ASKS)
    walk = walks(frozenset(skip))
    for found in walk:
        _sort_in(gathered, found)
        if sofar:
            sofar(until_now)
    return gathered, walk.way.stopped_at


def _sort_in(gathered: _Gathered, item: Interpreter | Candidate | Place | Notice) -> None:
    if isinstance(item, Place):
        gathered.places.append(item)
    elif isinstance(item, Candidate):
        gathered.candidates.append(item)
    elif isinstance(item, Interpreter):
        gathered.interpreters.append(item)
    else:
        gathered.notices.append(item)


def _unique_interpreters(host: Host, items: list[Interpreter]) -> list[Interpreter]:
    """Each real executable with its real prefix once; the other names are its aliases."""
    unique: dict[tuple[object, str], Interpreter] = {}
    for item in items:
        key = (_file_identity(host, item.path), host.real(item.prefix))
        if key in unique:
            unique[key] = _folded(host, unique[key], item)
        else:
            unique[key] = item
    return [_completed(host, item) for item in unique.values()]


def _folded(host: Host, first: Interpreter, second: Interpreter) -> Interpreter:
    """One row of two: of a link into another store, the store where the files are is the owner."""
    if not _stands_there(host, first) and _stands_there(host, second):
        first, second = second, first
    # A store links whole directories, others link the executable.
    names = dict.fromkeys((*first.aliases, second.prefix, *second.aliases))
    if second.prefix == first.prefix and not second.aliases:
        names[second.path] = None
    for own in (first.path, first.prefix):
        names.pop(own, None)
    return first._replace(aliases=tuple(names), active=first.active or second.active)


def _stands_there(host: Host, item: Interpreter) -> bool:
    """Whether the last part of the prefix's path is a directory, no link to one."""
    return not host.is_link(item.prefix)


def _completed(host: Host, item: Interpreter) -> Interpreter:
    """With its end of life, and the mark by which pip refuses to install into it."""
    made = "pypy" if item.implementation == "pypy" else "python"
    folder = made + minor(item.version)
    mark = os.path.join(item.prefix, "lib", folder, "EXTERNALLY-MANAGED")
    told = (f"externally managed: pip installs nothing into it ({mark})",)
    evidence = (*item.evidence, *told) if host.exists(mark) else item.evidence
    return item._replace(eol=end_of_life(item.implementation, item.version), evidence=evidence)


def _file_identity(host: Host, path: str) -> object:
    status = host.status(path)
    return (status.st_dev, status.st_ino) if status else path


def _prefixes(prefixes: Prefixes, candidates: list[Candidate]) -> list[Prefix]:
    """Each real prefix once; links that lead to one are remembered with it."""
    by_real: dict[str, Prefix] = {}
    links: dict[str, dict[str, None]] = {}
    for candidate in candidates:
        real = prefixes.host.real(candidate.path)
        known = by_real.get(real)
        if known is None:
            found = prefixes.read(candidate.path)
            by_real[real] = found._replace(because=f"listed: {candidate.because}")
        elif candidate.path != known.path and candidate.path not in links.get(real, ()):
            direct = candidate.path == real
            if direct:
                by_real[real] = known.at(candidate.path)
            links.setdefault(real, {})[known.path if direct else candidate.path] = None
        if candidate.named_by:
            links.setdefault(real, {})[candidate.named_by] = None
    for real, names in links.items():
        by_real[real] = by_real[real]._replace(links=tuple(names))
    return list(by_real.values())


def _environments(
    host: Host,
    found: list[Prefix],
    interpreters: list[Interpreter],
    projects: dict[str, ProjectFiles],
) -> list[Environment]:
    bases = {host.real(item.prefix): item.id for item in interpreters if item.kind != "system"}
    files = {_file_identity(host, item.path): item.id for item in interpreters}
    taken: set[str] = set()
    active = _active_prefix(host)
    environments = []
    for prefix in found:
        claim = next(c for a in CLAIMERS if (c := a.claim(host, prefix, projects)))
        interpreter = None
        # conda links one file into every environment: a Python inside the prefix is its own.
        if prefix.executable and not prefix.executable.startswith(prefix.real + "/"):
            interpreter = files.get(_file_identity(host, prefix.executable))
        if interpreter is None and prefix.health != "broken":
            interpreter = bases.get(host.real(prefix.base) if prefix.base else prefix.real)
        if claim.link == "unmapped":
            claim = claim._replace(evidence=(*claim.evidence, *_guess(host, prefix, projects)))
        environments.append(_environment(host, prefix, claim, interpreter, active, taken))
    return environments


def _guess(host: Host, prefix: Prefix, projects: dict[str, ProjectFiles]) -> tuple[str, ...]:
    """Whose it may be: its prompt is the project's name, with a version behind (Poetry, PDM)."""
    name = re.sub(r"-(?:py)?\d+(?:\.\d+)+$", "", prefix.config.get("prompt", ""))
    if not name:
        return ()
    named = host.once("projects by name", lambda: _by_name(projects)).get(name, [])
    where = f", perhaps {' or '.join(named[:2])}" if named else ""
    return (f"its prompt says that it is of a project called {name}{where}",)


def _by_name(projects: dict[str, ProjectFiles]) -> dict[str, list[str]]:
    """The paths of those that are called so, by declaration or by directory."""
    found: dict[str, list[str]] = {}
    for path, files in projects.items():
        for name in {files.name, os.path.basename(path)}:
            found.setdefault(name, []).append(path)
    return found


def environment_at(host: Host, inventory: Inventory, path: str) -> Environment:
    """The environment at a path outside the searched roots, read as the scan would have."""
    prefix = Prefixes(host).read(path)
    parent = os.path.dirname(path)
    projects = {} if parent in ("/", host.home) else {parent: read_files(host, parent)[0]}
    return _environments(host, [prefix], list(inventory.interpreters), projects)[0]


def _environment(
    host: Host,
    prefix: Prefix,
    claim: Claim,
    interpreter: str | None,
    active: str | None,
    taken: set[str],
) -> Environment:
    return Environment(
        id=_identifier(host, claim, prefix.path, taken),
        kind=claim.kind,
        name=claim.name,
        path=prefix.path,
        real=prefix.real,
        python=prefix.python,
        version=prefix.version,
        interpreter=interpreter,
        base=prefix.base,
        project=claim.project,
        link=claim.link,
        health=prefix.health,
        reason=prefix.reason,
        active=prefix.real == active,
        created_by=prefix.created_by,
        evidence=(prefix.because, *claim.evidence),
        aliases=prefix.links,
        prompt=prefix.config.get("prompt"),
    )


def _identifier(host: Host, claim: Claim, path: str, taken: set[str]) -> str:
    """`kind:name` in the kind's own store, `kind:path` elsewhere or where the name is taken."""
    identifier = escape(f"{claim.kind}:{claim.name if claim.stored else host.short(path)}")
    if identifier in taken:
        identifier = escape(f"{claim.kind}:{host.short(path)}")
    taken.add(identifier)
    return identifier


def escape(text: str) -> str:
    """Control characters as %XX, so that an id is one line and harms no terminal."""
    if text.isprintable():
        return text
    return "".join(f"%{ord(c):02X}" if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text)


def _active_prefix(host: Host) -> str | None:
    prefix = host.variable("VIRTUAL_ENV") or host.variable("CONDA_PREFIX")
    return host.real(prefix) if prefix else None
