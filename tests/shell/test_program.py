"""envtui itself behind its function: by name, by path, by version, for one command and in a pipe."""

import os
import shutil

import pytest

from tests import tools
from tests.shell.shells import PROMPT, RC


@pytest.fixture
def machine(place, start, name, venvs):
    """A shell whose rc file says what the README says; two environments and a pyenv version."""
    other, version = tools.installed_versions()[-2:]
    tools.pyenv_root(os.path.join(place.path, ".pyenv"), [other, version])
    for project, venv in zip(("api", "web"), venvs, strict=True):
        shutil.copytree(venv, os.path.join(place.path, project, ".venv"), symlinks=True)
    place.install("from envtui.cli import main; sys.exit(main())")
    with open(os.path.join(place.path, RC[name]), "a") as file:
        init = f"{place.program} init {name}"
        file.write(f"{init} | source\n" if name == "fish" else f'eval "$({init})"\n')
    shell = start()
    shell.version, shell.other = version, other
    return shell


def test_switching_by_path_name_and_version(machine, place):
    before = machine.variables()
    code, output = machine.run("envtui activate ../api/.venv")
    assert code == 0
    assert len(output.splitlines()) == 1
    assert machine.python() == f"{place.path}/api/.venv/bin/python"
    machine.ok(f"envtui activate pyenv:{machine.version}")
    inside = machine.variables()
    assert inside["PYENV_VERSION"] == machine.version
    assert "VIRTUAL_ENV" not in inside
    assert machine.ok("python -V") == f"Python {machine.version}"
    assert machine.prompt() == f"({machine.version}) {PROMPT}"
    machine.ok(f"envtui activate {place.path}/web/.venv")
    assert "PYENV_VERSION" not in machine.variables()
    machine.ok("deactivate")
    assert machine.variables() == before
    assert machine.prompt() == PROMPT
    assert place.leftovers() == []


def test_two_versions_at_once(machine, place):
    before = machine.variables()
    first, second = machine.version, machine.other
    machine.ok(f"envtui activate {first} pyenv:{second}")
    assert machine.variables()["PYENV_VERSION"] == f"{first}:{second}"
    assert machine.prompt() == f"({first}:{second}) {PROMPT}"
    assert machine.ok("python -V") == f"Python {first}"
    minor = second.rpartition(".")[0]
    assert machine.ok(f"python{minor} -V") == f"Python {second}"
    code, output = machine.run(f"envtui activate {first} ../api/.venv")
    assert code == 2
    assert "only versions of pyenv" in output
    machine.ok("deactivate")
    assert machine.variables() == before


def test_a_wrong_word_changes_nothing(machine):
    before = machine.variables()
    code, output = machine.run("envtui activate no-such-thing")
    assert code in (1, 2)
    assert output.startswith("envtui: ")
    assert machine.variables() == before


def test_what_cannot_be_used_changes_nothing_and_says_why(machine, place, first):
    def made(name):
        path = os.path.join(place.path, name, ".venv")
        shutil.copytree(first, path, symlinks=True)
        return path

    gone, dangling, bare = os.path.join(place.path, "gone"), made("dangling"), made("bare")
    colon = made("a:b")
    for name in ("python", "python3"):
        os.unlink(os.path.join(dangling, "bin", name))
        os.symlink("/nowhere/python", os.path.join(dangling, "bin", name))
    shutil.rmtree(os.path.join(bare, "bin"))
    before = machine.variables()
    for path, status, reason in (
        (gone, 2, "gone"),
        (dangling, 1, "can't be activated"),
        (bare, 1, "can't be activated"),
        (colon, 1, "PATH has no way to hold a ':'"),
    ):
        code, output = machine.run(f"envtui activate {path}")
        assert (code, len(output.splitlines())) == (status, 1), output
        assert reason in output
    assert machine.variables() == before

    moved = os.path.join(place.path, "moved", ".venv")
    os.makedirs(os.path.dirname(moved))
    os.rename(os.path.join(place.path, "api", ".venv"), moved)
    machine.ok(f"envtui activate {moved}")
    assert machine.ok("python -c 'import sys; print(sys.prefix)'") == moved
    shutil.rmtree(moved)
    machine.ok("deactivate")
    assert machine.variables() == before


def test_a_subshell_and_a_command(machine, place):
    before = machine.variables()
    machine.type("envtui shell ../api/.venv")
    machine.child.expect(rf"\([^)\r\n]+\) {PROMPT}")
    assert machine.python() == f"{place.path}/api/.venv/bin/python"
    machine.ok("envtui activate ../web/.venv")
    assert machine.python() == f"{place.path}/web/.venv/bin/python"
    machine.leave()
    assert machine.variables() == before
    prefix = "import sys; print(sys.prefix)"
    assert (
        machine.ok(f'envtui run ../web/.venv -- python -c "{prefix}"') == f"{place.path}/web/.venv"
    )
    assert machine.run("envtui run ../web/.venv -- sh -c 'exit 42'")[0] == 42
    assert machine.ok("envtui list --json | head -c 1") == "{"
