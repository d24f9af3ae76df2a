"""Real shells with a home of their own, run on a pty or as scripts."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

import pexpect

from envtui.shell import DIALECTS, init, quote
from tests import tools

TIMEOUT = 60
PROMPT = "READY> "


class Way(NamedTuple):
    """How one shell is started, and what it calls things."""

    argv: tuple[str, ...]
    rc: str
    prompt: str
    """The prompt as a user would set it, and nothing that asks or greets."""
    interactive: tuple[str, ...] = ("-i",)
    script: tuple[str, ...] = ()
    source: str = "."
    status: str = "$?"


_SH = f"PS1='{PROMPT}'\n"
WAYS = {
    "bash": Way(("bash",), ".bashrc", _SH, ("--noprofile", "-i"), ("--noprofile", "--norc")),
    "zsh": Way(
        ("zsh",),
        ".zshrc",
        f"PROMPT='{PROMPT}'\nunsetopt prompt_sp\nunset zle_bracketed_paste\n",
        script=("-f",),
        source="source",
    ),
    "fish": Way(
        ("fish",),
        ".config/fish/config.fish",
        f"function fish_prompt; printf '{PROMPT}'; end\nset -g fish_greeting\n",
        script=("--no-config",),
        source="source",
        status="$status",
    ),
    "dash": Way(("dash",), ".shrc", _SH),
    "ash": Way(("busybox", "ash"), ".shrc", _SH),
    "ksh": Way(("ksh93",), ".kshrc", _SH),
    "mksh": Way(("mksh",), ".mkshrc", _SH),
    "yash": Way(("yash",), ".yashrc", _SH, script=("--norcfile",)),
    "tcsh": Way(
        ("tcsh",),
        ".tcshrc",
        f"set prompt = '{PROMPT}'\nunset autologout\n",
        ("-i",),
        ("-f",),
        "source",
        "$status",
    ),
    "xonsh": Way(("xonsh",), ".xonshrc", "", script=("--no-rc",), source="source"),
    "nu": Way(("nu",), ".config/nushell/config.nu", "", script=("-n",), source="source"),
}
FROM_REGISTRIES = ("xonsh", "nu")
RC = {name: way.rc for name, way in WAYS.items()}


def require(shell: str) -> str:
    """The shell's path; skips with the reason where it is not installed."""
    name = WAYS[shell].argv[0] if shell in WAYS else shell
    path = tools.tool(name) if name in FROM_REGISTRIES else shutil.which(name)
    if path is None:
        tools.missing(f"{name} is not installed")
        raise AssertionError
    return path


class Home:
    """A home in which shells run: rc files, a temporary directory, and a program named envtui."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.temporary = os.path.join(path, "tmp")
        # Without the last one a new fish reads all manual pages, in the background.
        completions = ".local/share/fish/generated_completions"
        for part in ("tmp", "bin", ".config/fish", ".config/nushell", "work", completions):
            os.makedirs(os.path.join(path, part))
        self.program = os.path.join(path, "bin", "envtui")
        self.variables = {
            "HOME": path,
            "PATH": os.pathsep.join(["/usr/local/bin", "/usr/bin", "/bin"]),
            "TMPDIR": self.temporary,
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": os.path.join(path, ".config"),
            "XDG_DATA_HOME": os.path.join(path, ".local", "share"),
            "XDG_STATE_HOME": os.path.join(path, ".local", "state"),
            "XDG_CACHE_HOME": os.path.join(path, ".cache"),
        }
        self.install("from tests.shell.program import entry; entry()")

    def install(self, code: str) -> None:
        """The program: `exec` keeps it the process that the shell started, as a console script."""
        body = os.path.join(self.path, "bin", "program.py")
        with open(body, "w") as file:
            file.write(
                f"import sys\nsys.path.insert(0, {tools.CHECKOUT!r})\n"
                f"sys.argv[0] = {self.program!r}\n{code}\n"
            )
        with open(self.program, "w") as file:
            words = " ".join(map(quote.posix, [sys.executable, "-I", body]))
            file.write(f'#!/bin/sh\nexec {words} "$@"\n')
        os.chmod(self.program, 0o755)

    def init_line(self, shell: str) -> str:
        """Source the init text, as `envtui setup` has it done."""
        path = os.path.join(self.path, init.file_name(shell))
        with open(path, "wb") as file:
            file.write(os.fsencode(init.script(shell, self.program)))
        return f"{WAYS[shell].source} {quote.word(shell, path)}\n"

    def rc(self, shell: str, before: str = "", after: str = "", hook: bool = True) -> None:
        """Write the rc file: something, our line, something."""
        with open(os.path.join(self.path, RC[shell]), "w") as file:
            line = self.init_line(shell) if hook else ""
            file.write(WAYS[shell].prompt + before + line + after)

    def leftovers(self) -> list[str]:
        """Answer files that nobody removed."""
        return [name for name in os.listdir(self.temporary) if name.startswith("envtui.")]

    def script(self, shell: str, text: str, *flags: str, **variables: str) -> str:
        """Run a script with our functions in it; what it prints on both streams."""
        file = os.path.join(self.path, f"script.{shell}")
        with open(file, "wb") as stream:
            stream.write(os.fsencode(self.init_line(shell) + text))
        way = WAYS[shell]
        done = subprocess.run(
            [require(shell), *way.argv[1:], *way.script, *flags, file],
            env={**self.variables, **variables},
            cwd=self.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT * 2,
            check=False,
        )
        return os.fsdecode(done.stdout)


class Shell:
    """An interactive shell on a pty."""

    def __init__(self, name: str, home: Home, **variables: str) -> None:
        self.name = name
        self.home = home
        self.count = 0
        env = {"ENV": os.path.join(home.path, RC[name])} if DIALECTS[name] == "posix" else {}
        self.child = pexpect.spawn(
            require(name),
            [*WAYS[name].argv[1:], *WAYS[name].interactive],
            env={**home.variables, **env, **variables},
            cwd=os.path.join(home.path, "work"),
            dimensions=(24, 500),
            timeout=TIMEOUT,
        )
        self.child.delaybeforesend = None
        self.child.expect_exact(PROMPT)  # what is typed before a shell listens may be lost
        self.run("")

    def run(self, text: str) -> tuple[int, str]:
        """Run lines in the shell itself; status and what they printed on both streams."""
        self.count += 1
        base = os.path.join(self.home.path, f"run{os.getpid()}")
        with open(base, "wb") as file:
            file.write(os.fsencode(text + "\n"))
        # `eval` or a function would see other aliases and options; a sourced file is the shell.
        way = WAYS[self.name]
        streams = ">&" if self.name == "tcsh" else ">"
        errors = "" if self.name == "tcsh" else " 2>&1"
        self.type(
            f'{way.source} {base} {streams}{base}.out{errors}; echo "@@"{way.status}"@{self.count}@"'
        )
        self.child.expect(rf"@@(\d+)@{self.count}@")
        assert self.child.match is not None
        code = int(self.child.match.group(1))
        with open(f"{base}.out", "rb") as file:
            return code, os.fsdecode(file.read())

    def ok(self, text: str) -> str:
        """What lines print that succeed, without the line's end."""
        code, output = self.run(text)
        assert code == 0, output
        return output.removesuffix("\n")

    def type(self, text: str) -> None:
        """Type a line, as a person does."""
        self.child.send(text + "\r")

    def settled(self) -> None:
        """Wait for a prompt that is drawn after everything so far."""
        self.run("")

    def enter(self, words: str, prompt: str = PROMPT) -> None:
        """Start another shell in this one, which would keep what is typed before that listens."""
        self.prompt()  # else the one that stands there already would be taken for the new one's
        self.type(words)
        self.child.expect_exact(prompt)

    def leave(self, words: str = "exit") -> None:
        """Leave a shell that was started in this one, which would take along what is typed ahead."""
        self.prompt()
        self.type(words)
        until = time.monotonic() + TIMEOUT
        while os.tcgetpgrp(self.child.child_fd) != os.getpgid(self.child.pid):
            assert time.monotonic() < until, "the inner shell has kept the terminal"
            select.select([], [], [], 0.02)
        self.child.expect_exact(PROMPT)

    def prompt(self) -> str:
        """The prompt that the shell shows now, without escape sequences."""
        self.settled()
        self.child.expect_exact(PROMPT)
        before = self.child.before.decode("utf-8", "replace").replace("\r", "\n")
        clean = re.sub(
            r"\x1b(\[[0-9;?<>=]*[A-Za-z]|\][^\x07\x1b]*(\x07|\x1b\\)|[()].|[=>])", "", before
        )
        return clean.rpartition("\n")[2] + PROMPT

    def variables(self) -> dict[str, str]:
        """The exported variables, without those that every command (and venv's script) changes."""
        # Into a file that only `env` writes to: what a shell says of its jobs goes anywhere else.
        file = os.path.join(self.home.path, "variables")
        self.ok(f"env -0 >{file}")
        with open(file, "rb") as stream:
            output = os.fsdecode(stream.read())
        os.unlink(file)  # the next may run under noclobber
        pairs = dict(item.partition("=")[::2] for item in output.split("\0") if item)
        return {k: v for k, v in pairs.items() if k not in ("_", "OLDPWD", "PWD", "SHLVL", "PS1")}

    def python(self) -> str:
        """The `python` that a typed command would run."""
        return self.run("command -v python")[1].strip()

    def close(self) -> None:
        """End it."""
        self.child.close(force=True)
