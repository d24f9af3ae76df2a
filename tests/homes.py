"""A home of a test's own: HOME, XDG directories, PATH and pyenv root, and what a user does there."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from typing import Any

from tests import tools

# What reaches a test from outside: nothing that names a place, a shell's state or a manager.
KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "CI", "SYSTEMROOT", "TMPDIR", tools.UNPACKED)
VARIABLES = {
    # Nothing is written beside the machine's sources that grafted versions borrow.
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
    "GIT_CONFIG_NOSYSTEM": "1",
    # A busy machine is slow, not without Pythons: how long the tools wait for one to answer.
    "FINDPYTHON_GET_VERSION_TIMEOUT": "300",
    "PYTHONFINDER_SUBPROCESS_TIMEOUT": "300",
    "PY_DISCOVERY_TIMEOUT": "300",
    "PIPENV_TIMEOUT": "600",
}


class Home:
    """One user's home below a temporary directory."""

    def __init__(self, path: str, pyenv: str | None = None) -> None:
        self.path = os.path.realpath(path)
        os.makedirs(self.path, exist_ok=True)
        self.pyenv = pyenv or os.path.join(self.path, ".pyenv")
        self.variables = {k: os.environ[k] for k in KEPT if k in os.environ}
        self.variables |= VARIABLES | tools.pip_configuration()
        self.variables |= {
            "HOME": self.path,
            "USER": "tester",
            "SHELL": "/bin/sh",
            "PYENV_ROOT": self.pyenv,
            "PATH": os.pathsep.join(
                [f"{self.pyenv}/shims", f"{self.pyenv}/bin", "/usr/bin", "/bin"]
            ),
        }
        for variable, folder in {
            "XDG_CONFIG_HOME": ".config",
            "XDG_DATA_HOME": ".local/share",
            "XDG_STATE_HOME": ".local/state",
            "XDG_CACHE_HOME": ".cache",
        }.items():
            self.variables[variable] = self.at(folder)

    def at(self, *parts: str) -> str:
        """A path below the home."""
        return os.path.join(self.path, *parts)

    def folder(self, *parts: str) -> str:
        """A directory below the home, made if it is not there."""
        os.makedirs(self.at(*parts), exist_ok=True)
        return self.at(*parts)

    def write(self, path: str, content: str | bytes = "") -> str:
        """A file below the home with its directory."""
        full = self.at(path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return full

    def with_tools(self, *names: str) -> Home:
        """Put real tools on PATH, as a user who installed them would have them."""
        for name in names:
            target = os.path.join(self.folder(".local", "bin"), name.removesuffix("-py2"))
            if not os.path.lexists(target):
                os.symlink(tools.tool(name), target)
        if self.at(".local", "bin") not in self.variables["PATH"]:
            self.variables["PATH"] = self.at(".local", "bin") + ":" + self.variables["PATH"]
        return self

    def python(self, minor: str) -> str:
        """The executable of this home's own pyenv version of that minor."""
        return os.path.join(self.pyenv, "versions", self.version(minor), "bin", f"python{minor}")

    def version(self, minor: str) -> str:
        """The full version of this home's own pyenv version of that minor."""
        for name in sorted(os.listdir(os.path.join(self.pyenv, "versions"))):
            if name.rpartition(".")[0] == minor:
                return name
        tools.missing(f"pyenv has no Python {minor}")
        raise AssertionError

    def run(
        self,
        *argv: str,
        cwd: str | None = None,
        check: bool = True,
        variables: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in this home; its output is text with surrogate escapes."""
        done = subprocess.run(
            argv,
            cwd=cwd or self.path,
            env={**self.variables, "PWD": cwd or self.path, **(variables or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{argv}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def envtui(
        self, *words: str, cwd: str | None = None, variables: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Envtui's command line, never checked: the exit code is part of the contract."""
        command = (sys.executable, "-m", "envtui", *words)
        return self.run(*command, cwd=cwd, check=False, variables=variables)

    def json(self, *words: str, cwd: str | None = None, code: int = 0) -> Any:
        """What a command answers with `--json`; fails unless it ends with `code`."""
        done = self.envtui(*words, "--json", cwd=cwd)
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        answer = json.loads(done.stdout)
        check_schema(words[0], answer)
        return answer

    def venv(self, path: str, minor: str, *options: str) -> str:
        """An environment by the standard library, without pip unless asked for: it is quick."""
        full = self.at(path)
        pip = () if "--with-pip" in options else ("--without-pip",)
        options = tuple(option for option in options if option != "--with-pip")
        self.run(self.python(minor), "-m", "venv", *pip, *options, full)
        return full

    def virtualenv(self, path: str, minor: str, *options: str) -> str:
        """An environment by the real virtualenv."""
        program, python = tools.tool("virtualenv"), self.python(minor)
        self.run(program, "-q", "--no-venv-redirect", *options, "-p", python, self.at(path))
        return self.at(path)

    def git(self, path: str) -> None:
        """Make a directory a git repository with all that is in it committed."""
        self.write(".gitconfig", "[user]\nname = T\nemail = t@example.org\n")
        for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "start", "--allow-empty")):
            self.run("git", *words, cwd=path)


_LISTS = ("list", "show", "why", "doctor", "env", "allow", "history", "trash", "config")
_CHANGES = (
    *("create", "remove", "pin", "unpin", "undo", "repair", "clean"),
    *("rebuild", "install", "uninstall", "setup"),
)
SCHEMAS = {name: name for name in _LISTS} | dict.fromkeys(_CHANGES, "change")


def check_schema(command: str, answer: Any) -> None:
    """What a command prints is what its published schema promises."""
    if command in SCHEMAS:
        _schema(SCHEMAS[command]).validate(answer)


@functools.cache
def _schema(name: str) -> Any:
    """A tenth of a second; a schema itself is looked at by test_schema.py."""
    import jsonschema

    with open(os.path.join(tools.CHECKOUT, "envtui", "schema", f"{name}.json")) as file:
        return jsonschema.Draft202012Validator(json.load(file))


def picture(path: str) -> dict[str, tuple[Any, ...]]:
    """Everything about a tree that undo promises to bring back: content, modes, times, links."""
    seen: dict[str, tuple[Any, ...]] = {}
    for folder, folders, files in os.walk(path):
        for name in [*folders, *files, "."]:
            full = os.path.normpath(os.path.join(folder, name))
            status = os.lstat(full)
            content: str | bytes = b""
            if os.path.islink(full):
                content = os.readlink(full)
            elif os.path.isfile(full):
                with open(full, "rb") as file:
                    content = file.read()
            seen[os.path.relpath(full, path)] = (
                status.st_mode, status.st_ino, status.st_mtime_ns, content,
            )  # fmt: skip
    return seen
