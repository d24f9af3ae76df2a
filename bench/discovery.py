"""How fast everything is found, beside the floor and beside others, in one run.

    python bench/discovery.py [--rounds N] [--growth 10,100,1000] [--keep DIR] [--peers DIR]

It makes a home (bench/bighome.py), compiles a walk in C as the floor, installs what others use
into an environment of its own, runs all of them (Microsoft's python-environment-tools only where
a `pet` built from its sources is on the PATH), and writes docs/discovery.svg and the tables in
docs/discovery.md. In process means the processor's time of the scan alone, the least of all rounds,
which are interleaved; whole programs are measured by the clock, start included.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Any, NamedTuple

import bighome

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
DOCS = os.path.join(ROOT, "docs")
PEERS = ("killpy", "venvfinder", "find-venvs", "ducktools-pythonfinder", "findpython", "uv")
PATIENCE = 300


class Program(NamedTuple):
    """A whole program that is asked for environments or Pythons."""

    name: str
    argv: list[str]
    tells: str


class Row(NamedTuple):
    """One line of the table."""

    name: str
    milliseconds: float
    found: int
    of: int
    tells: str


def main() -> None:
    """Everything, and the two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--growth", default="10,100,1000", help="environments, comma-separated")
    parser.add_argument("--keep", help="make the homes here, or take those that are there")
    parser.add_argument("--peers", help="take the others from this environment")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.realpath(wanted.keep or temporary)
        peers = wanted.peers or install_peers(os.path.join(temporary, "peers"))
        floor = compiled(temporary)
        home = made(folder, "user", 300, light=False)
        inside = in_process(home, floor, wanted.rounds)
        rows = programs(home, peers)
        start = start_up(home, os.path.join(temporary, "nobody"))
        growth = [
            (count, in_process(made(folder, f"g{count}", count, light=True), floor, 3))
            for count in map(int, wanted.growth.split(","))
        ]
    write(inside, rows, start, growth, wanted.rounds)


def made(folder: str, name: str, environments: int, *, light: bool) -> str:
    """A home, made now unless an earlier run has kept it."""
    home = os.path.join(folder, name)
    if not os.path.exists(os.path.join(home, "bench.json")):
        bighome.build(home, environments, light=light)
        time.sleep(4)  # what is younger than three seconds is not trusted by a memory
    return home


def compiled(folder: str) -> str:
    """The floor's program."""
    target = os.path.join(folder, "floor")
    subprocess.run(["cc", "-O2", "-o", target, os.path.join(HERE, "floor.c")], check=True)
    return target


def install_peers(target: str) -> str:
    """An environment with the others; one that can't be had is left out of the table."""
    subprocess.run([sys.executable, "-m", "venv", target], check=True)
    for name in PEERS:
        subprocess.run([f"{target}/bin/pip", "install", "-q", name], check=False)
    return target


# -- in process ------------------------------------------------------------------------------


def in_process(home: str, floor: str, rounds: int) -> dict[str, Any]:
    """Milliseconds of the floor, the walk, a first look, and one through the memory."""
    script = [sys.executable, os.path.abspath(__file__), "inside", home, floor, str(rounds)]
    done = subprocess.run(script, env=variables(home), stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def inside(home: str, floor: str, rounds: int) -> None:
    """The child of `in_process`; without the collector, as `looking.scan` has it."""
    gc.disable()
    from envtui import looking, marks, mounts, places, walk
    from envtui.adapters.registry import FINDERS
    from envtui.host import Host
    from envtui.moment import Moment

    host = Host(home, os.environ, home)
    stores = {host.real(store) for finder in FINDERS for store in finder.stores(host)}
    skip = frozenset((*stores, f"{home}/go/pkg", f"{home}/.local/share/Trash"))

    def forget() -> None:
        if os.path.exists(places.cache("index")):
            os.unlink(places.cache("index"))

    jobs = {
        "walk": lambda: list(walk.Walk(Moment(host), (home,), skip, mounts.read(host), {})),
        "rows": lambda: (forget(), looking.look(host, (home,))),
        "first": lambda: (forget(), looking.scan(host, (home,))),
        "unchanged": lambda: looking.scan(host, (home,)),
    }
    times: dict[str, float] = {}
    for _ in range(rounds):
        argv = [floor, "1", home, *skip, "--", *marks.PRUNED]
        told = subprocess.run(argv, stdout=subprocess.PIPE, check=True).stdout.split()
        times["floor"] = min(times.get("floor", 1e9), float(told[0]))
        for name, job in jobs.items():
            began = time.process_time()
            job()
            times[name] = min(times.get(name, 1e9), (time.process_time() - began) * 1000)
    found = looking.scan(host, (home,))
    paths = {os.path.realpath(item.path) for item in found.environments}
    wanted = environments_in(home)
    missed = [path for path in wanted if os.path.realpath(path) not in paths]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answer = {**times, "directories": int(told[1]), "found": len(wanted) - len(missed),
              "of": len(wanted), "memory": memory, "missed": missed[:3]}  # fmt: skip
    print(json.dumps(answer))


# -- whole programs --------------------------------------------------------------------------


def programs(home: str, peers: str) -> list[Row]:
    """Each of them a few times, the least time, with what it found of what is there."""
    envtui = [os.path.join(os.path.dirname(sys.executable), "envtui"), "list", "--json"]
    marks = ["-name", "pyvenv.cfg", "-o", "-name", "conda-meta"]
    everything = "kind, version, interpreter, project, health"
    pet = shutil.which("pet", path=f"{peers}/bin:{os.environ['PATH']}") or "pet"
    around = sorted({os.path.dirname(path) for path in environments_in(home)})
    known = [
        Program("find", ["find", home, *marks], "paths"),
        Program("fd", [shutil.which("fdfind") or "fd", "-HI", "^(pyvenv.cfg|conda-meta)$", home], "paths"),
        Program("pet find", [pet, "find", "--json"], "kind, version, interpreter"),
        Program("pet find, told where each stands", [pet, "find", "--json", *around],
                "kind, version, interpreter"),
        Program("killpy list", [f"{peers}/bin/killpy", "--path", home, "list"], "kind, size"),
        Program("venvfinder", [f"{peers}/bin/venvfinder", "--cli", home, "--json", "/dev/stdout"], "version"),
        Program("find-venvs", [f"{peers}/bin/vf", "list"], "version"),
        Program("uv python list", [f"{peers}/bin/uv", "python", "list", "--offline", "--only-installed"], "Pythons only"),
        Program("ducktools-pythonfinder", [f"{peers}/bin/ducktools-pythonfinder"], "Pythons only"),
        Program("findpython", [f"{peers}/bin/findpython", "--all"], "Pythons only"),
    ]  # fmt: skip
    rows = [
        timed(home, Program("envtui list, first time", envtui, everything), 3, forget=True),
        timed(home, Program("envtui list, unchanged", envtui, everything), 5),
    ]
    rows += [timed(home, one, 2) for one in known if shutil.which(one.argv[0])]
    return [row for row in rows if row is not None]


def timed(home: str, program: Program, rounds: int, *, forget: bool = False) -> Row | None:
    """The least time by the clock; None for what does not run."""
    wanted = environments_in(home)
    times, output = [], ""
    for _ in range(rounds):
        if forget:
            shutil.rmtree(f"{home}/.cache/envtui", ignore_errors=True)
        began = time.perf_counter()
        try:
            done = subprocess.run(program.argv, cwd=home, env=variables(home), text=True,
                                  capture_output=True, timeout=PATIENCE, check=False)  # fmt: skip
        except subprocess.TimeoutExpired:
            return Row(f"{program.name} (gave up)", PATIENCE * 1000, 0, len(wanted), program.tells)
        times.append(time.perf_counter() - began)
        output = done.stdout
    flat = output.replace("~", home)
    found = sum(path in flat for path in wanted)
    return Row(program.name, min(times) * 1000, found, len(wanted), program.tells)


def start_up(home: str, empty: str) -> list[tuple[str, float]]:
    """What the start is made of, each line with all before it: milliseconds of the processor."""
    os.makedirs(empty)
    envtui = os.path.join(os.path.dirname(sys.executable), "envtui")
    listing = [envtui, "list", "--json"]
    jobs = {
        "`python -I -S -c pass`: the interpreter": ([sys.executable, "-I", "-S", "-c", "pass"], empty),
        "`python -c pass`: and `site`, with what is installed beside": ([sys.executable, "-c", "pass"], empty),
        "`envtui --version`: and the command line": ([envtui, "--version"], empty),
        "`envtui list --json` of an empty home: and the look, its answer": (listing, empty),
        "the same of this home, unchanged": (listing, home),
    }  # fmt: skip
    times: dict[str, float] = {}
    for _ in range(10):
        for name, (argv, place) in jobs.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                argv, cwd=place, env=variables(place), stdout=subprocess.DEVNULL, check=True
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            times[name] = min(times.get(name, 1e9), spent * 1000)
    return list(times.items())


def environments_in(home: str) -> list[str]:
    """The paths of all that were made there."""
    with open(f"{home}/bench.json", encoding="utf-8") as file:
        made_there: list[str] = json.load(file)
    return made_there


def variables(home: str) -> dict[str, str]:
    """Those of a user who has this home and nothing else."""
    return {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "400",
            "PYENV_ROOT": f"{home}/.pyenv", "SHELL": "/bin/sh"}  # fmt: skip


# -- the two files ---------------------------------------------------------------------------


def write(
    inside: dict[str, Any],
    rows: list[Row],
    start: list[tuple[str, float]],
    growth: list[tuple[int, dict[str, Any]]],
    rounds: int,
) -> None:
    """The tables between their marks, and the plot."""
    lines = [
        (
            f"Python {sys.version.split()[0]}, {os.cpu_count()} processors; {rounds} rounds, the least. "
            f"The walk enters {inside['directories']:,} directories."
        ),
        "",
        "| in process | ms | of the floor | found |",
        "| --- | ---: | ---: | ---: |",
    ]
    names = {"floor": "the floor: the same walk in C", "walk": "envtui's walk",
             "rows": "a first look, complete rows",
             "first": "and its memory written, after that",
             "unchanged": "the same again, through the memory"}  # fmt: skip
    for key, name in names.items():
        found = (
            f"{inside['found']} of {inside['of']}" if key in ("rows", "first", "unchanged") else ""
        )
        lines.append(
            f"| {name} | {inside[key]:.1f} | {inside[key] / inside['floor']:.2f} | {found} |"
        )
    lines += ["", "| whole program | ms | found | tells |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {r.name} | {r.milliseconds:,.0f} | {r.found} of {r.of} | {r.tells} |" for r in rows
    ]
    lines += ["", "| the start | ms of the processor |", "| --- | ---: |"]
    lines += [f"| {name} | {milliseconds:.0f} |" for name, milliseconds in start]
    lines += ["", ("| environments | directories walked | floor ms | first look, memory written | unchanged ms | "
              "memory MiB |"), "| ---: | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    lines += [
        f"| {count:,} | {at['directories']:,} | {at['floor']:.1f} | {at['first']:.0f} | "
        f"{at['unchanged']:.1f} | {at['memory']} |"
        for count, at in growth
    ]
    path = os.path.join(DOCS, "discovery.md")
    with open(path, encoding="utf-8") as file:
        before, mark, rest = file.read().partition("<!-- measured -->")
    _, end, after = rest.partition("<!-- end -->")
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + mark + "\n" + "\n".join(lines) + "\n" + end + after)
    with open(os.path.join(DOCS, "discovery.svg"), "w", encoding="utf-8") as file:
        file.write(plot(inside, rows))
    print("\n".join(lines))


def plot(inside: dict[str, Any], rows: list[Row]) -> str:
    """Bars on a scale of powers of ten."""
    import math

    bars = [("C walk, the floor", inside["floor"], "#9aa0a6"),
            ("envtui in process, first", inside["rows"], "#7aa2f7"),
            ("envtui in process, unchanged", inside["unchanged"], "#7aa2f7")]  # fmt: skip
    for row in sorted(rows, key=lambda row: row.milliseconds):
        colour = "#7aa2f7" if row.name.startswith("envtui") else "#c0a36e"
        bars.append((f"{row.name} ({row.found} of {row.of})", row.milliseconds, colour))
    most = max(value for _, value, _ in bars)
    height = 26 * len(bars) + 30
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{height}" '
            'font-family="sans-serif" font-size="13">'
        ),
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for at, (name, value, colour) in enumerate(bars):
        y = 12 + 26 * at
        width = 380 * math.log10(max(value, 1.1)) / math.log10(most)
        parts += [
            f'<text x="270" y="{y + 14}" text-anchor="end" fill="#333">{name}</text>',
            f'<rect x="278" y="{y}" width="{width:.0f}" height="18" fill="{colour}"/>',
            f'<text x="{284 + width:.0f}" y="{y + 14}" fill="#333">{value:,.0f} ms</text>',
        ]
    parts.append(f'<text x="278" y="{height - 6}" fill="#777">milliseconds, logarithmic; '
                 "found of what is there in brackets</text></svg>\n")  # fmt: skip
    return "\n".join(parts)


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
