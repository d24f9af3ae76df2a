"""A terminal to type into and to look at: tmux, which answers what shells ask a terminal."""

from __future__ import annotations

import select
import subprocess
import time

PATIENCE = 80.0


class Terminal:
    """One tmux window with a command in it."""

    def __init__(
        self, socket: str, variables: dict[str, str], cwd: str = "", command: str = ""
    ) -> None:
        self.socket = socket
        self.variables = {**variables, "TERM": "xterm-256color"}
        if not command:
            return  # somebody else started it
        size = ("-x", "110", "-y", "32")
        self("-f", "/dev/null", "new-session", "-d", *size, "-c", cwd, command)

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self.socket, *words],
            env=self.variables, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Press keys, as tmux names them."""
        self("send-keys", *keys)

    def line(self, text: str) -> None:
        """Type a command."""
        self("send-keys", "-l", text)
        self("send-keys", "Enter")

    def sees(self, *texts: str) -> str:
        """Wait until all of that stands on the screen; the answer is the screen."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            shown = self("capture-pane", "-p")
            if all(text in shown for text in texts):
                return shown
            select.select([], [], [], 0.1)  # tmux has nothing to wait for a text with
        raise AssertionError(f"{texts} never came; the screen is:\n{shown}")

    def sees_last(self, text: str, end: str) -> str:
        """Wait until that text is followed by a line that is nothing but a prompt."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            shown = self("capture-pane", "-p").rstrip()
            if text.strip()[:40] in shown.rpartition("\n")[0] and shown.endswith(end):
                return shown
            select.select([], [], [], 0.1)
        raise AssertionError(f"no {end!r} came after {text!r}; the screen is:\n{shown}")

    def sees_only(self, end: str) -> None:
        """Wait until one line is all that stands on the screen, and a prompt."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            shown = self("capture-pane", "-p").strip()
            if shown.endswith(end) and "\n" not in shown:
                return
            select.select([], [], [], 0.1)
        raise AssertionError(f"more than a prompt stands on the screen:\n{shown}")
