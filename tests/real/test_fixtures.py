"""The fixtures themselves: what they build must be what a real machine has."""

from __future__ import annotations

import os

from tests import tools
from tests.homes import Home


def test_a_grafted_version_is_a_base_of_its_own(home: Home) -> None:
    path = home.venv("code/app/.venv", "3.12")
    script = "import sys, ssl; print(sys.prefix, sys.base_prefix)"
    prefix, base = home.run(f"{path}/bin/python", "-c", script).stdout.split()
    assert prefix == path
    assert base == os.path.join(home.pyenv, "versions", home.version("3.12"))


def test_pyenv_works_on_the_root_of_the_test(home: Home) -> None:
    wanted = home.version("3.12")
    assert wanted in home.run("pyenv", "versions", "--bare").stdout.split()
    project = home.folder("code", "app")
    home.run("pyenv", "local", "3.12", cwd=project)
    assert home.run("pyenv", "version-name", cwd=project).stdout.strip() == wanted
    assert home.run("pyenv", "root").stdout.strip() == home.pyenv


def test_nothing_leads_back_into_the_machines_versions(home: Home) -> None:
    machine = os.path.join(tools.machine_pyenv(), "versions")
    version = os.path.join(home.pyenv, "versions", home.version("3.12"))
    for folder in (version, f"{version}/bin", f"{version}/lib/python3.12/site-packages"):
        assert not os.path.realpath(folder).startswith(machine)
    for name in os.listdir(f"{version}/bin"):
        assert not os.path.realpath(f"{version}/bin/{name}").startswith(machine)
