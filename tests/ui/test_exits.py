"""However it ends, the terminal is as it was, no child is left and no variable's value is shown."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest
from textual.message import Message

from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Inventory
from envtui.ui import crash, start
from tests.homes import Home
from tests.ui import made
from tests.ui.driving import Driver, drive

# What Textual switches on must be switched off later: alternate screen, mouse, hidden cursor.
PAIRS = (
    (b"\x1b[?1049h", b"\x1b[?1049l"),
    (b"\x1b[?1000h", b"\x1b[?1000l"),
    (b"\x1b[?25l", b"\x1b[?25h"),
)


def session(home: Home, act: str | signal.Signals) -> tuple[int, bytes, list[str]]:
    """Start the program on a terminal, act when rows stand there: exit code, output, children."""
    variables = {**home.variables, "TERM": "xterm-256color"}
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 110, 0, 0))
        os.chdir(home.path)
        os.execve(sys.executable, [sys.executable, "-m", "envtui"], variables)
    output, acted = b"", False
    until = time.monotonic() + 30
    while time.monotonic() < until:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if ready:
            try:
                output += os.read(terminal, 65536)
            except OSError:
                break
        if not acted and b"VERSION" in output:
            acted = True
            if isinstance(act, str):
                os.write(terminal, act.encode())
            else:
                os.kill(pid, act)
    else:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    children = [a for a in listed.stdout.splitlines() if "envtui.scan" in a and home.path in a]
    return os.waitstatus_to_exitcode(status), output, children


@pytest.mark.parametrize(
    ("act", "code"),
    [("q", 0), ("\x03", 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_the_terminal_is_left_clean(home: Home, act: str | signal.Signals, code: int) -> None:
    status, output, children = session(home, act)
    assert status == code
    assert not children
    for on, off in PAIRS:
        assert output.rfind(off) > output.rfind(on)


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
            driver.app.aside(fails)
        await driver.until("something did not work")
        await driver.press("j", "j", "k")
        assert len([t for t in driver.app._notifications if "did not work" in t.message]) == 1
        assert driver.app.main.row is not None

    drive(act)
    with open(in_home.at(".local/state/envtui/log")) as file:
        assert file.read().count("ValueError: nobody foresaw this") == 3


def test_a_scan_that_fails_is_a_notice_and_can_be_repeated(in_home: Home) -> None:
    class Failing(made.Ready):
        def answer(self) -> Inventory:
            raise KeyError("nobody foresaw this")

    async def act(driver: Driver) -> None:
        await driver.until("the scan did not work")
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
        assert select.select([terminal], [], [], 30)[0]
        output += os.read(terminal, 65536)
    os.close(terminal)
    until = time.monotonic() + 30
    ended = (0, 0)
    while not ended[0] and time.monotonic() < until:
        ended = os.waitpid(pid, os.WNOHANG)
        select.select([], [], [], 0.05)
    if not ended[0]:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert ended[0] == pid
