"""`python -Im envtui.scan [DIR]...`: one scan, marshalled, for the screen's child."""

from __future__ import annotations

import marshal
import sys

from envtui import index, verbs
from envtui.errors import Problem
from envtui.host import Host


def main() -> int:
    """Print the inventory; a message and DESIGN's exit code where there is none."""
    try:
        found = verbs.scan(Host(), tuple(sys.argv[1:]))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    sys.stdout.buffer.write(marshal.dumps(index.plain(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
