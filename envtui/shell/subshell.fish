# Read by `envtui shell` in fish after the user's configuration.

builtin set -g __ENVTUI_EXE $ENVTUI_SUBSHELL_EXE
builtin source "$ENVTUI_SUBSHELL_DIR/init.fish"
builtin set -e ENVTUI_SUBSHELL_EXE
builtin set -e ENVTUI_SUBSHELL_DIR
