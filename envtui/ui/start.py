"""The way into the screen: what is remembered is shown before anything is looked for."""

from __future__ import annotations

import os
import signal

from envtui.errors import BadInput
from envtui.host import Host
from envtui.ui.outcome import Outcome


def run(host: Host, filter: str = "") -> Outcome:  # noqa: A002 - the command line's word
    """Show the screen until it is left. Raises BadInput without a terminal, or for a broken config.

    Raises SystemExit with 128+n after a signal, 1 after a crash, which is told in one line.
    """
    # Textual reads standard input and draws on standard error; without a terminal its input
    # thread spins and nothing can end it.
    if not (os.isatty(0) and os.isatty(2)):
        raise BadInput("the screen needs a terminal: use `envtui list` here, or `envtui --help`")
    # Until the app listens to signals: Python loses a KeyboardInterrupt that falls into one of its
    # own callbacks while it imports, and nothing is to be put back yet.
    before = signal.signal(signal.SIGINT, lambda *_: os._exit(128 + signal.SIGINT))
    scan = None
    try:
        from envtui import config, index
        from envtui.actions import KEYS
        from envtui.ui.scanning import BUDGET, Child

        settings = config.load(host)
        keys = KEYS
        if settings.keys:
            from envtui import keymap

            keys = keymap.of(settings)
        remembered = index.remembered(host)
        # Where there are rows to show, looking waits for the first frame: where processors are busy
        # it would hold it up by a fifth.
        scan = None if remembered else Child(host, BUDGET)
        budgets = iter([BUDGET] if remembered else [])
        from envtui.ui.app import EnvtuiApp

        app = EnvtuiApp(
            host, scan, lambda: Child(host, next(budgets, 0)), filter, keys, remembered, settings
        )
        outcome = app.run()
    finally:
        signal.signal(signal.SIGINT, before)
        if scan:
            scan.stop()
    if app.return_code:
        raise SystemExit(app.return_code)
    return outcome or Outcome()
