"""What threads tell the screen."""

from __future__ import annotations

from collections.abc import Mapping

from textual.message import Message

from envtui.ui.catalogue import Catalogue
from envtui.ui.jobs import Job


class Found(Message):
    """A scan has answered, or failed with a reason; or what an earlier one found is remembered."""

    def __init__(
        self,
        catalogue: Catalogue | None,
        problem: str = "",
        *,
        remembered: bool = False,
        part: bool = False,
    ) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.problem = problem
        self.remembered = remembered
        """Not looked at yet in this run: the scan that is under way corrects it."""
        self.part = part
        """What was found so far, while the scan goes on."""


class Looking(Message):
    """How far a scan is."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    def can_replace(self, message: Message) -> bool:
        """Only the last place counts."""
        return isinstance(message, Looking)


class FactsRead(Message):
    """One slow fact of some rows, by their ids."""

    def __init__(self, field: str, values: Mapping[str, object]) -> None:
        super().__init__()
        self.field = field
        self.values = values


class Failed(Message):
    """A thread met an error that nobody foresaw; it is in the log."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said


class JobChanged(Message):
    """A job started, said something or ended."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self.over = job.over

    def can_replace(self, message: Message) -> bool:
        """A burst of output is drawn once."""
        return isinstance(message, JobChanged) and message.job is self.job
