"""A home for every kind of plan, and the plan itself, made by envtui's own verbs.

Commands in the plans are replaced by quick ones that make the same paths: it is the executor that
is killed here, hundreds of times, and not `python -m venv`.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from typing import NamedTuple

from envtui import cleaning, repairing, verbs
from envtui.doctor import examine
from envtui.host import Host
from envtui.plan import Plan, Run, Step, combine
from envtui.shell import setup
from tests import tools
from tests.homes import Home


class Case(NamedTuple):
    """One kind of plan in a home of its own."""

    home: Home
    plan: Callable[[], Plan]
    """Made anew each time: what undo put back may have another inode."""


def build(name: str, path: str) -> Case:
    """The home below `path` and the plan of that name."""
    versions = tools.installed_versions()
    wanted = [v for v in versions if v.startswith(("3.11.", "3.12."))]
    home = Home(path, tools.pyenv_root(os.path.join(path, ".pyenv"), wanted))
    return Case(home, CASES[name](home))


def host(home: Home, *folder: str) -> Host:
    return Host(home=home.path, variables=home.variables, cwd=home.at(*folder))


def found(home: Home, here: Host, word: str):
    return verbs.find(verbs.scan(here), here, word, exact=True)


def quick(plan: Plan) -> Plan:
    """The same plan, its commands replaced by ones that leave the same behind at once."""
    return plan._replace(steps=tuple(quick_run(step) for step in plan.steps))


def quick_run(step: Step) -> Step:
    if not isinstance(step, Run):
        return step
    script = "echo made"
    for path in map(shlex.quote, step.creates):
        script += f"; mkdir -p {path}/bin; echo home = /x >{path}/pyvenv.cfg"
    for path in map(shlex.quote, step.changes):
        script += f"; echo more >>{path}"
    return step._replace(argv=("/bin/sh", "-c", script))


def venv(home: Home, path: str = "code/shop/.venv") -> str:
    home.write("code/shop/pyproject.toml", "[project]\nname = 'shop'\n")
    return home.venv(path, "3.12")


def remove(home: Home, path: str, *folder: str) -> Callable[[], Plan]:
    here = host(home, *folder)
    return lambda: verbs.plan_remove(here, verbs.scan(here), [found(home, here, path)])


def remove_venv(home: Home):
    return remove(home, venv(home))


def remove_linked(home: Home):
    """A `.venv` that is a link: the link goes, the environment stays."""
    path = venv(home, "envs/shop")
    os.symlink(path, home.at("code/shop/.venv"))
    return remove(home, home.at("code/shop/.venv"))


def remove_pipenv(home: Home):
    project = home.folder("code", "shop")
    home.write("code/shop/Pipfile", "[packages]\n")
    home.variables |= {"WORKON_HOME": home.at(".local/share/virtualenvs")}
    path = home.venv(".local/share/virtualenvs/shop-AbCd1234", "3.12")
    home.write(".local/share/virtualenvs/shop-AbCd1234/.project", project)
    return remove(home, path)


def remove_poetry(home: Home):
    store = ".cache/pypoetry/virtualenvs"
    path = home.venv(f"{store}/shop-AbCd1234-py3.12", "3.12")
    home.write(
        f"{store}/envs.toml",
        '[shop-AbCd1234]\nminor = "3.12"\npatch = "3.12.1"\n\n[other-x]\nminor = "3.11"\n',
    )
    return remove(home, path)


def remove_conda(home: Home):
    path = home.folder("miniconda3/envs/ml")
    home.write("miniconda3/conda-meta/history", "==> 2026-01-01 00:00:00 <==\n")
    home.write("miniconda3/envs/ml/conda-meta/history", "==> 2026-01-01 00:00:00 <==\n")
    os.makedirs(home.at("miniconda3/envs/ml/bin"))
    os.symlink(home.python("3.12"), home.at("miniconda3/envs/ml/bin/python"))
    home.write(".conda/environments.txt", f"{home.at('miniconda3')}\n{path}\n")
    return remove(home, path)


def remove_pyenv_virtualenv(home: Home):
    version = home.version("3.12")
    path = home.venv(f".pyenv/versions/{version}/envs/web", "3.12")
    os.symlink(path, home.at(".pyenv/versions/web"))
    return remove(home, path)


def remove_several(home: Home):
    here = host(home)
    paths = [venv(home), home.venv("code/api/venv", "3.11"), home.venv("code/old/env", "3.12")]
    return lambda: verbs.plan_remove(
        here, verbs.scan(here), [found(home, here, path) for path in paths]
    )


def create(home: Home):
    here = host(home)
    target = home.at("new/folder/.venv")
    return lambda: quick(verbs.plan_create(here, verbs.scan(here), target, python="3.12"))


def rebuild(home: Home):
    here = host(home)
    path = venv(home)
    return lambda: quick(
        verbs.plan_rebuild(here, verbs.scan(here), found(home, here, path), "3.11")
    )


def pin(home: Home):
    here = host(home, "code", "shop")
    home.write("code/shop/.python-version", "# ours\n3.12\n")
    return lambda: verbs.plan_pin(here, verbs.scan(here), ["3.11"])


def pin_new(home: Home):
    here = host(home, "code", "shop")
    home.folder("code", "shop")
    return lambda: verbs.plan_pin(here, verbs.scan(here), ["3.11"])


def pin_pipfile(home: Home):
    here = host(home, "code", "shop")
    home.write("code/shop/Pipfile", '[packages]\n[requires]\npython_version = "3.12" # why\n')
    return lambda: verbs.plan_pin(here, verbs.scan(here), ["3.11"])


def unpin(home: Home):
    here = host(home, "code", "shop")
    home.write("code/shop/.python-version", "3.12\n")
    return lambda: verbs.plan_unpin(here, verbs.scan(here))


def uninstall(home: Home):
    here = host(home)

    def plan() -> Plan:
        inventory = verbs.scan(here)
        item = verbs.installed_python(inventory, here, home.version("3.11"), exact=True)
        return quick(verbs.plan_uninstall(here, inventory, item, force=False))

    return plan


def set_up(home: Home):
    here = host(home)
    home.write(".bashrc", "# mine\n")
    return lambda: setup.plan("bash", here, "/usr/bin/envtui")


def lose_python(home: Home, path: str, minor: str) -> None:
    """As when its Python was uninstalled."""
    for name in ("python", "python3", f"python{minor}"):
        os.unlink(f"{path}/bin/{name}")
        os.symlink(f"/gone/bin/python{minor}", f"{path}/bin/{name}")


def clean(home: Home):
    """What is broken goes, and what Pipenv made for a project that is gone: one plan."""
    here = host(home)
    home.variables |= {"WORKON_HOME": home.at(".local/share/virtualenvs")}
    home.venv(".local/share/virtualenvs/old-AbCd1234", "3.12")
    home.write(".local/share/virtualenvs/old-AbCd1234/.project", home.at("code/gone"))
    lose_python(home, home.venv("code/api/.venv", "3.11"), "3.11")

    def plan() -> Plan:
        inventory = verbs.scan(here)
        return cleaning.plan(here, inventory, cleaning.suggestions(here, inventory))

    return plan


def repair(home: Home):
    """Links turned to a Python that is there, and pyvenv.cfg written."""
    here = host(home)
    path = venv(home)
    lose_python(home, path, "3.12")
    return lambda: repairing.plan_repair(here, verbs.scan(here), [found(home, here, path)])


def repair_moved(home: Home):
    """Its scripts written anew, for the place where it is."""
    here = host(home)
    venv(home)
    home.write("code/shop/.venv/bin/tool", f"#!{home.at('code/shop/.venv')}/bin/python\nprint()\n")
    os.chmod(home.at("code/shop/.venv/bin/tool"), 0o755)
    os.rename(home.at("code/shop"), home.at("code/store"))
    path = home.at("code/store/.venv")
    return lambda: repairing.plan_repair(here, verbs.scan(here), [found(home, here, path)])


def doctor(home: Home):
    """All that it finds wrong, each by its own plan: what pyenv, Poetry and conda leave behind."""
    here = host(home)
    home.variables["SHELL"] = "/bin/bash"
    home.variables["PATH"] = "/usr/bin:" + home.variables["PATH"]
    home.write(".bashrc", "# mine\n")
    home.write(".pyenv/shims/gone-tool", "#!/bin/sh\nexec pyenv exec\n")
    os.symlink(home.at(".pyenv/versions/3.10.1/envs/old"), home.at(".pyenv/versions/old"))
    home.write(".cache/pypoetry/virtualenvs/envs.toml", '[old-AbCd1234]\nminor = "3.12"\n')
    home.write(".conda/environments.txt", f"{home.at('gone')}\n")

    def plan() -> Plan:
        found = examine(here, verbs.scan(here))
        plans = [one.plan for one in found if one.plan]
        assert len({one.name for one in found}) >= 4, found
        return combine("Mend the machine", plans, "mended")

    return plan


CASES: dict[str, Callable[[Home], Callable[[], Plan]]] = {
    "remove a venv": remove_venv,
    "remove a link": remove_linked,
    "remove of Pipenv": remove_pipenv,
    "remove of Poetry": remove_poetry,
    "remove of conda": remove_conda,
    "remove of pyenv-virtualenv": remove_pyenv_virtualenv,
    "remove several": remove_several,
    "create": create,
    "rebuild": rebuild,
    "pin": pin,
    "pin where none was": pin_new,
    "pin in a Pipfile": pin_pipfile,
    "unpin": unpin,
    "uninstall": uninstall,
    "clean": clean,
    "repair": repair,
    "repair of a moved one": repair_moved,
    "setup": set_up,
    "doctor": doctor,
}
