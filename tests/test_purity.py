"""Adapters look at the machine only through the host that they are given (DESIGN section 3)."""

from __future__ import annotations

import ast
import glob
import os
from collections.abc import Callable, Iterator

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


Sources = Callable[[str], str]


def source(module: str) -> str:
    """Of one of our own modules; "" for what is none."""
    path = os.path.join(os.path.dirname(envtui.__file__), *module.split(".")[1:])
    for file in (f"{path}.py", f"{path}/__init__.py"):
        if os.path.exists(file):
            with open(file, encoding="utf-8") as opened:
                return opened.read()
    return ""


class Reach:
    """What some modules of ours use of others, however far away, and where that looks by itself.

    Followed by name: a function or a constant that is mentioned counts as used, a class as a whole.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._trees: dict[str, ast.Module] = {}
        self.seen: set[tuple[str, str]] = set()
        self.looks: dict[str, list[str]] = {}

    def use(self, module: str, name: str = "") -> None:
        """Follow one name of a module; "" is all of it."""
        if (module, name) in self.seen or (module, name) in LOOKERS:
            return
        self.seen.add((module, name))
        tree = self._tree(module)
        nodes = [node for node in tree.body if name in ("", *named(node))]
        imports = dict(imported(tree))
        for node in nodes:
            if told := looks(node):
                self.looks.setdefault(f"{module}.{name}".rstrip("."), []).extend(told)
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                    owner, whole = imports.get(inner.value.id, ("", ""))
                    if owner and not whole:
                        self.use(owner, inner.attr)
                elif isinstance(inner, ast.Name):
                    owner, whole = imports.get(inner.id, (module, inner.id) if name else ("", ""))
                    if owner and whole:
                        self.use(owner, whole)

    def _tree(self, module: str) -> ast.Module:
        if module not in self._trees:
            self._trees[module] = ast.parse(self._sources(module))
        return self._trees[module]


def named(node: ast.stmt) -> list[str]:
    """What a statement at the top of a module defines."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def imported(tree: ast.Module) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each name that an import of ours binds, anywhere in a module, with the module and its name.

    The name is "" where a module is bound.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "envtui":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                here = (whole, "") if source(whole) else (str(node.module), alias.name)
                yield alias.asname or alias.name, here


# Through these everything is to be looked at.
LOOKERS = {("envtui.host", name) for name in ("Host", "by_host", "T")}


def adapters() -> list[str]:
    folder = os.path.dirname(envtui.adapters.__file__)
    paths = sorted(glob.glob(f"{folder}/*.py"))
    return [f"envtui.adapters.{os.path.basename(path)[:-3]}" for path in paths]


def test_what_adapters_call_elsewhere_looks_through_their_host_too() -> None:
    reach = Reach(source)
    for module in adapters():
        reach.use(module)
    elsewhere = {k: v for k, v in reach.looks.items() if not k.startswith("envtui.adapters.")}
    assert elsewhere == {}
    used = {f"{module}.{name}" for module, name in reach.seen}
    assert used >= {
        "envtui.prefix.Prefixes", "envtui.project.read_project", "envtui.toml.loads",
        "envtui.conda_meta.read", "envtui.conda_meta._created_by", "envtui.facts.packages.distributions",
    }  # fmt: skip


def test_a_look_behind_two_imports_is_seen() -> None:
    sources = {
        "a": "from envtui import project\nfrom envtui.prefix import first, other\nfirst(1)\nproject.fine()",
        "envtui.prefix": (
            "import os\nfrom envtui.toml import deep\n"
            "def first(x): return second(x)\ndef second(x): return deep(x)\n"
            "def unused(): return os.getcwd()\nother = os.environ\n"
        ),
        "envtui.toml": "import os\ndef deep(x): return os.stat(x)",
        "envtui.project": "def fine(): return 1\ndef unused(): return open('x')",
    }
    reach = Reach(sources.__getitem__)
    reach.use("a")
    assert reach.looks == {"envtui.toml.deep": ["os.stat in line 2"]}
    reach.use("envtui.prefix", "other")
    assert "envtui.prefix.other" in reach.looks


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
