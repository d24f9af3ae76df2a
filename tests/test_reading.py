"""What a look costs in files: each is opened once, and none that the answer does not need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.test_indexed import environment, write

# The second look in one process counts: by then all modules are loaded.
CHILD = """
import json, os, sys
from envtui import looking
from envtui.host import Host
home = sys.argv[1]
seen = []
def hook(event, arguments):
    if event == "open":
        seen.append((event, os.fsdecode(arguments[0]) if isinstance(arguments[0], (str, bytes)) else "?"))
    elif event in ("os.listdir", "os.scandir") and not isinstance(arguments[0], int):
        seen.append((event, os.fsdecode(arguments[0])))
    elif event.startswith(("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system",
                           "socket.")):
        seen.append(("process", event))
class Unmounted(Host):
    def mount_table(self):
        return b""  # other tests mount and unmount meanwhile
def read():
    with open("/proc/self/io") as file:
        return int(file.readline().split()[1])
host = Unmounted(home, {"HOME": home, "PYENV_ROOT": home + "/.pyenv", "PATH": ""}, home)
found = looking.scan(host, (home,), remember=False)
before = read()
nothing = read() - before
sys.addaudithook(hook)
found = looking.scan(host, (home,), remember=False)
events = list(seen)
print(json.dumps([events, read() - before - 2 * nothing, len(found.environments)]))
"""


@pytest.fixture
def home(tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch) -> str:
    home = os.path.join(os.path.realpath(tmp_path), "home")
    base = f"{home}/.pyenv/versions/3.12.1"
    os.makedirs(f"{base}/bin")
    os.makedirs(f"{base}/lib/python3.12")
    os.makedirs(f"{base}/include/python3.12")
    write(f"{base}/include/python3.12/patchlevel.h", '#define PY_VERSION "3.12.1"\n')
    write(f"{base}/bin/python3.12", "#!/bin/sh\n")
    for name in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"{home}/.{name.lower()}")
    return home


def fill(home: str, number: int) -> None:
    """A project with everything that is read of one, a tool's environment, and one in a store."""
    project = f"{home}/code/p{number}"
    base = f"{home}/.pyenv/versions/3.12.1"
    environment(f"{project}/.venv", base, "uv")
    write(f"{project}/pyproject.toml", "[project]\nname = 'shop'\n")
    write(f"{project}/poetry.lock", "")
    write(f"{project}/.python-version", "3.12.1\n")
    environment(f"{project}/.tox/py312", base, "virtualenv")
    environment(f"{home}/.virtualenvs/e{number}", base, "virtualenv")
    write(f"{home}/.virtualenvs/e{number}/.project", f"{project}\n")
    environment(f"{home}/.local/share/pipx/venvs/a{number}", base, "x")
    record = {"main_package": {"package": "a", "package_version": "1"}}
    write(f"{home}/.local/share/pipx/venvs/a{number}/pipx_metadata.json", json.dumps(record))


def look(home: str) -> tuple[list[tuple[str, str]], int, int]:
    argv = [sys.executable, "-c", CHILD, home]
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True)
    found: Any = json.loads(done.stdout)
    return [(event, path) for event, path in found[0]], found[1], found[2]


def test_nothing_is_opened_twice_and_no_process_started(home: str) -> None:
    for number in range(3):
        fill(home, number)
    events, _, count = look(home)
    assert count == 12
    assert not [event for event in events if event[0] == "process"]
    twice = {path: n for (_, path), n in Counter(events).items() if n > 1}
    assert twice == {}
    written = [path for event, path in events if event == "open" and "envtui" in path]
    assert written == []


def test_one_environment_more_costs_these_files_and_no_other(home: str) -> None:
    fill(home, 0)
    before, bytes_before, _ = look(home)
    fill(home, 1)
    after, bytes_after, _ = look(home)
    project = f"{home}/code/p1"
    stored = [f"{home}/.virtualenvs/e1", f"{home}/.local/share/pipx/venvs/a1"]
    places = [f"{project}/.venv", f"{project}/.tox/py312", *stored]
    read = [
        *(f"{project}/{name}" for name in ("pyproject.toml", ".python-version")),
        *(f"{path}/{name}" for path in places for name in ("pyvenv.cfg", "bin/activate")),
        f"{stored[0]}/.project",
        f"{stored[1]}/pipx_metadata.json",
    ]
    new = [(event, path) for event, path in after if (event, path) not in before]
    assert sorted(path for event, path in new if event == "open") == sorted(read)
    listed = [project, f"{project}/.tox", *places, *(f"{path}/lib" for path in places)]
    # What has no usual name is listed once more when its files tell that it is an environment.
    listed.append(f"{project}/.tox/py312")
    assert sorted(path for event, path in new if event != "open") == sorted(listed)
    size = sum(os.path.getsize(path) for path in read if os.path.isfile(path))
    assert bytes_after - bytes_before == size
