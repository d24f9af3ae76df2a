# Read by `envtui shell` in dash, ash, ksh, mksh and yash: the user's file, then our functions.

if [ -n "${ENVTUI_SUBSHELL_ENV-}" ]; then
    ENV=$ENVTUI_SUBSHELL_ENV
else
    unset ENV
fi
if [ -n "${ENVTUI_SUBSHELL_RC-}" ] && [ -r "$ENVTUI_SUBSHELL_RC" ]; then
    . "$ENVTUI_SUBSHELL_RC"
fi
__ENVTUI_EXE=$ENVTUI_SUBSHELL_EXE
. "$ENVTUI_SUBSHELL_DIR/init.sh"
\unset -v ENVTUI_SUBSHELL_ENV ENVTUI_SUBSHELL_RC ENVTUI_SUBSHELL_EXE ENVTUI_SUBSHELL_DIR
