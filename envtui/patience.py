"""Asking a disk that may never answer: whoever asks is left behind then."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_LEFT: list[int] = []
"""Processes that nobody waits for."""
_SILENT: dict[str, float] = {}
"""What did not answer, and since when."""
_FRESH = 10.0
"""Seconds for which it is not asked again."""
_FILES = 1024
"""More than we ever have open."""


class Silent(TimeoutError):
    """The disk does not answer: a thread waits in the kernel, and no signal ends that."""


def answers(path: str, seconds: float) -> bool:
    """Whether the disk where a path is says anything about it in that time.

    A process of its own asks. Where a server has taken a question and is silent (sshfs whose other
    end is gone) no signal ends the asking, and no program that has such a thread ever ends. One
    that did not answer is not asked again for a while.
    """
    if time.monotonic() - _SILENT.get(path, float("-inf")) < _FRESH:
        return False
    _LEFT[:] = filter(_asks_still, _LEFT)  # or they would be zombies
    try:
        asking = os.fork()
    except OSError:
        return False  # whoever may start nothing more can't be sure
    if not asking:
        try:
            os.closerange(0, _FILES)  # whoever reads our output need not wait for this one too
            os.stat(path)
        finally:
            os._exit(0)  # that there is no such thing is an answer too
    until, pause = time.monotonic() + seconds, 0.0002
    while _asks_still(asking):
        if time.monotonic() > until:
            os.kill(asking, signal.SIGKILL)
            _LEFT.append(asking)
            _SILENT[path] = time.monotonic()
            return False
        time.sleep(pause)
        pause = min(2 * pause, 0.02)
    return True


def _asks_still(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return False  # somebody else, or the system, has seen its end


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
