"""What the dialogs look like, at the sizes people have."""

from __future__ import annotations

import pytest

from tests.ui.driving import Driver, check_golden, drive

SIZES = [(120, 35), (80, 24)]
DIALOGS = {
    "pin": (("p",), "fits >=3.11"),
    "pin-shell": (("p", "tab"), "switches this shell"),
    "copy": (("Y",), "its path"),
    "create": (("c",), "Kind"),
    "work": (("w",), "Jobs"),
    "plan-refused": (("1", "2", "j", "d"), "it is refused"),
}


@pytest.mark.parametrize("size", SIZES)
def test_golden(size: tuple[int, int]) -> None:
    """One after the other in one run: each is left by esc."""

    async def act(driver: Driver) -> None:
        for name, (keys, shown) in DIALOGS.items():
            await driver.press(*keys)
            await driver.until(shown)
            before = ""
            while before != driver.text:  # what is worked out in the background has come
                before = driver.text
                await driver.pilot.pause(0.3)
            box = driver.app.screen.query_one("#frame").region  # what lies behind has its own
            lines = [line[box.x : box.right].rstrip() for line in driver.lines[box.y : box.bottom]]
            check_golden(f"dialog-{name}-{size[0]}x{size[1]}", lines)
            await driver.press("escape")
            await driver.until(lambda: len(driver.app.screen_stack) == 1)

    drive(act, size=size)
