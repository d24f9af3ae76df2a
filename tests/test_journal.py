"""The journal: what it remembers, and that a damaged file costs one line, not the history."""

from __future__ import annotations

import os

import pytest

from envtui import execute, journal
from envtui.errors import BadInput, StepFailed
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
    assert journal.entry(number).plan == plan
    assert journal.entry(number).status == "running"


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
        journal.entry(4)


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
    assert journal.entry(1).status == "undone"


@pytest.mark.parametrize(
    "content", [b"", b"\0\0", b'{"event": "plan"', b'{"event": "plan"}\n', b"[]\n7\n", b"\xff\n"]
)
def test_a_file_that_is_no_journal_hides_nothing(here, tmp_path, files, content):
    execute.perform(note(tmp_path), here)
    (files / "000007.jsonl").write_bytes(content)
    (files / "notes.txt").write_text("mine")
    assert [entry.number for entry in journal.history()] == [1]
    for told in (execute.recover(here), journal.read()[1]):
        assert len(told) == 1
        assert f"{files}/000007.jsonl is damaged or was edited" in told[0]
    assert execute.perform(note(tmp_path, "next"), here) == 8
    with pytest.raises(BadInput, match="damaged or was edited"):
        execute.undo(7, here)
    assert (files / "000007.jsonl").read_bytes() == content


def test_journals_are_private(here, tmp_path, files):
    execute.perform(note(tmp_path), here)
    assert oct(os.stat(files).st_mode) == "0o40700"
    assert oct(os.stat(files / "000001.jsonl").st_mode) == "0o100600"
