"""ENOSPC, EROFS, EXDEV, EACCES and EIO from the calls of a plan and of its undo.

Answered once, and from some call on for good: it is told, never a traceback; all is as it was, or
is so when the fault has gone. `ENVTUI_POINTS=all` takes every call with every error.
"""

from __future__ import annotations

import pytest

from tests.proof import shim
from tests.proof.cases import CASES

pytestmark = pytest.mark.long


@pytest.mark.parametrize("name", CASES)
def test_told_and_rolled_back(library: str, name: str) -> None:
    found = shim.points(library, name, "fail")
    assert found["wrong"] == []
    assert found["points"] >= 10
