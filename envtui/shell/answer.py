"""The way back into the shell: a script in its own dialect, in the file that it waits for."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from envtui.errors import BadInput, Problem, Refused
from envtui.shell import PROTOCOL, SHELLS, quote
from envtui.shell.change import Change


def hooked(environ: Mapping[str, str]) -> str | None:
    """The shell that waits for an answer, or None. Raises BadInput if it expects another one."""
    shell = environ.get("ENVTUI_SHELL", "")
    if not environ.get("ENVTUI_OUT"):
        return None
    protocol = environ.get("ENVTUI_PROTO", "")
    if protocol != PROTOCOL or shell not in SHELLS:
        raise BadInput(
            "This shell's envtui function is of another version than the program: "
            "run `envtui setup` again (or the `envtui init` line of your rc file) "
            "and open a new shell."
        )
    return shell


def render(change: Change, shell: str) -> str:
    """The script that makes the change in a shell that has our functions."""
    lines = [f"# envtui {PROTOCOL} {shell}"]
    if change.foreign:
        lines.append("__envtui_foreign_deactivate")
    lines += [quote.assignment(shell, name, value) for name, value in change.set.items()]
    lines += [quote.removal(shell, name) for name in change.unset]
    if change.cd is not None:
        builtin = "builtin" if shell == "fish" else "\\builtin"
        # `||` keeps `set -e` from ending the shell over a directory that has just gone.
        lines.append(f"{builtin} cd -- {quote.word(shell, change.cd)} || {builtin} true")
    lines += [f"__envtui_after {int(change.active)}", "# envtui end", ""]
    return "\n".join(lines)


def write(change: Change, environ: Mapping[str, str]) -> None:
    """Answer the shell, once, as the last thing before exit status 0. Raises Problem."""
    shell = hooked(environ)
    if shell is None:
        raise BadInput(
            'This shell has no envtui function yet: run `eval "$(envtui init bash)"` '
            "(zsh alike; fish: `envtui init fish | source`), or `envtui setup` for every new shell."
        )
    path = environ["ENVTUI_OUT"]
    try:
        _replace(path, os.fsencode(render(change, shell)))
    except FileNotFoundError:
        raise Problem(
            f"This shell is no longer waiting for an answer; run: {change.command}"
        ) from None
    except OSError as error:
        raise Problem(f"The shell could not be told: {path}: {error.strerror}.") from None


def _replace(path: str, content: bytes) -> None:
    # Neither a link nor a fifo that somebody else put there: the directory is usually /tmp.
    fd = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            raise Refused(f"{path} is not a file of yours, so the answer was not written to it.")
        os.ftruncate(fd, 0)
        while content:
            content = content[os.write(fd, content) :]
    finally:
        os.close(fd)
