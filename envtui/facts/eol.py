"""Until when a version of Python gets security fixes: PEPs 373, 494, 537 ... 790 and the devguide.

The table was read on 2026-11-23; months of future dates may still move.
"""

from __future__ import annotations

_ENDS = {
    "2.7": "2020-01-01",
    "3.5": "2020-09-30",
    "3.6": "2021-12-23",
    "3.7": "2023-06-27",
    "3.8": "2024-10-07",
    "3.9": "2025-10-31",
    "3.10": "2026-10-31",
    "3.11": "2027-10-31",
    "3.12": "2028-10-31",
    "3.13": "2029-10-31",
    "3.14": "2030-10-31",
    "3.15": "2031-10-31",
}


def minors() -> list[str]:
    """The minor versions of CPython in the table, oldest first."""
    return list(_ENDS)


def end_of_life(implementation: str, version: str) -> str | None:
    """An ISO 8601 date for a version of CPython; None where it is not known."""
    if implementation != "cpython":
        return None
    return _ENDS.get(".".join(version.split(".")[:2]))
