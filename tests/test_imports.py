"""What is not needed is not imported: the start of a command is most of its time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.homes import Home

SHOW = (
    "import sys; from envtui.__main__ import main\n"
    "try: main()\nexcept SystemExit: pass\nprint(*sorted(sys.modules), sep='\\n', file=sys.stderr)"
)
CHANGING = {"journal", "execute", "steps", "trash", "guards", "pinning", "verbs", "switching", "why",
            "changing", "repairing", "naming", "installing", "ui"}  # fmt: skip
HEAVY = {"textual", "rich", "psutil", "packaging", "tomlkit", "subprocess", "asyncio", "logging",
         "dataclasses", "socket", "pathlib", "inspect"}  # fmt: skip


def modules(home: Home, *words: str, first: str = "") -> set[str]:
    script = f"import sys; sys.path[1:1] = {sys.path!r}\n{first}{SHOW}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, *words],
        env=home.variables, cwd=home.path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stderr.splitlines())


def ours(found: set[str]) -> set[str]:
    return {name.removeprefix("envtui.") for name in found if name.startswith("envtui.")}


@pytest.mark.parametrize(
    "words", [("--help",), ("--version",), ("init", "bash"), ("config", "--path"), ("history",)]
)
def test_what_looks_at_no_environment_knows_no_manager(home: Home, words: tuple[str, ...]) -> None:
    found = modules(home, *words)
    assert not {name for name in ours(found) if name.startswith("adapters.")}
    assert "inventory" not in ours(found)
    assert not found & HEAVY


@pytest.mark.parametrize("words", [("list",), ("list", "--json")])
def test_listing_imports_nothing_that_changes_things(home: Home, words: tuple[str, ...]) -> None:
    found = modules(home, *words)
    assert not ours(found) & CHANGING
    assert not found & HEAVY
    assert "inventory" in ours(found)


def test_an_unchanged_home_is_listed_without_any_manager(home: Home) -> None:
    home.venv("code/api/.venv", "3.12")
    # With a clock that is ahead what was just made counts as old, so that the memory is trusted.
    ahead = "import time; now = time.time; time.time = lambda: now() + 10\n"
    for _ in range(2):  # the first makes the cache directory, which is a change
        assert "inventory" in ours(modules(home, "list", first=ahead))
    found = ours(modules(home, "list"))
    assert "looking" in found
    unneeded = ("adapters", "inventory", "prefix", "plan")
    assert not {name for name in found if name.startswith(unneeded)}
