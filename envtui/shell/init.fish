# envtui for fish 3.1 and later, protocol 1.
# `builtin` and `command` go past the user's own functions of the same names.

function envtui --description 'Every Python on the machine in one place'
    builtin set -l exe $__ENVTUI_EXE
    if not builtin string match -q '/*' "$exe"; or not builtin test -x "$exe"
        if not builtin set exe (command -s envtui)
            builtin printf 'envtui: %s is gone; install envtui again and open a new shell\n' "$__ENVTUI_EXE" >&2
            return 127
        end
    end
    # Left over where the program died of ctrl+c: fish then ends this function too.
    if builtin set -q __ENVTUI_LEFT; and builtin test -n "$__ENVTUI_LEFT"
        command rm -f -- $__ENVTUI_LEFT
    end
    builtin set -l directory /tmp
    if builtin set -q TMPDIR; and builtin test -n "$TMPDIR"
        builtin set directory $TMPDIR
    end
    builtin set -g __ENVTUI_LEFT (command mktemp "$directory/envtui.XXXXXXXXXX")
    or builtin set -g __ENVTUI_LEFT ''
    # A bad PYTHONHOME would kill the program before it could help.
    builtin set -l pythonhome
    if builtin set -q PYTHONHOME
        builtin set pythonhome $PYTHONHOME
    else if builtin set -q _OLD_VIRTUAL_PYTHONHOME
        builtin set pythonhome $_OLD_VIRTUAL_PYTHONHOME
    end
    ENVTUI_SHELL=fish ENVTUI_PROTO=1 ENVTUI_OUT="$__ENVTUI_LEFT" \
        ENVTUI_CALLER_PYTHONHOME="$pythonhome" ENVTUI_CALLER_PYTHONPATH="$PYTHONPATH" \
        PYTHONHOME='' PYTHONPATH='' $exe $argv
    builtin set -l code $status
    builtin set -l answer ''
    if builtin test -n "$__ENVTUI_LEFT"
        if builtin test $code -eq 0 -a -s "$__ENVTUI_LEFT"
            builtin read -lz text <$__ENVTUI_LEFT
            builtin set answer $text
        end
        command rm -f -- $__ENVTUI_LEFT
        builtin set -g __ENVTUI_LEFT ''
    end
    if builtin test $code -gt 128 -a $code -ne 130
        __envtui_reset "$argv[1]"
    end
    if builtin test -z "$answer"
        return $code
    end
    if not builtin string match -q -- '# envtui 1 fish'\n'*'\n'# envtui end'\n "$answer"
        builtin printf 'envtui: the answer was cut short; nothing has been changed\n' >&2
        return 1
    end
    builtin eval $answer
end

# Only the screen (no word, or options first) changes the terminal, and only death keeps it changed.
function __envtui_reset
    if builtin string match -qr -- '^(-|$)' "$argv[1]"; and builtin test -t 2
        builtin printf '\e[?1049l\e[?1000l\e[?1002l\e[?1003l\e[?1006l\e[?1015l\e[?1004l\e[?2004l\e[<u\e[?25h\e[0m' >&2
        command stty sane <&2 2>/dev/null
    end
    return 0
end

function __envtui_after
    __envtui_prompt
    if builtin test "$argv[1]" = 1
        # A function of that name that is not ours stays.
        if not builtin functions -q deactivate
            function deactivate --description 'Leave the environment that envtui activated'
                __envtui_leave
            end
        end
    else if __envtui_is_ours deactivate __envtui_leave
        builtin functions -e deactivate
    end
    return 0
end

function __envtui_leave
    envtui deactivate
end

function __envtui_is_ours
    builtin functions -q $argv[1]
    and builtin functions $argv[1] | builtin string match -q "*$argv[2]*"
end

function __envtui_foreign_deactivate
    if builtin functions -q deactivate; and not __envtui_is_ours deactivate __envtui_leave
        deactivate
    end
    return 0
end

function __envtui_status
    return $argv[1]
end

function __envtui_prompt
    if builtin set -q ENVTUI_STATE; and not builtin set -q VIRTUAL_ENV_DISABLE_PROMPT
        if builtin set -q STARSHIP_SHELL; or __envtui_is_ours fish_prompt __envtui_bare_prompt
            return
        end
        builtin functions -e __envtui_bare_prompt
        if builtin functions -q fish_prompt
            builtin functions -c fish_prompt __envtui_bare_prompt
            function fish_prompt --description 'The name of the active environment, then the usual prompt'
                builtin set -l code $status
                if builtin set -q VIRTUAL_ENV_PROMPT
                    builtin printf '(%s) ' "$VIRTUAL_ENV_PROMPT"
                else
                    builtin printf '(%s) ' "$PYENV_VERSION"
                end
                __envtui_status $code
                __envtui_bare_prompt
            end
        end
    else if __envtui_is_ours fish_prompt __envtui_bare_prompt
        builtin functions -e fish_prompt
        builtin functions -c __envtui_bare_prompt fish_prompt
        builtin functions -e __envtui_bare_prompt
    end
end

# The configuration of a nested shell runs again and may put other directories before ours.
function __envtui_again
    if not builtin set -q ENVTUI_STATE; or not builtin set -q ENVTUI_BIN
        return
    end
    if builtin test "$PATH[1]" != "$ENVTUI_BIN"
        if builtin set -l index (builtin contains -i -- "$ENVTUI_BIN" $PATH)
            builtin set -e PATH[$index]
        end
        builtin set -gx PATH $ENVTUI_BIN $PATH
    end
    __envtui_after 1
end

if builtin set -q ENVTUI_STATE
    __envtui_again
    if builtin status is-interactive
        # Once, at the first prompt, after the whole configuration.
        function __envtui_first --on-event fish_prompt
            builtin functions -e __envtui_first
            __envtui_again
        end
    end
end
