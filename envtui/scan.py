"""`python -Im envtui.scan SECONDS`: the screen's child, which looks and keeps looking.

It writes frames, each a length in four bytes and marshalled (word, content): "at" with the place
of the walk and the number of directories before it, "part" with what was found so far, "alive"
where work has nothing else to say, "whole" with everything, again whenever something known has
changed. The walk stops after SECONDS of the
processor's time, or five times that by the clock; 0 means that it goes on to the end. The child
ends with the program that started it.
"""

from __future__ import annotations

import contextlib
import itertools
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
from envtui.looking import Look
from envtui.marks import IN_PROJECT
from envtui.model import Inventory
from envtui.tree import parent
from envtui.watching import Ration, await_change

_PROGRESS = 0.1
"""Seconds between two words about the walk."""
_FIRST_PART = 0.4
"""Seconds until rows are sent that are not all; doubled with each, for all is sent anew."""
_ALIVE = 1e-3
"""Seconds of the processor's time in one by the clock: who waits for a dead disk takes less."""
_BEGINNINGS = 1000
"""Directories in which nothing is yet that are watched at most."""
_writing = threading.Lock()
_working = threading.Event()
"""While it looks."""


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

    def go_on() -> None:
        if os.getppid() != parent:
            raise KeyboardInterrupt

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    try:
        roots = config.roots_for(host)
        sent, ration, last, beginnings = None, Ration(), (0.0, 0.0), _Beginnings()
        while True:
            began = time.time()
            _working.set()
            answer = looking.look(host, roots, watch=_Telling(seconds))
            plain = index.plain(answer.found)
            if plain != sent:
                _send("whole", plain)
                sent = plain
            _working.clear()
            answer.keep()
            now = (time.monotonic(), time.process_time())
            if any(last):
                time.sleep(ration.pause(now[0] - last[0], now[1] - last[1]))
            last = now
            also = _beside(host, answer.found) | beginnings.after(answer)
            await_change(answer.hangs_on(also), began, go_on)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    except (BrokenPipeError, KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _send(word: str, content: Any) -> None:
    frame = marshal.dumps((word, content))
    with _writing:
        sys.stdout.buffer.write(len(frame).to_bytes(4, "big") + frame)
        sys.stdout.buffer.flush()


def _beside(host: Host, found: Inventory) -> set[str]:
    """What the walk saw that matters: where environments and projects stand, and may come to be."""
    paths = {store for finder in FINDERS for store in finder.stores(host)}
    for environment in found.environments:
        paths |= {os.path.dirname(environment.path), environment.path, f"{environment.path}/bin"}
    for project in found.projects:
        paths |= {os.path.dirname(project.path), project.path}
        paths |= {f"{project.path}/{name}" for name in IN_PROJECT}
    return paths


class _Beginnings:
    """Directories in which something may begin: beside projects, and those that came meanwhile."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self._came: set[bytes] = set()

    def after(self, answer: Look) -> set[str]:
        """Some of them, so that a tree with more costs no more."""
        entered = set(answer.entered())
        if answer.found.complete:
            if self._known:
                self._came |= entered - self._known
            self._known = entered
        projects = {os.fsencode(project.path) for project in answer.found.projects}
        parents = {parent(path) for path in projects} - projects
        beside = (path for path in entered if parent(path) in parents)
        new = itertools.chain(self._came & entered, beside)
        return set(map(os.fsdecode, itertools.islice(new, _BEGINNINGS)))


def _end_with_the_screen(parent: int) -> None:
    """A screen that was killed tells nobody: look every second whether it is still there.

    And tell it of work that has nothing to say: a million directories are stat'ed in silence.
    """

    def watch() -> None:
        while os.getppid() == parent:
            worked = time.process_time()
            time.sleep(1)
            busy = _working.is_set() and not _writing.locked()
            if busy and time.process_time() - worked > _ALIVE:
                with contextlib.suppress(OSError):  # then it is gone
                    _send("alive", None)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
