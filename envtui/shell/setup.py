"""Making the function permanent: a cached init file, and one line in the shell's rc file.

Sourcing a file costs a new shell 0.3 ms; `eval "$(envtui init ...)"` would cost it a Python start.
"""

from __future__ import annotations

import os
import re

from envtui import places
from envtui.errors import BadInput
from envtui.host import Host
from envtui.plan import Guard, Plan, Write, content_digest
from envtui.shell import AUTO, DIALECTS, SHELLS, init, named, quote

MARK = "# envtui setup"
_BARE = re.compile(r"[\w./~-]+", re.ASCII)
"""A path that no shell needs quoted; quoted, its `~` would be no home."""


def plan(shell: str, host: Host, program: str, *, auto: bool | None = None) -> Plan:
    """What makes every new shell of that kind know `envtui`; no steps if they do already.

    `auto`: whether entering a project switches; None leaves it as it is.
    """
    shell = named(shell)
    if shell not in SHELLS:
        raise BadInput(f"`envtui setup` knows {', '.join(SHELLS)}, not {shell!r}.")
    speaker = shell
    if auto is None:
        auto = is_auto(host, shell)
        # Shells of one dialect share the file: dash has no hook, and keeps that of ksh.
        speaker = next((s for s in AUTO if auto and DIALECTS[s] == DIALECTS[shell]), shell)
    text = os.fsencode(init.script(speaker, program, auto=auto))
    cached = cached_file(shell, host)
    wanted = {cached: text}
    if _drop_in(shell, host) is None:
        for path, line in rc_lines(shell, host, cached):
            wanted[path] = _with_line(content_of(host, path), line)
    lines = f"{len(text.splitlines())} lines: what `envtui init {speaker}{' --auto' * auto}` prints"
    present = {path: content_of(host, path) for path in wanted}
    changed = [path for path in wanted if present[path] != wanted[path]]
    return Plan(
        f"Set up {shell}",
        tuple(Write(p, wanted[p], summary=lines if p == cached else "") for p in changed),
        tuple(Guard("content", path, content_digest(present[path])) for path in changed),
        done=f"{shell} is set up; open a new shell, or run: {_now(shell, host, cached)}"
        if changed
        else f"{shell} is set up already",
    )


def is_auto(host: Host, shell: str) -> bool:
    """Whether the cached functions of that shell switch by directory."""
    return b"arrive" in (content_of(host, cached_file(shell, host)) or b"")


def cached_file(shell: str, host: Host) -> str:
    """Where `setup` keeps the functions of that shell."""
    return _drop_in(shell, host) or places.data(init.file_name(shell))


def status(host: Host, shell: str) -> str | None:
    """The rc file in which that shell is set up for envtui, or None."""
    if (drop_in := _drop_in(shell, host)) is not None:
        return drop_in if content_of(host, drop_in) else None
    for path, _ in rc_lines(shell, host, ""):
        if _is_set_up(content_of(host, path)):
            return path
    return None


def _drop_in(shell: str, host: Host) -> str | None:
    """Where the functions go themselves, in shells that read every file of a directory.

    nushell looks for what it sources before it runs anything: a line that names a file which
    is gone would cost the whole configuration.
    """
    config = host.xdg("XDG_CONFIG_HOME", ".config")
    if shell == "nu":
        return host.real(os.path.join(config, "nushell", "autoload", "envtui.nu"))
    if shell == "xonsh":
        return host.real(os.path.join(config, "xonsh", "rc.d", "envtui.xsh"))
    return None


def rc_lines(shell: str, host: Host, cached: str) -> list[tuple[str, str]]:
    """The files that an interactive shell reads, and the line for each.

    The files as they really are: dotfiles are often links.
    """
    line = rc_line(shell, host, cached)
    files = [(host.real(path), line) for path in rc_files(shell, host)]
    if DIALECTS[shell] == "posix" and shell in _ENV_ONLY and not host.variable("ENV"):
        # Nothing but ENV names a file for them; login shells read .profile, and others inherit.
        profile = host.real(os.path.join(host.home, ".profile"))
        files.append((profile, f'ENV="$HOME/.shrc"; export ENV {MARK}'))
    return files


_ENV_ONLY = ("dash", "ash")
_HOME_FILES = {"bash": ".bashrc", "ksh": ".kshrc", "mksh": ".mkshrc", "yash": ".yashrc"}


def rc_files(shell: str, host: Host) -> list[str]:
    """The files that an interactive shell of that kind reads at its start."""
    config = host.xdg("XDG_CONFIG_HOME", ".config")
    match shell:
        case "fish":
            return [os.path.join(config, "fish", "conf.d", "envtui.fish")]
        case "zsh":
            return [os.path.join(host.variable("ZDOTDIR") or host.home, ".zshrc")]
        case "bash" if host.platform == "darwin":
            # Terminals there start login shells, which read nothing else.
            return [os.path.join(host.home, name) for name in (".bashrc", ".bash_profile")]
        case "tcsh":
            # The first of the two that is there is the only one that tcsh reads.
            cshrc = os.path.join(host.home, ".cshrc")
            tcshrc = os.path.join(host.home, ".tcshrc")
            return [cshrc if host.is_file(cshrc) and not host.is_file(tcshrc) else tcshrc]
        case "pwsh":
            return [os.path.join(config, "powershell", "profile.ps1")]
    named_by_env = host.variable("ENV") if shell != "bash" and shell != "yash" else None
    if named_by_env:
        for word in ("$HOME", "${HOME}"):  # POSIX has it expanded
            named_by_env = named_by_env.replace(word, host.home)
        return [os.path.join(host.home, named_by_env)]
    return [os.path.join(host.home, _HOME_FILES.get(shell, ".shrc"))]


def rc_line(shell: str, host: Host, cached: str) -> str:
    """The one line; it does nothing where the cached file is gone."""
    known = _RC_LINES.get(shell, "if [ -r {0} ]; then . {0}; fi")
    return f"{known.format(_word(shell, host, cached))} {MARK}"


_RC_LINES = {
    "fish": "if test -r {0}; source {0}; end",
    "tcsh": "if (-r {0}) source {0}",
    "pwsh": "if (Test-Path -LiteralPath {0}) {{ . {0} }}",
}


def _word(shell: str, host: Host, path: str) -> str:
    """The path as a word; below home it follows $HOME, since rc files are shared by machines."""
    short = host.short(path)
    if shell == "pwsh":
        return quote.pwsh(path)
    if short.startswith("~/"):
        return '"$HOME"' + quote.word(shell, short[1:])
    return quote.word(shell, path)


def _now(shell: str, host: Host, cached: str) -> str:
    """What makes the shell that one stands in know it too."""
    word = "." if DIALECTS[shell] in ("posix", "pwsh") else "source"
    short = host.short(cached)
    bare = shell != "pwsh" and short.startswith("~/") and _BARE.fullmatch(short)
    return f"{word} {short if bare else quote.word(shell, cached)}"


def content_of(host: Host, path: str) -> bytes | None:
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
    return any(sets_up(line) for line in (content or b"").splitlines())


def sets_up(line: bytes) -> bool:
    """Whether a line of an rc file is ours, or one that the user wrote for `envtui init`."""
    text = line.strip()
    return not text.startswith(b"#") and (text.endswith(MARK.encode()) or b"envtui init" in text)
