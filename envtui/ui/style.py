"""Where the style sheets are."""

from __future__ import annotations

import os


def sheet(name: str) -> str:
    """One .tcss: inside the package in a wheel, beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    packed = os.path.join(package, "styles")
    folder = packed if os.path.isdir(packed) else os.path.join(os.path.dirname(package), "styles")
    return os.path.join(folder, f"{name}.tcss")


def text_of(name: str) -> str:
    """The text of a sheet, for a widget that comes long after the first frame."""
    with open(sheet(name), encoding="utf-8") as file:
        return file.read()
