"""`python -m envtui`, and the `envtui` program."""

import sys

from envtui.cli import main

if __name__ == "__main__":
    sys.exit(main())
