"""Words that a shell takes exactly as they are, whatever they contain (but NUL)."""

from __future__ import annotations


def posix(text: str) -> str:
    """One word for bash, zsh and sh; safe with zsh's RC_QUOTES, which joins `''` in quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def fish(text: str) -> str:
    """One word for fish, in whose single quotes a backslash escapes itself and the quote."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def word(shell: str, text: str) -> str:
    """One word for the shell of that name."""
    return fish(text) if shell == "fish" else posix(text)


def assignment(shell: str, name: str, value: str) -> str:
    """The line that sets and exports a variable; aliases and functions can't get in its way."""
    if shell != "fish":
        return f"\\builtin export {name}={posix(value)}"
    # PATH is a list in fish, and only a list keeps an empty entry from turning into ".".
    parts = value.split(":") if name == "PATH" else [value]
    return " ".join(["builtin set -gx", name, *map(fish, parts)])


def removal(shell: str, name: str) -> str:
    """The line that unsets a variable; no error if it is not there."""
    return f"builtin set -e {name}" if shell == "fish" else f"\\builtin unset -v {name}"
