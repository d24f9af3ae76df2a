"""How fast sizes are measured, against `du`, which counts less: no file's other names are asked for.

    python bench/sizes.py

Prints the best of three of each, and their ratio, for one tree of 20,000 files of which half have a
second name outside.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time

from envtui.facts.size import measure

FILES = 20_000


def build(top: str) -> None:
    """Directories of a hundred files, as packages have them."""
    for number in range(FILES):
        folder = os.path.join(top, "tree", str(number // 100))
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, str(number))
        with open(path, "wb") as file:
            file.write(b"x" * (number % 4096))
        if number % 2:
            os.link(path, os.path.join(top, str(number)))


def best(action: object) -> float:
    """Seconds, the best of three."""
    times = []
    for _ in range(3):
        before = time.perf_counter()
        action()  # type: ignore[operator]
        times.append(time.perf_counter() - before)
    return min(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as top:
        build(top)
        tree = os.path.join(top, "tree")
        ours = best(lambda: measure(tree))
        theirs = best(
            lambda: subprocess.run(["du", "-s", tree], stdout=subprocess.DEVNULL, check=True)
        )
        print(
            f"{FILES} files: envtui {ours * 1000:.0f} ms, du {theirs * 1000:.0f} ms, {ours / theirs:.1f} times"
        )


if __name__ == "__main__":
    main()
