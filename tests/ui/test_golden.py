"""Every pane, dialog and layout as plain text, at the sizes of SCREEN's drawings and beyond.

`UPDATE_GOLDEN=1 python -m pytest tests/ui/test_golden.py` writes the screens anew; `git diff` then
shows what has changed.
"""

from __future__ import annotations

import pytest

from envtui.model import Inventory
from envtui.ui.app import EnvtuiApp
from envtui.ui.messages import Decided
from tests.ui import made
from tests.ui.driving import Driver, check_golden, drive

SIZES = [(60, 15), (80, 24), (120, 35), (200, 50)]
SCENES: dict[str, tuple[tuple[str, ...], str]] = {
    "environments": (("2",), "elsewhere"),
    "orphan": (("2", "G", "select:etl-"), "orphan"),
    "projects": (("1", "g"), "shop"),
    "interpreters": (("3", "select:pyenv:3.11.9"), "3.11.9"),
    "lost": (("3", "G"), "gone"),
    "detail": (("2", "g", "0"), "active in this shell"),
    "packages": (("2", "0", "right_square_bracket"), "fastapi"),
    "why": (("2", "0", "right_square_bracket"), "why it is listed"),
    "files": (("2", "0", "right_square_bracket"), "Prefix"),
    "zoom": (("right_square_bracket", "2", "plus"), "elsewhere"),
    "filter": (("2", "slash", *"broken"), "broken"),
    "no-match": (("2", "slash", *"zzz", "enter"), "nothing matches"),
    "help": (("question_mark",), "KEY"),
    "palette": (("colon",), ""),
    "work": (("w",), "nothing was changed yet"),
}
"""For each scene the keys that lead there, and a word that has to be seen then."""
BACK = ("escape", "escape", "2", "g")


async def known(driver: Driver) -> None:
    """The slow facts are there, without a disk that they could be read from."""
    _, facts = made.machine()
    main = driver.app.main
    await driver.surveyed()
    for field in ("uses", "last_used", "size"):
        main.learn(field, {key: getattr(one, field) for key, one in facts.items()})
    shop = main.list("environments").current_id
    main.learn("decision", {shop: made.decision()})
    main.learn(
        "packages", {shop: ("fastapi 0.116.1", "httpx 0.28.1", "pip 25.2", "uvicorn 0.35.0")}
    )
    main.trash = 1_400_000_000
    driver.app.post_message(Decided(made.decision()))
    await driver.until("▸ Python 3.12.7")
    await driver.until(lambda: not main.stale)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_golden_screens(size: tuple[int, int]) -> None:
    inventory, _ = made.machine()

    async def act(driver: Driver) -> None:
        await known(driver)
        for name, (keys, word) in SCENES.items():
            for key in keys:
                if key.startswith("select:"):
                    begin = key.removeprefix("select:")
                    shown = driver.app.main.list(driver.app.main.chosen)
                    shown.select(next(k for k in shown.rows.ids if begin in k))
                    await driver.pilot.pause()
                else:
                    await driver.press(key)
            await driver.until(word)
            # A dialog's own lines may be drawn before the panes behind it.
            await driver.until("▸ Python 3.12.7")
            await driver.settled(f"{name}-{size[0]}x{size[1]}")
            check_golden(f"{name}-{size[0]}x{size[1]}", driver.lines)
            await driver.press(*BACK)

    drive(act, inventory=inventory, size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_golden_screens_where_nothing_is_known(size: tuple[int, int]) -> None:
    async def empty(driver: Driver) -> None:
        await driver.until("no environments yet")
        await driver.settled(f"empty-{size[0]}x{size[1]}")
        check_golden(f"empty-{size[0]}x{size[1]}", driver.lines)

    async def looking(driver: Driver) -> None:
        await driver.until("looking…")
        await driver.settled(f"looking-{size[0]}x{size[1]}")
        check_golden(f"looking-{size[0]}x{size[1]}", driver.lines)

    drive(empty, inventory=Inventory((), (), (), ()), size=size)
    silent: EnvtuiApp = drive(looking, scan=made.Silent(), size=size)
    assert silent.main.inventory is None
