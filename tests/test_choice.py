"""Which Python fits what a project asks for."""

from __future__ import annotations

import os

import pytest

from envtui.adapters.choice import allowed
from tests.homes import Home

HERE = ["3.9.18", "3.11.7", "3.14.0a1+", "graal"]


@pytest.mark.parametrize(
    ("wanted", "fitting"),
    [
        (None, set(HERE)),
        ("^3.11", set(HERE)),  # Poetry's own, which only Poetry reads
        ("<3.12", {"3.9.18", "3.11.7"}),
        (">=3.10,!=3.11.*", {"3.14.0a1+"}),
        (">=4", set()),
    ],
)
def test_one_odd_version_does_not_make_the_others_fit(
    wanted: str | None, fitting: set[str]
) -> None:
    assert allowed(wanted, HERE) == fitting


def test_of_a_python_that_a_manager_brings_nothing_is_said(home: Home) -> None:
    """The plan asks only whether the program can be run."""
    os.chmod(home.write(".pixi/bin/pixi"), 0o755)
    home.write(
        "app/pyproject.toml",
        '[project]\nname = "app"\nrequires-python = ">=3.10"\n[tool.pixi.workspace]\nchannels = []\n',
    )
    answer = home.json("create", "--kind", "pixi", "--dry-run", cwd=home.at("app"))
    assert not [said for said in answer["plan"]["warnings"] if "requires Python" in said]
