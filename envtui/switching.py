"""The commands that switch a shell, or start something inside an environment."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from envtui import recall
from envtui.errors import BadInput
from envtui.host import Host
from envtui.table import plain, remark

if TYPE_CHECKING:
    from argparse import Namespace

    from envtui.model import Activation
    from envtui.recall import Known
    from envtui.shell.change import Change
    from envtui.ui.outcome import Outcome

_NO_HOOK = (
    "this shell does not listen to envtui yet: run  {line}  once "
    "(`envtui setup` makes it permanent), or use `envtui shell {name}` now"
)


def activate(arguments: Namespace, host: Host) -> int:
    """`envtui activate ENV`: switch this shell, through the shell function."""
    from envtui.shell import answer
    from envtui.shell import change as changes

    if answer.hooked(os.environ) is None:
        import shlex

        name = shlex.quote(arguments.environments[0])
        no_hook = _NO_HOOK.format(line=_init_line(), name=name)
        raise BadInput(answer.nowhere(os.environ) or no_hook)
    known = [meant(host, word) for word in arguments.environments]
    activation = known[0].activation if len(known) == 1 else _together(known)
    made = changes.activate(activation, os.environ)
    tell(made)
    shown = [plain(k.id) + (f" (Python {k.version})" if k.version else "") for k in known]
    print(f"switched to {', '.join(shown)}; `deactivate` leads back", file=sys.stderr)
    return 0


def _together(known: list[Known]) -> Activation:
    """Several versions at once, as `pyenv shell A B` means it: the first wins, all are found."""
    if other := [one.id for one in known if one.activation.kind != "pyenv"]:
        raise BadInput(f"only versions of pyenv can be active together, not {', '.join(other)}")
    first, *rest = (one.activation for one in known)
    name = ":".join(one.activation.name for one in known)
    more = tuple(activation.path_entry for activation in rest)
    return first._replace(name=name, variables={"PYENV_VERSION": name}, more=more)


def meant(host: Host, word: str) -> Known:
    """What switching to ENV means: as remembered, as its path says, or as the scan finds.

    Raises BadInput, Negative.
    """
    known = recall.recall(host, word)
    if known is None:
        from envtui import verbs

        item = verbs.at_path(host, word) or verbs.find(verbs.scan(host), host, word)
        known = recall.Known(item.id, item.version, verbs.activation(host, item))
        recall.keep(host, word, item, known.activation)
    return known


def deactivate(_arguments: Namespace, _host: Host) -> int:
    """`envtui deactivate`: the shell as it was."""
    from envtui.shell import answer
    from envtui.shell import change as changes

    if answer.hooked(os.environ) is None:
        no_hook = f"this shell does not listen to envtui: {_init_line()} first"
        raise BadInput(answer.nowhere(os.environ) or no_hook)
    made = changes.deactivate(os.environ)
    tell(made)
    return 0


def _init_line() -> str:
    from envtui.shell import SHELLS, init, named, subshell

    shell = named(subshell.users_shell(os.environ))
    return init.line(shell if shell in SHELLS else "bash")


def run(arguments: Namespace, host: Host) -> int:
    """`envtui run ENV -- COMMAND`: becomes the command."""
    from envtui.shell import subshell

    words = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    if not words:
        raise BadInput("a command is missing: envtui run ENV -- COMMAND...")
    activation = meant(host, arguments.environment).activation
    subshell.run(activation, words, _answering(host), _scripts(activation))


def shell(arguments: Namespace, host: Host) -> int:
    """`envtui shell ENV`: becomes a shell in it."""
    from envtui.shell import subshell

    activation = meant(host, arguments.environment).activation
    subshell.shell(activation, _answering(host), _scripts(activation))


def _answering(host: Host) -> dict[str, str]:
    """The variables, with what answers of PATH: whoever looks further for a program hangs there."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    left = host.program_folders()
    for folder in folders:
        if folder not in left:
            remark(f"left out of PATH: {folder} is on a disk that does not answer")
    return {**os.environ, "PATH": os.pathsep.join(left)} if left != folders else dict(os.environ)


def _scripts(activation: Activation) -> tuple[str, ...]:
    """Those of its packages that set variables for a command or a subshell in it."""
    if not activation.scripts:
        return ()
    from envtui.shell import scripts

    found = scripts.entering(activation.prefix, "posix")
    for note in found.notes:
        remark(note)
    return found.paths


def variables(arguments: Namespace, host: Host) -> int:
    """`envtui env ENV`: what it would set, for scripts and editors."""
    from envtui.shell import subshell

    known = meant(host, arguments.environment)
    if arguments.shell:
        _print_exactly(subshell.lines(known.activation, os.environ, arguments.shell))
        return 0
    values = subshell.variables(known.activation, os.environ)
    if arguments.json:
        from envtui.document import print_json

        print_json({"id": known.id, "variables": values})
        return 0
    for name, value in values.items():
        print(f"unset {name}" if value is None else f"{name}={plain(value)}")
    return 0


def init(arguments: Namespace, _host: Host) -> int:
    """`envtui init SHELL`: the shell function, for eval."""
    from envtui.shell import init as scripts

    _print_exactly(scripts.script(arguments.shell, scripts.program(), auto=arguments.auto))
    return 0


def completion(arguments: Namespace, _host: Host) -> int:
    """`envtui completion SHELL`: for those who do without the shell function."""
    from envtui.shell import init as scripts

    _print_exactly(scripts.completion(arguments.shell, scripts.program()))
    return 0


def _print_exactly(text: str) -> None:
    """Text for `eval`: bytes of a path that are not UTF-8 go out as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode(text))
    sys.stdout.buffer.flush()


def leave(outcome: Outcome, host: Host) -> int:
    """After the screen: the shell is switched, or a subshell takes its place. Raises Problem."""
    from envtui.shell import answer, subshell
    from envtui.shell import change as changes

    if outcome.subshell and outcome.activation:
        if outcome.cd:
            os.chdir(outcome.cd)
        subshell.shell(outcome.activation, _answering(host), _scripts(outcome.activation))
    if answer.hooked(os.environ) is None:
        return 0
    if outcome.activation:
        tell(changes.activate(outcome.activation, os.environ, outcome.cd))
        name = plain(outcome.activation.name)
        print(f"switched to {name}; `deactivate` leads back", file=sys.stderr)
    elif outcome.leave:
        tell(changes.deactivate(os.environ, outcome.cd))
    elif outcome.cd:
        still = changes.active(os.environ) is not None
        tell(changes.Change({}, (), active=still, cd=outcome.cd))
    return 0


def tell(made: Change) -> None:
    """Answer the shell and say what there is to say."""
    from envtui.shell import answer

    answer.write(made, os.environ)
    for note in made.notes:
        remark(note)
