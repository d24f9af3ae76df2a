"""The fixtures themselves: what they build must be what a real machine has."""

from __future__ import annotations

import os
import shutil
from itertools import chain

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


def test_pip_is_copied_as_the_real_ensurepip_installs_it(home: Home) -> None:
    path = "code/it's split/.venv"
    python = home.venv(path, "3.12") + "/bin/python3.12"
    bootstrap = "import ensurepip; ensurepip.bootstrap(upgrade=True, default_pip=True)"
    home.run(python, "-c", bootstrap)
    real = contents(home.at(path))
    assert real["bin/pip"]
    for _ in range(2):  # the first may be the one that is kept
        shutil.rmtree(home.at(path))
        home.venv(path, "3.12", "--with-pip")
        assert contents(home.at(path)) == real
    assert home.at(path) in home.run(home.at(path, "bin/pip"), "--version").stdout


def contents(prefix: str) -> dict[str, bytes]:
    """All of bin and lib, but of what is compiled the names only: it carries times."""
    found = {}
    for folder, _, names in chain(*(os.walk(f"{prefix}/{part}") for part in ("bin", "lib"))):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                content = b"" if name.endswith(".pyc") else file.read()
            found[os.path.relpath(os.path.join(folder, name), prefix)] = content
    return found
