"""The log in the state directory: every command that was run, and errors nobody foresaw."""

from __future__ import annotations

import os
import time

from envtui import places

LIMIT = 1 << 20
"""Bytes; then the file becomes `log.1`, in place of the one before."""


def path() -> str:
    """The file."""
    return places.state("log")


def now() -> str:
    """The time in ISO 8601, UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def note(text: str) -> None:
    """Add an entry with the time before it. Raises OSError."""
    file = path()
    os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
    if os.path.exists(file) and os.path.getsize(file) > LIMIT:
        os.replace(file, file + ".1")
    with open(file, "a", encoding="utf-8", errors="replace") as stream:
        stream.write(f"{now()} {text}\n")
