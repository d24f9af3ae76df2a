"""Adapters look at the machine only through the host that they are given (DESIGN section 3)."""

from __future__ import annotations

import ast
import glob
import os

import envtui.adapters

# What looks at or changes files, processes and variables of this machine.
OS = {
    "access", "chdir", "chmod", "environ", "getcwd", "getenv", "link", "listdir", "lstat", "makedirs", "mkdir",
    "open", "popen", "readlink", "remove", "rename", "replace", "rmdir", "scandir", "stat", "statvfs", "symlink",
    "system", "truncate", "unlink", "utime", "walk",
}  # fmt: skip
PATH = {
    "abspath", "exists", "expanduser", "expandvars", "getatime", "getctime", "getmtime", "getsize", "isdir",
    "isfile", "islink", "ismount", "lexists", "realpath", "samefile",
}  # fmt: skip
# A word that bash would expand: the directory is listed through the host as well.
ALLOWED = {"pyenv_rules.py": ("glob",)}
MODULES = {"glob", "pathlib", "shutil", "subprocess", "tempfile", "platform", "pwd"}


def looks(tree: ast.AST) -> list[str]:
    """The names by which a module reaches past its host, with their lines."""
    found = []
    for node in ast.walk(tree):
        name = None
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            if (owner == "os" and node.attr in OS) or (owner == "os.path" and node.attr in PATH):
                name = f"{owner}.{node.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = "open" if node.func.id == "open" else None
        elif isinstance(node, ast.Import):
            name = next((alias.name for alias in node.names if alias.name in MODULES), None)
        elif isinstance(node, ast.ImportFrom) and node.module in {*MODULES, "os", "os.path"}:
            name = f"from {node.module}"
        if name:
            found.append(f"{name} in line {node.lineno}")
    return found


def test_no_adapter_looks_past_its_host() -> None:
    folder = os.path.dirname(envtui.adapters.__file__)
    found = {}
    for path in sorted(glob.glob(f"{folder}/*.py")):
        with open(path, encoding="utf-8") as file:
            told = looks(ast.parse(file.read()))
        told = [
            name
            for name in told
            if name.split(" in ")[0] not in ALLOWED.get(os.path.basename(path), ())
        ]
        if told:
            found[os.path.basename(path)] = told
    assert found == {}


def test_a_look_past_the_host_is_seen() -> None:
    text = "import os\nimport glob\nfrom os import stat\nos.path.isdir('x')\nwith open('x'): pass\nos.environ['x']"
    assert len(looks(ast.parse(text))) == 5
    assert (
        looks(ast.parse("import os\nos.path.join('a', 'b')\nhost.is_dir('x')\nos.fsencode('x')"))
        == []
    )
