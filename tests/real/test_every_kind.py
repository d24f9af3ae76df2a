"""One home with an environment and a Python of every kind: each once, and everything about it."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests import tools, wheels
from tests.homes import Home
from tests.real import condas, test_hatch, test_pdm, test_pixi, test_tox_nox, test_uv
from tests.real.realhome import pipenv_make, poetry_use
from tests.real.test_mise import QUIET
from tests.real.test_stores import put
from tests.real.test_uv import download  # noqa: F401 - a fixture
from tests.real.test_virtualenvwrapper import wrapper

PYPROJECT = '[project]\nname = "{}"\nversion = "0.1"\nrequires-python = ">=3.9"\n'


class Expected(NamedTuple):
    """What must be told of an environment."""

    id: str
    interpreter: str | None
    project: str | None


class Everything:
    """A home that is filled kind by kind, and what must be found in it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.base = f"pyenv:{home.version('3.12')}"
        self.environments: dict[str, Expected] = {}
        self.interpreters = {self.base, f"pyenv:{home.version('3.11')}"}

    def know(
        self, path: str, named: str, project: str | None, interpreter: str | None = ""
    ) -> None:
        """Expect that environment; on pyenv's 3.12 where no other interpreter is given."""
        base = self.base if interpreter == "" else interpreter
        self.environments[path] = Expected(named, base, self.home.at(project) if project else None)

    def project(self, name: str, manifest: str = "pyproject.toml", content: str = "") -> str:
        """A project below code/, by default with a pyproject.toml."""
        text = content or PYPROJECT.format(name)
        return os.path.dirname(self.home.write(f"code/{name}/{manifest}", text))

    def in_projects(self) -> None:
        """What lies inside a project, and is told by its maker or its place."""
        home, python = self.home, self.home.python("3.12")
        self.know(home.venv("code/plain/.venv", "3.12"), "venv:~/code/plain/.venv", "code/plain")
        self.project("plain")
        path = home.virtualenv("code/virtual/.venv", "3.12", "--no-seed")
        self.project("virtual")
        self.know(path, "virtualenv:~/code/virtual/.venv", "code/virtual")
        path = f"{self.project('quick')}/.venv"
        home.run("uv", "venv", "-q", "-p", python, path)
        self.know(path, "uv:~/code/quick/.venv", "code/quick")
        self.project("layout", ".envrc", "layout python\n")
        self.project("layout")
        name = f"python-{home.version('3.12')}"
        path = home.venv(f"code/layout/.direnv/{name}", "3.12")
        self.know(path, f"direnv:~/code/layout/.direnv/{name}", "code/layout")
        for kind, (_, content, command, inside) in test_tox_nox.MADE.items():
            manifest = "tox.ini" if kind == "tox" else "noxfile.py"
            folder = self.project(kind, manifest, content)
            first = {"PATH": f"{os.path.dirname(python)}:{home.variables['PATH']}"}
            home.run(*command, cwd=folder, variables=first)
            found = os.path.realpath(f"{folder}/{inside}/bin/python")
            on = self.base if found == os.path.realpath(python) else None
            self.know(f"{folder}/{inside}", f"{kind}:~/code/{kind}/{inside}", f"code/{kind}", on)

    def in_stores(self) -> None:
        """What its manager keeps in a store of its own."""
        home, python = self.home, self.home.python("3.12")
        shop = self.project("poetry", content=PYPROJECT.format("poetry") + "[tool.poetry]\n")
        path = poetry_use(home, shop, "3.12")
        self.know(path, f"poetry:{os.path.basename(path)}", "code/poetry")
        cart = self.project("pipenv", "Pipfile", "[packages]\n")
        path = pipenv_make(home, cart)
        self.know(path, f"pipenv:{os.path.basename(path)}", "code/pipenv")
        folder = self.project("hatch", content=test_hatch.PYPROJECT)
        path = test_hatch.make(home, folder, "docs")
        self.know(path, "hatch:my-shop/docs", "code/hatch")
        folder = self.project("pdm", content=test_pdm.PYPROJECT)
        test_pdm.pdm(home, folder, "venv", "create", "-n", "own", python)
        path = test_pdm.keys(home, folder)["own"]
        self.know(path, f"pdm:{os.path.basename(path)}", "code/pdm")
        home.run("pyenv", "virtualenv", "--without-pip", home.version("3.12"), "web")
        path = f"{home.pyenv}/versions/{home.version('3.12')}/envs/web"
        home.write("code/web/.python-version", "web\n")
        self.project("web")
        self.know(path, "pyenv-virtualenv:web", "code/web")
        wrapper(home, f"mkvirtualenv -q -a {self.project('wrapped')} -p {python} wrapped")
        self.know(home.at(".virtualenvs/wrapped"), "virtualenvwrapper:wrapped", "code/wrapped")
        wheel = wheels.greeter(home.path)
        home.run("uv", "tool", "install", "-q", "-p", python, wheel)
        self.know(home.at(".local/share/uv/tools/greeter"), "uv-tool:greeter", None)
        home.run("pipx", "install", "-q", "--python", python, "--suffix=_2", wheel)
        self.know(home.at(".local/share/pipx/venvs/greeter-2"), "pipx:greeter-2", None)

    def of_conda(self) -> None:
        """An install with its base, a named one, and pixi's."""
        home, asked = self.home, f"python={condas.MINOR}"
        root = condas.install(home)
        own = f"conda:~/miniforge3/bin/python{condas.MINOR}"
        self.interpreters.add(own)
        self.know(root, "conda:base", None, own)
        self.know(condas.prefix(home, "miniforge3/envs/ml", asked), "conda:ml", None, None)
        manifest = test_pixi.workspace(home, "code/lab")
        path = test_pixi.environment(home, "code/lab/.pixi/envs/default", manifest)
        self.know(path, "pixi:~/code/lab/.pixi/envs/default", "code/lab", None)

    def pythons(self, downloaded: dict[str, str]) -> None:
        """A Python of every manager that holds some."""
        home, full, second = self.home, self.home.version("3.12"), self.home.version("3.11")
        variables = downloaded | {"UV_PYTHON_DOWNLOADS": "manual"}
        home.run("uv", "python", "install", "--no-bin", full, variables=variables)
        self.interpreters.add(f"uv:{test_uv.KEY.format(version=full)}")
        put(home, "3.12", f".local/share/mise/installs/python/{full}")
        put(home, "3.11", f".asdf/installs/python/{second}")
        put(home, "3.12", f".rye/py/cpython@{full}")
        put(home, "3.12", f".local/share/pdm/python/cpython@{full}")
        put(home, "3.11", ".local/share/hatch/pythons/3.11/python")
        home.write(
            ".local/share/hatch/pythons/3.11/hatch-dist.json",
            '{"python_path": "python/bin/python3"}',
        )
        put(home, "3.12", f"brew/Cellar/python@3.12/{full}")
        os.makedirs(home.at("brew/opt"))
        os.symlink(f"../Cellar/python@3.12/{full}", home.at("brew/opt/python@3.12"))
        home.variables["HOMEBREW_PREFIX"] = home.at("brew")
        self.interpreters |= {
            f"mise:{full}", f"asdf:{second}", f"rye:cpython@{full}", f"pdm:cpython@{full}",
            "hatch:3.11", "homebrew:python@3.12",
        }  # fmt: skip
        path = home.at("code/old/.venv")
        home.run(
            home.at(f".rye/py/cpython@{full}/bin/python3.12"), "-m", "venv", "--without-pip", path
        )
        home.write("code/old/.venv/rye-venv.json", json.dumps({"venv_path": path}))
        self.project("old")
        self.know(path, "rye:~/code/old/.venv", "code/old", f"rye:cpython@{full}")


@pytest.mark.skipif(sys.platform != "linux", reason="uv's archive of the tests is for Linux")
def test_each_is_listed_once_with_its_version_interpreter_and_project(
    make_home: Callable[..., Home],
    download: dict[str, str],  # noqa: F811
) -> None:
    home = make_home(versions=["3.11", "3.12"])
    home.with_tools(
        "virtualenv", "uv", "poetry", "pipenv", "hatch", "pdm", "pipx", "tox", "nox", "mise"
    )
    home.variables |= QUIET | {"UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    made = Everything(home)
    made.in_projects()
    made.in_stores()
    made.pythons(download)
    made.of_conda()
    listing = home.json("list")
    found: dict[str, dict[str, Any]] = {item["path"]: item for item in listing["environments"]}
    assert len(found) == len(listing["environments"])
    kinds = {item.id.partition(":")[0] for item in made.environments.values()}
    assert kinds == every_kind(), "one of each kind of DESIGN"
    assert {item["id"]: item["path"] for item in found.values()} == {
        item.id: path for path, item in made.environments.items()
    }
    for path, expected in made.environments.items():
        item = found[path]
        told = home.run(
            f"{path}/bin/python", "-c", "import platform; print(platform.python_version())"
        )
        assert item["version"] == told.stdout.strip(), path
        if not expected.id.startswith(("tox:", "nox:")) or expected.interpreter:
            assert item["interpreter"] == expected.interpreter, path
        assert (item["project"], item["health"]) == (expected.project, "ok"), path
        assert item["link"] == ("linked" if expected.project else "none"), path
    own = [i["id"] for i in listing["interpreters"] if i["kind"] != "system"]
    assert sorted(own) == sorted(made.interpreters)
    assert listing["warnings"] == []
    managers = {os.path.basename(p["path"]): p["managers"] for p in listing["projects"]}
    for name in ("poetry", "pipenv", "hatch", "pdm", "tox", "nox"):
        assert name in managers[name]
    switched_to_each(home, listing)


def switched_to_each(home: Home, listing: dict[str, Any]) -> None:
    """One shell goes from each to the next: the right Python each time, and back exactly."""
    items = listing["environments"] + [
        item for item in listing["interpreters"] if item["kind"] != "system"
    ]
    ask = 'python -c "import os, sys; print(os.path.realpath(sys.prefix))"'
    own = f"PATH={os.path.dirname(sys.executable)}:$PATH"
    lines = [own, 'eval "$(envtui init bash)"', "before=$(export -p)"]
    lines += [f"envtui activate {shlex.quote(item['id'])} && {ask}" for item in items]
    # The package's script has no counterpart that would take it away.
    lines += [
        "deactivate",
        "unset TOOLS_SCRIPT",
        'diff <(echo "$before") <(export -p) && echo as before',
    ]
    done = home.run("bash", "-c", "\n".join(lines))
    wanted = [os.path.realpath(item.get("prefix") or item["path"]) for item in items]
    assert done.stdout.splitlines() == [*wanted, "as before"], done.stderr


def every_kind() -> set[str]:
    """The kinds of environments that the published schema names."""
    with open(os.path.join(tools.CHECKOUT, "envtui", "schema", "list.json")) as file:
        schema = json.load(file)
    kinds: list[str] = schema["properties"]["environments"]["items"]["properties"]["kind"]["enum"]
    return set(kinds)
