"""`python -m envtui`, and the `envtui` program."""

import gc
import sys


def main() -> int:
    """Run the command line; the answer is the exit status."""
    # Nothing is made on the way that only the collector could free, and its looking takes 4 ms
    # of the 60 of a `list` and 15 of the screen's first paint: the screen turns it on then.
    gc.disable()
    from envtui import cli

    try:
        return cli.main()
    finally:
        gc.freeze()  # else Python looks through everything once more as it ends: 5 ms


if __name__ == "__main__":
    sys.exit(main())
