"""`:`, `?` and the user's own keys, on a made inventory."""

from __future__ import annotations

from envtui.actions import KEYS
from envtui.model import Inventory, Notice
from envtui.ui.finder import Finder
from envtui.ui.rowlist import RowList
from tests.homes import Home
from tests.ui.driving import Driver, drive


def test_everything_is_reached_by_name() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("colon")
        await driver.type("legacy ven")
        await driver.until("── Environments")
        await driver.press("enter")
        await driver.until(lambda: driver.app.main.chosen == "environments")
        await driver.until(
            lambda: driver.app.main.list("environments").current_id.endswith("legacy/.venv")
        )
        await driver.press("colon")
        await driver.type("billing")
        await driver.press("enter")
        await driver.until(lambda: driver.app.main.chosen == "projects")
        await driver.press("colon")
        await driver.type("3.13")
        await driver.press("enter")
        await driver.until(
            lambda: driver.app.main.list("interpreters").current_id == "pyenv:3.13.1"
        )

    drive(act)


def test_what_a_filter_hides_is_reached_too() -> None:
    async def act(driver: Driver) -> None:
        assert "legacy" not in "".join(driver.app.main.list("environments").rows.ids)
        await driver.press("colon")
        await driver.type("legacy ven")
        await driver.press("enter")
        await driver.until(
            lambda: driver.app.main.list("environments").current_id.endswith("legacy/.venv")
        )

    drive(act, filter_text="shop")


def test_an_action_is_run_by_name_or_says_why_not() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("colon")
        await driver.type("zoom")
        await driver.press("enter")
        await driver.until(lambda: driver.app.main.has_class("-zoomed"))
        await driver.press("colon")
        await driver.type("remove")
        await driver.until("is active in this shell")
        await driver.press("escape")

    drive(act)


def test_before_the_scan_there_are_actions() -> None:
    from tests.ui import made

    async def act(driver: Driver) -> None:
        await driver.press("colon")
        await driver.type("rescan")
        await driver.until("look at the machine again")

    drive(act, scan=made.Silent())


def test_a_theme_is_shown_kept_or_given_up(in_home: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("colon")
        await driver.type("theme")
        await driver.press("enter")
        await driver.until("esc goes back")
        await driver.type("nord")
        await driver.until(lambda: driver.app.theme == "nord")
        await driver.press("escape")
        await driver.until(lambda: driver.app.theme == "envtui")
        await driver.press("colon")
        await driver.type("theme")
        await driver.press("enter")
        await driver.type("dracula")
        await driver.press("enter")
        await driver.told("theme dracula, written to")

    assert drive(act).theme == "dracula"
    with open(in_home.at(".config/envtui/config.toml")) as file:
        assert file.read() == 'theme = "dracula"\n'


def test_a_theme_that_is_given_up_is_not_shown_later() -> None:
    """By a move of the cursor that is told when the answer is given already."""

    async def act(driver: Driver) -> None:
        await driver.press(":", *"theme", "enter")
        finder = driver.app.screen
        assert isinstance(finder, Finder)
        await driver.press("down")
        finder.frame.post_message(RowList.Moved())  # it is on its way up
        await driver.burst("escape")
        await driver.closed()
        await driver.drained()
        assert driver.app.theme == "envtui"

    drive(act)


def test_own_keys_do_what_they_are_given_and_show_everywhere() -> None:
    keys = {**KEYS, "remove": ("x",), "zoom": ("d", "f5"), "create": ("N",)}

    async def act(driver: Driver) -> None:
        await driver.until(lambda: "x remove" in driver.lines[-1])
        await driver.press("d")
        await driver.until(lambda: driver.app.main.has_class("-zoomed"))
        await driver.press("f5")
        await driver.until(lambda: not driver.app.main.has_class("-zoomed"))
        await driver.until("this shell: ⏎ leaves it, then x")
        await driver.press("1", "j", "j", "enter")
        await driver.told("N creates")
        await driver.press("2", "j", "x")
        await driver.until("/.venv to the trash")
        await driver.press("escape")
        await driver.press("question_mark")
        await driver.type("trash")
        await driver.until(lambda: any("▌  x " in line for line in driver.lines))

    drive(act, keys=keys)


def test_hints_name_the_keys_of_the_users_own_map() -> None:
    """Empty panes, a filter that hides all, the last line, the note above, the key bar."""
    own = {"create": ("n",), "rescan": ("f5",), "back": ("x",), "work": ("f2",), "detail": ("f3",)}
    notices = (Notice("/home/ada/backup", "permission denied"),)

    async def empty(driver: Driver) -> None:
        await driver.until("n  creates the first one")
        await driver.until("n create")
        await driver.until("your package manager, then f5")
        await driver.until("1 could not be read: f2")

    async def full(driver: Driver) -> None:
        await driver.until("f3 full detail")
        await driver.press("slash", *"zzz", "enter")
        await driver.until("x  clears the filter")
        await driver.press("x")
        await driver.until("nothing matches", gone=True)

    drive(empty, inventory=Inventory((), (), (), notices), keys={**KEYS, **own})
    drive(full, keys={**KEYS, **own}, size=(80, 24))
