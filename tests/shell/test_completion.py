"""TAB in real shells: commands, options, kinds and environments, also with names that are code."""

from __future__ import annotations

import os
import shutil

import pytest

from envtui.shell import COMPLETED
from tests.shell.shells import RC, Home, Shell, require

ODD = [
    "it's",
    "$(touch PWNED)x",
    "`touch PWNED`y",
    "a b;touch PWNED",
    "q\"*?'!!z",
    "é[x]{1,2}",
    "~t",
]


@pytest.fixture(params=COMPLETED)
def name(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return request.param


@pytest.fixture
def place(place: Home, name: str, venvs: tuple[str, str]) -> Home:
    for project in (*ODD, "plain"):
        shutil.copytree(venvs[0], os.path.join(place.path, project, ".venv"), symlinks=True)
    place.install("from envtui.cli import main; sys.exit(main())")
    place.rc(
        name, hook=False, before="autoload -Uz compinit; compinit -u\n" if name == "zsh" else ""
    )
    with open(os.path.join(place.path, RC[name]), "a") as file:
        init = f"{place.program} init {name} --auto"
        file.write(f"{init} | source\n" if name == "fish" else f'eval "$({init})"\n')
    return place


def tab(shell: Shell, text: str) -> None:
    """Type a text, press TAB, and wait until the shell has dealt with it."""
    shell.child.send(text + "\t")


def typed(shell: Shell, text: str) -> str:
    """The words that stand on the line after TAB, as a command that is run gets them."""
    shell.count += 1
    shell.ok(
        "function show; printf '<%s>' $argv; end"
        if shell.name == "fish"
        else "show() { printf '<%s>' \"$@\"; }"
    )
    tab(shell, text)
    # ctrl+a, then a word before what was completed; the program itself is not run.
    shell.child.send(f"\x01show {shell.count} \x05 @end\r")
    shell.child.expect(rf"<{shell.count}>(.*?)<@end>")
    return shell.child.match.group(1).decode("utf-8", "replace")


def test_commands_options_kinds_and_shells(shell):
    assert typed(shell, "envtui deac") == "<envtui><deactivate>"
    assert typed(shell, "envtui create --dry") == "<envtui><create><--dry-run>"
    assert (
        typed(shell, "envtui create --kind pyenv-") == "<envtui><create><--kind><pyenv-virtualenv>"
    )
    assert typed(shell, "envtui create --kind=pyenv-").endswith("<--kind=pyenv-virtualenv>")
    assert typed(shell, "envtui init zs") == "<envtui><init><zsh>"


def test_environments_by_name_and_id(shell):
    assert typed(shell, "envtui activate pla") == "<envtui><activate><plain/.venv>"
    assert typed(shell, "envtui activate venv:~/pla") == "<envtui><activate><venv:~/plain/.venv>"
    assert typed(shell, "envtui run pla").startswith("<envtui><run><plain/.venv>")


def test_a_hostile_name_is_inserted_as_it_is_and_runs_nothing(shell, place):
    for odd in ODD:
        start = odd[0] if odd[0].isalnum() else "\\" + odd[0]
        line = typed(shell, f"envtui activate {start}")
        assert line == f"<envtui><activate><{odd}/.venv>"
    shell.type("envtui activate \\$\t")
    shell.settled()
    assert shell.variables()["VIRTUAL_ENV"] == os.path.join(place.path, ODD[1], ".venv")
    assert not [files for _, _, files in os.walk(place.path) if "PWNED" in files]


def test_listing_them_all_runs_nothing(shell, place):
    shell.child.send("envtui activate \t\t")
    shell.child.send("\x03")
    shell.settled()
    shell.child.send("envtui remove \t\t")
    shell.child.send("\x03")
    shell.settled()
    assert not [files for _, _, files in os.walk(place.path) if "PWNED" in files]
