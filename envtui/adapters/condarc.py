"""The one list in a `.condarc` that matters here, read without a YAML library.

Of YAML only what people and `conda config` write there is understood: top-level `key: value` with
block or flow lists of plain or quoted words. Importing PyYAML would cost every `envtui list` of a
conda user more than the rest of its start, for one key that names directories; what is beyond this
subset is a ValueError that names the line, never a guess.
"""

from __future__ import annotations

import re

_KEY = re.compile(r"""^("[^"]*"|'[^']*'|[^\s:#\[\]{},&*!|>%@`"'-][^:]*?)\s*:(?:\s+(.*))?$""")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")


def values(content: bytes, *keys: str) -> list[str]:
    """The words under any of these keys, in order; a single word counts as a list of one.

    Raises ValueError where the file is no YAML, or none that this understands.
    """
    found: list[str] = []
    key = None
    lines = list(enumerate(_text(content).splitlines(), 1))
    while lines:
        number, line = lines.pop(0)
        bare = line.strip()
        if not bare or bare.startswith(("#", "%")) or bare in ("---", "..."):
            continue
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise ValueError(f"line {number} is not YAML: a tab indents it")
        if line[0] != " " and not _is_item(bare):
            match = _KEY.match(bare)
            if not match:
                raise ValueError(f"line {number} is not `key: value`")
            key, value = _word(match[1], number), _closed(match[2] or "", number, lines)
            if key in keys:
                found += _flow(value, number)
        elif key is None:
            raise ValueError(f"line {number} belongs to no key")
        elif key in keys:
            if not _is_item(bare):
                raise ValueError(f"line {number} is no item of the list {key}")
            found += filter(None, [_word(bare[1:].strip(), number)])
    return found


def _text(content: bytes) -> str:
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise ValueError("a NUL is in it")
    return text


def _is_item(bare: str) -> bool:
    return bare == "-" or bare.startswith("- ")


def _closed(value: str, number: int, lines: list[tuple[int, str]]) -> str:
    """A value with the lines that follow until each of its brackets is closed."""
    while _depth(value) > 0:
        if not lines:
            raise ValueError(f"the bracket of line {number} is never closed")
        value += " " + _without_comment(lines.pop(0)[1].strip())
    return value


def _depth(value: str) -> int:
    if value[:1] not in ("[", "{"):
        return 0
    bare = _QUOTED.sub("", _without_comment(value))
    return sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}")


def _flow(value: str, number: int) -> list[str]:
    """The words of `[a, 'b, c']`; of a single word, that."""
    value = _without_comment(value)
    if not value.startswith("["):
        return [word] if (word := _word(value, number)) else []
    if not value.endswith("]"):
        raise ValueError(f"line {number}: something follows the list")
    parts = re.findall(rf"(?:{_QUOTED.pattern}|[^,\"'])+", value[1:-1])
    return [word for part in parts if (word := _word(part.strip(), number))]


def _word(text: str, number: int) -> str:
    """One scalar without its quotes; "" for none. Raises ValueError for a tag, anchor or block."""
    text = _without_comment(text)
    if quoted := _QUOTED.fullmatch(text):
        inside = quoted[0][1:-1]
        if text[0] == "'":
            return inside.replace("''", "'")
        return re.sub(r"\\(.)", r"\1", inside)
    if text[:1] in tuple("\"'&*!|>%@`[]{},"):
        raise ValueError(f"line {number}: {text[:20]!r} can't be understood")
    return "" if text in ("~", "null") else text


def _without_comment(text: str) -> str:
    """Without a comment, which is a `#` after a blank and outside of quotes."""
    masked = _QUOTED.sub(lambda match: "x" * len(match[0]), text)
    found = re.search(r"(?:^|\s)#", masked)
    return (text[: found.start()] if found else text).strip()
