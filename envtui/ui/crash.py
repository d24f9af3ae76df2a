"""An error nobody foresaw: one line on the terminal, the whole of it in a file.

Variables are never shown: they may hold passwords out of URLs and the environment.
"""

from __future__ import annotations

import os
import time
import traceback

from envtui import places


def record(error: BaseException) -> str:
    """Write the traceback to the log; the sentence for the terminal."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    what = f"envtui stopped on an error of its own: {type(error).__name__}"
    path = places.state("log")
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}\n")
    except OSError as reason:
        return f"{what}; the log {path} can't be written: {reason.strerror}"
    return f"{what}. Where it happened is in {path}"
