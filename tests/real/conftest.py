"""The real home, built once and only read."""

from __future__ import annotations

import pytest

from tests import tools
from tests.homes import Home
from tests.real.realhome import Builder


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """The whole home; a test may not change it."""
    path = str(tmp_path_factory.mktemp("real") / "user")
    installed = tools.installed_versions()
    wanted = [
        v for v in installed if v.rpartition(".")[0] in ("2.7", "3.9", "3.11", "3.12", "3.13")
    ]
    home = Home(path, tools.pyenv_root(f"{path}/.pyenv", wanted))
    return Builder(home.with_tools("poetry", "pipenv", "virtualenv")).build()


@pytest.fixture
def tooled(home: Home) -> Home:
    """A home whose user has installed every manager."""
    return home.with_tools("poetry", "pipenv", "virtualenv")
