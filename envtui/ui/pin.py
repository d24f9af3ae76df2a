"""`p`: which Python a project gets. What fits comes first; the file to be written is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from envtui import verbs
from envtui.errors import Problem
from envtui.model import Environment, Interpreter, Inventory, Project
from envtui.plan import Plan, Run, Write
from envtui.ui import words
from envtui.ui.columns import Column
from envtui.ui.dialog import Dialog
from envtui.ui.lines import Lines
from envtui.ui.rowlist import Row, RowList
from envtui.ui.text import Line, clean, wrap

COLUMNS = [Column("PYTHON", least=7, most=16), Column("FROM", least=6, most=10),
           Column("", least=8, most=50, grow=True)]  # fmt: skip


class Choice(NamedTuple):
    """What was chosen."""

    title: str
    plan: Callable[[], Plan]


class Previewed(Message):
    """What the highlighted choice would write."""

    def __init__(self, turn: int, lines: list[Line]) -> None:
        super().__init__()
        self.turn = turn
        self.lines = lines


class PinDialog(Dialog[Choice]):
    """Answers the choice; the confirm dialog follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False, priority=True),
        Binding("tab,shift+tab,s", "scope", show=False),
        Binding("x", "unpin", show=False),
        Binding("r", "rebuild", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("g", "move(-9999)", show=False),
        Binding("G", "move(9999)", show=False),
        Binding("q", "leave", show=False),
    ]

    def __init__(
        self, inventory: Inventory, project: Project | None, first: Interpreter | None
    ) -> None:
        super().__init__("Python")
        self._inventory = inventory
        self._project = project
        self._first = first
        self._globally = project is None
        self._rebuild = False
        """Whether the project's environment is made again on the chosen Python."""
        self._turn = 0

    def parts(self) -> list[Widget]:
        """The versions, and what choosing would write."""
        self.rows = RowList(id="pin-rows")
        self.said = Lines(id="pin-said")
        self.said.can_focus = False
        return [self.rows, self.said]

    def on_mount(self) -> None:
        """The cursor stands on what fits, or on the row that `p` was pressed on."""
        found = self._rows()
        self.rows.styles.height = min(len(found), 14) + 1
        self.rows.show(COLUMNS, found, [[("no Python was found", "dim")]])
        if self._first:
            self.rows.select(self._first.id)
        self.rows.focus()
        self._describe()

    def _rows(self) -> list[Row]:
        wanted = self._project.requires_python if self._project else None
        fits = fitting(wanted, [i.version for i in self._inventory.interpreters])
        pinned = {
            t for pin in (self._project.pins if self._project else ()) for t in pin.resolves_to
        }
        order = sorted(self._inventory.interpreters, key=lambda i: words.newest(i.version))
        order.sort(key=lambda i: (i.version not in fits, i.kind == "system"))
        found = []
        for i in order:
            note = (f"fits {clean(wanted)}", "good") if wanted else ("", "dim")
            if i.version not in fits:
                note = (f"does not fit {clean(wanted or '')}", "warn")
            if i.id in pinned:
                note = ("pinned now", "accent")
            name = i.name if i.kind == "pyenv" else i.version
            found.append(Row(i.id, ((clean(name), ""), (i.kind, "dim"), note)))
        return found

    def _describe(self) -> None:
        name = self._project.name if self._project else ""
        scope = "every directory without a pin (global)" if self._globally else name
        other = "" if self._project is None else "tab scope · "
        if self._environment():
            other += "r pin only · " if self._rebuild else "r rebuild too · "
        self.entitle(f"Python for {scope}", f"⏎ choose · {other}x unpin · esc closes")
        self._preview()

    def _environment(self) -> Environment | None:
        """The one that would be made again: the project's best."""
        if self._project is None or self._globally:
            return None
        return next(iter(words.members(self._project, self._inventory)), None)

    # -- what it would write -----------------------------------------------------------

    def _chosen(self) -> Interpreter | None:
        here = self.rows.current_id
        return next((i for i in self._inventory.interpreters if i.id == here), None)

    def _plan(self, interpreter: Interpreter) -> Callable[[], Plan]:
        word = interpreter.name if interpreter.kind == "pyenv" else interpreter.version
        host, inventory, globally = self.app.host, self._inventory, self._globally
        project = self._project.path if self._project and not globally else None
        mine = self._environment() if self._rebuild else None
        if mine:
            return lambda: verbs.plan_rebuild(host, inventory, mine, word, pin=True)
        return lambda: verbs.plan_pin(host, inventory, [word], project=project, globally=globally)

    @on(RowList.Moved)
    def _preview(self) -> None:
        interpreter = self._chosen()
        if interpreter is None:
            return
        self._turn += 1
        turn, make, host = self._turn, self._plan(interpreter), self.app.host
        mine = self._environment() if self._rebuild else None

        def work() -> Message:
            try:
                plan = make()
            except (Problem, OSError) as reason:
                return Previewed(turn, [[("✗ ", "bad"), (words.home_in(host, str(reason)), "bad")]])
            lines: list[Line] = [
                [("writes  ", "dim"), (words.place(host, path), "")] for path in written(plan)
            ] or [[("nothing needs to be written", "dim")]]
            if mine:
                lines.append([("rebuilds ", "dim"), (words.name_of(mine), "")])
            lines += [
                [("! ", "warn"), (words.home_in(host, text), "warn")] for text in plan.warnings
            ]
            return Previewed(turn, lines)

        self.app.aside(work, self)

    @on(Previewed)
    def _previewed(self, event: Previewed) -> None:
        if event.turn == self._turn:
            self.said.show(
                lambda room: [r for line in event.lines for r in wrap(line, room - 1, 2)]
            )

    # -- keys ------------------------------------------------------------------------

    def action_choose(self) -> None:
        """On to the confirm dialog."""
        if interpreter := self._chosen():
            verb = "Rebuild on" if self._rebuild and self._environment() else "Pin"
            title = f"{verb} Python {interpreter.version}"
            self.dismiss(Choice(title, self._plan(interpreter)))

    def action_scope(self) -> None:
        """The project, or global."""
        if self._project:
            self._globally = not self._globally
            self._describe()

    def action_rebuild(self) -> None:
        """The pin alone, or the environment on it too; the old one goes to the trash."""
        if self._environment():
            self._rebuild = not self._rebuild
            self._describe()

    def action_unpin(self) -> None:
        """Take the pin of this scope away."""
        host, inventory, globally = self.app.host, self._inventory, self._globally
        project = self._project.path if self._project and not globally else None
        self.dismiss(
            Choice(
                "Unpin",
                lambda: verbs.plan_unpin(host, inventory, project=project, globally=globally),
            )
        )

    def action_move(self, by: int) -> None:
        """Another version."""
        self.rows.move(by)

    @on(RowList.Opened)
    def _opened(self) -> None:
        self.action_choose()


def fitting(wanted: str | None, versions: list[str]) -> set[str]:
    """The versions that a `requires-python` allows; all where it says nothing understandable."""
    if not wanted:
        return set(versions)
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return set(SpecifierSet(wanted).filter(versions, prereleases=True))
    except (InvalidSpecifier, InvalidVersion):
        return set(versions)


def written(plan: Plan) -> list[str]:
    """The files that a plan writes."""
    found: list[str] = []
    for step in plan.steps:
        if isinstance(step, Write):
            found.append(step.path)
        elif isinstance(step, Run):
            found += step.changes
    return found
