"""Activation as a change of variables, and the functions that let a shell take part in it."""

DIALECTS = {
    "bash": "bash",
    "zsh": "zsh",
    "fish": "fish",
    "dash": "posix",
    "ash": "posix",
    "ksh": "posix",
    "mksh": "posix",
    "yash": "posix",
    "tcsh": "tcsh",
    "xonsh": "xonsh",
    "nu": "nu",
    "pwsh": "pwsh",
}
"""The shells that `init` and `setup` know, each with the language that it is answered in."""
SHELLS = tuple(DIALECTS)
AUTO = ("bash", "zsh", "fish", "ksh", "mksh", "yash", "tcsh", "xonsh", "nu")
"""Those with a hook that switches by directory."""
COMPLETED = ("bash", "zsh", "fish")
"""Those in which TAB completes."""
_PROGRAMS = {"sh": "dash", "busybox": "ash", "ksh93": "ksh", "csh": "tcsh", "powershell": "pwsh"}
PROTOCOL = "1"
"""What the shell function and the program must agree on; raised when an old function can't work."""


def named(program: str) -> str:
    """The shell that goes by a program's name or path: `/bin/ksh93` is ksh, `-zsh` zsh."""
    name = program.rpartition("/")[2].removeprefix("-")
    return _PROGRAMS.get(name, name)
