"""The text of `envtui init SHELL`: one line that names the program, then a file as shipped."""

from __future__ import annotations

import os
import sys

from envtui.errors import BadInput
from envtui.shell import SHELLS, quote

HERE = os.path.dirname(os.path.abspath(__file__))


def script(shell: str, program: str, *, auto: bool = False) -> str:
    """The functions for that shell; they run `program`, an absolute path. Raises BadInput.

    `auto` adds the hook that switches by directory. To be printed as `os.fsencode` makes it: a
    path may hold bytes that are not UTF-8.
    """
    if shell not in SHELLS:
        raise BadInput(
            f"There is no envtui function for {shell!r} yet; there is for {', '.join(SHELLS)}."
        )
    names = ("init", "completion", "auto") if auto else ("init", "completion")
    return f"{program_line(shell, program)}\n" + "".join(_text(name, shell) for name in names)


def completion(shell: str, program: str) -> str:
    """What completes at TAB, without the functions; zsh's may lie in a directory of `fpath`."""
    tag = "#compdef envtui\n" if shell == "zsh" else ""
    return f"{tag}{program_line(shell, program)}\n{_text('completion', shell)}"


def _text(name: str, shell: str) -> str:
    with open(os.path.join(HERE, f"{name}.{shell}"), encoding="utf-8") as file:
        return file.read()


def program_line(shell: str, program: str) -> str:
    """The line that says which program the functions run."""
    value = quote.word(shell, program)
    return f"builtin set -g __ENVTUI_EXE {value}" if shell == "fish" else f"__ENVTUI_EXE={value}"


def program() -> str:
    """The absolute path of the program that is running now, or "envtui" where there is none.

    A pyenv shim is not an answer: it stops working as soon as PYENV_VERSION changes.
    """
    beside = os.path.join(os.path.dirname(sys.executable), "envtui")
    for path in (os.path.abspath(sys.argv[0]), beside):
        if os.path.basename(path) == "envtui" and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return "envtui"
