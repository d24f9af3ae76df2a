"""Conditions of a plan: each holds where it should and says why where it does not."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys

import pytest

from envtui import execute, guards
from envtui.facts import own_files, use
from envtui.host import inode
from envtui.plan import Guard, Plan, Trash
from tests import tools
from tests.changing import host, make_venv


@pytest.fixture
def here(tmp_path):
    return host(tmp_path)


@pytest.fixture
def venv(tmp_path):
    path = str(tmp_path / "the env")
    make_venv(path)
    return path


@pytest.fixture
def start():
    """Start a process that waits for its end; it says a word first, so that it surely runs."""
    running = []

    def started(*argv, **kwargs):
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **kwargs)
        running.append(process)
        assert process.stdout.readline()
        return process

    yield started
    for process in running:
        process.communicate(b"\n")


WAIT = ("-c", "print(1, flush=True); input()")


def test_absent(here, tmp_path):
    guard = Guard("absent", str(tmp_path / "x"))
    assert guards.check(guard, here) is None
    os.symlink("nowhere", tmp_path / "x")
    assert guards.check(guard, here) == f"{tmp_path}/x exists already"


def test_the_same_directory(here, venv):
    guard = Guard("inode", venv, inode(venv))
    assert guards.check(guard, here) is None
    os.rename(venv, venv + " old")
    assert "not there any more" in guards.check(guard, here)
    os.mkdir(venv)
    assert "not the same" in guards.check(guard, here)


def test_the_same_content(here, tmp_path):
    file = tmp_path / "file"
    absent = Guard("content", str(file), "-")
    guard = Guard("content", str(file), hashlib.sha256(b"x").hexdigest())
    assert guards.check(absent, here) is None
    assert "not there any more" in guards.check(guard, here)
    file.write_bytes(b"x")
    assert guards.check(guard, here) is None
    assert "exists already" in guards.check(absent, here)
    file.write_bytes(b"y")
    assert "has changed meanwhile" in guards.check(guard, here)


@pytest.mark.parametrize("name", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_not_active_sees_through_links(here, venv, tmp_path, name):
    guard = Guard("not-active", venv)
    assert guards.check(guard, here) is None
    os.symlink(venv, tmp_path / "link")
    here.variables = {name: str(tmp_path / "link")}
    assert "active in this shell" in guards.check(guard, here)


def test_not_self(here, venv):
    assert guards.check(Guard("not-self", venv), here) is None
    assert "envtui itself" in guards.check(Guard("not-self", sys.prefix), here)
    assert "envtui itself" in guards.check(Guard("not-self", sys.base_prefix), here)


def test_executable(here, tmp_path):
    assert guards.check(Guard("executable", "sh"), here) is None
    assert guards.check(Guard("executable", sys.executable), here) is None
    assert "not on PATH" in guards.check(Guard("executable", "no-such"), here)
    assert "cannot be run" in guards.check(Guard("executable", str(tmp_path / "x")), here)


def test_a_process_started_from_it_uses_it(here, venv, start):
    guard = Guard("not-in-use", venv)
    assert guards.check(guard, here) is None
    process = start(f"{venv}/bin/python", *WAIT)
    reason = guards.check(guard, here)
    assert f"process {process.pid} (`python -c print" in reason


@pytest.mark.parametrize("how", ["relative", "link", "variable", "cwd", "argument", "exe", "maps"])
def test_every_way_to_use_it_shows(venv, start, tmp_path, how):
    base = os.path.realpath(sys.executable)
    os.symlink(venv, tmp_path / "link")
    if how == "relative":
        start("bin/../bin/python", *WAIT, cwd=venv)
    elif how == "link":
        start(str(tmp_path / "link" / "bin" / "python"), *WAIT)
    elif how == "variable":
        start(base, *WAIT, env={**os.environ, "VIRTUAL_ENV": str(tmp_path / "link")})
    elif how == "cwd":
        start(base, *WAIT, cwd=f"{venv}/lib")
    elif how == "argument":
        script = f"{venv}/app.py"
        with open(script, "w") as file:
            file.write("print(1, flush=True)\ninput()\n")
        start(base, script)
    elif how == "exe":
        shutil.copy(shutil.which("sh"), f"{venv}/bin/copied")
        start("renamed", "-c", "echo 1; read x", executable=f"{venv}/bin/copied")
    else:
        with open(f"{venv}/lib/data", "wb") as file:
            file.write(b"x" * 4096)
        os.rename(venv, venv + "2")
        code = (
            f"import mmap;f=open({venv + '2/lib/data'!r},'rb');m=mmap.mmap(f.fileno(),0,access=1);"
        )
        start(base, "-c", code + WAIT[1])
        os.rename(venv + "2", venv)
    found = use.of(venv)
    assert len(found.own) == 1
    assert use.of(venv + "x").own == ()


def test_what_only_has_a_like_name_does_not_use_it(venv, start):
    make_venv(venv + "2")
    start(f"{venv}2/bin/python", *WAIT)
    assert use.of(venv).own == ()


def test_the_shell_that_started_us_does_not_count_by_its_words(venv, tmp_path):
    """`envtui remove ENV` is run by a shell whose own start named ENV, or once was active in it."""
    code = f"from envtui.facts import use; print(use.of({venv!r}).own)"
    script = f"{venv}/run.sh"
    with open(script, "w") as file:
        file.write('"$1" -c "$2" "$3"; :\n')
    said = subprocess.run(
        ["/bin/sh", script, sys.executable, code, venv],
        env={**os.environ, "VIRTUAL_ENV": venv},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert said.strip() == "()"


def test_other_users_only_warn(here, venv, start):
    if os.getuid() != 0:
        pytest.skip("only root can start a process of another user")
    start("/bin/sh", "-c", f"echo 1; read x; : {venv}", f"{venv}/bin/tool", user=65534)
    found = use.of(venv)
    assert (len(found.own), len(found.others)) == (0, 1)
    assert guards.check(Guard("not-in-use", venv), here) is None


def test_real_environments_hold_nothing_foreign(here, tmp_path):
    for version in tools.installed_versions():
        if version.startswith("2."):
            continue
        path = str(tmp_path / version)
        python = os.path.join(tools.machine_pyenv(), "versions", version, "bin", "python")
        subprocess.run([python, "-m", "venv", "--without-pip", path], check=True)
        assert own_files.foreign(path, here) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("app.py", "holds files of your own: app.py"),
        (".git/HEAD", "project's own directory (it holds .git)"),
        ("pyproject.toml", "project's own directory (it holds pyproject.toml)"),
        ("src/thing/setup.py", "holds files of your own: src"),
        ("bin/notes.txt", "holds files of your own: bin/notes.txt"),
        ("lib/mine/x.py", "holds files of your own: lib/mine"),
    ],
)
def test_the_users_own_files_are_named(here, venv, name, said):
    guard = Guard("no-foreign-files", venv)
    assert guards.check(guard, here) is None
    os.makedirs(os.path.dirname(os.path.join(venv, name)), exist_ok=True)
    with open(os.path.join(venv, name), "w") as file:
        file.write("x")
    assert guards.check(guard, here) == f"{venv} " + (said if said[0] == "h" else f"is a {said}")


def test_what_a_package_installed_is_not_the_users(here, venv):
    site = os.path.join(venv, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    info = os.path.join(site, "site-packages", "thing-1.dist-info")
    os.makedirs(info)
    os.makedirs(os.path.join(venv, "lib", "pkgconfig"))
    for name in ("README", "bin/data.json"):
        with open(os.path.join(venv, name), "w") as file:
            file.write("x")
    with open(os.path.join(info, "RECORD"), "w") as file:
        file.write('../../../README,,\n"../../../bin/data.json",,\n../../pkgconfig/x.pc,,\n')
    assert own_files.foreign(venv, here) == []


NOBODY = 65534


def as_nobody(prelude: str, code: str, *words: str) -> list[str]:
    """Lines that Python code prints as a user to whom root's processes do not show themselves."""
    if os.getuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root can become another user and mount /proc anew")
    become = "import os; from envtui import execute; import psutil\n"
    become += f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", f'{prelude}; exec "$@"', "sh", sys.executable, "-c",
         become + code, *words],
        capture_output=True, text=True, check=False, cwd=tools.CHECKOUT,
    )  # fmt: skip
    if "permission denied" in done.stderr:
        pytest.skip(f"/proc may not be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


WARNED = """
import sys
from envtui.host import Host, inode
from envtui.plan import Guard, Plan, Trash
plan = Plan("x", (Trash(sys.argv[1]),), (Guard("not-in-use", sys.argv[1]),))
print(*execute.warnings(plan, Host("/tmp", {}, "/tmp")), sep="\\n")
"""


@pytest.mark.parametrize(
    ("prelude", "said"),
    [
        ("true", r"processes that can't be looked into may be in it: \d+ of other users"),
        ("mount -t proc -o hidepid=1 proc /proc", r".* may be in it: \d+ of other users"),
        ("mount -t proc -o hidepid=2 proc /proc", r".* may be in it: all of other users"),
    ],
)
def test_a_plan_says_whose_processes_could_not_be_looked_into(tmp_path, prelude, said):
    tools.open_to_all(str(tmp_path))
    told = as_nobody(prelude, WARNED, str(tmp_path))
    assert re.fullmatch(said, told[0]), told
    assert len(told) == 1
    plan = Plan("x", (Trash(str(tmp_path)),), (Guard("not-in-use", str(tmp_path)),))
    assert "other users" not in " ".join(execute.warnings(plan, host(tmp_path)))  # root sees all
