"""Make the README's screenshots: `python screenshots/make.py [NAME...]`, in about half a minute.

A demo home is built in a temporary directory, the app is driven in it by Textual's Pilot, and each
picture is written as SVG, without any font from the network, and as PNG.

`python screenshots/make.py goldens` draws every golden screen at its four sizes, one picture each.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from envtui.ui.app import EnvtuiApp
    from envtui.ui.outcome import Outcome

FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
_PATIENCE = 30.0


class Picture(NamedTuple):
    """One screenshot: the terminal's size and the keys that lead to what is shown."""

    size: tuple[int, int]
    act: Callable[[Pilot[Outcome]], Awaitable[None]]


async def as_it_starts(pilot: Pilot[Outcome]) -> None:
    """Nothing is pressed."""
    await pilot.pause()


async def orphan(pilot: Pilot[Outcome]) -> None:
    """The cursor on the environment whose project is gone."""
    await select(pilot, "etl-")


async def removal(pilot: Pilot[Outcome]) -> None:
    """The plan of removing an environment that Poetry has a record of."""
    await select(pilot, "reports-")
    await pilot.press("d")


PICTURES = {
    "wide": Picture((120, 40), as_it_starts),
    "compact": Picture((80, 24), orphan),
    "plan": Picture((120, 40), removal),
}


async def select(pilot: Pilot[Outcome], name: str) -> None:
    """Put the cursor of the environments on the first whose name starts so."""
    app = application(pilot)
    assert app.main.inventory is not None
    item = next(e for e in app.main.inventory.environments if e.name.startswith(name))
    await pilot.press("2")
    app.main.list("environments").select(item.id)
    await settled(pilot)


def application(pilot: Pilot[Outcome]) -> EnvtuiApp:
    """The app that a pilot drives."""
    from envtui.ui.app import EnvtuiApp

    assert isinstance(pilot.app, EnvtuiApp)
    return pilot.app


async def settled(pilot: Pilot[Outcome]) -> None:
    """Wait until the scan has answered and nothing on the screen has changed for a second."""
    app = application(pilot)
    before, same, waited = "", 0.0, 0.0
    while app.main.inventory is None or same < 1.0:
        await pilot.pause(0.1)
        now = app.export_screenshot()
        same = same + 0.1 if now == before else 0.0
        before = now
        waited += 0.1
        if waited > _PATIENCE:
            raise SystemExit("the screen does not come to rest")


async def photograph(names: list[str]) -> None:
    """Drive the app once for each picture, in this process' own home."""
    from envtui.host import Host
    from envtui.ui.app import EnvtuiApp
    from envtui.ui.scanning import Child
    from screenshots import record

    for name in names:
        picture = PICTURES.get(name) or Picture(record.SIZE, as_it_starts)
        host = Host()
        app = EnvtuiApp(host, Child(host), lambda host=host: Child(host))
        async with app.run_test(size=picture.size) as pilot:
            await settled(pilot)
            if name == "session":
                record.write(os.path.join(HERE, "session.svg"), await record.session(pilot))
                app.stop_all()
                continue
            await picture.act(pilot)
            await settled(pilot)
            write(name, app.export_screenshot(title="envtui"))
            app.stop_all()


def write(name: str, drawn: str) -> None:
    """The picture as SVG and as PNG."""
    import resvg_py

    drawn = re.sub(r"@font-face\s*\{.*?\}\s*", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"font-family: ?(?!arial)[^;]+;", f"font-family: {FONTS};", drawn)
    drawn = re.sub(r"terminal-\d+", f"envtui-{name}", drawn)
    with open(os.path.join(HERE, f"{name}.svg"), "w") as file:
        file.write(drawn)
    image = resvg_py.svg_to_bytes(svg_string=drawn, zoom=1.5)
    with open(os.path.join(HERE, f"{name}.png"), "wb") as file:
        file.write(bytes(image))
    print(f"{name}: {len(drawn) // 1024}K of SVG, {len(image) // 1024}K of PNG")


def main() -> None:
    """Build the home, then photograph in a child that has nothing but that home."""
    names = sys.argv[1:] or [*PICTURES, "session"]
    if names == ["goldens"]:
        from screenshots import goldens

        goldens.make()
        return
    if "ENVTUI_DEMO" in os.environ:
        asyncio.run(photograph(names))
        return
    from screenshots import demo

    with tempfile.TemporaryDirectory(prefix="envtui-demo-") as folder:
        home = demo.build(os.path.join(folder, "ada"))
        store = home.at(".cache/pypoetry/virtualenvs")
        name = next(n for n in os.listdir(store) if n.startswith("shop-") and n.endswith("py3.12"))
        shop = os.path.join(store, name)
        variables = {
            **home.variables,
            "ENVTUI_DEMO": "1",
            "PWD": home.at("code/shop"),
            "VIRTUAL_ENV": shop,
            "PATH": f"{shop}/bin:{home.variables['PATH']}",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        busy = [home.at("code/api/.venv/bin/python"), "-c", "import sys; sys.stdin.read()"]
        with subprocess.Popen(busy, stdin=subprocess.PIPE, env=home.variables) as process:
            subprocess.run(
                [sys.executable, os.path.abspath(__file__), *names],
                cwd=home.at("code/shop"),
                env=variables,
                check=True,
            )
            process.kill()


if __name__ == "__main__":
    main()
