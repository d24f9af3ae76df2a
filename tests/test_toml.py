"""The quick way through plain TOML says what the standard library says, or leaves it to that."""

from __future__ import annotations

import glob
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envtui import toml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KEYS = ("a", "b", "name", "tool", "project", "x-1", "a.b", '"a"', "é")
VALUES = ('"x"', "'y'", '""', "''", '"""t"""', "'''t'''", '"a\\tb"', "'a\\b'", "1", "-1", "007", "1.5",
          "1_000", "0x1f", "true", "false", "True", "[]", "['a', \"b\"]", "['a' # ]\n, 'b',\n]", "[1, 'a']",
          "[['a']]", "{}", "{a = 'x', b = 'y'}", "{a = 'x', a = 'y'}", "{a = 1}", "[{a = 'x'}, 'b']",
          "[{a = 'x', a = 'y'}]", "2020-01-01", '"é\u2028"', "'#'", "\"'\"", "'\t'", "'\x7f'", "", "'a' 'b'",
          "['a'\n\n , ]", "['a',, 'b']", "[# c\x07\n]", "inf", "{a.b = 'x'}", "{a = 'x',}", "[,]")  # fmt: skip
HEADERS = ("[a]", "[b]", "[a.b]", "[a.b.c]", "[tool]", "[tool.poetry]", "[[a]]", "[ a ]", "[a", "[]",
           "[a.]", "[project] # x", "[project]]", "[name]")  # fmt: skip
ODD = ("", " ", "\t", "# c", "#\x01", "junk", "\r", "  # é", "=", "a", "\ufeff", "\x00")

pairs = st.builds(
    "{}{}{}={}{}{}".format,
    st.sampled_from(("", " ", "\t")), st.sampled_from(KEYS), st.sampled_from(("", " ", "\n")),
    st.sampled_from((" ", "", "\n")), st.sampled_from(VALUES), st.sampled_from(("", " ", " # c", "# c")),
)  # fmt: skip
lines = st.one_of(pairs, pairs, st.sampled_from(HEADERS), st.sampled_from(ODD))
files = st.builds(
    str.__add__,
    st.lists(lines, max_size=7).map("\n".join),
    st.sampled_from(("\n", "", "\n\n", "\r\n", " ")),
)


@given(files)
def test_plain_files_mean_what_the_parser_says(text: str) -> None:
    found = toml._plain(text)
    if found is not None:
        assert found == tomllib.loads(text)


@given(st.text(alphabet="ab=.[]{}'\"#,\\ \n\t\r1_-", max_size=24))
def test_no_text_that_the_parser_refuses_is_taken(text: str) -> None:
    found = toml._plain(text)
    if found is not None:
        assert found == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nname = 'shop'  # ours\nrequires-python = \">=3.9\"\n\n[tool.uv]\npackage = false\n",
        "[project]\nauthors = [{name = 'Ada', email = 'a@b'}]\ndependencies = [\n  'x>=1',  # why\n  'y',\n]\n",
        "[requires]\npython_version = '3.12'\n[packages]\nrequests = '*'\n",
        "[a.b]\nx = 1\n[a]\ny = 2\n",
    ],
)
def test_what_projects_write_is_taken(text: str) -> None:
    assert toml._plain(text) == tomllib.loads(text) != {}


def test_our_own_files_are_understood() -> None:
    for path in glob.glob("*.toml"):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert toml.loads(text) == tomllib.loads(text)
