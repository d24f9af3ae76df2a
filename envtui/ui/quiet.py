"""Textual's App without what a tool for strangers' names and secrets can't have."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.app import App
from textual.notifications import SeverityLevel
from textual.reactive import Reactive

from envtui.errors import BadInput
from envtui.ui import theme
from envtui.ui.outcome import Outcome
from envtui.ui.style import sheet
from envtui.ui.text import clean

if TYPE_CHECKING:
    from envtui.config import Config


class QuietApp(App[Outcome]):
    """No palette, no markup in notices, no local variables in a crash, sheets parsed once."""

    CSS_PATH = sheet("main")
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    theme: Reactive[str] = Reactive(os.environ.get("TEXTUAL_THEME") or theme.NIGHT.name)

    def __init__(self, settings: Config | None = None) -> None:
        super().__init__()
        if settings and settings.theme and "TEXTUAL_THEME" not in os.environ:
            if settings.theme not in self.available_themes:
                known = ", ".join(sorted(self.available_themes))
                raise BadInput(f"{settings.at('theme')}: no such theme; there are {known}")
            self.set_reactive(QuietApp.theme, settings.theme)
            self.stylesheet.set_variables(self.get_css_variables())
        self._styled = self.get_css_variables()

    def refresh_css(self, animate: bool = True) -> None:
        """Textual asks for this while it starts too, when all sheets have just been parsed."""
        variables = self.get_css_variables()
        if variables != self._styled:
            self._styled = variables
            super().refresh_css(animate)

    def tell_user(self, text: str, severity: SeverityLevel = "information") -> None:
        """A notice over the panes; names in it can't act."""
        shown = "\n".join(clean(line) for line in text.splitlines())
        seconds = {"information": 3, "warning": 7, "error": 12}[severity]
        self.notify(shown, severity=severity, markup=False, timeout=seconds)

    def copy_to_clipboard(self, text: str) -> None:
        """As Textual does; bytes that are no UTF-8 can't be in a clipboard's text."""
        super().copy_to_clipboard(text.encode(errors="replace").decode())

    def _handle_exception(self, error: Exception) -> None:
        """As Textual does, but without the local variables that its traceback shows."""
        from envtui import crash

        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.panic(crash.record(error))
