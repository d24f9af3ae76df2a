"""The names that mean something to a search: of projects, of environments, of what holds none."""

from __future__ import annotations

# Files that only choose a Python: in a home they speak for all below it.
PIN_MARKERS = frozenset(
    (
        ".python-version",
        ".tool-versions",
        "mise.toml",
        ".mise.toml",
        "mise.local.toml",
        ".mise.local.toml",
    )
)
MARKERS = PIN_MARKERS.union(
    (
        "pyproject.toml",
        "Pipfile",
        "Pipfile.lock",
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "pdm.toml",
        "__pypackages__",
        "pylock.toml",
        "setup.py",
        "setup.cfg",
        "requirements.txt",
        "requirements.in",
        "environment.yml",
        "pixi.toml",
        "pixi.lock",
        "conda-lock.yml",
        "tox.ini",
        "tox.toml",
        "noxfile.py",
        "hatch.toml",
        ".pdm-python",
        "manage.py",
    )
)
# By convention these stand inside the project that they belong to.
IN_PROJECT = frozenset((".venv", "venv", "env", ".env"))
PRUNED = frozenset(
    (
        "node_modules",
        ".git",
        ".hg",
        ".svn",
        "site-packages",
        "dist-packages",
        "__pycache__",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
        ".cargo",
        ".rustup",
        ".npm",
        ".nvm",
        ".gradle",
        ".m2",
        ".terraform",
        ".Trash",
        ".Trashes",
        ".wine",
        ".steam",
        ".cache",
        "snap",
    )
)
# Another language's packages, and the desktop's trash: the name alone could be anything.
PRUNED_IN = {"pkg": b"/go", "Trash": b"/share"}
# macOS asks the user before a program may look into these; whoever wants that names them.
ASKS = ("Library", "Desktop", "Documents", "Downloads", "Movies", "Music", "Pictures")
PARTS = frozenset(("bin", "lib", "lib64", "include", "share", "etc", "Scripts", "Lib"))
# `pkgs` is the cache of an install: every package unpacked. Its `envs` hold environments.
CONDA_PARTS = frozenset(
    ("conda-meta", "condabin", "pkgs", "man", "sbin", "shell", "ssl", "var", "compiler_compat")
)
TRASH = ".envtui-trash-"
CARGO = "Cargo.toml"
ENVIRONMENT = frozenset(("pyvenv.cfg", "conda-meta"))
SPECIAL = MARKERS | IN_PROJECT | ENVIRONMENT | {CARGO}
"""What stands out in a directory."""
