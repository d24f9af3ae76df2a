"""uv's choice of a Python: `.python-version` in uv's projects, within `requires-python`."""

from __future__ import annotations

import os
import re

from envtui.adapters.choice import allowed, choose, fits, version_key
from envtui.adapters.common import read_files
from envtui.adapters.pin_files import dropped_pin, one_word, present, written_pin
from envtui.adapters.programs import tool_or_fail
from envtui.errors import BadInput
from envtui.host import Host
from envtui.model import Interpreter, Inventory, Pin
from envtui.plan import Guard, Plan, Run
from envtui.project import ProjectFiles

_FILE = ".python-version"
_VERSION = re.compile(r"\d+(\.\d+){0,2}")


def manages(files: ProjectFiles) -> bool:
    """Whether the project is uv's: by its lock, or by a table `[tool.uv]`."""
    return "uv.lock" in files.markers or "uv" in files.tool()


def pins(host: Host, files: ProjectFiles, inventory: Inventory) -> list[Pin]:
    """The one version that uv takes from the file: the first line that holds any."""
    if _FILE not in files.markers or not manages(files):
        return []
    path = os.path.join(files.path, _FILE)
    try:
        words = _words(host.read(path, 1 << 16))[:1]
    except OSError:
        return []
    return [Pin(path, tuple(words), tuple(_resolve(host, inventory, word) for word in words))]


def pin(host: Host, inventory: Inventory, words: list[str], project: str) -> Plan:
    """`uv python pin`; where it would drop comments or further versions, only our line changes.

    uv also pins what is not installed and says so on the way; here that is refused.
    """
    word = one_word(words, "uv takes one Python for a project")
    python = choose(host, inventory, word)
    check_required(host, project, python)
    word = word if _VERSION.fullmatch(word) else _word(python)
    path = os.path.join(project, _FILE)
    before = present(host, path, "uv")
    plan = written_pin(host, path, _with_word(before, word), [word], by=" (uv)")
    if len(before.split()) > 1:
        return plan
    tool = tool_or_fail(host, "uv")
    step = Run((tool, "python", "pin", word), project, changes=(path,))
    return plan._replace(steps=(step,), guards=(*plan.guards, Guard("executable", tool)))


def unpin(host: Host, project: str) -> Plan | None:
    """What `uv python pin --rm` does, into the trash."""
    return dropped_pin(host, os.path.join(project, _FILE))


def check_required(host: Host, project: str, python: Interpreter) -> None:
    """Raises BadInput where the project's `requires-python` excludes this Python."""
    files, _ = read_files(host, project)  # uv itself says what is wrong with them
    required = files.requires_python
    if not allowed(required, [python.version]):
        raise BadInput(
            f"{files.name} requires Python {required}, which {python.version} is not; "
            f"change requires-python in {os.path.join(project, 'pyproject.toml')} first"
        )


def _words(content: bytes) -> list[str]:
    lines = (os.fsdecode(line).strip() for line in content.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _word(python: Interpreter) -> str:
    """What a file that others read too should say: never a path or a platform."""
    plain = python.implementation == "cpython"
    threaded = "t" if "+freethreaded" in python.name else ""
    return python.version + threaded if plain else f"{python.implementation}@{python.version}"


def _with_word(before: bytes, word: str) -> bytes:
    """The file with its first version replaced."""
    lines = before.splitlines(keepends=True)
    for number, line in enumerate(lines):
        stripped = line.strip()
        if stripped and not stripped.startswith(b"#"):
            lines[number] = line.replace(stripped, os.fsencode(word), 1)
            return b"".join(lines)
    gap = b"" if before.endswith(b"\n") else b"\n"
    return before + gap + os.fsencode(word) + b"\n"


def _resolve(host: Host, inventory: Inventory, word: str) -> str | None:
    """The interpreter that uv would take: one of its own first, the newest that fits."""
    plain = re.sub(r"^(?:cpython|python|cp|py)[@-]?(?=\d)", "", word)
    own = [item for item in inventory.interpreters if item.kind == "uv"]
    fitting = [item for item in own if item.name == word or fits(item.version, plain)]
    if fitting:
        return max(fitting, key=lambda item: version_key(item.version)).id
    try:
        return choose(host, inventory, plain).id
    except BadInput:
        return None
