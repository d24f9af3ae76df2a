"""`ENVTUI_STATE`: what was changed in a shell, so that it can be taken back.

It travels in the environment and so may hold anything: whatever is not as we write it is no state.
"""

from __future__ import annotations

import binascii
import os
import re
from typing import Any, NamedTuple

VERSION = 1
# What the module base64 would do, whose import takes a tenth of a Python start.
_URLSAFE, _STANDARD = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")

# The variables that any state may make us set or unset.
KEYS = (
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "PYTHONHOME",
    "PYENV_VERSION",
    "PIPENV_ACTIVE",
    "POETRY_ACTIVE",
    "CONDA_PREFIX",
    "CONDA_DEFAULT_ENV",
    "CONDA_SHLVL",
    "CONDA_PROMPT_MODIFIER",
)
# A conda environment has variables of its own on top; never those by which a shell, the loader or
# Python finds its code, nor ours. Compiled where one is met: 2 ms that other kinds need not wait.
_OWN = r"[A-Za-z_][A-Za-z0-9_]{0,127}"
_NEVER = (
    r"PATH|HOME|SHELL|USER|LOGNAME|PWD|OLDPWD|TERM|TMPDIR|IFS|ENV|CDPATH|FPATH|GLOBIGNORE|EDITOR|"
    r"VISUAL|PAGER|PROMPT\w*|PS[0-9]|RPROMPT|RPS1|SHELLOPTS|SHLVL|INPUTRC|HIST\w*|ZDOTDIR|BASH\w*|"
    r"LD_\w*|DYLD_\w*|PYTHON(?!UTF8$|WARNINGS$|HASHSEED$|UNBUFFERED$)\w*|GIT_\w*|SSH_\w*|XDG_\w*|"
    r"_|_?_?ENVTUI_\w*|fish_\w*"
)


class State(NamedTuple):
    """One activation, as remembered."""

    name: str
    kind: str
    prefix: str
    path: tuple[str, ...]
    """The entries we put on PATH."""
    saved: dict[str, tuple[str | None, str | None]]
    """For each variable its value before and the one we gave it; None is unset."""
    auto: str | None = None
    """The project's root, where nobody asked for it but entering that directory."""
    scripts: bool = False
    """Whether scripts of its packages were run, so that leaving runs their counterparts."""


def may_change(name: str) -> bool:
    """Whether a state may hold that variable."""
    return name in KEYS or is_ordinary(name)


def is_ordinary(name: str) -> bool:
    """Whether a conda environment may have this variable of its own."""
    return bool(re.fullmatch(_OWN, name)) and not re.fullmatch(_NEVER, name, re.IGNORECASE)


def dump(state: State) -> str:
    """The state as one word of letters, digits, `-`, `_` and `=`."""
    import json

    record = {
        "v": VERSION,
        "name": state.name,
        "kind": state.kind,
        "prefix": state.prefix,
        "path": state.path,
        "set": state.saved,
        "auto": state.auto,
        "scripts": state.scripts,
    }
    text = json.dumps(record, separators=(",", ":")).encode()
    return binascii.b2a_base64(text, newline=False).translate(_URLSAFE).decode()


def load(text: str) -> State | None:
    """What `dump` wrote, or None if this is anything else."""
    import json

    try:
        # RecursionError: JSON of ten thousand brackets.
        record = json.loads(binascii.a2b_base64(text.encode("ascii").translate(_STANDARD)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.get("v") != VERSION:
        return None
    name, kind, prefix = (record.get(key) for key in ("name", "kind", "prefix"))
    path, saved, auto = (record.get(key) for key in ("path", "set", "auto"))
    if not isinstance(path, list) or not isinstance(saved, dict):
        return None
    if not all(map(_is_value, (name, kind, prefix, *path, auto or ""))):
        return None
    if not all(may_change(key) and _is_pair(pair) for key, pair in saved.items()):
        return None
    pairs = {key: (old, new) for key, (old, new) in saved.items()}
    scripts = record.get("scripts") is True
    return State(str(name), str(kind), str(prefix), tuple(path), pairs, auto or None, scripts)


def _is_pair(pair: Any) -> bool:
    """Whether it is a value before and one after."""
    if not isinstance(pair, list) or len(pair) != 2:
        return False
    return all(value is None or _is_value(value) for value in pair)


def _is_value(value: Any) -> bool:
    """Whether it can be a variable's value on this system."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:  # a lone surrogate that no byte stands behind
        return False
    return True
