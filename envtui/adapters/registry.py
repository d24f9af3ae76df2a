"""The adapters, in the order in which they may claim an environment (DESIGN section 2)."""

from __future__ import annotations

from typing import Any

from envtui.adapters.asdf import Asdf
from envtui.adapters.capabilities import (
    Activates,
    Claims,
    Creates,
    Finds,
    Holds,
    Installs,
    Manages,
    Pins,
    PinsGlobally,
    Rebuilds,
    Removes,
)
from envtui.adapters.conda import Conda
from envtui.adapters.direnv import Direnv
from envtui.adapters.hatch import Hatch
from envtui.adapters.homebrew import Homebrew
from envtui.adapters.macos import MacOS
from envtui.adapters.mise import Mise
from envtui.adapters.pdm import Pdm
from envtui.adapters.pipenv import Pipenv
from envtui.adapters.pipx import Pipx
from envtui.adapters.pixi import Pixi
from envtui.adapters.poetry import Poetry
from envtui.adapters.pyenv import Pyenv
from envtui.adapters.pyenv_virtualenv import PyenvVirtualenv
from envtui.adapters.rye import Rye
from envtui.adapters.system import System
from envtui.adapters.tox_nox import Nox, Tox
from envtui.adapters.uv import Uv
from envtui.adapters.uv_tool import UvTool
from envtui.adapters.venv import Venv, Virtualenv
from envtui.adapters.virtualenvwrapper import Virtualenvwrapper
from envtui.adapters.windows import Windows

PYENV = Pyenv()
PYENV_VIRTUALENV = PyenvVirtualenv()
POETRY = Poetry()
PIPENV = Pipenv()
HATCH = Hatch()
PDM = Pdm()
TOX = Tox()
NOX = Nox()
MISE = Mise()
ASDF = Asdf()
RYE = Rye()
DIRENV = Direnv()
HOMEBREW = Homebrew()
MACOS = MacOS()
WINDOWS = Windows()
SYSTEM = System()
UV = Uv()
UV_TOOL = UvTool()
PIPX = Pipx()
CONDA = Conda()
PIXI = Pixi()
VENV = Venv()
VIRTUALENV = Virtualenv()
VIRTUALENVWRAPPER = Virtualenvwrapper()

# The system last: its links are names of what others own.
FINDERS: tuple[Finds, ...] = (
    PYENV,
    PYENV_VIRTUALENV,
    POETRY,
    PIPENV,
    VIRTUALENVWRAPPER,
    HATCH,
    PDM,
    UV,
    UV_TOOL,
    PIPX,
    MISE,
    ASDF,
    RYE,
    CONDA,
    PIXI,
    HOMEBREW,
    MACOS,
    WINDOWS,
    SYSTEM,
)
CLAIMERS: tuple[Claims, ...] = (
    PYENV_VIRTUALENV,
    PIXI,
    CONDA,
    UV_TOOL,
    PIPX,
    TOX,
    NOX,
    HATCH,
    DIRENV,
    RYE,
    PDM,
    POETRY,
    PIPENV,
    VIRTUALENVWRAPPER,
    UV,
    VIRTUALENV,
    VENV,
)
CREATORS: dict[str, Creates] = {
    "venv": VENV,
    "pyenv-virtualenv": PYENV_VIRTUALENV,
    "virtualenv": VIRTUALENV,
    "pipenv": PIPENV,
    "virtualenvwrapper": VIRTUALENVWRAPPER,
    "poetry": POETRY,
    "uv": UV,
    "uv-tool": UV_TOOL,
    "pipx": PIPX,
    "hatch": HATCH,
    "pdm": PDM,
    "tox": TOX,
    "nox": NOX,
    "conda": CONDA,
    "pixi": PIXI,
}


def _by_ability(method: str) -> dict[str, Any]:
    """By their kinds those that can: `capabilities` says what each method is."""
    everybody: tuple[Claims | Finds, ...] = (*CLAIMERS, *FINDERS)
    return {one.kind: one for one in everybody if hasattr(one, method)}


REMOVERS: dict[str, Removes] = _by_ability("remove")
REBUILDERS: dict[str, Rebuilds] = _by_ability("rebuild")
HOLDERS: dict[str, Holds] = _by_ability("remove_interpreter")
# Whoever needs more than the common variables.
ACTIVATORS: dict[str, Activates] = _by_ability("activate")
GLOBAL_PINNERS: dict[str, PinsGlobally] = _by_ability("pin_globally")
KEPT: dict[str, str] = {kind: keeper.kept for kind, keeper in _by_ability("kept").items()}
"""Of who leaves its interpreters to others: whose they are and what removes one, after the id."""
# The first that can install on this machine does.
INSTALLERS: dict[str, Installs] = {"pyenv": PYENV, "uv": UV}
# uv before pyenv: in a project of uv's, `.python-version` is read by uv's rules.
PINNERS: tuple[Pins, ...] = (
    UV,
    PYENV,
    PIPENV,
    POETRY,
    PDM,
    MISE,
    ASDF,
)
# Whose files make a project theirs.
MANAGERS: tuple[Manages, ...] = (
    UV,
    PIPENV,
    POETRY,
    PDM,
    MISE,
    ASDF,
    HATCH,
    TOX,
    NOX,
    CONDA,
    PIXI,
)
