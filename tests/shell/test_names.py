"""Nothing foreign ever runs: names, paths and prompts full of shell syntax."""

import os
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envtui.shell import quote
from tests.shell.shells import PROMPT, Home

HOSTILE = [
    'it\'s "quoted"',
    "$(touch PWNED)",
    "`touch PWNED`",
    "two\nlines\n",
    "  blanks around  ",
    "wow!! !x !",
    "snake \U0001f40d é",
    os.fsdecode(b"not\xff\xfeutf8"),
    "[markup] [/] %n %(1V.x.y) \\u \\h",
    "back\\slash\\' \\\\",
    "; touch PWNED; #",
    "--dash * ? ~ {a,b} & | < > \t \x1b[31m \x7f \r",
]


def environment(home: Home, name: str) -> str:
    """An environment as far as activation cares."""
    prefix = os.path.join(home.path, "envs", name)
    os.makedirs(os.path.join(prefix, "bin"))
    os.symlink(sys.executable, os.path.join(prefix, "bin", "python"))
    return prefix


def flags(name):
    if name == "zsh":
        strict = ["ksh_arrays", "no_unset", "noclobber", "err_exit", "pipefail", "rc_quotes"]
        strict += ["sh_word_split", "extended_glob", "null_glob", "prompt_subst", "glob_subst"]
        return [[], [part for option in strict for part in ("-o", option)]]
    return [[], ["-euo", "pipefail"], ["--posix", "-eu"]] if name == "bash" else [[]]


def test_every_name_is_activated_as_it_is_and_runs_nothing(place, name):
    prefixes = [environment(place, hostile) for hostile in HOSTILE]
    for at, options in enumerate(flags(name)):
        output = os.path.join(place.path, f"seen{at}")
        text = f"env -0 >{output}\n"
        for prefix in prefixes:
            word = quote.word(name, prefix)
            text += f"envtui activate {word} {word}\nenv -0 >>{output}; pwd >>{output}; printf '\\0' >>{output}\n"
        text += f"envtui deactivate\nenv -0 >>{output}\n"
        if name == "zsh":
            text = "unsetopt noclobber\n" + text
        printed = place.script(name, text, *options)
        assert printed == "", printed
        with open(output, "rb") as file:
            seen = os.fsdecode(file.read()).split("\0")
        path = place.variables["PATH"]
        assert [v for v in seen if v.startswith("VIRTUAL_ENV=")] == [
            f"VIRTUAL_ENV={prefix}" for prefix in prefixes
        ]
        assert [v for v in seen if v.startswith("PATH=")] == [
            f"PATH={path}",
            *(f"PATH={prefix}/bin:{path}" for prefix in prefixes),
            f"PATH={path}",
        ]
        assert [v for v in seen if v.endswith("\n") and v.startswith("/")] == [
            prefix + "\n" for prefix in prefixes
        ]
    assert not [files for _, _, files in os.walk(place.path) if "PWNED" in files]
    assert place.leftovers() == []


@pytest.mark.parametrize("hostile", ["$(touch PWNED)", "`touch PWNED`", "%n \\u [x]", "a\x1b[5mb"])
def test_a_name_is_shown_in_the_prompt_and_not_obeyed(place, start, name, hostile):
    option = {"zsh": "setopt prompt_subst\n"}.get(name, "")
    place.rc(name, before=option)
    shell = start()
    prefix = environment(place, hostile)
    shell.ok(f"envtui activate {quote.word(name, prefix)}")
    shown = "".join(c if c.isprintable() else "?" for c in hostile)
    assert shell.prompt() == f"({shown}) {PROMPT}"
    assert not os.path.exists(os.path.join(place.path, "work", "PWNED"))


words = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=30)
nasty = st.text(st.sampled_from("'\"\\$`!\n\r\t ;&|<>(){}[]*?~#%^=-é"), max_size=12)


@settings(max_examples=8, deadline=None)
@given(texts=st.lists(words | nasty, min_size=20, max_size=60))
def test_a_quoted_word_comes_out_of_the_shell_as_it_went_in(texts, tmp_path_factory):
    home = Home(os.path.join(tmp_path_factory.mktemp("quoting"), "home"))
    for name in ("bash", "zsh", "fish"):
        script = "".join(f"builtin printf '%s\\0' {quote.word(name, text)}\n" for text in texts)
        # What fish itself does not carry: it takes these code points for its own marks.
        if name == "fish" and any(
            "\uf600" <= c <= "\uf7ff" or "\ufdd0" <= c <= "\ufdef" for c in script
        ):
            continue
        assert home.script(name, script).split("\0")[:-1] == texts


@settings(max_examples=5, deadline=None)
@given(texts=st.lists(words | nasty, min_size=10, max_size=30))
def test_lines_for_eval_set_what_they_say(texts, tmp_path_factory):
    home = Home(os.path.join(tmp_path_factory.mktemp("eval"), "home"))
    for name in ("bash", "zsh", "fish", "dash", "ash", "ksh", "mksh", "yash", "tcsh"):
        if name == "fish" and any(
            "\uf600" <= c <= "\uf7ff" or "\ufdd0" <= c <= "\ufdef" for t in texts for c in t
        ):
            continue
        script = ""
        for text in texts:
            script += quote.assignment(name, "X_WORD", text) + "\nenv -0\n"
        script += quote.removal(name, "X_WORD") + "\nenv -0\n"
        seen = [v for v in home.script(name, script).split("\0") if v.startswith("X_WORD=")]
        assert seen == [f"X_WORD={text}" for text in texts]
