
# With --auto: entering a project switches to its environment, leaving it switches back.
# A comparison at each prompt, builtins after `cd`, the program only where the project is another.

function __envtui_auto {
    if [[ "$PWD" != "${__ENVTUI_PWD-}" && "$ZSH_SUBSHELL" == 0 ]]; then
        # direnv first: what it still has to take back here would take ours along.
        if (( ${+functions[_direnv_hook]} )); then
            _direnv_hook
        fi
        __envtui_arrive
    fi
}

function __envtui_arrive {
    \builtin emulate -L zsh
    \builtin local __envtui_root="$PWD"
    __ENVTUI_PWD="$PWD"
    while [[ -n "$__envtui_root" ]]; do
        if [[ "$__envtui_root" == "${HOME-}" ]]; then
            __envtui_root=''
        elif [[ -e "$__envtui_root/.venv" || -f "$__envtui_root/Pipfile" || -f "$__envtui_root/poetry.lock" ]]; then
            \builtin break
        fi
        __envtui_root="${__envtui_root%/*}"
    done
    if [[ "$__envtui_root" == "${__ENVTUI_ROOT-none}" ]]; then
        \builtin return 0
    fi
    __ENVTUI_ROOT="$__envtui_root"
    # What was chosen by hand stays.
    if [[ "$__envtui_root" != "${ENVTUI_AUTO-}" && ( -z "${ENVTUI_STATE-}" || -n "${ENVTUI_AUTO-}" ) ]]; then
        envtui hook "$__envtui_root"
    fi
}

function __envtui_watch {
    \builtin emulate -L zsh
    \builtin typeset -ga precmd_functions chpwd_functions
    precmd_functions=("${(@)precmd_functions:#__envtui_auto}" __envtui_auto)
    chpwd_functions=("${(@)chpwd_functions:#__envtui_auto}" __envtui_auto)
}

if [[ -o interactive ]]; then
    __envtui_watch
fi
