"""A deterministic home: about 300,000 files, 60,000 directories and 300 environments of all kinds.

`python bench/bighome.py HOME [ENVIRONMENTS] [light]` makes it; `light` with a third of the files for
each environment. Files are small, for only their number matters to a search.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys

import home as bench_home

VERSIONS = ("3.8.18", "3.9.19", "3.10.14", "3.11.9", "3.12.7", "3.13.1")
PACKAGES = ("pip", "requests", "numpy", "pandas", "click", "rich", "attrs", "flask", "jinja2",
            "pytest", "yarl", "httpx", "ruff", "mypy", "black", "django")  # fmt: skip
# Of every 100 environments: where, and by whom they were made.
SHARES = (("venv", 34), ("virtualenv", 8), ("uv", 12), ("poetry", 8), ("pipenv", 5),
          ("virtualenvwrapper", 7), ("pyenv-virtualenv", 4), ("tox", 5), ("nox", 3), ("hatch", 3),
          ("pdm", 3), ("pipx", 3), ("uv-tool", 2), ("conda", 2), ("pixi", 1))  # fmt: skip
GROUPS = ("code", "work/clients", "src/github.com/ada", "projects/2024/archive", "lab")


class Builder:
    """Makes one home, the same every time."""

    def __init__(self, home: str, environments: int, *, light: bool = False) -> None:
        self.home = home
        self.light = light
        self.wanted = environments
        self.made: list[tuple[str, str]] = []
        """Kind and path of each environment."""

    def build(self) -> None:
        """Everything; the environments first, then what hides them."""
        self.bases = [bench_home.interpreter(self.home, version) for version in VERSIONS]
        for number in range(self.wanted):
            share = number * 100 // self.wanted
            kind = next(kind for kind, upto in _cumulated() if share < upto)
            self._environment(kind, number)
        for number in range(self.wanted * 2 // 3):
            self._project(f"{self._group(number)}/bare{number}", "pip", git=number % 2 == 0)
        for number in range(max(self.wanted // (40 if self.light else 5), 1)):
            self._node_modules(f"{self._group(number)}/web{number}")
        self._caches()
        self.write("bench.json", json.dumps([path for _, path in self.made]))

    # -- environments ----------------------------------------------------------------

    def _group(self, number: int) -> str:
        return f"{GROUPS[number % len(GROUPS)]}/team{number // 40}"

    def _environment(self, kind: str, number: int) -> None:
        base = self.bases[number % len(self.bases)]
        name = f"{kind}{number}"
        project = f"{self._group(number)}/{name}"
        where, minor = os.path.join(self.home, project), bench_home.minor_of(base)
        place = {
            "poetry": f".cache/pypoetry/virtualenvs/{name}-{_hash(where)}-py{minor}",
            "pipenv": f".local/share/virtualenvs/{name}-{_hash(where + '/Pipfile')}",
            "virtualenvwrapper": f".virtualenvs/{name}",
            "pyenv-virtualenv": f".pyenv/versions/{os.path.basename(base)}/envs/{name}",
            "tox": f"{project}/.tox/py{number % 9}",
            "nox": f"{project}/.nox/tests-{number % 9}",
            "hatch": f".local/share/hatch/env/virtual/{name}/{_hash(where)}/{name}",
            "pipx": f".local/share/pipx/venvs/{name}",
            "uv-tool": f".local/share/uv/tools/{name}",
            "conda": f"miniconda3/envs/{name}",
            "pixi": f"{project}/.pixi/envs/default",
        }.get(kind) or f"{project}/{('.venv', 'venv', '.venv', 'services/api/.venv')[number % 4]}"
        path = os.path.join(self.home, place)
        if not place.startswith((".", "miniconda3")) or kind in ("poetry", "pipenv", "hatch"):
            self._project(project, kind, git=True)
        maker = self._conda if kind in ("conda", "pixi") else self._virtual
        maker(kind, path, base, project)
        self.made.append((kind, path))

    def _virtual(self, kind: str, path: str, base: str, project: str) -> None:
        minor, version = bench_home.minor_of(base), os.path.basename(base)
        by = {"uv": "uv = 0.8.0\n", "uv-tool": "uv = 0.8.0\n", "venv": "", "pipx": "",
              "pyenv-virtualenv": ""}.get(kind, "virtualenv = 20.26.0\n")  # fmt: skip
        self.write(f"{path}/pyvenv.cfg", f"home = {base}/bin\nversion_info = {version}\n{by}"
                   "include-system-site-packages = false\n")  # fmt: skip
        self.write(f"{path}/bin/activate", "# a script\n" * 60 + f"VIRTUAL_ENV='{path}'\n")
        os.symlink(f"{base}/bin/python{minor}", f"{path}/bin/python")
        for alias in ("python3", f"python{minor}"):
            os.symlink("python", f"{path}/bin/{alias}")
        for script in ("pip", "activate.fish", "activate.csh", "pytest"):
            self.write(f"{path}/bin/{script}")
        os.symlink("lib", f"{path}/lib64")
        self._packages(f"{path}/lib/python{minor}/site-packages")
        os.makedirs(f"{path}/include")
        if kind == "pipenv":
            self.write(f"{path}/.project", os.path.join(self.home, project))
        elif kind == "pipx":
            self.write(f"{path}/pipx_metadata.json", '{"main_package": {"package": "x"}}')
        elif kind == "uv-tool":
            self.write(f"{path}/uv-receipt.toml", "[tool]\nrequirements = []\n")

    def _conda(self, kind: str, path: str, base: str, project: str) -> None:
        minor, version = bench_home.minor_of(base), os.path.basename(base)
        self.write(f"{path}/conda-meta/history", "==> 2024-01-01 <==\n# cmd: conda create\n"
                   "# conda version: 24.1.0\n")  # fmt: skip
        self.write(f"{path}/conda-meta/python-{version}-h1_0_cpython.json", "{}")
        for name in PACKAGES:
            self.write(f"{path}/conda-meta/{name}-1.0-py_0.json", "{}")
        if kind == "pixi":
            manifest = os.path.join(self.home, project, "pixi.toml")
            self.write(manifest, "[project]\nname = 'x'\n")
            self.write(f"{path}/conda-meta/pixi", json.dumps(
                {"manifest_path": manifest, "environment_name": "default"}))  # fmt: skip
        self.write(f"{path}/bin/python{minor}", "#!/bin/sh\n")
        os.chmod(f"{path}/bin/python{minor}", 0o755)
        os.symlink(f"python{minor}", f"{path}/bin/python")
        self._packages(f"{path}/lib/python{minor}/site-packages")

    def _packages(self, site: str) -> None:
        for name in PACKAGES[:4] if self.light else PACKAGES:
            self.files(f"{site}/{name}-1.0.dist-info", ("METADATA", "RECORD", "WHEEL"))
            for part in ("", "/core", "/utils"):
                self.files(f"{site}/{name}{part}", [f"m{number}.py" for number in range(8)])

    # -- what stands around them -----------------------------------------------------

    def _project(self, project: str, kind: str, *, git: bool) -> None:
        name = os.path.basename(project)
        tool = {"poetry": "[tool.poetry]\nname = '%s'\n", "pdm": "[tool.pdm]\n[project]\nname = '%s'\n",
                "hatch": "[tool.hatch]\n[project]\nname = '%s'\n"}.get(kind, "[project]\nname = '%s'\n")  # fmt: skip
        text = (
            tool % name
            + "version = '1.0'\n"
            + (
                "requires-python = '>=3.8'\ndependencies = ['requests>=2', 'click']\n"
                if kind != "poetry"
                else ""
            )
        )
        marks = {"pipenv": ("Pipfile", "[requires]\npython_version = '3.12'\n"),
                 "pip": ("requirements.txt", "requests\n")}.get(kind, ("pyproject.toml", text))  # fmt: skip
        self.write(f"{project}/{marks[0]}", marks[1])
        locks = {
            "poetry": "poetry.lock",
            "uv": "uv.lock",
            "pdm": "pdm.lock",
            "tox": "tox.ini",
            "nox": "noxfile.py",
        }
        if kind in locks:
            self.write(f"{project}/{locks[kind]}")
        if name.endswith("3"):
            self.write(f"{project}/.python-version", VERSIONS[len(name) % len(VERSIONS)] + "\n")
        for part in (f"src/{name}", f"src/{name}/core", "tests/unit", "docs", "scripts"):
            self.files(f"{project}/{part}", [f"file{number}.py" for number in range(9)])
        if git:
            self.files(f"{project}/.git", ("HEAD", "config", "index"))
            for number in range(8 if self.light else 30):
                self.files(f"{project}/.git/objects/{number:02x}", [f"o{at}" for at in range(5)])

    def _node_modules(self, project: str) -> None:
        self.files(project, ("package.json", "package-lock.json", "index.js"))
        for number in range(250):
            self.files(f"{project}/node_modules/module{number}", [f"f{at}.js" for at in range(6)])

    def _caches(self) -> None:
        """What hides in a home: caches, pictures, another language's packages."""
        much = self.wanted
        for number in range(much * 4):
            self.files(f".cache/app{number % 40}/{number}", [f"c{at}" for at in range(8)])
        for number in range(much * 3):
            self.files(f".local/share/app{number % 60}/data{number}", [f"d{at}" for at in range(3)])
        for number in range(much):
            self.files(
                f"pictures/20{number % 25:02}/album{number}", [f"i{at}.jpg" for at in range(20)]
            )
        for number in range(much * 4):
            self.files(f"go/pkg/mod/m{number % 90}/v{number}", [f"g{at}.go" for at in range(4)])

    # -- files -----------------------------------------------------------------------

    def write(self, path: str, text: str = "") -> None:
        full = os.path.join(self.home, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def files(self, folder: str, names: list[str] | tuple[str, ...]) -> None:
        """Empty files in one directory."""
        full = os.path.join(self.home, folder)
        os.makedirs(full, exist_ok=True)
        for name in names:
            os.close(os.open(f"{full}/{name}", os.O_WRONLY | os.O_CREAT, 0o644))


def _hash(place: str) -> str:
    """What Poetry, Pipenv and Hatch put into an environment's name (spec/discovery.md 5.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(os.fsencode(place)).digest()).decode()[:8]


def _cumulated() -> list[tuple[str, int]]:
    upto, found = 0, []
    for kind, share in SHARES:
        upto += share
        found.append((kind, upto))
    return found


def build(home: str, environments: int = 300, *, light: bool = False) -> None:
    """The home; nothing may be there yet."""
    os.makedirs(home)
    Builder(home, environments, light=light).build()


if __name__ == "__main__":
    build(sys.argv[1], int((*sys.argv, "300")[2]), light="light" in sys.argv)
