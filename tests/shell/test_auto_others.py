"""Switching by directory in the shells beside bash, zsh and fish, after `envtui setup --auto`."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest

from envtui.host import Host
from envtui.shell import AUTO, setup
from tests import tools
from tests.shell.shells import RC, WAYS, Home, Shell, require
from tests.shell.test_auto import active, allow, calls, go
from tests.shell.test_setup import perform

ON_A_PTY = ("ksh", "mksh", "yash", "tcsh")
IN_TMUX = ("xonsh", "nu")  # they ask the terminal where the cursor is, and wait for the answer
PATIENCE = 60.0


def test_every_shell_with_a_hook_is_tried():
    assert set(AUTO) == {"bash", "zsh", "fish", *ON_A_PTY, *IN_TMUX}


@pytest.fixture
def projects(tmp_path, venvs, monkeypatch, request) -> Home:
    """A home with two projects, set up with the hook."""
    name = request.param
    require(name)
    home = Home(os.path.join(tmp_path, "home"))
    for project, venv in zip(("api", "it's $(touch PWNED)"), venvs, strict=True):
        shutil.copytree(venv, os.path.join(home.path, project, ".venv"), symlinks=True)
        os.mkdir(os.path.join(home.path, project, "src"))
    os.mkdir(os.path.join(home.path, "other"))
    counted = os.path.join(home.path, "calls")
    home.install(
        f"open({counted!r}, 'a').write(sys.argv[1] + '\\n')\n"
        "from envtui.cli import main; sys.exit(main())"
    )
    home.rc(name, hook=False)
    for key, value in home.variables.items():
        monkeypatch.setenv(key, value)
    variables = {**home.variables, "ENV": os.path.join(home.path, RC[name])}
    host = Host(home.path, variables, home.path)
    perform(setup.plan(name, host, home.program, auto=True))
    assert setup.is_auto(host, name)
    assert setup.plan(name, host, home.program).steps == ()  # it stays as it is
    assert setup.plan(name, host, home.program, auto=False).steps
    home.name = name
    return home


@pytest.mark.parametrize("projects", ON_A_PTY, indirect=True)
def test_in_and_out_of_projects(projects, first):
    shell = Shell(projects.name, projects)
    before = shell.variables()
    assert "~/api is not allowed yet" in go(shell, "api")
    assert "envtui:" not in go(shell, "api/src")
    go(shell, "work")
    allow(projects, "api", "it's $(touch PWNED)")
    calls(projects)
    go(shell, "api/src")
    shell.settled()
    assert calls(projects) == ["hook"]
    assert active(shell) == f"{projects.path}/api/.venv"
    go(shell, "api")
    assert calls(projects) == []
    shell.ok("deactivate")
    go(shell, "api/src")
    assert shell.variables() == before
    for_shell = "cd ../../it*" if projects.name != "tcsh" else "cd ../../it*PWNED*"
    shell.ok(for_shell)
    shell.settled()
    assert active(shell) == f"{projects.path}/it's $(touch PWNED)/.venv"
    go(shell, "work")
    shell.settled()
    assert shell.variables() == before
    shell.ok(f"envtui activate {first}")
    calls(projects)
    go(shell, "api")
    go(shell, "other")
    assert active(shell) == first
    assert calls(projects) == []
    assert not [files for _, _, files in os.walk(projects.path) if "PWNED" in files]
    shell.close()


class Window:
    """A shell in tmux."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.socket = os.path.join(home.path, "tmux")
        words = [require(home.name), *WAYS[home.name].argv[1:]]
        self("-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "50", *words)

    def __call__(self, *words: str) -> str:
        return subprocess.run(
            ["tmux", "-S", self.socket, *words],
            env={**self.home.variables, "TERM": "xterm-256color"},
            cwd=os.path.join(self.home.path, "work"),
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    def line(self, text: str) -> None:
        self("send-keys", "-l", text)
        self("send-keys", "Enter")

    def sees(self, text: str, line: str = "") -> None:
        """Wait until that stands on the screen, typing the line until it is taken.

        What is typed while such a shell asks its terminal something is thrown away.
        """
        until = time.monotonic() + PATIENCE
        again = 0.0
        while time.monotonic() < until:
            if line and time.monotonic() > again:
                self.line(line)
                again = time.monotonic() + PATIENCE / 12
            shown = self("capture-pane", "-p")
            if text in shown.replace("\n", ""):
                return
            select.select([], [], [], 0.1)  # tmux has nothing to wait for a text with
        raise AssertionError(f"{text} never came; the screen is:\n{shown}")


@pytest.fixture
def window(projects) -> Iterator[Window]:
    if not shutil.which("tmux"):
        tools.missing("tmux is not installed")
    made = Window(projects)
    yield made
    made("kill-server")


@pytest.mark.parametrize("projects", IN_TMUX, indirect=True)
def test_in_and_out_of_projects_where_the_terminal_is_asked(projects, window):
    allow(projects, "api")
    home = projects.path
    shown = {
        "xonsh": "echo @('V' + '=' + ${...}.get('VIRTUAL_ENV', 'none') + ';')",
        "nu": "print $\"V('=')($env.VIRTUAL_ENV? | default none);\"",
    }[projects.name]
    window.sees("V=none;", shown)
    for place, prefix in (("api/src", f"{home}/api/.venv"), ("other", "none")):
        went = (
            f"echo 'went' {place}" if projects.name == "xonsh" else f"print $'went (echo {place})'"
        )
        window.sees(f"went {place}", f"cd {home}/{place}; clear; {went}")
        window.sees(f"V={prefix};", shown)
    assert calls(projects)[-2:] == ["hook", "hook"]
    window.sees("is not allowed yet", f'cd "{home}/it\'s $(touch PWNED)"')
    assert not [files for _, _, files in os.walk(home) if "PWNED" in files]
