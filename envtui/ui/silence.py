"""Which rows lie on disks that do not answer: after the first wait they are asked nothing more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from envtui.host import Host
from envtui.model import Environment, Project
from envtui.patience import Silent, within

T = TypeVar("T")
SOON = 10.0
"""Seconds for what takes milliseconds on any disk that answers."""


class Silence:
    """Rows, and mounts, that kept somebody waiting."""

    def __init__(
        self,
        host: Host,
        tell: Callable[[Environment | Project, str], None],
        soon: float = SOON,
    ) -> None:
        self._host = host
        self._tell = tell
        self._soon = soon
        self._places: set[str] = set()

    def covers(self, row: Environment | Project) -> bool:
        """Whether nothing more is asked of the row."""
        return bool(self._places) and not self._places.isdisjoint((place(row), self._mount(row)))

    def ask(
        self, row: Environment | Project, ask: Callable[[], T], stale: threading.Event | None = None
    ) -> T | None:
        """What is found out of a row at once; None once that is stale. Raises as `patiently`."""
        return self.patiently(row, lambda: within(self._soon, lambda _: ask(), stale))

    def patiently(self, row: Environment | Project, ask: Callable[[], T]) -> T:
        """What something answers that itself raises TimeoutError, as this does for a silent row."""
        if self.covers(row):
            raise TimeoutError
        try:
            return ask()
        except TimeoutError as error:
            self._places.add(self._mount(row) if isinstance(error, Silent) else place(row))
            self._tell(row, str(error.strerror))
            raise

    def _mount(self, row: Environment | Project) -> str:
        """Where its disk is mounted; on the home's own disk the row alone."""
        from envtui import mounts

        points = mounts.read(self._host)
        point = points.point(place(row))
        return place(row) if point == points.point(self._host.real(self._host.home)) else point


def place(row: Environment | Project) -> str:
    """The directory that a row is."""
    return row.path if isinstance(row, Project) else row.real
