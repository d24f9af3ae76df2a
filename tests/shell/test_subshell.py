"""Without the function: a subshell, one command, the bare variables."""

import os
import signal
import subprocess

import pytest

from envtui.errors import Refused
from envtui.model import Activation
from envtui.shell import change, subshell
from tests.shell.shells import PROMPT, Shell


@pytest.fixture
def shims(place, name):
    """An rc file without our line, that puts a directory with another python first on PATH."""
    folder = os.path.join(place.path, "shims")
    os.mkdir(folder)
    os.symlink("/bin/true", os.path.join(folder, "python"))
    line = f"set -gx PATH {folder} $PATH\n" if name == "fish" else f"export PATH={folder}:$PATH\n"
    place.rc(name, after=line + "export FROM_RC=1\n", hook=False)
    return folder


def test_the_subshell_has_the_environment_first_whatever_the_rc_file_does(
    place, start, name, first, shims
):
    shell = start()
    assert shell.python() == f"{shims}/python"
    before = shell.variables()
    shell.type(f"{place.program} shell {first}")
    shell.child.expect_exact(f"(first) {PROMPT}")
    inside = shell.variables()
    assert shell.python() == f"{first}/bin/python"
    assert inside["VIRTUAL_ENV"] == first
    assert inside["FROM_RC"] == "1"
    assert not [key for key in inside if key.startswith("ENVTUI_SUBSHELL")]
    assert "ZDOTDIR" not in inside
    code, output = shell.run(f"{place.program} shell {first}")
    assert code == 3
    assert "`exit` leaves it" in output
    shell.child.setwinsize(30, 133)
    assert shell.ok("stty size </dev/tty") == "30 133"
    shell.leave("exit 7")
    assert shell.variables() == before


def test_the_function_works_in_the_subshell(place, start, name, first, second, shims):
    shell = start()
    shell.type(f"{place.program} shell {first}")
    shell.child.expect_exact(f"(first) {PROMPT}")
    shell.ok(f"envtui activate {second}")
    assert shell.python() == f"{second}/bin/python"
    shell.ok("deactivate")
    assert shell.python() == f"{shims}/python"
    assert shell.prompt() == PROMPT


def test_zsh_keeps_the_users_own_zdotdir(place, first):
    folder = os.path.join(place.path, "dots")
    os.mkdir(folder)
    os.rename(os.path.join(place.path, ".zshrc"), os.path.join(folder, ".zshrc"))
    with open(os.path.join(place.path, ".zshenv"), "w") as file:
        file.write(f"export ZDOTDIR={folder} FROM_ZSHENV=1\n")
    shell = Shell("zsh", place)
    shell.type(f"{place.program} shell {first}")
    shell.child.expect_exact(f"(first) {PROMPT}")
    inside = shell.variables()
    assert inside["ZDOTDIR"] == folder
    assert inside["FROM_ZSHENV"] == "1"
    assert shell.python() == f"{first}/bin/python"
    shell.close()


def test_plain_sh(place, first):
    shell = Shell("bash", place)
    shell.type("PS1='$ ' exec sh -i")
    shell.child.expect_exact("$ ")
    shell.type(f"{place.program} shell {first}")
    shell.child.expect_exact("(first) ")
    shell.type("command -v python; echo done")
    shell.child.expect_exact(f"\n{first}/bin/python")
    shell.close()


def test_input_from_a_pipe_is_run_in_the_environment(place, first):
    done = subprocess.run(
        ["bash", "-c", f'echo "command -v python" | {place.program} shell {first}; exit'],
        env=place.variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{first}/bin/python\n"


def test_run_becomes_the_command(place, first):
    def run(*words):
        return subprocess.run(
            [place.program, "run", first, *words],
            env={**place.variables, "PYTHONHOME": "", "ENVTUI_CALLER_PYTHONPATH": "/x"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run("python", "-c", "import sys; print(sys.prefix)").stdout == f"{first}\n"
    variables = run("env").stdout
    assert "ENVTUI_" not in variables
    assert "PYTHONPATH=/x\n" in variables
    assert run("sh", "-c", "exit 42").returncode == 42
    assert run("sh", "-c", "kill -TERM $$").returncode == -signal.SIGTERM
    missing = run("no-such-command")
    assert missing.returncode == 127
    assert missing.stderr == "envtui: no-such-command: command not found\n"
    assert run("/etc/passwd").returncode == 126


def test_run_in_a_pipe_ends_with_its_reader(place, first):
    text = f"{place.program} run {first} yes | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", text], env=place.variables, capture_output=True, text=True, check=True
    )
    assert done.stdout == "y\n141\n"
    assert done.stderr == ""


def test_text_for_eval_switches_a_shell_that_can_leave_again(shell, name, first, place):
    before = shell.variables()
    lines = f"{place.program} env {first} {name}"
    shell.ok(f"{lines} | source" if name == "fish" else f'eval "$({lines})"')
    assert shell.python() == f"{first}/bin/python"
    shell.ok("envtui deactivate")
    assert shell.variables() == before


def test_the_variables_name_what_must_go():
    activation = Activation("x", "venv", "/x", "/x/bin", {"VIRTUAL_ENV": "/x"})
    environ = {"PATH": "/bin", "PYTHONHOME": "/y", "HOME": "/h"}
    assert subshell.variables(activation, environ) == {
        "PATH": "/x/bin:/bin",
        "VIRTUAL_ENV": "/x",
        "PYTHONHOME": None,
    }
    again = {**environ, **change.activate(activation, environ).set}
    assert subshell.variables(activation, again)["PATH"] == "/x/bin:/bin"


def test_no_second_subshell_of_the_same_environment():
    activation = Activation("x", "venv", "/x", "/x/bin", {"VIRTUAL_ENV": "/x"})
    inside = {"PATH": "/bin", **change.activate(activation, {"PATH": "/bin"}).set}
    with pytest.raises(Refused, match="`exit` leaves it"):
        subshell.shell(activation, {**inside, "ENVTUI_LEVEL": "1"})
