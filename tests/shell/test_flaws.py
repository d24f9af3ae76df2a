"""What `doctor` says of shells whose function or hook does not work any more."""

from __future__ import annotations

import os

import pytest

from envtui import flaws
from envtui.host import Host
from envtui.shell import setup
from envtui.trouble import Trouble
from tests.shell.shells import RC, Home
from tests.shell.test_setup import perform


@pytest.fixture
def host(tmp_path, monkeypatch) -> Host:
    home = Home(os.path.join(tmp_path, "home"))
    for key, value in home.variables.items():
        monkeypatch.setenv(key, value)
    return Host(home.path, home.variables, home.path)


def found(host: Host) -> dict[str, Trouble]:
    return {flaw.name: flaw for flaw in flaws.flaws(host, program(host))}


def program(host: Host) -> str:
    return os.path.join(host.home, "bin", "envtui")


def append(host: Host, shell: str, text: str) -> str:
    path = os.path.join(host.home, RC[shell])
    with open(path, "a") as file:
        file.write(text)
    return path


def test_nothing_is_wrong_where_nothing_is_set_up_or_all_is(host):
    assert found(host) == {}
    for shell in ("bash", "zsh", "fish", "ksh", "dash", "tcsh", "xonsh", "nu"):
        perform(setup.plan(shell, host, program(host)))
    assert found(host) == {}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "mksh", "tcsh", "nu"])
def test_functions_of_another_envtui_are_made_anew(host, shell):
    perform(setup.plan(shell, host, "/gone/bin/envtui", auto=True))
    flaw = found(host)["old init file"]
    assert "another envtui" in flaw.text
    perform(flaw.plan)
    assert found(host) == {}
    assert setup.is_auto(host, shell)


def test_a_line_for_a_file_that_is_gone(host):
    perform(setup.plan("zsh", host, program(host)))
    os.unlink(setup.cached_file("zsh", host))
    flaw = found(host)["no init file"]
    assert "~/.zshrc" in flaw.text
    perform(flaw.plan)
    assert found(host) == {}


@pytest.mark.parametrize(
    ("shell", "harmless", "line"),
    [
        (
            "bash",
            'PROMPT_COMMAND="x;$PROMPT_COMMAND"\n# PROMPT_COMMAND=x\n',
            "PROMPT_COMMAND='history -a'",
        ),
        (
            "zsh",
            "precmd_functions+=(x)\nchpwd_functions=($chpwd_functions x)\n",
            "chpwd_functions=(x)",
        ),
        ("yash", 'PROMPT_COMMAND="$PROMPT_COMMAND"\n', "PROMPT_COMMAND='history'"),
        ("ksh", 'PS1="x$PS1"\n', "PS1='$ '"),
        ("tcsh", "alias precmd x\n", "alias cwdcmd 'ls'"),
    ],
)
def test_a_hook_that_is_set_anew_after_our_line(host, shell, harmless, line):
    append(host, shell, line + "\n")  # before ours it does no harm
    perform(setup.plan(shell, host, program(host), auto=True))
    append(host, shell, harmless)
    assert found(host) == {}
    path = append(host, shell, line + "\n")
    flaw = found(host)["overwritten hook"]
    assert RC[shell] in flaw.text
    with open(path) as file:
        assert file.read().splitlines()[int(flaw.text.split()[1]) - 1] == line
    perform(flaw.plan)
    assert found(host) == {}
    with open(path) as file:
        assert file.read().count(line) == 2


@pytest.mark.parametrize("path", ["{shims}:{bin}:/usr/bin", "/usr/bin"])
def test_something_before_the_active_environment(host, path):
    folders = {name: os.path.join(host.home, name) for name in ("shims", "bin")}
    os.makedirs(folders["shims"], exist_ok=True)
    os.symlink("/bin/true", os.path.join(folders["shims"], "python"))
    inside = {**host.variables, "ENVTUI_STATE": "x", "ENVTUI_BIN": folders["bin"]}
    fine = Host(host.home, {**inside, "PATH": f"{folders['bin']}:/usr/bin"}, host.home)
    assert found(fine) == {}
    hidden = Host(host.home, {**inside, "PATH": path.format(**folders)}, host.home)
    assert "hidden environment" in found(hidden)
