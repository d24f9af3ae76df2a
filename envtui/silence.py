"""Places on disks that do not answer: after the first wait they are asked nothing more."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from typing import TypeVar

from envtui.host import Host
from envtui.patience import Silent, within

T = TypeVar("T")
SOON = 10.0
"""Seconds for what takes milliseconds on any disk that answers."""


class Silence:
    """Directories, and mounts, that kept somebody waiting, and why in words."""

    def __init__(self, host: Host, soon: float = SOON) -> None:
        self._host = host
        self._soon = soon
        self.reasons: dict[str, str] = {}

    def reason(self, path: str) -> str | None:
        """Why nothing more is asked of a place; None where it is."""
        if not self.reasons:
            return None
        return self.reasons.get(path) or self.reasons.get(self._mount(path))

    def ask(
        self, path: str, ask: Callable[[], T], stale: threading.Event | None = None
    ) -> T | None:
        """What is found out of a place at once; None once that is stale. Raises as `patiently`."""

        def asked(_: threading.Event) -> T:
            # On the thread too: a disk that was mounted just now is not known yet.
            if self._host.is_silent(path):
                raise Silent(errno.ETIMEDOUT, "its disk does not answer")
            return ask()

        return self.patiently(path, lambda: within(self._soon, asked, stale))

    def patiently(self, path: str, ask: Callable[[], T]) -> T:
        """What something answers that itself raises TimeoutError, as this does, with the reason."""
        if reason := self.reason(path):
            raise TimeoutError(errno.ETIMEDOUT, reason)
        try:
            return ask()
        except TimeoutError as error:
            place = self._mount(path) if isinstance(error, Silent) else path
            self.reasons[place] = str(error.strerror)
            raise

    def _mount(self, path: str) -> str:
        """Where its disk is mounted; on the home's own disk the place alone."""
        from envtui import mounts

        points = mounts.read(self._host)
        point = points.point(path)
        return path if point == points.point(self._host.real(self._host.home)) else point
