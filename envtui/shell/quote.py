"""Words that a shell takes exactly as they are, whatever they contain (but NUL)."""

from __future__ import annotations

from envtui.shell import DIALECTS


def posix(text: str) -> str:
    """One word for bash, zsh and sh; safe with zsh's RC_QUOTES, which joins `''` in quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def fish(text: str) -> str:
    """One word for fish, in whose single quotes a backslash escapes itself and the quote."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_TCSH = str.maketrans({"'": "'\\''", "!": "'\\!'", "\\": "'\\\\'", "\n": "\\\n"})


def tcsh(text: str) -> str:
    """One word for tcsh, whose quotes hide neither `!` nor a line end.

    A backslash stands outside of them: inside, `set backslash_quote` changes its meaning.
    """
    return "'" + text.translate(_TCSH) + "'"


def nu(text: str) -> str:
    """One string for nushell; only `$"..."` is interpolated."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\r", "\\r") + '"'


def pwsh(text: str) -> str:
    """One string for PowerShell, which takes four typographic quotes for plain ones."""
    for mark in "'\u2018\u2019\u201a\u201b":
        text = text.replace(mark, mark * 2)
    return "'" + text + "'"


_WORDS = {"fish": fish, "tcsh": tcsh, "xonsh": ascii, "nu": nu, "pwsh": pwsh}


def word(shell: str, text: str) -> str:
    """One word for the shell of that name or dialect."""
    return _WORDS.get(DIALECTS.get(shell, shell), posix)(text)


# By dialect, bash and zsh aside; fish has a rule of its own to set one.
_SET = {
    "posix": "\\export {0}={1}",
    "tcsh": "setenv {0} {1}",
    "xonsh": "__xonsh__.env[{0!r}] = {1}",
    "nu": "$env.{0} = {1}",
    "pwsh": "[Environment]::SetEnvironmentVariable('{0}', {1})",
}
_UNSET = {
    "fish": "builtin set -e {0}",
    "posix": "\\unset -v {0}",
    "tcsh": "unsetenv {0}",
    "xonsh": "__xonsh__.env.pop({0!r}, None)",
    "nu": "hide-env --ignore-errors {0}",
    "pwsh": "[Environment]::SetEnvironmentVariable('{0}', $null)",
}


def assignment(shell: str, name: str, value: str) -> str:
    """The line that sets and exports a variable; aliases and functions can't get in its way."""
    dialect = DIALECTS.get(shell, shell)
    if dialect == "fish":
        # PATH is a list in fish, and only a list keeps an empty entry from turning into ".".
        parts = value.split(":") if name == "PATH" else [value]
        return " ".join(["builtin set -gx", name, *map(fish, parts)])
    return _SET.get(dialect, "\\builtin export {0}={1}").format(name, word(shell, value))


def removal(shell: str, name: str) -> str:
    """The line that unsets a variable; no error if it is not there."""
    return _UNSET.get(DIALECTS.get(shell, shell), "\\builtin unset -v {0}").format(name)
