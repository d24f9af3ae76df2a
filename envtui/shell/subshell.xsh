# The last rc file of `envtui shell` in xonsh: our functions, after the user's files.

if $ENVTUI_SUBSHELL_RC:
    $XONSHRC = $ENVTUI_SUBSHELL_RC
else:
    del $XONSHRC
__ENVTUI_EXE = $ENVTUI_SUBSHELL_EXE
source @($ENVTUI_SUBSHELL_DIR + "/init.xsh")
for __envtui_name in ("RC", "EXE", "DIR"):
    del __xonsh__.env["ENVTUI_SUBSHELL_" + __envtui_name]
