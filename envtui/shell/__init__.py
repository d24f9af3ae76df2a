"""Activation as a change of variables, and the functions that let a shell take part in it."""

SHELLS = ("bash", "zsh", "fish")
PROTOCOL = "1"
"""What the shell function and the program must agree on; raised when an old function can't work."""
