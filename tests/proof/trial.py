"""One kind of change in a home of its own, and what is looked at after each point."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import stat
from collections.abc import Callable
from typing import Any

from tests.proof.arming import ALL, COUNT, DATA, FAIL, FAIL_ON, FAULTS, KILL, TEAR, Told, armed

Tree = dict[str, tuple[Any, ...]]


class Trial:
    """One case: its home, its plan, and what the home looks like before and after."""

    whole = True
    """Whether what fails and is told is taken back at once."""

    def __init__(self, name: str, folder: str) -> None:
        from envtui import execute, guards, recovery, trash
        from tests.proof import cases

        self.execute, self.guards = execute, guards
        self.recovery, self.trash = recovery, trash
        self.case = cases.build(name, folder)
        self.home = self.case.home
        self.host = cases.host(self.home)
        os.environ.clear()
        os.environ.update(self.home.variables)
        self.own = [
            self.home.at(folder, "envtui") for folder in (".local/state", ".local/share", ".cache")
        ]
        for folder in (".local/state", ".local/share", ".cache"):
            self.home.folder(folder)
        self.plan = self.make()
        self.before = self.look()
        self.kept = self.prefixes()
        """Whose own directories keep their times, too."""
        self.wrong: list[str] = []
        self.points = 0
        self.perform()
        self.after = self.look()
        execute.undo(None, self.host)
        self.check("a change and its undo, undisturbed", self.before)

    def prefixes(self) -> list[str]:
        """The environments."""
        return [path for path in self.before if path + "/pyvenv.cfg" in self.before]

    def make(self) -> Any:
        """The plan, without the looks at all processes: those are not what fails here."""
        plan = self.case.plan()
        guards = tuple(guard for guard in plan.guards if guard.check != "not-in-use")
        return plan._replace(guards=guards)

    def perform(self) -> None:
        self.execute.perform(self.plan, self.host)

    def undo(self) -> None:
        self.execute.undo(None, self.host)

    def look(self) -> Tree:
        """Content, mode, time and target of everything in the home that is not envtui's own."""
        tree: Tree = {}
        for top, folders, files in os.walk(self.home.path):
            names = folders + files
            # Of a Python's thousand files those above its library stand for all.
            folders[:] = [
                f for f in folders
                if os.path.join(top, f) not in self.own
                and not (os.path.basename(os.path.dirname(top)) == "versions" and f in ("lib", "include"))
            ]  # fmt: skip
            for name in names:
                path = os.path.join(top, name)
                if path in self.own:
                    continue
                status = os.lstat(path)
                content: bytes | str = b""
                if stat.S_ISLNK(status.st_mode):
                    content = os.readlink(path)
                elif stat.S_ISREG(status.st_mode):
                    with open(path, "rb") as file:
                        content = file.read() if status.st_size < 1 << 16 else b"%d" % status.st_ino
                tree[path] = (status.st_mode, content, status.st_mtime_ns)
        return tree

    def same(self, one: Tree, other: Tree, *, times: bool) -> list[str]:
        """Where two trees differ; `times` too, but for directories that merely hold others."""
        found = []
        for path in sorted({*one, *other}):
            a, b = one.get(path), other.get(path)
            timed = (
                times
                and a is not None
                and not (
                    stat.S_ISDIR(a[0])
                    and not any((path + "/").startswith(p + "/") for p in self.kept)
                )
            )
            if (a and b and (a if timed else a[:2]) == (b if timed else b[:2])) or self.is_cut(
                path
            ):
                continue
            found.append(f"{path}: {a} is {b}")
        return found

    def is_cut(self, path: str) -> bool:
        """What Python itself may write while it is run."""
        return "__pycache__" in path

    def check(self, where: str, wanted: Tree, *, times: bool = True) -> None:
        found = self.same(wanted, self.look(), times=times)
        if found:
            self.wrong.append(f"{where}: " + "; ".join(found[:3])[:600])

    def clean(self, where: str, *, sweep: bool = False) -> None:
        """Nothing is open, nothing lies about; then envtui's own directories go."""
        from envtui import disk, emptying, journal

        if sweep:  # as the next change would
            with disk.lock():
                emptying.finish()

        problems = [*journal.unfinished()[1], *self.trash.problems()]
        problems += [f"{c.path} is open" for c in journal.unfinished()[0]]
        folder = os.path.join(self.own[1], "trash")
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            if name.startswith(".") or not os.path.lexists(
                os.path.join(folder, name.removesuffix(".json") + ".json")
            ):
                problems.append(f"{name} lies about in the trash")
        if problems:
            self.wrong.append(f"{where}: " + "; ".join(problems[:3])[:600])
        for path in self.own[:2]:
            shutil.rmtree(path, ignore_errors=True)
        if any(self.guards.check(guard, self.host) for guard in self.plan.guards):
            self.plan = self.make()  # what undo put back may have another inode

    def settled(self, where: str, *, sweep: bool = False) -> None:
        """After a crash: recovery leaves before or after, and undo then leads to before."""
        from envtui import journal

        self.recovery.recover(self.host)
        changes = journal.read()[0]
        if changes and changes[0].status == "done":
            if not changes[0].undoing:  # an undo that stopped says where, and goes on
                self.check(where + ", done", self.after, times=False)
            self.again(where, self.undo)
        elif changes and changes[0].status == "failed" and changes[0].standing:
            self.again(where, lambda: self.execute.undo(changes[0].number, self.host))
        self.check(where, self.before)
        self.clean(where, sweep=sweep)

    def again(self, where: str, action: Callable[[], object]) -> None:
        """Undisturbed this time: it must succeed."""
        from envtui.errors import Problem

        try:
            action()
        except Problem as problem:
            self.wrong.append(f"{where}: {problem}")

    # -- what is done at every point ---------------------------------------------------

    def count(self, action: Callable[[], object], kinds: int = ALL) -> int:
        return armed(action, COUNT, kinds=kinds).seen

    def killed(self, action: str, share: float, chance: random.Random) -> None:
        """Killed before every call, and in the middle of every write."""
        act = getattr(self, action)
        for how, kinds in ((KILL, ALL), (TEAR, DATA)):
            self.prepare(action)
            calls = self.count(act, kinds)
            self.settled("counted")
            for nth in range(1, calls + 1):
                if chance.random() >= share:
                    continue
                self.points += 1
                self.prepare(action)
                told = armed(act, how, nth, kinds=kinds)
                where = f"{action} killed at {nth} of {calls}"
                if told.code != -signal.SIGKILL:
                    self.wrong.append(f"{where}: {told}")
                self.settled(where)

    def prepare(self, action: str) -> None:
        """What has to be there for an action to be one."""
        if action == "undo":
            self.perform()

    def recovery_killed(self, pairs: int, chance: random.Random) -> None:
        """Killed in the change, and again in the recovery from that, at points of chance."""
        self.prepare("perform")
        calls = self.count(self.perform)
        self.settled("counted")
        for _ in range(pairs):
            first = chance.randint(1, calls)
            self.prepare("perform")
            armed(self.perform, KILL, first)
            second, told = chance.randint(1, 30), Told(-9, "", 0)
            told = armed(lambda: self.recovery.recover(self.host), KILL, second)
            self.points += 1
            where = f"killed at {first}, recovery killed at {second}"
            if told.code not in (0, -signal.SIGKILL):
                self.wrong.append(f"{where}: {told}")
            self.settled(where)

    def failing(self, action: str, share: float, chance: random.Random) -> None:
        """Every call answered with every error it can have: once, and from then on."""
        for fault, kinds in FAULTS.items():
            self.prepare(action)
            calls = self.count(getattr(self, action), kinds)
            self.settled("counted")
            for how in (FAIL, FAIL_ON):
                for nth in range(1, calls + 1):
                    if chance.random() < share:
                        self.fail(action, how, nth, fault, kinds)

    def fail(self, action: str, how: int, nth: int, fault: int, kinds: int) -> None:
        self.points += 1
        self.prepare(action)
        told = armed(getattr(self, action), how, nth, fault, kinds)
        once = "once" if how == FAIL else "from then on"
        where = f"{action}: {errno.errorcode[fault]} at {nth} {once} ({told.message})"
        if told.code not in (0, 1):
            self.wrong.append(f"{where}: {told}")
        elif self.whole and how == FAIL and action == "perform" and told.code == 1:
            # One call failed: the rollback was not disturbed, so all is as it was, at once.
            self.check(where + ", at once", self.before)
        self.settled(where, sweep=True)

    def ordered(self) -> None:
        """On disk before and after: what the journal says was synced when it says so."""
        for name in ("perform", "undo"):
            trace = armed(getattr(self, name), COUNT).message.splitlines()
            unsynced: set[str] = set()
            made: set[str] = set()
            for line in trace:
                what, _, path = line.partition(" ")
                if what == "write" and "/journal/" in path and path.endswith(".jsonl") and unsynced:
                    self.wrong.append(f"{name}: journal written before a sync of {unsynced}")
                    break
                if what in ("write", "pwrite", "pwrite64"):
                    if not path.endswith(("/lock", "/log")):
                        unsynced.add(path)
                elif what in ("fsync", "fdatasync"):
                    unsynced.discard(path)
                elif what == "mkdir" and path in made:
                    continue  # asked for again
                elif what in ("rename", "to", "unlink", "symlink", "mkdir"):
                    made |= {path} if what == "mkdir" else set()
                    if unsynced & {path} and what == "rename":
                        self.wrong.append(f"{name}: {path} renamed before it was synced")
                    unsynced.add(os.path.dirname(path))
            if unsynced:
                self.wrong.append(f"{name}: never synced: {unsynced}")
        self.settled("counted")

    def all_killed(self, part: float, chance: random.Random) -> None:
        """Each call of the change, and by chance of the undo and of the recovery."""
        self.killed("perform", 1.0, chance)
        self.killed("undo", part, chance)
        self.recovery_killed(round(20 * part), chance)
        self.ordered()

    def all_failing(self, part: float, chance: random.Random) -> None:
        """By chance, of the change and of the undo."""
        self.kept = []  # setting a time is among what fails
        self.failing("perform", part, chance)
        self.failing("undo", part / 2, chance)
