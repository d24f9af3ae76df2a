"""Every shell with every hostile name: switched to it byte for byte, and back, and nothing runs.

Ten names by default; `ENVTUI_NAMES=all` takes all of them.
"""

import os
import sys

import pytest

from envtui.shell import init, quote
from tests.shell.shells import WAYS, Home

TEN = [
    'it\'s "quoted" $HOME ${HOME} $(touch PWNED) `touch PWNED`',
    "two\nlines\n",
    "  blanks around  ",
    "wow!! !x !$ !",
    "snake \U0001f40d é",
    os.fsdecode(b"not\xff\xfeutf8"),
    "[markup] [/] %n %$x %(1V.x.y) \\u \\h {a,b} ~",
    "back\\slash\\' \\\\ \\",
    "; touch PWNED; # & | < > \t \x7f \r",
    "--dash * ? \x1b[31m",
]
MORE = [
    "'", '"', "`", "$", "\\", "!", "!!", "#", "~", "*", "?", "[", "]", "{", "}", "(", ")", ";", "&",
    "|", "<", ">", "%", "^", "=", "-", "--", "-n", " ", "\t", "\n", "\r", "\x1b", "\x7f", "\x01",
    "a'b'c", 'a"b', "$(touch PWNED)", "`touch PWNED`", "\u2018\u2019", "trailing\\",
]  # fmt: skip
NAMES = TEN + MORE if os.environ.get("ENVTUI_NAMES") == "all" else TEN

ZSH = "ksh_arrays no_unset err_exit pipefail rc_quotes sh_word_split extended_glob null_glob prompt_subst warn_create_global posix_builtins glob_subst"
# What is run beside the plain shell: the strictest options that people set.
OPTIONS = {
    "bash": [["-euo", "pipefail"], ["--posix", "-eu"]],
    "zsh": [
        [part for option in ZSH.split() for part in ("-o", option)],
        [
            "-o",
            "ksh_glob",
            "-o",
            "bsd_echo",
            "-o",
            "sh_file_expansion",
            "-o",
            "no_function_argzero",
        ],
    ],
    "dash": [["-eu"]],
    "ash": [["-euo", "pipefail"]],
    "ksh": [["-eu", "-o", "pipefail", "-o", "noclobber"]],
    "mksh": [["-eu", "-o", "pipefail"]],
    "yash": [["-eu", "-o", "posixlycorrect"]],
    "tcsh": [["-e"]],
}
# What the shell itself can't do: xonsh expands variables in PATH, yash and nu hold no bytes that
# are not UTF-8.
CANNOT = {"xonsh": ("$",), "yash": ("\udcff",), "nu": ("\udcff",)}
# nu's `cd` drops control characters.
CANNOT_GO = {"nu": ("\x01", "\r", "\x1b", "\x7f")}
CASES = [(name, []) for name in WAYS] + [(n, options) for n in OPTIONS for options in OPTIONS[n]]


def environment(home: Home, name: str) -> str:
    """An environment as far as activation cares."""
    prefix = os.path.join(home.path, "envs", name)
    os.makedirs(os.path.join(prefix, "bin"), exist_ok=True)
    if not os.path.lexists(os.path.join(prefix, "bin", "python")):
        os.symlink(sys.executable, os.path.join(prefix, "bin", "python"))
    return prefix


@pytest.mark.parametrize("name", [name for name in WAYS if name != "nu"])
def test_the_line_that_is_told_makes_the_function(tmp_path, name):
    place = Home(os.path.join(tmp_path, "home"))
    place.install("from envtui.cli import main; sys.exit(main())")
    place.init_line = lambda shell: ""
    folder = os.path.dirname(place.program)
    line = quote.assignment(name, "PATH", f"{folder}:{place.variables['PATH']}")
    status = {"xonsh": "print(__xonsh__.env['LAST_RETURN_CODE'])"}.get(
        name, f"echo {WAYS[name].status}"
    )
    text = f"{line}\n{init.line(name)}\nenvtui deactivate\n{status}\n"
    printed = place.script(name, text)
    assert "nothing to deactivate" in printed, printed
    assert name == "xonsh" or printed.endswith("\n1\n"), printed


# Variables that shells change by themselves.
OWN = {"_", "OLDPWD", "PWD", "SHLVL", "CMD_DURATION_MS", "LAST_EXIT_CODE", "A__z", "HOST"}


def word(shell: str, text: str) -> str:
    """One word of a command; Python's strings need a way into xonsh's commands."""
    return f"@({text!a})" if shell == "xonsh" else quote.word(shell, text)


def goes(shell: str, path: str) -> bool:
    """Whether the shell can change to that directory at all."""
    return not any(mark in path for mark in CANNOT_GO.get(shell, ()))


class Snapshots:
    """What a program sees that the shell starts: its variables and its directory."""

    def __init__(self, home: Home) -> None:
        self.file = os.path.join(home.path, "seen")
        self.command = os.path.join(home.path, "bin", "snap")
        with open(self.command, "w") as file:
            file.write(f"#!/bin/sh\n{{ env -0; pwd -P; printf '\\0\\0'; }} >>{self.file}\n")
        os.chmod(self.command, 0o755)

    def read(self) -> list[tuple[dict[str, str], str]]:
        with open(self.file, "rb") as file:
            shots = os.fsdecode(file.read()).split("\0\0")[:-1]
        os.unlink(self.file)
        result = []
        for shot in shots:
            *pairs, cwd = shot.split("\0")
            variables = dict(pair.partition("=")[::2] for pair in pairs)
            result.append(({k: v for k, v in variables.items() if k not in OWN}, cwd[:-1]))
        return result


@pytest.mark.parametrize(("name", "options"), CASES, ids=lambda v: "".join(v) if v else "plain")
def test_every_name_is_switched_to_and_left_and_nothing_runs(tmp_path, name, options):
    place = Home(os.path.join(tmp_path, "home"))
    snap = Snapshots(place)
    names = [n for n in NAMES if not any(mark in n for mark in CANNOT.get(name, ()))]
    prefixes = [environment(place, hostile) for hostile in names]
    run = "^" if name == "nu" else ""
    text = f"{run}{snap.command}\n"
    for prefix in prefixes:
        path = word(name, prefix)
        there = path if goes(name, prefix) else ""
        text += f"envtui activate {path} {there}\n{run}{snap.command}\n"
    text += f"envtui deactivate\n{run}{snap.command}\n"
    printed = place.script(name, text, *options)
    assert printed == "", printed
    (before, _), *inside, (after, _) = snap.read()
    assert len(inside) == len(prefixes)
    for prefix, (variables, cwd) in zip(prefixes, inside, strict=True):
        assert variables["VIRTUAL_ENV"] == prefix
        assert variables["PATH"] == f"{prefix}/bin:{place.variables['PATH']}"
        assert cwd == prefix or not goes(name, prefix)
    assert after == before
    assert not [files for _, _, files in os.walk(place.path) if "PWNED" in files]
    assert place.leftovers() == []
