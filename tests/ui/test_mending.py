"""`r` and `C` on a real home: what they show, what they do, and that it can be taken back."""

from __future__ import annotations

import os
import shutil
import time

import pytest

from envtui import index
from envtui.host import Host
from envtui.ui.clean import CleanDialog
from tests.homes import Home
from tests.ui import staged
from tests.ui.driving import Driver, drive


@pytest.fixture
def worn(in_home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Two environments that lost their Python, one that is long unused, one that is fine."""
    home = in_home
    for name in ("one", "two"):
        prefix = home.virtualenv(f"code/{name}/.venv", "3.12")
        home.write(f"code/{name}/pyproject.toml", f'[project]\nname = "{name}"\n')
        assert os.path.isdir(prefix)
    home.venv("code/idle/.venv", "3.11")
    home.venv("code/new/.venv", "3.11")
    moment = time.time() - 300 * 86_400
    for folder, folders, files in os.walk(home.at("code/idle/.venv")):
        for name in [*folders, *files, "."]:
            os.utime(os.path.join(folder, name), (moment, moment), follow_symlinks=False)
    versions = f"{home.pyenv}/versions"
    os.rename(f"{versions}/{home.version('3.12')}", f"{versions}/3.12.99")
    monkeypatch.chdir(home.at("code"))
    monkeypatch.setenv("PWD", home.at("code"))
    return home


def starts(home: Home, name: str) -> bool:
    return os.path.exists(home.at(f"code/{name}/.venv/bin/python"))


def test_r_on_a_lost_python_mends_all_that_it_left(worn: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("3", "g")
        await driver.until("mend the 2 environments")
        await driver.press("r")
        await driver.until("Repair 2 environments?")
        await driver.press("y")
        await driver.until("repaired 2 environments")
        assert starts(worn, "one")
        assert starts(worn, "two")
        await driver.press("u")
        await driver.until("y Yes")
        await driver.press("y")
        await driver.until("✓ undone")

    drive(act, host=Host())
    assert not starts(worn, "one")


def test_r_says_why_it_can_not(worn: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("3", "G", "r")
        await driver.told("is there: nothing to repair")

    drive(act, host=Host())


def test_c_reviews_what_could_go_and_cleans_what_is_ticked(worn: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("C")
        await driver.until("2 ticked")
        await driver.until("unused for 300 days")
        await driver.until("15M come back")
        # The broken ones stand first and are ticked; the first is left alone, the idle one goes.
        await driver.press("g", "space")
        await driver.until("1 ticked")
        while driver.app.screen.rows.current_id != "venv:~/code/idle/.venv":  # type: ignore[attr-defined]
            await driver.press("j")
        await driver.press("space")
        await driver.until("2 ticked")
        await driver.press("d")
        await driver.until("Clean up 2 environments?")
        await driver.press("y")
        await driver.until("in the trash; empty it to free the space")

    drive(act, host=Host(), size=(140, 40))
    assert os.path.isdir(worn.at("code/one/.venv"))
    assert not os.path.lexists(worn.at("code/two/.venv"))
    assert not os.path.lexists(worn.at("code/idle/.venv"))
    assert worn.envtui("undo", "--yes").returncode == 0
    assert os.path.isdir(worn.at("code/idle/.venv"))


def test_c_in_a_home_where_all_is_used(worn: Home) -> None:
    shutil.rmtree(worn.at("code"))
    os.mkdir(worn.at("code"))
    shutil.rmtree(f"{worn.pyenv}/versions/3.12.99")

    async def act(driver: Driver) -> None:
        await driver.press("C")
        await driver.until("Clean up")
        await staged.answered(driver, CleanDialog)
        await driver.press("space", "escape")
        await driver.until("esc closes", gone=True)

    drive(act, host=Host())


def test_sizes_are_remembered_for_the_next_start(worn: Home) -> None:
    host, real = Host(), worn.at("code/new/.venv")

    async def measured(driver: Driver) -> None:
        await driver.until(lambda: "size" in index.recall(host).get(real, {}))

    drive(measured, host=host)
    index.keep(host, {real: {"size": 222 * 1024**3}})

    async def shown(driver: Driver) -> None:
        await driver.until("222G")

    drive(shown, host=host)
    shutil.rmtree(f"{real}/lib/python3.11/site-packages")
    assert "size" not in index.recall(host).get(real, {})


def test_doctor_is_called_by_name_and_mends(worn: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press(":")
        await driver.type("doctor")
        await driver.press("enter")
        await driver.until("2 environments lost Python")
        await driver.press("enter")
        await driver.until("Repair 2 environments?")
        await driver.press("y")
        await driver.until("repaired 2 environments")

    drive(act, host=Host())
    assert starts(worn, "one")
