"""The words of the command line: what each takes, what it is for, and the function behind it.

`envtui --help`, completion, README's list and the parser itself come from this one table. An
argument function runs only for the command that was called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import argparse  # 6 ms that the screen's first paint need not wait for


class Command(NamedTuple):
    """One word of the command line."""

    name: str
    group: str
    takes: str
    help: str
    example: str
    function: str
    """module:function, imported when called."""
    arguments: Callable[[argparse.ArgumentParser], None]


def _none(_: argparse.ArgumentParser) -> None:
    """A command without arguments."""


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _roots(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--root", action="append", metavar="DIR", help="search here instead of home (repeatable)"
    )


def _changes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-n", "--dry-run", action="store_true", help="print the plan, do nothing")
    parser.add_argument("-y", "--yes", action="store_true", help="do it without asking")
    _json(parser)


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--filter",
        metavar="F",
        help="such as 'broken kind:poetry py:<3.10 size:>1G unused:>90d !api'",
    )
    parser.add_argument("--kind", action="append", metavar="K", help="only this kind (repeatable)")
    _roots(parser)
    parser.add_argument("--size", action="store_true", help="measure what deleting would free")
    _json(parser)


def _environment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("environment", metavar="ENV", help="an id, a name, a part of one, a path")


def _environments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "environments", metavar="ENV", nargs="+", help="one; or several versions of pyenv"
    )


def _show(parser: argparse.ArgumentParser) -> None:
    _environment(parser)
    _roots(parser)
    _json(parser)


def _why(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", metavar="DIR", nargs="?", help="default: here")
    _json(parser)


def _create(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="PATH", nargs="?", help="default: .venv")
    parser.add_argument(
        "--kind", default="venv", help="venv, uv, poetry, conda ...; a wrong one lists all"
    )
    parser.add_argument("--python", metavar="VERSION", help="default: what `envtui why` answers")
    parser.add_argument("--project", metavar="DIR", help="default: the one around here")
    parser.add_argument(
        "--from", dest="source", metavar="LOCK", help="install from this lock or requirements file"
    )
    _changes(parser)


def _remove(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("environments", metavar="ENV", nargs="+", help="ids, names or paths")
    _roots(parser)
    _changes(parser)


def _repair(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", metavar="ENV", nargs="+", help="environments, or a lost Python: all it broke"
    )
    _roots(parser)
    _changes(parser)


def _clean(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--filter", metavar="F", help="take all suggestions that match, such as 'unused:>90d'"
    )
    _roots(parser)
    _changes(parser)


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fix", action="store_true", help="put right what has a plan, one by one")
    _roots(parser)
    _changes(parser)


def _rebuild(parser: argparse.ArgumentParser) -> None:
    _environment(parser)
    parser.add_argument("--python", metavar="VERSION", help="default: the one it has")
    _roots(parser)
    _changes(parser)


def _install(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="3.13 means the newest known 3.13")
    _changes(parser)


def _uninstall(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="its name or id")
    parser.add_argument(
        "-f", "--force", action="store_true", help="even if environments depend on it"
    )
    _roots(parser)
    _changes(parser)


def _scope(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--project", metavar="DIR", help="default: the project around here")
    parser.add_argument("--global", dest="globally", action="store_true", help="for everywhere")
    _changes(parser)


def _pin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", metavar="VERSION", nargs="+", help="as pyenv knows it, or an ENV")
    _scope(parser)


def _run(parser: argparse.ArgumentParser) -> None:
    import argparse

    _environment(parser)
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND...")


def _env(parser: argparse.ArgumentParser) -> None:
    _environment(parser)
    from envtui.shell import SHELLS, named

    known = [name for name in SHELLS if name != "nu"]  # it has no eval: --json
    parser.add_argument("--shell", type=named, choices=known, help="as lines to eval")
    _json(parser)


def _undo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="N", nargs="?", type=int, help="as in `envtui history`")
    _changes(parser)


def _trash(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=("list", "restore", "empty"), default="list")
    parser.add_argument("id", nargs="?", metavar="ID", help="of one thing, as in `envtui trash`")
    parser.add_argument("--to", metavar="PATH", help="restore to another place")
    _changes(parser)


def _init(parser: argparse.ArgumentParser) -> None:
    from envtui.shell import SHELLS, named

    parser.add_argument(
        "shell", metavar="SHELL", type=named, choices=SHELLS, help=", ".join(SHELLS)
    )
    parser.add_argument(
        "--auto", action="store_true", help="with the hook that switches by directory"
    )


def _setup(parser: argparse.ArgumentParser) -> None:
    import argparse

    from envtui.shell import SHELLS, named

    parser.add_argument(
        "shell",
        metavar="SHELL",
        nargs="?",
        type=named,
        choices=SHELLS,
        help=f"{', '.join(SHELLS)}; default: yours",
    )
    parser.add_argument(
        "--auto",
        action=argparse.BooleanOptionalAction,
        help="switch by directory, where `envtui allow` was said; default: as it is",
    )
    _changes(parser)


def _allow(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", metavar="DIR", nargs="?", help="default: here")
    parser.add_argument("--deny", action="store_true", help="never, and ask no more")
    _changes(parser)


def _hook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("root", metavar="ROOT", help="the project entered, '' for none")


def _completion(parser: argparse.ArgumentParser) -> None:
    from envtui.shell import COMPLETED

    parser.add_argument("shell", choices=COMPLETED)


def _config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--path", action="store_true", help="print where the file is")
    _json(parser)


_SEE, _USE, _CHANGE, _BACK, _SET = "See", "Use", "Change", "Take back", "Set up"
_READ, _DO, _SWITCH = "envtui.reading", "envtui.changing", "envtui.switching"
_ARRIVE = "envtui.arriving"
_TIDY = "envtui.tidying"
_BACKWARD = "envtui.taking_back"
COMMANDS = (
    Command("list", _SEE, "", "List every environment and interpreter",
            "envtui list --filter 'broken kind:poetry'", f"{_READ}:list_all", _list),
    Command("show", _SEE, "ENV", "Show all that is known of one",
            "envtui show api/.venv", f"{_READ}:show", _show),
    Command("why", _SEE, "[DIR]", "Say which Python a directory gets, and by which file",
            "envtui why ~/code/shop", f"{_READ}:why", _why),
    Command("activate", _USE, "ENV...", "Switch this shell to an environment or a Python",
            "envtui activate pyenv:3.12.1", f"{_SWITCH}:activate", _environments),
    Command("deactivate", _USE, "", "Switch this shell back",
            "envtui deactivate", f"{_SWITCH}:deactivate", _none),
    Command("run", _USE, "ENV -- COMMAND...", "Run one command in an environment",
            "envtui run api/.venv -- python -V", f"{_SWITCH}:run", _run),
    Command("shell", _USE, "ENV", "Start a subshell in an environment",
            "envtui shell api/.venv", f"{_SWITCH}:shell", _environment),
    Command("env", _USE, "ENV", "Print the variables of an environment",
            'eval "$(envtui env api/.venv --shell bash)"', f"{_SWITCH}:variables", _env),
    Command("create", _CHANGE, "[PATH]", "Create an environment",
            "envtui create --python 3.12", f"{_DO}:create", _create),
    Command("pin", _CHANGE, "VERSION...", "Choose the Python of a project, or of everything",
            "envtui pin 3.12 --project ~/code/shop", f"{_DO}:pin", _pin),
    Command("unpin", _CHANGE, "", "Take that choice away",
            "envtui unpin", f"{_DO}:unpin", _scope),
    Command("rebuild", _CHANGE, "ENV", "Make it again, on another Python too, packages included",
            "envtui rebuild api/.venv --python 3.13", f"{_DO}:rebuild", _rebuild),
    Command("repair", _CHANGE, "ENV...", "Mend what is broken or moved, by the plan that fits",
            "envtui repair legacy/.venv", f"{_TIDY}:repair", _repair),
    Command("remove", _CHANGE, "ENV...", "Move environments to the trash",
            "envtui remove shop-py3.11 --dry-run", f"{_DO}:remove", _remove),
    Command("clean", _CHANGE, "", "Move what is surely of no use to the trash, and more on demand",
            "envtui clean --dry-run", f"{_TIDY}:clean", _clean),
    Command("doctor", _CHANGE, "", "Find what is wrong with the machine's Pythons, and mend it",
            "envtui doctor --fix", f"{_TIDY}:doctor", _doctor),
    Command("install", _CHANGE, "VERSION", "Install a Python, through pyenv or uv",
            "envtui install 3.13", f"{_DO}:install", _install),
    Command("uninstall", _CHANGE, "VERSION", "Move a Python that nothing needs to the trash",
            "envtui uninstall 3.9.18", f"{_DO}:uninstall", _uninstall),
    Command("undo", _BACK, "[N]", "Take the last change back, or change N",
            "envtui undo", f"{_BACKWARD}:undo", _undo),
    Command("history", _BACK, "", "List the changes that were made",
            "envtui history", f"{_BACKWARD}:history", _json),
    Command("trash", _BACK, "[list|restore ID|empty [ID]]", "See, restore or empty the trash",
            "envtui trash restore ID", f"{_BACKWARD}:trash", _trash),
    Command("setup", _SET, "[SHELL]", "Make `envtui activate` work in every new shell",
            "envtui setup zsh", f"{_DO}:setup", _setup),
    Command("init", _SET, "SHELL", "Print the shell function, for eval",
            'eval "$(envtui init bash)"', f"{_SWITCH}:init", _init),
    Command("allow", _SET, "[DIR]", "Let a project switch every shell that enters it",
            "envtui allow ~/code/shop", f"{_ARRIVE}:allow", _allow),
    Command("completion", _SET, "SHELL", "Print what completes at TAB; `init` has it already",
            "envtui completion zsh >~/.zfunc/_envtui", f"{_SWITCH}:completion", _completion),
    Command("hook", "", "ROOT", "Asked by the shell function where a project is entered or left",
            "envtui hook ~/code/shop", f"{_ARRIVE}:hook", _hook),
    Command("config", _SET, "", "Print the settings and where they come from",
            "envtui config --path", f"{_READ}:config", _config),
)  # fmt: skip


def help_text() -> str:
    """`envtui --help`: the commands in groups."""
    lines = [
        "usage: envtui [--filter F]          the screen",
        "       envtui COMMAND ...           `envtui COMMAND --help` tells more",
    ]
    for group in (_SEE, _USE, _CHANGE, _BACK, _SET):
        lines += ["", f"{group}:"]
        for command in COMMANDS:
            if command.group == group:
                lines.append(f"  {command.name + ' ' + command.takes:<32}  {command.help}")
    lines += [
        "",
        "examples:",
        "  envtui                              see everything; enter switches the shell to it",
        "  envtui list --filter 'broken'       what is broken, as text; --json for scripts",
        "  envtui create --python 3.12         make .venv here",
        "  envtui remove api/.venv             to the trash; `envtui undo` brings it back",
        "",
        "exit status: 0 done, 1 the answer is no, 2 bad input, 3 refused or not confirmed,",
        "  4 a tool is missing, 5 a step failed, 130 interrupted",
    ]
    return "\n".join(lines)
