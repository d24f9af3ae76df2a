"""Files that say which Python a directory gets: the plans that write them and take them away."""

from __future__ import annotations

from envtui.adapters.going import unchanged
from envtui.errors import BadInput
from envtui.host import Host
from envtui.plan import Plan, Step, Trash, Write


def written_pin(
    host: Host, path: str, content: bytes, words: list[str], *warnings: str, by: str = ""
) -> Plan:
    """The plan that makes a file say these words; `by` names the manager, where it is not plain."""
    shown, said = host.short(path), " ".join(words)
    return Plan(
        f"Pin {said} in {shown}{by}",
        (Write(path, content),),
        unchanged(host, Write(path, content)),
        warnings,
        done=f"pinned {said} in {shown}",
    )


def one_word(words: list[str], why: str) -> str:
    """The one version that is to be pinned, and why it can be only one. Raises BadInput."""
    if len(words) != 1:
        raise BadInput(f"{why}; name one version")
    return words[0]


def present(host: Host, path: str, manager: str) -> bytes:
    """What a file says by now, b"" where it can't be read. Raises BadInput for a directory."""
    if host.is_dir(path):
        raise BadInput(f"{path} is a directory; {manager} wants a file there")
    return host.read_if(path)


def dropped_pin(host: Host, path: str, after: bytes = b"") -> Plan | None:
    """The plan that takes a pin away: what is left of the file, or all of it into the trash.

    None where there is no file.
    """
    if not host.lexists(path):
        return None
    shown = host.short(path)
    if after.strip():
        step: Step = Write(path, after)
        title, done = f"Unpin Python in {shown}", f"unpinned Python in {shown}"
    else:
        step = Trash(path)
        title, done = f"Unpin: remove {shown}", f"unpinned {shown}"
    return Plan(title, (step,), unchanged(host, step), done=done)
