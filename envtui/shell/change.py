"""Activation and its reverse as a pure change of variables (spec/shells.md 2.3).

Everything is worked out on a copy of the caller's variables; the change is the difference.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from envtui.activation import Activation
from envtui.errors import Negative
from envtui.shell import quote, scripts
from envtui.shell.scripts import Scripts
from envtui.shell.state import KEYS, State, dump, load, may_change

# Set by the shell function for one call only; nothing that we start may inherit them.
CALL = ("ENVTUI_SHELL", "ENVTUI_PROTO", "ENVTUI_OUT")
CALLER = "ENVTUI_CALLER_"
PYTHON_VARIABLES = ("PYTHONHOME", "PYTHONPATH")
OURS = ("ENVTUI_STATE", "ENVTUI_BIN", "ENVTUI_AUTO")


class Change(NamedTuple):
    """What a shell has to do to get from where it is to where it should be."""

    set: dict[str, str]
    unset: tuple[str, ...]
    active: bool
    """Whether something of ours is active afterwards."""
    foreign: bool = False
    """A virtualenv that somebody else activated is left first, by its own function, if any."""
    leaving: tuple[str, ...] = ()
    """Scripts to source before anything else."""
    entering: tuple[str, ...] = ()
    """Scripts to source afterwards."""
    cd: str | None = None
    """A directory to go to."""
    notes: tuple[str, ...] = ()
    """Sentences for the user."""
    command: str = "envtui deactivate"
    """What a person types to get the same change."""


def caller(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables as they are in the user's shell: the ones of this call are taken out again."""
    result = {name: value for name, value in environ.items() if name not in CALL}
    for name in PYTHON_VARIABLES:
        if (value := result.pop(CALLER + name, None)) is not None:
            result.pop(name, None)
            if value:
                result[name] = value
    return result


def activate(
    activation: Activation,
    environ: Mapping[str, str],
    cd: str | None = None,
    auto: str | None = None,
) -> Change:
    """The change that leaves what is active and enters `activation`. Raises Negative.

    `auto` is the project's root, where entering it is the only reason.
    """
    _check(activation)
    before = caller(environ)
    after, foreign, notes = _left(before)
    dialect = environ.get("ENVTUI_SHELL", "")
    found = Scripts()
    if activation.scripts and auto is None:
        found = scripts.entering(activation.prefix, dialect)
    if found.paths:
        names = ", ".join(map(os.path.basename, found.paths))
        notes = (*notes, f"its activation scripts are run: {names}")
    _enter(after, activation, auto, ran_scripts=bool(found.paths))
    leaving, again = _scripts_of_what_is_left(before, _left(before)[0], dialect)
    return _difference(before, after, foreign=foreign)._replace(
        leaving=leaving,
        entering=(*again, *found.paths),
        cd=cd,
        notes=(*notes, *found.notes),
        command=f"envtui activate {quote.posix(activation.prefix)}",
    )


def deactivate(environ: Mapping[str, str], cd: str | None = None) -> Change:
    """The change that leaves what is active, ours and foreign. Raises Negative if nothing is."""
    before = caller(environ)
    if not any(before.get(name) for name in (*OURS, "VIRTUAL_ENV")):
        if before.get("CONDA_PREFIX"):
            raise Negative("What is active in this shell is conda's own: `conda deactivate`.")
        raise Negative("No environment is active in this shell, so there is nothing to deactivate.")
    after, foreign, notes = _left(before)
    leaving, again = _scripts_of_what_is_left(before, after, environ.get("ENVTUI_SHELL", ""))
    return _difference(before, after, foreign=foreign)._replace(
        leaving=leaving, entering=again, cd=cd, notes=notes
    )


def _scripts_of_what_is_left(
    before: Mapping[str, str], after: Mapping[str, str], dialect: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Its own, where scripts of it were run; and again those of the one that conda has below it."""
    state = active(before)
    if state is None or not state.scripts or before.get("CONDA_PREFIX") != state.prefix:
        return (), ()
    below = after.get("CONDA_PREFIX")
    again = scripts.entering(below, dialect).paths if below else ()
    return scripts.leaving(state.prefix, dialect).paths, again


def entered(
    activation: Activation, environ: Mapping[str, str], *, ran_scripts: bool = False
) -> dict[str, str]:
    """All variables of a process that starts inside `activation`. Raises Negative."""
    _check(activation)
    after = _left(caller(environ))[0]
    _enter(after, activation, ran_scripts=ran_scripts)
    return after


def active(environ: Mapping[str, str]) -> State | None:
    """What envtui has activated in this shell, if anything."""
    text = environ.get("ENVTUI_STATE")
    return load(text) if text else None


def prepend(path: str | None, entry: str) -> str:
    """PATH with one more entry in front; None is an unset PATH."""
    return entry if path is None else f"{entry}:{path}"


def without(path: str | None, entry: str) -> str | None:
    """PATH without the first entry equal to `entry`; the others stay in their order."""
    if path is None:
        return None
    entries = path.split(":")
    if entry not in entries:
        return path
    entries.remove(entry)
    return ":".join(entries) if entries else None


def _check(activation: Activation) -> None:
    """A PATH entry can't hold a colon: nothing quotes it there (POSIX, XBD 8.3)."""
    for path in (activation.prefix, activation.path_entry, *activation.more):
        if ":" in path:
            raise Negative(
                f"{path} can't be activated: PATH has no way to hold a ':' in a directory."
            )
        if "\0" in path:
            raise Negative(f"{path!r} can't be activated: no path holds a NUL.")
    if unknown := sorted(name for name in activation.variables if not may_change(name)):
        raise ValueError(f"activation sets variables that no state may hold: {unknown}")


def _enter(
    env: dict[str, str],
    activation: Activation,
    auto: str | None = None,
    *,
    ran_scripts: bool = False,
) -> None:
    """Put `activation` into variables in which nothing is active."""
    wanted: dict[str, str | None] = dict(activation.variables)
    if "CONDA_PREFIX" in wanted:
        wanted |= _conda_level(env)
    if env.get("PYTHONHOME"):
        wanted["PYTHONHOME"] = None  # it would send the environment's python to another library
    if prompt := wanted.get("VIRTUAL_ENV_PROMPT"):
        # It is shown at every prompt, where an escape sequence would be obeyed.
        wanted["VIRTUAL_ENV_PROMPT"] = "".join(c if c.isprintable() else "?" for c in prompt)
    saved = {name: (env.get(name), value) for name, value in wanted.items()}
    for name, value in wanted.items():
        _put(env, name, value)
    entries = (activation.path_entry, *activation.more)
    _put(env, "PATH", prepend(env.get("PATH"), ":".join(entries)))
    name, kind, prefix = activation.name, activation.kind, activation.prefix
    env["ENVTUI_STATE"] = dump(State(name, kind, prefix, entries, saved, auto, ran_scripts))
    env["ENVTUI_BIN"] = activation.path_entry
    if auto is not None:
        env["ENVTUI_AUTO"] = auto


def _conda_level(env: Mapping[str, str]) -> dict[str, str]:
    """How deep conda counts itself, and the prefix below, to which its own `deactivate` returns."""
    level = env.get("CONDA_SHLVL", "")
    depth = int(level) if level.isascii() and level.isdigit() and len(level) < 4 else 0
    below = (
        {f"CONDA_PREFIX_{depth}": env["CONDA_PREFIX"]} if depth and "CONDA_PREFIX" in env else {}
    )
    return {**below, "CONDA_SHLVL": str(depth + 1)}


def _left(before: Mapping[str, str]) -> tuple[dict[str, str], bool, tuple[str, ...]]:
    """The variables with nothing active, whether something foreign was, and what to say."""
    env = dict(before)
    notes: tuple[str, ...] = ()
    state = active(env)
    if state is None and env.get("ENVTUI_STATE"):
        entry = env.get("ENVTUI_BIN")
        state = State("", "", "", (entry,) if entry else (), {})
        notes = ("ENVTUI_STATE could not be read; variables set before it broke may be left over.",)
    saved = state.saved if state else {}
    foreign = (
        bool(env.get("VIRTUAL_ENV"))
        and env["VIRTUAL_ENV"] != saved.get("VIRTUAL_ENV", (None, None))[1]
    )
    if foreign:
        _put(env, "PATH", without(env.get("PATH"), env["VIRTUAL_ENV"].rstrip("/") + "/bin"))
        for name in ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PIPENV_ACTIVE", "POETRY_ACTIVE"):
            _put(env, name, saved.get(name, (None, None))[1])
    if state is not None:
        for entry in state.path:
            _put(env, "PATH", without(env.get("PATH"), entry))
        for name, (old, new) in saved.items():
            if env.get(name) == new:
                _put(env, name, old)
    for name in OURS:
        env.pop(name, None)
    return env, foreign, notes


def _difference(before: Mapping[str, str], after: Mapping[str, str], *, foreign: bool) -> Change:
    # A foreign `deactivate` puts back values of its own, so that nothing can be taken for granted.
    names = ["PATH", *KEYS, *OURS, *others(before, after)]
    changed = [name for name in names if foreign or before.get(name) != after.get(name)]
    return Change(
        {name: after[name] for name in changed if name in after},
        tuple(name for name in changed if name not in after),
        "ENVTUI_STATE" in after,
        foreign,
    )


def others(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The variables of an environment's own, beside those that are known, that differ."""
    names = {*before, *after}.difference(("PATH", *KEYS, *OURS))
    return sorted(name for name in names if before.get(name) != after.get(name))


def _put(env: dict[str, str], name: str, value: str | None) -> None:
    if value is None:
        env.pop(name, None)
    else:
        env[name] = value
