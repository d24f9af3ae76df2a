"""`enter` and `q`: what ends the screen, and what is asked before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envtui import verbs
from envtui.actions import Lost, Scene
from envtui.errors import Problem
from envtui.model import Environment, Interpreter, Project
from envtui.ui import words
from envtui.ui.outcome import Outcome

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp

Item = Environment | Interpreter


def use(app: EnvtuiApp, scene: Scene) -> None:
    """Switch the shell to the row and quit; a project: go there too; the active one: leave it."""
    row, cd = scene.row, None
    if isinstance(row, Project):
        row, cd = words.members(row, scene.inventory)[0], row.path
    if row is None or isinstance(row, (Lost, Project)):
        return
    if row.active and not cd:
        _leave(app, row)
    else:
        switch(app, row, cd)


def switch(app: EnvtuiApp, row: Item, cd: str | None = None) -> None:
    """Switch this shell to it and quit."""
    try:
        outcome = Outcome(activation=verbs.activation(app.host, row), cd=cd)
    except Problem as reason:
        app.say(str(reason), good=False)
        return
    _with_hook(app, row, outcome)


def leave_shell(app: EnvtuiApp) -> None:
    """Take this shell back to what it was before anything was activated."""
    found = app.main.inventory
    row = next((item for item in found.items if item.active), None) if found else None
    if row is None:
        app.say("nothing is active in this shell that could be left", good=False)
    else:
        _leave(app, row)


def subshell(app: EnvtuiApp, scene: Scene) -> None:
    """Quit into a shell of its own in the row; this one stays as it is."""
    row = scene.row
    if isinstance(row, Project):
        row = words.members(row, scene.inventory)[0]
    if row is None or isinstance(row, (Lost, Project)):
        return
    try:
        finish(app, Outcome(activation=verbs.activation(app.host, row), subshell=True))
    except Problem as reason:
        app.say(str(reason), good=False)


def _leave(app: EnvtuiApp, row: Item) -> None:
    from envtui.ui.ask import Ask

    def answered(answer: str) -> None:
        if answer == "leave":
            _with_hook(app, row, Outcome(leave=True))

    name = words.title(row)
    text = f"{name} is active in this shell. Leave it? The shell goes back to what it was before."
    options = [("stay", "n", "No"), ("leave", "y", "Leave it")]
    app.ask(Ask("Leave the active environment", text, options), answered)


def _with_hook(app: EnvtuiApp, row: Item, outcome: Outcome) -> None:
    """End with the outcome where the shell can take it, else offer what works without."""
    from envtui.shell import answer

    try:
        hooked = answer.hooked(app.host.variables)
    except Problem as reason:
        app.say(str(reason), good=False)
        return
    if hooked:
        finish(app, outcome)
    else:
        from envtui.shell import named, subshell

        _hookless(app, row, outcome, named(subshell.users_shell(app.host.variables)))


def _hookless(app: EnvtuiApp, row: Item, outcome: Outcome, shell: str) -> None:
    from envtui.shell import SHELLS, init
    from envtui.ui.ask import Ask

    line = init.line(shell if shell in SHELLS else "bash")
    text = (
        f"This shell has no envtui function yet, so envtui can't switch it. "
        f"With this line it can:\n  {line}"
    )
    options = [("cancel", "n", "No")]
    if not outcome.leave:
        options.append(("subshell", "s", f"Subshell in {words.title(row)}"))
    if shell in SHELLS:
        options.append(("setup", "i", "Set it up"))

    def answered(choice: str) -> None:
        if choice == "subshell":
            finish(app, outcome._replace(subshell=True))
        elif choice == "setup":
            _set_up(app, shell)

    app.ask(Ask("Switch this shell", text, options), answered)


def set_up(app: EnvtuiApp, _scene: Scene | None) -> None:
    """The line for the start file of the user's shell, as a plan."""
    from envtui.shell import subshell as subshells

    _set_up(app, subshells.users_shell(app.host.variables).rsplit("/", 1)[-1])


def _set_up(app: EnvtuiApp, shell: str) -> None:
    import shutil
    import sys

    from envtui.shell import setup
    from envtui.ui.deeds import change

    program = shutil.which(sys.argv[0]) or shutil.which("envtui") or "envtui"
    change(app, f"Set up {shell}", lambda: setup.plan(shell, app.host, program))


def quit_(app: EnvtuiApp, _scene: Scene | None = None) -> None:
    """Away, unless a job runs: then it is asked what becomes of it."""
    finish(app, Outcome())


def finish(app: EnvtuiApp, outcome: Outcome) -> None:
    """End with the outcome once no job is open."""
    if not app.jobs.open:
        app.exit(outcome)
        return
    from envtui.ui.ask import Ask

    many = len(app.jobs.open)
    text = (
        f"{app.jobs.open[0].title} is not finished"
        + (f", and {many - 1} more wait" if many > 1 else "")
        + ". Cancelling puts back what was begun."
    )

    def answered(choice: str) -> None:
        if choice in ("wait", "cancel"):
            app.exit_after_jobs(outcome, cancel=choice == "cancel")

    options = [
        ("stay", "n", "Stay"),
        ("wait", "w", "Quit when done"),
        ("cancel", "c", "Cancel and quit"),
    ]
    app.ask(Ask("A job is running", text, options), answered)
