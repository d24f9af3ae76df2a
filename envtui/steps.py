"""Each kind of step: what to note before it, doing it, and taking it back.

Taking back looks at the disk and nothing else, so that a step may be not begun, half done, done or
already taken back, and the same call ends in the old state.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import NamedTuple

from envtui import command, disk, trash, trashing
from envtui.errors import Refused, StepFailed
from envtui.guards import check, digest
from envtui.host import Host, inode
from envtui.plan import Guard, Link, Run, Step, Trash, Unlink, Write, content_digest
from envtui.snapshots import (
    Facts,
    append,
    content_of,
    digest_of,
    link_at,
    missing_parents,
    put_back_file,
    remove_made,
    snapshot,
)


class Doing(NamedTuple):
    """Where a step belongs and what it is done with."""

    number: int
    step: int
    title: str
    mark: str
    """The journal file, which marks the processes that are run."""
    host: Host
    output: Callable[[str], None]
    cancel: threading.Event | None = None
    late: bool = False
    """After a crash: people may have worked on the files since."""
    moved: frozenset[str] = frozenset()
    """Inodes of what earlier steps moved to the trash: back at its place, it is not this step's."""


def before(step: Step) -> Facts:
    """What taking back will need; raises Refused where the step must not even begin."""
    if isinstance(step, Run):
        for path in step.creates:
            if os.path.lexists(path):
                raise Refused(f"{path} exists already")
        made = [parent for path in step.creates for parent in missing_parents(path)]
        noted: Facts | None = {"files": {p: snapshot(p) for p in step.changes}, "made": made}
    elif isinstance(step, Write):
        noted = {"file": snapshot(step.path), "made": missing_parents(step.path)}
    elif isinstance(step, Trash):
        noted = {"inode": inode(step.path)}
    else:
        noted = link_at(step.path)
        if noted is None and isinstance(step, Unlink):
            raise FileNotFoundError(2, os.strerror(2), step.path)
    return {**(noted or {}), "folders": _folder_times(step)}


def do(step: Step, doing: Doing, noted: Facts) -> Facts:
    """Do it; the answer is what it left. Raises Problem or OSError."""
    left = _do(step, doing, noted)
    return {**left, "folders": _folder_times(step)}


def _do(step: Step, doing: Doing, noted: Facts) -> Facts:
    if isinstance(step, Run):
        return _run(step, doing)
    if isinstance(step, Write):
        file = noted["file"]["path"]
        if digest(file) != digest_of(noted["file"]):
            raise Refused(f"{file} has changed meanwhile")
        disk.make_directory(os.path.dirname(file), 0o777)
        disk.replace(file, step.content, like=os.stat(file) if os.path.exists(file) else None)
    elif isinstance(step, Unlink):
        os.unlink(step.path)
        disk.sync_directory(os.path.dirname(step.path))
    elif isinstance(step, Link):
        disk.link(step.path, step.target)
    else:
        item = trashing.put(step.path, title=doing.title, number=doing.number, step=doing.step)
        return {"trashed": item.id}
    return {}


def take_back(step: Step, doing: Doing, noted: Facts, left: Facts | None) -> None:
    """Make it as it was before; `left` is None where the step did not end. Raises Refused, OSError.

    What others changed since stays: it is refused, never overwritten.
    """
    # A directory that nobody touched since has its time again, too: it tells the last use.
    # After a crash nobody can tell who did: then it was most likely us.
    known = None if doing.late or left is None else left.get("folders", {})
    now = _folder_times(step)
    times = {
        folder: time
        for folder, time in noted.get("folders", {}).items()
        if known is None or known.get(folder) == now.get(folder)
    }
    _take_back(step, doing, noted, left)
    for folder, time in times.items():
        with contextlib.suppress(OSError):
            os.utime(folder, ns=(os.stat(folder).st_atime_ns, time))


def _take_back(step: Step, doing: Doing, noted: Facts, left: Facts | None) -> None:
    if isinstance(step, Run):
        _take_back_run(step, doing, noted, left)
    elif isinstance(step, Write):
        _take_back_write(step, noted)
    elif isinstance(step, Link):
        _take_back_link(step, noted)
    elif isinstance(step, Unlink):
        _link_again(step, noted)
    else:
        for item in trash.of_step(doing.number, doing.step):
            if item.path == step.path:
                trashing.put_back(item)


def _run(step: Run, doing: Doing) -> Facts:
    status, output = command.run(step, doing.host.variables, doing.mark, doing.output, doing.cancel)
    last = "\n".join(output.splitlines()[-8:])
    said = f":\n{last}" if last else ""
    if status:
        ended = f"ended with status {status}" if status > 0 else f"was killed by signal {-status}"
        raise CommandFailed(f"`{step.text}` {ended}{said}", status, output)
    for path in step.creates:
        if not os.path.lexists(path):
            missing = f"`{step.text}` said it succeeded, but {path} was not made{said}"
            raise CommandFailed(missing, status, output)
    return {
        "status": status,
        "output": output,
        "created": {path: inode(path) for path in step.creates},
        "digests": {path: digest(path) for path in step.changes},
    }


class CommandFailed(StepFailed):
    """A command failed; its status and output go into the journal."""

    def __init__(self, message: str, status: int, output: str) -> None:
        super().__init__(message)
        self.status = status
        self.output = output


def _take_back_run(step: Run, doing: Doing, noted: Facts, left: Facts | None) -> None:
    for path in step.creates:
        if not os.path.lexists(path) or inode(path) in doing.moved:
            continue
        if doing.late and (reason := check(Guard("not-in-use", path), doing.host)):
            raise Refused(reason)
        if left is not None and inode(path) != left["created"][path]:
            raise Refused(f"{path} is not the one that was made then; it is left as it is")
        title = f"taken back: {doing.title}"
        trashing.put(path, title=title, number=doing.number, step=doing.step)
    for path, old in noted["files"].items():
        known = None if left is None else left["digests"][path]
        file = old["path"]
        if known is None and doing.late and digest(file) not in {"-", digest_of(old)}:
            # Left by the command when it was cut off, or edited since: nobody can tell.
            title = f"found after a crash: {doing.title}"
            trashing.put(file, title=title, number=doing.number, step=doing.step)
        put_back_file(old, known)
    remove_made(noted["made"])


def _take_back_write(step: Write, noted: Facts) -> None:
    old = noted["file"]
    disk.forget(disk.temporary_of(old["path"]))
    try:
        put_back_file(old, content_digest(step.content))
    except Refused:
        again = append(content_of(old["path"]), step.section) if step.section.strip() else None
        if again is None:
            raise
        disk.replace(old["path"], again, like=os.stat(old["path"]))
    remove_made(noted["made"])


def _take_back_link(step: Link, noted: Facts) -> None:
    disk.forget(disk.temporary_of(step.path))
    now = link_at(step.path)
    target = now and now["target"]
    if target not in {step.target, noted.get("target")}:
        raise Refused(f"{step.path} has changed since; it is left as it is")
    if "target" not in noted:
        disk.forget(step.path)
        disk.sync_directory(os.path.dirname(step.path))
        return
    if target != noted["target"]:
        disk.link(step.path, noted["target"])
    _set_link_times(step.path, noted["times"])


def _link_again(step: Unlink, noted: Facts) -> None:
    if not os.path.lexists(step.path):
        os.symlink(noted["target"], step.path)
    elif not os.path.islink(step.path) or os.readlink(step.path) != noted["target"]:
        raise Refused(f"{step.path} is taken, the link cannot be made again")
    _set_link_times(step.path, noted["times"])


def _set_link_times(path: str, times: list[int]) -> None:
    if os.utime in os.supports_follow_symlinks:
        os.utime(path, ns=(times[0], times[1]), follow_symlinks=False)
    disk.sync_directory(os.path.dirname(path))


def _folder_times(step: Step) -> dict[str, int]:
    """When the directories that a step makes or takes names in last changed, in ns."""
    paths = step.creates if isinstance(step, Run) else (step.path,)
    if isinstance(step, Write):
        paths = (os.path.realpath(step.path),)
    times = {}
    for folder in map(os.path.dirname, paths):
        with contextlib.suppress(OSError):
            times[folder] = os.stat(folder).st_mtime_ns
    return times
