# The rc file of `envtui shell` in bash: the user's, then our functions.

if [[ -r ~/.bashrc ]]; then
    . ~/.bashrc
fi
__ENVTUI_EXE="$ENVTUI_SUBSHELL_EXE"
. "$ENVTUI_SUBSHELL_DIR/init.bash"
\builtin unset -v ENVTUI_SUBSHELL_EXE ENVTUI_SUBSHELL_DIR
