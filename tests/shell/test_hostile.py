"""A repository that would run its code in whoever enters it: nothing of it runs."""

from __future__ import annotations

import os
import platform
import stat
import sys

import pytest

from tests.shell.shells import PROMPT, RC, Home, Shell, require

NAME = "$(touch PWNED) `touch PWNED` it's; touch PWNED"
VERSION = platform.python_version()
MINOR = VERSION.rpartition(".")[0]
MODULES = ("typing", "os", "json", "sitecustomize", "usercustomize", "argparse", "envtui")
PROGRAMS = ("python", "python3", "pip", "mktemp", "rm", "stty", "env", "envtui", "git", "ls")


@pytest.fixture(params=("bash", "zsh", "fish"))
def name(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return request.param


@pytest.fixture
def trap(place: Home) -> str:
    """The file that any code of the repository would write to."""
    return os.path.join(place.path, "TRAPPED")


@pytest.fixture
def repository(place: Home, trap: str) -> str:
    """Checked in with an environment of its own, each part of which is code."""
    root = os.path.join(place.path, NAME)
    prefix = os.path.join(root, ".venv")
    os.makedirs(os.path.join(prefix, "bin"))
    os.makedirs(os.path.join(prefix, "lib", f"python{MINOR}", "site-packages"))
    shell = f"touch '{trap}'\n"
    base = os.path.dirname(os.path.realpath(sys.executable))
    files = {
        ".venv/pyvenv.cfg": f"home = {base}\nversion = {VERSION}\nprompt = $(touch {trap})\n",
        ".venv/bin/activate": shell,
        ".venv/bin/activate.fish": shell,
        f".venv/lib/python{MINOR}/site-packages/x.pth": f"import os; os.system({shell!r})\n",
        ".python-version": f"$(touch {trap})\n../../etc\n`touch {trap}`\n",
        ".envrc": shell,
        "Pipfile": "[[[",
        "poetry.lock": "$(touch PWNED)",
        "pyproject.toml": f'[project]\nname = "$(touch {trap})"\n',
    }
    files |= {f"{module}.py": f"open({trap!r}, 'w')\n" for module in MODULES}
    files |= {
        f"{at}{program}": "#!/bin/sh\n" + shell for program in PROGRAMS for at in ("", ".venv/bin/")
    }
    for path, text in files.items():
        with open(os.path.join(root, path), "w") as file:
            file.write(text)
        if text.startswith("#!"):
            os.chmod(file.name, 0o755)
    return root


@pytest.fixture
def at(place: Home, start, name: str, repository: str) -> Shell:
    """A shell with everything switched on, and variables that would let Python find the modules."""
    place.install("from envtui.cli import main; sys.exit(main())")
    place.rc(
        name, hook=False, before="autoload -Uz compinit; compinit -u\n" if name == "zsh" else ""
    )
    with open(os.path.join(place.path, RC[name]), "a") as file:
        init = f"{place.program} init {name} --auto"
        file.write(f"{init} | source\n" if name == "fish" else f'eval "$({init})"\n')
        file.write("setopt prompt_subst\n" if name == "zsh" else "")
    # Not `-I`, as in the other tests: an installed console script is not isolated either.
    with open(place.program) as file:
        text = file.read().replace("'-I' ", "")
    with open(place.program, "w") as file:
        file.write(text)
    os.symlink(repository, os.path.join(place.path, "work", "entered"))
    return start(PYTHONPATH=".")


def untouched(place: Home, trap: str) -> bool:
    return not os.path.exists(trap) and not [
        files for _, _, files in os.walk(place.path) if "PWNED" in files
    ]


def test_entering_it_and_pressing_tab_runs_nothing(at, place, trap, repository):
    at.ok("cd entered" if at.name == "fish" else "cd -P entered")
    at.settled()
    for text in (
        "envtui ",
        "envtui activate ",
        "envtui activate ./",
        "envtui pin ",
        "envtui show \\$",
    ):
        at.child.send(text + "\t\t")
        at.child.send("\x03")
        at.settled()
    assert at.variables().get("VIRTUAL_ENV") is None
    for words in ("list", "why", "show ./.venv", "list --json", "env ./.venv", "why --json"):
        at.run(f"envtui {words}")
    at.type("envtui allow")
    at.child.expect_exact("[y/N] ")
    at.type("n")
    at.settled()
    assert at.prompt() == PROMPT
    assert untouched(place, trap)


def test_its_environment_switched_to_by_hand_shows_its_name_and_runs_nothing(at, place, trap):
    """What is typed then is the user's own doing; the switch and the prompt are ours."""
    at.ok("envtui activate ./entered/.venv")
    at.type("")
    at.settled()
    assert untouched(place, trap)


def test_the_traps_are_traps(place, trap, repository, name, start):
    """The same repository does run its code where it is asked to."""
    path = os.path.join(repository, ".venv", "bin", "python")
    assert os.stat(path).st_mode & stat.S_IXUSR
    start().run(
        f"cd {place.path}; source ./*/.venv/bin/activate" + (".fish" if name == "fish" else "")
    )
    assert os.path.exists(trap)
