"""What the tests of the executor share: a small project to change, exact comparison, real crashes."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time

import psutil

from envtui.host import Host, inode
from envtui.plan import Guard, Link, Plan, Run, Trash, Unlink, Write

CHANGING = {
    *("os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.symlink", "os.utime", "os.chmod"),
    *("os.chown", "subprocess.Popen"),
}


def make_venv(path):
    """A real virtual environment, of the Python that runs the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", path], check=True)


class Project:
    """A directory with an environment, a manager's record, a link and a file of settings."""

    def __init__(self, root):
        self.root = str(root)
        os.makedirs(self.root)
        names = (".venv", "envs.toml", "link", "conf", "made", "turned")
        self.venv, self.record, self.link, self.settings, self.made, self.turned = (
            os.path.join(self.root, name) for name in names
        )
        make_venv(self.venv)
        for path, text, mode in (
            (self.record, "[api]\n[shop]\n", 0o640),
            (self.settings, "a\n", 0o600),
        ):
            with open(path, "w") as file:
                file.write(text)
            os.chmod(path, mode)
            os.utime(path, ns=(10**18, 10**18 + 7))
        for path in (self.link, self.turned):
            os.symlink(".venv", path)
            os.utime(path, ns=(10**18, 10**18 + 9), follow_symlinks=False)
        os.utime(self.venv, ns=(10**18, 10**18 + 11))

    def plan(self, command="echo half >conf; echo running; echo made >made; echo b >>conf"):
        """One step of each kind."""
        return Plan(
            "remove .venv",
            (
                Trash(self.venv),
                Write(self.record, b"[api]\n", "[shop]\n"),
                Unlink(self.link),
                Link(self.turned, "conf"),
                Run(("/bin/sh", "-c", command), self.root, (), (self.made,), (self.settings,)),
            ),
            (Guard("inode", self.venv, inode(self.venv)),),
            done="removed .venv",
        )

    def tree(self):
        return tree(self.root)


def tree(root):
    """Everything below a directory: content, mode and times to the nanosecond, links as links."""
    found = {}
    for directory, names, files in os.walk(root):
        for name in names + files:
            path = os.path.join(directory, name)
            status = os.lstat(path)
            content = None
            if stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
            found[os.path.relpath(path, root)] = (oct(status.st_mode), status.st_mtime_ns, content)
    return found


def in_child(action):
    """Run `action` in a real child process; the answer is its exit status, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def ended(pid):
    """Whether a process that was killed is gone, as soon as the kernel has come to it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.01)
    return False


def killed_before(count, action):
    """`action` in a child that is SIGKILLed just before its `count`th change of the disk.

    The interpreter's own audit events show those: nothing in envtui knows of it.
    """

    def doomed():
        seen = 0

        def hook(event, args):
            nonlocal seen
            writes = event == "open" and isinstance(args[2], int) and args[2] & 3
            if event in CHANGING or writes:
                seen += 1
                if seen == count:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        action()

    return in_child(doomed)


def host(root):
    return Host(home=str(root), variables={"PATH": os.environ["PATH"]}, cwd=str(root))
