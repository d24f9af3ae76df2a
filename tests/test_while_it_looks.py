"""What changes in the middle of a look: all that stays is found, and the next look is right again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

import pytest

from tests import tools
from tests.test_indexed import environment, write

# As nobody: when the first project is found, something happens to every other one.
LOOKS = """
import json, os, shutil, sys
from envtui import looking
from envtui.host import Host
home, change = sys.argv[1:]
host = Host(home, {"HOME": home, "PATH": ""}, home)
looking.scan(host, (home,), remember=False)  # nobody may not read all modules
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)

class Meddler:
    first = None
    def at(self, path, directories):
        return False
    def sofar(self, made):
        if self.first:
            return
        self.first = made().projects[0].path
        for name in os.listdir(f"{home}/code"):
            path = f"{home}/code/{name}"
            if path == self.first:
                continue
            if change == "closed":
                os.chmod(path, 0)
            else:
                shutil.rmtree(path)
            if change == "files":
                open(path, "w").close()
            elif change == "links":
                os.symlink(self.first, path)
            elif change == "pipes":
                os.mkfifo(path)

def said(found):
    paths = [[item.path for item in found.environments], [item.path for item in found.projects]]
    return [*paths, sorted({notice.message for notice in found.notices}), len(found.notices)]

meddler = Meddler()
during = looking.scan(host, (home,), watch=meddler)
after = looking.scan(host, (home,))
fresh = looking.scan(host, (home,), remember=False)
print(json.dumps([meddler.first, said(during), said(after), after == fresh]))
"""


@pytest.mark.parametrize("change", ["gone", "files", "links", "pipes", "closed"])
def test_what_happens_between_two_directories(change: str) -> None:
    count = 8
    with tempfile.TemporaryDirectory() as folder:
        tools.open_to_all(folder)
        home = os.path.realpath(folder)
        os.makedirs(f"{home}/python/bin")
        write(f"{home}/python/bin/python3.12", "")
        for number in range(count):
            environment(f"{home}/code/p{number}/.venv", f"{home}/python", "x")
            write(f"{home}/code/p{number}/setup.py", "")
        for at, folders, files in os.walk(home):
            for name in (".", *folders, *files):
                if os.geteuid() == 0:
                    os.chown(f"{at}/{name}", 65534, 65534, follow_symlinks=False)
        variables = {**os.environ, "PYTHONPATH": tools.CHECKOUT}
        variables |= {f"XDG_{name}_HOME": f"{home}/.{name}" for name in ("CACHE", "DATA")}
        done = subprocess.run(
            [sys.executable, "-c", LOOKS, home, change],
            env=variables, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        for name in os.listdir(f"{home}/code"):
            os.chmod(f"{home}/code/{name}", 0o755)
    first, during, after, agreed = json.loads(done.stdout)
    told = ["could not be searched: Permission denied"] if change == "closed" else []
    expected = [[f"{first}/.venv"], [first], told, (count - 1) * len(told)]
    if change != "links":  # what one has replaced is taken for a directory until the next look
        assert during == expected
    assert after == expected
    assert agreed
