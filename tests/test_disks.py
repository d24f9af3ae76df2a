"""Changes on real filesystems that are full, read-only, or not the same one: rolled back and told."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from envtui import cli, emptying, execute, recovery, trash, trashing
from envtui.errors import Problem, Refused, StepFailed
from envtui.plan import Plan, Run, Trash, Write
from tests import mounting, tools
from tests.changing import Project, host, in_child, tree

PAGE = 4096
TOP = f".envtui-trash-{os.getuid()}"


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A disk of 1 MB in memory on which all of envtui's own directories are."""
    with mounting.memory(f"{tmp_path}/small", "1m") as path:
        for name in ("STATE", "DATA", "CONFIG", "CACHE"):
            monkeypatch.setenv(f"XDG_{name}_HOME", f"{path}/{name.lower()}")
        yield path


def fill(path, left):
    """Leave so many pages free."""
    status = os.statvfs(path)
    with open(f"{path}/filler", "wb") as file:
        file.write(b"x" * (max(status.f_bfree - left, 0) * PAGE))
    return status.f_bfree


def test_a_disk_that_gets_full_at_any_moment(small):
    """Journal, trash, files that are written and what a command makes: all on it."""
    project, here = Project(f"{small}/project"), host(small)
    before, ends = project.tree(), []
    for left in range(14):
        free = fill(small, left)
        assert free > left
        try:
            number = execute.perform(project.plan(), here)
        except Problem as problem:
            told = str(problem)
            ends.append(type(problem))
        else:
            told = ""
            ends.append(None)
        assert not told or "No space left on device" in told, told
        assert not told or "Not rolled back" in told or project.tree() == before
        os.unlink(f"{small}/filler")
        recovery.recover(here)
        if ends[-1] is None:
            assert not os.path.lexists(project.venv)
            execute.undo(number, here)
        elif "Not rolled back" in told:
            execute.undo(1, here)  # as it says
        assert project.tree() == before, left
        for path in (f"{small}/state/envtui", f"{small}/data/envtui"):
            shutil.rmtree(path, ignore_errors=True)
    assert {Refused, StepFailed, None} == set(ends)


@pytest.fixture
def other(tmp_path, monkeypatch):
    """Another disk, with envtui's own directories on the first."""
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"{tmp_path}/{name.lower()}")
    with mounting.memory(f"{tmp_path}/other", "8m") as path:
        yield path


def remount(path, how):
    subprocess.run(["mount", "-o", f"remount,{how}", path], check=True)


def test_a_disk_that_turns_read_only_in_the_middle(other, tmp_path):
    project, here = Project(f"{other}/project"), host(tmp_path)
    before, plan = project.tree(), project.plan()
    fail = Run(("mount", "-o", "remount,ro", other), str(tmp_path))
    plan = plan._replace(steps=(plan.steps[0], fail, *plan.steps[1:]))
    with pytest.raises(StepFailed, match=r"Read-only file system[\s\S]*Not rolled back: step 3"):
        execute.perform(plan, here)
    with pytest.raises(Problem, match="Read-only file system"):
        execute.undo(1, here)
    remount(other, "rw")
    execute.undo(1, here)
    assert project.tree() == before
    assert trash.listing() == []


def test_where_no_journal_can_be_kept_nothing_is_changed(small):
    project, here = Project(f"{small}/project"), host(small)
    before = project.tree()
    remount(small, "ro")
    with pytest.raises(Refused, match="cannot keep a journal"):
        execute.perform(project.plan(), here)
    with pytest.raises(Problem):
        execute.perform(Plan("x", (Trash(project.venv),)), here)
    remount(small, "rw")
    assert project.tree() == before
    assert os.listdir(small) == ["project"]


@pytest.mark.parametrize("bound", [False, True], ids=["disk", "bind mount"])
def test_what_lies_on_another_mount_goes_to_the_trash_there(other, tmp_path, bound):
    """The kernel renames nothing from one mount to another, not even of the same disk."""
    top = other
    if bound:
        os.mkdir(f"{other}/inner")
        top = f"{tmp_path}/bound"
    with mounting.mounted("--bind", f"{other}/inner", top) if bound else open(os.devnull):
        project, here = Project(f"{top}/project"), host(tmp_path)
        before = project.tree()
        number = execute.perform(project.plan(), here)
        (item,) = trash.listing()
        assert item.trashed.startswith(f"{top}/{TOP}/")
        with pytest.raises(Refused, match="nothing was copied"):
            trashing.restore(item.id, f"{tmp_path}/elsewhere")
        execute.undo(number, here)
        assert project.tree() == before
        emptying.empty()  # what the command had made
        assert not os.path.lexists(f"{top}/{TOP}")


def test_a_mount_is_neither_moved_nor_emptied(other, tmp_path):
    here = host(tmp_path)
    os.mkdir(f"{tmp_path}/env")
    with open(f"{other}/precious", "w") as file:
        file.write("mine")
    with mounting.mounted("--bind", other, f"{tmp_path}/env/lib"):
        with pytest.raises(Refused, match="it is a mount point"):
            execute.perform(Plan("x", (Trash(f"{tmp_path}/env/lib"),)), here)
        number = execute.perform(Plan("y", (Trash(f"{tmp_path}/env"),)), here)
        (item,) = trash.listing()
        with pytest.raises(StepFailed, match=f"{item.trashed}/lib is mounted in it"):
            recovery.empty(here)
        execute.undo(number, here)
        assert os.listdir(f"{tmp_path}/env/lib") == ["precious"]
    assert os.listdir(other) == ["precious"]


def test_a_disk_that_is_full_can_still_be_freed(small):
    """Emptying the trash needs no room: else nobody could get any."""
    here = host(small)
    os.mkdir(f"{small}/big")
    with open(f"{small}/big/file", "wb") as file:
        file.write(b"x" * 100 * PAGE)
    execute.perform(Plan("x", (Trash(f"{small}/big"),)), here)
    fill(small, 0)
    assert [item.path for item in recovery.empty(here)] == [f"{small}/big"]
    assert os.statvfs(small).f_bfree >= 100


def test_a_full_disk_elsewhere_stops_only_what_is_written_there(other, tmp_path):
    here = host(tmp_path)
    fill(other, 0)
    plan = Plan(
        "two",
        (Write(f"{tmp_path}/one", b"x"), Write(f"{other}/two", b"x" * PAGE)),
    )
    with pytest.raises(StepFailed, match=r"No space left on device[\s\S]*everything is as it was"):
        execute.perform(plan, here)
    assert not os.path.lexists(f"{tmp_path}/one")
    assert tree(other).keys() == {"filler"}
    assert emptying.empty() == []


def test_a_directory_that_may_not_be_written_in_the_middle(tmp_path, monkeypatch):
    """A real refusal of the kernel's, which root never meets."""
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"{tmp_path}/mine/{name.lower()}")
    tools.open_to_all(str(tmp_path))
    shut, mine = f"{tmp_path}/mine/shut", f"{tmp_path}/mine"
    os.makedirs(shut)
    with open(f"{shut}/kept", "w") as file:
        file.write("as it was")
    if os.getuid() == 0:
        for path in (mine, shut, f"{shut}/kept"):
            os.chown(path, 65534, 65534)
    os.chmod(shut, 0o555)
    before = tree(mine)
    plan = Plan("two", (Write(f"{mine}/one", b"x"), Trash(f"{shut}/kept")))

    def change():
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        try:
            execute.perform(plan, host(mine))
        except Problem as told:
            rolled = "Permission denied" in str(told) and "everything is as it was" in str(told)
            os._exit(0 if rolled else 3)

    assert in_child(change) == 0
    left = tree(mine)
    assert {name: left[name] for name in before} == before
    assert not os.path.lexists(f"{mine}/one")


def test_an_empty_trash_is_empty_where_nothing_may_be_written_too(small, capsys):
    """It was refused, after "The trash is empty."."""
    remount(small, "ro")
    assert cli.main(["trash", "empty", "--yes"]) == 0
    assert capsys.readouterr() == ("The trash is empty.\n", "")
    remount(small, "rw")
