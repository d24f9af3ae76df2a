"""The way back into the shell: a script in its own dialect, in the file that it waits for."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from envtui.errors import BadInput, Problem, Refused
from envtui.shell import DIALECTS, PROTOCOL, quote
from envtui.shell.change import Change


def hooked(environ: Mapping[str, str]) -> str | None:
    """The dialect of the shell that waits for an answer, or None.

    Raises BadInput if it expects another protocol.
    """
    shell = environ.get("ENVTUI_SHELL", "")
    if not environ.get("ENVTUI_OUT"):
        return None
    protocol = environ.get("ENVTUI_PROTO", "")
    if protocol != PROTOCOL or shell not in DIALECTS.values():
        raise BadInput(
            "This shell's envtui function is of another version than the program: "
            "run `envtui setup` again (or the `envtui init` line of your rc file) "
            "and open a new shell."
        )
    return shell


def nowhere(environ: Mapping[str, str]) -> str | None:
    """What keeps a shell that has our function from listening, or None."""
    if not environ.get("ENVTUI_SHELL") or environ.get("ENVTUI_OUT"):
        return None
    place = environ.get("TMPDIR") or "/tmp"  # noqa: S108 - where mktemp looks, too
    return (
        f"the shell could not make a file for the answer in {place}: "
        "set TMPDIR to a directory that you may write to, and have `mktemp` on PATH"
    )


def render(change: Change, dialect: str) -> str:
    """What makes the change in a shell that has our functions: a script, or JSON."""
    if dialect in _JSON:
        return _record(change)
    lines = [f"# envtui {PROTOCOL} {dialect}"]
    lines += [_SOURCE[dialect].format(quote.word(dialect, path)) for path in change.leaving]
    if change.foreign:
        lines += _FOREIGN.get(dialect, ("__envtui_foreign_deactivate",))
    lines += [quote.assignment(dialect, name, value) for name, value in change.set.items()]
    lines += [quote.removal(dialect, name) for name in change.unset]
    lines += [_SOURCE[dialect].format(quote.word(dialect, path)) for path in change.entering]
    if change.cd is not None:
        lines.append(_CD[dialect].format(quote.word(dialect, change.cd)))
    after = "set __envtui_active = {}" if dialect == "tcsh" else "__envtui_after {}"
    lines += [after.format(int(change.active)), "# envtui end", ""]
    return "\n".join(lines)


# Shells that can't run a text, or not safely, get data.
_JSON = ("xonsh", "nu", "pwsh")
# `||` keeps `set -e` from ending the shell over a directory that has just gone; in tcsh an error
# would end the answer.
_CD = {
    "bash": "\\builtin cd -- {} || \\builtin true",
    "zsh": "\\builtin cd -- {} || \\builtin true",
    "fish": "builtin cd -- {} || builtin true",
    "posix": "\\command cd -- {} || \\:",
    "tcsh": "if (-x {0}) chdir {0}",
}
_SOURCE = {
    "bash": "\\builtin . {} || \\builtin true",
    "zsh": "\\builtin . {} || \\builtin true",
    "fish": "builtin source {} || builtin true",
    "posix": "\\command . {} || \\:",
    "tcsh": "if (-r {0}) source {0}",
}
# venv's activate.csh makes an alias; the one-line `if` of tcsh takes none.
_FOREIGN = {"tcsh": ('if ("`alias deactivate`" =~ *VIRTUAL_ENV*) then', "deactivate", "endif")}


def _record(change: Change) -> str:
    import json

    record = {
        "envtui": int(PROTOCOL),
        "set": change.set,
        "unset": change.unset,
        "leaving": change.leaving,
        "entering": change.entering,
        "cd": change.cd,
        "foreign": change.foreign,
        "active": change.active,
        "end": True,
    }
    return json.dumps(record) + "\n"


def write(change: Change, environ: Mapping[str, str]) -> None:
    """Answer the shell, once, as the last thing before exit status 0. Raises Problem."""
    shell = hooked(environ)
    if shell is None:
        raise BadInput(nowhere(environ) or "This shell has no envtui function: `envtui setup`.")
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
