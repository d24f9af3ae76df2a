
# TAB: the program says what fits; compadd quotes what is inserted.

function _envtui {
    local __envtui_exe="${__ENVTUI_EXE-}" __envtui_line
    local -a __envtui_found __envtui_about
    if [[ ! -x "$__envtui_exe" ]]; then
        __envtui_exe="$(\builtin whence -p envtui)" || \builtin return 1
    fi
    for __envtui_line in "${(@f)$(PYTHONHOME='' PYTHONPATH='' "$__envtui_exe" complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
        if [[ -n "$__envtui_line" ]]; then
            __envtui_found+=("${__envtui_line%%$'\t'*}")
            __envtui_about+=("${__envtui_line//$'\t'/  }")
        fi
    done
    if (( ${#__envtui_found} )); then
        \builtin compadd -l -d __envtui_about -a -- __envtui_found
    else
        _files
    fi
}

# compinit may come later in the rc file.
function __envtui_register {
    \builtin emulate -L zsh
    precmd_functions=("${(@)precmd_functions:#__envtui_register}")
    if (( ${+functions[compdef]} )); then
        compdef _envtui envtui
    fi
}

if [[ "${funcstack[1]-}" == _envtui ]]; then
    _envtui "$@"
elif [[ -o interactive ]]; then
    \builtin typeset -ga precmd_functions
    precmd_functions+=(__envtui_register)
fi
