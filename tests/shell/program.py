"""A small program that uses the shell modules as envtui itself does, and can fail in every way."""

import os
import signal
import sys

from envtui.errors import Problem
from envtui.model import Activation
from envtui.shell import answer, change, subshell


def activation_of(word):
    """`version:NAME=PREFIX` for an interpreter, else the prefix of an environment."""
    if word.startswith("conda:"):
        prefix = word.removeprefix("conda:")
        known = {"CONDA_PREFIX": prefix, "CONDA_DEFAULT_ENV": os.path.basename(prefix)}
        return Activation("ml", "conda", prefix, prefix + "/bin", known, scripts=True)
    if word.startswith("version:"):
        name, prefix = word.removeprefix("version:").split("=", 1)
        return Activation(name, "pyenv", prefix, prefix + "/bin", {"PYENV_VERSION": name})
    prefix = os.path.abspath(word)
    name = os.path.basename(prefix)
    variables = {"VIRTUAL_ENV": prefix, "VIRTUAL_ENV_PROMPT": name}
    return Activation(name, "venv", prefix, prefix + "/bin", variables)


def main(verb, *words):
    environ = os.environ
    if verb == "activate":
        answer.write(
            change.activate(activation_of(words[0]), environ, cd=(words[1:] or (None,))[0]), environ
        )
    elif verb == "deactivate":
        answer.write(change.deactivate(environ), environ)
    elif verb == "shell":
        subshell.shell(activation_of(words[0]), environ)
    elif verb == "run":
        subshell.run(activation_of(words[0]), list(words[1:]), environ)
    elif verb == "env":
        sys.stdout.buffer.write(
            os.fsencode(subshell.lines(activation_of(words[0]), environ, words[1]))
        )
    elif verb == "fail":
        answer.write(change.activate(activation_of(words[0]), environ), environ)
        return int(words[1])
    elif verb == "cut":
        answer.write(change.activate(activation_of(words[0]), environ), environ)
        os.truncate(environ["ENVTUI_OUT"], os.path.getsize(environ["ENVTUI_OUT"]) - 4)
    elif verb == "late":
        os.unlink(environ["ENVTUI_OUT"])
        answer.write(change.activate(activation_of(words[0]), environ), environ)
    elif verb in ("wait", "--wait"):
        if verb == "--wait":
            # What a screen does to a terminal: alternate buffer, mouse, no cursor, no echo.
            os.system("stty raw -echo <&2")
            print("\x1b[?1049h\x1b[?1003h\x1b[?25l", end="", file=sys.stderr)
        if words:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        print(f"waiting {os.getpid()} {environ['ENVTUI_OUT']} now", file=sys.stderr, flush=True)
        signal.pause()
    elif verb == "where":
        print(environ["ENVTUI_OUT"], environ["ENVTUI_PROTO"], environ["ENVTUI_SHELL"])
    elif verb == "exit":
        return int(words[0])
    return 0


def entry():
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except Problem as problem:
        print(f"envtui: {problem}", file=sys.stderr)
        sys.exit(problem.code)
