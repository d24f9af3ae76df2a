"""How the screen feels with 5,000 rows, in one run: `python bench/screen.py [KEYS]`.

A cursor key is measured on a terminal from the byte written to the first byte that comes back,
against the smallest app that moves one highlighted row; the two are asked in turn. Then 30 keys a
second are pressed while a scan sends ever more rows. The filter's CPU is measured in the app
itself, CPU and memory while nothing happens by what the kernel counts.
"""

from __future__ import annotations

import asyncio
import os
import select
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from bench.rows import PARTS, ROWS, app
from bench.terminal import Terminal

KEYS = 300
IDLE = 10.0
FILTERS = ("a", "ap", "api", "api1", "broken", "kind:poetry", "py:<3.11 !etl", "zzz")
SMALLEST = f"""
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
class Rows(ScrollView, can_focus=True):
    BINDINGS = [("j", "move(1)"), ("k", "move(-1)")]
    at = reactive(0, repaint=False)
    def on_mount(self):
        self.virtual_size = Size(80, {ROWS})
    def render_line(self, y):
        row = y + round(self.scroll_y)
        style = Style(reverse=row == self.at)
        return Strip([Segment(f"row {{row}}".ljust(self.size.width), style)], self.size.width)
    def action_move(self, step):
        self.at = min(max(self.at + step, 0), {ROWS} - 1)
    def watch_at(self, before, now):
        for row in (before, now):
            self.refresh(Region(0, row - round(self.scroll_y), self.size.width, 1))
class Smallest(App):
    def compose(self):
        yield Rows()
Smallest().run()
"""
BEGIN = "import gc; gc.disable(); import bench.rows as rows; "  # as envtui.__main__ does
ENVTUI = BEGIN + "rows.app().run()"
STREAMING = BEGIN + "rows.app(rows.Streaming()).run()"
FRAME = 0.016
RATE = 30
CURSOR = "▌".encode()


def keys(count: int, folder: str) -> None:
    """The cursor keys, then the quiet time."""
    programs = {"smallest app": Terminal(SMALLEST, folder), "envtui": Terminal(ENVTUI, folder)}
    for program in programs.values():
        program.settle()
    os.write(programs["envtui"].fd, b"2")
    programs["envtui"].settle()
    times: dict[str, list[float]] = {name: [] for name in programs}
    sizes = dict.fromkeys(programs, 0)
    for at in range(count):
        for name, program in programs.items():
            seconds, sizes[name] = program.key(b"j" if at % 20 < 10 else b"k")
            times[name].append(seconds)
    print("| a cursor key | min ms | median ms | ratio of min | ratio of median | bytes |")
    print("| --- | --- | --- | --- | --- | --- |")
    first = times["smallest app"]
    for name, found in times.items():
        least, middle = min(found), statistics.median(found)
        ratios = f"{least / min(first):.2f} | {middle / statistics.median(first):.2f}"
        print(f"| {name} | {least * 1e3:.2f} | {middle * 1e3:.2f} | {ratios} | {sizes[name]} |")
    envtui = programs["envtui"]
    envtui.settle()
    before = envtui.cpu()
    time.sleep(IDLE)
    share = (envtui.cpu() - before) / IDLE * 100
    print(f"\nidle: {share:.2f} % of a processor in {IDLE:.0f} s; {envtui.memory()} MB resident")
    for program in programs.values():
        program.end()


def streaming(folder: str) -> None:
    """The cursor keys while rows stream in."""
    envtui = Terminal(STREAMING, folder)
    while b"more" not in envtui.said():  # rows, more than there is room for
        pass
    os.write(envtui.fd, b"2")
    envtui.quiet(0.03)
    began, cpu, waits = time.perf_counter(), envtui.cpu(), []
    while (now := time.perf_counter()) - began < sum(PARTS[1:]):
        os.write(envtui.fd, b"j" if len(waits) % 20 < 10 else b"k")
        while CURSOR not in envtui.said():
            pass
        waits.append(time.perf_counter() - now)
        while (rest := now + 1 / RATE - time.perf_counter()) > 0:
            if select.select([envtui.fd], [], [], rest)[0]:
                envtui.said()
    spent = (envtui.cpu() - cpu) / len(waits)
    within = sum(wait < FRAME for wait in waits) / len(waits)
    print(
        f"\nwhile rows stream in: {len(waits)} keys, {spent * 1e3:.1f} ms of CPU for each; "
        f"answered after {statistics.median(waits) * 1e3:.1f} ms in the median, "
        f"{max(waits) * 1e3:.0f} at most, {within:.0%} within a frame of {FRAME * 1e3:.0f} ms"
    )
    envtui.end()


async def filters() -> None:
    """Processor time of narrowing 5,000 rows, in the app."""
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        while running.main.inventory is None:
            await pilot.pause(0.05)
        await pilot.pause(1)
        running.stop_all()
        print("\n| filter | rows | least CPU ms |\n| --- | --- | --- |")
        for text in FILTERS:
            spent = []
            for _ in range(9):
                running.main.narrow("environments", "")
                began = time.process_time()
                running.main.narrow("environments", text)
                spent.append(time.process_time() - began)
            found = len(running.main.list("environments").rows.ids)
            print(f"| `{text}` | {found} | {min(spent) * 1000:.1f} |")


def main() -> None:
    """All of it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else KEYS
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, {ROWS} rows\n")
    with tempfile.TemporaryDirectory() as folder:
        keys(count, folder)
        streaming(folder)
        for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        asyncio.run(filters())


if __name__ == "__main__":
    main()
