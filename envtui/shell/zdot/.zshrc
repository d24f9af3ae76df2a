# ZDOTDIR of `envtui shell` in zsh, second file: the user's own .zshrc, then our functions.

# macOS sets HISTFILE below ZDOTDIR in /etc/zshrc, which was ours then.
if [[ "${HISTFILE-}" == "$ENVTUI_SUBSHELL_DIR/zdot/"* ]]; then
    HISTFILE="${ENVTUI_SUBSHELL_ZDOTDIR:-$HOME}/${HISTFILE:t}"
fi
if [[ -n "$ENVTUI_SUBSHELL_ZDOTDIR" ]]; then
    \builtin export ZDOTDIR="$ENVTUI_SUBSHELL_ZDOTDIR"
else
    \builtin unset -v ZDOTDIR
fi
if [[ -r "${ZDOTDIR:-$HOME}/.zshrc" ]]; then
    \builtin source "${ZDOTDIR:-$HOME}/.zshrc"
fi
__ENVTUI_EXE="$ENVTUI_SUBSHELL_EXE"
\builtin source "$ENVTUI_SUBSHELL_DIR/init.zsh"
\builtin unset -v ENVTUI_SUBSHELL_EXE ENVTUI_SUBSHELL_DIR ENVTUI_SUBSHELL_ZDOTDIR
