
# With --auto: entering a project switches to its environment, leaving it switches back.
# A comparison at each prompt, builtins after `cd`, the program only where the project is another.

function __envtui_auto {
    \builtin local __envtui_code=$?
    if [[ "$PWD" != "${__ENVTUI_PWD-}" ]]; then
        __ENVTUI_PWD="$PWD"
        # direnv first: what it still has to take back here would take ours along.
        if \builtin declare -F _direnv_hook >/dev/null; then
            _direnv_hook
        fi
        __envtui_arrive || \builtin :
    fi
    \builtin return "$__envtui_code"
}

function __envtui_arrive {
    \builtin local __envtui_root="$PWD"
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

# Element 0, where PROMPT_COMMAND is an array: before bash 5.1 the only one that counts.
if [[ $- == *i* && "${PROMPT_COMMAND[*]-}" != *__envtui_auto* ]]; then
    PROMPT_COMMAND="__envtui_auto"$'\n'"${PROMPT_COMMAND-}"
fi
