"""Twice as much takes twice the work: counted in lines that run, for seconds are the machine's."""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any

import pytest

from envtui import looking
from envtui.adapters.common import project_files
from envtui.adapters.poetry_places import base_name
from envtui.host import Host
from tests.test_bad_trees import Mounted, environment
from tests.test_indexed import write

POETRY = "[tool.poetry]\nname = 'shop'\n"
PDM = "[project]\nname = 'shop'\n[tool.pdm]\n"


def in_store_of_nobody(home: str, project: str, number: int) -> None:
    """As Poetry leaves them where projects are deleted: the prompt may tell whose they were."""
    path = environment(f"{home}/.cache/pypoetry/virtualenvs/gone{number}-abcdefgh-py3.12")
    write(f"{path}/pyvenv.cfg", f"home = /usr/bin\nvirtualenv = 20\nprompt = gone{number}-py3.12\n")
    write(f"{project}/pyproject.toml", POETRY)


def recorded_by_poetry(home: str, project: str, number: int) -> None:
    write(f"{project}/pyproject.toml", POETRY)
    host = Host(home, {"HOME": home}, home)
    name = base_name(host, project_files(host, project))
    store = f"{home}/.cache/pypoetry/virtualenvs"
    environment(f"{store}/{name}-py3.12")
    with open(f"{store}/envs.toml", "a") as file:
        file.write(f'[{name}]\nminor = "3.12"\npatch = "3.12.1"\n')


def chosen_by_pdm(home: str, project: str, number: int) -> None:
    write(f"{project}/.pdm-python", f"{environment(f'{project}/.venv')}/bin/python")
    write(f"{project}/pyproject.toml", PDM)


def in_store_of_pdm(home: str, project: str, number: int) -> None:
    path = environment(f"{home}/.local/share/pdm/venvs/gone{number}-abcdefgh-3.12")
    write(f"{project}/.pdm-python", f"{path if number % 2 else '/gone'}/bin/python")
    write(f"{project}/pyproject.toml", PDM)


def pinned_by_name(home: str, project: str, number: int) -> None:
    environment(f"{home}/.pyenv/versions/3.12.1/envs/e{number}")
    os.symlink(f"3.12.1/envs/e{number}", f"{home}/.pyenv/versions/e{number}")
    write(f"{project}/.python-version", f"e{number}\n")


def links_to_one(home: str, project: str, number: int) -> None:
    if number == 0:
        environment(f"{home}/.virtualenvs/one")
    os.symlink(f"{home}/.virtualenvs/one", f"{project}/.venv")
    os.symlink("one", f"{home}/.virtualenvs/link{number}")
    write(f"{project}/setup.py", "")


def versions_with_links(home: str, project: str, number: int) -> None:
    versions = f"{home}/.pyenv/versions"
    os.makedirs(f"{versions}/3.12.{number}/bin")
    write(f"{versions}/3.12.{number}/bin/python", "")
    os.symlink(f"3.12.{number}", f"{versions}/a{number}")


def named_by_conda_files(home: str, project: str, number: int) -> None:
    path = f"{home}/miniconda3/envs/ml{number}"
    os.makedirs(f"{path}/bin")
    os.makedirs(f"{path}/conda-meta")
    os.makedirs(f"{home}/miniconda3/condabin", exist_ok=True)
    os.makedirs(f"{home}/miniconda3/conda-meta", exist_ok=True)
    write(f"{home}/miniconda3/conda-meta/history", "")
    write(f"{path}/conda-meta/history", "")
    write(f"{path}/bin/python", "")
    write(f"{project}/environment.yml", f"name: ml{number}\n")


def declared_for_hatch(home: str, project: str, number: int) -> None:
    environment(f"{home}/.virtualenvs/e{number}")
    os.makedirs(f"{home}/.config/hatch", exist_ok=True)
    write(f"{home}/.config/hatch/config.toml", "[dirs.env]\nvirtual = '~/.virtualenvs'\n")
    write(
        f"{project}/pyproject.toml", f"[project]\nname = 'e{number}'\n[tool.hatch.envs.default]\n"
    )


def pinned_in_mise(home: str, project: str, number: int) -> None:
    path = f"{home}/.local/share/mise/installs/python/3.12.1"
    if number == 0:
        os.makedirs(f"{path}/bin")
        write(f"{path}/bin/python", "")
    write(f"{project}/mise.toml", "[tools]\npython = '3.12'\n")


def work(home: str, count: int, more: Any) -> int:
    """How many lines of our own one look runs."""
    for number in range(count):
        os.makedirs(project := f"{home}/code/p{number}")
        more(home, project, number)
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace if "envtui" in frame.f_code.co_filename else None

    # What other tests mount meanwhile is asked for, too.
    host = Mounted(home, {"HOME": home, "PATH": "", "PYENV_ROOT": f"{home}/.pyenv"}, home)
    looking.scan(host, (home,), remember=False)  # by then all modules are loaded
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        looking.scan(host, (home,), remember=False)
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize(
    "more",
    [in_store_of_nobody, recorded_by_poetry, chosen_by_pdm, in_store_of_pdm, pinned_by_name, links_to_one,
     versions_with_links, named_by_conda_files, declared_for_hatch, pinned_in_mise],
)  # fmt: skip
def test_twice_as_much_takes_twice_the_work(tmp_path: Any, more: Any) -> None:
    few, some, many = (work(f"{tmp_path}/{n}", n, more) for n in (10, 20, 40))
    assert (many - some) / (some - few) == pytest.approx(2, rel=0.01)
