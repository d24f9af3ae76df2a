"""What pyenv, Poetry and conda leave behind: links, shims and records of what is gone."""

from __future__ import annotations

import os
import re

from envtui.adapters import conda, conda_places, poetry_places, pyenv_builds, pyenv_rules
from envtui.errors import some
from envtui.host import Host
from envtui.model import Inventory
from envtui.plan import Trash, Unlink, Write, combine
from envtui.trouble import Found, Trouble, mend


def shims(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """Shims of pyenv for programs that no version has."""
    names = pyenv_builds.dangling_shims(host)
    if names:
        folder = os.path.join(pyenv_rules.root(host), "shims")
        steps = tuple(Trash(os.path.join(folder, name)) for name in names)
        yield Trouble(
            "dangling shims",
            f"pyenv has shims of programs that no version has any more: {some(names, 5)}",
            "remove them, as `pyenv rehash` would",
            mend("Remove dangling shims of pyenv", steps, "removed dangling shims"),
        )


def links(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """Links of pyenv, and commands of the user's, that lead to a Python that is gone."""
    versions = pyenv_rules.versions_folder(host)
    places = (
        (versions, re.compile(r"")),
        (os.path.join(host.home, ".local", "bin"), re.compile(r"(python|pypy|pip)[\d.]*$")),
    )
    for folder, pattern in places:
        for name in host.names_if(folder):
            path = os.path.join(folder, name)
            if not pattern.match(name) or not host.is_link(path) or host.is_silent(path):
                continue
            if not os.path.exists(path):
                target = host.short(os.path.join(folder, os.readlink(path)))
                yield Trouble(
                    "dangling link",
                    f"{host.short(path)} leads to {target}, which is gone",
                    "remove the link",
                    mend(
                        f"Remove the link {host.short(path)}", (Unlink(path),), "removed the link"
                    ),
                )


def records(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """Entries of Poetry's envs.toml for environments that are gone."""
    steps = poetry_places.stale_records(host)
    if steps:
        path = steps[0].path
        names = ", ".join(step.section.split("]")[0].strip('["') for step in steps)
        plans = [mend("", (step,), "") for step in steps]
        title = "Take stale entries out of Poetry's envs.toml"
        plan = combine(title, plans, "took stale entries out of envs.toml")
        yield Trouble(
            "stale record",
            f"{host.short(path)} names environments that are gone: {names}",
            "take them out; Poetry then chooses anew",
            plan,
        )


def registered(host: Host, inventory: Inventory) -> Found:  # noqa: ARG001 - one of the checks
    """Lines of conda's environments.txt that name none."""
    path = conda_places.register(host)
    gone = conda.dead_lines(host)
    if gone:
        content = os.fsdecode(host.read(path)).splitlines(keepends=True)
        kept = os.fsencode("".join(line for line in content if line.strip() not in gone))
        yield Trouble(
            "dead line",
            f"{host.short(path)} names what is no environment any more: {', '.join(gone[:5])}",
            "take the lines out, as conda does",
            mend("Take dead lines out of environments.txt", (Write(path, kept),), "took them out"),
        )
