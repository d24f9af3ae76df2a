
# With --auto: entering a project switches to its environment, leaving it switches back.
def --env __envtui_arrive [] {
    mut root = $env.PWD
    while $root != "" {
        if $root == $env.HOME? or $root == "/" {
            $root = ""
        } else if ($"($root)/.venv" | path exists) or ($"($root)/Pipfile" | path exists) or ($"($root)/poetry.lock" | path exists) {
            break
        } else {
            $root = ($root | path dirname)
        }
    }
    # A list, since no list is handed down to a child.
    if $env.__ENVTUI_ROOT? == [$root] { return }
    $env.__ENVTUI_ROOT = [$root]
    let auto = ($env.ENVTUI_AUTO? | default "")
    # What was chosen by hand stays.
    if $root != $auto and ($auto != "" or $env.ENVTUI_STATE? == null) { envtui hook $root }
}

if $env.__ENVTUI_HOOKED? == null {
    $env.__ENVTUI_HOOKED = [yes]
    $env.config.hooks.env_change.PWD = ($env.config.hooks.env_change.PWD? | default [] | append {|before, after| __envtui_arrive })
}
