# ENV of `envtui shell` in dash, ksh and other shells of that family: the user's file, then PATH.

ENV="$ENVTUI_SUBSHELL_ENV"
if [ -n "$ENV" ]; then
    if [ -r "$ENV" ]; then
        . "$ENV"
    fi
else
    unset ENV
fi
unset ENVTUI_SUBSHELL_ENV ENVTUI_SUBSHELL_EXE ENVTUI_SUBSHELL_DIR
case "$PATH:" in
    "$ENVTUI_BIN:"*) ;;
    *) PATH="$ENVTUI_BIN:$PATH" ;;
esac
if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
    # A reference, never the name itself: a name could be a command.
    PS1='(${VIRTUAL_ENV_PROMPT-${PYENV_VERSION-}}) '"${PS1-}"
fi
