"""The user's own files inside a prefix: what no creator of environments and no package put there.

Looked for where people lay things: at the top, in `bin` and one level into `lib`. A name that is
not known counts as the user's, unless the RECORD of an installed package lists it.
"""

from __future__ import annotations

import os
import re
import stat

from envtui import conda_meta
from envtui.host import Host

_TOP = {
    # Checked on venv 3.6 to 3.13, virtualenv 20.15 and 21, uv, Pipenv, Poetry, pyenv-virtualenv.
    *("bin", "lib", "lib64", "include", "share", "etc", "man", "doc", "Scripts", "Lib", "Include"),
    *("pyvenv.cfg", ".gitignore", "CACHEDIR.TAG", ".project", ".lock", "__pycache__"),
    # pip of old, macOS, virtualenv on Python 2, PyPy.
    *("pip-selfcheck.json", ".Python", "local", "lib-python", "lib_pypy", "site-packages"),
    # conda, beside the files of its packages, which its own records list.
    *("conda-meta", ".condarc", ".nonadmin", ".messages.txt"),
    # What uv and pipx note of the program for which an environment was made.
    *("uv-receipt.toml", "pipx_metadata.json", "rye-venv.json"),
    # Droppings of file managers.
    *(".DS_Store", ".directory", "Thumbs.db"),
}
# tox 4 keeps its notes and its logs in the environment, nox a session's temporary files.
_TOX_NOTE = ".tox-info.json"
_TOX = {_TOX_NOTE, "log", "tmp", "dist", "file.lock"}
_NOX = {"tmp"}
_PROJECT = {".git", ".hg", ".svn", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "src"}
_LIB = re.compile(r"(python|pypy)\d+(\.\d+)?t?|pypy|site-packages|__pycache__")
# The second line: hooks that virtualenvwrapper makes in each environment.
_BIN = re.compile(
    r"(?i:activate|deactivate)(_this)?(\.\w+)?|pydoc\.bat|__pycache__|"
    r"(pre|post)(de)?activate|get_env_details"
)
_RECORD_LINE = re.compile(r'^"?((?:\.\./)+)([^",]+)', re.MULTILINE)


def foreign(prefix: str, host: Host) -> list[str]:
    """Names relative to the prefix that seem to be the user's own; raises OSError."""
    if host.is_link(prefix):
        prefix = host.real(prefix)
    names = host.names(prefix)
    known = _TOP
    if _TOX_NOTE in names:
        known = _TOP | _TOX
    elif os.path.basename(os.path.dirname(prefix)) == ".nox":
        known = _TOP | _NOX
    found = [name for name in names if name not in known]
    found += [f"bin/{name}" for name in _names(prefix, "bin", host) if _is_own_script(prefix, name)]
    found += [f"lib/{name}" for name in _names(prefix, "lib", host) if not _LIB.fullmatch(name)]
    if not found:
        return []
    installed = _installed(prefix, host)
    if host.is_dir(os.path.join(prefix, conda_meta.FOLDER)):
        installed |= conda_meta.installed_files(host, prefix)
    return [name for name in found if name in _PROJECT or name not in installed]


def is_project(names: list[str]) -> bool:
    """Whether such names say that the prefix is a project's own directory."""
    return not _PROJECT.isdisjoint(name for name in names if name != "src")


def _names(prefix: str, directory: str, host: Host) -> list[str]:
    path = os.path.join(prefix, directory)
    return [] if host.is_link(path) else host.names_if(path)


def _is_own_script(prefix: str, name: str) -> bool:
    """Installed scripts are executable; a plain file that does not activate is somebody's own."""
    if _BIN.fullmatch(name):
        return False
    try:
        mode = os.lstat(os.path.join(prefix, "bin", name)).st_mode
    except OSError:
        return False
    return stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and not mode & 0o111)


def _installed(prefix: str, host: Host) -> set[str]:
    """What packages put outside site-packages by their RECORDs: names and their directories."""
    found: set[str] = set()
    for python in _names(prefix, "lib", host):
        site = os.path.join("lib", python, "site-packages")
        for name in _names(prefix, site, host):
            if not name.endswith(".dist-info"):
                continue
            text = os.fsdecode(host.read_if(os.path.join(prefix, site, name, "RECORD")))
            for match in _RECORD_LINE.finditer(text):
                path = os.path.normpath(os.path.join(site, match[1] + match[2]))
                found.update(_with_parents(path))
    return found


def _with_parents(path: str) -> set[str]:
    words = path.split("/")
    return {"/".join(words[:count]) for count in range(1, len(words) + 1)}
