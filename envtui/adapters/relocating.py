"""A moved environment made right at its new place: every file that names the old one rewritten.

`mv` leaves a working Python, but console scripts that do not start and activation scripts that set
the old path (spec/locks.md 6.4). Each file is written anew, never in place, since uv's and conda's
caches share files with environments; RECORD is put right, so that nothing looks changed by hand.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from envtui.errors import BadInput
from envtui.facts.packages import site_packages
from envtui.host import Host
from envtui.model import Environment
from envtui.plan import Link, Step, Write

_ACTIVATE = re.compile(rb"""^\s*(?:export )?VIRTUAL_ENV=(['"]?)(/.*)\1\s*$""", re.MULTILINE)
_SHEBANG = re.compile(rb"^#!(/[^\n]*)/bin/(?:python|pypy)[\w.]*(?: -\w+)?\s*$", re.MULTILINE)
_PROGRAM = re.compile(rb"(/.*/bin/(?:python|pypy)[\w.]*)((?: -\w+)?)\s*$")
_EXEC = re.compile(rb"""^'''exec' "?(/[^\n"]*)/bin/(?:python|pypy)[\w.]*"? """, re.MULTILINE)
_COMMAND = re.compile(
    rb"^command\s*=.* -m (?:venv|virtualenv)(?: -\S+)* (/[^\r\n]*?)\s*$", re.MULTILINE
)
_UNSAFE = re.compile(r"""['"\\$`!\n\r]""")  # what no shell's quotes take as it stands
_PLAIN = re.compile(r"[\w@%+=:,./-]*", re.ASCII)
_SITE = re.compile(r".+\.(?:pth|egg-link)$|^__editable__.+\.py$")
_NOTES = ("pyvenv.cfg", "pipx_metadata.json", "uv-receipt.toml")
_FIRST_LINE = 127  # what Linux takes of a script's first line
_LARGEST = 1 << 20


def relocate(host: Host, environment: Environment, *folders: str) -> list[Step]:
    """The steps that make it right where it is; so are links to it in these folders.

    Raises BadInput where only a rebuild can.
    """
    old = recorded_place(host, environment)
    new = environment.path
    if old is None:
        raise BadInput(f"nothing in {new} says where it was made")
    if _UNSAFE.search(new):
        raise BadInput(f"{new} holds characters that scripts can't name")
    places = {old: new, **_around(host, old, new)}
    writes = list(_writes(host, environment.real, places))
    return [
        *_links(host, (environment.real, f"{environment.real}/bin", *folders), old, new),
        *writes,
        *_records(host, environment, writes),
    ]


def recorded_place(host: Host, environment: Environment) -> str | None:
    """Where most of its files say that it is; None where none says it."""
    folder = os.path.join(environment.real, "bin")
    votes: Counter[str] = Counter()
    for name, content in _texts(host, folder):
        patterns = (_ACTIVATE,) if name == "activate" else (_SHEBANG, _EXEC)
        for pattern in patterns:
            votes.update(os.fsdecode(m[m.re.groups]) for m in pattern.finditer(content))
    config = _read(host, os.path.join(environment.real, "pyvenv.cfg"))
    votes.update(os.fsdecode(found[1]) for found in _COMMAND.finditer(config))
    here = {environment.path, environment.real}
    others = [(place, count) for place, count in votes.most_common() if place not in here]
    return others[0][0] if others else None


def _around(host: Host, old: str, new: str) -> dict[str, str]:
    """What it came along with, whose own path its files name, too: the outermost that is gone."""
    found: dict[str, str] = {}
    while os.path.basename(old) == os.path.basename(new):
        old, new = os.path.dirname(old), os.path.dirname(new)
        if old in ("/", host.home) or host.lexists(old):
            break
        found = {old: new}
    return found


def _writes(host: Host, real: str, places: dict[str, str]) -> Iterator[Write]:
    for name, content in _texts(host, os.path.join(real, "bin")):
        path = os.path.join(real, "bin", name)
        quoted = name.lower().startswith(("activate", "deactivate"))
        yield from _changed(path, content, _script(content, places, quoted=quoted))
    urls = {quote(os.fsencode(a)): quote(os.fsencode(b)) for a, b in places.items()}
    files = [(os.path.join(real, name), places) for name in _NOTES]
    for folder in site_packages(real, host.names_if):
        names = host.names_if(folder)
        infos = [name for name in names if name.endswith(".dist-info")]
        files += [(os.path.join(folder, name), places) for name in names if _SITE.match(name)]
        files += [(os.path.join(folder, name, "direct_url.json"), urls) for name in infos]
    for path, named in files:
        content = _read(host, path)
        yield from _changed(path, content, _moved(content, named))


def _changed(path: str, old: bytes, new: bytes) -> Iterator[Write]:
    if new != old:
        yield Write(path, new)


def _pattern(old: str) -> re.Pattern[bytes]:
    """The path where it stands as a whole path or begins one: /a/b in /a/b/c, not in /a/bc."""
    return re.compile(rb"(?<![\w.~-])" + re.escape(os.fsencode(old)) + rb"(?![\w.~+@%-])")


def _moved(content: bytes, places: dict[str, str]) -> bytes:
    for old, new in places.items():
        content = _pattern(old).sub(lambda _, new=new: os.fsencode(new), content)  # type: ignore[misc]
    return content


def _script(content: bytes, places: dict[str, str], *, quoted: bool) -> bytes:
    """A script at its new place; where a shell reads the path, inside quotes if it needs them."""
    if quoted:
        for old, new in places.items():
            bare = os.fsencode(new)
            word = bare if _PLAIN.fullmatch(new) else b"'" + bare + b"'"

            def put(found: re.Match[bytes], bare: bytes = bare, word: bytes = word) -> bytes:
                before = found.string[found.start() - 1 : found.start()]
                return bare if before in (b"'", b'"') else word

            content = _pattern(old).sub(put, content)
        return content
    first, newline, rest = content.partition(b"\n")
    if first == b"#!/bin/sh" and rest.startswith(b"'''exec'"):
        line, newline, rest = rest.partition(b"\n")
        found = re.match(rb"""'''exec' (?:"([^"]+)"|(\S+)) (.*)""", line)
        if found:
            named = found[1] or found[2]
            program = _moved(named, places)
            if program != named:
                line = b"'''exec' \"" + program + b'" ' + found[3]
        return first + b"\n" + line + newline + _moved(rest, places)
    if first.startswith(b"#!"):
        program = _moved(first[2:], places)
        if program != first[2:] and _too_much(program):
            found = _PROGRAM.match(program)
            named, words = (found[1], found[2]) if found else (program.strip(), b"")
            first = b"#!/bin/sh\n'''exec' \"" + named + b'"' + words + b" \"$0\" \"$@\"\n' '''"
        else:
            first = b"#!" + program
    return first + newline + _moved(rest, places)


def _too_much(program: bytes) -> bool:
    """Whether a first line can't name the program: it is too long, or has a space in it."""
    found = _PROGRAM.match(program)
    return len(program) + 2 > _FIRST_LINE or b" " in (found[1] if found else program.strip())


def _links(host: Host, folders: tuple[str, ...], old: str, new: str) -> Iterator[Link]:
    """Links into the old place."""
    for folder in folders:
        for name in host.names_if(folder):
            path = os.path.join(folder, name)
            target = host.target(path) or ""
            if target.startswith(old + "/"):
                yield Link(path, new + target[len(old) :])


def _records(host: Host, environment: Environment, writes: list[Write]) -> Iterator[Write]:
    """The RECORDs that list a rewritten file, with its new hash and size."""
    wrote = {write.path: write.content for write in writes}
    for folder in site_packages(environment.real, host.names_if):
        for info in host.names_if(folder):
            path = os.path.join(folder, info, "RECORD")
            if not info.endswith(".dist-info") or not (content := _read(host, path)):
                continue
            lines = content.splitlines(keepends=True)
            new = b"".join(_row(line, folder, wrote) for line in lines)
            yield from _changed(path, content, new)


def _row(line: bytes, folder: str, wrote: dict[str, bytes]) -> bytes:
    parts = line.rstrip(b"\r\n").rsplit(b",", 2)
    if len(parts) != 3 or not parts[1].startswith(b"sha256="):
        return line
    name = os.fsdecode(parts[0].strip(b'"'))
    content = wrote.get(os.path.normpath(os.path.join(folder, name)))
    if content is None:
        return line
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
    end = line[len(line.rstrip(b"\r\n")) :]
    return b",".join((parts[0], b"sha256=" + digest, b"%d" % len(content))) + end


def _texts(host: Host, folder: str) -> Iterator[tuple[str, bytes]]:
    """The text files of a directory, which may name a place."""
    for name in host.names_if(folder):
        path = os.path.join(folder, name)
        content = b"" if host.is_link(path) else _read(host, path)
        if content and b"\0" not in content:
            yield name, content


def _read(host: Host, path: str) -> bytes:
    """A file's bytes; none where it can't be read, or is larger than any that names a place."""
    content = host.read_if(path, _LARGEST + 1)
    return content if len(content) <= _LARGEST else b""
