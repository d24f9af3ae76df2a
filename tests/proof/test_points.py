"""Every kind of change, killed and failed at the calls that change the disk.

SIGKILL before every such call of the change, in the middle of every write, and at some of its undo
and of the recovery: what is left is the state before or the state after, byte for byte, and undo
leads back. ENOSPC, EROFS, EXDEV, EACCES and EIO from such calls, once and from then on: told, never
a traceback; all is as it was, or is so when the fault has gone. `ENVTUI_POINTS=all` takes every
point, `ENVTUI_SEED` chooses others.
"""

from __future__ import annotations

import pytest

from tests.proof import shim
from tests.proof.cases import CASES
from tests.proof.points import RESTORE

pytestmark = pytest.mark.long
NAMES = [*CASES, RESTORE]
LEAST = 28
"""Kills in one case; in all of them more than 500."""


@pytest.mark.parametrize("name", NAMES)
def test_all_or_nothing_and_told(library: str, name: str) -> None:
    found = shim.points(library, name)
    assert found["wrong"] == []
    assert found["killed"] >= LEAST
    assert found["failed"] >= 10
    assert LEAST * len(NAMES) >= 500
