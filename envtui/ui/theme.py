"""envtui's own colours; TEXTUAL_THEME chooses another of Textual's themes."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

NIGHT = Theme(
    name="envtui",
    primary="#6aa9d8",
    secondary="#8f9bb3",
    accent="#6aa9d8",
    success="#8cc265",
    warning="#dfb35c",
    error="#e06c6c",
    foreground="#d5d8de",
    background="#14171c",
    surface="#1a1e25",
    panel="#232832",
    dark=True,
    variables={
        "border": "#6aa9d8",
        "border-blurred": "#3a414e",
        "scrollbar": "#3a414e",
        "scrollbar-hover": "#566074",
        "scrollbar-active": "#6aa9d8",
        "scrollbar-background": "#14171c",
        "scrollbar-background-hover": "#14171c",
        "scrollbar-background-active": "#14171c",
    },
)

# Known before the app is made, so that the sheets are parsed once, with the right colours.
BUILTIN_THEMES[NIGHT.name] = NIGHT
