"""The adapters, in the order in which they may claim an environment (DESIGN section 2)."""

from __future__ import annotations

from envtui.adapters.capabilities import (
    Activates,
    Claims,
    Creates,
    Finds,
    Holds,
    Installs,
    Manages,
    Pins,
    Rebuilds,
    Removes,
)
from envtui.adapters.hatch import Hatch
from envtui.adapters.pdm import Pdm
from envtui.adapters.pipenv import Pipenv
from envtui.adapters.poetry import Poetry
from envtui.adapters.pyenv import Pyenv
from envtui.adapters.pyenv_virtualenv import PyenvVirtualenv
from envtui.adapters.system import System
from envtui.adapters.tox_nox import Nox, Tox
from envtui.adapters.venv import Venv, Virtualenv

PYENV = Pyenv()
PYENV_VIRTUALENV = PyenvVirtualenv()
POETRY = Poetry()
PIPENV = Pipenv()
HATCH = Hatch()
PDM = Pdm()
TOX = Tox()
NOX = Nox()
SYSTEM = System()
VENV = Venv()
VIRTUALENV = Virtualenv()

FINDERS: tuple[Finds, ...] = (PYENV, PYENV_VIRTUALENV, SYSTEM, POETRY, PIPENV, HATCH, PDM)
CLAIMERS: tuple[Claims, ...] = (
    PYENV_VIRTUALENV,
    TOX,
    NOX,
    HATCH,
    PDM,
    POETRY,
    PIPENV,
    VIRTUALENV,
    VENV,
)
CREATORS: dict[str, Creates] = {
    "venv": VENV,
    "pyenv-virtualenv": PYENV_VIRTUALENV,
    "virtualenv": VIRTUALENV,
    "pipenv": PIPENV,
    "poetry": POETRY,
    "hatch": HATCH,
    "pdm": PDM,
    "tox": TOX,
    "nox": NOX,
}
REMOVERS: dict[str, Removes] = {
    "pyenv-virtualenv": PYENV_VIRTUALENV,
    "poetry": POETRY,
    "pipenv": PIPENV,
    "hatch": HATCH,
    "pdm": PDM,
}
REBUILDERS: dict[str, Rebuilds] = {
    "venv": VENV,
    "virtualenv": VIRTUALENV,
    "pipenv": PIPENV,
    "poetry": POETRY,
}
HOLDERS: dict[str, Holds] = {"pyenv": PYENV, "system": SYSTEM}
# The first that can install on this machine does.
INSTALLERS: dict[str, Installs] = {"pyenv": PYENV}
ACTIVATORS: dict[str, Activates] = {
    "poetry": POETRY,
    "pipenv": PIPENV,
    "pyenv": PYENV,
    "pyenv-virtualenv": PYENV_VIRTUALENV,
    "system": SYSTEM,
}
PINNERS: tuple[Pins, ...] = (PYENV, PIPENV, POETRY, PDM)
# Whose files make a project theirs, but which have no pin.
MANAGERS: tuple[Manages, ...] = (HATCH, TOX, NOX)
