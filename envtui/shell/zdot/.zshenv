# ZDOTDIR of `envtui shell` in zsh, first file: the user's own .zshenv, which may move ZDOTDIR.

if [[ -n "$ENVTUI_SUBSHELL_ZDOTDIR" ]]; then
    \builtin export ZDOTDIR="$ENVTUI_SUBSHELL_ZDOTDIR"
else
    \builtin unset -v ZDOTDIR
fi
if [[ -r "${ZDOTDIR:-$HOME}/.zshenv" ]]; then
    \builtin source "${ZDOTDIR:-$HOME}/.zshenv"
fi
ENVTUI_SUBSHELL_ZDOTDIR="${ZDOTDIR-}"
\builtin export ZDOTDIR="$ENVTUI_SUBSHELL_DIR/zdot"
