"""After the screen has closed: the shell is switched, or a subshell takes the screen's place."""

from __future__ import annotations

import os
import sys

from envtui.shell import answer, change, subshell
from envtui.table import plain
from envtui.ui.outcome import Outcome


def leave(outcome: Outcome) -> int:
    """Do what was chosen; the answer is the exit status. Raises Problem."""
    if outcome.message:
        print(plain(outcome.message), file=sys.stderr)
    if outcome.subshell and outcome.activation:
        if outcome.cd:
            os.chdir(outcome.cd)
        subshell.shell(outcome.activation, os.environ)
    if answer.hooked(os.environ) is None:
        return 0
    if outcome.activation:
        made = change.activate(outcome.activation, os.environ, outcome.cd)
        print(
            f"switched to {plain(outcome.activation.name)}; `deactivate` leads back",
            file=sys.stderr,
        )
    elif outcome.leave:
        made = change.deactivate(os.environ, outcome.cd)
    elif outcome.cd:
        still = change.active(os.environ) is not None
        made = change.Change({}, (), active=still, cd=outcome.cd)
    else:
        return 0
    answer.write(made, os.environ)
    for note in made.notes:
        print(f"envtui: {plain(note)}", file=sys.stderr)
    return 0
