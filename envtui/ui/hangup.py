"""The end of the terminal itself, which no signal may tell: a closed window, a killed tmux.

Textual's input thread then spins on end-of-file, and its writer thread dies, after which the main
thread waits for ever to draw. So a thread of our own waits for the hang-up and ends the process.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable


def watch(before: Callable[[], None], fd: int = 2) -> None:
    """Once the terminal behind `fd` is gone, do `before` and end the process as SIGHUP would."""

    def wait() -> None:
        poll = select.poll()
        poll.register(fd, 0)  # a hang-up is reported without being asked for: poll(2)
        for _, event in poll.poll():
            if not event & select.POLLHUP:
                return  # macOS cannot poll a terminal; SIGHUP has to do there
        try:
            before()
        finally:
            os._exit(128 + signal.SIGHUP)

    if os.isatty(fd):
        threading.Thread(target=wait, name="hangup", daemon=True).start()
