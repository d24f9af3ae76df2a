# envtui for PowerShell 7, protocol 1. The answer is data. Written by its documentation only.

function global:envtui {
    $exe = $global:__ENVTUI_EXE
    if (-not (Test-Path -LiteralPath $exe -PathType Leaf)) {
        $found = Get-Command -Name envtui -CommandType Application -ErrorAction SilentlyContinue
        if (-not $found) {
            [Console]::Error.WriteLine("envtui: $exe is gone; install envtui again and open a new shell")
            $global:LASTEXITCODE = 127
            return
        }
        $exe = @($found)[0].Source
    }
    $out = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'envtui.' + [IO.Path]::GetRandomFileName())
    # A bad PYTHONHOME would kill the program before it could help.
    $call = @{
        ENVTUI_SHELL = 'pwsh'
        ENVTUI_PROTO = '1'
        ENVTUI_OUT = $out
        ENVTUI_CALLER_PYTHONHOME = "$env:PYTHONHOME"
        ENVTUI_CALLER_PYTHONPATH = "$env:PYTHONPATH"
        PYTHONHOME = $null
        PYTHONPATH = $null
    }
    $before = @{}
    $text = ''
    try {
        # CreateNew: never a file or a link that is there already.
        $options = [IO.FileStreamOptions]@{ Mode = 'CreateNew'; Access = 'Write' }
        if (-not $IsWindows) { $options.UnixCreateMode = 'UserRead, UserWrite' }
        [IO.FileStream]::new($out, $options).Dispose()
        foreach ($name in $call.Keys) {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $call[$name])
        }
        & $exe @args
        $code = $LASTEXITCODE
        if ($code -eq 0) { $text = [IO.File]::ReadAllText($out) }
    } finally {
        foreach ($name in $before.Keys) {
            [Environment]::SetEnvironmentVariable($name, $before[$name])
        }
        Remove-Item -LiteralPath $out -Force -ErrorAction SilentlyContinue
    }
    # Only the screen (no word, or options first) changes the terminal.
    if ($code -gt 128 -and $code -ne 130 -and "$($args[0])" -match '^(-|$)') {
        $e = [char]27
        [Console]::Error.Write("$e[?1049l$e[?1000l$e[?1002l$e[?1003l$e[?1006l$e[?1015l$e[?1004l$e[?2004l$e[<u$e[?25h$e[0m")
    }
    if ($text) {
        try { $answer = ConvertFrom-Json -InputObject $text } catch { $answer = $null }
        if ($null -eq $answer -or $answer.envtui -ne 1 -or $answer.end -ne $true) {
            [Console]::Error.WriteLine('envtui: the answer was cut short; nothing has been changed')
            $code = 1
        } else {
            foreach ($path in $answer.leaving) { . $path }
            if ($answer.foreign -and (Test-Path function:deactivate) -and -not (__envtui_is_ours deactivate)) { deactivate }
            foreach ($name in $answer.unset) { [Environment]::SetEnvironmentVariable($name, $null) }
            foreach ($pair in $answer.set.PSObject.Properties) {
                [Environment]::SetEnvironmentVariable($pair.Name, $pair.Value)
            }
            foreach ($path in $answer.entering) { . $path }
            if ($answer.cd) { Set-Location -LiteralPath $answer.cd }
            __envtui_after $answer.active
        }
    }
    $global:LASTEXITCODE = $code
}

function global:__envtui_is_ours($name) {
    (Get-Item "function:$name").Definition -match '__envtui_'
}

function global:__envtui_leave { envtui deactivate }

function global:__envtui_after($active) {
    if ($active -and -not (Test-Path function:deactivate)) {
        Set-Item function:global:deactivate { __envtui_leave }
    } elseif (-not $active -and (Test-Path function:deactivate) -and (__envtui_is_ours deactivate)) {
        Remove-Item function:deactivate
    }
    if (-not (__envtui_is_ours prompt)) {
        $global:__ENVTUI_BARE_PROMPT = $function:prompt
        Set-Item function:global:prompt {
            # __envtui_prompt: the name is data, it is only ever written.
            if ($env:ENVTUI_STATE -and -not $env:VIRTUAL_ENV_DISABLE_PROMPT -and -not $env:STARSHIP_SHELL) {
                $name = if ($null -ne $env:VIRTUAL_ENV_PROMPT) { $env:VIRTUAL_ENV_PROMPT } else { $env:PYENV_VERSION }
                '(' + $name + ') ' + (& $global:__ENVTUI_BARE_PROMPT)
            } else {
                & $global:__ENVTUI_BARE_PROMPT
            }
        }
    }
}

# The profile of a nested shell runs again and may put other directories before ours.
if ($env:ENVTUI_STATE -and $env:ENVTUI_BIN) {
    $rest = @($env:PATH -split [IO.Path]::PathSeparator | Where-Object { $_ -ne $env:ENVTUI_BIN })
    $env:PATH = (@($env:ENVTUI_BIN) + $rest) -join [IO.Path]::PathSeparator
    __envtui_after $true
}
