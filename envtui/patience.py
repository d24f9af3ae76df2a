"""Asking a disk that may never answer: on a thread that is left behind then."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Silent(TimeoutError):
    """The disk does not answer: a thread waits in the kernel, and no signal ends that."""


def answers(path: str, seconds: float) -> bool:
    """Whether the disk where a path is says anything about it in that time."""
    try:
        within(seconds, lambda _: os.stat(path))
    except Silent:
        return False
    except (OSError, ValueError):
        return True  # that there is no such thing, say
    return True


def within(
    seconds: float,
    ask: Callable[[threading.Event], T],
    unwanted: threading.Event | None = None,
) -> T | None:
    """What `ask` answers or raises; None once it is unwanted.

    `ask` gets an event that tells it to stop. Raises TimeoutError where it stopped at its time,
    Silent where it did not even do that.
    """
    enough = threading.Event()
    answers: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(ask(enough))
        except BaseException as error:  # noqa: BLE001 - raised again for who asked
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    until = time.monotonic() + seconds
    while thread.is_alive() and time.monotonic() < until:
        if unwanted and unwanted.is_set():
            enough.set()
            return None
        thread.join(min(seconds, 0.1))
    if thread.is_alive():
        enough.set()
        thread.join(1.0)
        if thread.is_alive():
            raise Silent(errno.ETIMEDOUT, "its disk does not answer")
        raise TimeoutError(errno.ETIMEDOUT, f"it takes longer than {seconds:.0f} seconds")
    if errors:
        raise errors[0]
    return answers[0]
