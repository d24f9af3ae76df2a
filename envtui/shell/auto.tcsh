alias __envtui_auto 'source $__ENVTUI_DIR:q/arrive.tcsh';
if ("`alias cwdcmd`" !~ *__envtui_auto*) alias cwdcmd "__envtui_auto; `alias cwdcmd`";
if ($?prompt) source $__ENVTUI_DIR:q/arrive.tcsh;
