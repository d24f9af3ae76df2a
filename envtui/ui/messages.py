"""What threads tell the screen in bursts."""

from __future__ import annotations

from textual.message import Message

from envtui.ui.jobs import Job


class JobChanged(Message):
    """A job started, said something or ended."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self.over = job.over

    def can_replace(self, message: Message) -> bool:
        """A burst of output is drawn once."""
        return isinstance(message, JobChanged) and message.job is self.job
