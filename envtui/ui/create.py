"""`c`: project, kind, Python, place and lock of a new environment, checked while one types."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from envtui import verbs
from envtui.adapters.choice import allowed
from envtui.model import Inventory, Project
from envtui.plan import Plan
from envtui.ui import words
from envtui.ui.bar import Bar
from envtui.ui.cycle import Cycle, Value
from envtui.ui.dialog import Dialog
from envtui.ui.here import verb
from envtui.ui.lines import Lines
from envtui.ui.text import Line, clean

PLACE = {"path": "Path", "name": "Name", "project": "Place", "project-name": "Name"}
"""What the place is called, by what names an environment of the kind."""


class CreateDialog(Dialog[Callable[[], Plan]]):
    """Answers what makes the plan; the confirm dialog follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", show=False, priority=True),
        verb("down", "app.focus_next", "down", priority=True),
        verb("up", "app.focus_previous", "up", priority=True),
    ]
    TYPED = True

    def __init__(self, inventory: Inventory, project: Project | None) -> None:
        super().__init__("New environment")
        self._inventory = inventory
        self._first = project
        self._ready: bool | None = None
        """Whether it can be made; None while that is being found out."""
        self._meant = False
        """Enter was pressed meanwhile."""
        self._fitted = ("", "")
        """The project and the kind that the other fields were made to fit."""

    def parts(self) -> list[Widget]:
        """The fields and what they come to."""
        self.reasons = verbs.creatable(self.app.host)
        self.project = Cycle(self._projects(), self._check, id="create-project")
        self.kind = Cycle(self._kinds(), self._check, id="create-kind")
        self.kind.choose(self._likely_kind())
        self.python = Cycle(self._pythons(), self._check, id="create-python")
        self.path = Input("", id="create-path", compact=True, select_on_focus=False)
        self.source = Cycle([Value("", "nothing")], self._check, id="create-source")
        self.said = Lines(id="create-said")
        self.label = _label("Path")
        return [
            _row(_label(words.FIELDS["project"]), self.project),
            _row(_label(words.FIELDS["kind"]), self.kind),
            _row(_label(words.FIELDS["python"]), self.python),
            _row(self.label, self.path),
            _row(_label(words.FIELDS["from"]), self.source),
            self.said,
        ]

    def on_mount(self) -> None:
        """The place is what one most often changes."""
        self.entitle("New environment", "⏎ the plan · ↑↓ field · ←→ choose · esc closes")
        self._fit()
        self.set_focus(self.kind if self.path.disabled else self.path)
        self.watch(self.path, "value", self._changed)

    # -- what is offered ---------------------------------------------------------------

    @property
    def _folder(self) -> str:
        """The project's directory, or the current one."""
        return self.project.value or self.app.host.cwd

    @property
    def _chosen(self) -> Project | None:
        return next((p for p in self._inventory.projects if p.path == self.project.value), None)

    def _projects(self) -> list[Value]:
        host = self.app.host
        first = [self._first] if self._first else []
        others = sorted(self._inventory.projects, key=lambda p: (p.name.lower(), p.path))
        found = [
            Value(p.path, p.name, words.place(host, p.path))
            for p in (*first, *(p for p in others if p not in first))
        ]
        if self._first is None or self._first.path != host.cwd:
            here = Value("", "none", f"in {words.place(host, host.cwd)}")
            found.insert(1 if self._first else 0, here)
        return found

    def _kinds(self) -> list[Value]:
        """What can be made here; the others are named below, with the reason."""
        found = [
            Value(kind, kind)
            for kind, why in self.reasons.items()
            if why is None and (self.project.value or verbs.takes(kind) in ("path", "name"))
        ]
        return found or [Value("venv", "venv")]

    def _missing(self) -> Line:
        """The kinds that can't be made: a tool is missing, or only their own tool makes them."""
        missing = [kind for kind, why in self.reasons.items() if why is not None]
        if not missing:
            return []
        return [(f"can't be made here: {', '.join(missing)}", "faint")]

    def _pythons(self) -> list[Value]:
        wanted = self._chosen.requires_python if self._chosen else None
        fits = allowed(wanted, [i.version for i in self._inventory.interpreters])
        order = sorted(
            self._inventory.interpreters,
            key=lambda i: (i.version not in fits, i.kind == "system", words.newest(i.version)),
        )
        said = {True: f"fits {wanted}" if wanted else "", False: f"does not fit {wanted}"}
        found = [Value("", "as pinned", "what this directory gets")]
        return found + [
            Value(i.id, f"{i.version} {i.kind}", said[i.version in fits]) for i in order
        ]

    def _likely_kind(self) -> str:
        managers = self._chosen.managers if self._chosen else ()
        makers = [v.id for v in self.kind.values if verbs.takes(v.id) != "path"]
        return next((m for m in managers if m in makers), "venv")

    def _sources(self) -> list[Value]:
        """The locks of the project that its kind installs from."""
        names = self.app.host.names_if(self._folder)
        mine = [name for name in names if _installs(self.kind.value, name)]
        return [Value("", "nothing", "an empty environment")] + [
            Value(os.path.join(self._folder, name), name) for name in mine
        ]

    def _fit(self) -> None:
        """The other fields as project and kind take them."""
        before, now = self._fitted, (self.project.value, self.kind.value)
        if before[0] != now[0]:
            self.kind.offer(self._kinds())
            self.python.offer(self._pythons())
            now = (now[0], self.kind.value)
        self.source.offer(self._sources())
        how = verbs.takes(self.kind.value)
        self.label.show(lambda _room: [([(PLACE[how], "dim")], "")])
        self.path.disabled = how == "project"
        self.path.placeholder = {
            "project": f"{self.kind.value} chooses it",
            "project-name": "its default",
        }.get(how, "")
        if how == "path":
            self.path.value = clean(self.app.host.short(f"{self._folder}/.venv"))
        else:
            self.path.value = clean(self._chosen.name) if how == "name" and self._chosen else ""
        self._fitted = now

    # -- checking --------------------------------------------------------------------

    def _maker(self) -> Callable[[], Plan]:
        host, inventory, kind = self.app.host, self._inventory, self.kind.value
        python, source = self.python.value or None, self.source.value or None
        target, project = self.path.value.strip() or None, self.project.value or None
        return lambda: verbs.plan_create(
            host, inventory, target, kind=kind, python=python, project=project, source=source
        )

    def _changed(self) -> None:
        """Another place; where the fit wrote it the check is under way."""
        if self._fitted == (self.project.value, self.kind.value):
            self._check()

    def _check(self) -> None:
        self._ready = None
        if self._fitted != (self.project.value, self.kind.value):
            self._fit()
        make = self._maker()
        nowhere = verbs.takes(self.kind.value) in ("path", "name") and not self.path.value.strip()
        where = "type where it shall be"
        self.ask(lambda: where if nowhere else self.attempt(make), self._tell)

    def _tell(self, plan: Plan | str) -> None:
        """What the form would do, or why it can't."""
        self._ready = not isinstance(plan, str)
        host = self.app.host
        if isinstance(plan, str):
            lines: list[Line] = [[("✗ ", "bad"), (plan, "")]]
        else:
            lines = [
                [("✓ ", "good"), (words.home_in(host, step.text), "dim")] for step in plan.steps
            ] or [[("✓ ", "good"), ("nothing to do", "dim")]]
        lines += [self._missing()]
        self.said.say(lines)
        if self._meant:
            self._meant = False
            self.action_go()

    def action_go(self) -> None:
        """On to the confirm dialog, if it can be made."""
        if self._ready:
            self.dismiss(self._maker())
        elif self._ready is None:
            self._meant = True
        else:
            self.app.bell()


def _installs(kind: str, name: str) -> bool:
    """Whether an environment of the kind can be filled from a file of that name."""
    own = {"poetry": "poetry.lock", "pipenv": "Pipfile.lock", "pdm": "pdm.lock", "uv": "uv.lock"}
    if kind == "conda":
        return name in ("environment.yml", "environment.yaml")
    if name == own.get(kind):
        return True
    by_pip = ("venv", "virtualenv", "virtualenvwrapper", "pyenv-virtualenv", "uv")
    return kind in by_pip and name.startswith("requirements") and name.endswith(".txt")


def _label(text: str) -> Bar:
    label = Bar(id=f"create-{text.lower()}-label")
    label.show(lambda _room: [([(text, "dim")], "")])
    return label


def _row(label: Bar, field: Widget) -> Widget:
    return Horizontal(label, field, classes="field")
