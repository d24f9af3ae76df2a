"""An environment without the shell function: a subshell, one command, or the bare variables."""
