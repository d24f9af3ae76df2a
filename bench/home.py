"""A home with ten interpreters and forty environments, made in a second or two for timing."""

from __future__ import annotations

import os
import shutil
import sys
import venv

INTERPRETERS = 10
ENVIRONMENTS = 40
_CONFIG = (
    "home = {base}/bin\nimplementation = CPython\nversion_info = {version}.final.0\n"
    "virtualenv = 20.26.0\ninclude-system-site-packages = false\nbase-prefix = {base}\n"
)


def build(home: str) -> None:
    """Interpreters below `.pyenv`, environments in projects and in the stores of two managers."""
    bases = [interpreter(home, f"3.{8 + i % 7}.{i}") for i in range(INTERPRETERS)]
    template = os.path.join(home, "template")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(template)
    for number in range(ENVIRONMENTS):
        project = os.path.join(home, "code", f"project{number}")
        sources(project)
        base = bases[number % INTERPRETERS]
        if number % 8 == 6:
            store, name = ".local/share/virtualenvs", f"project{number}-AbCd12_x"
            target = os.path.join(home, store, name)
            environment(template, target, base)
            with open(os.path.join(target, ".project"), "w") as file:
                file.write(project)
        elif number % 8 == 7:
            store, minor = ".cache/pypoetry/virtualenvs", minor_of(base)
            environment(template, f"{home}/{store}/project{number}-AbCd12_x-py{minor}", base)
        else:
            environment(template, os.path.join(project, ".venv"), base)
    shutil.rmtree(template)


def interpreter(home: str, version: str) -> str:
    """A version below pyenv's root with the files that tell what it is."""
    base = os.path.join(home, ".pyenv", "versions", version)
    minor = minor_of(base)
    for folder in ("bin", f"include/python{minor}", f"lib/python{minor}/site-packages"):
        os.makedirs(os.path.join(base, folder))
    executable = f"{base}/bin/python{minor}"
    with open(executable, "w") as file:
        file.write("#!/bin/sh\n")
    os.chmod(executable, 0o755)
    for alias in ("python", "python3"):
        os.symlink(f"python{minor}", f"{base}/bin/{alias}")
    with open(f"{base}/include/python{minor}/patchlevel.h", "w") as file:
        file.write("/* the head of it */\n" * 20 + f'#define PY_VERSION "{version}"\n')
    with open(f"{base}/lib/python{minor}/os.py", "w"):
        pass
    return base


def environment(template: str, path: str, base: str) -> None:
    """A copy of a real environment, put on another base."""
    shutil.copytree(template, path, symlinks=True)
    minor = minor_of(base)
    library = f"{path}/lib/python{sys.version_info.major}.{sys.version_info.minor}"
    if library != f"{path}/lib/python{minor}":
        os.rename(library, f"{path}/lib/python{minor}")
    os.unlink(f"{path}/bin/python")
    os.symlink(f"{base}/bin/python{minor}", f"{path}/bin/python")
    with open(f"{path}/pyvenv.cfg", "w") as file:
        file.write(_CONFIG.format(base=base, version=os.path.basename(base)))
    with open(f"{path}/bin/activate", "r+") as file:
        text = file.read().replace(template, path)
        file.seek(0)
        file.write(text)


def sources(project: str) -> None:
    """What stands around an environment: a declaration, sources, tests and a repository."""
    for folder in ("src/package/parts", "tests/data", "docs", ".git/objects/ab", "build/lib"):
        os.makedirs(os.path.join(project, folder))
        for number in range(5):
            with open(os.path.join(project, folder, f"file{number}.py"), "w"):
                pass
    with open(os.path.join(project, "pyproject.toml"), "w") as file:
        name = os.path.basename(project)
        file.write(f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.8"\n')


def minor_of(base: str) -> str:
    """The X.Y of a version directory named X.Y.Z."""
    return os.path.basename(base).rpartition(".")[0]
