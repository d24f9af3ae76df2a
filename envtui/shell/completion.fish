
# TAB: the program says what fits; fish quotes what is inserted.

function __envtui_complete
    builtin set -l exe $__ENVTUI_EXE
    if not builtin test -x "$exe"
        builtin set exe (command -s envtui)
        or return
    end
    builtin set -l words (builtin commandline -opc)
    builtin set -l token (builtin commandline -ct)
    builtin set -l current (builtin string unescape -- "$token")
    or builtin set current "$token"
    builtin set -l found (PYTHONHOME='' PYTHONPATH='' $exe complete $words[2..-1] "$current" 2>/dev/null)
    if builtin set -q found[1]
        builtin printf '%s\n' $found
    else
        __fish_complete_path "$token"
    end
end

if builtin status is-interactive
    builtin complete -c envtui -f -a '(__envtui_complete)'
end
