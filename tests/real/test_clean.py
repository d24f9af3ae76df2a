"""What clean suggests, what it never does, and that its bytes are the filesystem's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests import tools
from tests.changing import tree
from tests.homes import Home
from tests.real import condas
from tests.real.realhome import poetry_use

DAY = 86_400
POETRY = '[tool.poetry]\nname = "app"\npackage-mode = false\n[tool.poetry.dependencies]\npython = ">=3.10"\n'


NOW = time.time()


def age(path: str, days: int) -> None:
    """As if nobody had touched it for so long."""
    moment = NOW - days * DAY
    for folder, folders, files in os.walk(path):
        for name in [*folders, *files, "."]:
            os.utime(os.path.join(folder, name), (moment, moment), follow_symlinks=False)


def offered(home: Home, *words: str, code: int = 0) -> dict[str, Any]:
    """The suggestions of `clean --dry-run`, by what they are of."""
    answer = home.json("clean", "--dry-run", *words, code=code)
    return {one["environment"]: one for one in answer["suggestions"]}


def test_orphaned_and_broken_go_and_idle_only_where_asked(tooled: Home) -> None:
    home = tooled
    home.write("old/app/pyproject.toml", POETRY)
    orphan = poetry_use(home, home.at("old", "app"), "3.12")
    home.write(
        f"{os.path.relpath(orphan, home.path)}/lib/python3.12/site-packages/app.pth",
        home.at("old", "app"),
    )
    shutil.rmtree(home.at("old"))
    broken = home.venv("code/gone/.venv", "3.11")
    for name in ("python", "python3", "python3.11"):
        os.remove(f"{broken}/bin/{name}")
        os.symlink("/nowhere/python3.11", f"{broken}/bin/{name}")
    idle = home.venv("code/idle/.venv", "3.12")
    age(idle, 200)
    used = home.venv("code/used/.venv", "3.12")
    before = tree(orphan), tree(broken)

    told = offered(home)
    assert told[f"poetry:{os.path.basename(orphan)}"]["certainty"] == "certain"
    assert told["venv:~/code/gone/.venv"]["reasons"][0].startswith("broken: ")
    assert [one["chosen"] for one in told.values()].count(True) == 2
    assert told["venv:~/code/idle/.venv"]["reasons"] == ["unused for 200 days"]
    assert "venv:~/code/used/.venv" not in told

    assert home.envtui("clean", "--yes").returncode == 0
    assert not os.path.lexists(orphan)
    assert not os.path.lexists(broken)
    assert os.path.isdir(idle)
    assert home.envtui("undo", "--yes").returncode == 0
    assert (tree(orphan), tree(broken)) == before

    assert home.envtui("clean", "--filter", "unused:>190d", "--yes").returncode == 0
    assert not os.path.lexists(idle)
    assert os.path.isdir(used)
    assert home.envtui("clean", "--filter", "unused:>9999d", "--yes").returncode == 1


def test_what_is_needed_is_never_suggested(tooled: Home) -> None:
    home = tooled
    paths = {
        name: home.venv(f"code/{name}/.venv", "3.12") for name in ("busy", "own", "active", "git")
    }
    home.write("code/own/.venv/notes.txt", "mine")
    home.write("code/git/.venv/.git/HEAD", "ref")
    home.write("code/pinned/.python-version", "3.11\n")
    for path in paths.values():
        age(path, 400)
    sleep = "print(flush=True); import sys; sys.stdin.read()"
    with subprocess.Popen(
        [f"{paths['busy']}/bin/python", "-c", sleep], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as busy:
        assert busy.stdout
        busy.stdout.readline()
        age(paths["busy"], 400)
        home.variables["VIRTUAL_ENV"] = paths["active"]
        told = offered(home)
        assert busy.stdin
        busy.stdin.close()
    # 3.12 has environments, 3.11 a pin; the system's Python is not ours.
    assert told == {}
    del home.variables["VIRTUAL_ENV"]
    assert set(offered(home)) == {"venv:~/code/active/.venv", "venv:~/code/busy/.venv"}


def test_two_records_in_one_file_both_go_and_come_back(tooled: Home) -> None:
    home = tooled
    records = ".cache/pypoetry/virtualenvs/envs.toml"
    for name in ("one", "two"):
        home.write(f"{name}/pyproject.toml", POETRY.replace('"app"', f'"{name}"'))
        made = os.path.relpath(poetry_use(home, home.at(name), "3.12"), home.path)
        home.write(f"{made}/lib/python3.12/site-packages/app.pth", home.at(name))
    with open(home.at(records)) as file:
        before = file.read()
    assert before.count("[") == 2
    shutil.rmtree(home.at("one"))
    shutil.rmtree(home.at("two"))
    assert home.envtui("clean", "--yes").returncode == 0
    with open(home.at(records)) as file:
        assert file.read().strip() == ""
    assert home.envtui("undo", "--yes").returncode == 0
    with open(home.at(records)) as file:
        assert file.read() == before


def test_an_older_environment_of_poetrys_is_superseded(tooled: Home) -> None:
    home = tooled
    home.write("code/app/pyproject.toml", POETRY)
    old = poetry_use(home, home.at("code", "app"), "3.11")
    new = poetry_use(home, home.at("code", "app"), "3.12")
    told = offered(home)
    (one,) = told.values()
    assert one["environment"] == f"poetry:{os.path.basename(old)}"
    assert one["reasons"] == [f"its project uses poetry:{os.path.basename(new)} now"]
    assert not one["chosen"]


def test_unused_pythons_and_caches_only_where_asked(tooled: Home) -> None:
    home = tooled.with_tools("uv")
    home.run("uv", "venv", "-q", "-p", home.python("3.12"), home.at("code/app/.venv"))
    python = f"pyenv:{home.version('3.11')}"
    told = offered(home)
    assert set(told) == {python, "cache:uv"}
    assert not any(one["chosen"] for one in told.values())
    assert told["cache:uv"]["frees"] is None

    done = home.envtui("clean", "--filter", "kind:cache", "--yes")
    assert done.returncode == 0, done.stderr
    assert "cannot be taken back" in done.stdout
    assert home.envtui("clean", "--filter", "unused", "--yes").returncode == 0
    assert "3.11" not in home.run("pyenv", "versions", "--bare").stdout
    assert home.envtui("undo", "--yes").returncode == 0
    assert home.run("pyenv", "versions", "--bare").stdout.split()[0] == home.version("3.11")

    # While an environment lives in uv's cache, nothing of it is pruned.
    inside = os.path.join(home.run("uv", "cache", "dir").stdout.strip(), "environments-v2")
    home.run("uv", "venv", "-q", "-p", home.python("3.11"), f"{inside}/script-0123456789abcdef")
    assert "cache:uv" not in offered(home)


def uv_python(home: Home, patch: int) -> str:
    """A Python of uv's store, 3.12 with that patch, as its own headers say."""
    made = tools.graft(home.version("3.12"), home.folder("made"))
    store = home.folder(".local/share/uv/python")
    target = f"{store}/cpython-3.12.{patch}-linux-x86_64-gnu"
    os.rename(made, target)
    os.unlink(f"{target}/include/python3.12")
    header = os.path.relpath(f"{target}/include/python3.12/patchlevel.h", home.path)
    home.write(header, f'#define PY_VERSION "3.12.{patch}"\n')
    return f"uv:{os.path.basename(target)}"


def test_an_older_python_of_uvs_is_superseded_unless_something_stands_on_it(home: Home) -> None:
    home = home.with_tools("uv")
    needed, old, new = (uv_python(home, patch) for patch in (3, 4, 11))
    store = home.at(".local/share/uv/python")
    base = f"{store}/{needed.removeprefix('uv:')}/bin/python3.12"
    home.run(base, "-m", "venv", "--without-pip", home.at("code/app/.venv"))
    told = offered(home)
    assert needed not in told
    assert told[old]["reasons"] == ["nothing is built on it", "superseded by 3.12.11"]
    assert (told[old]["certainty"], told[old]["chosen"]) == ("likely", False)
    assert told[new]["reasons"] == ["nothing is built on it"]
    assert home.envtui("clean", "--filter", "3.12.4", "--yes").returncode == 0
    assert len(os.listdir(store)) == 2
    assert home.envtui("undo", "--yes").returncode == 0
    assert offered(home) == told


def test_condas_base_is_never_suggested_its_idle_environments_are(home: Home) -> None:
    root = condas.install(home)
    idle = condas.prefix(home, "miniforge3/envs/idle", f"python={condas.MINOR}")
    for path in (root, idle):
        age(path, 400)
    told = offered(home)
    assert told["conda:idle"]["reasons"] == ["unused for 400 days"]
    assert [name for name in told if name.startswith("conda:")] == ["conda:idle"]
    assert home.envtui("clean", "--filter", "conda", "--yes").returncode == 0
    assert os.path.isdir(f"{root}/conda-meta")
    assert not os.path.lexists(idle)


# -- bytes ---------------------------------------------------------------------------------------


@pytest.fixture
def memory(home: Home, tmp_path: os.PathLike[str]) -> Iterator[Home]:
    """A home on a filesystem in memory, which counts to the page; envtui's notes lie elsewhere.

    One of its own where that may be mounted, else /dev/shm, which others may be writing to.
    """
    place = os.path.join(tmp_path, "memory")
    os.mkdir(place)
    mount = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", place]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not mounted:
        place = tempfile.mkdtemp(dir="/dev/shm", prefix="envtui-test-")
    there = Home(os.path.join(place, "home"), home.pyenv).with_tools("uv", "virtualenv")
    there.variables["UV_CACHE_DIR"] = os.path.join(place, "uv")
    there.variables["XDG_STATE_HOME"] = home.at(".state")
    there.variables["XDG_CACHE_HOME"] = home.at(".cache")
    try:
        yield there
    finally:
        if mounted:
            subprocess.run(["umount", "-l", place], check=True)
        else:
            shutil.rmtree(place)


def free(path: str) -> int:
    status = os.statvfs(path)
    return status.f_bfree * status.f_frsize


def test_what_comes_back_is_what_was_told(memory: Home) -> None:
    home = memory
    wheel = os.path.join(home.folder("wheels"), "big-1.0-py3-none-any.whl")
    with zipfile.ZipFile(wheel, "w") as archive:
        for number in range(20):
            archive.writestr(f"big/part{number}.bin", os.urandom(150_000 + number * 777))
        archive.writestr(
            "big-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: big\nVersion: 1.0\n"
        )
        archive.writestr(
            "big-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("big-1.0.dist-info/RECORD", "")

    def install(name: str, mode: str) -> None:
        prefix = home.at(name, ".venv")
        home.run("uv", "venv", "-q", "-p", home.python("3.12"), prefix)
        words = ("uv", "pip", "install", "-q", "--offline", "--no-index", "--link-mode", mode)
        home.run(*words, "-p", f"{prefix}/bin/python", wheel)

    for name in ("linked", "twin", "alone"):
        install(name, "hardlink")  # uv's default
    install("copied", "copy")
    install("symlinked", "symlink")
    home.virtualenv("own/.venv", "3.12")
    whole = 20 * 150_000

    def sizes() -> dict[str, int]:
        found = home.json("list", "--size")["environments"]
        return {os.path.basename(os.path.dirname(one["path"])): one["size"] for one in found}

    told = sizes()
    assert told["copied"] > whole
    assert max(told[name] for name in ("linked", "twin", "alone", "symlinked")) < whole / 4

    def delete(*names: str) -> int:
        before = free(home.path)
        gone = home.envtui("remove", *(home.at(name, ".venv") for name in names), "--yes")
        assert gone.returncode == 0, gone.stderr
        assert home.envtui("trash", "empty", "--yes").returncode == 0
        return free(home.path) - before

    for name in ("own", "copied", "symlinked", "alone"):
        assert delete(name) == told[name], name
    # Without the cache the two share their files with each other only.
    shutil.rmtree(home.variables["UV_CACHE_DIR"])
    alone = sizes()
    assert max(alone.values()) < whole / 4
    listed = home.envtui("list", "--size").stdout
    assert listed.rstrip().splitlines()[-1].split()[0] == "all"
    for path in ("linked", "twin"):
        age(home.at(path, ".venv"), 300)
    both = home.json("clean", "--dry-run", "--filter", "unused:>200d")["frees"]
    assert both > whole
    assert delete("linked", "twin") == both
    # Without a cache and a twin it frees all that it holds.
    install("alone", "hardlink")
    assert sizes()["alone"] < whole / 4
    shutil.rmtree(home.variables["UV_CACHE_DIR"])
    last = sizes()["alone"]
    assert last > whole
    assert delete("alone") == last
