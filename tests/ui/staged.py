"""Data for dialogs that would else show what this machine has: put in where a thread would."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from envtui.cleaning import Suggestion
from envtui.doctor import Trouble
from envtui.facts.size import Tree
from envtui.installing import Offer
from envtui.journal import Command, Entry
from envtui.plan import Plan, Trash, Write
from envtui.trash import TIME, Item
from envtui.ui import leaving, proposal
from envtui.ui.clean import CleanDialog
from envtui.ui.deeds import propose
from envtui.ui.doctor import DoctorDialog
from envtui.ui.going import Going
from envtui.ui.install import InstallDialog
from envtui.ui.jobs import Job
from envtui.ui.listing import Listing
from envtui.ui.outcome import Outcome
from envtui.ui.trash import Thing, TrashDialog
from envtui.ui.work import WorkDrawer
from tests.ui import made

if TYPE_CHECKING:
    from tests.ui.driving import Driver

Stage = Callable[["Driver"], Awaitable[None]]
Shown = TypeVar("Shown", bound="Listing[Any]")
CODE, STORE = f"{made.HOME}/code", f"{made.HOME}/.cache/pypoetry/virtualenvs"
REMOVED = f"{STORE}/shop-Xy12Zk3a-py3.11"


def pinning() -> Plan:
    return Plan(
        "Pin Python 3.13.1 for shop",
        (Write(f"{CODE}/shop/.python-version", b"3.13.1\n"),),
        done="pinned Python 3.13.1 for shop",
    )  # fmt: skip


def removing() -> Plan:
    return Plan(
        "Remove shop-py3.11",
        (Trash(REMOVED), Write(f"{STORE}/envs.toml", b'[shop-Xy12Zk3a]\nminor = "3.12"\n')),
        warnings=(f"{CODE}/shop/poetry.toml names it",),
        done="removed shop-py3.11, 398M to the trash",
    )  # fmt: skip


async def pin(driver: Driver) -> None:
    plan = pinning()
    propose(driver.app, plan.title, lambda: proposal.of_plan(plan, driver.app.host))


async def removal(driver: Driver) -> None:
    host, plan = driver.app.host, removing()
    inventory = driver.app.main.inventory
    assert inventory is not None
    item = next(e for e in inventory.environments if e.path == REMOVED)
    propose(driver.app, plan.title, lambda: proposal.of_plan(plan, host, [item], inventory))


async def hookless(driver: Driver) -> None:
    inventory = driver.app.main.inventory
    assert inventory is not None
    leaving._hookless(driver.app, inventory.environments[1], Outcome(), "bash")


async def emptying(driver: Driver) -> None:
    things = tuple(
        Going(f"{made.HOME}/.trash/{n}", f"~/code/{name}/.venv", f"2026-11-{n:02}", "")
        for n, name in enumerate(("old-cms", "scratch", "api-py3.9", "reports"), 3)
    )
    body = [
        proposal.rule("what is done"),
        [("1  ", "accent"), ("delete 4 things from the trash", "")],
    ]
    shown = proposal.Proposal(
        "Empty the trash", body, "", [], lambda _output, _cancel: None, "deleted", danger="final",
        grade=("✗ dangerous: nothing brings this back", "bad"), going=things,
    )  # fmt: skip
    propose(driver.app, "Empty the trash", lambda: shown)


# -- jobs --------------------------------------------------------------------------------


async def jobs(driver: Driver) -> None:
    """One is done, one runs, one waits; no clock runs in them."""
    done, running, waiting = (
        Job(title, title, lambda _output, _cancel: None)
        for title in (removing().title, "Install Python 3.12.9", "Rebuild legacy/.venv")
    )
    done.status, done.done = "done", removing().done
    running.status, running.step, running.started, running.ended = "running", "1/1", 1.0, 83.0
    running.lines = [
        "[1/1] pyenv install 3.12.9",
        "Downloading Python-3.12.9.tar.xz...",
        "Installing Python-3.12.9...",
    ]
    driver.app.jobs.all[:] = [done, running, waiting]
    driver.app.main.refresh_bars()


def over(driver: Driver) -> None:
    """Forget them, and where the log is."""
    os.environ[_STATE] = driver.state
    driver.app.jobs.all.clear()
    driver.app.main.refresh_bars()


_STATE = "XDG_STATE_HOME"


async def journal(driver: Driver) -> None:
    """While it is looked at the log is called as it is in a real home; nothing is written then."""
    await driver.until("yet")
    os.environ[_STATE] = f"{made.HOME}/.local/state"
    changes = [removing(), pinning()]
    history = [
        Entry(17 - n, f"2026-11-{25 - n}T09:12:44Z", plan.title, plan.done,
              "done", tuple(s.text for s in plan.steps), tuple(s.undo for s in plan.steps), "", plan)
        for n, plan in enumerate(changes)
    ]  # fmt: skip
    history.insert(1, history[1]._replace(number=15, title="Install Python 3.12.9", status="failed",
                                          message="pyenv install ended with 1: no C compiler"))  # fmt: skip
    commands = [
        Command(16, "2026-11-24T09:12:45Z", "poetry env use 3.13.1", f"{CODE}/shop", 0,
                "Creating virtualenv shop-Xy12Zk3a-py3.13 in ~/.cache/pypoetry/virtualenvs\n"),
        Command(15, "2026-11-24T08:59:02Z", "pyenv install 3.12.9", made.HOME, 1,
                "configure: error: no acceptable C compiler found in $PATH\n"),
    ]  # fmt: skip
    drawer = driver.app.screen
    assert isinstance(drawer, WorkDrawer)
    drawer.tell((history, commands))


# -- reviews -----------------------------------------------------------------------------


async def answered(driver: Driver, kind: type[Shown]) -> Shown:
    """The dialog, once it holds what this machine has: that would else come over what is staged.

    That "looking" is not to be read does not tell: before the dialog is drawn it is not there either.
    """

    def filled() -> bool:
        screen = driver.app.screen
        # It is on the screen before it has its parts.
        return (
            isinstance(screen, kind)
            and screen.is_mounted
            and any(tone == "good" for ((_, tone),) in screen.rows.empty)
        )

    await driver.until(filled)
    screen = driver.app.screen
    assert isinstance(screen, kind)
    return screen


async def clean(driver: Driver) -> None:
    screen = await answered(driver, CleanDialog)
    inventory, _ = made.machine()
    by_name = {e.path: e for e in inventory.environments}
    taken = [
        (f"{CODE}/legacy/.venv", "certain", 96, "broken: its Python 3.8.18 is gone"),
        (f"{made.HOME}/.local/share/virtualenvs/etl-Kq3x9aBc", "certain", 1126,
         "its project ~/old/etl is gone"),
        (f"{made.HOME}/miniconda3/envs/ml", "likely", 4300, "unused for 180 days"),
        (f"{CODE}/docs/.venv", "possible", 180, "unused for 240 days"),
    ]  # fmt: skip
    offered = [
        Suggestion(by_name[path], (why, "nothing pins it"), sure, Plan("", (Trash(path),)))  # type: ignore[arg-type]
        for path, sure, _, why in taken
    ]
    # What is being measured already would come later, too.
    await driver.until(lambda: len(screen._trees) == len(screen._offered))
    screen._trees.clear()
    screen.offer(offered)
    await driver.until("2 ticked")
    await driver.until(lambda: all(one.item.id in screen._trees for one in offered))
    for one, (_, _, size, _) in zip(offered, taken, strict=True):
        screen.measured(one.item.id, Tree(size << 20, {}))
    await driver.until("1.2G come back")


async def clean_none(driver: Driver) -> None:
    screen = await answered(driver, CleanDialog)
    screen.offer([])


async def trash(driver: Driver) -> None:
    screen = await answered(driver, TrashDialog)
    code = f"{made.HOME}/code"
    known = [
        (f"{code}/old-cms/.venv", "venv 3.11.9", "", 0, 240),
        (f"{STORE}/reports-x7Kd02Qp-py3.9", "virtualenv 3.9.19", "", 3, 310),
        (f"{made.HOME}/.pyenv/versions/3.9.19", "Python 3.9.19", "", 21, 290),
        ("/mnt/data/lab/.venv", "?", "its disk is not mounted", 40, 0),
        (f"{code}/api-with-a-very-long-name/sub/.venv", "uv 3.12.7", "", 400, 520),
    ]
    things = [
        Thing(
            Item(f"{20 - n}-1", path, f"{made.HOME}/x/{n}/.venv", time.strftime(TIME, time.gmtime(driver.app.host.now() - days * 86400 - 3600)), f"Remove {path}",
                 20 - n, 0, "", 0, 0, 0),
            kind, kept,
        )
        for n, (path, kind, kept, days, _) in enumerate(known)
    ]  # fmt: skip
    wrong = [f"{code}/gone/.venv is no longer in the trash: it was deleted by something else"]
    screen.show(things, wrong)
    await driver.until(lambda: len(screen._sizes) == len(things))
    for thing, (*_, size) in zip(things, known, strict=True):
        screen.weighed(thing.item.id, size << 20 if size else None)


async def themes(driver: Driver) -> None:
    await driver.until("esc goes back")


async def doctor(driver: Driver) -> None:
    screen = await answered(driver, DoctorDialog)
    screen.tell([
        Trouble("lost Python", f"4 environments lost Python 3.8.18, which was in {made.HOME}/.pyenv/versions/3.8.18",
                "put on another Python", Plan("Repair 4 environments", ())),
        Trouble("pin", f"{CODE}/billing/.python-version asks for 3.12.9, which is not installed",
                "install it with pyenv, or pin another", None),
        Trouble("PATH order", "/usr/bin stands before pyenv's shims: python3 is the system's",
                f"put the pyenv line last in {made.HOME}/.bashrc", None),
    ])  # fmt: skip
    await driver.until("billing")


async def well(driver: Driver) -> None:
    screen = await answered(driver, DoctorDialog)
    screen.tell([])


async def install(driver: Driver) -> None:
    host, inventory = driver.app.host, driver.app.main.inventory
    assert inventory is not None
    dialog = InstallDialog(host, inventory, "3.1")
    known = (
        "3.14.0",
        "3.13.9",
        "3.13.1",
        "3.12.12",
        "3.12.9",
        "3.12.7",
        "3.11.14",
        "3.10.19",
        "3.9.24",
    )
    dialog._offers = [Offer("pyenv", None, known), Offer("uv", None, known[:4])]
    driver.app.push_screen(dialog)
    await driver.until("✗")
    await driver.drained()
    dialog._turn += 1  # what is asked for already comes too late
    dialog.tell([("✓ ", "good"), ("Install Python 3.14.0 through pyenv", "dim")])
    await driver.until("✓")
