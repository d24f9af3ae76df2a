"""The trash: exact restoring, other filesystems, and emptying that touches nothing else."""

from __future__ import annotations

import json
import os
import sys
import tempfile

import pytest

from envtui import disk, emptying, execute, recovery, trash, trashing
from envtui.errors import BadInput, Refused
from envtui.facts.size import frees
from envtui.plan import Plan, Trash, Write
from tests.changing import host, in_child, make_venv, tree

MEMORY = "/dev/shm"


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def elsewhere(tmp_path):
    """A directory on another filesystem; its trash is gone again afterwards."""
    if not os.path.isdir(MEMORY) or os.stat(MEMORY).st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("this machine has no second filesystem that tests can write to")
    with tempfile.TemporaryDirectory(dir=MEMORY) as path:
        yield path
    emptying.empty()
    if os.path.isdir(f"{MEMORY}/.envtui-trash-{os.getuid()}"):
        try:
            os.rmdir(f"{MEMORY}/.envtui-trash-{os.getuid()}")
        except OSError:
            pass


def put(path, number=1):
    return trashing.put(str(path), title="remove it", number=number, step=0)


def test_a_real_environment_comes_back_exactly(tmp_path):
    venv = str(tmp_path / ".venv")
    make_venv(venv)
    os.utime(venv, ns=(5, 12345678901))
    old, times = tree(tmp_path), os.stat(venv).st_mtime_ns
    item = put(venv)
    assert not os.path.lexists(venv)
    assert [(i.id, i.path, i.title, i.number) for i in trash.listing()] == [
        (item.id, venv, "remove it", 1)
    ]
    assert frees(item.trashed) > 4096
    assert trashing.restore(item.id) == venv
    assert trash.listing() == []
    new = tree(tmp_path)
    assert {name: new[name] for name in old} == old
    assert os.stat(venv).st_mtime_ns == times


def test_files_and_links_are_renamed_as_they_are(tmp_path):
    (tmp_path / "file").write_text("x")
    os.symlink("nowhere", tmp_path / "link")
    old = tree(tmp_path)
    for name in ("file", "link"):
        put(tmp_path / name)
    for item in trash.listing():
        trashing.restore(item.id)
    new = tree(tmp_path)
    assert {name: new[name] for name in old} == old


def test_restoring_needs_the_place_to_be_free(tmp_path):
    (tmp_path / "dir").mkdir()
    item = put(tmp_path / "dir")
    (tmp_path / "dir").mkdir()
    with pytest.raises(Refused, match=f"{tmp_path}/dir is taken"):
        trashing.restore(item.id)
    assert trashing.restore(item.id, str(tmp_path / "other")) == str(tmp_path / "other")


def test_restoring_says_when_the_parent_is_gone(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    item = put(tmp_path / "a" / "b")
    os.rmdir(tmp_path / "a")
    with pytest.raises(Refused, match=f"{tmp_path}/a is gone.*--to"):
        trashing.restore(item.id)
    assert trash.listing() == [item]


def test_another_filesystem_has_a_trash_of_its_own(elsewhere):
    venv = os.path.join(elsewhere, "venv")
    make_venv(venv)
    old = tree(elsewhere)
    item = put(venv)
    top = f"{MEMORY}/.envtui-trash-{os.getuid()}"
    assert item.trashed.startswith(top + "/")
    assert oct(os.lstat(top).st_mode) == "0o40700"
    trashing.restore(item.id)
    assert tree(elsewhere) == old
    put(venv)
    emptying.empty()
    assert os.listdir(elsewhere) == []
    assert not os.path.lexists(top)


def test_a_trash_that_is_not_ours_is_not_used(elsewhere):
    top = f"{MEMORY}/.envtui-trash-{os.getuid()}"
    if os.path.isdir(top):
        os.rmdir(top)
    os.mkdir(os.path.join(elsewhere, "trap"))
    os.symlink(os.path.join(elsewhere, "trap"), top)
    try:
        os.mkdir(os.path.join(elsewhere, "dir"))
        with pytest.raises(Refused, match="does not copy"):
            put(os.path.join(elsewhere, "dir"))
        assert sorted(os.listdir(elsewhere)) == ["dir", "trap"]
        assert os.listdir(os.path.join(elsewhere, "trap")) == []
    finally:
        os.unlink(top)


def test_emptying_is_for_good_and_leaves_everything_else(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    victim = tmp_path / "victim"
    deep = victim
    for name in ("0", "1", " ", "-rf", "a\nb", "[x]", os.fsdecode(b"\xff")):
        deep = deep / name
        deep.mkdir(parents=True)
        (deep / "file").write_text("x")
        os.symlink(outside, deep / "link")
        os.symlink(outside / "precious", deep / "link to file")
        os.link(outside / "precious", deep / "hard")
    for directory, _, _ in os.walk(victim, topdown=False):
        os.chmod(directory, 0o500)
    old = tree(outside)
    put(victim)
    kept = tmp_path / "kept"
    kept.mkdir()
    other = put(kept, number=2)
    (gone,) = emptying.empty(["1-1"])
    assert gone.path == str(victim)
    assert tree(outside) == old
    assert trash.listing() == [other]
    with pytest.raises(BadInput, match="1-1"):
        trashing.restore("1-1")


def test_emptying_has_no_depth_limit(tmp_path):
    top = tmp_path / "deep"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d" * 50, dir_fd=here)
        inner = os.open("d" * 50, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    put(top)
    emptying.empty()
    assert os.listdir(tmp_path / "data" / "envtui" / "trash") == []


def test_a_forged_record_reaches_nothing_outside(tmp_path):
    precious = tmp_path / "precious"
    (precious / "9-1" / "x").mkdir(parents=True)
    (tmp_path / "own").mkdir()
    item = put(tmp_path / "own")
    forged = item._replace(id="9-1", trashed=str(precious / "9-1" / "x"))
    record = tmp_path / "data" / "envtui" / "trash" / "9-1.json"
    record.write_text(json.dumps(forged._asdict()))
    (record.parent / "torn.json").write_text('{"id": ')
    assert emptying.empty() == [item]
    assert (precious / "9-1" / "x").is_dir()


def test_hard_links_are_counted_once_and_only_if_they_go(tmp_path):
    directory = tmp_path / "dir"
    directory.mkdir()
    empty = frees(put(directory).trashed)
    trashing.restore("1-1")
    (directory / "a").write_bytes(b"x" * 100_000)
    os.link(directory / "a", directory / "b")
    (tmp_path / "cache").write_bytes(b"x" * 100_000)
    os.link(tmp_path / "cache", directory / "c")
    assert 100_000 <= frees(put(directory).trashed) - empty < 120_000


def test_what_uses_the_lock_is_told_so(tmp_path):
    (tmp_path / "dir").mkdir()
    put(tmp_path / "dir")
    with disk.lock(), pytest.raises(Refused, match=f"pid {os.getpid()}"):
        emptying.empty()
    assert len(trash.listing()) == 1


def test_nothing_is_reachable_through_an_id(tmp_path):
    for hostile in ("..", "../..", "", "/", "1-1/.."):
        with pytest.raises(BadInput):
            emptying.empty([hostile])


def test_what_vanishes_while_it_is_measured_counts_nothing(tmp_path):
    """A real deletion at a moment of the measuring: the interpreter's audit events show those."""
    for name in "abcdefgh":
        (tmp_path / "env" / name).mkdir(parents=True)
        (tmp_path / "env" / name / "file").write_bytes(b"x" * 9000)
    whole = frees(str(tmp_path / "env"))

    def measured():
        listed = []

        def hook(event, _args):
            if event == "os.scandir":
                listed.append(event)
                if len(listed) == 4:
                    for top, _, files in os.walk(tmp_path / "env", topdown=False):
                        for name in files:
                            os.unlink(os.path.join(top, name))
                        os.rmdir(top)

        sys.addaudithook(hook)
        left = frees(str(tmp_path / "env"))
        os._exit(0 if 0 < left < whole else 3)

    assert in_child(measured) == 0


def test_it_says_what_each_thing_is(tmp_path):
    venv = str(tmp_path / "venv")
    make_venv(venv)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    os.symlink("nowhere", tmp_path / "link")
    (tmp_path / "conda" / "conda-meta").mkdir(parents=True)
    python = tmp_path / "3.9.18"
    for name in ("bin/python", "lib/python3.9/os.py"):
        (python / name).parent.mkdir(parents=True)
        (python / name).write_text("")
    found = {name: trash.kind(put(tmp_path / name)) for name in sorted(os.listdir(tmp_path))[::-1]}
    version = ".".join(map(str, sys.version_info[:3]))
    assert found.pop("venv") == f"venv {version}"
    assert found == {
        "link": "link", "folder": "folder", "file": "file", "conda": "conda",
        "3.9.18": "Python 3.9.18",
    }  # fmt: skip
    (gone, *_) = trash.listing()
    trashing.restore(gone.id)
    assert trash.kind(gone) == "?"


def test_it_says_what_restoring_leaves_undone(tmp_path):
    here = host(tmp_path)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    both = (Trash(str(tmp_path / "one")), Write(str(tmp_path / "record"), b"x"))
    number = execute.perform(Plan("Remove one", both), here)
    execute.perform(Plan("Remove two", (Trash(str(tmp_path / "two")),)), here)
    two, one = trash.listing()
    assert recovery.more(two) == ""
    assert recovery.more(one) == (
        f"change {number} (Remove one) did 1 thing more, which restoring does not touch: to take "
        f"back all of it, undo change {number}"
    )
    trashing.restore(one.id)
    execute.undo(number, here)  # the rest of it
    assert not os.path.lexists(tmp_path / "record")
    assert os.path.isdir(tmp_path / "one")
