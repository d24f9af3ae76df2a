"""An error nobody foresaw: one line on the terminal, the whole of it in a file.

Variables are never shown: they may hold passwords out of URLs and the environment.
"""

from __future__ import annotations

from envtui import log


def record(error: BaseException, what: str = "envtui stopped") -> str:
    """Write the traceback to the log; the sentence for the terminal, which begins with `what`."""
    import traceback

    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    what = f"{what}, an error of envtui's own: {type(error).__name__}"
    try:
        log.note(text)
    except OSError as reason:
        return f"{what}; the log {log.path()} can't be written: {reason.strerror}"
    return f"{what}. Where it happened is in {log.path()}"
