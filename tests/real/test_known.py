"""What is known of one environment or Python: sizes, use, pins, whose it may be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

from tests.homes import Home
from tests.real.realhome import poetry_use

POETRY = '[tool.poetry]\nname = "shop"\npackage-mode = false\n[tool.poetry.dependencies]\npython = ">=3.10"\n'


def show(home: Home, word: str) -> dict[str, Any]:
    """`show --json`."""
    done = home.envtui("show", word, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_processes_sizes_and_dates(home: Home) -> None:
    prefix = home.venv("code/app/.venv", "3.12")
    big = home.write("code/app/.venv/lib/python3.12/site-packages/big.bin", os.urandom(1 << 20))
    os.link(big, home.at("elsewhere"))
    waiting = "print(flush=True); import sys; sys.stdin.read()"
    with subprocess.Popen(
        [f"{prefix}/bin/python", "-c", waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as busy:
        assert busy.stdout
        busy.stdout.readline()
        told = show(home, prefix)
        of_python = show(home, f"pyenv:{home.version('3.12')}")
        text = home.envtui("show", prefix).stdout
        assert busy.stdin
        busy.stdin.close()
    assert [one["pid"] for one in told["processes"]] == [busy.pid]
    assert told["processes"][0]["evidence"] == "it was started from there"
    assert told["holds"] - told["size"] == 1 << 20
    assert "of which" in text
    assert told["made"].endswith("Z")
    assert of_python["environments"] == ["venv:~/code/app/.venv"]
    assert show(home, prefix)["processes"] == []


def test_pins_that_name_it_are_told(home: Home) -> None:
    home.write("code/app/.python-version", "3.12\n")
    told = show(home, f"pyenv:{home.version('3.12')}")
    assert told["pinned_by"] == [home.at("code/app/.python-version")]


def test_whose_it_may_be_and_whose_it_was(tooled: Home) -> None:
    home = tooled
    home.write("code/shop/pyproject.toml", POETRY)
    path = poetry_use(home, home.at("code/shop"), "3.12")
    os.rename(home.at("code/shop"), home.at("code/renamed"))
    name = f"poetry:{os.path.basename(path)}"
    told = show(home, name)
    assert told["link"] == "unmapped"
    assert f"a project called shop, perhaps {home.at('code/renamed')}" in told["evidence"][-1]
    home.write(
        f"{os.path.relpath(path, home.path)}/lib/python3.12/site-packages/shop.pth",
        home.at("code/shop"),
    )
    told = show(home, name)
    assert told["link"] == "orphaned"
    assert told["project"] == home.at("code/shop")
    assert "shop.pth names" in told["evidence"][-1]


def test_a_python_that_is_gone_stays_listed(home: Home) -> None:
    home.venv("code/app/.venv", "3.12")
    version = home.version("3.12")
    shutil.move(f"{home.pyenv}/versions/{version}", home.at("away"))
    listed = home.envtui("list").stdout
    line = next(line for line in listed.splitlines() if line.startswith(version))
    assert line.split()[2:4] == ["1", "gone"]
    assert "1 environment lost Python" in listed
    assert "gone" not in home.envtui("list", "--kind", "pyenv").stdout


def test_of_several_environments_the_one_that_poetry_uses_is_allowed(tooled: Home) -> None:
    home, project = tooled, tooled.at("code/shop")
    home.write("code/shop/pyproject.toml", POETRY)
    home.write("code/shop/.python-version", home.version("3.12"))
    home.write("code/shop/poetry.lock")
    first = poetry_use(home, project, "3.11")
    used = poetry_use(home, project, "3.12")
    told = home.envtui("allow", "--dry-run", cwd=project)
    assert used.replace(home.path, "~") in told.stdout, told.stderr
    assert first.replace(home.path, "~") not in told.stdout
