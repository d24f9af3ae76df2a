# envtui for bash 3.2 and later, protocol 1.
# `\builtin` and `\command` go past the user's aliases; `|| \builtin :` past `set -e`.

\builtin unalias envtui 2>/dev/null || \builtin :

function envtui {
    \builtin local __envtui_exe="${__ENVTUI_EXE-}" __envtui_code=0 __envtui_answer=''
    if [[ "$__envtui_exe" != /* || ! -x "$__envtui_exe" ]]; then
        __envtui_exe="$(\builtin type -P envtui)" || {
            \builtin printf 'envtui: %s is gone; install envtui again and open a new shell\n' "${__ENVTUI_EXE-}" >&2
            \builtin return 127
        }
    fi
    # Left over where the program died of ctrl+c: bash then ends this function too.
    if [[ -n "${__ENVTUI_LEFT-}" ]]; then
        \command rm -f -- "$__ENVTUI_LEFT" || \builtin :
    fi
    __ENVTUI_LEFT="$(\command mktemp "${TMPDIR:-/tmp}/envtui.XXXXXXXXXX")" || __ENVTUI_LEFT=''
    # A bad PYTHONHOME would kill the program before it could help.
    ENVTUI_SHELL=bash ENVTUI_PROTO=1 ENVTUI_OUT="$__ENVTUI_LEFT" \
        ENVTUI_CALLER_PYTHONHOME="${PYTHONHOME-${_OLD_VIRTUAL_PYTHONHOME-}}" \
        ENVTUI_CALLER_PYTHONPATH="${PYTHONPATH-}" PYTHONHOME='' PYTHONPATH='' \
        "$__envtui_exe" "$@" || __envtui_code=$?
    if [[ -n "$__ENVTUI_LEFT" ]]; then
        if [[ "$__envtui_code" == 0 && -s "$__ENVTUI_LEFT" ]]; then
            __envtui_answer="$(<"$__ENVTUI_LEFT")" || \builtin :
        fi
        \command rm -f -- "$__ENVTUI_LEFT" || \builtin :
        __ENVTUI_LEFT=''
    fi
    if (( __envtui_code > 128 && __envtui_code != 130 )); then
        __envtui_reset "${1-}"
    fi
    if [[ -z "$__envtui_answer" ]]; then
        \builtin return "$__envtui_code"
    fi
    if [[ "$__envtui_answer" != '# envtui 1 bash'$'\n'*$'\n''# envtui end' ]]; then
        \builtin printf 'envtui: the answer was cut short; nothing has been changed\n' >&2
        \builtin return 1
    fi
    \builtin eval "$__envtui_answer" || __envtui_code=$?
    \builtin return "$__envtui_code"
}

# Only the screen (no word, or options first) changes the terminal, and only death keeps it changed.
function __envtui_reset {
    if [[ ( -z "$1" || "$1" == -* ) && -t 2 ]]; then
        \builtin printf '\033[?1049l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1015l\033[?1004l\033[?2004l\033[<u\033[?25h\033[0m' >&2
        \command stty sane <&2 2>/dev/null || \builtin :
    fi
}

function __envtui_after {
    \builtin hash -r 2>/dev/null || \builtin :
    __envtui_prompt
    if [[ "$1" == 1 ]]; then
        # A function of that name that is not ours stays.
        if ! \builtin declare -F deactivate >/dev/null; then
            function deactivate { __envtui_leave; }
        fi
    elif __envtui_owns_deactivate; then
        \builtin unset -f deactivate
    fi
}

function __envtui_leave {
    envtui deactivate
}

function __envtui_owns_deactivate {
    [[ "$(\builtin declare -f deactivate)" == *__envtui_leave* ]]
}

function __envtui_foreign_deactivate {
    if \builtin declare -F deactivate >/dev/null && ! __envtui_owns_deactivate; then
        \deactivate || \builtin :
    fi
}

# The prompt refers to the name, it never holds it: a name could be a command.
function __envtui_prompt {
    \builtin local __envtui_tag='${ENVTUI_STATE:+(${VIRTUAL_ENV_PROMPT-${PYENV_VERSION-}}) }'
    if [[ -z "${PS1-}" ]]; then
        \builtin return 0
    fi
    if [[ -z "${ENVTUI_STATE-}" || -n "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]]; then
        PS1=${PS1/"$__envtui_tag"/}
    elif [[ -z "${STARSHIP_SHELL-}" && "$PS1" != *"$__envtui_tag"* ]] && \builtin shopt -q promptvars; then
        PS1="$__envtui_tag$PS1"
    fi
}

# The rc files of a nested shell run again and may put other directories before ours.
function __envtui_again {
    \builtin local __envtui_path=":${PATH-}:" __envtui_bin=":${ENVTUI_BIN-}:"
    if [[ -z "${ENVTUI_STATE-}" || -z "${ENVTUI_BIN-}" ]]; then
        \builtin return 0
    fi
    if [[ "$__envtui_path" != "$__envtui_bin"* ]]; then
        if [[ "$__envtui_path" == *"$__envtui_bin"* ]]; then
            __envtui_path=${__envtui_path%%"$__envtui_bin"*}:${__envtui_path#*"$__envtui_bin"}
        fi
        __envtui_path=${__envtui_path#:}
        __envtui_path=${__envtui_path%:}
        \builtin export PATH="$ENVTUI_BIN${__envtui_path:+:$__envtui_path}"
    fi
    __envtui_after 1
}

# Once, at the first prompt, after all rc files.
function __envtui_first {
    \builtin local __envtui_code=$?
    if [[ -n "${__ENVTUI_FIRST-}" ]]; then
        __ENVTUI_FIRST=''
        PROMPT_COMMAND=${PROMPT_COMMAND/__envtui_first$'\n'/}
        __envtui_again
    fi
    \builtin return "$__envtui_code"
}

if [[ -n "${ENVTUI_STATE-}" ]]; then
    __envtui_again
    if [[ $- == *i* ]]; then
        # Element 0, where PROMPT_COMMAND is an array: before bash 5.1 the only one that counts.
        if [[ "${PROMPT_COMMAND-}" != *__envtui_first* ]]; then
            PROMPT_COMMAND="__envtui_first"$'\n'"${PROMPT_COMMAND-}"
        fi
        __ENVTUI_FIRST=1
    fi
fi
