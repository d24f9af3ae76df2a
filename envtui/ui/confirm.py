"""The confirm dialog: a change as it will be done, to the letter; the focus stands on No."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from envtui.errors import Problem, say
from envtui.model import Environment
from envtui.ui import going, words
from envtui.ui.choices import Choices
from envtui.ui.dialog import Dialog
from envtui.ui.going import Going
from envtui.ui.here import cursor, key, verb
from envtui.ui.lines import Lines
from envtui.ui.proposal import RULE, Proposal
from envtui.ui.tabs import heading
from envtui.ui.text import Line, wrap

if TYPE_CHECKING:
    from envtui.facts.size import Tree

Prepare = Callable[[], Proposal]


class Confirm(Dialog[Proposal]):
    """Answers the proposal if it was agreed to, else None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", show=False),
        Binding("n", "leave", show=False),
        verb("quit", "leave"),
        verb("copy", "copy"),
        *cursor("scroll"),
    ]

    def __init__(self, title: str, prepare: Prepare) -> None:
        super().__init__(title)
        self._prepare = prepare
        self._proposal: Proposal | None = None
        self._sizes: dict[str, int | None] = {}
        """What is known to come back of each path; None where it can't be known."""
        self._trees: dict[str, Tree] = {}

    def parts(self) -> list[Widget]:
        """The steps, and the answers below."""
        self.body = Lines(lambda _room: [[("working out what would be done…", "dim")]], id="steps")
        self.choices = Choices([("no", "No")], self._take)
        return [self.body, self.choices]

    def on_mount(self) -> None:
        """The proposal reads files and processes: not on this thread."""
        self.set_focus(self.choices)
        self.watch(self.body, "show_vertical_scrollbar", self._foot)

        def work() -> Proposal | str:
            try:
                return self._prepare()
            except (Problem, OSError) as reason:
                return say(reason)
            except Exception as error:  # noqa: BLE001 - else the dialog would wait for ever
                from envtui import crash

                return crash.record(error)

        self.aside(work, self._prepared)

    def _prepared(self, proposal: Proposal | str) -> None:
        """The proposal, or why it can't be made."""
        if isinstance(proposal, str):
            self._show([[("✗ ", "bad"), (words.told(self.app.host, proposal), "")]])
            self.choices.offer([("no", "Close")])
            return
        self._proposal = proposal
        refused = bool(proposal.refusals)
        copy = ("copy", f"{key(self.app.keys, 'copy')} copy")
        self.entitle(proposal.title + ("" if refused else "?"))
        self._show(proposal.body)
        self.frame.add_class("-refused" if refused else f"-{proposal.danger}")
        if refused:
            self.choices.offer([("no", "Close: it is refused"), copy])
        else:
            self.choices.offer([("no", "n No"), ("yes", "y Yes"), copy])
        if proposal.going:
            self._weigh(proposal.going)

    def _weigh(self, things: tuple[Going, ...]) -> None:
        """Measure what goes, one after another; known sizes show at once."""
        facts = {e.path: self.app.main.facts.get(e.id) for e in self._environments()}
        for one in things:
            known = facts.get(one.path)
            if known and known.size is not None:
                self._sizes[one.path] = known.size
        self._show(self._proposal.body if self._proposal else [])
        # Of several together even known sizes say too little: they may share files.
        left = [o.path for o in things if len(things) > 1 or o.path not in self._sizes]
        self.each(left, _measured, self._weighed)

    def _environments(self) -> tuple[Environment, ...]:
        inventory = self.app.main.inventory
        return inventory.environments if inventory else ()

    def _weighed(self, path: str, tree: Tree | None) -> None:
        self._sizes[path] = tree.frees if tree else None
        if tree:
            self._trees[path] = tree
        self._show(self._proposal.body if self._proposal else [])

    def _show(self, body: list[Line]) -> None:
        self.body.show(lambda room: self._lines(body, room - 1))
        self.body.refresh(layout=True)

    def _foot(self, scrolls: bool) -> None:
        """Keys for what does not fit."""
        down, up = key(self.app.keys, "down"), key(self.app.keys, "up")
        self.frame.border_subtitle = Content(f"{down} {up} scroll") if scrolls else ""

    def _lines(self, body: list[Line], room: int) -> list[Line]:
        top: list[Line] = []
        proposal = self._proposal
        if proposal and proposal.grade[0]:
            text, tone = proposal.grade
            top += [*wrap([(text, tone)], room, 2), []]
        if proposal and proposal.going:
            things = proposal.going
            known = self._sum(things)
            more = " and more" if any(one.path not in self._sizes for one in things) else ""
            told = f"what goes: {words.size(known)}{more} on the disk" if known else "what goes"
            top += [heading(told, room), *going.lines(things, self._sizes, room), []]
        rest = [
            [heading(line[0][0], room)] if line and line[0][1] == RULE else wrap(line, room, 3)
            for line in body
        ]
        return top + [row for rows in rest for row in rows]

    def _sum(self, things: tuple[Going, ...]) -> int:
        """What comes back of all of them: files that they share count once, and with all names."""
        from envtui.facts.size import outermost, together

        paths = outermost(one.path for one in things)
        if all(path in self._trees for path in paths):
            return together(self._trees[path] for path in paths).frees
        return sum(self._sizes.get(path) or 0 for path in paths)

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

    def _take(self, answer: str) -> None:
        if answer == "yes":
            self.action_yes()
        elif answer == "copy":
            self.action_copy()
        else:
            self.dismiss(None)


def _measured(path: str, enough: threading.Event) -> Tree | None:
    from envtui.facts.size import measure_soon

    try:
        return measure_soon(path, enough)
    except OSError:
        return None  # gone, or not to be read
