"""An environment without the shell function: a subshell, one command, or the bare variables.

The user's rc files run in a subshell again and may put other directories first on PATH; so each
shell gets a file of ours to read after them. There is no pty in between (spec/shells.md 4.4).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from envtui.activation import Activation
from envtui.errors import Problem, Refused
from envtui.shell import DIALECTS, SHELLS, change, init, named, quote
from envtui.shell.state import KEYS

# Read by our files in a subshell, and unset there.
PROGRAM = "ENVTUI_SUBSHELL_EXE"
DIRECTORY = "ENVTUI_SUBSHELL_DIR"
USERS_ZDOTDIR = "ENVTUI_SUBSHELL_ZDOTDIR"
USERS_ENV = "ENVTUI_SUBSHELL_ENV"
USERS_RC = "ENVTUI_SUBSHELL_RC"


class NotRun(Problem):
    """A command that could not be started; 126 and 127 are what shells answer then."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def shell(
    activation: Activation, environ: Mapping[str, str], sourced: tuple[str, ...] = ()
) -> NoReturn:
    """Become the user's shell, with `activation` active in it. Raises Problem.

    `sourced`: scripts for POSIX shells that set variables first.
    """
    now = change.active(environ)
    if environ.get("ENVTUI_LEVEL") and now is not None and now.prefix == activation.prefix:
        raise Refused(f"You are in a subshell with {activation.name} already; `exit` leaves it.")
    env = change.entered(activation, environ, ran_scripts=bool(sourced))
    level = environ.get("ENVTUI_LEVEL", "")
    env["ENVTUI_LEVEL"] = str(int(level) + 1 if level.isascii() and level.isdigit() else 1)
    for name in ("COLUMNS", "LINES"):
        env.pop(name, None)  # a new shell takes them for true and never asks the terminal
    path = users_shell(environ)
    argv = arguments(path, env, interactive=sys.stdin.isatty())
    _become(*_after(sourced, path, argv), env)


def run(
    activation: Activation,
    argv: list[str],
    environ: Mapping[str, str],
    sourced: tuple[str, ...] = (),
) -> NoReturn:
    """The same with a command. Raises Problem with a shell's 126 or 127."""
    env = _plain(activation, environ)
    env.pop("VIRTUAL_ENV_PROMPT", None)
    _become(*_after(sourced, argv[0], argv), env)


def variables(activation: Activation, environ: Mapping[str, str]) -> dict[str, str | None]:
    """The variables that count inside `activation`; None is one that is not set there."""
    before = change.caller(environ)
    after = _plain(activation, environ)
    known = ("PATH", *KEYS, *change.others(before, after))
    names = [
        name
        for name in known
        if (name in before or name in after) and not name.startswith("ENVTUI_")
    ]
    return {name: after.get(name) for name in names}


def lines(activation: Activation, environ: Mapping[str, str], shell: str) -> str:
    """Text for `eval` in that shell, after which `envtui deactivate` works as well."""
    made = change.activate(activation, environ)
    text = [quote.assignment(shell, name, value) for name, value in made.set.items()]
    text += [quote.removal(shell, name) for name in made.unset]
    # `eval` of tcsh joins the lines.
    return (";\n" if DIALECTS[shell] == "tcsh" else "\n").join([*text, ""])


def users_shell(environ: Mapping[str, str]) -> str:
    """The shell we were started from; `$SHELL` is only the login shell, wrong in a nested one."""
    import psutil

    try:
        for process in psutil.Process().parents():
            path = process.exe()
            words = process.cmdline()
            if os.path.basename(path).startswith("python") and len(words) > 1:
                path = words[1]  # xonsh is a program in Python
            if named(path) in SHELLS and os.access(path, os.X_OK):
                return path
    except psutil.Error:
        pass  # another user's process, such as sudo's: nothing to learn above it
    path = environ.get("SHELL", "")
    return path if os.path.isabs(path) and os.access(path, os.X_OK) else "/bin/sh"


def arguments(path: str, env: dict[str, str], *, interactive: bool) -> list[str]:
    """The shell's argv; puts into `env` what our file for it needs.

    tcsh reads the user's file and no other: only the function in that file puts PATH right there.
    """
    name = os.path.basename(path)
    first = [name, "sh"] if name == "busybox" else [name]
    if not interactive:
        return first  # no rc file is read: the variables are enough
    program = init.program()
    files = os.path.join(init.HERE, "")
    match named(path):
        case "tcsh":
            return [name, "-i"]
        case "nu":
            line = init.program_line("nu", program)
            return [name, "-e", f"{line}; source {quote.nu(files + 'init.nu')}"]
        case "pwsh":
            line = init.program_line("pwsh", program)
            return [name, "-NoExit", "-Command", f"{line}; . {quote.pwsh(files + 'init.ps1')}"]
    env[PROGRAM] = program
    env[DIRECTORY] = init.HERE
    match named(path):
        case "bash":
            return [name, "--rcfile", files + "subshell.bash", "-i"]
        case "zsh":
            env[USERS_ZDOTDIR] = env.get("ZDOTDIR", "")
            env["ZDOTDIR"] = files + "zdot"
        case "fish":
            source = f"source {quote.fish(files + 'subshell.fish')}"
            return [name, "-i", "-C", source]
        case "xonsh":
            env[USERS_RC] = env.get("XONSHRC", "")
            rc = env[USERS_RC] or os.path.expanduser("~/.config/xonsh/rc.xsh:~/.xonshrc")
            rc = rc.replace(":~", ":" + os.path.expanduser("~"))
            env["XONSHRC"] = f"{rc}:{files}subshell.xsh"
        case "yash":
            env[USERS_RC] = os.path.expanduser("~/.yashrc")
            return [name, "--rcfile=" + files + "subshell.sh", "-i"]
        case "dash" | "ash" | "ksh" | "mksh" as shell:
            own = {"ksh": "~/.kshrc", "mksh": "~/.mkshrc"}.get(shell, "")
            env[USERS_ENV] = env.get("ENV", "")
            env[USERS_RC] = os.path.expandvars(env[USERS_ENV]) or os.path.expanduser(own)
            env["ENV"] = files + "subshell.sh"
    return [*first, "-i"]


def _plain(activation: Activation, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables inside `activation` without any of our own."""
    inside = change.entered(activation, environ)
    return {name: value for name, value in inside.items() if not name.startswith("ENVTUI_")}


def _after(sourced: tuple[str, ...], file: str, argv: list[str]) -> tuple[str, list[str]]:
    """What sources scripts and then becomes `argv`, as `conda run` does it."""
    if not sourced:
        return file, argv
    text = "\n".join([*(f". {quote.posix(path)}" for path in sourced), 'exec "$@"'])
    # These scripts are written with bash in mind; with -p it reads no file that BASH_ENV names.
    sh = ["/bin/bash", "-p"] if os.access("/bin/bash", os.X_OK) else ["/bin/sh"]
    return sh[0], [*sh, "-c", text, "envtui", file, *argv[1:]]


def _become(file: str, argv: list[str], env: dict[str, str]) -> NoReturn:
    import signal

    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    # Python ignores these two, and what is ignored stays so through exec: `yes | head` would fail.
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execvpe(file, argv, env)  # noqa: S606 - becoming another program is the point
    except (FileNotFoundError, NotADirectoryError):
        raise NotRun(f"{file}: command not found", 127) from None
    except OSError as error:
        raise NotRun(f"{file}: {error.strerror}", 126) from None
