"""What people do, as functions that both faces call: each finds the right adapter and returns data.

Nothing here changes anything: the answer is an inventory, a decision, an activation or a plan.
"""

from __future__ import annotations

import contextlib
import os

from envtui import config, installing, naming, pinning, survey
from envtui import why as deciding
from envtui.adapters.capabilities import Brings, Declares, Request, Takes
from envtui.adapters.choice import allowed, choose, fits, newest
from envtui.adapters.common import environment_activation, read_files
from envtui.adapters.pyenv_rules import select
from envtui.adapters.registry import ACTIVATORS, CREATORS, REMOVERS, VENV
from envtui.adapters.stores import bin_first
from envtui.errors import BadInput, Negative
from envtui.host import Host
from envtui.model import Activation, Decision, Environment, Interpreter, Inventory, Project
from envtui.plan import Plan, combine
from envtui.projects import project_of

scan = survey.scan
find = naming.find
at_path = naming.at_path
project_at = naming.project_at
plan_pin = pinning.plan_pin
plan_unpin = pinning.plan_unpin
plan_rebuild = pinning.plan_rebuild
plan_install = installing.plan_install
install_offers = installing.offers
plan_uninstall = installing.plan_uninstall
_USABLE = ("ok", "moved", "overlaid", "version-differs")


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
    where = host.reachable(config.absolute(host, project) if project else config.here(host))
    if not host.is_dir(where):
        raise BadInput(f"--project {project}: there is no such directory")
    chosen = project_at(host, inventory, where) or _declared(host, inventory, where)
    path = _target(host, kind, target, where)
    named = where if project else None
    where = chosen.path if chosen else where
    creator = CREATORS[kind]
    interpreter = creator.brings(python) if isinstance(creator, Brings) else None
    if interpreter is None:
        interpreter = choose(host, inventory, python) if python is not None else None
        interpreter = interpreter or default_python(host, inventory, where, chosen)
        if chosen and isinstance(creator, Declares):
            declared = creator.declared_python(host, chosen.path, path)
            interpreter = _as_declared(host, inventory, chosen, interpreter, declared)
    request = Request(path, interpreter, chosen, _source(host, source), named)
    plan = creator.create(host, request)
    # One that its manager brings is that manager's choice, and not known yet.
    here = interpreter.id != ""
    if chosen and here and not allowed(chosen.requires_python, [interpreter.version]):
        said = (
            f"{chosen.name} requires Python {chosen.requires_python}: {interpreter.version} is not"
        )
        plan = plan._replace(warnings=(*plan.warnings, said))
    taken = [
        guard.path for guard in plan.guards if guard.check == "absent" and host.lexists(guard.path)
    ]
    if taken:
        raise BadInput(f"{taken[0]} exists already; remove it first or choose another path")
    return plan


def _as_declared(
    host: Host, inventory: Inventory, project: Project, python: Interpreter, declared: str | None
) -> Interpreter:
    """The Python itself where it fits what its project declares, else the newest that does."""
    if declared is None or fits(python.version, declared):
        return python
    try:
        return choose(host, inventory, declared)
    except BadInput as error:
        raise BadInput(
            f"{project.path} declares Python {declared} for this environment: {error}"
        ) from None


def takes(kind: str) -> Takes:
    """What names a new environment of a kind: a path, a name in its store, or its project."""
    return CREATORS[kind].takes


def _target(host: Host, kind: str, target: str | None, where: str) -> str | None:
    """The path or name for a new environment, as its kind takes it."""
    how = takes(kind)
    if how == "project":
        if target:
            raise BadInput(f"{kind} chooses the place itself; --project DIR names the project")
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
    files, _ = read_files(host, directory)
    return project_of(host, files, inventory, ()) if files.markers else None


def _source(host: Host, source: str | None) -> str | None:
    if source is None:
        return None
    path = host.reachable(config.absolute(host, source))
    if not host.is_file(path):
        raise BadInput(f"--from {source}: there is no such file")
    return path


def default_python(
    host: Host, inventory: Inventory, directory: str, project: Project | None
) -> Interpreter:
    """The pinned one, else what `why` answers, else the newest. Raises BadInput where none is.

    What the project itself says is asked before what was chosen for everywhere.
    """
    found = _answered(host, inventory, directory)
    if project is None or host.variable("PYENV_VERSION"):
        return found
    if project.pins:
        own = project.pins[0].resolves_to[:1]
        return next((item for item in inventory.interpreters if item.id in own), found)
    wanted = project.requires_python
    if allowed(wanted, [found.version]):
        return found
    try:
        return newest(inventory, wanted)
    except BadInput as reason:
        raise BadInput(
            f"{project.name}: {reason}; another --python is taken all the same"
        ) from None


def _answered(host: Host, inventory: Inventory, directory: str) -> Interpreter:
    selection = select(host, directory)
    by_name = {item.name: item for item in inventory.interpreters if item.kind == "pyenv"}
    for name in selection.versions:
        if name in by_name:
            return by_name[name]
    if selection.missing:
        with contextlib.suppress(BadInput):
            return choose(host, inventory, selection.missing[0])  # uv reads that file too
        raise BadInput(
            f"{selection.missing[0]} is pinned by {selection.origin} and is not installed; "
            "choose another --python"
        )
    by_id = {item.id: item for item in inventory.interpreters}
    decided = deciding.why(host, inventory, directory).python or ""
    based = {item.id: item.interpreter for item in inventory.environments}
    found = by_id.get(based.get(decided) or decided)
    if found:
        return found
    if not inventory.interpreters:
        raise BadInput("no Python was found to create it with; `envtui install 3.13` may get one")
    return newest(inventory)


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


def activation(host: Host, item: Environment | Interpreter) -> Activation:
    """What switching to it means. Raises Negative with the reason where it can't be used."""
    owner = ACTIVATORS.get(item.kind)
    if isinstance(item, Interpreter):
        return owner.activate(host, item) if owner else bin_first(item)
    if item.health not in _USABLE:
        raise Negative(f"{item.id} can't be activated: {item.health}, {item.reason}")
    if not os.access(item.python, os.X_OK):
        raise Negative(f"{item.id} can't be activated: {item.python} may not be run")
    return owner.activate(host, item) if owner else environment_activation(item)


def why(host: Host, inventory: Inventory, directory: str | None = None) -> Decision:
    """Which Python a directory gets, and why. Raises BadInput where there is no such directory."""
    path = host.reachable(config.absolute(host, directory) if directory else config.here(host))
    if not host.is_dir(path):
        raise BadInput(f"{path} is not a directory")
    return deciding.why(host, inventory, path)
