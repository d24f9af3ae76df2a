"""What the managers' stores cost: `python bench/stores.py [ROUNDS]`.

Two homes in one run, read by the same scan that `envtui list` does: an empty one, and one with
twenty environments in each of ten stores. The unit is a bare `python -c pass`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import home as bench_home
from start import environment as user
from start import timed

EACH = 20
# Where an environment of each manager lies; {n} is its number.
STORES = {
    "hatch": ".local/share/hatch/env/virtual/p{n}/AbCd12_x/p{n}",
    "pdm": ".local/share/pdm/venvs/p{n}-AbCd12_x-3.12",
    "uv": ".cache/uv/environments-v2/p{n}-cp3.12.1-0123456789abcdef",
    "uv-tool": ".local/share/uv/tools/tool{n}",
    "pipx": ".local/share/pipx/venvs/app{n}",
    "virtualenvwrapper": ".virtualenvs/env{n}",
    "pyenv-virtualenv": ".pyenv/versions/3.12.1/envs/env{n}",
    "conda": "miniforge3/envs/env{n}",
    "pixi": ".cache/rattler/cache/envs/p{n}-99/envs/default",
    "tox": "code/p{n}/.tox/py312",
}
# Runs in a process of its own; the finders that came with issue 2 are not among the added ones.
CHILD = """
import json, sys, time
from envtui import verbs
from envtui.adapters import registry
from envtui.host import Host
from envtui.moment import Moment
from envtui.prefix import Prefixes
old = {registry.PYENV, registry.POETRY, registry.PIPENV}
added = [finder for finder in registry.FINDERS if finder not in old]
def read():
    host = Moment(Host())
    prefixes = Prefixes(host)
    for finder in added:
        finder.stores(host)
        for _ in finder.find(host, prefixes):
            pass
def first(job):
    began = time.perf_counter()
    job()
    return time.perf_counter() - began
listed = verbs.scan(Host())
kinds = sorted({item.kind for item in listed.environments})
print(json.dumps([first(read), first(lambda: verbs.scan(Host())), len(listed.environments), kinds]))
"""


def main() -> None:
    """Print one table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        empty, full = (os.path.join(os.path.realpath(folder), name) for name in ("empty", "full"))
        os.mkdir(empty)
        build(full)
        times: dict[str, list[float]] = {name: [] for name in ("unit", "stores", "empty", "full")}
        for _ in range(rounds):
            times["unit"].append(timed([sys.executable, "-c", "pass"], empty, user(empty)))
            stores, scan, none, _ = child(empty)
            times["stores"].append(stores)
            times["empty"].append(scan)
            _, scan, count, kinds = child(full)
            times["full"].append(scan)
        if set(kinds) != set(STORES) or none or count != EACH * len(STORES):
            raise SystemExit(f"{count} environments of {kinds} were found, {none} in an empty home")
        least = {name: min(seconds) for name, seconds in times.items()}
        each = (least["full"] - least["empty"]) / count
        rows = {
            "python -c pass": least["unit"],
            "all added stores, empty": least["stores"],
            f"a scan of {count} environments of {len(kinds)} kinds": least["full"],
            "one environment more": each,
        }
        print("| what | least of the runs, ms | against `python -c pass` |")
        print("| --- | --- | --- |")
        for name, seconds in rows.items():
            print(f"| {name} | {seconds * 1000:.2f} | {seconds / least['unit']:.3f} |")


def child(home: str) -> list:
    """Seconds for the added stores and for a whole scan; how many environments, of which kinds."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=home, env=user(home), stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


def build(home: str) -> None:
    """Copies of one real environment in every store."""
    base = bench_home.interpreter(home, "3.12.1")
    template = os.path.join(home, "template")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(template)
    for kind, place in STORES.items():
        for number in range(EACH):
            path = os.path.join(home, place.format(n=number))
            if kind in ("conda", "pixi"):
                conda(path, kind)
            else:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                bench_home.environment(template, path, base)
            if kind == "uv-tool":
                write(f"{path}/uv-receipt.toml", '[tool]\nrequirements = [{ name = "tool" }]\n')
            elif kind == "pipx":
                record = {"main_package": {"package": "app", "package_version": "1"}}
                write(f"{path}/pipx_metadata.json", json.dumps(record))
            elif kind == "tox":
                write(os.path.join(home, f"code/p{number}/tox.ini"), "[tox]\n")
    conda(os.path.join(home, "miniforge3"), "root")
    shutil.rmtree(template)


def conda(path: str, kind: str) -> None:
    """A prefix as conda leaves it; of the install only its places."""
    os.makedirs(os.path.join(path, "conda-meta"), exist_ok=True)
    if kind == "root":
        os.makedirs(os.path.join(path, "condabin"), exist_ok=True)
        return
    os.makedirs(os.path.join(path, "bin"))
    os.makedirs(os.path.join(path, "lib", "python3.12"))
    write(f"{path}/bin/python3.12", "")
    os.symlink("python3.12", f"{path}/bin/python")
    write(f"{path}/conda-meta/history", "==> 2026-01-01 00:00:00 <==\n# cmd: conda create\n")
    write(f"{path}/conda-meta/python-3.12.1-h0_0_cpython.json", "{}")
    if kind == "pixi":
        write(f"{path}/conda-meta/pixi", json.dumps({"manifest_path": "/nowhere/pixi.toml"}))


def write(path: str, text: str) -> None:
    """A small file."""
    with open(path, "w") as file:
        file.write(text)


if __name__ == "__main__":
    main()
