# envtui for nushell, protocol 1. The answer is data: nushell runs no text.

def --env --wrapped envtui [...words: string] {
    let exe = (if ($__ENVTUI_EXE | path exists) { $__ENVTUI_EXE } else {
        which --all envtui | where type == external | get path | get 0?
    })
    if $exe == null {
        print --stderr $"envtui: ($__ENVTUI_EXE) is gone; install envtui again and open a new shell"
        $env.LAST_EXIT_CODE = 127
        return
    }
    # Its own `mktemp`: a program run just before the screen may take the terminal back.
    let out = (try { mktemp --tmpdir envtui.XXXXXXXXXX } catch { "" })
    # A bad PYTHONHOME would kill the program before it could help.
    let call = {
        ENVTUI_SHELL: nu
        ENVTUI_PROTO: "1"
        ENVTUI_OUT: $out
        ENVTUI_CALLER_PYTHONHOME: ($env.PYTHONHOME? | default "")
        ENVTUI_CALLER_PYTHONPATH: ($env.PYTHONPATH? | default "")
        PYTHONHOME: ""
        PYTHONPATH: ""
    }
    let status = (try { with-env $call { ^$exe ...$words }; 0 } catch {|e| $e.exit_code? | default 126 })
    mut code = (if $status < 0 { 128 - $status } else { $status })
    # Only the screen (no word, or options first) changes the terminal.
    if $code > 128 and $code != 130 and ($words | get 0? | default "-" | str starts-with "-") {
        print --stderr --no-newline "\e[?1049l\e[?1000l\e[?1002l\e[?1003l\e[?1006l\e[?1015l\e[?1004l\e[?2004l\e[<u\e[?25h\e[0m"
        try { ^stty sane }
    }
    let text = (if $code == 0 and $out != "" { open --raw $out | decode utf-8 } else { "" })
    if $out != "" { rm --force $out }
    if $text != "" {
        let answer = (try { $text | from json } catch { {} })
        if $answer.envtui? != 1 or $answer.end? != true {
            print --stderr "envtui: the answer was cut short; nothing has been changed"
            $code = 1
        } else {
            for name in $answer.unset { hide-env --ignore-errors $name }
            load-env ($answer.set | reject --optional PATH)
            if "PATH" in $answer.set { $env.PATH = ($answer.set.PATH | split row ":") }
            # The slash keeps `cd` from taking a last line end off.
            if $answer.cd? != null { try { cd $"($answer.cd)/" } catch {|e| print --stderr $"envtui: ($e.msg): ($answer.cd)" } }
        }
    }
    $env.LAST_EXIT_CODE = $code
}

def --env deactivate [] { envtui deactivate }

# The configuration of a nested shell runs again and may put other directories before ours.
def --env __envtui_again [] {
    if $env.ENVTUI_STATE? != null and $env.ENVTUI_BIN? != null {
        $env.PATH = ($env.PATH | split row ":" | where $it != $env.ENVTUI_BIN | prepend $env.ENVTUI_BIN)
    }
}
__envtui_again

if ($env.PROMPT_COMMAND? | describe) == closure and $env.__ENVTUI_PROMPT? == null {
    let bare = $env.PROMPT_COMMAND
    $env.__ENVTUI_PROMPT = $bare
    $env.PROMPT_COMMAND = {||
        let name = ($env.VIRTUAL_ENV_PROMPT? | default ($env.PYENV_VERSION? | default ""))
        let off = $env.VIRTUAL_ENV_DISABLE_PROMPT? != null or $env.STARSHIP_SHELL? != null
        if $env.ENVTUI_STATE? == null or $off { do $bare } else { $"\(($name)\) (do $bare)" }
    }
}
