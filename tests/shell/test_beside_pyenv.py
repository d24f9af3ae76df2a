"""With pyenv's and pyenv-virtualenv's own lines in the rc file, whose hook acts at every prompt."""

import os
import subprocess

import pytest

from envtui.shell import quote
from tests import tools


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_choice_by_hand_stays_and_theirs_comes_back(place, start, name, first, order):
    version = tools.installed_versions()[-1]
    root = tools.pyenv_root(os.path.join(place.path, ".pyenv"), [version])
    own = os.path.join(root, "versions", version, "envs", "web")
    python = os.path.join(root, "versions", version, "bin", "python")
    subprocess.run([python, "-m", "venv", "--without-pip", own], check=True)
    os.symlink(own, os.path.join(root, "versions", "web"))
    pyenv = f"{root}/bin/pyenv"
    path = f"{root}/bin:{place.variables['PATH']}"
    lines = [quote.assignment(name, *pair) for pair in (("PYENV_ROOT", root), ("PATH", path))]
    verbs = f"init - --no-rehash {name}", f"virtualenv-init - {name}"
    lines += [
        f"{pyenv} {verb} | source" if name == "fish" else f'eval "$({pyenv} {verb})"'
        for verb in verbs
    ]
    place.rc(name, **{order: "\n".join(lines) + "\n"})
    with open(os.path.join(place.path, "work", ".python-version"), "w") as file:
        file.write("web\n")
    shell = start()
    shell.settled()
    before = shell.variables()
    assert before["PYENV_VIRTUAL_ENV"].startswith(root)
    shell.ok(f"envtui activate {first}")
    for _ in range(3):
        shell.settled()
    assert shell.python() == f"{first}/bin/python"
    assert shell.variables()["VIRTUAL_ENV"] == first
    shell.ok("cd ..")
    shell.settled()
    assert shell.python() == f"{first}/bin/python"
    shell.ok("cd work")
    shell.ok("envtui deactivate")
    shell.settled()
    assert shell.variables() == before
