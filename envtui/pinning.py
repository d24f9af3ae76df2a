"""Another Python for a project: the pins that its files hold, and its environment made again."""

from __future__ import annotations

import os

from envtui import config
from envtui.adapters import asdf, mise, tool_rules
from envtui.adapters.capabilities import Brings, Manages, Pins, PinsEnvironments
from envtui.adapters.choice import choose, minor
from envtui.adapters.common import read_files
from envtui.adapters.pyenv_rules import installed, resolve, root, versions_folder
from envtui.adapters.registry import (
    GLOBAL_PINNERS,
    MISE,
    PINNERS,
    PYENV,
    PYENV_VIRTUALENV,
    REBUILDERS,
    REMOVERS,
    UV,
)
from envtui.adapters.stores import names_in
from envtui.errors import BadInput, Negative
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory
from envtui.naming import find, project_at
from envtui.plan import Plan, combine


def plan_pin(
    host: Host,
    inventory: Inventory,
    words: list[str],
    *,
    project: str | None = None,
    globally: bool = False,
) -> Plan:
    """The plan that makes these words the Python of a project, by the files that it uses."""
    if not words:
        raise BadInput("name the version to pin, such as 3.12")
    words, environment = _pin_words(host, inventory, words)
    if globally:
        return GLOBAL_PINNERS[_in_charge(host)].pin_globally(host, inventory, words)
    if environment and environment.project and not project:
        project = environment.project
    directory = pin_directory(host, inventory, project)
    owner = REMOVERS.get(environment.kind) if environment else None
    if environment and isinstance(owner, PinsEnvironments):
        return owner.pin_environment(host, environment, directory)
    plans = [p.pin(host, inventory, words, directory) for p in _pinners(host, directory)]
    title, done = plans[0].title, plans[0].done
    plan = plans[0] if len(plans) == 1 else combine(title, plans, done)
    return plan._replace(warnings=(*plan.warnings, *_stays(host, inventory, directory, words)))


def _pin_words(
    host: Host, inventory: Inventory, words: list[str]
) -> tuple[list[str], Environment | None]:
    """The words as given if they resolve; an ENV as its manager knows it."""
    names = installed(host)
    if len(words) > 1 or resolve(host, words[0], names, versions_folder(host)):
        return words, None
    if words[0][:1].isdigit():
        return words, None  # a version: the manager says why it does not resolve
    item = find(inventory, host, words[0])
    if isinstance(item, Interpreter):
        return [item.name if item.kind == "pyenv" else item.version], None
    if item.kind == "poetry" and item.version and item.project:
        return [item.version], item
    if isinstance(REMOVERS.get(item.kind), PinsEnvironments):
        return [item.path], item
    if item.kind == PYENV_VIRTUALENV.kind:
        return [PYENV_VIRTUALENV.pin_word(host, item)], None
    raise BadInput(f"{item.id} can't be pinned: {item.kind} knows no pin of an environment")


def _in_charge(host: Host) -> str:
    """Whose global version counts: of the managers that have Pythons the one first on PATH."""
    stores = {
        "pyenv": versions_folder(host), "mise": mise.installs(host), "asdf": asdf.installs(host),
    }  # fmt: skip
    having = [name for name, folder in stores.items() if names_in(host, folder)]
    shims = os.path.join(root(host), "shims")
    for folder in host.program_folders():
        of_pyenv = os.path.normpath(folder) == shims
        manager = "pyenv" if of_pyenv else tool_rules.of_folder(host, folder)
        if manager in having:
            return manager
    return having[0] if having else "pyenv"


def _pinners(host: Host, directory: str) -> list[Pins]:
    """The managers whose pin counts in this directory; pyenv's file where no other does."""
    files, _ = read_files(host, directory)
    chosen: list[Pins] = [
        pinner for pinner in PINNERS if isinstance(pinner, Manages) and pinner.manages(files)
    ]
    if ".python-version" in files.markers and UV not in chosen:
        chosen.insert(0, PYENV)
    if not chosen:
        # Where only mise has Pythons, its file is the one that somebody reads.
        chosen.append(MISE if MISE.is_used(host, files) and not installed(host) else PYENV)
    return chosen


def _stays(host: Host, inventory: Inventory, directory: str, words: list[str]) -> list[str]:
    """The project's environments that a pin does not move to its Python."""
    name = resolve(host, words[0], installed(host), versions_folder(host))
    new = next((item for item in inventory.interpreters if item.name == name), None)
    staying = [
        item
        for item in inventory.environments
        if item.project == directory and item.kind != "poetry" and item.version
    ]
    if new is None:
        return []
    return [
        f"{item.name} stays on Python {item.version}: a pin does not rebuild an environment"
        for item in staying
        if item.version != new.version
    ]


def pin_directory(host: Host, inventory: Inventory, project: str | None) -> str:
    """Where a pin is written: the directory named, else the project one stands in, else here."""
    if project is not None:
        path = host.reachable(config.absolute(host, project))
        if not host.is_dir(path):
            raise BadInput(f"--project {project}: there is no such directory")
        return path
    here = host.reachable(config.here(host))
    found = project_at(host, inventory, here)
    return found.path if found else here


def plan_unpin(
    host: Host, inventory: Inventory, *, project: str | None = None, globally: bool = False
) -> Plan:
    """The plan that takes away what `pin` wrote. Raises Negative where nothing is pinned."""
    if globally:
        manager = _in_charge(host)
        plan = GLOBAL_PINNERS[manager].unpin_globally(host)
        if plan is None:
            raise Negative(f"{manager} has no global version")
        return plan
    directory = pin_directory(host, inventory, project)
    plans = [plan for p in _pinners(host, directory) if (plan := p.unpin(host, directory))]
    if not plans:
        raise Negative(f"nothing is pinned in {directory}")
    return plans[0] if len(plans) == 1 else combine(plans[0].title, plans, plans[0].done)


def plan_rebuild(
    host: Host,
    inventory: Inventory,
    item: Environment | Interpreter,
    python: str | None = None,
    *,
    pin: bool = False,
) -> Plan:
    """One plan for another Python: the project's pin, the new environment, the old one's end.

    Without a version, the one it had. A pin is written where there is one, or where `pin` asks for
    it. Raises BadInput, ToolMissing.
    """
    if isinstance(item, Interpreter):
        raise BadInput(f"{item.id} is an interpreter; an environment can be rebuilt")
    if item.kind not in REBUILDERS:
        raise BadInput(f"envtui can't rebuild {item.kind} environments; {item.kind} itself may")
    if item.path != item.real:
        raise BadInput(f"{item.path} leads to {item.real}; rebuild that")
    owner = REBUILDERS[item.kind]
    chosen = owner.brings(python or item.version) if isinstance(owner, Brings) else None
    if chosen:  # its Python is a part of it, of which no pin speaks
        return owner.rebuild(host, item, chosen)
    chosen = choose(host, inventory, python or _same_python(inventory, item))
    plan = owner.rebuild(host, item, chosen)
    if python is None or item.project is None or not host.is_dir(item.project):
        return plan
    word = python if python[0].isdigit() else chosen.version
    pins = [
        pinner.pin(host, inventory, [word], item.project)
        for pinner in _pinners(host, item.project)
        if pinner.kind != item.kind or item.kind in ("pipenv", "uv")
        # Its own name is what `.python-version` says there.
        if (pinner.kind, item.kind) != ("pyenv", "pyenv-virtualenv")
        if pin or pinner.kind not in ("pyenv", "uv") or _is_pinned(host, item.project)
    ]
    return combine(plan.title, [*pins, plan], plan.done)


def _same_python(inventory: Inventory, item: Environment) -> str:
    """Its own interpreter; where that is gone, the newest of the same minor version."""
    if item.interpreter:
        return item.interpreter
    if not item.version:
        raise BadInput(f"the Python of {item.id} is not known; choose a --python")
    versions = [one.version for one in inventory.interpreters]
    return item.version if item.version in versions else minor(item.version)


def _is_pinned(host: Host, project: str) -> bool:
    return host.is_file(os.path.join(project, ".python-version"))
