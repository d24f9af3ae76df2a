"""The text of `envtui init SHELL`: one line that names the program, then a file as shipped."""

from __future__ import annotations

import os
import sys

from envtui.errors import BadInput
from envtui.shell import AUTO, DIALECTS, SHELLS, named, quote

HERE = os.path.dirname(os.path.abspath(__file__))


def script(shell: str, program: str, *, auto: bool = False) -> str:
    """The functions for that shell; they run `program`, an absolute path. Raises BadInput.

    `auto` adds the hook that switches by directory. To be printed as `os.fsencode` makes it: a
    path may hold bytes that are not UTF-8.
    """
    dialect = DIALECTS.get(named(shell))
    if dialect is None:
        raise BadInput(
            f"There is no envtui function for {shell!r} yet; there is for {', '.join(SHELLS)}."
        )
    if auto and named(shell) not in AUTO:
        raise BadInput(f"{shell} has no hook for --auto; {', '.join(AUTO)} have one.")
    names = ("init", "completion", "auto") if auto else ("init", "completion")
    return f"{program_line(dialect, program)}\n" + "".join(_text(name, dialect) for name in names)


def completion(shell: str, program: str) -> str:
    """What completes at TAB, without the functions; zsh's may lie in a directory of `fpath`."""
    tag = "#compdef envtui\n" if shell == "zsh" else ""
    return f"{tag}{program_line(shell, program)}\n{_text('completion', shell)}"


def _text(name: str, dialect: str) -> str:
    path = _part(name, dialect)
    if not os.path.isfile(path):
        return ""  # not every shell completes
    with open(path, encoding="utf-8") as file:
        return file.read()


def _part(name: str, dialect: str) -> str:
    return os.path.join(HERE, f"{name}.{SUFFIXES.get(dialect, dialect)}")


SUFFIXES = {"posix": "sh", "xonsh": "xsh", "pwsh": "ps1"}


def file_name(shell: str) -> str:
    """What the cached functions of that shell are called; shells of one dialect share them."""
    return os.path.basename(_part("init", DIALECTS[shell]))


def program_line(dialect: str, program: str) -> str:
    """The lines that say which program the functions run, and where their other files are."""
    known = _PROGRAM.get(dialect, "__ENVTUI_EXE={0}")
    return known.format(quote.word(dialect, program), quote.word(dialect, HERE))


_PROGRAM = {
    "fish": "builtin set -g __ENVTUI_EXE {0}",
    "tcsh": "set __ENVTUI_EXE = {0};\nset __ENVTUI_DIR = {1};",
    "nu": "const __ENVTUI_EXE = {0}",
    "xonsh": "__ENVTUI_EXE = {0}",
    "pwsh": "$global:__ENVTUI_EXE = {0}",
}
_LINES = {
    "fish": "envtui init fish | source",
    "tcsh": 'eval "`envtui init tcsh`"',
    "xonsh": "execx($(envtui init xonsh))",
    "nu": "envtui setup nu",
    "pwsh": "Invoke-Expression (& envtui init pwsh | Out-String)",
}


def line(shell: str) -> str:
    """What a person types to get the function into a running shell."""
    return _LINES.get(DIALECTS.get(shell, ""), f'eval "$(envtui init {shell})"')


def program() -> str:
    """The absolute path of the program that is running now, or "envtui" where there is none.

    A pyenv shim is not an answer: it stops working as soon as PYENV_VERSION changes.
    """
    beside = os.path.join(os.path.dirname(sys.executable), "envtui")
    for path in (os.path.abspath(sys.argv[0]), beside):
        if os.path.basename(path) == "envtui" and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return "envtui"
