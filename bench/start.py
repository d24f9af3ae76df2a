"""How fast envtui answers, as ratios within one run: `python bench/start.py [ROUNDS]`.

The list is measured against a bare `python -c pass`, the screen's first paint against the smallest
Textual app. Rounds are interleaved, so that a busy moment meets all of them alike.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import home as bench_home

from envtui.moment import RACY

SMALLEST = """
from textual.app import App, ComposeResult
from textual.widgets import Static
class Smallest(App):
    def compose(self) -> ComposeResult:
        yield Static("smallest")
Smallest().run()
"""
# Control sequences, and the strings that terminals are asked things with.
_ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P_^X].*?(?:\x07|\x1b\\)|\x1b.", re.DOTALL)
_ALTERNATE_SCREEN = b"\x1b[?1049h"
_GIVE_UP = 60.0


def main() -> None:
    """Measure everything and print one table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        home = os.path.join(os.path.realpath(folder), "user")
        bench_home.build(home)
        time.sleep(RACY + 0.5)  # before that what was found in it is not remembered
        variables = environment(home)
        envtui = program()
        python = sys.executable
        found = run([*envtui, "list", "--json"], home, variables, output=True)
        print(
            f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, {rounds} rounds; ",
            end="",
        )
        print(f"{found.count('health')} environments listed\n")
        compare(
            rounds,
            {
                "python -c pass": lambda: timed([python, "-c", "pass"], home, variables),
                "envtui list": lambda: timed([*envtui, "list"], home, variables),
                "envtui list --json": lambda: timed([*envtui, "list", "--json"], home, variables),
            },
        )
        print()
        project = os.path.join(home, "code", "project1")
        compare(
            max(rounds // 2, 3),
            {
                "smallest Textual app": lambda: paint([python, "-c", SMALLEST], project, variables),
                "envtui, first paint": lambda: paint(envtui, project, variables),
            },
        )


def compare(rounds: int, jobs: dict[str, Callable[[], float]]) -> None:
    """Run every job in turn, `rounds` times, and print a row for each; the first is the measure."""
    for job in jobs.values():
        job()  # warms the file cache
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            times[name].append(job())
    print("| what | min ms | median ms | ratio of min | ratio of median |")
    print("| --- | --- | --- | --- | --- |")
    first = next(iter(times.values()))
    for name, seconds in times.items():
        least, middle = min(seconds), statistics.median(seconds)
        ratios = f"{least / min(first):.2f} | {middle / statistics.median(first):.2f}"
        print(f"| {name} | {least * 1000:.1f} | {middle * 1000:.1f} | {ratios} |")


def timed(argv: list[str], cwd: str, variables: dict[str, str]) -> float:
    """Seconds from start to end of a command."""
    began = time.perf_counter()
    run(argv, cwd, variables)
    return time.perf_counter() - began


def run(argv: list[str], cwd: str, variables: dict[str, str], *, output: bool = False) -> str:
    """A command that must succeed; its output if asked for."""
    target = subprocess.PIPE if output else subprocess.DEVNULL
    done = subprocess.run(argv, cwd=cwd, env=variables, stdout=target, check=True)
    return done.stdout.decode() if output else ""


def paint(argv: list[str], cwd: str, variables: dict[str, str]) -> float:
    """Seconds until the first text stands on the alternate screen of a terminal."""
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if not pid:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.chdir(cwd)
        os.execve(argv[0], argv, variables)
    try:
        return until_text(terminal, began)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def until_text(terminal: int, began: float) -> float:
    """Read what a terminal would until there is a word to see."""
    seen = b""
    while time.perf_counter() - began < _GIVE_UP:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            seen += os.read(terminal, 1 << 16)
        except OSError:
            break
        now = time.perf_counter() - began
        _, shown, screen = seen.partition(_ALTERNATE_SCREEN)
        if shown and re.search(rb"\w{3}", _ESCAPES.sub(b" ", screen)):
            return now
    raise SystemExit(f"no first paint; the terminal got: {seen[-2000:]!r}")


def environment(home: str) -> dict[str, str]:
    """Variables of a user who has this home and nothing else."""
    return {
        "HOME": home,
        "PATH": "/usr/bin:/bin",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYENV_ROOT": os.path.join(home, ".pyenv"),
        "SHELL": "/bin/sh",
    }


def program() -> list[str]:
    """The installed command beside this Python, else the module."""
    script = os.path.join(os.path.dirname(sys.executable), "envtui")
    return [script] if shutil.which(script) else [sys.executable, "-m", "envtui"]


if __name__ == "__main__":
    main()
