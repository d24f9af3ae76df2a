"""Emptying the trash: its limits, what was cut off, what is gone or not mounted, a clock that jumped."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time

import pytest

from envtui import emptying, execute, journal, places, recovery, trash
from envtui.errors import BadInput, Refused, StepFailed
from envtui.plan import Plan, Trash, Write
from tests import mounting
from tests.changing import host, in_child, killed_before, tree

DAY = 86400


@pytest.fixture
def here(tmp_path, monkeypatch):
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return host(tmp_path)


@pytest.fixture
def remove(here, tmp_path):
    """Put something of a number of bytes into the trash, so many days ago; the answer is it."""

    def removed(name, size=1, days=0.0):
        os.makedirs(tmp_path / name)
        (tmp_path / name / "data").write_bytes(b"x" * size)
        number = execute.perform(Plan(f"remove {name}", (Trash(str(tmp_path / name)),)), here)
        (item,) = trash.of_step(number, 0)
        set_time(item, time.time() - days * DAY)
        return trash.find(item.id)

    return removed


def set_time(item, moment):
    """As if it had been put there at that moment; or as if the clock were another now."""
    record = trash.record_path(item.id)
    with open(record) as file:
        fields = json.load(file)
    fields["time"] = time.strftime(trash.TIME, time.gmtime(moment))
    with open(record, "w") as file:
        json.dump(fields, file)


def limit(text):
    os.makedirs(places.config(), exist_ok=True)
    with open(places.config("config.toml"), "w") as file:
        file.write(f"[trash]\n{text}\n")


def left():
    return [os.path.basename(item.path) for item in trash.listing()]


def test_without_a_limit_nothing_is_ever_deleted(remove, here):
    remove("ancient", days=4000)
    remove("new")
    assert left() == ["new", "ancient"]
    assert execute.warnings(Plan("x", (Trash("/x"),)), here) == []


def change(here):
    """A change that moves nothing to the trash; what was said at it."""
    said = []
    path = os.path.join(here.home, "notes")
    execute.perform(Plan("write", (Write(path, b"x"),)), here, said.append)
    return said


@pytest.fixture
def clock(monkeypatch):
    """Sets what the clock says, in days from a noon."""
    start, real = time.time() // DAY * DAY + DAY / 2, time.gmtime

    def sets(days):
        monkeypatch.setattr(time, "time", lambda: start + days * DAY)
        monkeypatch.setattr(time, "gmtime", lambda at=None: real(time.time() if at is None else at))

    sets(0)
    return sets


def test_too_old_is_what_is_so_by_the_clock_and_by_days_of_changes(clock, remove, here, tmp_path):
    limit("max_age_days = 30")
    remove("old")
    for day in range(1, 32):
        if day == 2:
            remove("young")
        clock(day)
        assert change(here) == [] == execute.warnings(Plan("x", (Trash("/x"),)), here), day
    clock(32)  # by the clock alone it was so the day before
    (tmp_path / "next").mkdir()
    plan = Plan("remove next", (Trash(str(tmp_path / "next")),))
    (warning,) = execute.warnings(plan, here)
    assert warning == f"the limit of your trash is reached: it then loses, for good, {tmp_path}/old"
    assert left() == ["young", "old"]
    said = []
    number = execute.perform(plan, here, said.append)
    assert said == [f"deleted from the trash, by its limit: {tmp_path}/old"]
    assert left() == ["next", "young"]
    execute.undo(number, here)
    assert (tmp_path / "next").is_dir()
    with pytest.raises(Refused, match="no longer in the trash"):
        execute.undo(1, here)


@pytest.mark.parametrize("days", [1, 30])
def test_a_clock_that_jumps_ahead_or_back_deletes_nothing(clock, remove, here, days):
    """Some changes at once, over a midnight too, and others once it is right again."""
    limit(f"max_age_days = {days}")
    remove("kept")
    for wrong in (365, 365.4, 365.6, 0, 4000, 4000.6, 0.1, -4000, 0.2):
        clock(wrong)
        assert change(here) == [], wrong
    assert left() == ["kept"]


def test_what_came_while_the_clock_was_wrong_stays_its_days(clock, remove, here, tmp_path):
    """As where the battery is empty: 1970, until the network has told the time."""
    limit("max_age_days = 10")
    clock(-time.time() / DAY + 1)
    remove("early")
    clock(1000)
    remove("ahead")
    for day in range(1, 12):
        clock(day)
        assert change(here) == [], day
    clock(12)
    assert change(here) == [f"deleted from the trash, by its limit: {tmp_path}/early"]
    for day in range(13, 40):
        clock(day)
        assert change(here) == []  # its age is not known
    assert left() == ["ahead"]


def test_what_is_too_much_goes_oldest_first_but_never_what_has_just_come(remove, here):
    for name, days in (("first", 3), ("second", 2), ("third", 1)):
        remove(name, size=400_000, days=days)
    limit('max_size = "1M"')
    remove("fourth", size=400_000)
    assert left() == ["fourth", "third"]
    remove("huge", size=3_000_000)
    assert left() == ["huge"]
    assert execute.undo(None, here).status == "undone"


def test_a_clock_that_was_set_back_makes_nothing_old(remove, here):
    remove("tomorrow", days=-400)
    limit("max_age_days = 1")
    remove("now")
    assert left() == ["now", "tomorrow"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max_age_days = 0", "max_age_days is a number above 0"),
        ("max_age_days = true", "max_age_days is a number above 0"),
        ("max_size = 5", 'max_size is a size, such as "5G"'),
        ('max_size = "much"', 'max_size is a size, such as "5G"'),
        ("max_aeg = 1", "max_age_days and max_size"),
    ],
)
def test_a_limit_that_makes_no_sense_deletes_nothing(remove, here, text, said):
    remove("old", days=100)
    limit(text)
    with pytest.raises(BadInput, match=said):
        execute.warnings(Plan("x", (Trash("/x"),)), here)
    assert left() == ["old"]


def test_killed_while_emptying_it_is_ended_by_the_next_recovery(remove, here, tmp_path):
    count, ended = 0, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        count += 1
        for name in ("one", "two"):
            if name not in left():
                remove(name)
        ended = killed_before(count, lambda: recovery.empty(here))
        assert recovery.recover(here) == []
        assert not emptying.is_cut_off()
        for item in trash.listing():  # not begun yet: whole
            assert os.path.isfile(os.path.join(item.trashed, "data"))
        assert {n for n in trash.names() if n.endswith(".json")} == {
            f"{item.id}.json" for item in trash.listing()
        }
    assert ended == 0
    assert left() == []
    assert count > 8


def test_what_something_else_deleted_is_told_and_forgotten_when_emptied(remove, here):
    item = remove("gone")
    os.unlink(os.path.join(item.trashed, "data"))
    os.rmdir(item.trashed)
    assert trash.listing() == []
    (problem,) = trash.problems()
    assert f"{item.path} is no longer in the trash" in problem
    with pytest.raises(BadInput, match="deleted from the trash by something else"):
        recovery.restore(item.id, here)
    with pytest.raises(Refused, match="no longer in the trash"):
        execute.undo(item.number, here)
    assert recovery.empty(here) == []
    assert trash.problems() == []


def test_what_lies_on_a_disk_that_is_not_mounted_is_kept(remove, here, tmp_path):
    item = remove("far")
    away = f"/nowhere/.envtui-trash-{os.getuid()}"
    moved = item._replace(trashed=f"{away}/{item.id}/far")._asdict()
    del moved["emptying"]
    with open(trash.record_path(item.id), "w") as file:
        json.dump(moved, file)
    assert left() == ["far"]
    with pytest.raises(StepFailed, match="not mounted"):
        recovery.empty(here)
    assert left() == ["far"]


@pytest.mark.parametrize(
    "edit",
    [
        {"time": 5}, {"path": "relative"}, {"trashed": 7}, {"id": ["1-1"]}, {"more": 1},
        {"mode": "rwx"}, {"time": "yesterday"}, {"number": None},
    ],
)  # fmt: skip
def test_a_record_that_was_edited_is_told_and_left_alone(remove, here, edit):
    item = remove("thing")
    record = trash.record_path(item.id)
    with open(record) as file:
        fields = json.load(file)
    text = json.dumps({**fields, **edit})
    with open(record, "w") as file:
        file.write(text)
    assert trash.listing() == []
    assert "damaged, edited or of a newer envtui" in trash.problems()[0]
    recovery.empty(here)
    assert os.path.isdir(item.trashed)
    with open(record) as file:
        assert file.read() == text


def test_a_number_of_which_the_trash_holds_something_is_not_given_again(remove, here, tmp_path):
    """Or the undo of a new change would put back what an old one had moved."""
    remove("old")
    os.unlink(places.state("journal", "000001.jsonl"))
    item = remove("new")
    assert item.number == 2
    execute.undo(None, here)
    assert left() == ["old"]


def test_one_that_cannot_be_deleted_does_not_keep_the_others(remove, here, tmp_path):
    """An open trash of another user's would be such; here a record turned into a directory."""
    items = [remove(name) for name in ("a", "b")]
    os.mkdir(trash.record_path(items[0].id, "emptying"))
    with pytest.raises(StepFailed, match=r"1 items are deleted.*/a is not deleted"):
        recovery.empty(here)
    assert left() == ["a"]


@pytest.fixture
def memory(monkeypatch):
    """A directory in memory, with envtui's own beside it, where the machine has such."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as path:
        for name in ("STATE", "DATA"):
            monkeypatch.setenv(f"XDG_{name}_HOME", f"{path}/{name.lower()}")
        yield path


@pytest.mark.long
def test_a_hundred_thousand_files_are_moved_as_one(here, memory):
    """Removing and undoing are a rename each: no file inside is looked at."""
    big = f"{memory}/big"
    for folder in range(100):
        os.makedirs(f"{big}/{folder}")
        with open(f"{big}/{folder}/0", "w") as file:
            file.write("x")
        for name in range(1, 1000):
            os.link(f"{big}/{folder}/0", f"{big}/{folder}/{name}")
    inode = os.stat(big).st_ino
    plan = Plan("remove big", (Trash(big),))

    def change():
        opened = []

        def hook(event, args):
            if event in ("open", "os.scandir", "os.listdir") and str(args[0]).startswith(big):
                opened.append(args[0])

        sys.addaudithook(hook)
        execute.perform(plan, here)
        execute.undo(None, here)
        os._exit(3 if opened else 0)

    assert in_child(change) == 0
    assert os.stat(big).st_ino == inode
    execute.perform(plan, here)
    (item,) = trash.listing()
    assert emptying.sizes([item])[0] > 100_000
    assert recovery.empty(here) == [item]
    assert tree(f"{memory}/data/envtui/trash") == {}


def test_what_vanishes_while_it_is_measured_has_no_size(remove, here):
    item = remove("there")
    gone = item._replace(id="9-9", trashed=item.trashed + "x")
    assert emptying.sizes([gone, item]) == [None, emptying.sizes([item])[0]]


def test_a_disk_that_hangs_is_told_and_the_rest_goes_on(remove, here, tmp_path):
    item, other = remove("far"), remove("near")
    away = f"{tmp_path}/mount/.envtui-trash-{os.getuid()}"
    moved = item._replace(trashed=f"{away}/{item.id}/far")._asdict()
    del moved["emptying"]
    with open(trash.record_path(item.id), "w") as file:
        json.dump(moved, file)
    with mounting.silent(f"{tmp_path}/mount"):
        assert left() == ["near", "far"]
        (problem,) = trash.problems()
        assert "on a disk that does not answer" in problem
        sizes = emptying.sizes(trash.listing())
        assert sizes[0] > 0
        assert sizes[1] is None
        with pytest.raises(BadInput, match="does not answer"):
            recovery.restore(item.id, here)
        with pytest.raises(StepFailed, match=r"1 items are deleted.*does not answer"):
            recovery.empty(here)
        assert not os.path.lexists(other.trashed)


def test_history_survives_it_all(remove, here):
    remove("a")
    recovery.empty(here)
    assert [entry.status for entry in journal.history()] == ["done"]
