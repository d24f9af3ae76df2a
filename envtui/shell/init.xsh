# envtui for xonsh, protocol 1. The answer is data; xonsh shows VIRTUAL_ENV_PROMPT by itself.


def __envtui(words):
    import json, os, shutil, subprocess, sys, tempfile

    env = __xonsh__.env
    variables = env.detype()
    exe = __ENVTUI_EXE
    if not (os.path.isabs(exe) and os.access(exe, os.X_OK)):
        exe = shutil.which("envtui", path=variables.get("PATH"))
    if exe is None:
        print(f"envtui: {__ENVTUI_EXE} is gone; install envtui again and open a new shell", file=sys.stderr)
        return 127
    try:
        fd, out = tempfile.mkstemp(prefix="envtui.", dir=variables.get("TMPDIR") or "/tmp")
        os.close(fd)
    except OSError as error:
        print(f"envtui: {error.filename}: {error.strerror}", file=sys.stderr)
        out = ""
    # A bad PYTHONHOME would kill the program before it could help.
    call = {"ENVTUI_SHELL": "xonsh", "ENVTUI_PROTO": "1", "ENVTUI_OUT": out}
    for name in ("PYTHONHOME", "PYTHONPATH"):
        call["ENVTUI_CALLER_" + name] = variables.get(name, "")
        call[name] = ""
    try:
        try:
            with env.swap(call):
                code = (![@(exe) @(words)]).rtn
        except subprocess.CalledProcessError as error:
            code = error.returncode
        if code < 0:
            code = 128 - code
        text = ""
        if code == 0 and out:
            with open(out) as file:
                text = file.read()
    finally:
        if out:
            os.unlink(out)
    # Only the screen (no word, or options first) changes the terminal.
    if code > 128 and code != 130 and not (words and not words[0].startswith("-")) and sys.stderr.isatty():
        modes = "1049l 1000l 1002l 1003l 1006l 1015l 1004l 2004l".split()
        print("".join(f"\033[?{mode}" for mode in modes) + "\033[<u\033[?25h\033[0m", end="", file=sys.stderr, flush=True)
        ![stty sane]
    if not text:
        return code
    try:
        answer = json.loads(text)
    except ValueError:
        answer = {}
    if answer.get("envtui") != 1 or answer.get("end") is not True:
        print("envtui: the answer was cut short; nothing has been changed", file=sys.stderr)
        return 1
    for path in answer["leaving"]:
        source @(path)
    for name in answer["unset"]:
        env.pop(name, None)
    for name, value in answer["set"].items():
        env[name] = value.split(os.pathsep) if name == "PATH" else value
    for path in answer["entering"]:
        source @(path)
    if answer["cd"] is not None and os.path.isdir(answer["cd"]):
        from xonsh.dirstack import cd

        cd([answer["cd"]])
    __envtui_after(answer["active"])
    return code


def __envtui_deactivate(_words):
    return __envtui(["deactivate"])


def __envtui_after(active):
    # An alias of that name that is not ours stays.
    found = aliases.get("deactivate")
    if active and found is None:
        aliases["deactivate"] = __envtui_deactivate
    elif not active and "__envtui_deactivate" in repr(found):
        del aliases["deactivate"]


def __envtui_again():
    env = __xonsh__.env
    if "ENVTUI_STATE" in env and "ENVTUI_BIN" in env:
        # The rc file of a nested shell runs again and may put other directories before ours.
        ours = env["ENVTUI_BIN"]
        env["PATH"] = [ours, *(entry for entry in env["PATH"] if entry != ours)]
        __envtui_after(True)


from xonsh.tools import uncapturable as __uncapturable, unthreadable as __unthreadable

aliases["envtui"] = __unthreadable(__uncapturable(__envtui))
__envtui_deactivate = __unthreadable(__uncapturable(__envtui_deactivate))
__envtui_again()
