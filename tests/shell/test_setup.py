"""`setup`: one marked line in the rc file, as a plan, and never a second one."""

import os

import pytest

from envtui.errors import BadInput
from envtui.host import Host
from envtui.shell import setup
from tests.shell.conftest import FULL
from tests.shell.shells import PROMPT, Shell


@pytest.fixture
def host(place, monkeypatch):
    """A host whose places are below the home of `place`."""
    for key, value in place.variables.items():
        monkeypatch.setenv(key, value)
    for shell in FULL:
        place.rc(shell, hook=False)
    return Host(place.path, place.variables, place.path)


def perform(plan):
    """What the executor does with these steps."""
    for step in plan.steps:
        os.makedirs(os.path.dirname(step.path), exist_ok=True)
        with open(step.path, "wb") as file:
            file.write(step.content)


def test_a_new_shell_has_the_function_after_setup(host, place, name, first, start):
    assert setup.status(host, name) is None
    plan = setup.plan(name, host, place.program)
    assert len(plan.steps) == len(plan.guards) == 2
    perform(plan)
    assert setup.status(host, name) == setup.rc_lines(name, host, "")[0][0]
    shell = start()
    shell.ok(f"envtui activate {first}")
    assert shell.prompt() == f"(first) {PROMPT}"
    again = setup.plan(name, host, place.program)
    assert again.steps == ()
    assert "already" in again.done


def test_a_shell_whose_cached_file_is_gone_starts_without_a_word(host, place, name):
    perform(setup.plan(name, host, place.program))
    os.unlink(os.path.join(place.path, ".local/share/envtui", f"init.{name}"))
    shell = Shell(name, place)
    assert shell.run("envtui")[0] == 127
    assert b"init." not in (shell.child.before or b"")
    shell.close()


def test_the_users_lines_stay_as_they_are(host, place):
    rc = os.path.join(place.path, ".bashrc")
    with open(rc, "wb") as file:
        file.write(b"# mine \xff\r\nfi=1\nfi=1\nno newline")
    perform(setup.plan("bash", host, place.program))
    with open(rc, "rb") as file:
        content = file.read()
    assert content.startswith(b"# mine \xff\r\nfi=1\nfi=1\nno newline\nif [ -r ")
    assert content.endswith(b"# envtui setup\n")
    assert content.count(b"\n") == 5


def test_an_older_line_of_ours_is_replaced_where_it_is(host, place):
    rc = os.path.join(place.path, ".bashrc")
    with open(rc, "w") as file:
        file.write("a\na\n. /old # envtui setup\nb\n. /older # envtui setup\n")
    perform(setup.plan("bash", host, place.program))
    with open(rc) as file:
        lines = file.read().splitlines()
    assert lines[:2] == ["a", "a"]
    assert "init.bash" in lines[2]
    assert lines[3:] == ["b"]


def test_a_line_that_the_user_wrote_counts(host, place):
    with open(os.path.join(place.path, ".zshrc"), "w") as file:
        file.write('eval "$(envtui init zsh)"\n')
    assert setup.status(host, "zsh")
    steps = setup.plan("zsh", host, place.program).steps
    assert [os.path.basename(step.path) for step in steps] == ["init.zsh"]


def test_a_linked_rc_file_stays_a_link(host, place):
    rc, real = (os.path.join(place.path, part) for part in (".bashrc", "dotfiles"))
    os.rename(rc, real)
    os.symlink(real, rc)
    assert real in [step.path for step in setup.plan("bash", host, place.program).steps]


def test_macos_login_shells_are_covered(place):
    host = Host(place.path, place.variables, place.path, platform="darwin")
    names = [os.path.basename(path) for path, _ in setup.rc_lines("bash", host, "")]
    assert names == [".bashrc", ".bash_profile"]


def test_an_rc_file_that_cannot_be_read_is_said(host, place):
    os.unlink(os.path.join(place.path, ".bashrc"))
    os.mkdir(os.path.join(place.path, ".bashrc"))
    with pytest.raises(BadInput, match="can't be read"):
        setup.plan("bash", host, place.program)


def test_an_unknown_shell_is_said(host, place):
    with pytest.raises(BadInput, match="not 'cmd'"):
        setup.plan("cmd", host, place.program)


def written(home):
    """The user's own files below the home."""
    found = {}
    for folder, folders, files in os.walk(home.path):
        folders[:] = [name for name in folders if name not in (".pyenv", "state", ".cache")]
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                found[os.path.join(folder, name)] = file.read()
    return found


@pytest.mark.parametrize("shell", ["dash", "tcsh", "nu", "pwsh"])
def test_what_setup_writes_is_taken_back(home, shell):
    home.write(".profile", "mine=1")
    home.write(".cshrc", "set mine\n")
    before = written(home)
    assert home.envtui("setup", shell, "--dry-run").returncode == 0
    assert written(home) == before
    assert home.envtui("setup", shell, "--yes").returncode == 0
    assert written(home) != before
    assert "already" in home.envtui("setup", shell).stdout
    assert home.envtui("undo", "--yes").returncode == 0
    assert written(home) == before
