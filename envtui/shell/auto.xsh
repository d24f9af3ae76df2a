

# With --auto: entering a project switches to its environment, leaving it switches back.
def __envtui_arrive():
    import os

    env = __xonsh__.env
    root = env["PWD"]
    marks = (".venv", "Pipfile", "poetry.lock")
    while root and not any(os.path.exists(os.path.join(root, mark)) for mark in marks):
        root = os.path.dirname(root) if root != "/" else ""
        if root == env.get("HOME"):
            root = ""
    if root in ("/", env.get("HOME")):
        root = ""
    if root == __envtui_at.get("root"):
        return
    __envtui_at["root"] = root
    auto = env.get("ENVTUI_AUTO", "")
    # What was chosen by hand stays.
    if root != auto and (auto or "ENVTUI_STATE" not in env):
        __envtui(["hook", root])


if __xonsh__.env.get("XONSH_INTERACTIVE"):
    __envtui_at = {}

    @events.on_chdir
    def __envtui_changed(olddir, newdir, **_):
        __envtui_arrive()

    @events.on_pre_prompt
    def __envtui_first(**_):
        if not __envtui_at:
            __envtui_arrive()
