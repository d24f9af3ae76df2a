"""`c` on Interpreters: which Python to install, and through which manager."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from envtui import verbs
from envtui.facts.eol import end_of_life
from envtui.host import Host
from envtui.model import Inventory
from envtui.plan import Plan
from envtui.ui import words
from envtui.ui.columns import Column
from envtui.ui.lines import Lines
from envtui.ui.listing import Searching
from envtui.ui.rowlist import Row, RowList
from envtui.ui.text import Line, clean

COLUMNS = [Column("VERSION", least=9, most=28), Column("", least=8, most=40, grow=True)]


class InstallDialog(Searching[Callable[[], Plan]]):
    """Answers what makes the plan; the confirm dialog follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,shift+tab", "manager", show=False, priority=True),
    ]

    def __init__(self, host: Host, inventory: Inventory, word: str) -> None:
        """`word` is typed already: a version that is gone, or ""."""
        super().__init__("Install a Python")
        self._offers = verbs.install_offers(host)
        self._at = next((i for i, offer in enumerate(self._offers) if not offer.missing), 0)
        self._word = word
        self._there = {item.name for item in inventory.interpreters}

    def parts(self) -> list[Widget]:
        """A line to type into, what begins so, and what it comes to."""
        self.said = Lines(id="install-said")
        return [*self.searched("type to narrow", "install-rows", self._word), self.said]

    def on_mount(self) -> None:
        """The newest that can be had stands under the cursor."""
        self.rows.styles.height = min(max(self.app.size.height - 8, 3), 14)

    def narrow(self) -> None:
        """The versions that hold the word, and how one gets them."""
        offer, word = self._offers[self._at], self.search.value.strip()
        other = " · tab other manager" if len(self._offers) > 1 else ""
        self.entitle(f"Install a Python through {offer.manager}", f"⏎ show the plan{other} · esc")
        found = [Row(v, ((clean(v), ""), self._note(v))) for v in offer.versions if word in v]
        self.rows.show(COLUMNS, found, [[(clean(offer.missing or "none is called so"), "dim")]])
        self.rows.move_to(0)
        self._check()

    def _note(self, version: str) -> tuple[str, str]:
        if version in self._there:
            return "installed", "dim"
        if not version[0].isdigit():
            return "", "dim"
        ends = end_of_life("cpython", version)
        return (f"security fixes until {ends[:7]}", "dim") if ends else ("", "dim")

    def _maker(self) -> Callable[[], Plan]:
        host, manager = self.app.host, self._offers[self._at].manager
        version = self.rows.current_id or self.search.value.strip()
        return lambda: verbs.plan_install(host, version, manager)

    @on(RowList.Moved)
    def _check(self) -> None:
        """What the highlighted version would do, or why it can't be installed."""
        make, host = self._maker(), self.app.host

        def work() -> Line:
            plan = self.attempt(make)
            if isinstance(plan, str):
                return [("✗ ", "bad"), (plan, "")]
            return [("✓ ", "good"), (words.home_in(host, plan.title), "dim")]

        self.ask(work, self.tell)

    def tell(self, line: Line) -> None:
        """Show what it comes to."""
        self.said.say([line])

    def action_choose(self) -> None:
        """On to the confirm dialog, which says what is wrong, too."""
        self.dismiss(self._maker())

    def action_manager(self) -> None:
        """Through the other manager."""
        self._at = (self._at + 1) % len(self._offers)
        self.narrow()
