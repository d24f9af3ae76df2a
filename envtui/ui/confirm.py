"""The confirm dialog: a change as it will be done, to the letter; the focus stands on No."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from envtui.errors import Problem
from envtui.ui.choices import Choices
from envtui.ui.dialog import Dialog
from envtui.ui.lines import Lines
from envtui.ui.proposal import Proposal
from envtui.ui.text import Line, clean, wrap

Prepare = Callable[[], Proposal]


class Prepared(Message):
    """The proposal is ready, or can't be made."""

    def __init__(self, proposal: Proposal | None, problem: str = "") -> None:
        super().__init__()
        self.proposal = proposal
        self.problem = problem


class Confirm(Dialog[Proposal]):
    """Answers the proposal if it was agreed to, else None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", show=False),
        Binding("n,q", "leave", show=False),
        Binding("Y", "copy", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("ctrl+d,pagedown", "scroll(10)", show=False),
        Binding("ctrl+u,pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, title: str, prepare: Prepare) -> None:
        super().__init__(title)
        self._prepare = prepare
        self._proposal: Proposal | None = None

    def parts(self) -> list[Widget]:
        """The steps, and the answers below."""
        self.body = Lines(lambda _room: [[("working out what would be done…", "dim")]], id="steps")
        self.body.can_focus = False
        self.choices = Choices([("no", "No")])
        return [self.body, self.choices]

    def on_mount(self) -> None:
        """The proposal reads files and processes: not on this thread."""
        self.choices.focus()

        def work() -> Message:
            try:
                return Prepared(self._prepare())
            except Problem as reason:
                return Prepared(None, str(reason))
            except OSError as reason:
                return Prepared(None, f"{reason.filename}: {reason.strerror}")
            except Exception as error:  # noqa: BLE001 - else the dialog would wait for ever
                from envtui.ui import crash

                return Prepared(None, crash.record(error))

        self.app.aside(work, self)

    @on(Prepared)
    def _prepared(self, event: Prepared) -> None:
        proposal = self._proposal = event.proposal
        if proposal is None:
            self._show([[("✗ ", "bad"), (clean(event.problem), "")]])
            self.choices.offer([("no", "Close")])
            return
        refused = bool(proposal.refusals)
        self.entitle(proposal.title + ("" if refused else "?"))
        self._show(proposal.body)
        if refused:
            self.choices.offer([("no", "Close: it is refused"), ("copy", "Y copy")])
        else:
            self.choices.offer([("no", "n No"), ("yes", "y Yes"), ("copy", "Y copy")])

    def _show(self, body: list[Line]) -> None:
        hang = 3
        self.body.show(lambda room: [row for line in body for row in wrap(line, room - 1, hang)])
        self.body.refresh(layout=True)

    def action_yes(self) -> None:
        """Do it, if it may be done."""
        if self._proposal is None:
            return
        if self._proposal.refusals:
            self.app.say(f"refused: {self._proposal.refusals[0]}", good=False)
            return
        self.dismiss(self._proposal)

    def action_copy(self) -> None:
        """The plan as text."""
        if self._proposal:
            self.app.copy_to_clipboard(self._proposal.copy)
            self.app.tell_user("the plan is copied")

    def action_scroll(self, by: int) -> None:
        """A plan may be longer than the window."""
        self.body.move(by)

    @on(Choices.Taken)
    def _taken(self, event: Choices.Taken) -> None:
        if event.answer == "yes":
            self.action_yes()
        elif event.answer == "copy":
            self.action_copy()
        else:
            self.dismiss(None)
