"""The Pythons that uv installed, by its keys, and more of them coming and going.

uv 0.13: `cpython-3.12.1-linux-x86_64-gnu` is a directory, `cpython-3.12-linux-x86_64-gnu` a link to
the newest patch, on which `uv venv` builds and which a newer patch moves.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envtui.adapters import stores
from envtui.adapters.choice import minor, version_key
from envtui.adapters.going import links_into, uninstalled
from envtui.adapters.programs import not_installed, tool_or_fail
from envtui.adapters.uv_places import programs, pythons
from envtui.errors import BadInput, Refused
from envtui.facts.eol import minors
from envtui.host import Host
from envtui.model import Interpreter, Notice
from envtui.plan import Guard, Plan, Run, Trash, Unlink
from envtui.prefix import Prefixes

# `cpython-3.14.0rc1+freethreaded-linux-x86_64-gnu`: a key of uv, always with a full version.
_KEY = re.compile(r"^([a-z]+)-(\d+\.\d+\.\d+[a-z0-9]*)(\+[a-z+]+)?-[^-]+-[^-]+-[^-]+$")
# The same with a minor only.
_MINOR_KEY = re.compile(r"^[a-z]+-\d+\.\d+(\+[a-z+]+)?-[^-]+-[^-]+-[^-]+$")
_WORD = re.compile(r"(\d+\.\d+)(\.\d+(?:(?:a|b|rc)\d+)?)?")


def interpreters(host: Host, prefixes: Prefixes) -> Iterator[Interpreter | Notice]:
    """Each installed Python once; links of a minor, and links on PATH, are aliases of it."""
    folder = pythons(host)
    names, notices = stores.readable(host, folder, "uv's Pythons")
    yield from notices
    minors = [os.path.join(folder, name) for name in names if _MINOR_KEY.match(name)]
    links = [(path, host.real(path)) for path in minors if host.is_link(path)]
    for name in names:
        path = os.path.join(folder, name)
        found = _KEY.match(name)
        if not found or host.is_link(path) or not host.is_dir(path):
            continue
        executable = _executable(host, path, found[1], found[2], found[3] or "")
        if executable is None:
            help_ = f"`uv python install --reinstall {found[2]}` would help"
            empty = f"an installation of uv without a Python; {help_}"
            yield stores.closed(host, path, os.path.join(path, "bin")) or Notice(path, empty)
            continue
        prefix = os.path.dirname(os.path.dirname(executable))
        real = host.real(path)
        aliases = [link for link, target in links if target == real]
        aliases += links_into(host, programs(host, "UV_PYTHON_BIN_DIR"), path)
        item = stores.python(host, prefixes, "uv", name, executable, prefix, aliases, found[2])
        yield item._replace(implementation=found[1])


def uninstall(host: Host, item: Interpreter, dependents: list[str], *, force: bool = False) -> Plan:
    """Into the trash, with the links that lead there; `uv python uninstall` asks nobody."""
    path = os.path.join(pythons(host), item.name)
    links = [Unlink(link) for link in item.aliases if host.is_link(link)]
    return uninstalled(host, item, path, dependents, *links, Trash(path), force=force)


def known(host: Host) -> list[str]:  # noqa: ARG001 - pyenv needs it
    """The minors that uv has, newest first; its full list lies inside its program."""
    return [minor for minor in reversed(minors()) if version_key(minor) >= (3, 8)]


def install(host: Host, version: str) -> Plan:
    """`uv python install`. Raises BadInput for what is no version, Refused for what is there.

    uv answers "already installed", with success, to a minor of which any patch is there.
    """
    tool = tool_or_fail(host, "uv")
    asked = _WORD.fullmatch(version)
    if not asked:
        raise BadInput(f"{version!r} is not a version such as 3.13 or 3.13.1")
    folder, platform = pythons(host), _platform(host)
    there = [n for n in host.names_if(folder) if _KEY.match(n) and _fits(n, version)]
    if there:
        shown = host.short(os.path.join(folder, there[0]))
        raise Refused(f"Python {version} is installed already, in {shown}")
    link = os.path.join(folder, f"cpython-{asked[1]}-{platform}")
    target = os.path.join(folder, f"cpython-{version}-{platform}")
    steps: list[Trash | Run] = []
    # Without links on PATH, as with pyenv: what was there before stays first.
    make = Run((tool, "python", "install", "--no-bin", version), host.home)
    warnings = ["uv downloads it"]
    if platform is None or not asked[2]:
        warnings.append(
            f"only a full version can be undone; `envtui uninstall` takes {version} away"
        )
        guards: tuple[Guard, ...] = ()
    else:
        newest = _newest(host, folder, asked[1])
        if newest is None:
            make = make._replace(creates=(target, link))
        elif version_key(newest) < version_key(version) and host.is_link(link):
            # Not unlinked: only what is moved comes back as the very link that was made here.
            steps.append(Trash(link))
            make = make._replace(creates=(target, link))
            warnings.append(f"what uv built on {asked[1]} moves from {newest} to {version}")
        else:
            make = make._replace(creates=(target,))
        guards = (Guard("absent", target),)
    return Plan(
        f"Install Python {version} with uv",
        (*steps, make),
        (*guards, Guard("executable", tool)),
        tuple(warnings),
        done=f"installed Python {version}",
    )


def cannot_install(host: Host) -> str | None:
    """Why uv can't install a Python here; None if it can."""
    return not_installed(host, "uv")


def _platform(host: Host) -> str | None:
    """The end of uv's keys for this machine; None where it is not one of the common ones."""
    machine = os.uname().machine
    machine = "aarch64" if machine == "arm64" else machine
    if machine not in ("x86_64", "aarch64"):
        return None
    if host.platform == "darwin":
        return f"macos-{machine}-none"
    if host.platform != "linux":
        return None
    musl = host.lexists(f"/lib/ld-musl-{machine}.so.1")
    return f"linux-{machine}-{'musl' if musl else 'gnu'}"


def _newest(host: Host, folder: str, minor: str) -> str | None:
    """The newest patch of a minor of CPython that is installed, free-threaded ones aside."""
    found = [_KEY.match(name) for name in host.names_if(folder)]
    mine = [key[2] for key in found if key and key[1] == "cpython" and not key[3]]
    return max((v for v in mine if v.startswith(minor + ".")), key=version_key, default=None)


def _fits(name: str, word: str) -> bool:
    return re.match(rf"cpython-{re.escape(word)}[.-]", name) is not None


def _executable(
    host: Host, prefix: str, implementation: str, version: str, variant: str
) -> str | None:
    """The interpreter in an installation; older ones of uv have `install` in between."""
    stem = "python" if implementation == "cpython" else implementation
    suffix = "t" if "freethreaded" in variant else "d" if "debug" in variant else ""
    for part in ("bin", "install/bin"):
        for name in (
            f"{stem}{minor(version)}{suffix}",
            f"{stem}{minor(version)}",
            stem,
            "python",
            "python3",
        ):
            path = os.path.join(prefix, part, name)
            if host.is_file(path):
                return path
    return None
