"""What all dialogs share: a frame over the panes, esc and ctrl+c leave it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget

from envtui.actions import KEYS
from envtui.errors import Problem
from envtui.ui import here, paint, words
from envtui.ui.style import sheet
from envtui.ui.text import clean

if TYPE_CHECKING:
    from envtui.plan import Plan
    from envtui.ui.app import EnvtuiApp


T = TypeVar("T")
K = TypeVar("K")


class Dialog(ModalScreen[ScreenResultType]):
    """A framed box; leaving it answers None."""

    app: EnvtuiApp
    CSS_PATH = sheet("dialog")
    COMPONENT_CLASSES: ClassVar[set[str]] = paint.COMPONENTS
    AUTO_FOCUS = ""
    TYPED = False
    """Whether letters are typed into it: they are no verbs then."""
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012 - Textual's own
    BINDINGS: ClassVar[list[BindingType]] = [
        here.verb("back", "leave"),
        Binding("ctrl+c", "leave", show=False, priority=True),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._heading = title
        self._turn = 0
        self._enough = threading.Event()
        """Set once the dialog is closed."""

    def compose(self) -> ComposeResult:
        """The frame with what `parts` gives."""
        self.frame = Container(*self.parts(), id="frame")
        self.frame.border_title = Content(clean(self._heading))
        yield self.frame

    def parts(self) -> list[Widget]:
        """The widgets in the frame, from the top."""
        return []

    def entitle(self, title: str, foot: str = "") -> None:
        """Change the title, and the words in the lower frame."""
        self.frame.border_title = Content(clean(title))
        if len(foot) + 8 > self.app.size.width * 0.96:
            foot = foot.replace("esc closes", "esc")
        self.frame.border_subtitle = Content(foot) if foot else ""

    def aside(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """Do it off the UI thread; what follows only as long as the dialog is there."""
        self.app.aside(work, then, self)

    def ask(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """The same of a question that changes with each key: only the last one is answered."""
        self._turn = turn = self._turn + 1
        self.aside(work, lambda answer: then(answer) if turn == self._turn else None)

    def each(
        self,
        things: list[K],
        ask: Callable[[K, threading.Event], T],
        then: Callable[[K, T], object],
    ) -> None:
        """The same of several things, one after another, so that they do not fight for the disk.

        `ask` gets the event that tells it to stop.
        """
        if not things or self._enough.is_set():
            return
        first, *rest = things

        def answered(answer: T) -> None:
            then(first, answer)
            self.each(rest, ask, then)

        self.aside(lambda: ask(first, self._enough), answered)

    def attempt(self, make: Callable[[], Plan]) -> Plan | str:
        """The plan, or why there is none; off the UI thread."""
        try:
            return make()
        except (Problem, OSError) as reason:
            return words.told(self.app.host, str(reason))

    def on_unmount(self) -> None:
        """What is still asked for need not be found out."""
        self._enough.set()

    async def _on_key(self, event: Key) -> None:
        """The user's own keys do what they do elsewhere; an answer of the dialog stays its own.

        A letter that the user has taken away from a verb does nothing; arrows and the like stay.
        """
        keys, known = self.app.keys, self.active_bindings
        own = known.get(event.key)
        if keys is KEYS or here.is_answer(own) or (self.TYPED and event.is_printable):
            return
        found = here.meant(event, known.values(), keys)
        if found or (own and event.is_printable):
            event.stop()
            event.prevent_default()
        if found:
            await self.app.run_action(found.binding.action, found.node)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Answer once: for Textual the second of two clicks closes what lies below, or dies."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def action_leave(self) -> None:
        """Away, with nothing done."""
        self.dismiss(None)
