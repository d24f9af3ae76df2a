"""pyenv's own answers for many directories at once: one process that runs its real scripts."""

from __future__ import annotations

import itertools
import os
import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from envtui.adapters import pyenv_rules
from envtui.host import Host
from tests import tools
from tests.homes import Home

# What is "installed": pyenv looks at the names below `versions/`, so empty directories will do.
NAMES = (
    *("2.7.18", "3.9.18", "3.11.7", "3.12.1", "3.12.10", "3.12.1-foo", "3.12-dev", "3.13.0"),
    *("3.13.0t", "3.13.1t", "3.14.0a7", "3.14.0rc2", "3.14-dev", "3.15.0b1", "3.15.0"),
    *("pypy3.10-7.3.12", "pypy3.10-7.3.9", "pypy3.9-7.3.16-src", "graalpy-24.1.1", "graalpy-23.0"),
    *("miniforge3-24.11.0-0", "miniforge3-25.3.0-3", "miniforge3-latest", "miniforge3"),
    *("miniforge4-1.2", "anaconda3-2024.10-1", "anaconda3-2024.2-1", "stackless-3.7.5", "mine"),
    *("web-2", "web-test", "web-10", "web-rc1", "python-9.9", ".hidden", "a b", "UP-1", "x-9t"),
    *("12", "3", "eins-é", "-odd", "t", "3t", "web.1", "v1.2.3.4.5", "v1.2.3.4.6", "[ab]"),
)
WORDS = (
    *NAMES,
    *("3.12", "3.13", "3.14", "3.15", "3.1", "3.", "3.12.", "2", "2.7", "3.99", "3.13t", "3.14t"),
    *("pypy3.10", "pypy3", "pypy", "miniforge", "anaconda3", "anaconda3-2024", "graalpy", "x"),
    *("python-3.12", "python-3.12.1", "python-", "python-system", "python-python-3.12", "Python-3"),
    *("system", "SYSTEM", "web", "alias", "dangling", "file", "eins", "latest", "v1", "v1.2.3"),
    *("..", ".", "./3.12.1", "../versions/3.12.1", "3.12.1/", "3.12.1/envs/web", "3.12.1/envs/no"),
    *("3.11", "./3.12", "../versions/3.12", "3.11:3.12", "../x", ">=3.11"),
    *("3.12.1/..", "3.12.1/../..", "3.12.1/no/..", "file/..", "/", "//", "/usr", "../..", "a/b"),
    *("alias/envs/web", "3.12.1//envs/../envs/web", "python-3.12.1/envs/web", "~", "$HOME", "`id`"),
    *("a:b", ":3.12", "3.12:", ":", "::", "3.12::3.11.7", "3.12:3.99", "a:../x", "3.12:system"),
    *(
        "#",
        "#3.12",
        "3.12#x",
        "3.12 # x",
        "3.12.*",
        "*",
        "3.1?.1",
        "[3]*",
        "here*",
        "h[^x]*",
        ">=3",
    ),
    *("cpython@3.12", "3.12\\", "\\3.12", '"3.12"', "'3.12'", "{a,b}", "!", "-k", "-b", "-f"),
    *("--force", "--bypass", "--known", "-x", "-", "--", "\ufeff3.12", "é", "日本", "\x0b3.12"),
    *("3.12\x0c", "\x003.12", "3.\x0012", "^3", "3.12$", "3|12", "(3)", "3.12.1.1", "t", "envs"),
)
BLANKS = (" ", "\t", "  ", "\r", " \t ", "\x00")
ENDS = ("\n", "\n", "\n", "\r\n", "\n\n", "\r", "\t\n", " \n", "\x00\n", "")


class Case(NamedTuple):
    """One directory, by what its file holds (None: no file) and by the variable."""

    content: bytes | None
    variable: str = ""


class Answer(NamedTuple):
    """What `pyenv version-name` and `version-origin` say."""

    versions: tuple[str, ...]
    missing: tuple[str, ...]
    origin: str


def store(home: Home, *, alias: bool) -> Home:
    """pyenv with many names and no Python; with `alias`, names that are links to others."""
    tools.pyenv_root(home.pyenv, [])
    for name in NAMES:
        home.folder(".pyenv", "versions", name)
    home.folder(".pyenv", "versions", "3.12.1", "envs", "web")
    home.write(".pyenv/versions/file", "no directory\n")
    home.write(".pyenv/version", "3.11.7\n")
    versions = home.at(".pyenv", "versions")
    os.symlink("nowhere", f"{versions}/dangling")
    if alias:
        os.symlink(f"{versions}/3.12.1/envs/web", f"{versions}/web")
        os.symlink("3.12.1", f"{versions}/alias")
        os.symlink("3.12.10", f"{versions}/3.12")
    return home


def shuffled(chance: random.Random) -> Iterator[str]:
    """Words without end: all of them come before one comes again."""
    while True:
        yield from chance.sample(WORDS, len(WORDS))


def case(chance: random.Random, words: Iterator[str]) -> Case:
    """A file that somebody could have, and some that nobody should."""
    kind = chance.random()
    if kind < 0.1:
        return Case(None, next(words).replace("\x00", ""))
    if kind < 0.15:
        bytes_ = chance.choices(
            b"\n\n \r\t\x003.12\xc3\xa9\xe2\x82\xac\xed\xa0\xf0\x9f\x90\x8d\xff\xf4\x8f\xf5#:",
            k=chance.randrange(40),
        )
        return Case(bytes(bytes_))
    if kind < 0.2:
        return Case(long_line(chance))
    text = ""
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        line = itertools.islice(words, chance.choice((0, 1, 1, 1, 2)))
        text += chance.choice(("", "", "", *BLANKS)) + chance.choice(BLANKS).join(line)
        text += chance.choice(ENDS)
    return Case(text.encode())


def long_line(chance: random.Random) -> bytes:
    """Words about where pyenv cuts a record, at 1024 characters."""
    filler = chance.choice((" ", "a", "é", "#", "\t", "\x00"))
    length = 1024 + chance.randrange(-8, 3)
    return (filler * length + chance.choice(WORDS) + "\n" + chance.choice(WORDS)).encode()


# Run by `pyenv batch`, so with all that pyenv exports to its commands.
_BATCH = r"""#!/usr/bin/env bash
while IFS= read -r -d '' directory && IFS= read -r -d '' variable; do
  cd "$directory" || exit 9
  PYENV_DIR="$PWD"
  if [ -n "$variable" ]; then export PYENV_VERSION="$variable"; else unset PYENV_VERSION; fi
  exec 3>&2 2>"$BATCH_ERRORS"
  names="$(pyenv-version-name; printf x)"
  origin="$(pyenv-version-origin; printf x)"
  exec 2>&3
  printf '%s\0%s\0%s\0' "$names" "$origin" "$(tr -d '\0' <"$BATCH_ERRORS")"
done
"""
_MISSING = re.compile(r"^pyenv: version `(.*)' is not installed \(set by ", re.MULTILINE)


def judge(home: Home, cases: list[tuple[str, Case]]) -> list[Answer]:
    """pyenv's answer for each directory."""
    program = home.write("bin/pyenv-batch", _BATCH)
    os.chmod(program, 0o755)
    fed = home.write("cases", b"".join(
        os.fsencode(directory) + b"\0" + os.fsencode(one.variable) + b"\0"
        for directory, one in cases
    ))  # fmt: skip
    done = home.run(
        "bash", "-c", f"pyenv batch <'{fed}'",
        variables={
            "PATH": f"{home.at('bin')}:{home.variables['PATH']}",
            "BATCH_ERRORS": home.at("errors"),
        },
    )  # fmt: skip
    parts = done.stdout.split("\0")
    answers = []
    for names, origin, errors in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
        versions = tuple(word for word in names[:-1].rstrip("\n").split(":") if word)
        answers.append(Answer(versions, tuple(_MISSING.findall(errors)), origin[:-1].rstrip("\n")))
    assert len(answers) == len(cases), done.stderr[-2000:]
    return answers


def ours(home: Home, directory: str, one: Case) -> Answer:
    """What envtui answers for the same."""
    variables = home.variables | ({"PYENV_VERSION": one.variable} if one.variable else {})
    found = pyenv_rules.select(Host(home.path, variables, directory), directory)
    return Answer(found.versions, found.missing, found.origin)


def differences(home: Home, cases: list[Case]) -> list[str]:
    """In words, each case in which pyenv and envtui do not say the same."""
    places = []
    for number, one in enumerate(cases):
        directory = home.folder("code", f"{number}")
        home.write(f"code/{number}/here-it-is", "for patterns\n")
        if one.content is not None:
            home.write(f"code/{number}/.python-version", one.content)
        places.append((directory, one))
    said = []
    for (directory, one), real in zip(places, judge(home, places), strict=True):
        mine = ours(home, directory, one)
        if mine != real:
            said.append(f"{one}\n  pyenv  {real}\n  envtui {mine}")
    return said
