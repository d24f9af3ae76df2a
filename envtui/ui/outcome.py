"""What the screen leaves behind for the shell; known without Textual."""

from __future__ import annotations

from typing import NamedTuple

from envtui.model import Activation


class Outcome(NamedTuple):
    """What the person chose before the screen closed."""

    activation: Activation | None = None
    leave: bool = False
    """Go back to what the shell was before an activation."""
    cd: str | None = None
    subshell: bool = False
    """There is no hook: start a shell in it instead."""
