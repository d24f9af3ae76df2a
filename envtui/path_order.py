"""What is found on PATH before pyenv's shims, so that its pins decide nothing."""

from __future__ import annotations

import os

from envtui.adapters import pyenv_rules
from envtui.host import Host
from envtui.model import Inventory
from envtui.plan import Plan, Write
from envtui.shell.setup import rc_files
from envtui.trouble import Found, Trouble, mend

_MARK = "# envtui doctor"


def hidden(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """What is found before pyenv's shims, so that its pins decide nothing."""
    root = host.real(pyenv_rules.root(host))
    shims = os.path.join(pyenv_rules.root(host), "shims")
    if not host.names_if(shims):
        return
    active = {host.variable(name) for name in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    chosen = {os.path.join(prefix, "bin") for prefix in active if prefix}
    for folder in host.program_folders():
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
    return mend(f"Put pyenv's shims first in {host.short(path)}", (step,), "put the shims first")
