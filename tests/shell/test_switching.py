"""What a person sees who switches environments in a real, interactive shell."""

import os
import subprocess

import pytest

from tests import tools
from tests.shell.shells import PROMPT


def test_activate_changes_the_python_and_deactivate_restores_everything(shell, first):
    before = shell.variables()
    assert shell.run(f"envtui activate {first}")[0] == 0
    assert shell.python() == f"{first}/bin/python"
    assert shell.ok("python -c 'import sys; print(sys.prefix)'") == first
    assert shell.variables()["VIRTUAL_ENV"] == first
    shell.ok("deactivate")
    assert shell.variables() == before
    assert shell.run("deactivate")[0] != 0
    assert shell.home.leftovers() == []


def test_a_typed_command_shows_its_effect_at_the_next_prompt(shell, first):
    shell.type(f"envtui activate {first}")
    shell.child.expect_exact(f"(first) {PROMPT}")
    shell.type("envtui deactivate")
    shell.settled()
    assert shell.prompt() == PROMPT


def test_switching_leaves_nothing_of_the_first_behind(shell, first, second):
    before = shell.variables()
    shell.ok(f"envtui activate {second}")
    direct = shell.variables()
    shell.ok("envtui deactivate")
    shell.ok(f"envtui activate {first}")
    shell.ok(f"envtui activate {second}")
    assert shell.variables() == direct
    assert shell.prompt() == f"(second) {PROMPT}"
    shell.ok("envtui deactivate")
    assert shell.variables() == before


def test_from_an_environment_to_a_version_and_back(shell, first, second):
    shell.ok("export PYENV_VERSION=3.9.1")
    before = shell.variables()
    shell.ok(f"envtui activate {first}")
    shell.ok(f"envtui activate version:3.12.1={second}")
    inside = shell.variables()
    assert inside["PYENV_VERSION"] == "3.12.1"
    assert "VIRTUAL_ENV" not in inside
    assert "VIRTUAL_ENV_PROMPT" not in inside
    assert first not in inside["PATH"]
    assert shell.python() == f"{second}/bin/python"
    assert shell.prompt() == f"(3.12.1) {PROMPT}"
    shell.ok(f"envtui activate {first}")
    assert shell.variables()["PYENV_VERSION"] == "3.9.1"
    shell.ok("deactivate")
    assert shell.variables() == before


def test_path_edited_meanwhile_stays_as_edited(shell, first, second, name):
    add = {
        "fish": "set -gx PATH /front $PATH /back",
    }.get(name, 'export PATH="/front:$PATH:/back"')
    path = shell.variables()["PATH"]
    shell.ok(f"envtui activate {first}")
    shell.ok(add)
    shell.ok(f"envtui activate {second}")
    assert shell.variables()["PATH"] == f"{second}/bin:/front:{path}:/back"
    shell.ok("deactivate")
    assert shell.variables()["PATH"] == f"/front:{path}:/back"


def test_a_variable_that_was_changed_meanwhile_is_left_alone(shell, first):
    shell.ok(f"envtui activate {first}")
    shell.ok("export VIRTUAL_ENV_PROMPT=mine")
    shell.ok("deactivate")
    assert shell.variables()["VIRTUAL_ENV_PROMPT"] == "mine"


def test_going_to_a_directory_with_the_switch(shell, first, place):
    target = os.path.join(place.path, "it's a $(touch PWNED) place")
    os.mkdir(target)
    shell.ok(f"cd /; envtui activate {first} \"{place.path}/it's a \"'$(touch PWNED) place'")
    assert shell.ok("pwd") == target
    assert shell.python() == f"{first}/bin/python"


def test_the_status_of_the_program_is_the_status_of_the_function(shell):
    assert shell.run("envtui exit 3")[0] == 3
    assert shell.run("envtui exit 0")[0] == 0


def test_a_child_shell_can_leave_and_the_parent_stays(shell, first, name):
    outside = shell.variables()
    shell.ok(f"envtui activate {first}")
    inside = shell.variables()
    shell.enter(f"{name} {'--noprofile' if name == 'bash' else ''}", f"(first) {PROMPT}")
    assert shell.python() == f"{first}/bin/python"
    shell.ok("deactivate")
    assert shell.variables() == outside
    assert shell.prompt() == PROMPT
    shell.leave()
    assert shell.variables() == inside


@pytest.mark.parametrize("when", ["before", "on top"])
def test_a_foreign_virtualenv_is_left_too(shell, first, second, name, when):
    script = f"{second}/bin/activate" + (".fish" if name == "fish" else "")
    before = shell.variables()
    if when == "before":
        shell.ok(f"source {script}")
        shell.ok(f"envtui activate {first}")
        assert shell.prompt() == f"(first) {PROMPT}"
        assert second not in shell.variables()["PATH"]
    else:
        shell.ok(f"envtui activate {first}")
        shell.ok(f"source {script}")
        assert shell.python() == f"{second}/bin/python"
    shell.ok("envtui deactivate")
    assert shell.variables() == before
    assert shell.prompt() == PROMPT


def test_a_foreign_virtualenv_gives_pythonhome_back(shell, first, second, name):
    script = f"{second}/bin/activate" + (".fish" if name == "fish" else "")
    shell.ok("export PYTHONHOME=/nonexistent")
    before = shell.variables()
    shell.ok(f"source {script}")
    shell.ok(f"envtui activate {first}")
    assert "PYTHONHOME" not in shell.variables()
    shell.ok("envtui deactivate")
    assert shell.variables() == before


def test_a_bad_pythonhome_does_not_lock_anyone_in(shell, first):
    shell.ok("export PYTHONHOME=/nonexistent PYTHONPATH=/nowhere")
    before = shell.variables()
    shell.ok(f"envtui activate {first}")
    inside = shell.variables()
    assert "PYTHONHOME" not in inside
    assert inside["PYTHONPATH"] == "/nowhere"
    assert shell.ok("python -c 'print(1)'") == "1"
    shell.ok("deactivate")
    assert shell.variables() == before


def test_the_prompt_can_be_left_alone(start, first):
    shell = start(VIRTUAL_ENV_DISABLE_PROMPT="1")
    shell.ok(f"envtui activate {first}")
    assert shell.prompt() == PROMPT


def test_a_user_function_named_deactivate_survives(shell, first, name):
    body = (
        "function deactivate; echo mine; end" if name == "fish" else "deactivate() { echo mine; }"
    )
    shell.ok(body)
    shell.ok(f"envtui activate {first}")
    shell.ok("envtui deactivate")
    assert shell.ok("deactivate") == "mine"


def test_sourcing_the_rc_file_again_is_harmless(shell, first, place, name):
    rc = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}[name]
    before = shell.variables()
    shell.ok(f"envtui activate {first}")
    inside = shell.variables()
    shell.run(f"source {place.path}/{rc}")
    shell.run(f"source {place.path}/{rc}")
    assert shell.prompt() == f"(first) {PROMPT}"
    assert shell.variables() == inside
    shell.ok("deactivate")
    assert shell.prompt() == PROMPT
    assert shell.variables() == before


def test_aliases_over_builtins_do_not_matter(shell, first, name):
    words = ["export", "unset", "cd", "local", "eval", "hash", "return", "printf", "mktemp", "rm"]
    make = "function {}; builtin echo NO; end" if name == "fish" else "alias {}='echo NO'"
    if name == "fish":
        words = ["cd", "mktemp", "rm", "string", "contains", "functions", "stty", "command_not"]
    before = shell.variables()
    shell.ok("\n".join(make.format(word) for word in words))
    code, output = shell.run(f"envtui activate {first} /")
    assert (code, output) == (0, "")
    assert shell.ok("pwd") == "/"
    assert shell.python() == f"{first}/bin/python"
    shell.ok("envtui deactivate")
    assert shell.variables() == before


def test_stdout_stays_a_stream_of_the_users(shell, place):
    shell.ok(f"envtui where | cat >{place.path}/piped")
    with open(os.path.join(place.path, "piped")) as file:
        out, protocol, shown = file.read().split()
    assert os.path.dirname(out) == place.temporary
    assert (protocol, shown) == ("1", shell.name)
    assert place.leftovers() == []


def test_nothing_to_leave_is_said(shell):
    code, output = shell.run("envtui deactivate")
    assert code == 1
    assert "nothing to deactivate" in output


def test_a_program_that_is_gone_is_said(shell, place):
    os.unlink(place.program)
    code, output = shell.run("envtui list")
    assert code == 127
    assert "install envtui again" in output


def test_a_moved_program_is_found_on_path(shell, place, first, name):
    moved = os.path.join(place.path, "elsewhere")
    os.mkdir(moved)
    os.rename(place.program, os.path.join(moved, "envtui"))
    shell.ok(f"set -gx PATH $PATH {moved}" if name == "fish" else f"PATH=$PATH:{moved}")
    shell.ok(f"envtui activate {first}")
    assert shell.python() == f"{first}/bin/python"


@pytest.mark.parametrize("order", ["pyenv first", "pyenv last"])
def test_a_nested_shell_with_pyenv_in_its_rc_keeps_the_environment(
    place, start, name, first, tmp_path, order
):
    pyenv = tools.pyenv_root(os.path.join(tmp_path, ".pyenv"), [])
    shim = os.path.join(pyenv, "shims", "python")
    with open(shim, "w") as file:
        file.write("#!/bin/sh\n")
    os.chmod(shim, 0o755)
    line = f"export PYENV_ROOT={pyenv}\n"
    program = f"{pyenv}/bin/pyenv init - --no-rehash {name}"
    line += f"{program} | source\n" if name == "fish" else f'eval "$({program})"\n'
    place.rc(name, **({"before": line} if order == "pyenv first" else {"after": line}))
    outer = start()
    assert outer.python() == f"{pyenv}/shims/python"
    outer.ok(f"envtui activate {first}")
    outer.enter(f"{name} {'--noprofile' if name == 'bash' else ''}", f"(first) {PROMPT}")
    assert outer.python() == f"{first}/bin/python"
    outer.ok("deactivate")
    assert first not in outer.variables()["PATH"]


def test_the_init_text_says_no_path_of_the_machine_but_the_programs(place):
    done = subprocess.run(["bash", "-n", os.path.join(place.path, "init.bash")], check=False)
    assert done.returncode == 0
