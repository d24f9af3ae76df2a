"""What a crash left half done is put right when the screen starts, and said."""

from __future__ import annotations

import os
import signal

from envtui import disk, execute, journal, recovery
from envtui.host import Host
from tests.changing import Project, in_child
from tests.homes import Home
from tests.ui.driving import Driver, drive

DIES = "echo half >>conf; echo made >made; kill -9 $PPID; sleep 60"


def crashed(home: Home) -> tuple[Project, dict[str, tuple[object, ...]]]:
    """A project in which envtui was killed by its own command, and how it was before."""
    project = Project(home.at("app"))
    before = project.tree()
    plan = project.plan(DIES)
    assert in_child(lambda: execute.perform(plan, Host())) == -signal.SIGKILL
    assert not os.path.lexists(project.venv)
    return project, before


def test_the_start_rolls_back_what_was_cut_off_and_says_so(in_home: Home) -> None:
    project, before = crashed(in_home)

    async def act(driver: Driver) -> None:
        await driver.told("was cut off and is rolled back")
        assert project.tree() == before
        # It is in the list again, without a key, and in the history with what became of it.
        await driver.until("app/.venv")
        await driver.press("w")
        await driver.until("failed")
        await driver.until("remove .venv")

    drive(act, host=Host())
    assert [entry.status for entry in journal.history()] == ["failed"]


def test_what_another_envtui_is_at_is_left_alone(in_home: Home) -> None:
    """It has the lock while it works, and its change looks half done."""
    project, before = crashed(in_home)
    half = project.tree()
    with disk.lock():
        assert recovery.recover(Host()) == []
    assert project.tree() == half
    assert [entry.status for entry in journal.history()] == ["running"]
    assert recovery.recover(Host()) == ["change 1 (remove .venv) was cut off and is rolled back"]
    assert project.tree() == before
