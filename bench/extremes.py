"""What far too much costs: ten times the usual home, and a million names in one directory.

    python bench/extremes.py [--environments 3000] [--entries 1000000] [--keep DIR]

It needs six million inodes and half an hour, and writes two tables into docs/discovery.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Any

import discovery

# Below the home; with what a million of is there, and what `list` says of it.
PLACES = (
    ("files in a directory", "many", "files"),
    ("directories in a directory", "many", "folders"),
    ("files beside `pyproject.toml`", "code/api", "files"),
    ("files in an environment itself", "code/api/.venv", "files"),
    ("files in its `bin`", "code/api/.venv/bin", "files"),
    ("files in its `lib`", "code/api/.venv/lib", "files"),
    ("files in its `site-packages`", "code/api/.venv/lib/python3.12/site-packages", "files"),
    ("files in a `conda-meta`", "miniconda3/envs/ml/conda-meta", "files"),
    ("empty directories in `~/.virtualenvs`", ".virtualenvs", "folders"),
)


def main() -> None:
    """Both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environments", type=int, default=3000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--keep", help="make the homes here, or take those that are there")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.realpath(wanted.keep or temporary)
        lines = [*grown(folder, temporary, wanted.environments), ""]
        lines += crowded(temporary, wanted.entries)
    path = os.path.join(discovery.DOCS, "discovery.md")
    with open(path, encoding="utf-8") as file:
        before, mark, rest = file.read().partition("<!-- extremes -->")
    _, end, after = rest.partition("<!-- end of extremes -->")
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + mark + "\n" + "\n".join(lines) + "\n" + end + after)
    print("\n".join(lines))


def grown(folder: str, temporary: str, most: int) -> list[str]:
    """The usual home and one with so many environments, measured alike."""
    floor = discovery.compiled(temporary)
    lines = [
        "| environments | files | directories walked | floor ms | first look ms | unchanged ms | found | MiB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for count in (most // 10, most):
        home = discovery.made(folder, f"heavy{count}", count, light=False)
        at = discovery.in_process(home, floor, 3)
        files = sum(len(names) for _, _, names in os.walk(home))
        lines.append(
            f"| {count:,} | {files:,} | {at['directories']:,} | {at['floor']:.1f} | "
            f"{at['first']:.0f} | {at['unchanged']:.1f} | {at['found']} of {at['of']} | {at['memory']} |"
        )
    return lines


def crowded(temporary: str, entries: int) -> list[str]:
    """So many names at each of the places, one after the other."""
    crowds = {
        kind: crowd(os.path.join(temporary, kind), kind, entries) for kind in ("files", "folders")
    }
    lines = [f"| {entries:,} | first look ms | MiB | unchanged ms | MiB |",
             "| --- | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for name, place, kind in PLACES:
        home = small_home(os.path.join(temporary, "home"))
        target = os.path.join(home, place)
        own = os.listdir(target) if os.path.isdir(target) else []
        for inside in own:
            os.rename(f"{target}/{inside}", f"{crowds[kind]}/{inside}")
        shutil.rmtree(target, ignore_errors=True)
        os.rename(crowds[kind], target)
        time.sleep(4)  # what is younger than three seconds is not trusted by a memory
        (first, most), (again, least) = listed(home), listed(home)
        lines.append(f"| {name} | {first:,.0f} | {most} | {again:,.0f} | {least} |")
        os.rename(target, crowds[kind])
        for inside in own:
            os.rename(f"{crowds[kind]}/{inside}", f"{home}/{inside}")
        shutil.rmtree(home)
    return lines


def crowd(path: str, kind: str, entries: int) -> str:
    """A directory with so many empty files or directories."""
    os.mkdir(path)
    fd = os.open(path, os.O_RDONLY)
    for number in range(entries):
        if kind == "files":
            os.close(os.open(f"n{number}", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=fd))
        else:
            os.mkdir(f"n{number}", dir_fd=fd)
    os.close(fd)
    return path


def small_home(home: str) -> str:
    """A project with its environment, and an environment of conda's."""
    written = {
        "code/api/pyproject.toml": "[project]\nname = 'api'\n",
        "code/api/.venv/pyvenv.cfg": "home = /usr/bin\nversion = 3.12.1\n",
        "code/api/.venv/lib/python3.12/site-packages/x.py": "",
        "code/api/.venv/bin/python": "",
        "miniconda3/envs/ml/conda-meta/history": "",
        "miniconda3/envs/ml/bin/python": "",
        ".cache/envtui/here": "",
    }
    for path, text in written.items():
        os.makedirs(os.path.dirname(f"{home}/{path}"), exist_ok=True)
        with open(f"{home}/{path}", "w", encoding="utf-8") as file:
            file.write(text)
    return home


def listed(home: str) -> tuple[float, int]:
    """The processor's milliseconds and the memory of a whole `envtui list --json`."""
    argv = [sys.executable, "-m", "envtui", "list", "--json"]
    process = subprocess.Popen(
        argv, cwd=home, env=discovery.variables(home), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    answer: dict[str, Any] = json.loads(process.stdout.read())
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    found = {item["path"] for item in answer["environments"]}
    if status or not {f"{home}/code/api/.venv", f"{home}/miniconda3/envs/ml"} <= found:
        raise SystemExit(f"not all was found in {home}: {found}")
    return (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss // 1024


if __name__ == "__main__":
    main()
