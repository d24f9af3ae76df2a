"""The shells beside bash, zsh and fish, as a person uses them: set up, switch, nest, fail, leave."""

import os
import re
import signal

import pytest

from envtui.host import Host
from envtui.shell import quote, setup
from tests.shell.shells import PROMPT, RC, WAYS, Home, Shell
from tests.shell.test_failures import WAITING
from tests.shell.test_matrix import environment
from tests.shell.test_setup import perform

OTHERS = ("dash", "ash", "ksh", "mksh", "yash", "tcsh")


@pytest.fixture(params=OTHERS)
def shell(request, tmp_path, monkeypatch):
    """An interactive shell that `envtui setup` has set up."""
    name = request.param
    home = Home(os.path.join(tmp_path, "home"))
    home.rc(name, hook=False)
    for key, value in home.variables.items():
        monkeypatch.setenv(key, value)
    variables = {**home.variables, "ENV": os.path.join(home.path, RC[name])}
    host = Host(home.path, variables, home.path)
    perform(setup.plan(name, host, home.program))
    assert setup.plan(name, host, home.program).steps == ()
    started = Shell(name, home)
    yield started
    started.close()


def export(shell, name, value):
    shell.ok(quote.assignment(shell.name, name, value))


def test_a_day(shell, first, second):
    before = shell.variables()
    shell.ok(f"envtui activate {first}")
    assert shell.prompt() == f"(first) {PROMPT}"
    assert shell.ok("python -c 'import sys; print(sys.prefix)'") == first
    assert shell.variables()["VIRTUAL_ENV"] == first

    export(shell, "PATH", f"/front:{shell.variables()['PATH']}:/back")
    shell.ok(f"envtui activate {second}")
    assert shell.variables()["PATH"] == f"{second}/bin:/front:{before['PATH']}:/back"
    assert shell.prompt() == f"(second) {PROMPT}"

    inside = shell.variables()
    words = [*WAYS[shell.name].argv, *WAYS[shell.name].interactive]
    shell.enter(" ".join(words), f"(second) {PROMPT}")
    assert shell.ok("python -c 'import sys; print(sys.prefix)'") == second
    shell.ok("deactivate")
    assert shell.variables()["PATH"] == f"/front:{before['PATH']}:/back"
    assert shell.prompt() == PROMPT
    shell.leave()
    assert shell.variables() == inside

    shell.ok(f"envtui activate version:3.12.1={first}")
    assert shell.variables()["PYENV_VERSION"] == "3.12.1"
    assert shell.prompt() == f"(3.12.1) {PROMPT}"
    shell.ok("deactivate")
    assert shell.variables() == {**before, "PATH": f"/front:{before['PATH']}:/back"}
    assert shell.prompt() == PROMPT
    assert shell.run("deactivate")[0] != 0
    assert shell.home.leftovers() == []


def test_a_name_in_the_prompt_is_not_obeyed(shell):
    hostile = "$(touch PWNED)`touch PWNED`%n %$HOME ${HOME} {x}'[y]\"*"
    for name in (hostile, hostile + "!! \\e[5m"):
        prefix = environment(shell.home, name)
        shell.ok(f"envtui activate {quote.word(shell.name, prefix)}")
        shown = name if shell.name == "tcsh" else hostile
        assert shell.prompt() == f"({shown}) {PROMPT}"
    assert not [files for _, _, files in os.walk(shell.home.path) if "PWNED" in files]


def test_foreign_activations_and_a_bad_pythonhome(shell, first, second):
    script = f"{second}/bin/activate" + (".csh" if shell.name == "tcsh" else "")
    source = f"{WAYS[shell.name].source} {script}"
    export(shell, "PYTHONHOME", "/nonexistent")
    before = shell.variables()
    shell.ok(source)
    shell.ok(f"envtui activate {first}")
    inside = shell.variables()
    assert second not in inside["PATH"]
    assert "PYTHONHOME" not in inside
    shell.ok("envtui deactivate")
    assert shell.variables() == before

    shell.ok(f"envtui activate {first}")
    shell.ok(source)
    assert shell.ok("python -c 'import sys; print(sys.prefix)'") == second
    shell.ok("envtui deactivate")
    assert shell.variables() == before
    shell.run("unsetenv PYTHONHOME" if shell.name == "tcsh" else "unset PYTHONHOME")


def test_nothing_that_goes_wrong_changes_anything(shell, first):
    before = shell.variables()
    modes = shell.ok("stty -a </dev/tty")
    for verb, code in ((f"fail {first} 3", 3), (f"fail {first} 130", 130), ("exit 7", 7)):
        assert shell.run(f"envtui {verb}")[0] == code
    code, output = shell.run(f"envtui cut {first}")
    assert code == 1
    assert "nothing has been changed" in output
    code, output = shell.run(f"envtui late {first}")
    assert code == 2
    assert re.search(r"no longer waiting.*envtui activate '.*/first'", output)
    assert shell.variables() == before

    shell.type("envtui wait")
    shell.child.expect(WAITING)
    shell.child.sendintr()
    shell.child.expect_exact(PROMPT)
    shell.type("envtui wait plainly")  # dies of the signal, where the shell ends the function
    shell.child.expect(WAITING)
    shell.child.sendintr()
    shell.child.expect_exact(PROMPT)
    assert shell.variables() == before

    shell.type("envtui wait")
    shell.child.expect(WAITING)
    suspended = int(shell.child.match.group(1))
    shell.child.send("\x1a")
    shell.child.expect_exact(PROMPT)
    os.kill(suspended, signal.SIGKILL)
    shell.settled()
    assert shell.variables() == before

    shell.type("envtui --wait")
    shell.child.expect(WAITING)
    os.kill(int(shell.child.match.group(1)), signal.SIGKILL)
    for sequence in ("\x1b[?1049l", "\x1b[?1003l", "\x1b[?25h"):
        shell.child.expect_exact(sequence)
    shell.child.expect_exact(PROMPT)
    after = shell.ok("stty -a </dev/tty")
    for mode in (" echo ", " icanon ", " isig ", " opost "):
        assert (mode in after) == (mode in modes), mode
    assert shell.variables() == before
    assert shell.home.leftovers() == []

    export(shell, "TMPDIR", "/nowhere")
    code, output = shell.run(f"envtui activate {first}")
    assert code == 2
    assert "set TMPDIR to a directory that you may write to" in output
    export(shell, "TMPDIR", shell.home.temporary)
    os.unlink(shell.home.program)
    code, output = shell.run("envtui list")
    assert code == 127
    assert "install envtui again" in output


def test_aliases_do_not_matter(shell, first):
    words = [
        "cd",
        "mktemp",
        "rm",
        "cat",
        "printf",
        "stty",
        "command",
        "export",
        "unset",
        "eval",
        "return",
        "set",
        "test",
    ]
    if shell.name == "tcsh":  # which has no way past an alias over a builtin
        words = ["cd", "mktemp", "rm", "cat", "printf", "stty", "head", "tail"]
    make = "alias {} 'echo NO'" if shell.name == "tcsh" else "alias {}='echo NO'"
    before = shell.variables()
    shell.ok("\n".join(make.format(word) for word in words))
    code, output = shell.run(f"envtui activate {first} /")
    assert (code, output) == (0, "")
    assert shell.variables()["VIRTUAL_ENV"] == first
    assert shell.ok("pwd") == "/"
    shell.ok("envtui deactivate")
    assert shell.variables() == before


def test_a_subshell_without_the_function(tmp_path, shell, first):
    home = shell.home
    shims = os.path.join(home.path, "shims")
    os.mkdir(shims)
    os.symlink("/bin/true", os.path.join(shims, "python"))
    line = quote.assignment(shell.name, "PATH", f"{shims}:{home.variables['PATH']}") + "\n"
    # tcsh reads the user's file last, and only what that has in it.
    home.rc(shell.name, before=line, hook=shell.name == "tcsh")
    shell.type(f"{home.program} shell {first}")
    shell.child.expect_exact(f"(first) {PROMPT}")
    assert shell.ok("python -c 'import sys; print(sys.prefix)'") == first
    assert not [key for key in shell.variables() if key.startswith("ENVTUI_SUBSHELL")]
    assert shell.run("envtui exit 4")[0] == 4
    shell.leave("exit 7")
    assert "VIRTUAL_ENV" not in shell.variables()


def test_text_for_eval_switches_a_shell_that_can_leave_again(shell, first):
    before = shell.variables()
    lines = f"{shell.home.program} env {first} {shell.name}"
    shell.ok(f'eval "`{lines}`"' if shell.name == "tcsh" else f'eval "$({lines})"')
    assert shell.ok("python -c 'import sys; print(sys.prefix)'") == first
    shell.ok("envtui deactivate")
    assert shell.variables() == before
