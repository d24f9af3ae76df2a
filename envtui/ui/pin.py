"""`p`: which Python a project gets. What fits comes first; the file to be written is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from envtui import verbs
from envtui.adapters.choice import allowed
from envtui.model import Environment, Interpreter, Inventory, Project
from envtui.plan import Plan, Run, Write
from envtui.ui import words
from envtui.ui.bar import Bar, Part
from envtui.ui.columns import Column
from envtui.ui.here import key, verb
from envtui.ui.listing import Listing
from envtui.ui.rowlist import Row, RowList
from envtui.ui.text import Line, clean

COLUMNS = [Column("PYTHON", least=7, most=16), Column("FROM", least=6, most=10),
           Column("", least=8, most=50, grow=True)]  # fmt: skip


class Choice(NamedTuple):
    """What was chosen."""

    title: str
    plan: Callable[[], Plan] | None
    """None for this shell: it is switched, and nothing is written."""
    python: Interpreter | None = None


SCOPES = {"project": "this project", "shell": "this shell", "global": "global"}


class PinDialog(Listing[Choice]):
    """Answers the choice; the confirm dialog follows."""

    NAME = "pin"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False),
        Binding("tab", "scope(1)", show=False),
        Binding("shift+tab", "scope(-1)", show=False),
        verb("right", "scope(1)"),
        verb("left", "scope(-1)"),
        verb("unpin", "unpin"),
        verb("rebuild", "rebuild"),
    ]

    def __init__(
        self, inventory: Inventory, project: Project | None, first: Interpreter | None
    ) -> None:
        super().__init__("Python")
        self._inventory = inventory
        self._project = project
        self._first = first
        self._scopes = [name for name in SCOPES if project or name != "project"]
        self._scope = self._scopes[0]
        self._rebuild = False
        """Whether the project's environment is made again on the chosen Python."""

    def parts(self) -> list[Widget]:
        """The scopes, the versions, and what choosing would write."""
        self.scopes = Bar(id="pin-scopes")
        self.scopes.show(lambda _room: self._tabs())
        return [self.scopes, *super().parts()]

    def on_mount(self) -> None:
        """The cursor stands on what fits, or on the row that `p` was pressed on."""
        found = self._rows()
        low = self.app.size.height < 20
        room = max(self.app.size.height - (9 if low else 14), 2)  # what is written stays in sight
        self.rows.styles.height = min(len(found), 14, room) + 1
        self.rows.show(COLUMNS, found, [[("no Python was found", "dim")]])
        if self._first:
            self.rows.select(self._first.id)
        self.set_focus(self.rows)
        self._describe()

    def _rows(self) -> list[Row]:
        project = self._project if self._scope == "project" else None
        wanted = project.requires_python if project else None
        fits = allowed(wanted, [i.version for i in self._inventory.interpreters])
        pinned = {t for pin in (project.pins if project else ()) for t in pin.resolves_to}
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

    @property
    def _globally(self) -> bool:
        return self._scope == "global"

    def _tabs(self) -> list[Part]:
        """The scopes beside each other, the chosen one in brackets."""
        parts: list[Part] = [([("for ", "dim")], "")]
        for name in self._scopes:
            text = SCOPES[name]
            if name == "project" and self._project:
                text = f"{self._project.name}, {words.place(self.app.host, self._project.path)}"
            chosen = name == self._scope
            label = f"[ {clean(text)} ]" if chosen else f"  {clean(text)}  "
            parts.append(([(label, "key" if chosen else "dim")], name))
        return parts

    @on(Bar.Pressed)
    def _pressed(self, event: Bar.Pressed) -> None:
        event.stop()
        self._scope = event.action
        self._describe()

    def _describe(self) -> None:
        keys, unpin = ["tab scope"], key(self.app.keys, "unpin")
        if self._environment():
            rebuild = key(self.app.keys, "rebuild")
            keys.append(f"{rebuild} {'pin only' if self._rebuild else 'rebuild too'}")
        keys.append(f"{unpin} {'leave' if self._scope == 'shell' else 'unpin'}")
        self.entitle("Python", " · ".join(["⏎ choose", *keys, "esc closes"]))
        self.scopes.refresh()
        self.rows.show(COLUMNS, self._rows(), [[("no Python was found", "dim")]])
        self._preview()

    def _environment(self) -> Environment | None:
        """The one that would be made again: the project's best."""
        if self._project is None or self._scope != "project":
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
        make, host, scope = self._plan(interpreter), self.app.host, self._scope
        mine = self._environment() if self._rebuild else None

        def work() -> list[Line]:
            if scope == "shell":
                return [[("switches this shell to it and quits; nothing is written", "dim")]]
            plan = self.attempt(make)
            if isinstance(plan, str):
                return [[("✗ ", "bad"), (plan, "bad")]]
            lines: list[Line] = [
                [("writes  ", "dim"), (words.place(host, path), "")] for path in written(plan)
            ] or [[("nothing needs to be written", "dim")]]
            if mine:
                lines.append([("rebuilds ", "dim"), (words.name_of(mine), "")])
            lines += [
                [("! ", "warn"), (words.home_in(host, text), "warn")] for text in plan.warnings
            ]
            return lines

        self.ask(work, self.said.say)

    # -- keys ------------------------------------------------------------------------

    def action_choose(self) -> None:
        """On to the confirm dialog."""
        interpreter = self._chosen()
        if interpreter and self._scope == "shell":
            self.dismiss(Choice("", None, interpreter))
        elif interpreter:
            verb = "Rebuild on" if self._rebuild and self._environment() else "Pin"
            title = f"{verb} Python {interpreter.version}"
            self.dismiss(Choice(title, self._plan(interpreter)))

    def action_scope(self, by: int) -> None:
        """For this project, this shell, or everywhere that has no pin."""
        at = self._scopes.index(self._scope) + by
        self._scope = self._scopes[at % len(self._scopes)]
        self._describe()

    def action_rebuild(self) -> None:
        """The pin alone, or the environment on it too; the old one goes to the trash."""
        if self._environment():
            self._rebuild = not self._rebuild
            self._describe()

    def action_unpin(self) -> None:
        """Take the pin of this scope away; this shell goes back to what it was."""
        if self._scope == "shell":
            self.dismiss(Choice("", None))
            return
        host, inventory, globally = self.app.host, self._inventory, self._globally
        project = self._project.path if self._project and not globally else None
        self.dismiss(
            Choice(
                "Unpin",
                lambda: verbs.plan_unpin(host, inventory, project=project, globally=globally),
            )
        )


def written(plan: Plan) -> list[str]:
    """The files that a plan writes."""
    found: list[str] = []
    for step in plan.steps:
        if isinstance(step, Write):
            found.append(step.path)
        elif isinstance(step, Run):
            found += step.changes
    return found
