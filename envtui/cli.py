"""The command line: one call of envtui, from its words to its exit status.

Only the parser of the command that was called is built, and only its module is imported.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from envtui.errors import BadInput, Problem, perhaps
from envtui.host import Host

if TYPE_CHECKING:
    import argparse  # 6 ms that the screen's first paint need not wait for


_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def main(words: list[str] | None = None) -> int:
    """Run one command line; the answer is the exit status (DESIGN section 4)."""
    words = sys.argv[1:] if words is None else words
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller: `>&-`
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115
    try:
        answer = _dispatch(words)
        sys.stdout.flush()  # a full disk is told here, not by Python at its exit
    except Problem as problem:
        return _told(str(problem), problem.code)
    except KeyboardInterrupt:
        # The shell function lives on only if the program exits by itself (spec/shells.md 3.3).
        return _told("interrupted", 130)
    except BrokenPipeError:
        _drop_output()  # the reader, `head` perhaps, has had enough
        return 0
    except Exception as error:  # noqa: BLE001 - whatever it is, one message and no traceback
        if isinstance(error, OSError) and error.errno in _DISK and error.filename is None:
            _drop_output()
            return _told(f"the output can't be written: {error.strerror}", 5)
        from envtui import crash

        return _told(crash.record(error), 5)
    return answer


def _told(message: str, code: int) -> int:
    from envtui.table import plain_lines

    try:
        print(f"envtui: {plain_lines(message)}", file=sys.stderr, flush=True)
    except OSError:
        pass  # nobody to tell
    return code


def _drop_output() -> None:
    """Python would complain at exit about what it could not write."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(words: list[str]) -> int:
    # Paths may hold bytes that are not UTF-8; they are printed as such, never as a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if words and words[0] in ("--version", "-V"):
        from envtui import __version__

        print(f"envtui {__version__}")
        return 0
    if not words or (words[0].startswith("-") and words[0] not in ("--help", "-h")):
        return _screen(words)
    from envtui.commands import COMMANDS, EITHER, help_text  # a millisecond the screen is spared

    if words[0] in ("--help", "-h", "help"):
        print(help_text())
        return 0
    if words[0] == "complete":
        # What the shells ask at TAB; past argparse, which would take the words for its own.
        from envtui.completing import complete

        return complete(words[1:], Host())
    command = next((one for one in COMMANDS if one.name == words[0]), None)
    if command is None:
        meant = perhaps(words[0], [one.name for one in COMMANDS])
        raise BadInput(f"{words[0]!r} is not a command{meant}; `envtui --help` lists them")
    import argparse
    import importlib

    parser = argparse.ArgumentParser(
        prog=f"envtui {command.name}",
        description=command.help + ".",
        epilog=f"example:\n  {command.example}",
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    for names, said in command.arguments:
        either = {"action": argparse.BooleanOptionalAction} if said.get("action") == EITHER else {}
        parser.add_argument(*names, **{**said, **either})
    # `remove a --yes b`; what follows `--`, or is another command's, is not looked at for options.
    apart = command.name == "run" or not {"-h", "--help", "--"}.isdisjoint(words)
    parse = parser.parse_args if apart else parser.parse_intermixed_args
    arguments = parse(words[1:])
    module, _, function = command.function.partition(":")
    answer: int = getattr(importlib.import_module(module), function)(arguments, Host())
    return answer


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Help as wide as the terminal; left to itself argparse imports shutil for that, 4 ms."""
    import argparse

    try:
        columns = os.get_terminal_size().columns
    except OSError:
        columns = 80
    return argparse.RawDescriptionHelpFormatter(prog, width=min(columns, 100) - 2)


def _screen(words: list[str]) -> int:
    filter_ = ""
    if words:
        import argparse

        parser = argparse.ArgumentParser(prog="envtui", add_help=False, allow_abbrev=False)
        parser.add_argument("--filter", default="")
        filter_ = parser.parse_args(words).filter
        from envtui.filter import parse

        parse(filter_)  # what can't be understood is told before the screen opens
    piped = not sys.stdout.isatty() and not os.environ.get("ENVTUI_OUT")
    if piped or os.environ.get("TERM") in ("dumb", "unknown"):
        # In a pipe there is nobody to press a key, a shell in Emacs can't move its cursor (terminfo
        # calls it dumb; Textual would draw for ever, now for 80 columns, now for what there are).
        # The list says the same.
        return _dispatch(["list", *(["--filter", filter_] if filter_ else [])])
    from envtui.ui import start

    host = Host()
    outcome = start.run(host, filter_)
    # Only now: it knows every adapter, 20 ms that the first paint would wait for.
    from envtui.switching import leave

    return leave(outcome, host)
