"""SIGKILL before every call that changes the disk, and in the middle of every write.

Of every kind of plan, of its undo, and of the recovery from it: what is left is the state before or
the state after, byte for byte, and undo leads back. `ENVTUI_POINTS=all` takes all points of undo
and more of recovery; `ENVTUI_SEED` chooses others.
"""

from __future__ import annotations

import pytest

from tests.proof import shim
from tests.proof.cases import CASES

pytestmark = pytest.mark.long
LEAST = 35
"""Points of one case; with all cases more than 500."""


@pytest.mark.parametrize("name", CASES)
def test_before_or_after_and_undo_works(library: str, name: str) -> None:
    found = shim.points(library, name, "kill")
    assert found["wrong"] == []
    assert found["points"] >= LEAST
    assert LEAST * len(CASES) >= 500
