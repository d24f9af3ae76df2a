"""`C`: what could go, and why; what is ticked goes in one plan, with the sum of its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from envtui import cleaning
from envtui.actions import Scene
from envtui.caches import Cache
from envtui.cleaning import Suggestion
from envtui.facts.size import Tree
from envtui.model import Environment, Inventory
from envtui.plan import Plan
from envtui.ui import words
from envtui.ui.columns import Column
from envtui.ui.here import key, verb
from envtui.ui.listing import Listing
from envtui.ui.rowlist import Row, RowList
from envtui.ui.text import Line, Span, clean

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp

COLUMNS = [Column("NAME", least=10, most=32), Column("KIND", least=8, most=12, rank=2),
           Column("FREES", least=6, most=7, right=True, usual=7),
           Column("WHY", least=24, most=80, grow=True)]  # fmt: skip


def clean_up(app: EnvtuiApp, scene: Scene) -> None:
    """Review what could go; then the plan, and at last how the space comes back."""
    from envtui.ui.deeds import change

    inventory = scene.inventory

    def chosen(answer: tuple[list[Suggestion], int]) -> None:
        taken, frees = answer
        items = [one.item for one in taken if not isinstance(one.item, Cache)]
        told = f"{words.size(frees)} in the trash; empty it to free the space"

        def make() -> Plan:
            plan = cleaning.plan(app.host, inventory, taken)
            return plan._replace(done=f"{plan.done}: {told}")

        change(app, "Clean up", make, items, inventory)

    app.ask(CleanDialog(inventory), chosen)


class CleanDialog(Listing[tuple[list[Suggestion], int]]):
    """Answers what is ticked and the bytes of it; the confirm dialog follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        verb("mark", "choose"),
        verb("remove", "done"),
        Binding("a", "all", show=False),
        Binding("y", "done", show=False),
        Binding("enter", "done", show=False),
        Binding("n", "leave", show=False),
    ]

    def __init__(self, inventory: Inventory) -> None:
        super().__init__("Clean up")
        self._inventory = inventory
        self._offered: list[Suggestion] = []
        self._ticked: set[str] = set()
        self._trees: dict[str, Tree | None] = {}

    def on_mount(self) -> None:
        """Processes, timestamps and own files are looked at on another thread."""
        self.wait(COLUMNS, "looking at what is used…")
        host, inventory = self.app.host, self._inventory
        self.aside(lambda: cleaning.suggestions(host, inventory), self.offer)

    def offer(self, suggestions: list[Suggestion]) -> None:
        """What could go; it is measured then."""
        self._offered = suggestions
        self._ticked = {one.item.id for one in self._offered if one.chosen}
        self._show()
        self.each(suggestions, cleaning.tree_of, lambda one, tree: self.measured(one.item.id, tree))

    def measured(self, item: str, tree: Tree | None) -> None:
        """What one of them holds; None where that can't be known."""
        self._trees[item] = tree
        self._show()

    def _show(self) -> None:
        rows = [self._row(one) for one in self._offered]
        self.fill(COLUMNS, rows, "nothing could go: no leftovers here")
        tick, take = key(self.app.keys, "mark"), key(self.app.keys, "remove")
        keys = f"{tick} tick · a all · {take} clean up · " if self._offered else ""
        self.entitle("Clean up", f"{keys}esc closes")
        self._describe()

    def _row(self, one: Suggestion) -> Row:
        item = one.item
        name = words.name_of(item) if isinstance(item, Environment) else clean(item.name)
        why = words.home_in(self.app.host, one.reasons[0])
        tone = "warn" if one.certainty == "certain" else "dim"
        sign: Span = ("✓", "good") if item.id in self._ticked else ("·", "faint")
        cells = ((name, ""), (item.kind, "dim"), self._frees(one), (why, tone))
        return Row(item.id, cells, sign)

    def _frees(self, one: Suggestion) -> Span:
        if one.item.id not in self._trees:
            return "…", "faint"
        tree = self._trees[one.item.id]
        return (f"{words.bar(tree.frees)} {words.size(tree.frees)}", "") if tree else ("?", "")

    def _taken(self) -> list[Suggestion]:
        return [one for one in self._offered if one.item.id in self._ticked]

    @on(RowList.Moved)
    def _describe(self) -> None:
        taken = self._taken()
        more = " and more" if any(one.item.id not in self._trees for one in taken) else ""
        frees = words.size(cleaning.frees(self._trees, self._ticked))
        lines: list[Line] = [
            [(f"{len(taken)} ticked: ", ""), (f"{frees}{more}", "strong"),
             (" come back when the trash is emptied", "")]
        ]  # fmt: skip
        self.said.display = bool(self._offered)
        here = next((one for one in self._offered if one.item.id == self.rows.current_id), None)
        if here:
            lines.append([(words.place(self.app.host, here.item.path), "dim")])
            told = [words.home_in(self.app.host, reason) for reason in here.reasons]
            lines += [[("· ", "faint"), (reason, "")] for reason in told]
        self.said.say(lines)

    # -- keys ------------------------------------------------------------------------

    def action_choose(self) -> None:
        """Take it, or leave it; on to the next."""
        if self.rows.current_id:
            self._ticked ^= {self.rows.current_id}
            self._show()
            self.rows.move(1)

    def action_all(self) -> None:
        """All of them, or none."""
        every = {one.item.id for one in self._offered}
        self._ticked = set() if self._ticked == every else every
        self._show()

    def action_done(self) -> None:
        """On to the plan."""
        taken = self._taken()
        if taken:
            self.dismiss((taken, cleaning.frees(self._trees, self._ticked)))
        elif self._offered:
            mark = key(self.app.keys, "mark")
            self.app.say(f"nothing is ticked: {mark} ticks a row", good=False)
        else:
            self.dismiss(None)
