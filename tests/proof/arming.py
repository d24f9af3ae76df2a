"""One call of a forked change counted, failed, torn, or made its last, by faults.c."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import traceback
from collections.abc import Callable
from typing import NamedTuple

DATA, SYNC, MAKE, MOVE, DROP, META = 1, 2, 4, 8, 16, 32
ALL = 63
COUNT, KILL, FAIL, FAIL_ON, TEAR = range(5)
# Which calls a kernel may answer so.
FAULTS = {
    errno.ENOSPC: DATA | SYNC | MAKE | MOVE,
    errno.EROFS: MAKE | MOVE | DROP | META,
    errno.EXDEV: MOVE,
    errno.EACCES: MAKE | MOVE | DROP | META,
    errno.EIO: ALL,
}


class Told(NamedTuple):
    """How a forked change ended."""

    code: int
    """0 done, 1 told by a Problem, 2 an exception nobody expects, negative for a signal."""
    message: str
    seen: int


def armed(
    action: Callable[[], object], how: int, nth: int = 0, fault: int = 0, kinds: int = ALL
) -> Told:
    """`action` in a fork that is armed."""
    from envtui.errors import Problem

    library = ctypes.CDLL(None)
    library.fault_trace.restype = ctypes.c_char_p
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code, message, text = 2, "", b""
        try:
            os.close(reader)
            library.fault_arm(how, nth, fault, kinds)
            try:
                action()
                code = 0
            except Problem as problem:
                code, message = 1, str(problem)
            except BaseException:  # noqa: BLE001 - what nobody expects is what is looked for
                message = traceback.format_exc()
            seen = library.fault_seen()
            if how == COUNT:
                message = os.fsdecode(library.fault_trace())
            library.fault_arm(-1, 0, 0, 0)
            text = json.dumps([code, message, seen]).encode()
            while text:
                text = text[os.write(writer, text) :]
        finally:
            os._exit(code)
    os.close(writer)
    with open(reader, "rb") as file:
        said = file.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status < 0 or not said:
        return Told(status or 2, "", nth)
    return Told(*json.loads(said))
