# envtui for dash, busybox ash, ksh, mksh and yash, protocol 1.
# `\` goes past the user's aliases, `|| \:` past `set -e`; not all of them have `local`.

\unalias envtui 2>/dev/null || \:

envtui() {
    __envtui_exe=${__ENVTUI_EXE-} __envtui_code=0 __envtui_answer=
    case $__envtui_exe in
        /*) \command [ -x "$__envtui_exe" ] || __envtui_exe= ;;
        *) __envtui_exe= ;;
    esac
    case $__envtui_exe in '') __envtui_exe=$(\unset -f envtui; \command -v envtui) || \: ;; esac
    case $__envtui_exe in
        /*) ;;
        *)
            \command printf 'envtui: %s is gone; install envtui again and open a new shell\n' "${__ENVTUI_EXE-}" >&2
            \return 127
            ;;
    esac
    # Left over where the program died of ctrl+c: these shells then end this function too.
    case ${__ENVTUI_LEFT-} in ?*) \command rm -f -- "$__ENVTUI_LEFT" || \: ;; esac
    __ENVTUI_LEFT=$(\command mktemp "${TMPDIR:-/tmp}/envtui.XXXXXXXXXX") || __ENVTUI_LEFT=
    # A bad PYTHONHOME would kill the program before it could help.
    ENVTUI_SHELL=posix ENVTUI_PROTO=1 ENVTUI_OUT="$__ENVTUI_LEFT" \
        ENVTUI_CALLER_PYTHONHOME="${PYTHONHOME-${_OLD_VIRTUAL_PYTHONHOME-}}" \
        ENVTUI_CALLER_PYTHONPATH="${PYTHONPATH-}" PYTHONHOME='' PYTHONPATH='' \
        "$__envtui_exe" "$@" || __envtui_code=$?
    # ksh says 256 more than the signal's number, yash 384 more.
    if \command [ "$__envtui_code" -gt 255 ]; then __envtui_code=$((128 + $__envtui_code % 128)); fi
    case $__ENVTUI_LEFT in
        ?*)
            if \command [ "$__envtui_code" -eq 0 ] && \command [ -s "$__ENVTUI_LEFT" ]; then
                __envtui_answer=$(\command cat -- "$__ENVTUI_LEFT") || \:
            fi
            \command rm -f -- "$__ENVTUI_LEFT" || \:
            __ENVTUI_LEFT=
            ;;
    esac
    if \command [ "$__envtui_code" -gt 128 ] && \command [ "$__envtui_code" -ne 130 ]; then
        __envtui_reset "${1-}"
    fi
    case $__envtui_answer in
        '') ;;
        '# envtui 1 posix
'*'
# envtui end') \eval "$__envtui_answer" || __envtui_code=$? ;;
        *)
            \command printf 'envtui: the answer was cut short; nothing has been changed\n' >&2
            __envtui_code=1
            ;;
    esac
    \set -- "$__envtui_code"
    \unset -v __envtui_exe __envtui_code __envtui_answer
    \return "$1"
}

# Only the screen (no word, or options first) changes the terminal, and only death keeps it changed.
__envtui_reset() {
    case $1 in
        '' | -*)
            if \command [ -t 2 ]; then
                \command printf '\033[?1049l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1015l\033[?1004l\033[?2004l\033[<u\033[?25h\033[0m' >&2
                \command stty sane <&2 2>/dev/null || \:
            fi
            ;;
    esac
}

__envtui_after() {
    __envtui_prompt
    case $1 in
        1)
            # A function or an alias of that name that is not ours stays.
            case $(\command -v deactivate 2>/dev/null) in
                '' | /*)
                    \eval 'deactivate() { __envtui_leave; }'
                    __ENVTUI_DEACTIVATE=1
                    ;;
            esac
            ;;
        *)
            case ${__ENVTUI_DEACTIVATE-} in
                1)
                    \unset -f deactivate 2>/dev/null || \:
                    __ENVTUI_DEACTIVATE=
                    ;;
            esac
            ;;
    esac
}

__envtui_leave() {
    case ${__ENVTUI_FOREIGN-} in
        '') envtui deactivate ;;
    esac
}

# Whose `deactivate` it is cannot be seen in all of these shells: ours does nothing meanwhile.
__envtui_foreign_deactivate() {
    case $(\command -v deactivate 2>/dev/null) in
        deactivate)
            __ENVTUI_FOREIGN=1
            \deactivate || \:
            __ENVTUI_FOREIGN=
            ;;
    esac
}

# The prompt refers to the name, it never holds it: a name could be a command. What follows a
# backslash or `!` is cut, since some of these shells obey them in what a prompt refers to.
__envtui_prompt() {
    __envtui_tag='${__ENVTUI_NAME:+($__ENVTUI_NAME) }'
    __ENVTUI_NAME=
    case ${ENVTUI_STATE:+x}${VIRTUAL_ENV_DISABLE_PROMPT:+off}${STARSHIP_SHELL:+off} in
        x)
            __ENVTUI_NAME=${VIRTUAL_ENV_PROMPT-${PYENV_VERSION-}}
            __ENVTUI_NAME=${__ENVTUI_NAME%%\\*}
            __ENVTUI_NAME=${__ENVTUI_NAME%%!*}
            case ${PS1-} in
                '' | *"$__envtui_tag"*) ;;
                *) PS1="$__envtui_tag$PS1" ;;
            esac
            ;;
        *)
            case ${PS1-} in
                "$__envtui_tag"*) PS1=${PS1#"$__envtui_tag"} ;;
            esac
            ;;
    esac
    \unset -v __envtui_tag
}

# The rc file of a nested shell runs again and may put other directories before ours.
__envtui_again() {
    case ${ENVTUI_STATE:+x}${ENVTUI_BIN:+x} in
        xx) ;;
        *) \return 0 ;;
    esac
    __envtui_path=":${PATH-}:"
    case $__envtui_path in
        ":$ENVTUI_BIN:"*) ;;
        *)
            case $__envtui_path in
                *":$ENVTUI_BIN:"*)
                    __envtui_path=${__envtui_path%%":$ENVTUI_BIN:"*}:${__envtui_path#*":$ENVTUI_BIN:"}
                    ;;
            esac
            __envtui_path=${__envtui_path#:}
            __envtui_path=${__envtui_path%:}
            \export PATH="$ENVTUI_BIN${__envtui_path:+:$__envtui_path}"
            ;;
    esac
    \unset -v __envtui_path
    __envtui_after 1
}

__envtui_again
