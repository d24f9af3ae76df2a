"""What the screen looks like, at the sizes people have; nothing is clipped and nothing hostile acts."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from envtui.model import Inventory
from envtui.ui.app import EnvtuiApp
from envtui.ui.rowlist import RowList
from envtui.ui.scanning import News
from tests.ui import made
from tests.ui.driving import Driver, drive


def test_the_layout_follows_the_window() -> None:
    async def act(driver: Driver) -> None:
        await driver.until("1 Projects")
        await driver.until("0 shop-py3.12")
        await driver.resize(80, 24)
        await driver.until("[2 Environments 8]")
        await driver.until("0 full detail")
        await driver.resize(120, 35)
        await driver.until("0 shop-py3.12")

    drive(act)


def test_columns_stay_aligned_beside_wide_characters() -> None:
    names = ("plain", "日本語の環境", "🐍🐍")
    environments = tuple(
        made.environment("venv", f"{made.HOME}/envs/{name}", "3.12.7") for name in names
    )
    inventory = made.inventory()._replace(environments=environments)

    async def act(driver: Driver) -> None:
        from rich.cells import cell_len

        def rows() -> list[str]:
            return [line for line in driver.lines if "3.12.7   ok" in line or "3.12.7  ok" in line]

        await driver.until(lambda: len(rows()) == 3)
        await driver.until(lambda: len({cell_len(row.split("3.12.7")[0]) for row in rows()}) == 1)

    drive(act, inventory=inventory)


def test_an_empty_home_says_what_to_do_first() -> None:
    async def act(driver: Driver) -> None:
        await driver.until("no environments yet")
        await driver.until("creates the first one")
        await driver.press("d", "enter", "Y", "space", "j", "G")

    drive(act, inventory=Inventory((), (), (), ()))


def test_before_the_scan_answers_it_says_that_it_looks() -> None:
    async def act(driver: Driver) -> None:
        await driver.until(lambda: driver.text.count("looking…") >= 3)
        await driver.press("d", "j", "1", "question_mark")
        await driver.until("switch the shell")

    drive(act, scan=made.Silent())


def test_until_a_key_is_pressed_the_cursor_waits_on_the_best_row() -> None:
    class Parts(made.Ready):
        def news(self) -> Iterator[News]:
            found = self.inventory.environments
            yield News(self.inventory._replace(environments=found[-1:]))
            due.wait()
            yield News(self.inventory, whole=True)

    due = threading.Event()

    async def act(driver: Driver) -> None:
        await driver.until(lambda: driver.app.main.inventory is not None)
        assert not [line for line in driver.lines if "▌" in line and "shop-py3.12" in line]
        due.set()
        await driver.until("shop-py3.12")
        await driver.until(lambda: any("▌● shop-py3.12" in line for line in driver.lines))

    drive(act, scan=Parts(made.inventory()))


def test_a_pane_chosen_before_the_rows_come_stays_chosen() -> None:
    class Late(made.Ready):
        def __init__(self) -> None:
            super().__init__(made.inventory())
            self.due = threading.Event()

        def answer(self) -> Inventory:
            self.due.wait()
            return self.inventory

    late = Late()

    async def act(driver: Driver) -> None:
        await driver.press("3")
        late.due.set()
        await driver.until("shop-py3.12")
        await driver.press("G", "g")
        await driver.until("0 Python ")

    drive(act, scan=late)


def test_a_scan_that_died_is_a_notice() -> None:
    async def act(driver: Driver) -> None:
        await driver.told("SIGKILL")
        await driver.press("R")
        await driver.until("shop-py3.12")

    drive(act, scan=made.Dead())


def test_without_colour_the_cursor_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    def reversed_rows(app: EnvtuiApp) -> list[str]:
        strips = app.screen._compositor.render_strips()
        return [
            s.text
            for s in strips
            if any(g.style and g.style.reverse for g in s if "shop" in g.text)
        ]

    async def act(driver: Driver) -> None:
        await driver.until(lambda: any("shop-py3.12" in row for row in reversed_rows(driver.app)))
        for segment in (segment for strip in driver.strips for segment in strip):
            if segment.style and segment.style.color:
                assert len(set(segment.style.color.get_truecolor())) == 1, segment  # a grey
        await driver.until("● active")
        await driver.until("✗ broken")

    drive(act)


def test_terminal_palette_themes_work() -> None:
    async def act(driver: Driver) -> None:
        for theme in ("ansi-dark", "ansi-light", "textual-light"):
            driver.app.theme = theme
            await driver.pilot.pause()
            await driver.until("shop-py3.12")

    drive(act)


def test_the_cursor_moves_by_named_keys_where_a_list_scrolls() -> None:
    """Arrows and pages move it, and not the rows away from under it."""
    pythons = tuple(made.interpreter(f"3.{minor}.1") for minor in range(20, 40))
    inventory = made.machine()[0]._replace(interpreters=pythons)

    async def act(driver: Driver) -> None:
        shown = driver.app.main.list("environments")
        await driver.press("2", "g", "pagedown")
        assert shown.cursor > 1
        await driver.press("end")
        assert shown.cursor == len(shown.rows.ids) - 1
        await driver.press("home")
        assert shown.cursor == 0
        await driver.press("p")
        await driver.until("fits >=3.11")
        rows = driver.app.screen.query_one(RowList)
        await driver.press(*["down"] * 7, "up")
        assert rows.cursor == 6
        await driver.until(
            lambda: any("▌" in line and rows.current_id[6:] in line for line in driver.drawn)
        )

    drive(act, inventory=inventory, size=(80, 15))
