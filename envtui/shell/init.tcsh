alias envtui 'set __envtui_argv = (\!*); source $__ENVTUI_DIR:q/call.tcsh';
unset __envtui_argv; if (-r $__ENVTUI_DIR:q/call.tcsh) source $__ENVTUI_DIR:q/call.tcsh;
