
# With --auto: entering a project switches to its environment, leaving it switches back.
# Nothing at a prompt, builtins after `cd`, the program only where the project is another.

function __envtui_arrive
    builtin set -l parts
    builtin set -l root
    builtin set -l directories
    # No command substitution: it splits at the line ends that a name may hold, and takes 0.3 ms.
    builtin printf '%s\0' $PWD | builtin read -z -d / -l -a parts
    builtin set -l path
    for part in $parts[2..-1]
        builtin set path "$path/$part"
        builtin set -p directories $path
    end
    for directory in $directories
        if builtin test "$directory" = "$HOME"
            break
        end
        if builtin test -e "$directory/.venv" -o -f "$directory/Pipfile" -o -f "$directory/poetry.lock"
            builtin set root $directory
            break
        end
    end
    if builtin set -q __ENVTUI_ROOT; and builtin test "$root" = "$__ENVTUI_ROOT"
        return 0
    end
    builtin set -g __ENVTUI_ROOT "$root"
    # What was chosen by hand stays.
    if builtin test "$root" != "$ENVTUI_AUTO"; and begin
            not builtin set -q ENVTUI_STATE; or builtin set -q ENVTUI_AUTO
        end
        envtui hook "$root"
    end
    return 0
end

if builtin status is-interactive
    function __envtui_auto --on-variable PWD
        if not builtin status is-command-substitution
            # direnv first: what it still has to take back here would take ours along.
            if builtin functions -q __direnv_export_eval
                __direnv_export_eval
            end
            __envtui_arrive
        end
    end
    # Once, at the first prompt, after the whole configuration.
    function __envtui_auto_first --on-event fish_prompt
        builtin functions -e __envtui_auto_first
        __envtui_arrive
    end
end
