"""Running one command of a plan: a group of its own, a pty to write to, nothing to read from."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from envtui import log
from envtui.errors import Cancelled, StepFailed, ToolMissing
from envtui.plan import Run

if TYPE_CHECKING:
    import subprocess

    import psutil

# spec/backends.md 0.2: each of these makes some manager answer for another environment.
_REMOVED = {
    *("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL"),
    *("PIPENV_ACTIVE", "POETRY_ACTIVE", "PYENV_VERSION", "PYENV_VIRTUAL_ENV"),
    *("__PYVENV_LAUNCHER__", "PYTHONHOME", "PYTHONPATH"),
}
# Managers ask a Python what it is and call it missing if no answer comes within 5 or 15 seconds
# (findpython, pythonfinder, python-discovery): on a busy machine they would take another one.
_PATIENT = {
    "FINDPYTHON_GET_VERSION_TIMEOUT": "90",
    "PYTHONFINDER_SUBPROCESS_TIMEOUT": "90",
    "PY_DISCOVERY_TIMEOUT": "90",
}
MARK = "ENVTUI_CHANGE"
"""In the variables of what we run: the journal file of the change, so that recovery finds it."""
_KEPT = 64 * 1024
_PATIENCE = ((signal.SIGINT, 2.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0))
# Colours, cursor movements, titles: NO_COLOR does not stop everybody.
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\^_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def run(
    step: Run,
    variables: Mapping[str, str],
    mark: str,
    output: Callable[[str], None],
    cancel: threading.Event | None = None,
) -> tuple[int, str]:
    """Exit status and the last 64 KiB of output; raises ToolMissing, StepFailed, Cancelled.

    Whatever ends it early, an exception of `output` included, the whole group is gone after it.
    """
    process, reader = _start(step, clean(variables, step, mark))
    lines = _Lines(output)
    began = time.monotonic()
    try:
        while process.poll() is None:
            refuse_if(cancel, f"`{step.text}`")
            lines.feed(_read(reader, 0.1))
        while data := _read(reader, 0.0):
            lines.feed(data)
        lines.end()
        if process.returncode != 0:
            _signal(process, signal.SIGKILL)  # what it left running in the background
        _log(step, f"status {process.returncode}", began)
        return process.returncode, lines.kept
    except BaseException:
        with uninterrupted():
            _stop(process, reader)
            _log(step, "cut off", began)
        raise
    finally:
        os.close(reader)


def _log(step: Run, ended: str, began: float) -> None:
    with contextlib.suppress(OSError):  # a full disk is no reason to fail
        log.note(f"{ended} after {time.monotonic() - began:.1f}s, in {step.cwd}: {step.text}")


def refuse_if(cancel: threading.Event | None, what: str) -> None:
    """Raises Cancelled when the user has asked for it."""
    if cancel is not None and cancel.is_set():
        raise Cancelled(f"{what} was cancelled")


def clean(variables: Mapping[str, str], step: Run, mark: str) -> dict[str, str]:
    """The variables a manager is run with."""
    kept = {
        name: value
        for name, value in variables.items()
        if name not in _REMOVED and not name.startswith(("ENVTUI_", "__ENVTUI_"))
    }
    # A dumb terminal keeps progress bars from moving the cursor; without a controlling terminal
    # nothing can ask, and git is told so.
    if "PATH" in kept:
        # Managers ask the `python` on PATH about itself; a shim fails where the pinned one is
        # not installed, and `poetry env use /abs/python` with it.
        folders = kept["PATH"].split(os.pathsep)
        folders = [f for f in folders if os.path.basename(f) != "shims"]
        kept["PATH"] = os.pathsep.join([step.first, *folders] if step.first else folders)
    fixed = {"NO_COLOR": "1", "TERM": "dumb", "GIT_TERMINAL_PROMPT": "0", MARK: mark}
    return {**_PATIENT, **kept, **fixed, **dict(step.variables)}


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no ctrl+c in: what follows puts things right and must come to its end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end_left_over(mark: str) -> None:
    """Kill what still runs for a change whose envtui is gone, and wait for its end."""
    import psutil

    ended = []
    for process in psutil.process_iter():
        try:
            if process.uids().real == os.getuid() and process.environ().get(MARK) == mark:
                process.kill()
                ended.append(process)
        except psutil.Error:
            continue
    until = time.monotonic() + 5.0
    while any(map(_is_alive, ended)) and time.monotonic() < until:
        time.sleep(0.01)


def _is_alive(process: psutil.Process) -> bool:
    """A zombie is not: it waits for its parent, and changes nothing any more."""
    import psutil

    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _start(step: Run, variables: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    import pty
    import subprocess
    import termios

    if not os.path.isdir(step.cwd):
        raise StepFailed(f"`{step.text}` needs the directory {step.cwd}, which is not there")
    try:
        reader, writer = pty.openpty()
    except OSError as error:
        raise StepFailed(f"`{step.text}` could not be started: {error}") from None
    try:
        attributes = termios.tcgetattr(writer)
        attributes[1] &= ~termios.OPOST  # lines as the program ends them
        termios.tcsetattr(writer, termios.TCSANOW, attributes)
        process = subprocess.Popen(
            step.argv,
            cwd=step.cwd,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=writer,
            start_new_session=True,
        )
    except (FileNotFoundError, NotADirectoryError):
        os.close(reader)
        raise ToolMissing(f"{step.argv[0]} is not installed") from None
    except (OSError, ValueError) as error:
        os.close(reader)
        raise StepFailed(f"`{step.text}` could not be started: {error}") from None
    finally:
        os.close(writer)
    return process, reader


def _read(reader: int, wait: float) -> bytes:
    ready, _, _ = select.select([reader], [], [], wait)
    if not ready:
        return b""
    try:
        data = os.read(reader, 1 << 16)
    except OSError:
        data = b""  # EIO: nobody holds the other end any more
    if not data:
        time.sleep(wait / 10)  # closed its output but still runs
    return data


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _stop(process: subprocess.Popen[bytes], reader: int) -> None:
    for number, patience in _PATIENCE:
        _signal(process, number)
        until = time.monotonic() + patience
        while process.poll() is None and time.monotonic() < until:
            _read(reader, 0.05)  # or it could hang on a full pipe
        if process.poll() is not None:
            break
    _signal(process, signal.SIGKILL)


class _Lines:
    """Bytes in, clean lines out; a carriage return ends a line too."""

    def __init__(self, output: Callable[[str], None]) -> None:
        self._output = output
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._kept: list[str] = []
        self._size = 0

    @property
    def kept(self) -> str:
        """The last of the output."""
        return "\n".join(self._kept)[-_KEPT:]

    def feed(self, data: bytes) -> None:
        """Send on every line that is complete."""
        text = self._rest + self._decoder.decode(data)
        lines = re.split(r"\r*\n|\r+(?!\n|$)", text)
        self._rest = lines.pop()
        for line in lines:
            self._send(line)
        if len(self._rest) > _KEPT:
            self.end()

    def end(self) -> None:
        """Send what came without an end of line."""
        rest, self._rest = self._rest + self._decoder.decode(b"", final=True), ""
        if rest.strip("\r"):
            self._send(rest)

    def _send(self, line: str) -> None:
        line = _CONTROLS.sub("", _ESCAPES.sub("", line))
        self._kept.append(line)
        self._size += len(line) + 1
        while self._size > 2 * _KEPT and len(self._kept) > 1:
            self._size -= len(self._kept.pop(0)) + 1
        self._output(line)
