"""One scan in a child process, so that a mount that hangs can be abandoned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Protocol

from envtui.errors import StepFailed
from envtui.host import Host
from envtui.model import Inventory

# A scan takes tenths of a second; a network home takes seconds. Beyond this it hangs.
PATIENCE = 60.0


class Scan(Protocol):
    """A scan that was started."""

    def answer(self) -> Inventory:
        """Wait for what it found. Raises a Problem; runs off the UI thread."""
        ...

    def stop(self) -> None:
        """End it, whatever it is doing."""
        ...


Start = Callable[[], Scan]


class Child:
    """`python -Im envtui.scan`, which prints its inventory, marshalled."""

    def __init__(self, host: Host) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-Im", "envtui.scan"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=host.cwd,
            env={**host.variables, "PWD": host.cwd},
            start_new_session=True,  # ctrl+c before the screen stands must not print a traceback
        )
        # Where processors are few the first frame comes before the rows.
        os.setpriority(os.PRIO_PROCESS, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0) + 3)
        self._read = threading.Event()
        self._output = b""
        self._errors = b""
        self._stopped = False
        # Reading starts at once: a full pipe would hold the child up while Textual is imported.
        threading.Thread(target=self._drain, name="scan", daemon=True).start()

    def _drain(self) -> None:
        try:
            self._output, self._errors = self._process.communicate()
        except (OSError, ValueError):
            pass  # closed under us on exit
        self._read.set()

    def answer(self) -> Inventory:
        """Wait for what it found. Raises StepFailed with the reason."""
        import marshal

        from envtui import index

        if not self._read.wait(PATIENCE):
            self.stop()
            raise StepFailed(
                f"looking at the machine took more than {PATIENCE:.0f} s and was given up, "
                "perhaps at a mount that does not answer: R looks again"
            )
        if self._process.returncode:
            said = self._errors.decode(errors="replace").strip().splitlines()
            code = self._process.returncode
            how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
            raise StepFailed(
                f"looking at the machine {how}: {said[-1] if said else 'it said nothing'}; "
                "R looks again"
            )
        try:
            return index.revived(marshal.loads(self._output))  # noqa: S302 - our child wrote it
        except (ValueError, EOFError, TypeError) as error:
            raise StepFailed(f"the scan's answer can't be read: {error}; R looks again") from None

    def stop(self) -> None:
        """Kill it; one that hangs in the kernel is left behind."""
        self._stopped = True
        if self._process.poll() is None:
            self._process.kill()
            self._read.wait(0.5)
