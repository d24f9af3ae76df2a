"""What a word meant last time counts only while everything it was read from is as it was."""

from __future__ import annotations

import json
import os
import shutil
import sys

import pytest

from tests.homes import Home


def meaning(home: Home, word: str) -> tuple[str, dict[str, str | None]]:
    """Id and variables of a word."""
    answer = home.json("env", word)
    return answer["id"], answer["variables"]


@pytest.fixture
def known(home: Home, request: pytest.FixtureRequest) -> Home:
    """A project with an environment that was asked for before, by the word of the test."""
    home.venv("code/shop/.venv", "3.12")
    word = request.node.callspec.params.get("word") if hasattr(request.node, "callspec") else None
    assert meaning(home, word or "code/shop/.venv")[0] == "venv:~/code/shop/.venv"
    return home


WORDS = ["code/shop/.venv", "shop/.venv"]


@pytest.mark.parametrize("word", [*WORDS, "venv:~/code/shop/.venv"])
def test_the_second_answer_loads_no_adapter(known, word):
    code = (
        "import sys; from envtui.cli import main; sys.argv[1:] = ['env', sys.argv[1], '--json']; "
        "main(); print([m for m in sys.modules if m.startswith(('envtui.adapters', 'textual'))])"
    )
    done = known.run(sys.executable, "-c", code, word)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_same_word_elsewhere_is_another_path(known):
    known.venv("code/other/.venv", "3.11")
    here = known.envtui("env", "./.venv", "--json", cwd=known.at("code/shop"))
    there = known.envtui("env", "./.venv", "--json", cwd=known.at("code/other"))
    assert json.loads(here.stdout)["id"] == "venv:~/code/shop/.venv"
    assert json.loads(there.stdout)["id"] == "venv:~/code/other/.venv"


@pytest.mark.parametrize("word", WORDS)
def test_a_python_that_is_gone_is_noticed(known, word):
    os.unlink(known.at("code/shop/.venv/bin/python"))
    os.symlink("/nowhere/python3.12", known.at("code/shop/.venv/bin/python"))
    done = known.envtui("env", word, "--json")
    assert done.returncode == 1
    assert "can't be activated: broken" in done.stderr


@pytest.mark.parametrize("word", WORDS)
def test_an_environment_that_is_gone_is_noticed(known, word):
    shutil.rmtree(known.at("code/shop/.venv"))
    assert known.envtui("env", word, "--json").returncode in (1, 2)


def test_another_prompt_is_another_meaning(known):
    known.write("code/shop/.venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\nprompt = new\n")
    assert meaning(known, "code/shop/.venv")[1]["VIRTUAL_ENV_PROMPT"] == "new"


def test_files_that_give_it_another_owner_are_noticed(home):
    home.virtualenv("code/shop/.venv", "3.12")
    assert meaning(home, "code/shop/.venv")[0].startswith("virtualenv:")
    home.write("code/shop/pyproject.toml", '[tool.poetry]\nname = "shop"\nversion = "1"\n')
    home.write("code/shop/poetry.lock")
    identifier, variables = meaning(home, "code/shop/.venv")
    assert identifier.startswith("poetry:")
    assert variables["POETRY_ACTIVE"] == "1"


def test_a_name_with_a_second_bearer_is_ambiguous_once_a_scan_has_seen_it(known):
    assert meaning(known, "shop/.venv")[0] == "venv:~/code/shop/.venv"
    known.venv("work/shop/.venv", "3.11")
    assert known.envtui("list").returncode == 0
    done = known.envtui("env", "shop/.venv", "--json")
    assert done.returncode == 2
    assert "ambiguous" in done.stderr
    assert meaning(known, "code/shop/.venv")[0] == "venv:~/code/shop/.venv"


def test_a_version_follows_the_root_of_pyenv(home):
    version = home.version("3.12")
    assert meaning(home, f"pyenv:{version}")[1]["PYENV_VERSION"] == version
    empty = home.folder("elsewhere")
    home.folder("elsewhere/versions")
    done = home.envtui("env", f"pyenv:{version}", "--json", variables={"PYENV_ROOT": empty})
    assert done.returncode == 2


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"envtui 0\0\0", b"{}"])
def test_a_damaged_memory_is_no_memory(known, content):
    known.write(".cache/envtui/activations", content)
    assert meaning(known, "code/shop/.venv")[0] == "venv:~/code/shop/.venv"
