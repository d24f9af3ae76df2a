"""xonsh and nushell in a window of tmux: they ask the terminal where its cursor is."""

import os
import re
import signal

import pytest

from envtui.host import Host
from envtui.shell import quote, setup
from tests.shell.shells import WAYS, Home, require
from tests.shell.terminal import Terminal
from tests.shell.test_matrix import environment, word
from tests.shell.test_setup import perform

RC = {
    "xonsh": "$PROMPT = '{env_name}READY> '\n",
    "nu": """$env.config.show_banner = false
$env.PROMPT_COMMAND = {|| "READY"}
$env.PROMPT_COMMAND_RIGHT = ""
$env.PROMPT_INDICATOR = "> "
""",
}
SHOW = {
    "xonsh": "print('in=' + ${...}.get('VIRTUAL_ENV', 'none') + '.', $PATH[0])",
    "nu": 'print $"in=($env.VIRTUAL_ENV? | default none). ($env.PATH | first)"',
}
PYTHON = "python -c 'import sys; print(\"py=\" + sys.prefix)'"


@pytest.fixture(params=["xonsh", "nu"])
def window(request, tmp_path, monkeypatch):
    """A shell that `envtui setup` has set up."""
    name = request.param
    home = Home(os.path.join(tmp_path, "home"))
    program = require(name)
    with open(os.path.join(home.path, WAYS[name].rc), "w") as file:
        file.write(RC[name])
    for key, value in home.variables.items():
        monkeypatch.setenv(key, value)
    host = Host(home.path, home.variables, home.path)
    perform(setup.plan(name, host, home.program))
    assert setup.plan(name, host, home.program).steps == ()
    assert setup.status(host, name)
    socket = os.path.join(tmp_path, "socket")
    made = Terminal(socket, home.variables, os.path.join(home.path, "work"), quote.posix(program))
    made.name, made.home, made.program = name, home, program
    yield made
    made("kill-server")


def do(at, text):
    """Run one line; what stands on the screen when the next prompt does.

    What is typed before that, these shells lose.
    """
    at.keys("C-l")
    at.sees_only("READY>")
    at.line(text)
    shown = at.sees_last(text, "READY>")
    return shown.replace("\n", "")  # long paths are broken at the edge


def test_switch_nest_fail_and_leave(window, first, second):
    at = window
    at.sees("READY>")
    show = SHOW[at.name]
    outside = "in=none. /usr/local/bin"
    assert outside in do(at, show)
    assert "first" in do(at, f"envtui activate {first}").rpartition("READY")[0][-12:]
    assert f"in={first}. {first}/bin" in do(at, show)
    assert f"py={first}" in do(at, PYTHON)
    do(at, f"envtui activate {second}")
    assert f"py={second}" in do(at, PYTHON)

    do(at, at.program if at.name == "xonsh" else f"^{at.program}")
    assert f"py={second}" in do(at, PYTHON)
    do(at, "deactivate")
    assert outside in do(at, show)
    do(at, "exit")
    assert f"in={second}. {second}/bin" in do(at, show)

    assert "nothing has been changed" in do(at, f"envtui cut {first}")
    at.line("envtui --wait")
    process = int(re.search(r"waiting (\d+)", at.sees("waiting")).group(1))
    os.kill(process, signal.SIGKILL)
    at.sees_last("envtui --wait", "READY>")  # the alternate screen is gone
    at.line("envtui wait")
    at.sees("waiting")
    at.keys("C-c")
    at.sees_last("waiting", "READY>")
    do(at, "deactivate")
    assert outside in do(at, show)
    assert at.home.leftovers() == []


def test_a_subshell_has_it_first_whatever_the_rc_file_does(window, first):
    at = window
    at.sees("READY>")
    line = {
        "xonsh": "$PATH.insert(0, '/shims')",
        "nu": "$env.PATH = ($env.PATH | prepend '/shims')",
    }
    with open(os.path.join(at.home.path, WAYS[at.name].rc), "a") as file:
        file.write(line[at.name] + "\n")
    do(at, f"{'^' if at.name == 'nu' else ''}{at.home.program} shell {first}")
    assert f"in={first}. {first}/bin" in do(at, SHOW[at.name])
    assert f"py={first}" in do(at, PYTHON)
    do(at, "envtui activate /nowhere/else")
    assert "in=/nowhere/else." in do(at, SHOW[at.name])
    do(at, "exit")
    assert "in=none. /usr/local/bin" in do(at, SHOW[at.name])


def test_a_name_in_the_prompt_is_not_obeyed(window):
    at = window
    at.sees("READY>")
    name = "{user} `touch PWNED` {RED}@(1) (ls)"
    prefix = environment(at.home, name)
    shown = do(at, f"envtui activate {word(at.name, prefix)}")
    if at.name == "nu":  # xonsh takes {RED} for a colour, which is all that it does with a name
        assert f"({name}) READY>" in shown
    do(at, SHOW[at.name])
    assert not [files for _, _, files in os.walk(at.home.path) if "PWNED" in files]
