"""config.toml: what it says holds, what is wrong in it is told with file and line, nothing is lost."""

from __future__ import annotations

import os

import pytest

from envtui import cli, config, keymap, places
from envtui.actions import KEYS
from envtui.errors import BadInput
from envtui.host import Host
from tests.homes import Home


def written(text: str) -> str:
    path = places.config("config.toml")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("roots = \n", "at line 1"),
        ("\nfoo = 1\n", ":2: unknown setting 'foo'"),
        ("theme = 1\n", ":1: theme is a name"),
        ("keys = 1\n", ":1: keys is a table"),
        ('[keys]\n\nremov = "x"\n', ":3: there is no action 'remov', perhaps 'remove'"),
        ("[keys]\nremove = []\n", ":2: a key or a list of keys"),
        ('[keys]\nremove = "ctl+x"\n', ":2: 'ctl+x' is no key"),
        ('[keys]\nremove = "ctrl+i"\n', ":2: ctrl+i is tab to a terminal"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(in_home: Home, text: str, said: str) -> None:
    path = written(text)
    with pytest.raises(BadInput) as caught:
        keymap.of(config.load(Host()))
    assert str(caught.value).startswith(path)
    assert said in str(caught.value)
    assert read(path) == text


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ('[keys]\nremove = "p"\n', ("pin (by default)", "remove (", ":2)")),
        ('[keys]\nremove = "x"\ncopy = ["Y", "x"]\n', ("remove (", ":2)", "copy (", ":3)")),
        ('[keys]\nremove = "ctrl+c"\n', ("remove (", "quit (by default)")),
    ],
)
def test_one_key_for_two_actions_names_both(
    in_home: Home, text: str, both: tuple[str, ...]
) -> None:
    written(text)
    with pytest.raises(BadInput) as caught:
        keymap.of(config.load(Host()))
    for word in both:
        assert word in str(caught.value)


def test_keys_can_be_exchanged_and_ctrl_c_always_quits(in_home: Home) -> None:
    written('[keys]\nmark = "p"\npin = ["space", "f8"]\nquit = "Q"\n')
    keys = keymap.of(config.load(Host()))
    assert keys["mark"] == ("p",)
    assert keys["pin"] == ("space", "f8")
    assert keys["quit"] == ("Q", "ctrl+c")
    assert keys["remove"] == KEYS["remove"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'theme = "nord"\n'),
        (
            'theme = "old" # why\n[keys]\nremove = "x"\n',
            'theme = "nord" # why\n[keys]\nremove = "x"\n',
        ),
        ('# mine\n[keys]\nremove = "x"\n', 'theme = "nord"\n# mine\n[keys]\nremove = "x"\n'),
    ],
)
def test_a_setting_is_written_and_the_rest_kept(in_home: Home, before: str, after: str) -> None:
    path = written(before)
    assert config.remember(Host(), "theme", "nord") == path
    assert read(path) == after


def test_a_broken_config_is_never_overwritten(in_home: Home) -> None:
    path = written("theme = \n")
    with pytest.raises(BadInput):
        config.remember(Host(), "theme", "nord")
    assert read(path) == "theme = \n"


def test_the_command_line_prints_the_settings(
    in_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    written('theme = "nord"\n[keys]\nremove = "x"\n')
    assert cli.main(["config"]) == 0
    said = capsys.readouterr().out
    assert 'theme = "nord"' in said
    assert 'keys = {remove = "x"}' in said
    written('[keys]\nremove = "p"\n')
    assert cli.main(["config"]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        'theme = "no\\"rd"\n',
        '[keys]\nremove = "x"\nundo = ["u", "f8"]\n',
        '[trash]\nmax_age_days = 30\nmax_size = "1.5G"\n',
        '[trash]\nmax_size = "0.7K"\n',
    ],
)
def test_what_config_prints_is_what_the_file_takes(
    in_home: Home, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(text)
    assert cli.main(["config"]) == 0
    before = config.load(Host())._replace(lines={}, roots=None)
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == path
    written("\n".join(lines))
    assert config.load(Host())._replace(lines={}, roots=None) == before
