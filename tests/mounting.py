"""Real filesystems, mounted for a test and gone after it; where none may be mounted it is skipped."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import struct
import subprocess
import threading
from collections.abc import Iterator

import pytest

FORCE, DETACH = 1, 2  # umount2(2)


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
    with _fuse(path):
        yield path


@contextlib.contextmanager
def served(path: str, source: str) -> Iterator[Served]:
    """A filesystem whose server answers with what is in another directory, until it dies."""
    with _fuse(path) as fd:
        server = Served(fd, source)
        try:
            yield server
        finally:
            server.die()


@contextlib.contextmanager
def _fuse(path: str) -> Iterator[int]:
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
        yield fd
    finally:
        # Whoever waits is told that nobody is there any more.
        libc.umount2(os.fsencode(path), FORCE | DETACH)
        os.close(fd)


class Served:
    """A FUSE mount that shows a directory, read-only, until its server falls silent."""

    def __init__(self, fd: int, source: str) -> None:
        self._fd = fd
        self._paths = {1: source}
        self._alive = True
        threading.Thread(target=self._serve, daemon=True).start()

    def die(self) -> None:
        """From now on nobody is answered."""
        self._alive = False

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed: it is over
            while request := os.read(self._fd, 1 << 18):
                _, code, number, node = struct.unpack_from("IIQQ", request)
                if not self._alive:
                    continue  # taken and not answered: who asked can't even be killed
                try:
                    error, body = 0, self._reply(code, node, request[40:])
                except OSError as refused:
                    error, body = -(refused.errno or errno.EIO), b""
                if body is not None:
                    head = struct.pack("IiQ", 16 + len(body), error, number)
                    os.write(self._fd, head + body)

    def _reply(self, code: int, node: int, data: bytes) -> bytes | None:
        """<linux/fuse.h>, as far as reading needs it."""
        path = self._paths.get(node, "")
        match code:
            case 26:  # INIT
                return struct.pack("IIIIHHIIHHI7I", 7, 31, 0, 0, 0, 0, 4096, 1, 0, 0, 0, *[0] * 7)
            case 2 | 36 | 42:  # FORGET, INTERRUPT, BATCH_FORGET
                return None
            case 1:  # LOOKUP
                child = os.path.join(path, os.fsdecode(data.split(b"\0")[0]))
                attributes = self._attributes(child)
                self._paths[number := os.lstat(child).st_ino + 1] = child
                return struct.pack("QQQQII", number, 0, 0, 0, 0, 0) + attributes
            case 3:  # GETATTR
                return struct.pack("QII", 0, 0, 0) + self._attributes(path)
            case 5:  # READLINK
                return os.fsencode(os.readlink(path))
            case 14 | 27:  # OPEN, OPENDIR
                return struct.pack("QII", 0, 0, 0)
            case 15:  # READ
                _, offset, size = struct.unpack_from("QQI", data)
                with open(path, "rb") as file:
                    file.seek(offset)
                    return file.read(size)
            case 28:  # READDIR
                _, offset, size = struct.unpack_from("QQI", data)
                out = b""
                for at, name in enumerate(sorted(os.listdir(path))[offset:], offset + 1):
                    raw = os.fsencode(name)
                    entry = struct.pack("QQII", at, at, len(raw), 0) + raw
                    entry += bytes(-len(entry) % 8)
                    if len(out) + len(entry) > size:
                        break
                    out += entry
                return out
            case 18 | 25 | 29:  # RELEASE, FLUSH, RELEASEDIR
                return b""
        raise OSError(errno.ENOSYS, "")

    def _attributes(self, path: str) -> bytes:
        at = os.lstat(path)
        times = (int(at.st_atime), int(at.st_mtime), int(at.st_ctime))
        ways = (at.st_mode, at.st_nlink, at.st_uid, at.st_gid, 0, 4096, 0)
        return struct.pack("6Q3I7I", at.st_ino, at.st_size, at.st_blocks, *times, 0, 0, 0, *ways)
