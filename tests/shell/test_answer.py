"""The file that a shell waits for: only the user's own plain file is ever written."""

import os

import pytest

from envtui.errors import BadInput, Problem
from envtui.model import Activation
from envtui.shell import answer, change, init

A = Activation("a", "venv", "/it's", "/it's/bin", {"VIRTUAL_ENV": "/it's"})
MADE = change.activate(A, {"PATH": "/bin"})


@pytest.fixture
def waiting(tmp_path):
    path = os.path.join(tmp_path, "envtui.x")
    with open(path, "w"):
        pass
    return {"ENVTUI_OUT": path, "ENVTUI_PROTO": "1", "ENVTUI_SHELL": "zsh"}


def test_the_answer_has_a_first_and_a_last_line(waiting):
    answer.write(MADE, waiting)
    with open(waiting["ENVTUI_OUT"]) as file:
        lines = file.read().split("\n")
    assert lines[0] == "# envtui 1 zsh"
    assert "\\builtin export VIRTUAL_ENV='/it'\\''s'" in lines
    assert lines[-2:] == ["# envtui end", ""]


def test_a_link_is_not_followed(waiting, tmp_path):
    target = os.path.join(tmp_path, "precious")
    os.rename(waiting["ENVTUI_OUT"], target)
    os.symlink(target, waiting["ENVTUI_OUT"])
    with pytest.raises(Problem):
        answer.write(MADE, waiting)
    assert os.path.getsize(target) == 0


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_something_else_than_a_file_is_refused(waiting, make):
    os.unlink(waiting["ENVTUI_OUT"])
    make(waiting["ENVTUI_OUT"])
    with pytest.raises(Problem):
        answer.write(MADE, waiting)


def test_without_a_function_the_way_to_get_it_is_said():
    assert answer.hooked({}) is None
    with pytest.raises(BadInput, match="envtui setup"):
        answer.write(MADE, {})


@pytest.mark.parametrize("other", [{"ENVTUI_PROTO": "2"}, {"ENVTUI_SHELL": "cmd"}])
def test_another_protocol_is_refused(waiting, other):
    with pytest.raises(BadInput, match="open a new shell"):
        answer.hooked({**waiting, **other})


def test_there_is_no_function_for_every_shell():
    with pytest.raises(BadInput, match="bash, zsh, fish"):
        init.script("cmd", "/x")


def test_the_function_of_a_program_with_a_strange_path(place, name):
    strange = os.path.join(place.path, "it's $(touch PWNED) \\ ", "envtui")
    os.makedirs(os.path.dirname(strange))
    os.rename(place.program, strange)
    place.program = strange
    printed = place.script(
        name,
        "envtui exit 6; echo $status$?\n".replace(
            "$status$?", "$status" if name == "fish" else "$?"
        ),
    )
    assert printed == "6\n"
