"""Making the function permanent: a cached init file, and one line in the shell's rc file.

Sourcing a file costs a new shell 0.3 ms; `eval "$(envtui init ...)"` would cost it a Python start.
"""

from __future__ import annotations

import os

from envtui import places
from envtui.errors import BadInput
from envtui.host import Host
from envtui.plan import Guard, Plan, Write
from envtui.shell import SHELLS, init, quote

MARK = "# envtui setup"


def plan(shell: str, host: Host, program: str, *, auto: bool | None = None) -> Plan:
    """What makes every new shell of that kind know `envtui`; no steps if they do already.

    `auto`: whether entering a project switches; None leaves it as it is.
    """
    if shell not in SHELLS:
        raise BadInput(f"`envtui setup` knows {', '.join(SHELLS)}, not {shell!r}.")
    cached = places.data(f"init.{shell}")
    if auto is None:
        auto = is_auto(host, shell)
    wanted = {cached: os.fsencode(init.script(shell, program, auto=auto))}
    line = rc_line(shell, host, cached)
    for path in rc_files(shell, host):
        wanted[path] = _with_line(_content(host, path), line)
    present = {path: _content(host, path) for path in wanted}
    changed = [path for path in wanted if present[path] != wanted[path]]
    return Plan(
        f"Set up {shell}",
        tuple(Write(path, wanted[path]) for path in changed),
        tuple(Guard("content", path, _digest(present[path])) for path in changed),
        done=f"{shell} is set up; open a new shell, or run: {_now(shell, cached)}"
        if changed
        else f"{shell} is set up already",
    )


def is_auto(host: Host, shell: str) -> bool:
    """Whether the cached functions of that shell switch by directory."""
    return b"__envtui_arrive" in (_content(host, places.data(f"init.{shell}")) or b"")


def status(host: Host, shell: str) -> str | None:
    """The rc file in which that shell is set up for envtui, or None."""
    for path in rc_files(shell, host):
        if _is_set_up(_content(host, path)):
            return path
    return None


def rc_files(shell: str, host: Host) -> list[str]:
    """The files that an interactive shell reads, as they really are: dotfiles are often links."""
    if shell == "fish":
        config = host.xdg("XDG_CONFIG_HOME", ".config")
        files = [os.path.join(config, "fish", "conf.d", "envtui.fish")]
    elif shell == "zsh":
        files = [os.path.join(host.variable("ZDOTDIR") or host.home, ".zshrc")]
    else:
        files = [os.path.join(host.home, ".bashrc")]
        if host.platform == "darwin":
            # Terminals there start login shells, which read nothing else.
            files.append(os.path.join(host.home, ".bash_profile"))
    return [host.real(path) for path in files]


def rc_line(shell: str, host: Host, cached: str) -> str:
    """The one line; it does nothing where the cached file is gone."""
    path = _word(shell, host, cached)
    if shell == "fish":
        return f"if test -r {path}; source {path}; end {MARK}"
    return f"if [ -r {path} ]; then . {path}; fi {MARK}"


def _word(shell: str, host: Host, path: str) -> str:
    """The path as a word; below home it follows $HOME, since rc files are shared by machines."""
    short = host.short(path)
    if short.startswith("~/"):
        return '"$HOME"' + quote.word(shell, short[1:])
    return quote.word(shell, path)


def _now(shell: str, cached: str) -> str:
    return f"source {quote.word(shell, cached)}"


def _content(host: Host, path: str) -> bytes | None:
    """A file's bytes, None where there is none. Raises BadInput where it can't be read."""
    try:
        return host.read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadInput(f"{path} can't be read, so it can't be changed: {error.strerror}.") from None


def _with_line(content: bytes | None, line: str) -> bytes:
    """The rc file with our line: where an older one of ours is, else at the end."""
    new = os.fsencode(line)
    lines = (content or b"").splitlines(keepends=True)
    mark = MARK.encode()
    ours = [at for at, old in enumerate(lines) if old.rstrip().endswith(mark)]
    if ours:
        lines[ours[0]] = new + b"\n"
        return b"".join(old for at, old in enumerate(lines) if at not in ours[1:])
    if content is not None and _is_set_up(content):
        return content
    gap = b"" if not content or content.endswith(b"\n") else b"\n"
    return (content or b"") + gap + new + b"\n"


def _is_set_up(content: bytes | None) -> bool:
    """Whether our line is there, or a line that the user wrote for `envtui init`."""
    for line in (content or b"").splitlines():
        text = line.strip()
        if text.endswith(MARK.encode()) and not text.startswith(b"#"):
            return True
        if b"envtui init" in text and not text.startswith(b"#"):
            return True
    return False


def _digest(content: bytes | None) -> str:
    import hashlib

    return "-" if content is None else hashlib.sha256(content).hexdigest()
