
# With --auto: entering a project switches to its environment, leaving it switches back. In ksh and
# mksh from within PS1, `${ ...;}` being no subshell; in yash from PROMPT_COMMAND.
# A comparison at each prompt, builtins after `cd`, the program only where the project is another.

__envtui_auto() {
    case ${__ENVTUI_PWD-} in
        "$PWD") ;;
        *)
            __ENVTUI_PWD=$PWD
            __envtui_arrive || \:
            ;;
    esac
}

__envtui_arrive() {
    __envtui_root=$PWD
    while \command [ -n "$__envtui_root" ]; do
        case $__envtui_root in "${HOME-}") __envtui_root= ;; esac
        if \command [ -e "$__envtui_root/.venv" ] || \command [ -f "$__envtui_root/Pipfile" ] || \command [ -f "$__envtui_root/poetry.lock" ]; then
            case $__envtui_root in ?*) \break ;; esac
        fi
        __envtui_root=${__envtui_root%/*}
    done
    case ${__ENVTUI_ROOT-none} in
        "$__envtui_root") \return 0 ;;
    esac
    __ENVTUI_ROOT=$__envtui_root
    case ${ENVTUI_AUTO-} in
        "$__envtui_root") \return 0 ;;
    esac
    # What was chosen by hand stays.
    case ${ENVTUI_STATE:+x}${ENVTUI_AUTO:+auto} in
        x) ;;
        *) envtui hook "$__envtui_root" ;;
    esac
}

case $-${KSH_VERSION+k}${YASH_VERSION+y} in
    *i*k)
        # Before the name, which then is the new one already.
        case ${PS1-} in
            *__envtui_auto*) ;;
            *) PS1='${ __envtui_auto;}${__ENVTUI_NAME:+($__ENVTUI_NAME) }'${PS1#'${__ENVTUI_NAME:+($__ENVTUI_NAME) }'} ;;
        esac
        ;;
    *i*y)
        case ${PROMPT_COMMAND-} in
            *__envtui_auto*) ;;
            *)
                PROMPT_COMMAND="__envtui_auto
${PROMPT_COMMAND-}"
                ;;
        esac
        ;;
esac
