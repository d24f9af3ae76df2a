"""The scan in a child process, so that a mount that hangs can be abandoned."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from envtui.errors import StepFailed
from envtui.host import Host
from envtui.model import Inventory

PATIENCE = 60.0
"""Seconds without a word: a scan says something every tenth of one, beyond this it hangs."""
BUDGET = 2.0
"""Seconds after which the first walk stops and says where: `R` goes on."""


class News(NamedTuple):
    """What a scan has to say."""

    inventory: Inventory | None
    whole: bool = False
    """Whether the inventory is all there is, and not only what was found so far."""
    at: str = ""
    """Where the walk is."""


class Scan(Protocol):
    """A scan that was started: it says how far it is, and afterwards what changes."""

    def news(self) -> Iterator[News]:
        """Until it is stopped. Raises a Problem; runs off the UI thread."""
        ...

    def stop(self) -> None:
        """End it, whatever it is doing."""
        ...


Start = Callable[[], Scan]


class Child:
    """`python -Im envtui.scan`, which sends frames until it is stopped."""

    def __init__(self, host: Host, budget: float = 0.0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-Im", "envtui.scan", str(budget)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**host.variables, "PWD": host.cwd},
            start_new_session=True,  # ctrl+c before the screen stands must not print a traceback
        )
        # Where processors are few the first frame comes before the rows.
        os.setpriority(os.PRIO_PROCESS, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0) + 3)
        self._stopped = False
        self._whole = False
        self._at = ""
        self._frames: list[bytes] = []
        self._came = threading.Condition()
        self._over = False
        # Reading starts at once: a full pipe would hold the child up while Textual is imported.
        threading.Thread(target=self._drain, name="scan", daemon=True).start()

    def _drain(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101 - asked for above
        try:
            while len(head := pipe.read(4)) == 4:
                size = int.from_bytes(head, "big")
                frame = pipe.read(size)
                if len(frame) < size:
                    break
                with self._came:
                    self._frames.append(frame)
                    self._came.notify()
        except (OSError, ValueError):
            pass  # closed under us on exit
        with self._came:
            self._over = True
            self._came.notify()

    def news(self) -> Iterator[News]:
        """All that it says until it is stopped. Raises StepFailed with the reason it ended."""
        import marshal

        from envtui import index

        while not self._stopped and (frame := self._frame()) is not None:
            try:
                word, content = marshal.loads(frame)  # noqa: S302 - our child wrote it
                if word == "alive":
                    continue
                if word == "at":
                    self._at = content[0]
                    yield News(None, at=content[0])
                    continue
                inventory = index.revived(content)
            except (ValueError, EOFError, TypeError) as error:
                raise StepFailed(f"the scan can't be read: {error}; R looks again") from None
            self._whole = word == "whole"
            yield News(inventory, self._whole)
        if not self._stopped:
            raise StepFailed(self._end())

    def _frame(self) -> bytes | None:
        with self._came:
            patience = None if self._whole else PATIENCE
            if not self._came.wait_for(lambda: self._frames or self._over, patience):
                self.stop()
                near = f" near {self._at}" if self._at else ""
                raise StepFailed(
                    f"looking at the machine said nothing for {PATIENCE:.0f} s and was given up, "
                    f"perhaps at a mount that does not answer{near}: R looks again"
                )
            return self._frames.pop(0) if self._frames else None

    def _end(self) -> str:
        code = self._process.wait()
        said = _rest(self._process.stderr).decode(errors="replace").strip().splitlines()
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        last = said[-1] if said else "it said nothing"
        return f"looking at the machine {how}: {last}; R looks again"

    def stop(self) -> None:
        """Kill it; one that hangs in the kernel is left behind."""
        self._stopped = True
        if self._process.poll() is None:
            self._process.kill()
            try:
                self._process.wait(0.5)
            except subprocess.TimeoutExpired:
                pass


def _rest(pipe: Any) -> bytes:
    """What stands in a pipe now; nothing is waited for."""
    said = b""
    while select.select([pipe], [], [], 0)[0] and (more := os.read(pipe.fileno(), 1 << 16)):
        said += more
    return said
