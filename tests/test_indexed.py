"""What the memory answers is what a fresh look finds, whatever happened between the two."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from envtui import index, looking, places, stamps
from envtui.host import Host
from envtui.model import Inventory
from envtui.moment import RACY

DIRECTORIES = ("", "code", "code/shop", "code/shop/src", "work/api", ".virtualenvs", "work/node_modules",
               ".local/share/virtualenvs", ".pyenv/versions/3.12.1/envs")  # fmt: skip
FILES = {
    "pyproject.toml": ("[project]\nname = 'shop'\n", "[tool.poetry]\nname = 'x'\n", "broken ["),
    "Pipfile": ("[requires]\npython_version = '3.12'\n",),
    ".python-version": ("3.12.1\n", "3.9\n"),
    "poetry.lock": ("",),
    ".venv": ("../venv\n", "nothing"),
    "notes.txt": ("a", "b"),
    "pyvenv.cfg": ("home = /usr/bin\nversion = 3.12.1\n", "home = /gone/bin\nuv = 0.8\n", ""),
}
KINDS = ("venv", "link", "conda")


def environment(path: str, base: str, word: str) -> None:
    """Something that looks like an environment to every finder."""
    os.makedirs(f"{path}/bin")
    os.makedirs(f"{path}/lib/python3.12/site-packages")
    os.symlink(f"{base}/bin/python3.12", f"{path}/bin/python")
    write(f"{path}/pyvenv.cfg", f"home = {base}/bin\nversion = 3.12.1\n{word} = 1\n")
    write(f"{path}/bin/activate", f"VIRTUAL_ENV='{path}'\n")


def write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


class Change:
    """One thing that somebody does in a home."""

    def __init__(self, name: str, folder: str, leaf: str, choice: int, back: bool) -> None:
        self.name, self.folder, self.leaf, self.choice, self.back = name, folder, leaf, choice, back

    def __repr__(self) -> str:
        return f"{self.name} {self.folder or '.'}/{self.leaf} {self.choice}{' old' * self.back}"

    def do(self, home: str) -> None:
        folder = os.path.join(home, self.folder)
        try:
            os.makedirs(folder, exist_ok=True)
            getattr(self, self.name)(home, os.path.join(folder, self.leaf))
            if self.back:  # as a restored backup has it: old times on new things
                os.utime(folder, (1e9, 1e9))
        except OSError:
            pass  # something else is there

    def make(self, home: str, path: str) -> None:
        words = FILES.get(self.leaf)
        if words:
            write(path, words[self.choice % len(words)])
        else:
            base = f"{home}/.pyenv/versions/3.12.1"
            environment(path, base, ("venv", "uv", "virtualenv")[self.choice % 3])

    def conda(self, home: str, path: str) -> None:
        os.makedirs(f"{path}/conda-meta")
        write(f"{path}/conda-meta/history", "# cmd: conda create\n")
        os.makedirs(f"{path}/bin")
        write(f"{path}/bin/python", "#!/bin/sh\n")

    def turn(self, home: str, path: str) -> None:
        """A conda environment's Python becomes a directory, or a file again; nothing else does."""
        python = f"{path}/bin/python"
        if os.path.isdir(python):
            os.rmdir(python)
            write(python, "#!/bin/sh\n")
        elif os.path.isdir(f"{path}/conda-meta"):
            os.unlink(python)
            os.mkdir(python)

    def edit(self, home: str, path: str) -> None:
        """Another content under the old mtime, as `cp -p` and restored backups leave it."""
        words = FILES.get(self.leaf, ("",))
        times_kept(path, lambda: write(path, words[self.choice % len(words)]))

    def link(self, home: str, path: str) -> None:
        os.symlink(os.path.join(home, DIRECTORIES[self.choice % len(DIRECTORIES)], ".venv"), path)

    def remove(self, home: str, path: str) -> None:
        if os.path.islink(path) or os.path.isfile(path):
            os.unlink(path)
        else:
            shutil.rmtree(path)

    def move(self, home: str, path: str) -> None:
        os.rename(path, os.path.join(home, DIRECTORIES[self.choice % len(DIRECTORIES)], "moved"))

    def swap(self, home: str, path: str) -> None:
        """A directory of the same name and the same times takes its place."""
        times = os.stat(path)
        shutil.copytree(path, path + ".new", symlinks=True)
        shutil.rmtree(path)
        os.rename(path + ".new", path)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def python(self, home: str, path: str) -> None:
        """The base goes, or comes back."""
        base = f"{home}/.pyenv/versions/3.12.1"
        if os.path.exists(f"{base}/bin/python3.12"):
            os.unlink(f"{base}/bin/python3.12")
        else:
            write(f"{base}/bin/python3.12", "#!/bin/sh\n")

    def site(self, home: str, path: str) -> None:
        """Inside an environment: another minor, a broken script, a record of its project."""
        if self.choice % 3 == 0:
            os.makedirs(f"{path}/lib/python3.9", exist_ok=True)
        elif self.choice % 3 == 1:
            write(f"{path}/bin/activate", "VIRTUAL_ENV='/elsewhere'\n")
        else:
            write(f"{path}/.project", os.path.join(home, "code/shop"))


changes = st.builds(
    Change,
    st.sampled_from(("make", "make", "make", "conda", "link", "remove", "move", "swap", "python", "site",
                     "edit", "turn")),
    st.sampled_from(DIRECTORIES),
    st.sampled_from((*FILES, ".venv", ".venv", "venv", "other")),
    st.integers(0, 8),
    st.booleans(),
)  # fmt: skip


class Later(Host):
    """A host whose clock is ahead: what was just written counts as old, and its stamp as proof."""

    def now(self) -> float:
        return super().now() + 10


def a_tick(folder: str) -> None:
    """Wait until the clock of the files has moved on; changes within one tick can't be told apart."""
    path = os.path.join(folder, "tick")
    write(path, "")
    before = os.stat(path).st_ctime_ns
    while os.stat(path).st_ctime_ns == before:
        write(path, "")


def both(host: Host, home: str) -> tuple[Inventory, Inventory]:
    return looking.scan(host, (home,)), looking.scan(host, (home,), remember=False)


EDITED = [Change("make", "code", "pyproject.toml", 0, back=False)]
TURNED = [Change("conda", "code", "venv", 0, back=False)]


@pytest.mark.parametrize("trusting", [False, True], ids=["young", "old"])
@example(first=EDITED, then=[[Change("edit", "code", "pyproject.toml", 1, back=False)]])
@example(first=TURNED, then=[[Change("turn", "code", "venv", 0, back=False)]])
@given(
    first=st.lists(changes, max_size=12), then=st.lists(st.lists(changes, max_size=3), max_size=5)
)
@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_the_memory_and_a_fresh_look_agree(
    first: list[Change],
    then: list[list[Change]],
    trusting: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = os.path.join(os.path.realpath(folder), "home")
        base = f"{home}/.pyenv/versions/3.12.1"
        os.makedirs(f"{base}/bin")
        os.makedirs(f"{base}/lib/python3.12")
        write(f"{base}/bin/python3.12", "#!/bin/sh\n")
        os.symlink("python3.12", f"{base}/bin/python")
        monkeypatch.setenv("XDG_CACHE_HOME", os.path.join(folder, "cache"))
        monkeypatch.setenv("XDG_DATA_HOME", f"{home}/.local/share")
        monkeypatch.setenv("XDG_CONFIG_HOME", f"{home}/.config")
        variables = {"HOME": home, "PYENV_ROOT": f"{home}/.pyenv", "PATH": f"{base}/bin"}
        host = (Later if trusting else Host)(home, variables, home)
        for change in first:
            change.do(home)
        for step in ([], *then):
            if trusting:
                a_tick(folder)
            for change in step:
                change.do(home)
            remembered, fresh = both(host, home)
            assert remembered == fresh, step
        assert looking.scan(host, (home,)) == fresh
        assert os.path.exists(places.cache("index"))


@pytest.fixture
def home(tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A home with a base, one environment and one project, remembered by a host of the future."""
    home = os.path.join(os.path.realpath(tmp_path), "home")
    base = f"{home}/.pyenv/versions/3.12.1"
    os.makedirs(f"{base}/bin")
    os.makedirs(f"{base}/lib/python3.12")
    write(f"{base}/bin/python3.12", "#!/bin/sh\n")
    environment(f"{home}/code/api/.venv", base, "uv")
    write(f"{home}/code/api/pyproject.toml", "[project]\nname = 'one'\n")
    for name in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"{home}/.{name.lower()}")
    looking.scan(later(home), (home,))
    a_tick(str(tmp_path))
    return home


def later(home: str) -> Host:
    return Later(home, {"HOME": home, "PYENV_ROOT": f"{home}/.pyenv"}, home)


def times_kept(path: str, change: Callable[[], object]) -> None:
    before = os.stat(path)
    change()
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def lying_file(home: str) -> None:
    path = f"{home}/code/api/pyproject.toml"
    times_kept(path, lambda: write(path, "[project]\nname = 'two'\n"))


def lying_directory(home: str) -> None:
    environment_ = f"{home}/code/web"
    os.mkdir(environment_)
    times_kept(f"{home}/code", lambda: os.rename(environment_, f"{home}/code/moved"))
    write(f"{home}/code/moved/Pipfile", "")


def replaced(home: str) -> None:
    path = f"{home}/code/api"
    times_kept(path, lambda: Change("swap", "", "", 0, back=False).swap(home, path))
    os.unlink(f"{path}/pyproject.toml")


def python_gone(home: str) -> None:
    os.unlink(f"{home}/.pyenv/versions/3.12.1/bin/python3.12")


def python_a_directory(home: str) -> None:
    python_gone(home)
    os.mkdir(f"{home}/.pyenv/versions/3.12.1/bin/python3.12")


def link_turned(home: str) -> None:
    os.rename(f"{home}/code", f"{home}/old")
    os.symlink("old", f"{home}/code")


def relinked(home: str) -> None:
    os.unlink(f"{home}/code/api/.venv/bin/python")
    os.symlink("/gone/bin/python3.9", f"{home}/code/api/.venv/bin/python")


@pytest.mark.parametrize(
    "change",
    [lying_file, lying_directory, replaced, python_gone, python_a_directory, link_turned, relinked],
)
def test_times_that_lie_hide_nothing(home: str, change: Callable[[str], None]) -> None:
    before = looking.scan(later(home), (home,))
    change(home)
    remembered, fresh = both(later(home), home)
    assert remembered == fresh != before


@pytest.mark.parametrize("part", range(3), ids=["inode", "mtime", "ctime"])
def test_each_part_of_a_stamp_counts(tmp_path: os.PathLike[str], part: int) -> None:
    """An inode alone differs where two directories of one moment change their names."""
    path = os.fsencode(tmp_path)
    now = list(stamps.stamp(os.stat(path)))
    assert not stamps.packed({path: tuple(now)}).changed()
    now[part] += 1
    assert stamps.packed({path: tuple(now)}).changed() == {path}


def test_what_is_dated_1970_is_remembered_too(tmp_path: os.PathLike[str]) -> None:
    """As all of /usr is where the system is an image."""
    path = os.fsencode(tmp_path)
    os.utime(path, (0, 0))
    assert not stamps.packed({path: stamps.stamp(os.stat(path))}).changed()


def test_other_variables_get_another_answer(home: str) -> None:
    path = f"{home}/code/api/.venv"
    assert not looking.scan(later(home), (home,)).environments[0].active
    variables = {"HOME": home, "PYENV_ROOT": f"{home}/.pyenv", "VIRTUAL_ENV": path}
    assert looking.scan(Later(home, variables, home), (home,)).environments[0].active


class Impatient:
    """Ends the walk at its first look at the clock after some directories."""

    def at(self, path: str, directories: int) -> bool:
        return directories > 0

    def sofar(self, made: Callable[[], Inventory]) -> None:
        pass


def test_what_a_walk_that_was_stopped_had_not_seen_is_found_by_the_next(home: str) -> None:
    for number in range(300):
        os.makedirs(f"{home}/code/many/{number}")
    environment(f"{home}/code/many/7/.venv", "/usr", "uv")
    os.unlink(places.cache("index"))
    stopped = looking.scan(later(home), (home,), watch=Impatient())
    assert not stopped.complete
    remembered, fresh = both(later(home), home)
    assert remembered == fresh
    assert len(fresh.environments) == 2


class Sharp(Host):
    """Who trusts all that is older than the moment when this host was made."""

    def __init__(self, home: str) -> None:
        super().__init__(home, {"HOME": home, "PYENV_ROOT": f"{home}/.pyenv"}, home)
        self._at = time.time() + RACY

    def now(self) -> float:
        return self._at


class Meddler:
    """Changes every directory of many in the middle of the walk."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def at(self, path: str, directories: int) -> bool:
        if directories:
            for name in os.listdir(self._folder):
                write(f"{self._folder}/{name}/Pipfile", "")
        return False

    def sofar(self, made: Callable[[], Inventory]) -> None:
        pass


def test_what_changes_in_the_middle_of_a_walk_is_seen_by_the_next(home: str) -> None:
    many = f"{home}/code/many"
    for number in range(400):
        os.makedirs(f"{many}/{number}")
    os.unlink(places.cache("index"))
    a_tick(home)
    host = Sharp(home)
    a_tick(home)
    during = looking.scan(host, (home,), watch=Meddler(many))
    assert 1 < len(during.projects) < 401
    assert len(looking.scan(Sharp(home), (home,)).projects) == 401


def test_two_that_write_at_once_leave_one_whole_memory(home: str) -> None:
    fresh = looking.scan(later(home), (home,), remember=False)
    code = (
        "import sys; from tests.test_indexed import *; h = sys.argv[1]\n"
        "for n in range(12): write(f'{h}/code/api/notes{n}', ''); looking.scan(later(h), (h,))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, home]) for _ in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert index.remembered(later(home)) == fresh == looking.scan(later(home), (home,))
    assert os.listdir(places.cache()) == ["index"]
