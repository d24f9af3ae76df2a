"""PDM: `.venv` in the project, or environments in its store, named by a hash of the path.

Names and places as PDM 2.29 computes them (pdm/cli/commands/venv/utils.py). `.pdm-python` in the
project holds the path of the Python that is used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui.adapters import pdm_places as places
from envtui.adapters import stores
from envtui.adapters.capabilities import Claim, Found, Projects, Request, Takes
from envtui.adapters.choice import choose, fits, minor
from envtui.adapters.common import (
    asked_project,
    claim_by_path,
    claim_in_store,
    display_name,
    environment_with,
    own_project,
    project_around,
    project_files,
    projects_by_hash,
    recorded_claim,
    spoilt_settings,
)
from envtui.adapters.creating import created
from envtui.adapters.going import removal, unchanged
from envtui.adapters.pin_files import dropped_pin, one_word
from envtui.adapters.programs import MadeByTool, tool_or_fail
from envtui.adapters.pyenv_rules import words_of
from envtui.adapters.rebuilding import rebuilt, reinstall
from envtui.adapters.stores import environments
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory, Pin
from envtui.plan import Guard, Plan, Run, Step, Trash, Write
from envtui.prefix import Prefix, Prefixes
from envtui.project import ProjectFiles

_NAME = re.compile(r"^(.+-[A-Za-z0-9_-]{8})-.+$", re.DOTALL)
_LOCAL_PACKAGES = "__pypackages__"
# So that it looks for no newer PDM and virtualenv writes no `.venv` file beside.
_QUIET = (("PDM_CHECK_UPDATE", "false"), ("VIRTUALENV_VENV_REDIRECT", "false"))


class Pdm(MadeByTool):
    """Environments that belong to a project which PDM manages."""

    kind = "pdm"
    kept = "is PDM's: `pdm python remove {name}` removes it, without asking who uses it"
    takes: Takes = "project-name"

    def stores(self, host: Host) -> list[str]:
        """The directory of `venv.location`, and that of PDM's own Pythons."""
        return [places.store(host), places.pythons(host)]

    def find(self, host: Host, prefixes: Prefixes) -> Iterator[Found]:
        """Every directory with a pyvenv.cfg in the store."""
        yield from spoilt_settings(host, places.config_file(host), "PDM's")
        yield from stores.versions(host, prefixes, self.kind, places.pythons(host))
        yield from environments(host, places.store(host), "PDM's")

    def manages(self, files: ProjectFiles) -> bool:
        """Its lock, its choice of a Python, `__pypackages__`; its table where no other locks."""
        if not files.markers.isdisjoint((".pdm-python", "pdm.lock", "pdm.toml", _LOCAL_PACKAGES)):
            return True
        return files.lock in (None, "pylock.toml") and bool(files.tool("pdm"))

    def claim(self, host: Host, prefix: Prefix, projects: Projects) -> Claim | None:
        """By its store; inside a project by `.pdm-python`, else by the prompt that PDM gives."""
        if prefix.folder == places.store(host):
            return self._claim_stored(host, prefix, projects)
        project, evidence = project_around(prefix, projects)
        if project is None:
            return None
        files = projects[project]
        said = None
        if places.names(host, files, prefix):
            said = f"{project}/.pdm-python names it"
        elif self._looks_like(files, prefix):
            said = "PDM's files stand beside, its prompt is PDM's"
        if said is None:
            return None
        if _LOCAL_PACKAGES in files.markers:
            evidence = (*evidence, f"{_LOCAL_PACKAGES} stands beside")
        name = display_name(prefix.path, host.home)
        return claim_by_path(self.kind, name, project, *evidence, said)

    def _looks_like(self, files: ProjectFiles, prefix: Prefix) -> bool:
        """`pdm venv create` writes no `.pdm-python`, but a prompt such as `shop-3.12`."""
        others = ("Pipfile", "poetry.lock", "uv.lock")
        prompt = f"{os.path.basename(files.path).lower()}-{minor(prefix.version)}"
        return (
            self.manages(files)
            and files.markers.isdisjoint(others)
            and prefix.config.get("prompt") == prompt
        )

    def _claim_stored(self, host: Host, prefix: Prefix, projects: Projects) -> Claim:
        name = prefix.leaf
        found = _NAME.match(name)
        evidence = (f"in PDM's store {places.store(host)}",)
        # A name may hold dashes as the hash may: the project decides where the hash ends.
        if found:
            known_names = projects_by_hash(host, projects, places.base_name)
            starts = (name[: at + 1] for at, letter in enumerate(name) if letter == "-")
            project = next((known_names[start] for start in starts if start in known_names), None)
            if project:
                because = f"PDM's hash of {project} is in its name"
                return claim_in_store(self.kind, name, project, *evidence, because)
        choosers = places.choosers(host, projects)
        for place in (prefix.path, *prefix.links, prefix.real):
            if path := choosers.get(place):
                because = f"{path}/.pdm-python names it"
                return claim_in_store(self.kind, name, path, *evidence, because)
        return recorded_claim(host, prefix, claim_in_store(self.kind, name, None, *evidence))

    def create(self, host: Host, request: Request) -> Plan:
        """`pdm venv create`: with a name in the store, without as the configuration says."""
        files = project_files(host, asked_project(request, "PDM").path)
        name = _checked(request.target)
        make, target = _creation(host, files, request.python, name)
        steps: list[Step] = [make]
        if request.source:
            steps.append(_installation(host, files, request.source, make, target))
        what = f"{os.path.basename(target)} for {files.name}"
        return created(what, f"on Python {request.python.version}", target, *steps)

    def remove(self, host: Host, environment: Environment) -> Plan:
        """Into the trash, and `.pdm-python` with it where that names it."""
        records: list[Step] = []
        for folder in (environment.project, os.path.dirname(environment.path)):
            file = os.path.join(folder, ".pdm-python") if folder else ""
            prefix = places.chosen_prefix(host, file) if folder else None
            if prefix and prefix in (environment.path, environment.real, *environment.aliases):
                records = [Trash(file)]
        return removal(host, environment, *records)

    def rebuild(self, host: Host, environment: Environment, python: Interpreter) -> Plan:
        """`pdm venv create` in the emptied place, then what the lock or the old one's list says."""
        files = project_files(host, own_project(environment, "PDM"))
        key = places.key(host, files.path, environment.path)
        if key is None:
            raise BadInput(f"PDM itself would not make {environment.path} for {files.path}")
        if re.fullmatch(r"\d+\.\d+", key) and key != minor(python.version):
            raise BadInput(
                f"{environment.name} is named after its Python {key}; make another beside it: "
                f"`envtui create NAME --kind pdm --python {python.version}`"
            )
        inside = key == places.INSIDE
        make, _ = _creation(host, files, python, None if inside else key)
        if inside:  # whatever the configuration says of new ones
            make = make._replace(variables=(*_QUIET, ("PDM_VENV_IN_PROJECT", "true")))
        lock = os.path.join(files.path, "pdm.lock")
        after = reinstall(host, environment)
        if host.is_file(lock):
            sync = _installation(host, files, lock, make, environment.path)
            after = [sync._replace(within=environment.path)]
        elif after:
            argv = list(make.argv)
            make = make._replace(argv=(*argv[:-1], "--with-pip", argv[-1]))
        return rebuilt(host, environment, python, make, *after)

    def pins(self, host: Host, files: ProjectFiles, inventory: Inventory) -> list[Pin]:
        """The Python that `.pdm-python` names: an environment's as a rule."""
        if ".pdm-python" not in files.markers:
            return []
        file = os.path.join(files.path, ".pdm-python")
        python = places.chosen(host, file)
        if python is None:
            return []
        real = host.real(os.path.dirname(os.path.dirname(python)))
        if environment := environment_with(host, inventory, real):
            return [Pin(file, (environment.version or python,), (environment.id,))]
        for item in inventory.interpreters:
            if python in (item.path, *item.aliases) or host.real(item.path) == host.real(python):
                return [Pin(file, (item.version,), (item.id,))]
        return [Pin(file, (python,), (None,))]

    def pin(self, host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
        """The project's environment on that Python is chosen, and made where there is none.

        `pdm use` itself would empty an existing `.venv` and make it again: never run.
        """
        word = one_word(words, "PDM uses one Python for a project")
        python = choose(host, inventory, word)
        files = project_files(host, project)
        own = [
            item
            for item in inventory.environments
            if item.kind == self.kind and item.project == project and item.health == "ok"
        ]
        fitting = [item for item in own if item.interpreter == python.id]
        fitting = fitting or [item for item in own if item.version and fits(item.version, word)]
        if fitting:
            # The one inside the project first, as PDM itself looks for one.
            chosen = min(fitting, key=lambda item: not item.path.startswith(project + "/"))
            return self.pin_environment(host, chosen, project)
        make, target = _creation(host, files, python, None)
        if host.lexists(target):
            raise BadInput(
                f"{target} is this project's environment and `pdm use` would empty it; remove it "
                f"with envtui first, or make another beside it: "
                f"`envtui create NAME --kind pdm --python {word}`"
            )
        steps = _choice(host, project, target, python.version)
        return Plan(
            f"Use Python {python.version} for {files.name} (PDM)",
            (make, *steps),
            (Guard("absent", target), Guard("executable", make.argv[0]), *unchanged(host, *steps)),
            done=f"PDM uses {python.version} for {files.name}",
        )

    def pin_environment(self, host: Host, environment: Environment, project: str) -> Plan:
        """`.pdm-python` with the environment's Python, as `pdm use --venv` writes it."""
        version = environment.version or ""
        steps = _choice(host, project, environment.path, version)
        return Plan(
            f"Use {environment.name} for {os.path.basename(project)} (PDM)",
            steps,
            unchanged(host, *steps),
            tuple(_disagreeing(host, project, version)),
            done=f"PDM uses {environment.name} for {os.path.basename(project)}",
        )

    def unpin(self, host: Host, project: str) -> Plan | None:
        """Without `.pdm-python`, PDM takes the first of the project's environments that fits."""
        return dropped_pin(host, os.path.join(project, ".pdm-python"))


def _checked(name: str | None) -> str | None:
    if name is not None and not re.fullmatch(r"[\w.][\w.+-]*", name):
        raise BadInput(f"{name!r} can't name a PDM environment; letters, digits, `.`, `-`, `_` can")
    return name


def _creation(
    host: Host, files: ProjectFiles, python: Interpreter, name: str | None
) -> tuple[Run, str]:
    """The command, and where the environment will be."""
    if "pyproject.toml" not in files.markers:
        raise BadInput(f"{files.path} has no pyproject.toml; `pdm init` makes one")
    tool = tool_or_fail(host, "pdm")
    inside = places.setting(host, files.path, "PDM_VENV_IN_PROJECT", "venv", "in_project")
    if inside and name is None:
        target = os.path.join(files.path, ".venv")
    else:
        root = host.real(files.path)
        key = name or minor(python.version)
        target = os.path.join(places.store(host), places.base_name(root) + key)
    named = ("-n", name) if name else ()
    make = Run(
        (tool, "-n", "venv", "create", *named, python.path),
        files.path,
        variables=_QUIET,
        creates=(target,),
    )
    return make, target


def _installation(host: Host, files: ProjectFiles, source: str, make: Run, target: str) -> Run:
    if source != os.path.join(files.path, "pdm.lock"):
        raise BadInput(f"PDM installs from the project's own pdm.lock, not from {source}")
    key = places.key(host, files.path, target) or ""
    argv = (make.argv[0], "-n", "sync", "--no-self", "--venv", key)
    changes = (os.path.join(files.path, ".pdm-python"),)
    return Run(argv, files.path, variables=_QUIET, changes=changes)


def _choice(host: Host, project: str, prefix: str, version: str) -> tuple[Step, ...]:
    """`.pdm-python`, and `.python-version` where there is none yet, as `pdm use` writes both."""
    file = os.path.join(project, ".pdm-python")
    steps = [Write(file, os.fsencode(os.path.join(prefix, "bin", "python")))]
    beside = os.path.join(project, ".python-version")
    wanted = places.setting(host, project, "PDM_USE_PYTHON_VERSION", "python", "use_python_version")
    if wanted and version and not host.lexists(beside):
        steps.append(Write(beside, f"{minor(version)}\n".encode()))
    return tuple(steps)


def _disagreeing(host: Host, project: str, version: str) -> Iterator[str]:
    """A warning where the project's `.python-version`, which stays, speaks of another Python."""
    file = os.path.join(project, ".python-version")
    words = words_of(host.read_if(file, 1 << 16))
    if words and not any(fits(version, word) for word in words):
        yield f"{file} still says {', '.join(words)}"
