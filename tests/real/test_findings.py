"""What is not right with a project is told beside it."""

from __future__ import annotations

import os

from tests.homes import Home


def findings(home: Home) -> list[str]:
    """What `list --json` says of the only project."""
    projects = home.json("list")["projects"]
    assert len(projects) == 1, projects
    return list(projects[0]["findings"])


def test_a_pin_that_is_not_installed(home: Home) -> None:
    home.write("code/app/.python-version", "3.12.99\n")
    (told,) = findings(home)
    assert "3.12.99 pinned" in told
    assert "envtui install 3.12.99" in told


def test_two_managers_of_two_minds(home: Home) -> None:
    home.write("code/app/.python-version", "3.11\n")
    home.write("code/app/Pipfile", '[requires]\npython_version = "3.12"\n')
    (told,) = findings(home)
    assert "says 3.11" in told
    assert "Pipfile says 3.12" in told


def test_agreement_and_a_fresh_lock_need_no_words(home: Home) -> None:
    home.write("code/app/.python-version", "3.12\n")
    home.write("code/app/Pipfile", '[requires]\npython_version = "3.12"\n')
    home.write("code/app/Pipfile.lock", "{}")
    assert findings(home) == []


def test_a_lock_that_is_older_than_its_manifest(home: Home) -> None:
    home.write("code/app/Pipfile", "[packages]\n")
    lock = home.write("code/app/Pipfile.lock", "{}")
    os.utime(lock, (1e9, 1e9))
    assert findings(home) == ["Pipfile.lock is older than Pipfile: lock again"]
