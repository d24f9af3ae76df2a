"""What keeps the shell function from working, seen from files and variables: for `doctor`."""

from __future__ import annotations

import os
import re

from envtui.errors import BadInput
from envtui.host import Host
from envtui.plan import Write
from envtui.shell import SHELLS, setup
from envtui.trouble import Found, Trouble, mend

# What takes a hook away that was put there before: an assignment that does not mention itself.
_OVERWRITES = {
    "bash": r"^\s*(?:export\s+)?(PROMPT_COMMAND)=(?!.*PROMPT_COMMAND)",
    "zsh": r"^\s*(?:typeset\s+-\S+\s+)?((?:precmd|chpwd)_functions)=\((?!.*(?:precmd|chpwd)_func)",
    "ksh": r"^\s*(?:export\s+)?(PS1)=(?!.*\$\{?PS1)",
    "mksh": r"^\s*(?:export\s+)?(PS1)=(?!.*\$\{?PS1)",
    "yash": r"^\s*(PROMPT_COMMAND)=(?!.*PROMPT_COMMAND)",
    "tcsh": r"^\s*alias\s+(cwdcmd)\s+(?!.*__envtui_auto)",
}


def flaws(host: Host, program: str) -> Found:
    """Everything wrong with the shells that were set up; `program` is the one that runs now."""
    seen = set()
    for shell in SHELLS:
        try:
            found = list(_of_shell(shell, host, program))
        except BadInput as reason:
            found = [Trouble("can't be read", str(reason), "see to its permissions", None)]
        for flaw in found:
            if flaw.text not in seen:  # shells of one dialect share their file
                seen.add(flaw.text)
                yield flaw
    yield from _order(host)


def _of_shell(shell: str, host: Host, program: str) -> Found:
    path = setup.cached_file(shell, host)
    text = setup.content_of(host, path)
    rc = setup.status(host, shell)
    if text is None and (
        rc is None or setup.MARK.encode() not in (setup.content_of(host, rc) or b"")
    ):
        return
    shown = host.short(path)
    renewal = setup.plan(shell, host, program)
    advice = f"`envtui setup {shell}` makes it new, for new shells"
    if text is None:
        yield Trouble(
            "no init file", f"{host.short(rc or '')} reads {shown}, which is gone", advice, renewal
        )
    elif os.path.isabs(program) and any(
        isinstance(step, Write) and step.path == path for step in renewal.steps
    ):
        yield Trouble(
            "old init file", f"{shown} is of another envtui than {program}", advice, renewal
        )
    if rc and setup.is_auto(host, shell) and (pattern := _OVERWRITES.get(shell)):
        yield from _overwritten(host, shell, rc, pattern)


def _overwritten(host: Host, shell: str, rc: str, pattern: str) -> Found:
    content = setup.content_of(host, rc) or b""
    lines = content.splitlines(keepends=True)
    ours = [at for at, line in enumerate(lines) if setup.sets_up(line)]
    for number, line in enumerate(
        lines[ours[-1] + 1 :] if ours else [], ours[-1] + 2 if ours else 0
    ):
        lost = re.match(pattern, os.fsdecode(line))
        if lost is None:
            continue
        kept = b"".join(line for at, line in enumerate(lines) if at not in ours)
        gap = b"" if kept.endswith(b"\n") else b"\n"
        last = lines[ours[-1]].rstrip(b"\n") + b"\n"
        yield Trouble(
            "overwritten hook",
            f"line {number} of {host.short(rc)} sets {lost[1]} anew, after envtui's line: "
            f"{shell} does not switch by directory",
            "move envtui's line to the end, for new shells",
            mend(
                f"Move envtui's line to the end of {host.short(rc)}",
                (Write(rc, kept + gap + last),),
                f"moved envtui's line to the end of {host.short(rc)}",
            ),
        )
        return


def _order(host: Host) -> Found:
    """Something that stands before the active environment on PATH."""
    bin_ = host.variable("ENVTUI_BIN")
    if not bin_ or not host.variable("ENVTUI_STATE"):
        return
    for folder in host.program_folders():
        if folder == bin_:
            return
        if any(os.access(os.path.join(folder, name), os.X_OK) for name in ("python", "python3")):
            yield Trouble(
                "hidden environment",
                f"{host.short(folder)} comes before {host.short(bin_)} on PATH and has a Python: "
                "the active environment decides nothing here",
                "activate it again; whatever puts that directory first belongs before envtui's "
                "line in the shell's startup file",
                None,
            )
            return
    yield Trouble(
        "hidden environment",
        f"{host.short(bin_)} of the active environment is not on PATH any more",
        "activate it again",
        None,
    )
