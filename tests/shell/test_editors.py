"""docs/editors.md as it is printed there, with the real tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from tests import tools
from tests.shell.shells import Home, Shell

PAGE = os.path.join(tools.CHECKOUT, "docs", "editors.md")


def need(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        tools.missing(f"{program} is not installed")
        raise AssertionError
    return path


@pytest.fixture
def home(place: Home, venvs: tuple[str, str]) -> Home:
    """A user with the page's files, the program on PATH and a project with an environment."""
    place.install("from envtui.cli import main; sys.exit(main())")
    place.variables["PATH"] = os.path.dirname(place.program) + ":" + place.variables["PATH"]
    shutil.copytree(venvs[0], os.path.join(place.path, "api", ".venv"), symlinks=True)
    with open(PAGE) as file:
        page = file.read()
    for path, text in re.findall(r"```\w+\n(?:--|#) ~/(\S+)\n(.*?)```", page, re.DOTALL):
        target = os.path.join(place.path, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w") as file:
            file.write(text)
    return place


def run(home: Home, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        cwd=os.path.join(home.path, "api"),
        env=home.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_neovim_is_switched(home):
    nvim = need("nvim")
    file = os.path.join(home.path, ".config", "nvim", "plugin", "envtui.lua")
    say = "lua io.stdout:write(vim.env.VIRTUAL_ENV .. '\\n' .. vim.fn.exepath('python'))"
    words = ["-u", "NONE", "--headless", "-c", f"luafile {file}"]
    done = run(home, nvim, *words, "-c", "Envtui ./.venv", "-c", say, "-c", "qa!")
    prefix = os.path.join(home.path, "api", ".venv")
    assert f"{prefix}\n{prefix}/bin/python" in done.stdout + done.stderr
    wrong = run(home, nvim, *words, "-c", "Envtui nothing-like-it", "-c", "qa!")
    assert "nothing-like-it" in wrong.stdout + wrong.stderr


def test_direnv_uses_it(home):
    direnv = need("direnv")
    project = os.path.join(home.path, "api")
    with open(os.path.join(project, ".envrc"), "w") as file:
        file.write("use envtui\n")
    assert run(home, direnv, "allow").returncode == 0
    done = run(home, direnv, "exec", project, "sh", "-c", "env; command -v python")
    assert f"VIRTUAL_ENV={project}/.venv\n" in done.stdout
    assert done.stdout.endswith(f"{project}/.venv/bin/python\n")
    assert "ENVTUI_" not in done.stdout
    with open(os.path.join(project, ".envrc"), "w") as file:
        file.write("use envtui no-such-thing\n")
    assert run(home, direnv, "allow").returncode == 0
    wrong = run(home, direnv, "exec", project, "true")
    assert "no-such-thing" in wrong.stderr


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_hooks_of_direnv_and_of_envtui_get_along(home, venvs, order, name):
    direnv = need("direnv")
    form = "{} | source\n" if name == "fish" else 'eval "$({})"\n'
    theirs = form.format(f"{direnv} hook {name}")
    ours = form.format(f"{home.program} init {name} --auto")
    home.rc(name, hook=False, after=theirs + ours if order == "before" else ours + theirs)
    used = os.path.join(home.path, "used")
    shutil.copytree(venvs[1], os.path.join(used, ".venv"), symlinks=True)
    with open(os.path.join(used, ".envrc"), "w") as file:
        file.write("use envtui\n")
    run(home, direnv, "allow", used)
    for project in ("api", "used"):
        run(home, home.program, "allow", "--yes", os.path.join(home.path, project))
    shell = Shell(name, home)
    try:
        before = shell.variables()
        for project in ("api", "used", "api", "used"):
            shell.type(f"cd {home.path}/{project}")
            shell.settled()
            shell.settled()
            assert shell.python() == f"{home.path}/{project}/.venv/bin/python"
        shell.type(f"cd {home.path}/work")
        shell.settled()
        shell.settled()
        assert shell.variables() == before
    finally:
        shell.close()


def test_a_tmux_server_inside_an_environment(home):
    need("tmux")
    prefix = os.path.join(home.path, "api", ".venv")
    seen = os.path.join(home.path, "seen")
    # A server whose last window closes may take along the word for a client that comes just then.
    script = f"command -v python >{seen}; echo $VIRTUAL_ENV >>{seen}; tmux wait-for -S done; cat"
    tmux = ["tmux", "-S", os.path.join(home.path, "socket"), "-f", "/dev/null"]
    done = run(home, home.program, "run", "./.venv", "--", *tmux, "new-session", "-d", script)
    assert done.returncode == 0, done.stderr
    subprocess.run([*tmux, "wait-for", "done"], env=home.variables, check=True, timeout=60)
    subprocess.run([*tmux, "kill-server"], env=home.variables, check=True)
    with open(seen) as file:
        assert file.read().split() == [f"{prefix}/bin/python", prefix]
