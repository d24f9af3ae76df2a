"""Which Python a directory gets, by which file or variable, and what lost against it."""

from __future__ import annotations

import os

from envtui.adapters import pyenv_rules as rules
from envtui.adapters import tool_rules
from envtui.adapters.common import environment_with
from envtui.host import Host, is_within
from envtui.model import Decision, Environment, Interpreter, Inventory, Overruled


def why(host: Host, inventory: Inventory, directory: str) -> Decision:
    """The answer for a directory in this shell: PATH in order, pyenv's shims by pyenv's rules."""
    selection = rules.select(host, directory)
    voices = _by_path(host, inventory, selection, directory)
    shell_decides = bool(voices) and voices[0].manager == "shell"
    voices = _with_inactive(host, inventory, voices, directory)
    if not any(voice.manager == "pyenv" for voice in voices):
        spoken = _uv_voice(inventory, selection.origin)
        spoken = spoken or _pyenv_voice(host, inventory, selection, shims=False)
        # What a directory pins is meant, even where the shims that would obey are not on PATH;
        # an active environment and a global default without shims are not touched by it.
        pinned = _is_pinned(host, selection) and not shell_decides
        voices = [*spoken, *voices] if pinned else [*voices, *spoken]
    voices += _weaker_sources(host, inventory, directory)
    chosen = voices[0].id if voices else None
    # One that is pinned by name is not what lost.
    voices += [voice for voice in _project_voices(inventory, directory) if voice.id != chosen]
    first = voices[0] if voices else _Voice("none", "PATH", "no Python is on PATH", None)
    return Decision(
        directory=directory,
        python=first.id,
        path=first.path,
        version=first.version,
        manager=first.manager,
        source=first.source,
        rule=first.rule,
        overruled=tuple(
            Overruled(voice.manager, voice.source, voice.id or voice.said) for voice in voices[1:]
        ),
        pyenv_versions=selection.versions,
        pyenv_missing=selection.missing,
        pyenv_origin=selection.origin,
    )


class _Voice:
    """One thing that would decide if it were alone."""

    def __init__(
        self,
        manager: str,
        source: str,
        rule: str,
        item: Environment | Interpreter | None,
        said: str = "",
        version: str | None = None,
    ) -> None:
        self.manager = manager
        self.source = source
        self.rule = rule
        self.id = item.id if item else None
        self.version = item.version if item else version
        self.path = (item.python if isinstance(item, Environment) else item.path) if item else None
        if item is None and os.path.isabs(said):
            self.path = said
        self.said = said


def _by_path(
    host: Host, inventory: Inventory, selection: rules.Selection, directory: str
) -> list[_Voice]:
    voices: list[_Voice] = []
    entry = rules.shim_entry(host)
    seen = {entry} if entry else set()
    shims = os.path.join(rules.root(host), "shims")
    for folder in host.program_folders():
        if not os.path.isabs(folder) or folder in seen:
            continue
        seen.add(folder)
        if os.path.normpath(folder) == shims:
            voices += _pyenv_voice(host, inventory, selection, shims=True)
        elif _are_shims(host, folder):
            # They name their own root, whatever PYENV_ROOT says.
            variables = {**host.variables, "PYENV_ROOT": os.path.dirname(os.path.normpath(folder))}
            other = Host(host.home, variables, host.cwd, host.platform)
            chosen = rules.select(other, directory)
            voices += _pyenv_voice(other, inventory, chosen, shims=True)
        elif manager := tool_rules.of_folder(host, folder):
            if manager not in {voice.manager for voice in voices}:
                voices += _tool_voices(host, inventory, manager, directory, off=False)
        elif any(host.is_file(os.path.join(folder, name)) for name in ("python", "python3")):
            voice = _folder_voice(host, inventory, folder)
            if voice and voice.id not in {other.id for other in voices}:
                voices.append(voice)
    return voices


def _are_shims(host: Host, folder: str) -> bool:
    """Whether it is the shims of a root of pyenv, by its name and what stands there."""
    root, name = os.path.split(os.path.normpath(folder))
    return (
        name == "shims"
        and host.is_dir(os.path.join(root, "versions"))
        and host.is_file(os.path.join(folder, "python"))
    )


def _with_inactive(
    host: Host, inventory: Inventory, voices: list[_Voice], directory: str
) -> list[_Voice]:
    """Mise's and asdf's files too where they are not on PATH: meant, if no manager is active."""
    managers = {voice.manager for voice in voices}
    sources = {voice.source for voice in voices}
    off: list[_Voice] = []
    for manager in ("mise", "asdf"):
        if manager in managers:
            continue
        for voice in _tool_voices(host, inventory, manager, directory, off=True):
            if os.path.isabs(voice.source) and voice.source not in sources:
                sources.add(voice.source)
                off.append(voice)
    active = managers & {"shell", "pyenv", "mise", "asdf"}
    first = [voice for voice in off if voice.id and voice.rule.startswith("nearest")][:1]
    if active or not first:
        return [*voices, *off]
    return [*first, *voices, *(voice for voice in off if voice is not first[0])]


def _tool_voices(
    host: Host, inventory: Inventory, manager: str, directory: str, *, off: bool
) -> list[_Voice]:
    """What mise or asdf says of a directory; `off` where it is not on this shell's PATH."""
    by_id = {item.id: item for item in inventory.interpreters}
    voices = []
    for one in tool_rules.spoken(host, inventory, manager, directory):
        rule = f"{one.rule}, but {manager} is not active in this shell" if off else one.rule
        if one.python is None:
            rule += f"; {one.words[0]} is not installed"
        said = " ".join(one.words)
        voices.append(_Voice(manager, one.source, rule, by_id.get(one.python or ""), said))
    return voices


def _folder_voice(host: Host, inventory: Inventory, folder: str) -> _Voice | None:
    prefix = host.real(os.path.dirname(folder))
    if environment := environment_with(host, inventory, prefix):
        said = (n for n in ("VIRTUAL_ENV", "CONDA_PREFIX") if host.variable(n))
        by_shell = (n for n in said if host.real(host.variables[n]) == prefix)
        source = next(by_shell, "PATH")
        return _Voice("shell", source, "active in this shell", environment)
    for interpreter in inventory.interpreters:
        if interpreter.kind == "pyenv" and host.real(interpreter.prefix) == prefix:
            source = "PYENV_VERSION" if host.variable("PYENV_VERSION") else "PATH"
            return _Voice("pyenv", source, "active in this shell", interpreter)
    for name in ("python", "python3"):
        path = os.path.join(folder, name)
        if host.is_file(path) and host.is_file(os.path.join(prefix, "pyvenv.cfg")):
            return _Voice("venv", "PATH", "first on PATH, outside the searched roots", None, path)
        if host.is_file(path):
            for interpreter in inventory.interpreters:
                if host.real(interpreter.path) == host.real(path):
                    return _Voice(interpreter.kind, "PATH", f"first on PATH, {path}", interpreter)
            return _Voice("system", "PATH", f"first on PATH, {path}", None, path)
    return None


def _pyenv_voice(
    host: Host, inventory: Inventory, selection: rules.Selection, *, shims: bool
) -> list[_Voice]:
    """Pyenv's choice; none where pyenv itself passes on to what comes later on PATH."""
    folder = rules.versions_folder(host)
    known = {
        item.name: item
        for item in inventory.interpreters
        if item.kind == "pyenv" and os.path.dirname(item.prefix) == folder
    }
    names = [name for name in selection.versions if name != "system"]
    rule = _rule(host, selection.origin)
    if not shims:
        rule += ", but pyenv's shims are not on PATH"
    for name in names:
        real = host.real(os.path.join(folder, name))
        found: Environment | Interpreter | None = known.get(name) or _by_prefix(
            host, inventory, real
        )
        if found:
            return [_Voice("pyenv", selection.origin, rule, found)]
        path = os.path.join(folder, name, "bin", "python")
        if host.is_file(path):  # of another root than this shell's, which no list holds
            return [_Voice("pyenv", selection.origin, rule, None, path, name)]
    if selection.missing:
        missing = ", ".join(selection.missing)
        return [_Voice("pyenv", selection.origin, f"{rule}; {missing} is not installed", None)]
    return []


def _uv_voice(inventory: Inventory, origin: str) -> list[_Voice]:
    """What uv takes by the file that decides, where that lies in a project of uv's."""
    by_id = {item.id: item for item in inventory.interpreters}
    for project in inventory.projects:
        for pin in project.pins if "uv" in project.managers else ():
            found = by_id.get((*pin.resolves_to, None)[0] or "")
            if pin.file == origin and found:
                return [_Voice("uv", origin, "nearest file upward, by `uv run`", found)]
    return []


def _by_prefix(host: Host, inventory: Inventory, real: str) -> Environment | Interpreter | None:
    """A version by another name: an alias, or an environment of pyenv-virtualenv."""
    same = (item for item in inventory.interpreters if host.real(item.prefix) == real)
    return environment_with(host, inventory, real) or next(same, None)


def _is_pinned(host: Host, selection: rules.Selection) -> bool:
    return selection.origin != os.path.join(rules.root(host), "version")


def _rule(host: Host, origin: str) -> str:
    if origin.startswith("PYENV_VERSION"):
        return "set in this shell"
    if origin == os.path.join(rules.root(host), "version"):
        return "pyenv's global version"
    return "nearest file upward"


def _weaker_sources(host: Host, inventory: Inventory, directory: str) -> list[_Voice]:
    """What pyenv would take if its strongest source were gone."""
    voices = []
    names = rules.installed(host)
    for source in rules.considered(host, directory)[1:]:
        selection = rules.resolve_all(host, source, names)
        if selection.versions == ("system",) or not source.words:
            continue
        found = _pyenv_voice(host, inventory, selection, shims=True)
        said = ", ".join((*selection.versions, *selection.missing))
        voices += found or [_Voice("pyenv", source.origin, "", None, said)]
    return voices


def _project_voices(inventory: Inventory, directory: str) -> list[_Voice]:
    """The environments of the project one stands in, as its own manager would use them."""
    voices = []
    for environment in inventory.environments:
        project = environment.project
        if project and not environment.active and is_within(directory, project):
            rule = "the project's environment, not active"
            voices.append(_Voice(environment.kind, environment.path, rule, environment))
    return voices
