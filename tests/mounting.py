"""Real filesystems, mounted for a test and gone after it; where none may be mounted it is skipped."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
from collections.abc import Iterator

import pytest

DETACH = 2  # umount2(2)


@contextlib.contextmanager
def mounted(*words: str) -> Iterator[str]:
    """What `mount` makes of these words, the last of which is where; unmounted at the end."""
    os.makedirs(words[-1], exist_ok=True)
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing may be mounted here: {done.stderr.strip()}")
    try:
        yield words[-1]
    finally:
        subprocess.run(["umount", "-l", words[-1]], check=True)


def memory(path: str, size: str) -> contextlib.AbstractContextManager[str]:
    """A filesystem in memory with so much room."""
    return mounted("-t", "tmpfs", "-o", f"size={size}", "tmpfs", path)


@contextlib.contextmanager
def silent(path: str) -> Iterator[str]:
    """A filesystem whose server never answers: FUSE, with nobody who reads its requests."""
    os.makedirs(path, exist_ok=True)
    if os.getuid() != 0 or not os.path.exists("/dev/fuse"):
        pytest.skip("only root can mount FUSE, where there is one")
    fd = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"fd={fd},rootmode=40000,user_id=0,group_id=0".encode()
    if libc.mount(b"nobody", os.fsencode(path), b"fuse", 0, options):
        os.close(fd)
        pytest.skip(f"no FUSE mount here: {os.strerror(ctypes.get_errno())}")
    try:
        yield path
    finally:
        os.close(fd)  # whoever waits is told that nobody is there any more
        libc.umount2(os.fsencode(path), DETACH)
