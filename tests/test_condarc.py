"""The one list that is read of a condarc: as YAML has it, or an error that names the line."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envtui.adapters.condarc import values

# Whatever people put around the key; each a whole number of lines.
AROUND = st.sampled_from(
    [
        "channels:\n  - conda-forge\n  - defaults\n",
        "channels: [a,\n  b\n]\n",
        "auto_activate_base: false # no\n",
        "proxy_servers:\n  http: http://u:p@h:1\n",
        "custom: {a: [1,\n  2], b: 'x # y'}\n",
        "# envs_dirs:\n#  - /commented\n",
        "changeps1: yes\n\n---\n",
        "'quoted key': 1\n",
        "env_prompt: '({name}) '\n",
    ]
)
WORDS = st.text("abcXYZ019/._- ~$éß", min_size=1, max_size=12).filter(
    lambda text: text == text.strip() and text[0] not in "-~" and text != "null"
)


@given(
    st.lists(AROUND, max_size=3),
    st.lists(WORDS, min_size=1, max_size=4),
    st.lists(AROUND, max_size=3),
    st.sampled_from(["  - {}", "- {}", '  - "{}"', "- '{}'  # mine", "flow", "flow lines"]),
)
def test_the_list_is_found_among_other_keys(before, words, after, style):
    if style == "flow":
        text = "envs_dirs: [" + ", ".join(f'"{word}"' for word in words) + "]\n"
    elif style == "flow lines":
        text = "envs_dirs: [\n" + ",\n".join(f"  '{word}'" for word in words) + "\n]\n"
    else:
        text = "envs_dirs:\n" + "".join(style.format(word) + "\n" for word in words)
    content = "".join([*before, text, *after]).encode()
    assert values(content, "envs_dirs") == words


@given(st.binary(max_size=200) | st.text("ab:-[]{}'\"#\n\t ,&*|~", max_size=60).map(str.encode))
def test_anything_else_is_a_list_or_a_value_error(content):
    with contextlib.suppress(ValueError):
        assert all(isinstance(word, str) for word in values(content, "a", "b"))


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\n<html>\n", 2), ("envs_dirs:\n\t- a\n", 2), ("x: 1\nenvs_dirs: [a\nb: 2\n", 2)],
)
def test_what_is_no_yaml_is_told_with_its_line(text, line):
    with pytest.raises(ValueError, match=f"line {line}"):
        values(text.encode(), "envs_dirs")
