"""What is left when the program is interrupted, killed, or answers badly: a shell as before."""

import os
import re
import signal

import pytest

from envtui.shell import quote
from tests.shell.shells import PROMPT

WAITING = rb"waiting (\d+) (\S+) now"


def waiting(shell, *words):
    """A program that has taken the terminal as a screen does; its process id and answer file."""
    shell.settled()
    shell.type(" ".join(["envtui", "--wait", *words]))
    shell.child.expect(WAITING)
    return int(shell.child.match.group(1)), os.fsdecode(shell.child.match.group(2))


def test_after_sigkill_the_terminal_is_usable_and_nothing_is_left(shell, first):
    before = shell.ok("stty -a </dev/tty")
    process, answer = waiting(shell)
    assert os.path.exists(answer)
    os.kill(process, signal.SIGKILL)
    for sequence in ("\x1b[?1049l", "\x1b[?1003l", "\x1b[?25h"):
        shell.child.expect_exact(sequence)
    shell.child.expect_exact(PROMPT)
    modes = shell.ok("stty -a </dev/tty")
    for mode in (" echo ", " icanon ", " isig ", " opost "):
        assert (mode in modes) == (mode in before), mode
    assert not os.path.exists(answer)
    shell.ok(f"envtui activate {first}")
    assert shell.python() == f"{first}/bin/python"


def test_the_terminal_is_left_alone_when_a_command_was_killed(shell, first):
    code, output = shell.run(f"envtui run {first} sh -c 'kill -9 $$' 2>/dev/tty")
    assert code == 137
    assert b"\x1b[?1049l" not in shell.child.before
    assert output == "" or "illed" in output


def test_ctrl_c_changes_nothing_and_removes_the_file(shell):
    before = shell.variables()
    shell.type("envtui wait")
    shell.child.expect(WAITING)
    answer = os.fsdecode(shell.child.match.group(2))
    shell.child.sendintr()
    shell.child.expect_exact(PROMPT)
    assert not os.path.exists(answer)
    assert shell.variables() == before


def test_a_suspended_program_gives_the_shell_back(shell, first):
    before = shell.variables()
    shell.type("envtui wait")
    shell.child.expect(WAITING)
    process = int(shell.child.match.group(1))
    shell.child.send("\x1a")
    shell.child.expect_exact(PROMPT)
    assert shell.variables() == before
    os.kill(process, signal.SIGKILL)
    shell.ok(f"envtui activate {first}")
    assert shell.python() == f"{first}/bin/python"


def test_a_program_that_dies_of_ctrl_c_leaves_no_file_for_long(shell, first):
    shell.type("envtui wait plainly")
    shell.child.expect(WAITING)
    answer = os.fsdecode(shell.child.match.group(2))
    shell.child.sendintr()
    shell.child.expect_exact(PROMPT)
    shell.ok(f"envtui activate {first}")
    assert not os.path.exists(answer)
    assert shell.home.leftovers() == []


@pytest.mark.parametrize("status", [1, 3, 130, 143])
def test_an_answer_of_a_program_that_failed_is_ignored(shell, first, status):
    before = shell.variables()
    assert shell.run(f"envtui fail {first} {status}")[0] == status
    assert shell.variables() == before
    assert shell.home.leftovers() == []


def test_an_answer_that_was_cut_is_ignored_and_said(shell, first):
    before = shell.variables()
    code, output = shell.run(f"envtui cut {first}")
    assert code == 1
    assert "nothing has been changed" in output
    assert shell.variables() == before
    assert shell.home.leftovers() == []


def test_no_place_for_the_answer_still_runs_the_program(shell, name, first):
    shell.ok("set -gx TMPDIR /nowhere" if name == "fish" else "export TMPDIR=/nowhere")
    assert shell.run("envtui exit 4")[0] == 4
    code, output = shell.run(f"envtui activate {first}")
    assert code == 2
    assert "set TMPDIR to a directory that you may write to" in output


def test_a_machine_without_mktemp(shell, name, first, place):
    bare = os.path.join(place.path, "bare")
    os.mkdir(bare)
    for command in ("env", "cat", "stty", "rm"):
        os.symlink(f"/bin/{command}", os.path.join(bare, command))
    shell.ok(quote.assignment(name, "PATH", bare))
    code, output = shell.run(f"envtui activate {first}")
    assert code == 2
    assert "have `mktemp` on PATH" in output
    assert shell.run("envtui exit 4")[0] == 4


def test_an_answer_file_that_somebody_removed_is_said(shell, first):
    code, output = shell.run(f"envtui late {first}")
    assert code == 2
    assert re.search(r"no longer waiting.*envtui activate '.*/first'", output)


def test_a_function_of_another_version_is_refused_in_words(place, name, first):
    line = "set -gx ENVTUI_PROTO 9" if name == "fish" else "export ENVTUI_PROTO=9"
    call = f"env ENVTUI_PROTO=9 ENVTUI_OUT=/dev/null ENVTUI_SHELL={name} {place.program}"
    output = place.script(name, f"{line}\n{call} activate {first}\n")
    assert "open a new shell" in output


def test_strict_bash_survives_a_failing_program(place, first):
    text = f"envtui exit 5 || echo status $?\nenvtui activate {first}\ncommand -v python\n"
    output = place.script("bash", text, "-euo", "pipefail")
    assert output == f"status 5\n{first}/bin/python\n"
