"""What is wrong with the machine's Pythons: one row each, `enter` shows the plan that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from envtui import doctor
from envtui.actions import Scene
from envtui.model import Inventory
from envtui.plan import Plan
from envtui.trouble import Trouble
from envtui.ui import words
from envtui.ui.columns import Column
from envtui.ui.listing import Listing
from envtui.ui.rowlist import Row, RowList
from envtui.ui.text import Line

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp

COLUMNS = [Column("WHAT", least=8, most=16), Column("", least=20, most=120, grow=True)]


def examine(app: EnvtuiApp, scene: Scene) -> None:
    """Look the machine over; what is chosen is mended by its plan."""
    from envtui.ui.deeds import change

    app.ask(DoctorDialog(scene.inventory), lambda plan: change(app, plan.title, lambda: plan))


class DoctorDialog(Listing[Plan]):
    """Answers the plan that was chosen; the confirm dialog follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, inventory: Inventory) -> None:
        super().__init__("Doctor")
        self._inventory = inventory
        self._troubles: list[Trouble] = []

    def on_mount(self) -> None:
        """Files are read: on another thread."""
        self.wait(COLUMNS, "looking the machine over…")
        host, inventory = self.app.host, self._inventory
        self.aside(lambda: doctor.examine(host, inventory), self.tell)

    def tell(self, troubles: list[Trouble]) -> None:
        """What is wrong."""
        self._troubles = troubles
        host = self.app.host
        rows = [
            Row(str(at), ((one.name, "warn"), (words.home_in(host, one.text), "")), ("✗", "bad"))
            for at, one in enumerate(self._troubles)
        ]
        self.fill(COLUMNS, rows, "nothing is wrong")
        self._describe()

    def _here(self) -> Trouble | None:
        here = self.rows.current_id
        return self._troubles[int(here)] if here else None

    @on(RowList.Moved)
    def _describe(self) -> None:
        one = self._here()
        self.entitle("Doctor", f"{'⏎ shows its plan · ' if one and one.plan else ''}esc closes")
        self.said.display = one is not None
        if one is None:
            return
        host = self.app.host
        lines: list[Line] = [[(words.home_in(host, one.text), "")]]
        said = one.plan.title if one.plan else one.advice
        lines.append(
            [
                ("⏎ " if one.plan else "· ", "key" if one.plan else "faint"),
                (words.told(host, said), ""),
            ]
        )
        self.said.say(lines)

    def action_choose(self) -> None:
        """On to the confirm dialog."""
        one = self._here()
        if one is None:
            self.dismiss(None)
        elif one.plan:
            self.dismiss(one.plan)
        else:
            self.app.say(words.home_in(self.app.host, one.advice), good=False)
