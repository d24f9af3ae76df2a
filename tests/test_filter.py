"""The grammar of `/` and `--filter`: what each word means, and what it says of what it can't read."""

from __future__ import annotations

import time

import pytest

from envtui import cli
from envtui.errors import BadInput
from envtui.filter import parse
from envtui.model import Environment
from tests.homes import Home
from tests.ui import made

DAY = 86400


def one(**more: object) -> Environment:
    return made.environment("venv", "/home/ada/code/api/.venv", "3.11.9", **more)


def days_ago(days: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * DAY))


@pytest.mark.parametrize(
    ("text", "facts", "holds"),
    [
        ("", {}, True),
        ("api ven", {}, True),
        ("api !ven", {}, False),
        ("broken", {"health": "broken"}, True),
        ("broken", {"health": "no-python"}, True),
        ("broken", {"health": "moved"}, True),
        ("broken", {"health": "version-differs"}, False),
        ("moved", {"health": "broken"}, False),
        ("!broken", {}, True),
        ("kind:uv,venv", {}, True),
        ("py:<3.12 py:>=3.11", {}, True),
        ("py:3.1", {}, False),
        ("size:>1G", {"size": 2 << 30}, True),
        ("size:>1G", {"size": 1 << 30}, False),
        ("size:1g", {"size": 1 << 30}, True),
        ("size:<=1.5MB", {"size": 1_500_000}, True),
        ("!size:>1G", {"size": 5}, True),
        ("unused:>90d", {"last_used": days_ago(91)}, True),
        ("unused:<3m", {"last_used": days_ago(91)}, False),
        ("unused:2w", {"last_used": days_ago(15)}, True),
        ("unused:>90d", {"last_used": days_ago(91), "active": True}, False),
        ("broken size:>1", {"size": 5}, False),
    ],
)
def test_words(text: str, facts: dict[str, object], holds: bool) -> None:
    assert parse(text).matches(one(**facts)) is holds


@pytest.mark.parametrize("text", ["size:>1G", "!size:>1G", "unused:>1d", "!unused:>1d", "size:<1G"])
def test_what_is_not_known_matches_no_word_on_it(text: str) -> None:
    assert not parse(text).matches(one())


@pytest.mark.parametrize(
    "text", ["size:big", "unused:>", "unused:soon", "py:x", "size:>1X", "!py:x"]
)
def test_a_word_that_can_not_be_read_is_named(text: str) -> None:
    with pytest.raises(BadInput, match=text.lstrip("!").partition(":")[0]):
        parse(text)


def test_list_measures_only_what_is_asked_for(
    in_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    in_home.venv("code/big/.venv", "3.12")
    in_home.write("code/big/.venv/lib/data", "x" * 3_000_000)
    in_home.venv("code/small/.venv", "3.12")
    assert cli.main(["list", "--filter", "size:>2M", "--kind", "venv"]) == 0
    said = capsys.readouterr().out
    assert "code/big" in said
    assert "SIZE" in said
    assert "code/small" not in said
    assert cli.main(["list", "--filter", "unused:>1d", "--kind", "venv"]) == 1
    assert cli.main(["list", "--filter", "unused:<1d", "--kind", "venv"]) == 0
    assert cli.main(["list", "--filter", "size:huge"]) == 2
    assert "'" not in capsys.readouterr().err.partition("size")[0]


def test_a_filter_of_the_screen_is_read_before_it_opens(
    in_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--filter", "py:x"]) == 2
    assert "py:x" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["python:3.12", "!knid:poetry", "state:broken"])
def test_a_field_that_does_not_exist_is_told(text):
    """It matched nothing, without a word."""
    with pytest.raises(BadInput, match=r"no field .*, only kind: py: project: size: unused:"):
        parse(text)


def test_ids_have_a_colon_and_are_no_fields():
    for text in ("poetry:shop", "venv:~/code", "uv-tool:ruff", "12:30"):
        parse(text)


@pytest.mark.parametrize("text", ["kind:knid", "!kind:uv,knid"])
def test_a_kind_that_does_not_exist_is_told(text):
    with pytest.raises(BadInput, match=r"no kind 'knid', only venv virtualenv .*homebrew"):
        parse(text)
