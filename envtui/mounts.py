"""Where other filesystems begin, from the kernel's table, so that none of them is touched.

proc(5), mountinfo; on macOS getfsstat(2). A stat on a network mount whose server is gone hangs and
can't be interrupted.
"""

from __future__ import annotations

import os
import re
from typing import Protocol

from envtui.far import Far

_ESCAPE = re.compile(rb"\\([0-7]{3})")
# systemd has an automount in /proc on every machine; who minds far disks looks a tenth slower.
_KERNEL = ("/proc/", "/sys/", "/dev/")
# Views of the desktop and the kernel's own; nobody keeps an environment there.
SILENT = frozenset(("proc", "sysfs", "devtmpfs", "devpts", "cgroup2", "fuse.portal",
                    "fuse.gvfsd-fuse", "fusectl", "squashfs"))  # fmt: skip
_FAR = re.compile(
    r"nfs|cifs|smb|9p|afs|ceph|lustre|gluster|autofs|fuse|beegfs|gpfs|ocfs|drvfs"
    r"|afp|webdav|macfuse|osxfuse"  # macOS
)


class Table(Protocol):
    """A host, which has the kernel's table."""

    platform: str

    def mount_table(self) -> bytes:
        """As the kernel writes it. Raises OSError."""
        ...


class Mounts:
    """The table, as paths to types of filesystems; empty where the system has none."""

    def __init__(self, points: dict[str, str]) -> None:
        self.points = points
        far = {point: points[point] for point in self.all_far()}
        self.far = Far(far) if far else None
        """Those over a network, or of a program; None where there are none."""

    def below(self, roots: tuple[str, ...]) -> dict[str, str]:
        """The mount points strictly below the roots, but for those that are roots themselves."""
        return {
            point: kind
            for point, kind in self.points.items()
            if point not in roots
            and any(point.startswith(root.rstrip("/") + "/") for root in roots)
        }

    def point(self, path: str) -> str:
        """Where the filesystem of a real path is mounted; "/" where it is not known."""
        while path not in self.points and path != "/":
            path = os.path.dirname(path)
        return path

    def kind(self, path: str) -> str:
        """The type of the filesystem at a real path; "" where it is not known."""
        return self.points.get(self.point(path), "")

    def is_far(self, path: str) -> bool:
        """Whether its times may be another clock's, or told late, as over a network."""
        return _FAR.match(self.kind(path)) is not None

    def all_far(self) -> tuple[str, ...]:
        """Where those are mounted."""
        return tuple(
            point
            for point, kind in self.points.items()
            if _FAR.match(kind) and kind not in SILENT and not point.startswith(_KERNEL)
        )


def read(host: Table) -> Mounts:
    """The mounts of this process."""
    if host.platform == "darwin":
        import psutil  # getfsstat(2) with MNT_NOWAIT: no filesystem is asked

        return Mounts({one.mountpoint: one.fstype for one in psutil.disk_partitions(all=True)})
    try:
        table = host.mount_table()
    except OSError:
        return Mounts({})
    points = {}
    for line in table.splitlines():
        before, _, after = line.partition(b" - ")
        fields = before.split(b" ")
        if len(fields) > 4 and after:
            point = _ESCAPE.sub(lambda found: bytes([int(found[1], 8)]), fields[4])
            points[os.fsdecode(point)] = os.fsdecode(after.split(b" ")[0])
    return Mounts(points)
