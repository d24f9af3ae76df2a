"""The words of the command line: what each takes, what it is for, and the function behind it.

`envtui --help`, completion, README's list and the parser itself come from this one table.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from envtui.shell import COMPLETED, SHELLS, named

EITHER = "either"
"""The action of an option `--auto` that has a `--no-auto`: argparse's own costs its import."""


class Argument(NamedTuple):
    """One word or option that a command takes: what argparse is told of it."""

    names: tuple[str, ...]
    said: dict[str, Any]

    @property
    def takes_value(self) -> bool:
        """Whether a word follows the option."""
        return bool(self.said.get("action", "append") == "append")


class Command(NamedTuple):
    """One word of the command line."""

    name: str
    group: str
    takes: str
    help: str
    example: str
    function: str
    """module:function, imported when called."""
    arguments: tuple[Argument, ...] = ()


def _takes(*names: str, **said: Any) -> Argument:
    return Argument(names, said)


def _flag(*names: str, **said: Any) -> Argument:
    return Argument(names, {"action": "store_true", **said})


_JSON = _flag("--json", help="print JSON")
_ROOT = _takes("--root", action="append", metavar="DIR", default=[],
               help="search here instead of home (repeatable)")  # fmt: skip
_CHANGES = (
    _flag("-n", "--dry-run", help="print the plan, do nothing"),
    _flag("-y", "--yes", help="do it without asking"),
    _JSON,
)
_ENV = _takes("environment", metavar="ENV", help="an id, a name, a part of one, a path")
_DIR = _takes("directory", metavar="DIR", nargs="?", help="default: here")
_SCOPE = (
    _takes("--project", metavar="DIR", help="default: the project around here"),
    _flag("--global", dest="globally", help="for everywhere"),
    *_CHANGES,
)
_SHELLS = ", ".join(SHELLS)

_SEE, _USE, _CHANGE, _BACK, _SET = "See", "Use", "Change", "Take back", "Set up"
_READ, _DO, _SWITCH = "envtui.reading", "envtui.changing", "envtui.switching"
_SHOW = "envtui.showing"
_ARRIVE = "envtui.arriving"
_TIDY = "envtui.tidying"
_BACKWARD = "envtui.taking_back"
COMMANDS = (
    Command("list", _SEE, "", "List every environment and interpreter",
            "envtui list --filter 'broken kind:poetry'", "envtui.listing:list_all",
            (_takes("--filter", metavar="F", default="",
                    help="such as 'broken kind:poetry py:<3.10 size:>1G unused:>90d !api'"),
             _takes("--kind", action="append", metavar="K", help="only this kind (repeatable)"),
             _ROOT, _flag("--size", help="measure what deleting would free"), _JSON)),
    Command("show", _SEE, "ENV", "Show all that is known of one",
            "envtui show api/.venv", f"{_SHOW}:show",
            (_ENV, _ROOT, _JSON)),
    Command("why", _SEE, "[DIR]", "Say which Python a directory gets, and by which file",
            "envtui why ~/code/shop", f"{_READ}:why",
            (_DIR, _JSON)),
    Command("activate", _USE, "ENV...", "Switch this shell to an environment or a Python",
            "envtui activate pyenv:3.12.1", f"{_SWITCH}:activate",
            (_takes("environments", metavar="ENV", nargs="+",
                    help="one; or several versions of pyenv"),)),
    Command("deactivate", _USE, "", "Switch this shell back",
            "envtui deactivate", f"{_SWITCH}:deactivate"),
    Command("run", _USE, "ENV -- COMMAND...", "Run one command in an environment",
            "envtui run api/.venv -- python -V", f"{_SWITCH}:run",
            (_ENV, _takes("command", nargs="...", metavar="-- COMMAND..."))),
    Command("shell", _USE, "ENV", "Start a subshell in an environment",
            "envtui shell api/.venv", f"{_SWITCH}:shell",
            (_ENV,)),
    Command("env", _USE, "ENV", "Print the variables of an environment",
            'eval "$(envtui env api/.venv --shell bash)"', f"{_SWITCH}:variables",
            (_ENV, _takes("--shell", type=named, help="as lines to eval",
                          choices=[name for name in SHELLS if name != "nu"]),  # it has no eval
             _JSON)),
    Command("create", _CHANGE, "[PATH]", "Create an environment",
            "envtui create --python 3.12", f"{_DO}:create",
            (_takes("target", metavar="PATH", nargs="?", help="default: .venv"),
             _takes("--kind", default="venv",
                    help="venv (default), pyenv-virtualenv, virtualenv, pipenv, virtualenvwrapper, "
                         "poetry, uv, uv-tool, pipx, hatch, pdm, tox, nox, conda, pixi"),
             _takes("--python", metavar="VERSION", help="default: what `envtui why` answers"),
             _takes("--project", metavar="DIR", help="default: the one around here"),
             _takes("--from", dest="source", metavar="LOCK",
                    help="install from this lock or requirements file"), *_CHANGES)),
    Command("pin", _CHANGE, "VERSION...", "Choose the Python of a project, or of everything",
            "envtui pin 3.12 --project ~/code/shop", f"{_DO}:pin",
            (_takes("words", metavar="VERSION", nargs="+", help="as pyenv knows it, or an ENV"),
             *_SCOPE)),
    Command("unpin", _CHANGE, "", "Take that choice away",
            "envtui unpin", f"{_DO}:unpin",
            _SCOPE),
    Command("rebuild", _CHANGE, "ENV", "Make it again, on another Python too, packages included",
            "envtui rebuild api/.venv --python 3.13", f"{_DO}:rebuild",
            (_ENV, _takes("--python", metavar="VERSION", help="default: the one it has"), _ROOT,
             *_CHANGES)),
    Command("repair", _CHANGE, "ENV...", "Mend what is broken or moved, by the plan that fits",
            "envtui repair legacy/.venv", f"{_TIDY}:repair",
            (_takes("words", metavar="ENV", nargs="+",
                    help="environments, or a lost Python: all it broke"), _ROOT, *_CHANGES)),
    Command("remove", _CHANGE, "ENV...", "Move environments to the trash",
            "envtui remove shop-py3.11 --dry-run", f"{_DO}:remove",
            (_takes("environments", metavar="ENV", nargs="+", help="ids, names or paths"), _ROOT,
             *_CHANGES)),
    Command("clean", _CHANGE, "", "Move what is surely of no use to the trash, and more on demand",
            "envtui clean --dry-run", f"{_TIDY}:clean",
            (_takes("--filter", metavar="F", default="",
                    help="take all suggestions that match, such as 'unused:>90d'"),
             _ROOT, *_CHANGES)),
    Command("doctor", _CHANGE, "", "Find what is wrong with the machine's Pythons, and mend it",
            "envtui doctor --fix", f"{_TIDY}:doctor",
            (_flag("--fix", help="put right what has a plan, one by one"), _ROOT, *_CHANGES)),
    Command("install", _CHANGE, "VERSION", "Install a Python, through pyenv or uv",
            "envtui install 3.13", f"{_DO}:install",
            (_takes("version", metavar="VERSION", help="3.13 means the newest known 3.13"),
             *_CHANGES)),
    Command("uninstall", _CHANGE, "VERSION", "Move a Python that nothing needs to the trash",
            "envtui uninstall 3.9.18", f"{_DO}:uninstall",
            (_takes("version", metavar="VERSION", help="its name or id"),
             _flag("-f", "--force", help="even if environments depend on it"), _ROOT, *_CHANGES)),
    Command("undo", _BACK, "[N]", "Take the last change back, or change N",
            "envtui undo", f"{_BACKWARD}:undo",
            (_takes("number", metavar="N", nargs="?", type=int, help="as in `envtui history`"),
             *_CHANGES)),
    Command("history", _BACK, "", "List the changes that were made",
            "envtui history", f"{_BACKWARD}:history",
            (_JSON,)),
    Command("trash", _BACK, "[list|restore|empty] [ID]", "See, restore or empty the trash",
            "envtui trash restore ID", f"{_BACKWARD}:trash",
            (_takes("action", nargs="?", choices=("list", "restore", "empty"), default="list"),
             _takes("id", nargs="?", metavar="ID", help="of one thing, as in `envtui trash`"),
             _takes("--to", metavar="PATH", help="restore to another place"), *_CHANGES)),
    Command("setup", _SET, "[SHELL]", "Make `envtui activate` work in every new shell",
            "envtui setup zsh", f"{_DO}:setup",
            (_takes("shell", metavar="SHELL", nargs="?", type=named, choices=SHELLS,
                    help=f"{_SHELLS}; default: yours"),
             _takes("--auto", action=EITHER,
                    help="switch by directory, where `envtui allow` was said; default: as it is"),
             *_CHANGES)),
    Command("init", _SET, "SHELL", "Print the shell function, for eval",
            'eval "$(envtui init bash)"', f"{_SWITCH}:init",
            (_takes("shell", metavar="SHELL", type=named, choices=SHELLS, help=_SHELLS),
             _flag("--auto", help="with the hook that switches by directory"))),
    Command("allow", _SET, "[DIR]", "Let a project switch every shell that enters it",
            "envtui allow ~/code/shop", f"{_ARRIVE}:allow",
            (_DIR, _flag("--deny", help="never, and ask no more"), *_CHANGES)),
    Command("completion", _SET, "SHELL", "Print what completes at TAB; `init` has it already",
            "envtui completion zsh >~/.zfunc/_envtui", f"{_SWITCH}:completion",
            (_takes("shell", choices=COMPLETED),)),
    Command("hook", "", "ROOT", "Asked by the shell function where a project is entered or left",
            "envtui hook ~/code/shop", f"{_ARRIVE}:hook",
            (_takes("root", metavar="ROOT", help="the project entered, '' for none"),)),
    Command("config", _SET, "", "Print the settings and where they come from",
            "envtui config --path", f"{_READ}:config",
            (_flag("--path", help="print where the file is"), _JSON)),
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
