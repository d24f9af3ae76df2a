"""What is wrong with a machine's Pythons as a whole, each with the plan that puts it right."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from envtui import lost, trust, verbs
from envtui.adapters import conda, conda_places, poetry, pyenv_builds, pyenv_rules
from envtui.adapters.common import content_hash
from envtui.errors import Problem
from envtui.host import Host, inode
from envtui.model import Inventory, Project
from envtui.plan import Guard, Plan, Step, Trash, Unlink, Write, combine
from envtui.repairing import plan_repair
from envtui.shell import flaws, init
from envtui.shell.setup import rc_files

_MARK = "# envtui doctor"
# Each takes `.venv` for its own, whoever made it; the last two can be told not to.
_TAKERS = ("uv", "pipenv", "poetry", "pdm")
_QUIET = {
    "poetry": ("poetry.toml", "virtualenvs", "in-project"),
    "pdm": ("pdm.toml", "venv", "in_project"),
}


class Trouble(NamedTuple):
    """One thing that is wrong."""

    name: str
    """What sort of thing, in two or three words that never change."""
    text: str
    """What is wrong, and what comes of it."""
    advice: str
    """What a person can do; what the plan does, where there is one."""
    plan: Plan | None


Found = Iterator[Trouble]


def examine(host: Host, inventory: Inventory) -> list[Trouble]:
    """Everything that is wrong; a place that can't be looked at is a trouble of its own."""
    checks: tuple[Callable[[Host, Inventory], Found], ...] = (
        _lost, _unhealthy, _pins, _shims, _links, _records, _registered, _order, _fights,
        _shells,
    )  # fmt: skip
    found: list[Trouble] = []
    for check in checks:
        try:
            found += check(host, inventory)
        except OSError as error:
            text = f"{error.filename} can't be read: {error.strerror}"
            found.append(Trouble("can't be read", text, "see to its permissions", None))
    return found


def _lost(host: Host, inventory: Inventory) -> Found:
    by_id = {item.id: item for item in inventory.environments}
    for one in lost.pythons(inventory):
        items = [by_id[name] for name in one.environments]
        plan, advice = _or_reason(lambda items=items: plan_repair(host, inventory, items))  # type: ignore[misc]
        count = f"{len(items)} environment{'s' * (len(items) > 1)}"
        text = f"{count} lost Python {one.version}, which was in {host.short(one.base)}"
        yield Trouble("lost Python", text, advice or "put on another Python", plan)


def _unhealthy(host: Host, inventory: Inventory) -> Found:
    told = {name for one in lost.pythons(inventory) for name in one.environments}
    for item in inventory.environments:
        if item.health == "ok" or item.id in told:
            continue
        plan, advice = _or_reason(lambda item=item: plan_repair(host, inventory, [item]))  # type: ignore[misc]
        text = f"{item.id} is {item.health}: {item.reason}"
        yield Trouble(item.health, text, advice or "repair it", plan)


def _pins(host: Host, inventory: Inventory) -> Found:
    """Versions that a file asks for and that are not there, each once."""
    asking: dict[str, list[str]] = {}
    for project in inventory.projects:
        for pin in project.pins:
            for word, found in zip(pin.versions, pin.resolves_to, strict=False):
                if (
                    found is None
                    and word[:1].isdigit()
                    and os.path.basename(pin.file) != "envs.toml"
                ):
                    asking.setdefault(word, []).append(host.short(pin.file))
    for word, files in asking.items():
        plan, advice = _or_reason(lambda word=word: verbs.plan_install(host, word))  # type: ignore[misc]
        text = f"Python {word} is not installed; asked for by {', '.join(files)}"
        yield Trouble("missing version", text, advice or "install it, or pin another", plan)


def _shims(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    names = pyenv_builds.dangling_shims(host)
    if names:
        folder = os.path.join(pyenv_rules.root(host), "shims")
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        steps = tuple(Trash(os.path.join(folder, name)) for name in names)
        yield Trouble(
            "dangling shims",
            f"pyenv has shims of programs that no version has any more: {shown}",
            "remove them, as `pyenv rehash` would",
            _plan("Remove dangling shims of pyenv", steps, "removed dangling shims"),
        )


def _links(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """Links of pyenv, and commands of the user's, that lead to a Python that is gone."""
    versions = pyenv_rules.versions_folder(host)
    places = (
        (versions, re.compile(r"")),
        (os.path.join(host.home, ".local", "bin"), re.compile(r"(python|pypy|pip)[\d.]*$")),
    )
    for folder, pattern in places:
        for name in _names(host, folder):
            path = os.path.join(folder, name)
            if pattern.match(name) and host.is_link(path) and not os.path.exists(path):
                target = host.short(os.path.join(folder, os.readlink(path)))
                yield Trouble(
                    "dangling link",
                    f"{host.short(path)} leads to {target}, which is gone",
                    "remove the link",
                    _plan(
                        f"Remove the link {host.short(path)}", (Unlink(path),), "removed the link"
                    ),
                )


def _records(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    steps = poetry.stale_records(host)
    if steps:
        path = steps[0].path
        names = ", ".join(step.section.split("]")[0].strip('["') for step in steps)
        plans = [_plan("", (step,), "") for step in steps]
        title = "Take stale entries out of Poetry's envs.toml"
        plan = combine(title, plans, "took stale entries out of envs.toml")
        yield Trouble(
            "stale record",
            f"{host.short(path)} names environments that are gone: {names}",
            "take them out; Poetry then chooses anew",
            plan,
        )


def _registered(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    path = conda_places.register(host)
    gone = conda.dead_lines(host)
    if gone:
        content = os.fsdecode(host.read(path)).splitlines(keepends=True)
        kept = os.fsencode("".join(line for line in content if line.strip() not in gone))
        yield Trouble(
            "dead line",
            f"{host.short(path)} names what is no environment any more: {', '.join(gone[:5])}",
            "take the lines out, as conda does",
            _plan("Take dead lines out of environments.txt", (Write(path, kept),), "took them out"),
        )


def _order(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """What is found before pyenv's shims, so that its pins decide nothing."""
    root = host.real(pyenv_rules.root(host))
    shims = os.path.join(pyenv_rules.root(host), "shims")
    if not _names(host, shims):
        return
    active = {host.variable(name) for name in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    chosen = {os.path.join(prefix, "bin") for prefix in active if prefix}
    for folder in host.variables.get("PATH", "").split(os.pathsep):
        real = host.real(folder)
        if real == host.real(shims) or real.startswith(root + "/") or folder in chosen:
            if real == host.real(shims):
                return
            continue
        hiding = [n for n in ("python", "python3") if os.access(os.path.join(folder, n), os.X_OK)]
        if folder and hiding:
            yield Trouble(
                "hidden pyenv",
                f"{host.short(folder)} comes before pyenv's shims on PATH and has "
                f"{' and '.join(hiding)}: pins of pyenv decide nothing here",
                "put the shims first in the shell's startup file, for new shells",
                _shims_first(host, shims),
            )
            return
    yield Trouble(
        "hidden pyenv",
        "pyenv's shims are not on PATH: its pins decide nothing here",
        "put the shims first in the shell's startup file, for new shells",
        _shims_first(host, shims),
    )


def _shims_first(host: Host, shims: str) -> Plan | None:
    """A line at the end of the startup file; None where it is there already, or no such shell."""
    from envtui.shell import named, quote

    shell = named(host.variable("SHELL") or "")
    if shell not in ("bash", "zsh", "fish"):
        return None
    path = host.real(rc_files(shell, host)[0])
    word = quote.word(shell, shims)
    line = f"fish_add_path -mP {word}" if shell == "fish" else f'export PATH={word}":$PATH"'
    try:
        content = host.read(path)
    except FileNotFoundError:
        content = b""
    if _MARK.encode() in content:
        return None
    gap = b"" if not content or content.endswith(b"\n") else b"\n"
    added = f"{line} {_MARK}\n"
    step = Write(path, content + gap + os.fsencode(added))
    return _plan(f"Put pyenv's shims first in {host.short(path)}", (step,), "put the shims first")


def _fights(host: Host, inventory: Inventory) -> Found:
    """A `.venv` that two managers of the project take for their own: one remakes the other's."""
    inside = {item.path: item for item in inventory.environments}
    for project in inventory.projects:
        item = inside.get(os.path.join(project.path, ".venv"))
        takers = [
            name for name in _TAKERS if name in project.managers and _takes(host, project, name)
        ]
        if item is None or len(takers) < 2:
            continue
        leaves = next((n for n in ("poetry", "pdm") if n in takers and n != item.kind), None)
        text = f"{' and '.join(takers)} both take {host.short(item.path)} for their own"
        advice = "keep the files of one of them only"
        plan = None
        if leaves:
            plan = _stays_out(host, project, leaves)
            advice = f"tell {leaves} to keep its environments elsewhere, in {_QUIET[leaves][0]}"
        yield Trouble("two managers", text, advice, plan)


def _shells(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """What keeps envtui's own function and its hook from working."""
    for flaw in flaws.flaws(host, init.program()):
        yield Trouble(*flaw)
    try:
        trust.word(os.sep, os.sep)
    except Problem as reason:
        yield Trouble("no words kept", str(reason), "`envtui allow` keeps new ones then", None)


def _takes(host: Host, project: Project, name: str) -> bool:
    if name == "poetry":
        return poetry.in_project(host, project.path)
    return name != "pdm" or _setting(host, project, name) is not False


def _setting(host: Host, project: Project, name: str) -> object:
    from envtui.project import read_toml

    file, table, key = _QUIET[name]
    try:
        found = read_toml(host, os.path.join(project.path, file)).get(table)
    except (OSError, ValueError):
        return None
    return found.get(key) if isinstance(found, dict) else None


def _stays_out(host: Host, project: Project, name: str) -> Plan | None:
    """The project's own setting by which a manager leaves `.venv` alone."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    file, table, key = _QUIET[name]
    path = os.path.join(project.path, file)
    try:
        document = tomlkit.parse(host.read(path).decode())
    except FileNotFoundError:
        document = tomlkit.document()
    except (OSError, ValueError, TOMLKitError):
        return None
    section = document.setdefault(table, tomlkit.table())
    section[key] = False
    step = Write(path, tomlkit.dumps(document).encode())
    return _plan(f"Keep {name} out of {project.name}'s .venv", (step,), f"keeps {name} out")


def _plan(title: str, steps: tuple[Step, ...], done: str) -> Plan:
    """These steps, on things that are still as they were looked at."""
    host = Host()
    guards = []
    for step in steps:
        if isinstance(step, Write):
            guards.append(Guard("content", step.path, content_hash(host, step.path)))
        elif isinstance(step, (Trash, Unlink)):
            guards.append(Guard("inode", step.path, inode(step.path)))
    return Plan(title, steps, tuple(guards), done=done)


def _or_reason(make: Callable[[], Plan]) -> tuple[Plan | None, str]:
    """The plan, or why there is none."""
    try:
        return make(), ""
    except Problem as reason:
        return None, str(reason)


def _names(host: Host, folder: str) -> list[str]:
    try:
        return host.names(folder)
    except OSError:
        return []
