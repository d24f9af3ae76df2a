"""What people do, as functions that both faces call: each finds the right adapter and returns data.

Nothing here changes anything: the answer is an inventory, a decision, an activation or a plan.
"""

from __future__ import annotations

import contextlib
import os

from envtui import config, installing
from envtui import inventory as inventories
from envtui import why as deciding
from envtui.adapters.capabilities import Brings, Manages, Pins, PinsEnvironments, Request, Takes
from envtui.adapters.choice import choose
from envtui.adapters.pyenv_rules import installed, resolve, select, versions_folder
from envtui.adapters.registry import (
    ACTIVATORS,
    CREATORS,
    MISE,
    PINNERS,
    PYENV,
    PYENV_VIRTUALENV,
    REBUILDERS,
    REMOVERS,
    UV,
    VENV,
)
from envtui.errors import BadInput, Negative
from envtui.host import Host
from envtui.model import (
    Activation,
    Decision,
    Environment,
    Interpreter,
    Inventory,
    Project,
)
from envtui.plan import Plan, combine

dump = inventories.dump
load = inventories.load
plan_install = installing.plan_install
plan_uninstall = installing.plan_uninstall
_USABLE = ("ok", "moved", "overlaid", "version-differs")


def scan(host: Host, roots: tuple[str, ...] = ()) -> Inventory:
    """Everything found; `roots` replace the configured ones. Raises BadInput."""
    for root in roots:
        if not host.is_dir(config.absolute(host, root)):
            raise BadInput(f"--root {root}: there is no such directory")
    return inventories.scan(host, config.roots_for(host, roots))


def find(
    inventory: Inventory, host: Host, word: str, *, exact: bool = False
) -> Environment | Interpreter:
    """What ENV on the command line means: an id, a path, a name, a prefix of one, in this order.

    `exact` takes no prefixes. Raises BadInput with the candidates where several are meant.
    """
    items: list[Environment | Interpreter] = [*inventory.environments, *inventory.interpreters]
    if not word:
        raise BadInput("the name of an environment is empty")
    known = next((item for item in items if item.id == word), None)
    if known:
        return known
    named = [item for item in items if item.name == word]
    like_an_id = ":" in word.split("/", maxsplit=1)[0]
    if "/" in word and (host.lexists(config.absolute(host, word)) or not (named or like_an_id)):
        return _by_path(inventory, host, word)
    for matches in (named, [] if exact else [item for item in items if _starts(item, word)]):
        if len(matches) == 1:
            return matches[0]
        if matches:
            listed = "".join(f"\n  {item.id}" for item in matches[:10])
            more = f"\n  and {len(matches) - 10} more" if len(matches) > 10 else ""
            raise BadInput(f"{word!r} is ambiguous; say one of:{listed}{more}")
    raise BadInput(f"no environment or interpreter is called {word!r}; `envtui list` shows all")


def _starts(item: Environment | Interpreter, word: str) -> bool:
    return item.id.startswith(word) or item.name.startswith(word)


def _by_path(inventory: Inventory, host: Host, word: str) -> Environment | Interpreter:
    path = config.absolute(host, word)
    real = host.real(path)
    for item in (*inventory.environments, *inventory.interpreters):
        if isinstance(item, Environment) and (item.real == real or path in item.aliases):
            # Named by its link: a removal then takes the link only.
            return item._replace(path=path) if host.is_link(path) else item
        if isinstance(item, Interpreter) and real in (host.real(item.prefix), host.real(item.path)):
            return item
    if not host.lexists(path):
        raise BadInput(f"{path} does not exist")
    marks = ("pyvenv.cfg", "conda-meta")
    if host.is_dir(path) and not os.access(path, os.R_OK | os.X_OK):
        raise Negative(f"{path} may not be read")
    if host.is_dir(path) and not any(host.lexists(os.path.join(path, mark)) for mark in marks):
        raise Negative(f"{path} is not an environment: it has neither pyvenv.cfg nor conda-meta")
    if host.is_dir(path):
        return inventories.environment_at(host, inventory, path)
    raise BadInput(f"{path} is not the directory of an environment")


def creatable(host: Host) -> dict[str, str | None]:
    """For each kind that can be made, why it can't be here; None where it can."""
    return {kind: creator.cannot_create(host) for kind, creator in CREATORS.items()}


def plan_create(
    host: Host,
    inventory: Inventory,
    target: str | None,
    *,
    kind: str = "venv",
    python: str | None = None,
    project: str | None = None,
    source: str | None = None,
) -> Plan:
    """The plan of a new environment. Raises BadInput, ToolMissing."""
    if kind not in CREATORS:
        raise BadInput(f"kind {kind!r} can't be created; the kinds are {', '.join(CREATORS)}")
    where = config.absolute(host, project) if project else host.cwd
    if not host.is_dir(where):
        raise BadInput(f"--project {project}: there is no such directory")
    chosen = project_at(host, inventory, where) or _declared(host, inventory, where)
    path = _target(host, kind, target, where)
    named = where if project else None
    where = chosen.path if chosen else where
    creator = CREATORS[kind]
    interpreter = creator.brings(python) if isinstance(creator, Brings) else None
    if interpreter is None and python is not None:
        interpreter = choose(inventory, python)
    interpreter = interpreter or default_python(host, inventory, where)
    request = Request(path, interpreter, chosen, _source(host, source), named)
    plan = creator.create(host, request)
    taken = [
        guard.path for guard in plan.guards if guard.check == "absent" and host.lexists(guard.path)
    ]
    if taken:
        raise BadInput(f"{taken[0]} exists already; remove it first or choose another path")
    return plan


def takes(kind: str) -> Takes:
    """What names a new environment of a kind: a path, a name in its store, or its project."""
    return CREATORS[kind].takes


def _target(host: Host, kind: str, target: str | None, where: str) -> str | None:
    """The path or name for a new environment, as its kind takes it."""
    how = takes(kind)
    if how == "project":
        if target:
            raise BadInput(f"{kind} chooses the place itself; name the project with --project DIR")
        return None
    if how == "project-name":
        return target or None
    if how == "name":
        if not target:
            raise BadInput(f"{kind} keeps its environments by name; say which: envtui create NAME")
        return target
    return os.path.normpath(os.path.join(where, host.expand(target or ".venv")))


def _declared(host: Host, inventory: Inventory, directory: str) -> Project | None:
    """A project outside the searched roots, from its own files; None where it declares nothing."""
    files = inventories.read_place(host, directory)
    return inventories.project_of(host, files, inventory, ()) if files.markers else None


def _source(host: Host, source: str | None) -> str | None:
    if source is None:
        return None
    path = config.absolute(host, source)
    if not host.is_file(path):
        raise BadInput(f"--from {source}: there is no such file")
    return path


def default_python(host: Host, inventory: Inventory, directory: str) -> Interpreter:
    """The pinned one, else what `why` answers, else the newest. Raises BadInput where none is."""
    selection = select(host, directory)
    by_name = {item.name: item for item in inventory.interpreters if item.kind == "pyenv"}
    for name in selection.versions:
        if name in by_name:
            return by_name[name]
    if selection.missing:
        with contextlib.suppress(BadInput):
            return choose(inventory, selection.missing[0])  # uv reads that file too
        raise BadInput(
            f"{selection.missing[0]} is pinned by {selection.origin} and is not installed; "
            "name another with --python"
        )
    by_id = {item.id: item for item in inventory.interpreters}
    decided = deciding.why(host, inventory, directory).python or ""
    based = {item.id: item.interpreter for item in inventory.environments}
    found = by_id.get(based.get(decided) or decided)
    if found:
        return found
    if not inventory.interpreters:
        raise BadInput("no Python was found to create it with; `pyenv install 3.13` may get one")
    from envtui.adapters.choice import version_key

    return max(inventory.interpreters, key=lambda item: version_key(item.version))


def plan_remove(host: Host, inventory: Inventory, items: list[Environment | Interpreter]) -> Plan:
    """One plan that puts all of them into the trash. Raises Refused where one is still needed."""
    plans = []
    for item in sorted(items, key=lambda item: isinstance(item, Interpreter)):
        if isinstance(item, Interpreter):
            plans.append(plan_uninstall(host, inventory, item, going=tuple(items)))
        else:
            plans.append(REMOVERS.get(item.kind, VENV).remove(host, item))
    if len(plans) == 1:
        return plans[0]
    return combine(f"Remove {len(plans)} environments", plans, f"removed {len(plans)} environments")


def installed_python(inventory: Inventory, host: Host, word: str, *, exact: bool) -> Interpreter:
    """The interpreter that a word means. Raises BadInput."""
    alone = inventory._replace(environments=())
    found = find(alone, host, word, exact=exact)
    if isinstance(found, Interpreter):
        return found
    raise BadInput(f"{word!r} is no interpreter")


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
        return PYENV.pin_globally(host, words)
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
    if len(words) > 1 or resolve(words[0], names, versions_folder(host)):
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


def _pinners(host: Host, directory: str) -> list[Pins]:
    """The managers whose pin counts in this directory; pyenv's file where no other does."""
    files = inventories.read_place(host, directory)
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
    name = resolve(words[0], installed(host), versions_folder(host))
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
        path = config.absolute(host, project)
        if not host.is_dir(path):
            raise BadInput(f"--project {project}: there is no such directory")
        return path
    found = project_at(host, inventory, host.cwd)
    return found.path if found else host.cwd


def plan_unpin(
    host: Host, inventory: Inventory, *, project: str | None = None, globally: bool = False
) -> Plan:
    """The plan that takes away what `pin` wrote. Raises Negative where nothing is pinned."""
    if globally:
        plan = PYENV.unpin_globally(host)
        if plan is None:
            raise Negative("pyenv has no global version")
        return plan
    directory = pin_directory(host, inventory, project)
    plans = [plan for p in _pinners(host, directory) if (plan := p.unpin(host, directory))]
    if not plans:
        raise Negative(f"nothing is pinned in {directory}")
    return plans[0] if len(plans) == 1 else combine(plans[0].title, plans, plans[0].done)


def plan_rebuild(
    host: Host, inventory: Inventory, item: Environment | Interpreter, python: str | None = None
) -> Plan:
    """One plan for another Python: the project's pin, the new environment, the old one's end.

    Without a version, the one it had. Raises BadInput, ToolMissing.
    """
    if isinstance(item, Interpreter):
        raise BadInput(f"{item.id} is an interpreter; an environment can be rebuilt")
    if item.kind not in REBUILDERS:
        raise BadInput(f"envtui can't rebuild {item.kind} environments; {item.kind} itself may")
    if item.path != item.real:
        raise BadInput(f"{item.path} leads to {item.real}; rebuild that")
    chosen = choose(inventory, python or _same_python(inventory, item))
    plan = REBUILDERS[item.kind].rebuild(host, item, chosen)
    if python is None or item.project is None or not host.is_dir(item.project):
        return plan
    word = python if python[0].isdigit() else chosen.version
    pins = [
        pinner.pin(host, inventory, [word], item.project)
        for pinner in _pinners(host, item.project)
        if pinner.kind != item.kind or item.kind in ("pipenv", "uv")
        if pinner.kind not in ("pyenv", "uv") or _is_pinned(host, item.project)
    ]
    return combine(plan.title, [*pins, plan], plan.done)


def _same_python(inventory: Inventory, item: Environment) -> str:
    """Its own interpreter; where that is gone, the newest of the same minor version."""
    if item.interpreter:
        return item.interpreter
    if not item.version:
        raise BadInput(f"the Python of {item.id} is not known; name one with --python")
    versions = [one.version for one in inventory.interpreters]
    return item.version if item.version in versions else ".".join(item.version.split(".")[:2])


def _is_pinned(host: Host, project: str) -> bool:
    return host.is_file(os.path.join(project, ".python-version"))


def activation(host: Host, item: Environment | Interpreter) -> Activation:
    """What switching to it means. Raises Negative with the reason where it can't be used."""
    if isinstance(item, Interpreter):
        return ACTIVATORS[item.kind].activate(host, item)
    if item.health not in _USABLE:
        raise Negative(f"{item.id} can't be activated: {item.health}, {item.reason}")
    if not os.access(item.python, os.X_OK):
        raise Negative(f"{item.id} can't be activated: {item.python} may not be run")
    return ACTIVATORS.get(item.kind, VENV).activate(host, item)


def why(host: Host, inventory: Inventory, directory: str | None = None) -> Decision:
    """Which Python a directory gets, and why. Raises BadInput where there is no such directory."""
    path = config.absolute(host, directory) if directory else host.cwd
    if not host.is_dir(path):
        raise BadInput(f"{path} is not a directory")
    return deciding.why(host, inventory, path)


def project_at(host: Host, inventory: Inventory, directory: str) -> Project | None:
    """The innermost known project that a directory lies in; None outside of all."""
    path = config.absolute(host, directory)
    around = [p for p in inventory.projects if path == p.path or path.startswith(p.path + "/")]
    return max(around, key=lambda item: len(item.path), default=None)
