"""The journal: what it remembers, and that a damaged file costs one line, not the history."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envtui import execute, journal, recovery, trash, trashing
from envtui.errors import BadInput, Problem, StepFailed
from envtui.plan import Guard, Link, Plan, Run, Trash, Unlink, Write
from tests.changing import host


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return host(tmp_path)


@pytest.fixture
def files(tmp_path):
    return tmp_path / "state" / "envtui" / "journal"


def note(tmp_path, title="write"):
    return Plan(title, (Write(str(tmp_path / "note"), title.encode()),), done=f"wrote {title}")


def test_a_whole_plan_survives():
    odd = os.fsdecode(b"/tmp/a \xff\n[b]'")
    plan = Plan(
        "every kind of step",
        (
            Run(("a", odd), "/", (("K", "v"),), ("/c",), ("/d",)),
            Write(odd, bytes(range(256)), "[x]\n"),
            Trash(odd),
            Unlink("/l"),
            Link(odd, "../a"),
        ),
        (Guard("inode", odd, "1:2"), Guard("not-in-use", "/p")),
        ("mind the step",),
        "done it",
    )
    number = journal.start(plan).number
    written = journal.load(number)
    assert written
    assert written.entry.plan == plan
    assert written.entry.status == "running"


def test_history_tells_the_newest_first(here, tmp_path):
    for title in ("one", "two", "three"):
        execute.perform(note(tmp_path, title), here)
    execute.undo(None, here)
    entries = journal.history()
    assert [(e.number, e.title, e.status) for e in entries] == [
        (3, "three", "undone"),
        (2, "two", "done"),
        (1, "one", "done"),
    ]
    assert entries[1].done == "wrote two"
    assert entries[1].steps == (f"write {tmp_path}/note",)
    assert entries[1].undo == (f"put back {tmp_path}/note as it was",)
    with pytest.raises(BadInput, match="no change 4"):
        execute.undo_plan(4, here)


def test_every_command_is_remembered_with_what_it_said(here, tmp_path):
    run = Run(("/bin/sh", "-c", "seq 100000"), str(tmp_path))
    execute.perform(Plan("count", (run,)), here)
    with pytest.raises(StepFailed):
        execute.perform(Plan("fail", (Run(("/bin/sh", "-c", "echo no; exit 4"), "/"),)), here)
    failed, counted = journal.commands()
    assert (failed.number, failed.status, failed.output, failed.cwd) == (2, 4, "no", "/")
    assert counted.text == "/bin/sh -c 'seq 100000'"
    assert counted.status == 0
    assert counted.output.endswith("\n100000")
    assert len(counted.output) <= 64 * 1024


def test_a_torn_last_line_is_ignored_and_written_after(here, tmp_path, files):
    execute.perform(note(tmp_path), here)
    with open(files / "000001.jsonl", "ab") as file:
        file.write(b'{"event": "undo')
    assert journal.history()[0].status == "done"
    assert execute.undo(1, here).status == "undone"
    assert journal.history()[-1].status == "undone"


@pytest.mark.parametrize(
    "content", [b"", b"\0\0", b'{"event": "plan"', b'{"event": "plan"}\n', b"[]\n7\n", b"\xff\n"]
)
def test_a_file_that_is_no_journal_hides_nothing(here, tmp_path, files, content):
    execute.perform(note(tmp_path), here)
    (files / "000007.jsonl").write_bytes(content)
    (files / "notes.txt").write_text("mine")
    assert [entry.number for entry in journal.history()] == [1]
    for told in (recovery.recover(here), journal.read()[1]):
        assert len(told) == 1
        assert f"{files}/000007.jsonl is damaged or was edited" in told[0]
    assert execute.perform(note(tmp_path, "next"), here) == 8
    with pytest.raises(BadInput, match="damaged or was edited"):
        execute.undo(7, here)
    assert (files / "000007.jsonl").read_bytes() == content


def remove_and_write(tmp_path):
    (tmp_path / "env").mkdir(exist_ok=True)
    return Plan(
        "remove env",
        (Trash(str(tmp_path / "env")), Write(str(tmp_path / "note"), b"new", "new\n")),
        done="removed env",
    )


def test_one_of_a_newer_version_is_told_and_neither_undone_nor_recovered(here, tmp_path, files):
    execute.perform(remove_and_write(tmp_path), here)
    file = files / "000001.jsonl"
    newer = file.read_bytes().replace(b'"version": 1', b'"version": 2')
    newer += b'{"event": "approved", "time": "2030-01-01T00:00:00Z"}\n'
    file.write_bytes(newer)
    for act in (execute.undo, execute.undo_plan):
        with pytest.raises(BadInput, match="of a newer envtui"):
            act(1, here)
    assert "of a newer envtui" in recovery.recover(here)[0]
    assert file.read_bytes() == newer
    assert not (tmp_path / "env").exists()
    assert execute.perform(note(tmp_path, "next"), here) == 2
    assert file.read_bytes() == newer


def test_cut_at_every_byte_it_is_the_old_state_or_the_new_one_or_told(here, tmp_path, files):
    """As by a disk error: the change itself was done long ago."""
    execute.perform(remove_and_write(tmp_path), here)
    whole = (files / "000001.jsonl").read_bytes()
    execute.undo(1, here)
    end = whole.index(b"\n")
    for size in sorted({*range(0, len(whole), 41), end, end + 1, len(whole) - 1, len(whole)}):
        shutil.rmtree(tmp_path / "state")
        shutil.rmtree(tmp_path / "data")
        execute.perform(remove_and_write(tmp_path), here)
        (files / "000001.jsonl").write_bytes(whole[:size])
        told = recovery.recover(here)
        states = ((tmp_path / "env").exists(), (tmp_path / "note").exists())
        where = f"cut to {size} of {len(whole)}: {told}"
        if size < whole.index(b"\n"):
            assert "is damaged" in told[0], where
            assert states == (False, True), where
        elif size >= len(whole) - 1:  # but for the end of its last line it is whole
            assert told == [], where
        else:
            assert len(told) == 1, where
            assert ("is rolled back" in told[0]) == states[0], where
            assert ("is in the trash" in told[0]) != states[0], where
        # Whatever was not taken back can still be found.
        if not states[0]:
            trashing.restore(trash.listing()[0].id)
        (tmp_path / "note").unlink(missing_ok=True)
        assert (tmp_path / "env").is_dir(), where


def test_one_that_was_cut_long_ago_is_not_rolled_back_over_what_came_later(here, tmp_path, files):
    execute.perform(remove_and_write(tmp_path), here)
    execute.perform(note(tmp_path, "later"), here)
    lines = (files / "000001.jsonl").read_bytes().splitlines(keepends=True)
    (files / "000001.jsonl").write_bytes(b"".join(lines[:-1]))
    (told,) = recovery.recover(here)
    assert "ends too early: it was cut or edited" in told
    assert (tmp_path / "note").read_bytes() == b"later"
    assert execute.perform(note(tmp_path, "last"), here) == 3
    with pytest.raises(BadInput, match="not finished"):
        execute.undo(1, here)


VALUES = st.one_of(
    st.none(), st.integers(-3, 3), st.text(max_size=5), st.booleans(), st.just("../../x"),
    st.lists(st.integers(0, 3), max_size=2), st.just({}), st.just({"path": 7, "content": "!"}),
)  # fmt: skip


@settings(
    max_examples=int(os.environ.get("ENVTUI_FUZZ", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_edited_by_hand_it_is_told_and_nothing_breaks(here, tmp_path, files, data):
    """Any value of any event replaced, or taken out: a sentence, never a traceback."""
    for folder in ("state", "data"):
        shutil.rmtree(tmp_path / folder, ignore_errors=True)
    (tmp_path / "outside").write_text("precious")
    (tmp_path / "note").unlink(missing_ok=True)
    (tmp_path / "env").mkdir(exist_ok=True)
    execute.perform(remove_and_write(tmp_path), here)
    file = files / "000001.jsonl"
    events = [json.loads(line) for line in file.read_bytes().splitlines()]
    if data.draw(st.booleans(), "still open"):
        events.pop()
    within = data.draw(st.sampled_from(events))
    while True:
        key = data.draw(st.sampled_from(sorted(within)))
        if isinstance(within[key], dict) and within[key] and data.draw(st.booleans()):
            within = within[key]
            continue
        break
    if data.draw(st.booleans(), "take out"):
        del within[key]
    else:
        within[key] = data.draw(VALUES)
    text = "".join(json.dumps(event) + "\n" for event in events).encode()
    file.write_bytes(text)
    journal.history()
    journal.commands()
    for act in (recovery.recover, lambda h: execute.undo_plan(1, h), lambda h: execute.undo(1, h)):
        with contextlib.suppress(Problem):
            act(here)
    assert file.read_bytes().startswith(text)
    assert (tmp_path / "outside").read_text() == "precious"
    assert (tmp_path / "env").exists() or trash.listing()
    for item in trash.listing():
        trashing.restore(item.id)
    (tmp_path / "note").unlink(missing_ok=True)


def test_a_clock_that_jumped_changes_no_order(here, tmp_path, files):
    for title in ("one", "two"):
        execute.perform(note(tmp_path, title), here)
    file = files / "000001.jsonl"
    year = time.strftime("%Y").encode()
    file.write_bytes(file.read_bytes().replace(b'"time": "' + year, b'"time": "2999'))
    assert [entry.number for entry in journal.history()] == [2, 1]
    assert execute.undo(None, here).number == 2
    assert execute.undo(None, here).number == 1


def test_journals_are_private(here, tmp_path, files):
    execute.perform(note(tmp_path), here)
    assert oct(os.stat(files).st_mode) == "0o40700"
    assert oct(os.stat(files / "000001.jsonl").st_mode) == "0o100600"
