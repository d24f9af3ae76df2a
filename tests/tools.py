"""The real tools that tests run: found on the machine, or installed once into venvs of their own.

They live below `$ENVTUI_TEST_TOOLS`, by default `.tools` beside the sources, and stay there for
the next run. pip takes its index from the machine's own configuration.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REQUIREMENTS = {
    "virtualenv": "virtualenv",
    "pipenv": "pipenv",
    "poetry": "poetry",
    "nox": "nox",
    "tox": "tox",
    "pdm": "pdm",
    "hatch": "hatch",
    "uv": "uv",
    "pipx": "pipx",
    "virtualenvwrapper.sh": "virtualenvwrapper",
    "xonsh": "xonsh",
    # The last virtualenv that can make an environment for Python 2.7.
    "virtualenv-py2": "virtualenv<20.22",
}

# npm carries these binaries; its install scripts are not needed.
FROM_NPM = {
    "mise": ("@jdxcode/mise-linux-x64", "@jdxcode/mise-linux-x64/bin/mise"),
    "nu": ("nushell", "@nushell/linux-x64/bin/nu"),
}

# Where virtualenv keeps what it unpacked, and what it learned of each Python.
UNPACKED = "VIRTUALENV_OVERRIDE_APP_DATA"


def missing(what: str) -> None:
    """Skip with the reason; on CI, which could have installed it, fail."""
    import pytest  # a third of a second, which tests.proof.points does not wait for

    if os.environ.get("CI"):
        pytest.fail(f"{what}: CI must provide it")
    pytest.skip(what)


def tool(name: str) -> str:
    """The executable of one tool, installed if need be."""
    folder = os.path.join(tools_folder(), name)
    program = os.path.join(folder, "bin", name.removesuffix("-py2"))
    if name in FROM_NPM:
        program = os.path.join(folder, "node_modules", FROM_NPM[name][1])
    if os.path.exists(program):
        return program
    os.makedirs(tools_folder(), exist_ok=True)
    with open(os.path.join(tools_folder(), f".{name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may want it at once
        if not os.path.exists(program) and name in FROM_NPM:
            _install_by_npm(folder, FROM_NPM[name][0])
        elif not os.path.exists(program):
            _install(folder, REQUIREMENTS[name])
    if not os.path.exists(program):
        missing(f"{name} could not be installed")
    return program


def open_to_all(path: str) -> None:
    """Let every user come to a directory; pytest closes the one above all of its own."""
    while path != os.path.dirname(path):
        mode = os.stat(path).st_mode
        if not mode & 0o001 and os.stat(path).st_uid == os.getuid():
            os.chmod(path, mode & 0o7777 | 0o055)
        path = os.path.dirname(path)


def tools_folder() -> str:
    """Where the tools' venvs are kept between runs."""
    return os.environ.get("ENVTUI_TEST_TOOLS") or os.path.join(CHECKOUT, ".tools")


def machine_pyenv() -> str:
    """The machine's own pyenv root, to be read only."""
    asked = os.environ.get("PYENV_ROOT"), os.path.expanduser("~/.pyenv")
    for root in filter(None, asked):
        if os.path.isfile(os.path.join(root, "libexec", "pyenv")):
            return root
    program = shutil.which("pyenv")
    if program:
        found = os.path.dirname(os.path.dirname(os.path.realpath(program)))
        if os.path.isfile(os.path.join(found, "libexec", "pyenv")):
            return found
    missing("no pyenv on this machine")
    raise AssertionError


def installed_versions() -> list[str]:
    """CPython releases that the machine's pyenv has, oldest first."""
    names = os.listdir(os.path.join(machine_pyenv(), "versions"))
    releases = [n for n in names if n.replace(".", "").isdigit() and n.count(".") == 2]
    return sorted(releases, key=lambda name: [int(part) for part in name.split(".")])


def graft(version: str, root: str) -> str:
    """A pyenv version of our own below `root`, which borrows only the files of the machine's.

    A directory link would let a write to `versions/V/envs` or to site-packages reach the real
    root, and a plain copy keeps scripts whose first line runs the original. So: a real directory,
    a copied executable, no scripts, and a standard library of links with a site-packages of its
    own. Python finds its prefix from where its executable lies, so `sys.base_prefix` and the
    `home` of environments made from it name this directory and never the machine's.
    """
    source = os.path.join(machine_pyenv(), "versions", version)
    target = os.path.join(root, "versions", version)
    minor = version.rpartition(".")[0]
    library = os.path.join("lib", f"python{minor}")
    for part in ("bin", "include", os.path.join(library, "site-packages")):
        os.makedirs(os.path.join(target, part))
    shutil.copy2(os.path.join(source, "bin", f"python{minor}"), os.path.join(target, "bin"))
    for alias in ("python", f"python{minor[0]}"):
        os.symlink(f"python{minor}", os.path.join(target, "bin", alias))
    own = {"site-packages", "__pycache__", "ensurepip"}
    _link_children(os.path.join(source, library), os.path.join(target, library), own)
    _ensurepip(*(os.path.join(place, library, "ensurepip") for place in (source, target)))
    caches = os.path.join(source, library, "__pycache__")
    if os.path.isdir(caches):
        os.mkdir(os.path.join(target, library, "__pycache__"))
        optimised = {name for name in os.listdir(caches) if ".opt-" in name}  # two thirds
        _link_children(caches, os.path.join(target, library, "__pycache__"), optimised)
    _link_children(os.path.join(source, "include"), os.path.join(target, "include"), set())
    _link_children(os.path.join(source, "lib"), os.path.join(target, "lib"), {f"python{minor}"})
    return target


def _ensurepip(source: str, target: str) -> None:
    """Python's own, but for tests/pip_once.py, which has it run once and copies from then on."""
    for part in ("", "__pycache__"):
        there, here = os.path.join(source, part), os.path.join(target, part)
        os.mkdir(here)
        if os.path.isdir(there):
            _link_children(there, here, {"__pycache__", "__main__.py"})
    with open(os.path.join(os.path.dirname(__file__), "pip_once.py")) as file:
        text = file.read().replace('STORE = ""', f"STORE = {_ensured()!r}")
    with open(os.path.join(target, "__main__.py"), "w") as file:
        file.write(text)


def _ensured() -> str:
    return os.path.join(tools_folder(), "ensurepip")


def pyenv_root(root: str, versions: list[str]) -> str:
    """A PYENV_ROOT of the test's own: the machine's pyenv program, our grafted versions."""
    machine = machine_pyenv()
    os.makedirs(os.path.join(root, "versions"))
    os.mkdir(os.path.join(root, "shims"))
    for part in ("bin", "libexec", "completions", "plugins", "pyenv.d", "src"):
        if os.path.exists(os.path.join(machine, part)):
            os.symlink(os.path.join(machine, part), os.path.join(root, part))
    for version in versions:
        graft(version, root)
    _shims(root, tuple(versions))
    if versions:
        with open(os.path.join(root, "version"), "w") as file:
            file.write(versions[-1] + "\n")
    return root


_rehashed: dict[tuple[str, ...], tuple[str, dict[str, str]]] = {}


def _shims(root: str, versions: tuple[str, ...]) -> None:
    """As `pyenv rehash` writes them; it takes half a second, so once for the same versions."""
    folder = os.path.join(root, "shims")
    if versions not in _rehashed:
        program = os.path.join(root, "libexec", "pyenv")
        subprocess.run([program, "rehash"], env={**os.environ, "PYENV_ROOT": root}, check=True)
        written = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name)) as file:
                written[name] = file.read()
        _rehashed[versions] = root, written
        return
    first, written = _rehashed[versions]
    for name, text in written.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text.replace(first, root))
            os.fchmod(file.fileno(), 0o755)


def pip_configuration() -> dict[str, str]:
    """Variables by which pip finds the same index whatever HOME is."""
    kept = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "REQUESTS_"))}
    kept |= {k: v for k, v in os.environ.items() if k.lower().endswith("_proxy")}
    for place in ("~/.config/pip/pip.conf", "~/.pip/pip.conf"):
        if os.path.isfile(os.path.expanduser(place)):
            kept.setdefault("PIP_CONFIG_FILE", os.path.expanduser(place))
    return kept


def _link_children(source: str, target: str, but: set[str]) -> None:
    for name in os.listdir(source):
        if name not in but:
            _link(os.path.join(source, name), os.path.join(target, name))


_linked: dict[str, str] = {}


def _link(to: str, path: str) -> None:
    """A symbolic link; where this run has the same already, another name for that one.

    A link with a long target takes a block of its own: 0.7 ms, and a version has 700 of them.
    """
    try:
        os.link(_linked[to], path, follow_symlinks=False)
    except (KeyError, OSError, NotImplementedError):
        os.symlink(to, path)
        _linked[to] = path


def _install(folder: str, requirement: str) -> None:
    # By the pip that is here: to have one of its own in there takes as long as most of the tools.
    pip = [sys.executable, "-m", "pip", "--python", os.path.join(folder, "bin", "python")]
    venv = [os.path.realpath(sys.executable), "-m", "venv", "--clear", "--without-pip", folder]
    for command in (venv, [*pip, "install", "-q", "--no-cache-dir", requirement]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            missing(f"{requirement} could not be installed: {done.stderr.strip()[-400:]}")


def _install_by_npm(folder: str, package: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        missing(f"no npm on this machine, which would install {package}")
        return
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder]
    done = subprocess.run([*command, package], capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"{package} could not be installed: {done.stderr.strip()[-400:]}")
