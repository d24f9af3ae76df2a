"""`python -Im envtui.scan [DIR]...`: one scan, as a line of JSON, for the screen's child."""

from __future__ import annotations

import sys

from envtui import verbs
from envtui.errors import Problem
from envtui.host import Host


def main() -> int:
    """Print the inventory; a message and DESIGN's exit code where there is none."""
    try:
        found = verbs.scan(Host(), tuple(sys.argv[1:]))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    sys.stdout.write(verbs.dump(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
