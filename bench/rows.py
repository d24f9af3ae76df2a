"""5,000 rows for the screen to show, all at once or as a scan that is under way sends them."""

from __future__ import annotations

import marshal
import time
from collections.abc import Iterator

from envtui import index
from envtui.host import Host
from envtui.model import Environment, Interpreter, Inventory, Project
from envtui.ui.scanning import News

ROWS = 5000
PARTS = (0.4, 0.8, 1.6, 3.2, 0.4)
"""Seconds until each part of a scan comes, as envtui.scan sends them; the last is the whole."""


def inventory() -> Inventory:
    """5,000 environments of 1,000 projects on ten Pythons."""
    home = "/home/ada"
    pythons = tuple(
        Interpreter(f"pyenv:3.{8 + n}.{n}", "pyenv", "cpython", f"3.{8 + n}.{n}",
                    f"{home}/.pyenv/versions/3.{8 + n}.{n}/bin/python", f"{home}/.pyenv/versions/3.{8 + n}.{n}",
                    f"3.{8 + n}.{n}", dependents=ROWS // 10)
        for n in range(10)
    )  # fmt: skip
    found = []
    for n in range(ROWS):
        project, python = f"{home}/code/{('api', 'shop', 'etl')[n % 3]}{n // 5}", pythons[n % 10]
        path = f"{project}/venv{n % 5}"
        health = "broken" if n % 50 == 7 else "ok"
        found.append(Environment(
            f"venv:{path}", ("venv", "poetry", "pipenv")[n % 3], path.rsplit("/", 1)[-1], path, path,
            f"{path}/bin/python", python.version, python.id, python.prefix, project, "linked",
            health, None, False, "venv", (f"{path} stands in the project",),  # type: ignore[arg-type]
        ))  # fmt: skip
    projects = tuple(
        Project(f"{home}/code/{name}{n}", f"{name}{n}", ("venv",), None, None, (), ())
        for n in range(ROWS // 5)
        for name in ("api",)
    )
    return Inventory(pythons, tuple(found), projects, ())


class Ready:
    """A scan that has answered."""

    def news(self) -> Iterator[News]:
        """At once."""
        yield News(inventory(), whole=True)

    def stop(self) -> None:
        """Nothing to stop."""


class Streaming(Ready):
    """A scan that sends what it has found so far, as the child does, until it has all."""

    def __init__(self) -> None:
        everything = inventory()
        self._frames = []
        for part in range(1, len(PARTS) + 1):
            found = everything.environments[: ROWS * part // len(PARTS)]
            plain = index.plain(everything._replace(environments=found))
            self._frames.append(marshal.dumps(("part", plain)))

    def news(self) -> Iterator[News]:
        """The parts."""
        for pause, frame in zip(PARTS, self._frames, strict=True):
            time.sleep(pause)
            whole = frame is self._frames[-1]
            yield News(index.revived(marshal.loads(frame)[1]), whole)


def app(scan: Ready | None = None):
    """The app on those rows."""
    from envtui.ui.app import EnvtuiApp

    variables = {"HOME": "/home/ada", "PATH": "/usr/bin:/bin"}
    host = Host(home="/home/ada", variables=variables, cwd="/home/ada")
    return EnvtuiApp(host, scan or Ready(), Ready)
