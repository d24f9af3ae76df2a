"""Verbs as data: what one change would do, step by step, and under which conditions.

A plan is built by an adapter, shown by a dialog or `--dry-run`, run by the executor, kept by the
journal and inverted by undo. It holds absolute paths and exact arguments, nothing to interpret.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple, Union

ALONG = "nothing more, once the other steps are undone"
"""The undo of what only adds to the work of another step, or looks at it."""


class Run(NamedTuple):
    """Run a command, with no terminal input, in cleaned variables (spec/backends.md 0.2)."""

    argv: tuple[str, ...]
    cwd: str
    variables: tuple[tuple[str, str], ...] = ()
    creates: tuple[str, ...] = ()
    """Paths that exist afterwards and did not before: the post-condition, and what undo trashes."""
    changes: tuple[str, ...] = ()
    """Files the command may write; their bytes are kept so that undo can put them back."""
    within: str = ""
    """What an earlier step made and this one only adds to: the undo of that takes it along."""
    first: str = ""
    """A directory that goes first on PATH: where the command is to find its Python."""

    @property
    def text(self) -> str:
        """The command as a person would type it."""
        words = [f"PATH={shlex.quote(self.first)}:$PATH"] if self.first else []
        words += [f"{k}={shlex.quote(v)}" for k, v in self.variables]
        return " ".join([*words, shlex.join(self.argv)])

    @property
    def undo(self) -> str | None:
        """In words, what undo does; None where it can do nothing."""
        parts = [f"move {path} to the trash" for path in self.creates]
        parts += [f"put back {path}" for path in self.changes]
        if self.within and not parts:
            return ALONG
        return ", ".join(parts) or None


class Write(NamedTuple):
    """Replace a file as a whole, atomically, keeping its mode."""

    path: str
    content: bytes
    section: str = ""
    """Lines that undo appends again if the file changed since; "" where it then refuses."""
    summary: str = ""
    """Of what was generated: what a person needs to know of it in place of all its lines."""

    @property
    def text(self) -> str:
        """One line for the dialog; the difference itself is `difference`."""
        return f"write {self.path}"

    @property
    def undo(self) -> str | None:
        """In words, what undo does."""
        return f"put back {self.path} as it was"


class Trash(NamedTuple):
    """Rename a file, a link or a whole tree into the trash."""

    path: str

    @property
    def text(self) -> str:
        """One line for the dialog."""
        return f"move {self.path} to the trash"

    @property
    def undo(self) -> str | None:
        """In words, what undo does."""
        return f"move it back to {self.path}"


class Unlink(NamedTuple):
    """Remove a symbolic link; what it points to stays."""

    path: str

    @property
    def text(self) -> str:
        """One line for the dialog."""
        return f"remove the link {self.path}"

    @property
    def undo(self) -> str | None:
        """In words, what undo does."""
        return f"make the link {self.path} again"


class Link(NamedTuple):
    """Make a symbolic link, or turn one that is there to another target, in one rename."""

    path: str
    target: str

    @property
    def text(self) -> str:
        """One line for the dialog."""
        return f"link {self.path} to {self.target}"

    @property
    def undo(self) -> str | None:
        """In words, what undo does."""
        return f"put back {self.path} as it was"


Step = Union[Run, Write, Trash, Unlink, Link]
KINDS: dict[str, type[Any]] = {
    "run": Run, "write": Write, "trash": Trash, "unlink": Unlink, "link": Link,
}  # fmt: skip

Check = Literal[
    "absent",  # nothing has that name
    "inode",  # value is "device:inode" of the directory, not followed
    "content",  # value is the sha256 of the file in hex, or "-" for no file
    "not-in-use",  # no process runs inside the prefix
    "not-active",  # it is not what this shell is switched to
    "not-self",  # envtui does not run from it
    "no-foreign-files",  # nothing of the user's own lies in the prefix
    "executable",  # the program is there
]


class Guard(NamedTuple):
    """A condition that holds when the plan is shown and is checked again at the last moment."""

    check: Check
    path: str
    value: str = ""

    @property
    def text(self) -> str:
        """The condition in words."""
        words = {
            "absent": f"nothing is at {self.path}",
            "inode": f"{self.path} is still the same directory",
            "content": f"{self.path} has not changed meanwhile",
            "not-in-use": f"no process runs in {self.path}",
            "not-active": f"{self.path} is not active in this shell",
            "not-self": f"envtui does not run from {self.path}",
            "no-foreign-files": f"{self.path} holds no files of your own",
            "executable": f"{self.path} can be run",
        }
        return words[self.check]


def content_digest(content: bytes | None) -> str:
    """What a `content` guard compares: sha256 in hex, "-" for no file."""
    import hashlib

    return "-" if content is None else hashlib.sha256(content).hexdigest()


class Plan(NamedTuple):
    """One change: everything it would do and everything that must hold for it."""

    title: str
    steps: tuple[Step, ...]
    guards: tuple[Guard, ...] = ()
    warnings: tuple[str, ...] = ()
    done: str = ""
    """The result in the past tense, for the last-job line: "removed api/.venv"."""


def kind_of(step: Step) -> str:
    """The step's name in JSON."""
    return type(step).__name__.lower()


def combine(title: str, plans: list[Plan], done: str) -> Plan:
    """Several plans as one, in order, each step, condition and warning once."""
    return Plan(
        title,
        tuple(_in_turn(dict.fromkeys(step for plan in plans for step in plan.steps))),
        tuple(dict.fromkeys(guard for plan in plans for guard in plan.guards)),
        tuple(dict.fromkeys(text for plan in plans for text in plan.warnings)),
        done,
    )


def _in_turn(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps; of two that take something out of one file, the second out of what is left."""
    wrote: dict[str, bytes] = {}
    for step in steps:
        if isinstance(step, Write):
            if step.section and step.path in wrote:
                step = step._replace(content=_without(wrote[step.path], step.section))  # noqa: PLW2901
            wrote[step.path] = step.content
        yield step


def _without(content: bytes, section: str) -> bytes:
    """A file without these lines."""
    gone = section.encode("utf-8", "surrogateescape").splitlines()
    lines = content.splitlines(keepends=True)
    bare = [line.rstrip(b"\r\n") for line in lines]
    for at in range(len(lines) - len(gone) + 1):
        if bare[at : at + len(gone)] == gone:
            return b"".join(lines[:at] + lines[at + len(gone) :])
    return content
