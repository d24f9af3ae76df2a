"""What is remembered, and what is in the trash, is each test's own."""

from __future__ import annotations

import os
import time

import pytest


@pytest.fixture(autouse=True)
def places(tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen on a made inventory writes nothing into the home of who runs the tests."""
    for name in ("CACHE", "STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", os.path.join(tmp_path, "places", name.lower()))
    monkeypatch.setenv("TZ", "UTC")  # the stored screens show times
    time.tzset()
