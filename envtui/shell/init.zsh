# envtui for zsh, protocol 1.
# `\builtin` and `\command` go past the user's aliases, `emulate -L zsh` past their options.

\builtin unalias envtui 2>/dev/null || \builtin :

function envtui {
    \builtin emulate -L zsh
    \builtin local __envtui_exe="${__ENVTUI_EXE-}" __envtui_out='' __envtui_answer=''
    \builtin local __envtui_code=0
    if [[ "$__envtui_exe" != /* || ! -x "$__envtui_exe" ]]; then
        __envtui_exe="$(\builtin whence -p envtui)" || {
            \builtin printf 'envtui: %s is gone; install envtui again and open a new shell\n' "${__ENVTUI_EXE-}" >&2
            \builtin return 127
        }
    fi
    __envtui_out="$(\command mktemp "${TMPDIR:-/tmp}/envtui.XXXXXXXXXX")" || __envtui_out=''
    {
        # A bad PYTHONHOME would kill the program before it could help.
        ENVTUI_SHELL=zsh ENVTUI_PROTO=1 ENVTUI_OUT="$__envtui_out" \
            ENVTUI_CALLER_PYTHONHOME="${PYTHONHOME-${_OLD_VIRTUAL_PYTHONHOME-}}" \
            ENVTUI_CALLER_PYTHONPATH="${PYTHONPATH-}" PYTHONHOME='' PYTHONPATH='' \
            "$__envtui_exe" "$@" || __envtui_code=$?
        if [[ "$__envtui_code" == 0 && -s "$__envtui_out" ]]; then
            __envtui_answer="$(<"$__envtui_out")" || \builtin :
        fi
    } always {
        # Also where the program died of ctrl+c, after which zsh ends this function.
        if [[ -n "$__envtui_out" ]]; then
            \command rm -f -- "$__envtui_out"
        fi
    }
    if (( __envtui_code > 128 && __envtui_code != 130 )); then
        __envtui_reset "${1-}"
    fi
    if [[ -z "$__envtui_answer" ]]; then
        \builtin return "$__envtui_code"
    fi
    if [[ "$__envtui_answer" != '# envtui 1 zsh'$'\n'*$'\n''# envtui end' ]]; then
        \builtin printf 'envtui: the answer was cut short; nothing has been changed\n' >&2
        \builtin return 1
    fi
    \builtin eval "$__envtui_answer" || __envtui_code=$?
    \builtin return "$__envtui_code"
}

# Only the screen (no word, or options first) changes the terminal, and only death keeps it changed.
function __envtui_reset {
    \builtin emulate -L zsh
    if [[ ( -z "$1" || "$1" == -* ) && -t 2 ]]; then
        \builtin printf '\033[?1049l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1015l\033[?1004l\033[?2004l\033[<u\033[?25h\033[0m' >&2
        \command stty sane <&2 2>/dev/null || \builtin :
    fi
}

function __envtui_after {
    \builtin emulate -L zsh
    \builtin rehash
    __envtui_prompt
    if [[ "$1" == 1 ]]; then
        # A function of that name that is not ours stays.
        if (( ! ${+functions[deactivate]} )); then
            function deactivate { __envtui_leave }
        fi
    elif __envtui_owns_deactivate; then
        \builtin unset -f deactivate
    fi
}

function __envtui_leave {
    envtui deactivate
}

function __envtui_owns_deactivate {
    \builtin emulate -L zsh
    [[ "${functions[deactivate]-}" == *__envtui_leave* ]]
}

function __envtui_foreign_deactivate {
    if (( ${+functions[deactivate]} )) && ! __envtui_owns_deactivate; then
        \deactivate || \builtin :
    fi
}

# The name goes into psvar, whose values a prompt never expands: a name could be a command.
# 17, because people use the first nine.
function __envtui_prompt {
    \builtin emulate -L zsh
    \builtin local __envtui_tag='%(17V.(%17v) .)'
    if [[ -z "${ENVTUI_STATE-}" || -n "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]]; then
        if [[ "${PROMPT-}" == *"$__envtui_tag"* ]]; then
            PROMPT="${PROMPT/$__envtui_tag/}"
            psvar[17]=''
        fi
    elif [[ -n "${PROMPT-}" && -z "${STARSHIP_SHELL-}" && -z "${P9K_VERSION-}" ]]; then
        psvar[17]="${VIRTUAL_ENV_PROMPT-${PYENV_VERSION-}}"
        if [[ "$PROMPT" != *"$__envtui_tag"* ]]; then
            PROMPT="$__envtui_tag$PROMPT"
        fi
    fi
}

# The rc files of a nested shell run again and may put other directories before ours.
function __envtui_again {
    \builtin emulate -L zsh
    \builtin local __envtui_path=":${PATH-}:" __envtui_bin=":${ENVTUI_BIN-}:"
    if [[ -z "${ENVTUI_STATE-}" || -z "${ENVTUI_BIN-}" ]]; then
        \builtin return 0
    fi
    if [[ "$__envtui_path" != "$__envtui_bin"* ]]; then
        if [[ "$__envtui_path" == *"$__envtui_bin"* ]]; then
            __envtui_path="${__envtui_path%%"$__envtui_bin"*}:${__envtui_path#*"$__envtui_bin"}"
        fi
        __envtui_path="${__envtui_path#:}"
        __envtui_path="${__envtui_path%:}"
        \builtin export PATH="$ENVTUI_BIN${__envtui_path:+:$__envtui_path}"
    fi
    __envtui_after 1
}

# Once, at the first prompt, after all rc files.
function __envtui_first {
    \builtin emulate -L zsh
    precmd_functions=("${(@)precmd_functions:#__envtui_first}")
    __envtui_again
}

if [[ -n "${ENVTUI_STATE-}" ]]; then
    __envtui_again
    if [[ -o interactive ]]; then
        \builtin typeset -ga precmd_functions
        precmd_functions+=(__envtui_first)
    fi
fi
