"""envtui's own directories are those that platformdirs names."""

from __future__ import annotations

import platformdirs
import pytest

from envtui import places


@pytest.mark.parametrize("base", [None, "", "somewhere", "/srv/xdg"])
@pytest.mark.parametrize("purpose", ["state", "data", "config", "cache"])
def test_same_as_platformdirs(
    purpose: str, base: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"XDG_{purpose.upper()}_HOME"
    monkeypatch.delenv(variable, raising=False)
    if base is not None:
        monkeypatch.setenv(variable, base)
    expected = getattr(platformdirs.PlatformDirs("envtui", appauthor=False), f"user_{purpose}_dir")
    assert getattr(places, purpose)() == expected
