"""Keys of the user's own in dialogs: verbs follow the key map, answers are the dialog's."""

from __future__ import annotations

import importlib
import pkgutil

from envtui import actions, ui
from envtui.ui.choices import Choices
from envtui.ui.clean import CleanDialog
from envtui.ui.dialog import Dialog
from envtui.ui.trash import TrashDialog
from tests import documents
from tests.ui import made, staged
from tests.ui.driving import Driver, drive


def test_every_key_of_a_dialog_is_a_verb_of_the_table_or_a_told_answer() -> None:
    """What can't be changed by the key map is told on the page of keys."""
    for module in pkgutil.iter_modules(ui.__path__, "envtui.ui."):
        importlib.import_module(module.name)
    answers: set[str] = set()
    for owner in (*_below(Dialog), Choices):
        for binding in owner.BINDINGS:
            if (binding.id or "").startswith("here."):
                assert binding.id.removeprefix("here.") in actions.BY_ID
            else:
                answers |= set(binding.key.split(","))
    told = documents.TAIL.partition("What can't be changed")[2]
    assert answers - {"enter", "tab", "shift+tab", "ctrl+c"} == {"y", "n", "a"}
    assert all(f"`{key}`" in told for key in answers - {"shift+tab", "ctrl+c"})


def _below(owner: type) -> list[type]:
    return [owner, *(one for direct in owner.__subclasses__() for one in _below(direct))]


OWN = {**actions.KEYS, "copy": ("f6", "o"), "mark": ("m",), "remove": ("x",), "quit": ("b", "ctrl+c"),
       "down": ("n", "f2"), "up": ("e",), "unpin": ("U",), "left": ("f3",), "repair": ("f7",)}  # fmt: skip


def test_verbs_in_dialogs_have_the_users_keys_and_answers_stay() -> None:
    async def plan(driver: Driver) -> None:
        await staged.pin(driver)
        await driver.until("y Yes")
        await driver.until("f6 copy")
        await driver.press("Y")  # copies no more
        assert not driver.app.clipboard
        await driver.press("o")
        await driver.until(lambda: "Pin Python 3.13.1" in driver.app.clipboard)
        await driver.press("right", "h")  # no longer left
        await driver.until("[ y Yes ]")
        await driver.press("f3")
        await driver.until("[ n No ]")
        await driver.press("n")  # an answer, though it moves elsewhere
        await driver.until("[ n No ]", gone=True)

    async def clean(driver: Driver) -> None:
        await driver.press("C")
        await staged.clean(driver)
        await driver.until("m tick · a all · x clean up")
        screen = driver.app.screen
        assert isinstance(screen, CleanDialog)
        ticked = set(screen._ticked)
        await driver.press("space")
        assert screen._ticked == ticked
        await driver.press("m", "f2", "m")
        assert len(screen._ticked) == 2
        assert screen._ticked != ticked
        await driver.press("e", "f2", "m")
        await driver.until("3 ticked")
        await driver.press("d")  # no longer
        assert driver.app.screen is screen
        await driver.press("b")
        await driver.closed()

    async def others(driver: Driver) -> None:
        await driver.press("t")
        await staged.trash(driver)
        await driver.until("x delete · D empty")
        await driver.press("q", "d", "r", "Y")
        assert isinstance(driver.app.screen, TrashDialog)
        await driver.press("f7")
        await driver.until("5 things", gone=True)
        await driver.press("escape", "p")
        await driver.until("U unpin")
        await driver.press("x")
        await driver.until("U unpin")
        await driver.press("U")
        await driver.until("U unpin", gone=True)

    for act in (plan, clean, others):
        drive(act, inventory=made.machine()[0], keys=OWN)
