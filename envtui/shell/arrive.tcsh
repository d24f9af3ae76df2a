# What tcsh sources at its first prompt and after each change of directory, with --auto.
# Builtins only; the program where the project is another than before.

# Not within a call, whose answer may change the directory.
if (! $?__envtui_argv) then
    set __envtui_root = $cwd:q
    while ("$__envtui_root" != "")
        if ("$__envtui_root" == "$home" || "$__envtui_root" == "/") then
            set __envtui_root = ""
        else if (-e "$__envtui_root/.venv" || -f "$__envtui_root/Pipfile" || -f "$__envtui_root/poetry.lock") then
            break
        else
            set __envtui_root = $__envtui_root:h:q
        endif
    end
    set __envtui_auto = ""
    if ($?ENVTUI_AUTO) then
        set __envtui_auto = $ENVTUI_AUTO:q
    endif
    set __envtui_call = 0
    if (! $?__ENVTUI_ROOT) then
        set __ENVTUI_ROOT = -
    endif
    if ("$__envtui_root" != "$__ENVTUI_ROOT" && "$__envtui_root" != "$__envtui_auto") then
        # What was chosen by hand stays.
        if (! $?ENVTUI_STATE || "$__envtui_auto" != "") set __envtui_call = 1
    endif
    set __ENVTUI_ROOT = $__envtui_root:q
    if ($__envtui_call) then
        # An empty word would be lost in a list; the root of all is no project.
        if ("$__envtui_root" == "") set __envtui_root = /
        set __envtui_argv = (hook $__envtui_root:q)
        source $__ENVTUI_DIR:q/call.tcsh
    endif
endif
