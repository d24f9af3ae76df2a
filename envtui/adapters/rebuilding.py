"""Another Python for an environment: the same packages on a new base, the old one in the trash.

Virtual environments cannot be moved (their scripts name their place), so the new one is made where
the old one was. Until it has proven itself the executor can put the old one back, and does so if
any step fails.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envtui.adapters.choice import minor
from envtui.adapters.going import may_go
from envtui.facts.packages import SEEDED, distributions, site_packages
from envtui.host import Host
from envtui.model import Environment, Interpreter
from envtui.plan import Guard, Plan, Run, Step, Trash


def rebuilt(
    host: Host, environment: Environment, python: Interpreter, make: Run, *after: Step
) -> Plan:
    """The plan around a maker's command: old one aside, new one made, filled and checked."""
    path = environment.path
    made = make._replace(creates=(path,))
    return rebuilding(
        host, environment, python, Trash(path), made, *after, proof(host, path, python)
    )


def rebuilding(host: Host, environment: Environment, python: Interpreter, *steps: Step) -> Plan:
    """The plan of these steps, with the conditions under which the old one may go."""
    path = environment.path
    program = next(step.argv[0] for step in steps if isinstance(step, Run))
    return Plan(
        f"Rebuild {environment.name} on Python {python.version}",
        steps,
        (*may_go(host, path), Guard("no-foreign-files", path), Guard("executable", program)),
        (f"the old one, on {environment.version}, stays in the trash",),
        done=f"rebuilt {environment.name} on Python {python.version}",
    )


def proof(host: Host, path: str, python: Interpreter) -> Run:
    """The step that fails unless the new environment runs on that very version, or minor.

    In words that Python 2.7 knows as well, and with nothing imported that a directory could hold.
    """
    program = 'import sys; assert (sys.version.split()[0] + ".").startswith(sys.argv[1])'
    argv = (os.path.join(path, "bin", "python"), "-Es", "-c", program, f"{python.version}.")
    return Run(argv, host.home, within=path)


def reinstall(host: Host, environment: Environment, target: str = "", but: str = "") -> list[Step]:
    """The step that installs what the old one has, from its own records; [] for an empty one.

    Into `target`, by default the same place; not what the installer `but` put there.
    """
    words = requirements(host, environment, but)
    if not words:
        return []
    target = target or environment.path
    argv = (os.path.join(target, "bin", "python"), "-m", "pip", "install", *words)
    return [Run(argv, host.home, within=target)]


def requirements(host: Host, environment: Environment, but: str = "") -> list[str]:
    """What pip is to install again: `name==version`, or the place it came from (PEP 610)."""
    words: list[str] = []
    origins = _origins(host, environment.real)
    others = _installed_by(host, environment.real, but) if but else set()
    folders = site_packages(environment.real, host.names_if, minor(environment.version))
    there = (name for folder in folders for name in host.names_if(folder))
    for name, version in distributions(there):
        if name.lower() in SEEDED or name.lower() in others:
            continue  # what is seeded comes in the version that suits the new Python
        words += origins.get(name.lower(), [f"{name}=={version}"])
    return words


def _origins(host: Host, prefix: str) -> dict[str, list[str]]:
    """For each distribution that came from somewhere else than an index, the words for pip."""
    found = {}
    for name, path in _distributions(host, prefix):
        if words := _origin(host, os.path.join(path, "direct_url.json")):
            found[name] = words
    return found


def _installed_by(host: Host, prefix: str, installer: str) -> set[str]:
    """The distributions whose record names that program (PEP 376)."""
    found = set()
    for name, path in _distributions(host, prefix):
        if host.read_if(os.path.join(path, "INSTALLER"), 64).strip() == installer.encode():
            found.add(name)
    return found


def _distributions(host: Host, prefix: str) -> Iterator[tuple[str, str]]:
    """Each distribution's name in small letters, and its directory of records."""
    for folder in site_packages(prefix, host.names_if):
        names = host.names_if(folder)
        for name in names:
            if name.endswith(".dist-info"):
                key = name.rpartition(".")[0].rpartition("-")[0]
                yield key.replace("_", "-").lower(), os.path.join(folder, name)


def _origin(host: Host, path: str) -> list[str]:
    import json
    from urllib.parse import unquote_to_bytes, urlsplit

    try:
        record = json.loads(host.read(path, 1 << 16))
        url = record["url"]
        file = os.fsdecode(unquote_to_bytes(urlsplit(url).path))
        if record.get("dir_info", {}).get("editable"):
            return ["-e", file]
        vcs = record.get("vcs_info")
        if vcs:
            return [f"{vcs['vcs']}+{url}@{vcs['commit_id']}"]
        return [file if url.startswith("file:") else url]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []
