"""What README says of keys and commands is what the program has."""

from __future__ import annotations

import os
import re

from tests import documents


def test_readme_is_current() -> None:
    with open(documents.README, encoding="utf-8") as file:
        text = file.read()
    assert documents.made(text) == text, "run: python -m tests.documents"


def test_the_page_of_keys_is_current() -> None:
    with open(documents.KEYS, encoding="utf-8") as file:
        assert file.read() == documents.page(), "run: python -m tests.documents"


def test_pictures_are_there() -> None:
    with open(documents.README, encoding="utf-8") as file:
        pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", file.read())
    assert pictures
    for picture in pictures:
        assert os.path.getsize(os.path.join(os.path.dirname(documents.README), picture)) > 10_000
