"""However it ends, the terminal is as it was, no child is left and no variable's value is shown."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psutil
import pytest
from textual.message import Message

from envtui import crash
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Inventory
from envtui.ui import start
from envtui.ui.app import FATAL
from envtui.ui.jobs import Job
from envtui.ui.messages import JobChanged
from tests.homes import Home
from tests.ui import made
from tests.ui.driving import Driver, drive

# What Textual switches on must be switched off later: alternate screen, mouse, hidden cursor.
PAIRS = (
    (b"\x1b[?1049h", b"\x1b[?1049l"),
    (b"\x1b[?1000h", b"\x1b[?1000l"),
    (b"\x1b[?25l", b"\x1b[?25h"),
)


PATIENCE = 150.0
"""Seconds; eight sessions load all their modules at once, on processors that have more to do."""


class Session:
    """The program on a terminal of its own."""

    def __init__(self, home: Home, term: str = "xterm-256color") -> None:
        self.mark = uuid4().hex
        self.output = b""
        self.terminal, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 110, 0, 0))
        self.modes = termios.tcgetattr(other)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "envtui"],
            stdin=other, stdout=other, stderr=other, start_new_session=True, cwd=home.path,
            env={**home.variables, "TERM": term, "TEST_SESSION": self.mark},
        )  # fmt: skip
        self.other = other

    def read(self, seconds: float) -> bool:
        """More of the output; false where none came in that time."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        self.output += os.read(self.terminal, 65536)
        return True

    def until(self, what: bytes) -> None:
        until = time.monotonic() + PATIENCE
        while what not in self.output and time.monotonic() < until:
            self.read(0.1)
        assert what in self.output

    def end(self) -> int:
        """Wait until it is gone; its exit code."""
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.02)
        if self.process.poll() is None:
            self.process.kill()
        while self.read(0):
            pass
        return self.process.wait()

    def check(self, *, restored: bool = True) -> None:
        """The terminal is as it was; no process that we started is left."""
        if restored:
            for on, off in PAIRS:
                assert self.output.rfind(off) >= self.output.rfind(on), (on, off)
            assert termios.tcgetattr(self.other) == self.modes
        until = time.monotonic() + PATIENCE
        while (left := children(self.mark)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not left

    def close(self) -> None:
        os.close(self.terminal)
        os.close(self.other)


def children(mark: str) -> list[str]:
    """What still runs of a session."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TEST_SESSION") == mark and process.status() != "zombie":
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("\x03", 0)])
def test_keys_that_quit_leave_the_terminal_clean(home: Home, key: str, code: int) -> None:
    session = Session(home)
    session.until(b"VERSION")
    os.write(session.terminal, key.encode())
    assert session.end() == code
    session.check()
    session.close()


def test_keys_typed_while_it_starts_are_taken_once_it_can(home: Home) -> None:
    session = Session(home)
    os.write(session.terminal, b"2jjkq")
    assert session.end() == 0
    session.check()
    session.close()


KILLS = int(os.environ.get("ENVTUI_KILLS", "32"))
"""Four of each signal; `ENVTUI_KILLS=200 pytest tests/ui/test_exits.py` is the long form."""
LANES = 8
"""Sessions at a time: two thirds of one is waiting."""
KEYS = ("", "w", "?", ":", "/x", "d", "c", "p", "1jjd", "+", "R", "vjjY")


def killed(home: Home, seed: int) -> None:
    """Kill one session at a moment that the seed chooses: it ends by that signal, and leaves all clean."""
    chance = random.Random(seed)
    number = (*FATAL, signal.SIGKILL)[seed % (len(FATAL) + 1)]
    moment = chance.choice(("start", "paint", "rows", "keys"))
    session = Session(home)
    if moment == "start":  # while Python and Textual are being imported, or the terminal set up
        session.read(chance.uniform(0, 0.8))
    else:
        session.until(b"\x1b[?1049h" if moment == "paint" else b"VERSION")
    if moment == "keys":
        os.write(session.terminal, chance.choice(KEYS).encode())
    size = len(session.output) + chance.randrange(4000)
    while len(session.output) < size and session.read(0.2):
        pass
    session.process.send_signal(number)
    code = session.end()
    try:
        # By the signal itself where it came before there was anything to restore.
        assert code in (128 + number, -number)
        session.check(restored=number != signal.SIGKILL)
    except AssertionError as error:
        what = f"seed {seed}: signal {number} at {moment!r}, exit code {code}"
        raise AssertionError(f"{what}; {error}; {session.output[-900:]!r}") from None
    session.close()


def test_killed_at_any_moment_it_leaves_terminal_and_machine_clean(home: Home) -> None:
    first = int(os.environ.get("ENVTUI_SEED", "0"))
    seeds = range(first, first + KILLS)
    home.venv("code/api/.venv", "3.12")
    lanes = ThreadPoolExecutor(LANES)
    try:
        for _ in lanes.map(lambda seed: killed(home, seed), seeds):
            pass
    finally:
        lanes.shutdown(cancel_futures=True)


def test_a_broken_config_is_told_before_the_screen_opens(home: Home) -> None:
    path = home.write(".config/envtui/config.toml", '[keys]\nremove = "p"\n')
    session = Session(home)
    assert session.end() == 2
    said = session.output.decode()
    assert f"{path}: the key p would do two things: pin (by default) and remove" in said
    assert "\x1b[?1049h" not in said
    session.check()
    session.close()
    with open(path) as file:
        assert file.read() == '[keys]\nremove = "p"\n'


def test_in_a_pipe_it_is_the_list(home: Home) -> None:
    home.venv("code/api/.venv", "3.12")
    command = [sys.executable, "-m", "envtui", "--filter", "api"]
    done = subprocess.run(command, env=home.variables, cwd=home.path, capture_output=True,
                          check=False, stdin=subprocess.DEVNULL, text=True)  # fmt: skip
    assert done.returncode == 0
    assert "code/api" in done.stdout
    assert "\x1b" not in done.stdout


def test_on_a_terminal_that_moves_no_cursor_it_is_the_list(home: Home) -> None:
    home.venv("code/api/.venv", "3.12")
    session = Session(home, term="dumb")
    assert session.end() == 0
    assert b"code/api" in session.output
    assert b"\x1b" not in session.output
    session.close()


def test_a_crash_shows_no_variables(in_home: Home) -> None:
    secret = "hunter2"  # the value of a local variable, as a password in a URL would be
    try:
        int(f"x{len(secret)}")
    except ValueError as error:
        said = crash.record(error)
    assert "ValueError" in said
    path = said.rsplit(" ", 1)[-1]
    with open(path) as file:
        logged = file.read()
    assert "test_exits.py" in logged
    assert "secret = 'hunter2'" not in logged


def test_a_worker_that_fails_is_one_notice_and_a_log_entry(in_home: Home) -> None:
    def fails() -> Message:
        raise ValueError("nobody foresaw this")

    async def act(driver: Driver) -> None:
        for _ in range(3):
            driver.app.aside(fails, driver.app.post_message)
        await driver.told("something did not work")
        await driver.press("j", "j", "k")
        assert len([text for text in driver.app.heard if "did not work" in text]) == 1
        assert driver.app.main.row is not None

    drive(act)
    with open(in_home.at(".local/state/envtui/log")) as file:
        assert file.read().count("ValueError: nobody foresaw this") == 3


def test_a_scan_that_fails_is_a_notice_and_can_be_repeated(in_home: Home) -> None:
    class Failing(made.Ready):
        def answer(self) -> Inventory:
            raise KeyError("nobody foresaw this")

    async def act(driver: Driver) -> None:
        await driver.told("the scan did not work")
        await driver.press("R")
        await driver.until("shop-py3.12")

    drive(act, scan=Failing(made.inventory()))


def test_without_a_terminal_it_does_not_start(in_home: Home) -> None:
    reader, writer = os.pipe()
    saved = os.dup(0)
    os.dup2(reader, 0)
    try:
        with pytest.raises(BadInput, match="needs a terminal"):
            start.run(Host())
    finally:
        os.dup2(saved, 0)
        for fd in (reader, writer, saved):
            os.close(fd)


def test_a_terminal_that_vanishes_ends_it(home: Home) -> None:
    """No signal tells: the window's emulator was killed, or SIGHUP is ignored as under nohup."""
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 110, 0, 0))
        variables = {**home.variables, "TERM": "xterm-256color"}
        os.execve(sys.executable, [sys.executable, "-m", "envtui"], variables)
    output = b""
    while b"VERSION" not in output:
        assert select.select([terminal], [], [], PATIENCE)[0]
        output += os.read(terminal, 65536)
    os.close(terminal)
    until = time.monotonic() + PATIENCE
    ended = (0, 0)
    while not ended[0] and time.monotonic() < until:
        ended = os.waitpid(pid, os.WNOHANG)
        select.select([], [], [], 0.05)
    if not ended[0]:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert ended[0] == pid


def test_a_job_that_ends_while_the_screen_is_taken_down_is_no_crash() -> None:
    go = threading.Event()

    def run(_output: Callable[[str], None], _cancel: threading.Event) -> None:
        go.wait()

    async def act(driver: Driver) -> None:
        job = Job("Create x", "created x", run)
        driver.app.start(job)
        await driver.until("Create x")
        stack = driver.app._screen_stack
        kept = stack.copy()
        stack.clear()
        job.status = "done"
        driver.app._job(JobChanged(job))
        stack.extend(kept)
        go.set()
        await driver.until("created x")

    drive(act)
