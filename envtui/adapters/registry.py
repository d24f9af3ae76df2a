"""The adapters, in the order in which they may claim an environment (DESIGN section 2)."""

from __future__ import annotations

from envtui.adapters.asdf import Asdf
from envtui.adapters.capabilities import (
    Activates,
    Claims,
    Creates,
    Finds,
    Holds,
    Installs,
    Keeps,
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
REMOVERS: dict[str, Removes] = {
    "conda": CONDA,
    "pixi": PIXI,
    "pyenv-virtualenv": PYENV_VIRTUALENV,
    "poetry": POETRY,
    "pipenv": PIPENV,
    "virtualenvwrapper": VIRTUALENVWRAPPER,
    "uv": UV,
    "uv-tool": UV_TOOL,
    "pipx": PIPX,
    "hatch": HATCH,
    "pdm": PDM,
}
REBUILDERS: dict[str, Rebuilds] = {
    "conda": CONDA,
    "pyenv-virtualenv": PYENV_VIRTUALENV,
    "venv": VENV,
    "virtualenv": VIRTUALENV,
    "pipenv": PIPENV,
    "virtualenvwrapper": VIRTUALENVWRAPPER,
    "poetry": POETRY,
    "uv": UV,
    "hatch": HATCH,
    "pdm": PDM,
}
HOLDERS: dict[str, Holds] = {"pyenv": PYENV, "uv": UV}
_KEEPERS: tuple[Keeps, ...] = (
    CONDA, MISE, ASDF, RYE, HOMEBREW, MACOS, WINDOWS, SYSTEM, HATCH, PDM,
)  # fmt: skip
KEPT: dict[str, str] = {keeper.kind: keeper.kept for keeper in _KEEPERS}
# The first that can install on this machine does.
INSTALLERS: dict[str, Installs] = {"pyenv": PYENV, "uv": UV}
# Whoever needs more than the common variables.
ACTIVATORS: dict[str, Activates] = {
    "conda": CONDA,
    "pixi": PIXI,
    "poetry": POETRY,
    "pipenv": PIPENV,
    "pyenv": PYENV,
    "pyenv-virtualenv": PYENV_VIRTUALENV,
    "mise": MISE,
    "asdf": ASDF,
    "windows": WINDOWS,
    "system": SYSTEM,
}
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
GLOBAL_PINNERS: dict[str, PinsGlobally] = {"pyenv": PYENV, "mise": MISE, "asdf": ASDF}
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
