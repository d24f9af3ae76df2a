"""What doctor finds, that each plan mends it, and that undo gives back what was there."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

from tests.homes import Home, check_schema
from tests.real.realhome import poetry_use

POETRY = '[tool.poetry]\nname = "app"\npackage-mode = false\n[tool.poetry.dependencies]\npython = ">=3.10"\n'


def troubles(home: Home) -> dict[str, list[dict[str, Any]]]:
    """What doctor says, by its sort."""
    done = home.envtui("doctor", "--json")
    check_schema("doctor", json.loads(done.stdout))
    told = json.loads(done.stdout)["troubles"]
    assert done.returncode == (1 if told else 0), done.stderr
    found: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        found.setdefault(one["name"], []).append(one)
    return found


def fix(home: Home) -> int:
    """`doctor --fix`, all plans at once."""
    return home.envtui("doctor", "--fix", "--yes").returncode


def content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def undo(home: Home, count: int) -> None:
    for _ in range(count):
        done = home.envtui("undo", "--yes")
        assert done.returncode == 0, done.stderr


def test_a_machine_that_is_well(home: Home) -> None:
    home.venv("code/app/.venv", "3.12")
    assert troubles(home) == {}
    assert home.envtui("doctor").stdout == "Nothing is wrong.\n"
    assert "--fix --yes" in home.envtui("doctor", "--yes").stderr
    assert fix(home) == 0


def test_what_pyenv_leaves_behind(home: Home) -> None:
    shim = f"{home.pyenv}/shims/gone-tool"
    shutil.copy2(f"{home.pyenv}/shims/python", shim)
    os.symlink(f"{home.pyenv}/versions/3.10.1/envs/old", f"{home.pyenv}/versions/old")
    os.symlink(home.at("nowhere/python3.10"), os.path.join(home.folder(".local/bin"), "python3.10"))
    found = troubles(home)
    assert set(found) == {"dangling shims", "dangling link"}
    assert len(found["dangling link"]) == 2
    assert "gone-tool" in found["dangling shims"][0]["text"]
    assert fix(home) == 0
    assert troubles(home) == {}
    assert "old" not in home.run("pyenv", "versions", "--bare").stdout
    undo(home, 3)
    assert os.path.isfile(shim)
    assert os.path.islink(f"{home.pyenv}/versions/old")


def test_records_of_environments_that_are_gone(tooled: Home) -> None:
    home = tooled
    home.write("code/app/pyproject.toml", POETRY)
    home.write("code/kept/pyproject.toml", POETRY.replace('"app"', '"kept"'))
    gone = poetry_use(home, home.at("code/app"), "3.12")
    poetry_use(home, home.at("code/kept"), "3.12")
    shutil.rmtree(gone)
    records = os.path.join(os.path.dirname(gone), "envs.toml")
    lines = home.write(".conda/environments.txt", f"{home.at('gone/env')}\n{home.at('other')}\n")
    before = [content(path) for path in (records, lines)]
    found = troubles(home)
    assert set(found) == {"stale record", "dead line"}
    assert fix(home) == 0
    assert troubles(home) == {}
    told = home.run("poetry", "env", "list", cwd=home.at("code/kept")).stdout
    assert "(Activated)" in told
    undo(home, 2)
    assert [content(path) for path in (records, lines)] == before


def test_what_hides_pyenv(home: Home) -> None:
    home.variables |= {"PATH": f"/usr/bin:/bin:{home.variables['PATH']}", "SHELL": "/bin/bash"}
    if not os.path.exists("/usr/bin/python3"):
        os.symlink(home.python("3.11"), os.path.join(home.folder("first"), "python3"))
        home.variables["PATH"] = f"{home.at('first')}:{home.variables['PATH']}"
    home.write(".bashrc", "PATH=/usr/bin:/bin:$PATH")
    found = troubles(home)
    assert set(found) == {"hidden pyenv"}
    assert fix(home) == 0
    first = home.run("bash", "-ic", "command -v python3").stdout.strip()
    assert first == f"{home.pyenv}/shims/python3"
    assert troubles(home)["hidden pyenv"][0]["plan"] is None
    undo(home, 1)
    with open(home.at(".bashrc")) as file:
        assert file.read() == "PATH=/usr/bin:/bin:$PATH"


def test_an_active_environment_hides_nothing(home: Home) -> None:
    prefix = home.venv("code/app/.venv", "3.12")
    home.variables |= {"VIRTUAL_ENV": prefix, "PATH": f"{prefix}/bin:{home.variables['PATH']}"}
    assert troubles(home) == {}


def test_two_managers_and_one_environment(tooled: Home) -> None:
    home = tooled
    home.write("code/app/pyproject.toml", POETRY)
    home.write("code/app/uv.lock", "version = 1\n")
    home.write("code/app/poetry.toml", "# ours\n[installer]\nparallel = true\n")
    home.with_tools("uv")
    home.run("uv", "venv", "-q", "-p", home.python("3.12"), home.at("code/app/.venv"))
    app = home.at("code/app")
    (told,) = troubles(home)["two managers"]
    assert "uv and poetry" in told["text"]
    mine = home.run("poetry", "env", "info", "--path", cwd=app, check=False).stdout.strip()
    assert mine == f"{app}/.venv"
    assert fix(home) == 0
    assert "two managers" not in troubles(home)
    with open(f"{app}/poetry.toml") as file:
        assert file.read().startswith("# ours\n[installer]\nparallel = true\n")
    theirs = home.run("poetry", "env", "info", "--path", cwd=app, check=False).stdout.strip()
    assert theirs != f"{app}/.venv"


def test_lost_moved_and_missing_are_found_with_their_plans(home: Home) -> None:
    for name in ("one", "two"):
        home.venv(f"code/{name}/.venv", "3.12")
    home.venv("code/old/.venv", "3.11")
    os.rename(home.at("code/old"), home.at("code/new"))
    home.write("code/pinned/.python-version", "3.12.9999\n")
    version = home.version("3.12")
    os.rename(f"{home.pyenv}/versions/{version}", f"{home.pyenv}/versions/3.12.99")
    with open(f"{home.pyenv}/version", "w") as file:
        file.write("3.12.99\n")
    found = troubles(home)
    assert set(found) == {"lost Python", "moved", "missing version"}
    assert found["lost Python"][0]["text"].startswith("2 environments lost Python")
    assert found["lost Python"][0]["plan"]["title"] == "Repair 2 environments"
    assert found["missing version"][0]["plan"] is None
    assert home.envtui("doctor", "--fix", "--dry-run").returncode == 1
    assert set(troubles(home)) == set(found)
    answer = home.envtui("doctor", "--fix", "--yes", "--json")
    assert answer.returncode == 1  # no manager knows that version
    told = {one["name"]: one for one in json.loads(answer.stdout)["troubles"]}
    assert told["lost Python"]["done"]
    assert told["lost Python"]["id"]
    assert not told["missing version"]["done"]
    assert set(troubles(home)) == {"missing version"}


def test_the_shell_function_and_the_words_of_trust(home: Home) -> None:
    home.variables["SHELL"] = "/bin/bash"
    assert home.envtui("setup", "bash", "--auto", "--yes").returncode == 0
    with open(home.at(".bashrc"), "a") as file:
        file.write("PROMPT_COMMAND=date\n")
    home.write(".local/share/envtui/init.bash", "# old\n__envtui_arrive\n")
    home.write(".local/state/envtui/trust.json", "{")
    assert set(troubles(home)) == {"old init file", "overwritten hook", "no words kept"}
    fix(home)
    assert set(troubles(home)) == {"no words kept"}


def test_pdm_is_told_to_keep_out_of_uvs_environment(home: Home) -> None:
    home = home.with_tools("uv", "pdm")
    app = home.folder("code/app")
    home.write("code/app/pyproject.toml", "[project]\nname = 'app'\nversion = '1'\n[tool.pdm]\n")
    home.write("code/app/uv.lock", "version = 1\n")
    home.write("code/app/pdm.toml", "# ours\n[python]\nuse_venv = true\n")
    home.run("uv", "venv", "-q", "-p", home.python("3.12"), f"{app}/.venv")
    before = content(f"{app}/pdm.toml")
    asking = ("pdm", "config", "venv.in_project")
    assert home.run(*asking, cwd=app).stdout.strip() == "True"
    (told,) = troubles(home)["two managers"]
    assert "uv and pdm" in told["text"]
    assert told["plan"]["title"] == "Keep pdm out of app's .venv"
    assert fix(home) == 0
    assert "two managers" not in troubles(home)
    assert content(f"{app}/pdm.toml").startswith(before)
    assert home.run(*asking, cwd=app).stdout.strip() == "False"
    undo(home, 1)
    assert content(f"{app}/pdm.toml") == before
    assert home.run(*asking, cwd=app).stdout.strip() == "True"


def test_a_repair_that_fails_is_told_line_by_line(home: Home) -> None:
    made = home.venv("old/.venv", "3.12", "--with-pip")
    shutil.rmtree(os.path.join(made, "lib/python3.12/site-packages/pip"))
    os.rename(home.at("old"), home.at("new"))
    done = home.envtui("doctor", "--fix", "--yes")
    assert done.returncode == 5
    assert "Rolled back: everything is as it was." in done.stderr.splitlines()
    assert "\N{REPLACEMENT CHARACTER}" not in done.stderr
