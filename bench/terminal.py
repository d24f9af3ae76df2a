"""A program on a terminal, its answers and what it costs."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


class Terminal:
    """A program on a terminal of 120 x 40."""

    def __init__(self, code: str, folder: str) -> None:
        self.pid, self.fd = pty.fork()
        if not self.pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
            root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
            variables = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": root,
                         "HOME": folder, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}  # fmt: skip
            os.execve(sys.executable, [sys.executable, "-c", code], variables)

    def quiet(self, seconds: float) -> None:
        """Read until nothing has come for so long."""
        while select.select([self.fd], [], [], seconds)[0]:
            os.read(self.fd, 1 << 16)

    def settle(self) -> None:
        """Wait until it has read what it reads in the background."""
        self.quiet(2)
        before = self.cpu()
        while self.quiet(1) or self.cpu() - before > 0.05:
            before = self.cpu()

    def said(self) -> bytes:
        """What it writes next."""
        return os.read(self.fd, 1 << 16)

    def key(self, key: bytes) -> tuple[float, int]:
        """Seconds until the first byte of the answer, and how many bytes it has in all."""
        began = time.perf_counter()
        os.write(self.fd, key)
        if not select.select([self.fd], [], [], 5)[0]:
            raise SystemExit("a key was not answered")
        seconds = time.perf_counter() - began
        size = len(os.read(self.fd, 1 << 16))
        while select.select([self.fd], [], [], 0.12)[0]:
            size += len(os.read(self.fd, 1 << 16))
        return seconds, size

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Resident megabytes."""
        with open(f"/proc/{self.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

    def end(self) -> None:
        """Kill it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
