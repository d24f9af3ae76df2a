"""virtualenvwrapper: what its shell functions made is listed, and what envtui made they know."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import Any

import pytest

from tests import tools
from tests.homes import Home, picture

pytestmark = pytest.mark.long


@pytest.fixture
def wrapped(home: Home) -> Home:
    """A home whose user has virtualenv; its environments come without pip, which is quicker."""
    home.variables["VIRTUALENV_NO_SEED"] = "1"
    return home.with_tools("virtualenv")


def wrapper(home: Home, script: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a script where virtualenvwrapper's real functions are loaded."""
    program = tools.tool("virtualenvwrapper.sh")
    folder = os.path.dirname(program)
    variables = {
        "VIRTUALENVWRAPPER_PYTHON": f"{folder}/python",
        "VIRTUALENVWRAPPER_VIRTUALENV": f"{folder}/virtualenv",
        "PATH": f"{home.variables['PATH']}:{folder}",
    }
    text = f"source {shlex.quote(program)} >/dev/null; {script}"
    return home.run("bash", "--norc", "-c", text, variables=variables, check=check)


def known(home: Home) -> list[str]:
    """What `lsvirtualenv` lists."""
    return wrapper(home, "lsvirtualenv -b; true").stdout.split()


def environments(home: Home) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in home.json("list")["environments"]}


def test_what_mkvirtualenv_made_is_listed_once_and_its_hooks_are_not(wrapped: Home) -> None:
    home = wrapped
    shop, gone = home.folder("code", "shop"), home.folder("code", "gone")
    python = home.python("3.12")
    wrapper(
        home,
        f"mkvirtualenv -p {python} plain; mkvirtualenv -p {python} -a {shop} shop;"
        f"mkvirtualenv -p {python} -a {gone} gone",
    )
    os.rmdir(gone)
    os.symlink(home.at(".virtualenvs/shop"), f"{shop}/.venv")
    home.write("code/shop/pyproject.toml", "[project]\nname = 'shop'\n")
    assert os.path.isfile(home.at(".virtualenvs/postmkvirtualenv"))
    found = environments(home)
    assert {key: (item["link"], item["project"]) for key, item in found.items()} == {
        "virtualenvwrapper:plain": ("none", None),
        "virtualenvwrapper:shop": ("linked", shop),
        "virtualenvwrapper:gone": ("orphaned", gone),
    }
    for item in found.values():
        assert item["interpreter"] == f"pyenv:{home.version('3.12')}"
        assert (item["health"], item["path"]) == ("ok", home.at(".virtualenvs", item["name"]))


@pytest.mark.parametrize("place", [None, "envs", "~/my envs"])
def test_one_is_created_removed_and_brought_back(place: str | None, wrapped: Home) -> None:
    home = wrapped
    if place:
        home.variables["WORKON_HOME"] = place.replace("~", home.path)
    folder = home.at(place.replace("~/", "") if place else ".virtualenvs")
    shop = home.folder("code", "shop")
    path = f"{folder}/shop"
    words = ("create", "shop", "--kind=virtualenvwrapper", "--python=3.11", "--project", shop)
    done = home.json(*words, "--yes")
    assert done["done"] is True
    found = environments(home)["virtualenvwrapper:shop"]
    assert (found["path"], found["project"]) == (path, shop)
    ask = 'lsvirtualenv -b; workon shop; pwd; python -c "import sys; print(sys.prefix)"'
    assert wrapper(home, ask).stdout.splitlines() == ["shop", shop, path]
    seen = home.envtui("run", "virtualenvwrapper:shop", "--", "python", "-V")
    assert seen.stdout.strip() == f"Python {home.version('3.11')}"

    before = picture(path)
    removed = home.json("remove", "shop", "--yes")
    assert (known(home), environments(home)) == ([], {})
    assert home.envtui("undo", str(removed["id"]), "--yes").returncode == 0
    assert picture(path) == before
    assert known(home) == ["shop"]
    assert home.envtui("undo", str(done["id"]), "--yes").returncode == 0
    assert environments(home) == {}
    assert not os.path.lexists(path)


def test_it_looks_as_if_mkvirtualenv_had_made_it(wrapped: Home) -> None:
    home = wrapped
    shop, python = home.folder("code", "shop"), home.python("3.12")
    wrapper(home, f"mkvirtualenv -p {python} -a {shop} theirs")
    words = ("create", "ours", "--kind=virtualenvwrapper", "--python=3.12", "--project", shop)
    assert home.envtui(*words, "--yes").returncode == 0
    theirs, ours = (home.at(".virtualenvs", name) for name in ("theirs", "ours"))
    hooks = {"preactivate", "postactivate", "predeactivate", "postdeactivate", "get_env_details"}
    for folder in ("", "bin"):
        made = set(os.listdir(os.path.join(theirs, folder))) - hooks
        assert set(os.listdir(os.path.join(ours, folder))) == made
    with open(f"{theirs}/.project") as first, open(f"{ours}/.project") as second:
        assert first.read() == second.read()


def test_nothing_is_overlaid_and_no_hook_is_forgotten(wrapped: Home) -> None:
    """`mkvirtualenv` on a name that is there makes it again, on top."""
    home = wrapped
    wrapper(home, f"mkvirtualenv -p {home.python('3.12')} web")
    home.write(".virtualenvs/postmkvirtualenv", "# mine\npip install mine\n")
    before = picture(home.at(".virtualenvs"))
    for name in ("web", "postmkvirtualenv", "", "a/b", "..", "-x", "a:b"):
        done = home.envtui(
            "create", "--kind=virtualenvwrapper", "--python=3.11", "--yes", "--", name
        )
        assert done.returncode == 2, (name, done)
    assert picture(home.at(".virtualenvs")) == before
    told = home.json("create", "new", "--kind=virtualenvwrapper", "--python=3.11", "--dry-run")
    assert "postmkvirtualenv is not run" in " ".join(told["plan"]["warnings"])


def test_pipenv_in_the_same_directory_keeps_its_own(wrapped: Home) -> None:
    home = wrapped.with_tools("pipenv")
    home.variables["WORKON_HOME"] = home.at("envs")
    home.write("code/cart/Pipfile", "[packages]\n")
    shop = home.folder("code", "shop")
    python = home.python("3.12")
    home.run("pipenv", "--python", python, cwd=home.at("code/cart"))
    home.run("pipenv", "--python", python, cwd=home.at("code/cart"),
             variables={"PIPENV_CUSTOM_VENV_NAME": "cart"})  # fmt: skip
    # The last one's name looks like Pipenv's: a dash and eight letters.
    wrapper(home, f"mkvirtualenv -p {python} -a {shop} web; mkvirtualenv -p {python} my-frontend")
    kinds = {item["name"].split("-")[0]: item["kind"] for item in environments(home).values()}
    names = [item["name"] for item in environments(home).values()]
    assert len(names) == 4
    assert kinds == {"cart": "pipenv", "web": "virtualenvwrapper", "my": "virtualenvwrapper"}
    assert home.envtui("remove", "my-frontend", "--yes").returncode == 0
    assert len(known(home)) == 3


def test_another_python_keeps_the_project(wrapped: Home) -> None:
    home = wrapped
    shop = home.folder("code", "shop")
    wrapper(home, f"mkvirtualenv -p {home.python('3.11')} -a {shop} web")
    done = home.envtui("rebuild", "web", "--python", "3.12", "--yes")
    assert done.returncode == 0, done.stderr
    found = environments(home)["virtualenvwrapper:web"]
    assert (found["version"], found["project"]) == (home.version("3.12"), shop)
    assert home.envtui("undo", "--yes").returncode == 0
    found = environments(home)["virtualenvwrapper:web"]
    assert (found["version"], found["project"]) == (home.version("3.11"), shop)


def test_bad_records_hide_nothing(wrapped: Home) -> None:
    home = wrapped
    for number, content in enumerate((b"", b"\xff\xfe\x00", b"relative/path\n", b"/a\n/b\n")):
        path = home.venv(f".virtualenvs/e{number}", "3.12")
        with open(f"{path}/.project", "wb") as file:
            file.write(content)
    os.mkdir(home.venv(".virtualenvs/folder", "3.12") + "/.project")
    home.folder(".virtualenvs", "no-environment")
    os.symlink("nowhere", home.at(".virtualenvs/dangling"))
    found = environments(home)
    assert len(found) == 5
    assert {item["link"] for item in found.values()} == {"none"}
