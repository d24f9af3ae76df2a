"""The screen's child: it says what it finds, then what changes, and ends when it is told or left."""

from __future__ import annotations

import marshal
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from envtui.errors import StepFailed
from envtui.host import Host
from envtui.model import Inventory
from envtui.ui.scanning import Child, News
from tests import mounting
from tests.homes import Home

PATIENCE = 90.0


@pytest.fixture
def child(in_home: Home) -> Iterator[Child]:
    in_home.write("code/api/pyproject.toml", "[project]\nname = 'api'\n")
    started = Child(Host())
    yield started
    started.stop()


class Listener:
    """Hears a child in a thread, as the screen does."""

    def __init__(self, child: Child) -> None:
        self.heard: list[News] = []
        self.problem = ""
        self.over = threading.Event()
        threading.Thread(target=self._listen, args=(child,), daemon=True).start()

    def _listen(self, child: Child) -> None:
        try:
            for news in child.news():
                self.heard.append(news)
        except StepFailed as problem:
            self.problem = str(problem)
        self.over.set()

    def until(self, said: Callable[[Inventory], bool]) -> bool:
        """Whether some time an inventory that is all there is says so."""
        at, until = 0, time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.over.is_set():
            for news in self.heard[at:]:
                at += 1
                if news.whole and news.inventory and said(news.inventory):
                    del self.heard[:at]
                    return True
            time.sleep(0.02)
        return False


def whole(child: Child) -> Inventory:
    """All that it finds."""
    found = next(news.inventory for news in child.news() if news.whole)
    assert found
    return found


def places(found: Inventory) -> list[str]:
    return [environment.path for environment in found.environments]


def names(found: Inventory) -> list[str]:
    return [project.name for project in found.projects]


def test_what_others_change_is_told_without_being_asked(in_home: Home, child: Child) -> None:
    listener = Listener(child)
    assert listener.until(lambda found: names(found) == ["api"])
    # It may look while only a part of it has been written.
    in_home.write("code/web/Pipfile", "")
    assert listener.until(lambda found: names(found) == ["api", "web"])
    in_home.write("code/api/pyproject.toml", "[project]\nname = 'renamed'\n")
    assert listener.until(lambda found: names(found) == ["renamed", "web"])
    in_home.venv("code/api/.venv", "3.12")
    assert listener.until(lambda found: [e.health for e in found.environments] == ["ok"])


def test_files_that_are_edited_in_place_are_noticed(in_home: Home, child: Child) -> None:
    """That touches no directory: the lock's time says that it is old, the configuration whose."""
    path = in_home.venv("code/api/.venv", "3.12")
    in_home.write("code/api/poetry.lock", "")
    os.utime(in_home.at("code/api/poetry.lock"), (1e9, 1e9))
    listener = Listener(child)
    assert listener.until(
        lambda found: any("older" in f for p in found.projects for f in p.findings)
    )
    os.utime(in_home.at("code/api/poetry.lock"))
    assert listener.until(lambda found: not any(p.findings for p in found.projects))
    with open(f"{path}/pyvenv.cfg", "a") as file:
        file.write("uv = 0.8.0\n")
    assert listener.until(lambda found: [e.created_by for e in found.environments] == ["uv 0.8.0"])


def test_what_was_begun_is_told_when_it_is_done(in_home: Home) -> None:
    """Every maker takes seconds between a directory and what makes an environment of it."""
    begun = [
        in_home.folder(".virtualenvs/slow"),
        in_home.folder(".local/share/hatch/env/virtual/api/AbCdEfGh/api"),
        in_home.folder("code/api/.venv"),
    ]
    in_home.write("code/api/pyproject.toml", "[project]\nname = 'api'\n")
    version = in_home.folder(".pyenv/versions/pypy-9/bin")
    child = Child(Host())
    listener = Listener(child)
    assert listener.until(lambda found: not found.environments)
    for path in begun:
        with open(f"{path}/pyvenv.cfg", "w") as file:
            file.write("home = /usr/bin\n")
        assert listener.until(lambda found, path=path: path in places(found))  # type: ignore[misc]
    os.symlink("/usr/bin/python3", f"{version}/python")
    assert listener.until(lambda found: "pypy-9" in str(found.interpreters))
    child.stop()


def test_what_begins_where_nothing_was_is_told(in_home: Home, child: Child) -> None:
    """Beside a known project: a directory that came meanwhile, one that was there, a clone."""
    in_home.folder("code/old")
    listener = Listener(child)
    assert listener.until(lambda found: names(found) == ["api"])

    def told(name: str) -> bool:
        """Whether a look is over that has seen all that is there now."""
        in_home.write("code/api/pyproject.toml", f"[project]\nname = '{name}'\n")
        return listener.until(lambda found: name in names(found))

    in_home.folder("code/new")
    assert told("once")
    in_home.venv("code/new/.venv", "3.12")
    assert listener.until(lambda found: places(found) == [in_home.at("code/new/.venv")])
    in_home.venv("code/old/.venv", "3.12")
    assert listener.until(lambda found: len(places(found)) == 2)
    in_home.folder("code/group/deep")
    assert told("twice")
    in_home.write("../origin/pyproject.toml", "[project]\nname = 'cloned'\n")
    in_home.git(in_home.at("../origin"))
    in_home.run("git", "clone", "-q", in_home.at("../origin"), in_home.at("code/group/deep/clone"))
    assert listener.until(lambda found: "cloned" in names(found))
    shutil.rmtree(in_home.at("code/group"))
    assert listener.until(lambda found: "cloned" not in names(found))


def test_what_managers_make_move_and_remove_is_told(in_home: Home, child: Child) -> None:
    base = in_home.venv("code/api/.venv", "3.12")
    conda = in_home.write("miniconda3/conda-meta/history", "")
    listener = Listener(child)
    assert listener.until(lambda found: base in places(found))
    os.rename(base, in_home.at("code/api/renamed"))
    assert listener.until(lambda found: in_home.at("code/api/renamed") in places(found))
    version = in_home.version("3.11")
    versions = f"{in_home.pyenv}/versions"
    shutil.copytree(f"{versions}/{version}", f"{versions}/3.11.99", symlinks=True)
    assert listener.until(lambda found: "3.11.99" in [one.name for one in found.interpreters])
    shutil.rmtree(f"{versions}/3.11.99")
    assert listener.until(lambda found: "3.11.99" not in [one.name for one in found.interpreters])
    made = os.path.dirname(os.path.dirname(conda)) + "/envs/ml"
    os.makedirs(f"{made}/conda-meta")
    in_home.write(f"{made}/conda-meta/history", "")
    assert listener.until(lambda found: made in places(found))
    shutil.rmtree(in_home.at("code/api"))
    assert listener.until(lambda found: not names(found))


def test_records_and_directories_above_are_watched(in_home: Home) -> None:
    """What names an environment is edited in place; what is moved may be far above it."""
    here, there = in_home.at("data/here"), in_home.at("work/deep/down/there")
    for path in (here, there):
        os.makedirs(f"{path}/conda-meta")
        in_home.write(f"{path}/conda-meta/history", "")
    in_home.folder("work/deep/other")
    record = in_home.write(".conda/environments.txt", "/nothing\n")
    in_home.write(".config/envtui/config.toml", "roots = ['~/work']\n")
    child = Child(Host())
    listener = Listener(child)
    assert listener.until(lambda found: places(found) == [there])
    with open(record, "a") as file:
        file.write(f"{here}\n")
    assert listener.until(lambda found: places(found) == [here, there])
    os.rename(in_home.at("work/deep"), in_home.at("work/moved"))
    assert listener.until(
        lambda found: places(found) == [here, in_home.at("work/moved/down/there")]
    )
    child.stop()


def test_one_disk_that_answers_nothing_keeps_nothing_from_being_told(in_home: Home) -> None:
    far = in_home.at("../far")
    os.symlink(f"{far}/env", in_home.folder("code/api") + "/.venv")
    with mounting.silent(far):
        child = Child(Host())
        listener = Listener(child)
        assert listener.until(lambda found: len(found.environments) == 1)
        in_home.write("code/api/pyproject.toml", "[project]\nname = 'told'\n")
        assert listener.until(lambda found: names(found) == ["told"])
        child.stop()


_FEW = 'echo 2 > /proc/sys/user/max_inotify_watches && exec "$@"'


@pytest.mark.parametrize(
    "before", [(), ("unshare", "-Ur", "sh", "-c", _FEW, "sh")], ids=["no files", "no room"]
)
def test_where_the_kernel_tells_nothing_changes_are_found_by_looking(
    in_home: Home, before: tuple[str, ...]
) -> None:
    """A process that may open no file has no inotify either; a user has only so much of it."""
    if before and subprocess.run([*before, "true"], check=False).returncode:
        pytest.skip("no namespaces of users here")
    code = (
        "import resource, sys, time; from envtui.watching import await_change\n"
        "if sys.argv[2]: resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\n"
        "print('up', flush=True); await_change({sys.argv[1]}, time.time(), lambda: None)"
    )
    path = in_home.write("a/b/c/d/file")
    os.utime(path, (1e9, 1e9))
    command = [*before, sys.executable, "-c", code, path, "" if before else "few"]
    waiting = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == b"up\n"
    in_home.write("a/b/c/d/file", "more")
    assert waiting.wait(PATIENCE) == 0
    waiting.stdout.close()


def test_silent_work_is_no_silence(in_home: Home) -> None:
    """What is not told in words for long is told to go on; else it would be given up."""
    values = ", ".join(f"{{ name = 'p{number}', at = [{number}] }}" for number in range(60_000))
    in_home.write("code/api/pyproject.toml", f"[tool.poetry]\nname = 'api'\nx = [{values}]\n")
    child = subprocess.Popen(
        [sys.executable, "-Im", "envtui.scan", "0"], stdout=subprocess.PIPE, cwd=in_home.path
    )
    assert child.stdout is not None
    words = []
    while "whole" not in words:
        size = int.from_bytes(child.stdout.read(4), "big")
        words.append(marshal.loads(child.stdout.read(size))[0])
    child.kill()
    child.wait()
    child.stdout.close()
    assert "alive" in words


def test_a_child_that_is_killed_is_told_and_another_takes_over(in_home: Home, child: Child) -> None:
    listener = Listener(child)
    assert listener.until(lambda _: True)
    os.kill(child._process.pid, signal.SIGKILL)
    assert listener.over.wait(PATIENCE)
    assert "SIGKILL" in listener.problem
    again = Child(Host())
    assert names(whole(again)) == ["api"]
    again.stop()


def test_a_stopped_child_is_silent_and_gone(child: Child) -> None:
    listener = Listener(child)
    child.stop()
    assert listener.over.wait(PATIENCE)
    assert listener.problem == ""
    assert child._process.poll() is not None


def test_a_walk_that_takes_too_long_says_where_it_stopped(in_home: Home) -> None:
    for number in range(600):
        in_home.folder(f"code/{number}/a/b/c")
    short = Child(Host(), 1e-6)
    found = whole(short)
    short.stop()
    assert not found.complete
    assert found.stopped_at == in_home.path
    on = Child(Host())
    assert whole(on).complete
    on.stop()


def test_a_dead_disk_that_is_to_be_searched_holds_nothing_up(in_home: Home) -> None:
    far = in_home.at("far")
    in_home.write("code/api/pyproject.toml", "[project]\nname = 'api'\n")
    in_home.write(".config/envtui/config.toml", f"roots = [{in_home.path!r}, {far!r}]\n")
    with mounting.served(far, in_home.folder("there")) as server:
        server.die()
        child = Child(Host())
        found = whole(child)
        child.stop()
    assert names(found) == ["api"]
    assert [(n.path, n.message) for n in found.notices if n.path == far][:1] == [
        (far, "not searched: its disk does not answer")
    ]


def test_a_child_ends_with_the_program_that_started_it(in_home: Home) -> None:
    code = (
        "import os; from envtui.host import Host; from envtui.ui.scanning import Child\n"
        "child = Child(Host()); next(n for n in child.news() if n.whole); print(child._process.pid, flush=True); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    process = int(done.stdout)
    until = time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{process}/exe") and time.monotonic() < until:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{process}/exe")


def test_it_is_no_use_of_what_is_active(in_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the shell's variables, of which the active environment is one."""
    from envtui.facts import use

    path = in_home.venv("code/api/.venv", "3.12")
    monkeypatch.setenv("VIRTUAL_ENV", path)
    other = subprocess.Popen(
        [sys.executable, "-c", "print('up', flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    child = Child(Host())
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"up\n"
        assert Listener(child).until(lambda _: True)
        assert [user.pid for user in use.of(path).own] == [other.pid]
    finally:
        child.stop()
        other.communicate(b"\n")
