"""Plans done, rolled back, undone, and put right after a crash, with real processes and trees."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time

import pytest

from envtui import emptying, execute, journal, recovery, trash, trashing
from envtui.errors import BadInput, Cancelled, Refused, StepFailed, ToolMissing
from envtui.plan import Guard, Link, Plan, Run, Trash, Unlink, Write
from tests import tools
from tests.changing import Project, ended, host, in_child, killed_before, tree


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return host(tmp_path)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project")


def sh(script, cwd, **fields):
    return Run(("/bin/sh", "-c", script), str(cwd), **fields)


def is_progress(line):
    """Which step it is at, as opposed to what a command printed."""
    return re.match(r"\[\d+/\d+\] ", line) is not None


def test_a_change_is_done_and_undone_exactly(here, project):
    old = project.tree()
    lines = []
    number = execute.perform(project.plan(), here, lines.append)
    assert [line for line in lines if not is_progress(line)] == ["running"]
    assert [line.partition("]")[0] for line in lines if is_progress(line)] == [
        f"[{number}/5" for number in range(1, 6)
    ]
    assert sorted(os.listdir(project.root)) == ["conf", "envs.toml", "made", "turned"]
    assert oct(os.stat(project.record).st_mode)[-3:] == "640"
    entry, words = execute.undo_plan(None, here)
    assert entry.number == number
    assert words[-1] == f"move it back to {project.venv}"
    assert execute.undo(None, here).status == "undone"
    assert project.tree() == old
    subprocess.run([f"{project.venv}/bin/python", "-c", "pass"], check=True)
    with pytest.raises(BadInput, match="undone already"):
        execute.undo(number, here)
    with pytest.raises(BadInput, match="nothing to undo"):
        execute.undo(None, here)
    with pytest.raises(BadInput, match="no change 99"):
        execute.undo(99, here)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo x >made; echo c >>conf; echo sorry; exit 3", "status 3:\nsorry"),
        ("echo x >made; kill -9 $$", "killed by signal 9"),
        ("echo all fine", "was not made:\nall fine"),
    ],
)
def test_a_failed_command_rolls_everything_back(here, project, script, says):
    old = project.tree()
    with pytest.raises(StepFailed) as caught:
        execute.perform(project.plan(script), here)
    assert says in str(caught.value)
    assert "Rolled back: everything is as it was." in str(caught.value)
    assert project.tree() == old
    assert journal.history()[0].status == "failed"
    assert journal.commands()[0].text.startswith("/bin/sh -c")
    with pytest.raises(BadInput, match="nothing to undo"):
        execute.undo(1, here)


def test_a_write_that_cannot_be_done_rolls_back(here, project):
    old = project.tree()
    plan = project.plan()
    plan = plan._replace(steps=(*plan.steps, Write(project.settings + "/below/a/file", b"")))
    with pytest.raises(StepFailed, match="Rolled back"):
        execute.perform(plan, here)
    assert project.tree() == old


@pytest.mark.parametrize("size", range(200, 4600, 400))
def test_a_full_disk_rolls_back_and_says_so(here, project, size):
    old = project.tree()
    plan = project.plan()

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # EFBIG: Python ignores SIGXFSZ
        try:
            execute.perform(plan, here)
        except (StepFailed, Refused):
            return
        os._exit(7)

    if in_child(limited) != 7:
        assert project.tree() == old or recovery.recover(here)
        assert project.tree() == old


def test_all_reasons_are_told_before_anything_is_done(here, project):
    old = project.tree()
    plan = project.plan()._replace(
        guards=(
            Guard("inode", project.venv, "1:2"),
            Guard("content", project.record, "-"),
            Guard("executable", "/no/such/tool"),
        )
    )
    assert len(execute.refusals(plan, here)) == 3
    with pytest.raises(Refused, match=r"not the same.*exists already"):
        execute.perform(plan, here)
    assert project.tree() == old
    assert journal.history() == []


def test_a_missing_tool_is_told_first(here, project):
    plan = project.plan()
    missing = Run(("no-such-tool", "x"), project.root)
    with pytest.raises(ToolMissing, match="no-such-tool is not installed"):
        execute.perform(plan._replace(steps=(*plan.steps, missing)), here)
    assert os.path.isdir(project.venv)


def test_a_command_sees_cleaned_variables_and_no_terminal(here, project):
    seen = []
    here.variables = {
        **here.variables,
        **dict.fromkeys(["VIRTUAL_ENV", "PYTHONPATH", "PYENV_VERSION", "ENVTUI_OUT"], "/x"),
    }
    script = (
        'env; test -t 1 && echo tty; read x || echo eof; printf "\\033[31mred\\033[0m\\rnext\\n"'
    )
    execute.perform(
        Plan("look", (sh(script, project.root, variables=(("EXTRA", "1"),)),)), here, seen.append
    )
    assert {"NO_COLOR=1", "EXTRA=1", "tty", "eof", "red", "next"} <= set(seen)
    names = {line.partition("=")[0] for line in seen}
    assert names.isdisjoint({"VIRTUAL_ENV", "PYTHONPATH", "PYENV_VERSION", "ENVTUI_OUT"})


def test_hostile_output_is_told_line_by_line(here, project):
    seen = []
    script = r"printf 'one\r\ntwo\rthree \377\nlast'; printf '\033]0;title\007\n'"
    execute.perform(Plan("look", (sh(script, project.root),)), here, seen.append)
    assert [line for line in seen if not is_progress(line)] == ["one", "two", "three �", "last"]


def test_cancelling_kills_the_group_and_rolls_back(here, project):
    old = project.tree()
    cancel = threading.Event()
    pids = []

    def output(line):
        if not is_progress(line):
            pids.append(int(line))
            cancel.set()

    script = "trap '' INT; echo x >made; sleep 600 & echo $!; wait"
    with pytest.raises(Cancelled, match="Rolled back"):
        execute.perform(project.plan(script), here, output, cancel)
    assert project.tree() == old
    assert ended(pids[0])


def test_ctrl_c_rolls_back(here, project):
    old = project.tree()
    with pytest.raises(Cancelled, match="Rolled back"):
        execute.perform(
            project.plan("echo x >made; echo go; sleep 600"),
            here,
            lambda line: is_progress(line) or signal.raise_signal(signal.SIGINT),
        )
    assert project.tree() == old


def test_killed_before_every_change_it_makes(here, project):
    old = project.tree()
    plan = project.plan()
    count, ended = 0, None
    while ended != 0:
        count += 1
        ended = killed_before(count, lambda: execute.perform(plan, here))
        recovery.recover(here)
        if os.path.lexists(project.venv):
            assert project.tree() == old, f"killed before change {count}"
        else:
            execute.undo(None, here)
            assert project.tree() == old
        assert recovery.recover(here) == []
    assert count > 25


def test_killed_in_the_middle_of_a_command(here, project):
    old = project.tree()
    plan = project.plan("echo x >made; echo $$; sleep 600")
    pid_file = os.path.join(here.home, "pid")

    def output(line):
        if is_progress(line):
            return
        with open(pid_file, "w") as file:
            file.write(line)
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(lambda: execute.perform(plan, here, output)) == -signal.SIGKILL
    (message,) = recovery.recover(here)
    assert "was cut off and is rolled back" in message
    assert project.tree() == old
    with open(pid_file) as file:
        pid = int(file.read())
    assert ended(pid)


@pytest.mark.parametrize("asked", [None, 2])
def test_undo_after_a_crash_takes_back_what_was_cut_off_and_nothing_before(
    here, project, tmp_path, asked
):
    kept = tmp_path / "kept"
    execute.perform(Plan("keep", (Write(str(kept), b"kept"),)), here)
    old = project.tree()
    assert in_child(lambda: execute.perform(project.plan("kill -9 $PPID"), here)) == -signal.SIGKILL
    entry, words = execute.undo_plan(asked, here)
    assert (entry.number, words[-1]) == (2, f"move it back to {project.venv}")
    assert execute.undo(asked, here).number == 2
    assert project.tree() == old
    assert kept.read_text() == "kept"
    assert execute.undo_plan(None, here)[0].number == 1
    with pytest.raises(BadInput, match="rolled back: there is nothing to undo"):
        execute.undo(2, here)


def test_an_undo_that_a_crash_cut_off_is_what_the_next_one_ends(here, project, tmp_path):
    execute.perform(Plan("keep", (Write(str(tmp_path / "kept"), b"kept"),)), here)
    old = project.tree()
    execute.perform(project.plan(), here)
    count = 1
    while killed_before(count, lambda: execute.undo(None, here)) != 0:
        execute.undo(None, here)
        assert project.tree() == old
        assert (tmp_path / "kept").read_text() == "kept"
        execute.perform(project.plan(), here)
        count += 1
    assert count > 5


@pytest.mark.parametrize("size", range(150, 4500, 290))
def test_killed_while_writing_the_journal(here, project, size):
    old = project.tree()
    plan = project.plan()

    def doomed():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        execute.perform(plan, here)

    if in_child(doomed) == 0:
        execute.undo(None, here)
    recovery.recover(here)
    assert project.tree() == old


def test_emptying_the_trash_does_not_take_what_a_crash_left_there(here, project):
    old = project.tree()
    plan = project.plan("kill -9 $PPID")
    assert in_child(lambda: execute.perform(plan, here)) == -signal.SIGKILL
    assert not os.path.lexists(project.venv)
    assert recovery.empty(here) == []
    assert project.tree() == old


def test_another_envtui_is_waited_for_or_named(here, project, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    ready, tell = os.pipe()

    def first():
        execute.perform(
            project.plan(f"echo go; cat {tmp_path}/fifo; echo >made"),
            here,
            lambda _: os.write(tell, b"x"),
        )

    pid = os.fork()
    if pid == 0:
        try:
            first()
        finally:
            os._exit(0)
    os.read(ready, 1)
    with pytest.raises(Refused, match=rf"another envtui \(pid {pid}\) is changing something"):
        execute.perform(Plan("second", (Write(project.settings, b"second\n"),)), here)
    assert recovery.recover(here) == []
    (tmp_path / "fifo").write_text("go on\n")
    # From here on it is held for a moment only: the second one waits.
    execute.perform(Plan("second", (Write(project.settings, b"second\n"),)), here)
    os.waitpid(pid, 0)
    assert [entry.status for entry in journal.history()] == ["done", "done"]


def test_undo_in_any_order_while_nothing_stands_against_it(here, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        execute.perform(Plan(f"remove {name}", (Trash(str(tmp_path / name)),)), here)
    execute.undo(1, here)
    assert (tmp_path / "a").read_text() == "a"
    execute.undo(None, here)
    assert (tmp_path / "b").read_text() == "b"


def test_undo_is_refused_as_a_whole_where_the_place_is_taken(here, project):
    execute.perform(project.plan(), here)
    os.mkdir(project.venv)
    after = project.tree()
    for action in (execute.undo, execute.undo_plan):
        with pytest.raises(Refused, match=r"\.venv is taken"):
            action(1, here)
    assert project.tree() == after
    os.rmdir(project.venv)
    execute.undo(1, here)


def test_undo_is_refused_when_the_trash_was_emptied(here, project):
    number = execute.perform(project.plan(), here)
    emptying.empty()
    with pytest.raises(Refused, match="no longer in the trash"):
        execute.undo(number, here)


def test_undo_puts_only_our_entry_back_into_a_record_that_changed(here, project):
    execute.perform(project.plan(), here)
    with open(project.record, "a") as file:
        file.write("[other]\n")
    execute.undo(None, here)
    with open(project.record) as file:
        assert file.read() == "[api]\n[other]\n[shop]\n"


@pytest.mark.parametrize("section", ["", "[api]\nother = 1\n"])
def test_undo_refuses_a_record_it_could_only_damage(here, project, section):
    execute.perform(Plan("write", (Write(project.record, b"[api]\n", section),)), here)
    with open(project.record, "a") as file:
        file.write("[other]\n")
    with pytest.raises(Refused, match=r"envs\.toml has changed since"):
        execute.undo(None, here)


def test_undo_of_a_creation_trashes_it_unless_it_is_used(here, tmp_path):
    venv = str(tmp_path / "my env")
    plan = Plan(
        "create",
        (
            Run(
                (sys.executable, "-m", "venv", "--without-pip", venv),
                str(tmp_path),
                creates=(venv,),
            ),
        ),
    )
    execute.perform(plan, here)
    running = subprocess.Popen(
        [f"{venv}/bin/python", "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with pytest.raises(Refused, match=f"process {running.pid}"):
        execute.undo(None, here)
    running.communicate(b"\n")
    active = host(tmp_path)
    active.variables = {**here.variables, "VIRTUAL_ENV": venv}
    with pytest.raises(Refused, match="active in this shell"):
        execute.undo(None, active)
    execute.undo(None, here)
    assert not os.path.lexists(venv)
    (item,) = trash.listing()
    trashing.restore(item.id)
    assert os.path.exists(f"{venv}/bin/python")


def test_undo_of_a_creation_leaves_another_one_at_its_place_alone(here, tmp_path):
    made = str(tmp_path / "made")
    execute.perform(Plan("make", (sh("mkdir made", tmp_path, creates=(made,)),)), here)
    os.rename(made, made + "-old")
    os.mkdir(made)
    with pytest.raises(Refused, match="not the same any more"):
        execute.undo(None, here)
    os.rmdir(made)
    with pytest.raises(Refused, match="not there any more"):
        execute.undo(None, here)


def test_a_rebuild_is_undone_through_its_own_place(here, project):
    old = project.tree()
    steps = (Trash(project.venv), sh("mkdir .venv", project.root, creates=(project.venv,)))
    execute.perform(Plan("rebuild", steps), here)
    assert os.listdir(project.venv) == []
    execute.undo(None, here)
    assert project.tree() == old


def test_a_write_through_a_link_keeps_the_link(here, tmp_path):
    (tmp_path / "real").write_text("old")
    os.symlink("real", tmp_path / "link")
    execute.perform(Plan("write", (Write(str(tmp_path / "link"), b"new"),)), here)
    assert os.readlink(tmp_path / "link") == "real"
    assert (tmp_path / "real").read_text() == "new"
    execute.undo(None, here)
    assert (tmp_path / "real").read_text() == "old"


def test_a_new_file_and_its_directories_go_again(here, tmp_path):
    (tmp_path / "p").mkdir()
    execute.perform(Plan("write", (Write(str(tmp_path / "p/a/b/new"), b"x"),)), here)
    assert (tmp_path / "p/a/b/new").read_text() == "x"
    execute.undo(None, here)
    assert tree(tmp_path / "p") == {}


def test_names_of_any_bytes_survive(here, tmp_path):
    name = os.fsdecode(b"we \xff[b]'\n\"\xf0\x9f\x90\x8d")
    path = os.path.join(str(tmp_path), name)
    os.makedirs(path)
    os.symlink(name, os.path.join(path, name))
    old = tree(path)
    execute.perform(Plan(f"remove {name}", (Trash(path),)), here)
    assert journal.history()[-1].plan.steps == (Trash(path),)
    execute.undo(None, here)
    assert tree(path) == old


def test_a_directory_without_the_write_bit_comes_back_with_its_mode(here, tmp_path):
    """Moving one needs that bit, except for root: so another user does it."""
    path = tmp_path / "read-only"
    path.mkdir()
    (path / "file").write_text("x")
    os.chmod(path, 0o555)

    def user():
        if os.getuid() == 0:
            for top, names, files in os.walk(tmp_path):
                for name in [".", *names, *files]:
                    os.chown(os.path.join(top, name), 65534, 65534)
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        execute.perform(Plan("remove", (Trash(str(path)),)), here)
        execute.undo(None, here)

    time.strptime("2026", "%Y")  # it imports a module, from where that user may not look
    tools.open_to_all(str(path.parent))
    assert in_child(user) == 0
    assert oct(os.stat(path).st_mode)[-3:] == "555"
    assert (path / "file").read_text() == "x"


def test_an_unlinked_link_leaves_what_it_points_to(here, project):
    execute.perform(Plan("unlink", (Unlink(project.link),)), here)
    assert os.path.isdir(project.venv)
    with pytest.raises(StepFailed, match=r"not a link|No such file"):
        execute.perform(Plan("unlink", (Unlink(project.link),)), here)


def test_a_link_is_made_and_turned_and_both_are_taken_back(here, project):
    before = project.tree()
    new = os.path.join(project.venv, "bin", "mine")
    execute.perform(Plan("link", (Link(new, "python"), Link(project.link, "conf"))), here)
    assert os.readlink(new) == "python"
    assert os.readlink(project.link) == "conf"
    execute.undo(None, here)
    assert project.tree() == before


def test_a_link_that_others_turned_since_stays(here, project):
    execute.perform(Plan("link", (Link(project.link, "conf"),)), here)
    os.remove(project.link)
    os.symlink("elsewhere", project.link)
    with pytest.raises(Refused, match="has changed since"):
        execute.undo(None, here)
    assert os.readlink(project.link) == "elsewhere"


def test_a_file_is_never_replaced_by_a_link(here, project):
    with pytest.raises(Refused, match="not a link"):
        execute.perform(Plan("link", (Link(project.settings, "x"),)), here)
    assert os.path.isfile(project.settings)
