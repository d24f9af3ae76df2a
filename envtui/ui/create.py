"""`c`: kind, Python and place of a new environment, checked while one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from envtui import verbs
from envtui.errors import Problem
from envtui.model import Inventory, Project
from envtui.plan import Plan
from envtui.ui import paint, words
from envtui.ui.bar import Bar
from envtui.ui.dialog import Dialog
from envtui.ui.lines import Lines
from envtui.ui.text import Line, clean, wrap

PLACE = {"path": "Path", "name": "Name", "project": "Place", "project-name": "Name"}
"""What the last field is called, by what names an environment of the kind."""


class Request(NamedTuple):
    """A complete request."""

    plan: Callable[[], Plan]


class Checked(Message):
    """What the form would do, or why it can't."""

    def __init__(self, turn: int, problem: str, plan: Plan | None) -> None:
        super().__init__()
        self.turn = turn
        self.problem = problem
        self.plan = plan


class Cycle(Widget, can_focus=True):
    """One of several values: left and right choose."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l,space", "step(1)", show=False),
    ]

    class Changed(Message):
        """Another value."""

    def __init__(self, values: list[tuple[str, str, str]], *, id: str) -> None:  # noqa: A002
        """Values are (value, label, remark)."""
        super().__init__(id=id)
        self.values = values
        self.at = 0

    @property
    def value(self) -> str:
        """The value that is chosen."""
        return self.values[self.at][0]

    def choose(self, value: str) -> None:
        """Choose that value, if it is one of them."""
        self.at = next((i for i, v in enumerate(self.values) if v[0] == value), self.at)

    def action_step(self, by: int) -> None:
        """The value beside."""
        self.at = (self.at + by) % len(self.values)
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """The left edge goes back, the rest on."""
        self.action_step(-1 if event.x < 3 else 1)

    def render_line(self, y: int) -> Strip:
        """`‹ venv ›`, its place among the values, its remark."""
        if y:
            return paint.strip(self, [], self.size.width)
        _value, label, remark = self.values[self.at]
        key = "key" if self.has_focus else "faint"
        line: Line = [("‹ ", key), (clean(label), "strong" if self.has_focus else ""), (" ›", key)]
        line += [(f"  {self.at + 1} of {len(self.values)}", "faint"), (f"  {clean(remark)}", "dim")]
        return paint.strip(self, line, self.size.width)


class CreateDialog(Dialog[Request]):
    """Answers the request; the confirm dialog follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", show=False, priority=True),
        Binding("down", "app.focus_next", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(self, inventory: Inventory, project: Project | None) -> None:
        super().__init__("New environment")
        self._inventory = inventory
        self._project = project
        self._turn = 0
        self._ready = False
        self._fitted = ""
        """The kind that the last field was made to fit."""

    def parts(self) -> list[Widget]:
        """Three fields and what they come to."""
        self.kind = Cycle(self._kinds(), id="create-kind")
        self.kind.choose(self._likely_kind())
        self.python = Cycle(self._pythons(), id="create-python")
        self.path = Input(
            self._likely_path(), id="create-path", compact=True, select_on_focus=False
        )
        self.said = Lines(id="create-said")
        self.said.can_focus = False
        self.label = Bar(id="create-path-label")
        return [
            _row(_label("Kind"), self.kind),
            _row(_label("Python"), self.python),
            _row(self.label, self.path),
            self.said,
        ]

    def on_mount(self) -> None:
        """The place is what one most often changes."""
        where = words.place(
            self.app.host, self._project.path if self._project else self.app.host.cwd
        )
        self.entitle(f"New environment in {where}", "⏎ show the plan · tab next field · esc closes")
        self.path.focus()
        self._check()

    def _kinds(self) -> list[tuple[str, str, str]]:
        reasons = verbs.creatable(self.app.host)
        found = [(k, k, "" if why is None else f"can't: {why}") for k, why in reasons.items()]
        return sorted(found, key=lambda f: f[2] != "")

    def _pythons(self) -> list[tuple[str, str, str]]:
        order = sorted(
            self._inventory.interpreters,
            key=lambda i: (i.kind == "system", words.newest(i.version)),
        )
        found = [("", "as pinned", "what this directory gets")]
        return found + [(i.id, f"{i.version} {i.kind}", "") for i in order]

    def _likely_kind(self) -> str:
        managers = self._project.managers if self._project else ()
        makers = [kind for kind, _, _ in self.kind.values if verbs.takes(kind) != "path"]
        return next((m for m in managers if m in makers), "venv")

    def _fit_place(self) -> None:
        """The last field as the kind takes it; what was typed for another kind is no use."""
        how = verbs.takes(self.kind.value)
        self._fitted = self.kind.value
        self.label.show(lambda _room: [([(PLACE[how], "dim")], "")])
        self.path.disabled = how == "project"
        self.path.placeholder = {
            "project": f"{self.kind.value} chooses it",
            "project-name": "its default",
        }.get(how, "")
        if how == "path":
            self.path.value = self._likely_path()
        else:
            self.path.value = clean(self._project.name) if how == "name" and self._project else ""

    def _likely_path(self) -> str:
        folder = self._project.path if self._project else self.app.host.cwd
        return clean(self.app.host.short(f"{folder}/.venv"))

    # -- checking --------------------------------------------------------------------

    def _maker(self) -> Callable[[], Plan]:
        host, inventory, kind = self.app.host, self._inventory, self.kind.value
        python = self.python.value or None
        target = self.path.value.strip() or None
        project = self._project.path if self._project else None
        return lambda: verbs.plan_create(
            host, inventory, target, kind=kind, python=python, project=project
        )

    @on(Cycle.Changed)
    @on(Input.Changed)
    def _check(self) -> None:
        self._turn += 1
        self._ready = False
        if self._fitted != self.kind.value:
            self._fit_place()
        turn, make = self._turn, self._maker()
        remark = self.kind.values[self.kind.at][2]
        if verbs.takes(self.kind.value) in ("path", "name") and not self.path.value.strip():
            self._tell(Checked(turn, "type where it shall be", None))
            return
        if remark:
            self._tell(Checked(turn, f"{self.kind.value} {remark}", None))
            return

        def work() -> Message:
            try:
                return Checked(turn, "", make())
            except (Problem, OSError) as reason:
                return Checked(turn, str(reason), None)

        self.app.aside(work, self)

    @on(Checked)
    def _tell(self, event: Checked) -> None:
        if event.turn != self._turn:
            return
        self._ready = event.plan is not None
        host = self.app.host
        line: Line = [("✗ ", "bad"), (words.home_in(host, event.problem), "")]
        if event.plan:
            step = event.plan.steps[0].text if event.plan.steps else "nothing to do"
            line = [("✓ ", "good"), (words.home_in(host, step), "dim")]
        self.said.show(lambda room: wrap(line, room - 1, 2))

    def action_go(self) -> None:
        """On to the confirm dialog, if it can be made."""
        if self._ready:
            self.dismiss(Request(self._maker()))
        else:
            self.app.bell()


def _label(text: str) -> Bar:
    label = Bar(id=f"create-{text.lower()}-label")
    label.show(lambda _room: [([(text, "dim")], "")])
    return label


def _row(label: Bar, field: Widget) -> Widget:
    return Horizontal(label, field, classes="field")
