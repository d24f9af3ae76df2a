"""What README says of keys and commands is what the program has."""

from __future__ import annotations

import os
import re

import pytest

from tests import documents


def test_readme_is_current() -> None:
    with open(documents.README, encoding="utf-8") as file:
        text = file.read()
    assert documents.made(text) == text, "run: python -m tests.documents"


def test_the_page_of_keys_is_current() -> None:
    with open(documents.KEYS, encoding="utf-8") as file:
        assert file.read() == documents.page(), "run: python -m tests.documents"


def test_the_page_of_screens_is_current() -> None:
    with open(documents.SCREENS, encoding="utf-8") as file:
        assert file.read() == documents.screens(), "run: python -m tests.documents"


@pytest.mark.parametrize("page", [documents.README, documents.SCREENS])
def test_pictures_are_there(page: str) -> None:
    with open(page, encoding="utf-8") as file:
        pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", file.read())
    assert pictures
    for picture in pictures:
        assert os.path.getsize(os.path.join(os.path.dirname(page), picture)) > 10_000
