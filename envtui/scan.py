"""`python -Im envtui.scan SECONDS`: the screen's child, which looks and keeps looking.

It writes frames, each a length in four bytes and marshalled (word, content): "at" with the place
of the walk and the number of directories before it, "part" with what was found so far, "whole"
with everything, again whenever something known has changed. The walk stops after SECONDS of the
processor's time, or five times that by the clock; 0 means that it goes on to the end. The child
ends with the program that started it.
"""

from __future__ import annotations

import marshal
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from envtui import config, index, looking
from envtui.adapters.registry import FINDERS
from envtui.errors import Problem
from envtui.host import Host
from envtui.model import Inventory
from envtui.stamps import Stamps, packed, stamp

_PROGRESS = 0.1
"""Seconds between two words about the walk."""
_FIRST_PART = 0.4
"""Seconds until rows are sent that are not all; doubled with each, for all is sent anew."""
_EASE = 250
"""The processor's time that watching may take: one part in this many."""
_LEAST = 1.0
_MOST = 60.0


class _Telling:
    """Watches a scan for the screen."""

    def __init__(self, seconds: float) -> None:
        now = time.monotonic()
        self._end = now + 5 * seconds if seconds else float("inf")
        self._work = time.process_time() + seconds if seconds else float("inf")
        self._word = now
        self._part = now + _FIRST_PART
        self._pause = _FIRST_PART

    def at(self, path: str, directories: int) -> bool:
        """Say where the walk is; True when its time is over."""
        now = time.monotonic()
        if now >= self._word:
            self._word = now + _PROGRESS
            _send("at", (path, directories))
        return now > self._end or time.process_time() > self._work

    def sofar(self, made: Callable[[], Inventory]) -> None:
        """Send what there is now and then."""
        if time.monotonic() >= self._part:
            _send("part", index.plain(made()))
            self._pause *= 2
            self._part = time.monotonic() + self._pause


def main() -> int:
    """Look until nobody reads any more; a message and DESIGN's exit code where that is no use."""
    host, parent = Host(), os.getppid()
    _end_with_the_screen(parent)
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    try:
        roots = config.roots_for(host)
        sent = None
        while True:
            began = time.time()
            found, keep = looking.look(host, roots, watch=_Telling(seconds))
            plain = index.plain(found)
            if plain != sent:
                _send("whole", plain)
                sent = plain
            keep()
            _await_change(_watched(host, found), parent, began)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    except (BrokenPipeError, KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _send(word: str, content: Any) -> None:
    frame = marshal.dumps((word, content))
    sys.stdout.buffer.write(len(frame).to_bytes(4, "big") + frame)
    sys.stdout.buffer.flush()


def _watched(host: Host, found: Inventory) -> set[str]:
    """Where something would be seen to come, go or change: stores, prefixes and projects."""
    paths = {store for finder in FINDERS for store in finder.stores(host)}
    for environment in found.environments:
        folder = os.path.dirname(environment.path)
        inside = ("bin", "lib", "pyvenv.cfg", "bin/activate", ".project")
        paths |= {folder, environment.path, *(f"{environment.path}/{name}" for name in inside)}
    for project in found.projects:
        declared = ("pyproject.toml", "Pipfile", project.lock)
        paths |= {os.path.dirname(project.path), project.path, *(pin.file for pin in project.pins)}
        paths |= {f"{project.path}/{name}" for name in declared if name}
    paths |= {os.path.join(interpreter.prefix, "bin") for interpreter in found.interpreters}
    return paths


def _await_change(paths: set[str], parent: int, began: float) -> None:
    """Return when one of them is not as it was when the look began; ends with its parent."""
    there, absent = _as_they_are(paths)
    young = max((ctime for _, _, ctime in there.by_path().values()), default=0) > began * 1e9
    while True:
        at = time.process_time()
        if there.changed() or any(os.access(path, os.F_OK) for path in absent):
            return
        time.sleep(min(max(_LEAST, (time.process_time() - at) * _EASE), _MOST))
        if os.getppid() != parent:
            raise KeyboardInterrupt
        if young:  # it may have changed after it was read
            return


def _as_they_are(paths: set[str]) -> tuple[Stamps, list[str]]:
    """What is there, with its stamps, and what is not."""
    found, absent = {}, []
    for path in paths:
        try:
            found[os.fsencode(path)] = stamp(os.stat(path))
        except (OSError, ValueError):
            absent.append(path)
    # What has come into a directory that is watched has changed that.
    return packed(found), [p for p in absent if os.fsencode(os.path.dirname(p)) not in found]


def _end_with_the_screen(parent: int) -> None:
    """A screen that was killed tells nobody: look every second whether it is still there."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
