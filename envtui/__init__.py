"""envtui: every Python on the machine in one keyboard-driven place."""

__version__ = "0.1.0"
