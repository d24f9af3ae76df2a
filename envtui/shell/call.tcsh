# envtui for tcsh, protocol 1: what its alias `envtui` sources, and a new shell once.
# tcsh has no functions, no eval of several lines, and no way past an alias over a builtin.

set __envtui_code = 0
if ($?__envtui_argv) then
    set __envtui_exe = $__ENVTUI_EXE:q
    if ("$__envtui_exe" !~ /* || ! -x "$__envtui_exe") then
        set __envtui_exe = "`\sh -c 'command -v envtui'`"
    endif
    # Left over where the program died of ctrl+c: tcsh then ends this file too.
    if ($?__ENVTUI_LEFT) then
        if ("$__ENVTUI_LEFT" != "") \rm -f -- $__ENVTUI_LEFT:q
    endif
    set __ENVTUI_LEFT = "`\mktemp -t envtui.XXXXXXXXXX`"
    # A bad PYTHONHOME would kill the program before it could help.
    set __envtui_home = "" __envtui_path = ""
    if ($?_OLD_VIRTUAL_PYTHONHOME) then
        set __envtui_home = "$_OLD_VIRTUAL_PYTHONHOME"
    endif
    if ($?PYTHONHOME) then
        set __envtui_home = "$PYTHONHOME"
    endif
    if ($?PYTHONPATH) then
        set __envtui_path = "$PYTHONPATH"
    endif
    if ("$__envtui_exe" == "") then
        \sh -c 'echo "envtui: $1 is gone; install envtui again and open a new shell" >&2' - $__ENVTUI_EXE:q
        set __envtui_code = 127
    else
        \env ENVTUI_SHELL=tcsh ENVTUI_PROTO=1 ENVTUI_OUT=$__ENVTUI_LEFT:q \
            ENVTUI_CALLER_PYTHONHOME=$__envtui_home:q ENVTUI_CALLER_PYTHONPATH=$__envtui_path:q \
            PYTHONHOME= PYTHONPATH= $__envtui_exe:q $__envtui_argv:q
        set __envtui_code = $status
    endif
    if ($__envtui_code > 128 && $__envtui_code != 130) then
        # Only the screen (no word, or options first) changes the terminal.
        if ("$__envtui_argv" == "" || "$__envtui_argv" =~ -*) \sh $__ENVTUI_DIR:q/reset.sh
    endif
    if ($__envtui_code == 0 && -s "$__ENVTUI_LEFT") then
        if ("`\head -n 1 $__ENVTUI_LEFT:q`" != '# envtui 1 tcsh' || "`\tail -n 1 $__ENVTUI_LEFT:q`" != '# envtui end') then
            \sh -c 'echo "envtui: the answer was cut short; nothing has been changed" >&2'
            set __envtui_code = 1
        else
            source $__ENVTUI_LEFT:q
        endif
    endif
    if ("$__ENVTUI_LEFT" != "") \rm -f -- $__ENVTUI_LEFT:q
    set __ENVTUI_LEFT = ""
    unset __envtui_argv __envtui_exe __envtui_home __envtui_path
else if ($?ENVTUI_STATE && $?ENVTUI_BIN) then
    # The rc file of a nested shell runs again and may put other directories before ours.
    if ("$path[1]" != "$ENVTUI_BIN") then
        set __envtui_path = ()
        foreach __envtui_entry ($path:q)
            if ("$__envtui_entry" != "$ENVTUI_BIN") set __envtui_path = ($__envtui_path:q "$__envtui_entry")
        end
        set path = ("$ENVTUI_BIN" $__envtui_path:q)
        unset __envtui_path __envtui_entry
    endif
    set __envtui_active = 1
endif

if ($?__envtui_active) then
    rehash
    if ($?__ENVTUI_PROMPT && $?prompt) then
        if ("$prompt" == "${__ENVTUI_TAG}${__ENVTUI_PROMPT}") set prompt = "$__ENVTUI_PROMPT"
        unset __ENVTUI_PROMPT
    endif
    # The prompt refers to the name, it never holds it: `%` and `!` mean something there.
    if ($__envtui_active && $?prompt && ! $?VIRTUAL_ENV_DISABLE_PROMPT && ! $?STARSHIP_SHELL) then
        set __ENVTUI_TAG = '(%$PYENV_VERSION) '
        if ($?VIRTUAL_ENV_PROMPT) then
            set __ENVTUI_TAG = '(%$VIRTUAL_ENV_PROMPT) '
        endif
        set __ENVTUI_PROMPT = "$prompt"
        set prompt = "${__ENVTUI_TAG}${prompt}"
    endif
    # An alias of that name that is not ours stays.
    if ("`alias deactivate`" == "" && $__envtui_active) alias deactivate 'envtui deactivate'
    if ("`alias deactivate`" == "envtui deactivate" && ! $__envtui_active) unalias deactivate
    unset __envtui_active
endif
(exit $__envtui_code)
