"""Changes that run one after another off the UI thread; each keeps its output and its result."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable

from envtui.errors import Busy, Cancelled, Problem

Output = Callable[[str], None]
Run = Callable[[Output, threading.Event], object]
KEPT = 5000
"""Lines of output that are kept of one job."""


STEP = re.compile(r"\[(\d+/\d+)\] ")
"""How the executor announces a step among the output."""


_SIGNS = {"queued": ("…", "dim"), "running": ("⟳", "accent"), "done": ("✓", "good"),
          "failed": ("✗", "bad"), "cancelled": ("■", "warn"), "undone": ("↶", "dim")}  # fmt: skip


def signed(status: str, word: str = "") -> tuple[str, str]:
    """A status as its sign, with a word perhaps, and its tone."""
    sign, tone = _SIGNS.get(status, ("·", "dim"))
    return f"{sign} {word}", tone


def patiently(do: Callable[[], object], output: Output, cancel: threading.Event) -> object:
    """Do it as soon as no other envtui is changing something; what is waited for is told."""
    told = False
    while True:
        try:
            return do()
        except Busy as reason:
            if not told:
                output(f"waiting: {reason.args[0].partition(';')[0]}")
                told = True
            if cancel.wait(0.5):
                raise Cancelled("cancelled while it waited") from None


class Job:
    """One change under way. Written by its thread, read by the screen."""

    def __init__(self, title: str, done: str, run: Run, *, undoes: bool = False) -> None:
        self.title = title
        self.done = done
        self.run = run
        self.undoes = undoes
        """Whether it takes another change back."""
        self.status = "queued"
        self.message = ""
        self.lines: list[str] = []
        self.cancel = threading.Event()
        self.started = 0.0
        self.ended = 0.0
        self.step = ""
        """Which of its steps it is at, such as 2/3."""

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status in ("done", "failed", "cancelled")

    def seconds(self) -> int:
        """How long it has been running, or ran."""
        if not self.started:
            return 0
        return int((self.ended or time.monotonic()) - self.started)


class Jobs:
    """The queue. `tell` is called in the job's thread whenever something changed."""

    def __init__(self, tell: Callable[[Job], None]) -> None:
        self.all: list[Job] = []
        self._tell = tell
        self._queue: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def add(self, job: Job) -> None:
        """Run it when those before it are over."""
        self.all.append(job)
        self._queue.put(job)
        if self._thread is None:
            # A daemon, so that a command which ignores being killed can't hold the terminal.
            self._thread = threading.Thread(target=self._serve, name="jobs", daemon=True)
            self._thread.start()

    @property
    def open(self) -> list[Job]:
        """Those that run or wait."""
        return [job for job in self.all if not job.over]

    def stop(self, seconds: float) -> None:
        """Cancel everything and wait, at most so long, until the running one is rolled back."""
        for job in self.open:
            job.cancel.set()
        until = time.monotonic() + seconds
        while self.open and time.monotonic() < until:
            threading.Event().wait(0.02)

    def _serve(self) -> None:
        while True:
            job = self._queue.get()
            if job.cancel.is_set():
                job.status, job.message = "cancelled", "cancelled before it began"
            else:
                self._perform(job)
            job.ended = time.monotonic()
            self._tell(job)

    def _perform(self, job: Job) -> None:
        job.status, job.started = "running", time.monotonic()
        self._tell(job)

        def output(text: str) -> None:
            if found := STEP.match(text):
                job.step = found[1]
            job.lines.extend(text.rstrip("\n").split("\n"))
            del job.lines[:-KEPT]
            self._tell(job)

        try:
            patiently(lambda: job.run(output, job.cancel), output, job.cancel)
        except Cancelled as reason:
            job.status, job.message = "cancelled", str(reason)
        except Problem as reason:
            job.status, job.message = "failed", str(reason)
        except Exception as error:  # noqa: BLE001 - a job's error is a result, not the screen's end
            from envtui import crash

            job.status, job.message = "failed", crash.record(error)
        else:
            job.status = "done"
