"""A home like those that people have: some good projects, and every way to go wrong."""

from __future__ import annotations

import os
import shutil
from typing import NamedTuple

from tests import tools
from tests.homes import Home

PYPROJECT = '[project]\nname = "{name}"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n'
STRANGE = (
    "with space",
    'it\'s "quoted"',
    "[bold]markup[/bold]",
    "new\nline",
    "emoji 🐍",
    "bytes \udcff\udcfe",
    "$(touch owned)`;&",
    "-rf",
)


class Expected(NamedTuple):
    """What the list must say of one environment."""

    kind: str
    version: str | None
    interpreter: str | None
    project: str | None
    health: str = "ok"
    link: str = "linked"


class Builder:
    """Builds the home and writes down, beside each part, what it is."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.expected: dict[str, Expected] = {}
        self.warned: list[str] = []
        """Paths that must have a warning."""

    def know(
        self,
        path: str,
        kind: str,
        minor: str,
        project: str | None,
        health: str = "ok",
        link: str = "linked",
    ) -> None:
        """Expect an environment at `path`, on this home's Python of that minor."""
        version = self.home.version(minor)
        place = self.home.at(project) if project else None
        self.expected[path] = Expected(kind, version, f"pyenv:{version}", place, health, link)

    def build(self) -> Builder:
        """All of it, in a few seconds."""
        self.plain()
        self.pipenv()
        self.poetry()
        self.pins()
        self.other_makers()
        self.without_project()
        self.unhealthy()
        self.links()
        self.not_environments()
        self.garbled()
        self.strange_names()
        return self

    def declare(self, project: str) -> None:
        """Make a directory a project."""
        name = os.path.basename(project)
        self.home.write(f"{project}/pyproject.toml", PYPROJECT.format(name=name))

    def venv(self, project: str, minor: str, name: str = ".venv") -> str:
        """A project with an environment of the standard library, which is as it should be."""
        self.declare(project)
        path = self.home.venv(f"{project}/{name}", minor)
        self.know(path, "venv", minor, project)
        return path

    def plain(self) -> None:
        """Plain environments where people have them."""
        self.venv("code/api", "3.12")
        self.venv("code/dashboard", "3.11", "venv")
        self.venv("code/docs", "3.12", "env")
        self.home.write("code/mono/pyproject.toml", PYPROJECT.format(name="mono"))
        self.venv("code/mono/services/api", "3.12")
        self.declare("code/etl")
        path = self.home.virtualenv("code/etl/.venv", "3.11", "--no-seed")
        self.know(path, "virtualenv", "3.11", "code/etl")
        alone = self.home.venv("envs/alone", "3.11")
        self.know(alone, "venv", "3.11", None, link="none")

    def pipenv(self) -> None:
        """One environment in Pipenv's store, one in its project."""
        for project, inside in (("code/cart", False), ("code/mailer", True)):
            self.home.write(f"{project}/Pipfile", "[packages]\n\n[dev-packages]\n")
            directory = self.home.at(project)
            variables = {"PIPENV_VENV_IN_PROJECT": "1"} if inside else {}
            path = pipenv_make(self.home, directory, **variables)
            self.know(path, "pipenv", "3.12", project)

    def poetry(self) -> None:
        """Two environments in Poetry's store for one project, one in another's own folder."""
        for project, minors in (("code/shop", ("3.11", "3.12")), ("code/billing", ("3.12",))):
            self.declare(project)
            directory = self.home.at(project)
            if project == "code/billing":
                self.home.write(f"{project}/poetry.toml", "[virtualenvs]\nin-project = true\n")
            for minor in minors:
                path = poetry_use(self.home, directory, minor)
                self.know(path, "poetry", minor, project)
            self.home.run(tools.tool("poetry"), "-n", "lock", cwd=directory)

    def other_makers(self) -> None:
        """uv, and the last virtualenv for Python 2.7, which writes no version into pyvenv.cfg."""
        self.declare("code/quick")
        path = self.home.at("code/quick/.venv")
        self.home.run(tools.tool("uv"), "venv", "-q", "-p", self.home.python("3.12"), path)
        self.know(path, "uv", "3.12", "code/quick")
        if not any(version.startswith("2.7.") for version in tools.installed_versions()):
            return
        self.declare("code/ancient")
        program, path = tools.tool("virtualenv-py2"), self.home.at("code/ancient/.venv")
        self.home.run(program, "-q", "--no-seed", "-p", self.home.python("2.7"), path)
        self.know(path, "virtualenv", "2.7", "code/ancient")

    def without_project(self) -> None:
        """What stays in the stores when a project is deleted: recorded by Pipenv, not by Poetry."""
        home = self.home
        home.write("code/gone/Pipfile", "[packages]\n")
        path = pipenv_make(home, home.at("code/gone"))
        self.know(path, "pipenv", "3.12", "code/gone", link="orphaned")
        shutil.rmtree(home.at("code/gone"))
        self.declare("code/lost")
        path = poetry_use(home, home.at("code/lost"), "3.12")
        self.know(path, "poetry", "3.12", None, link="unmapped")
        shutil.rmtree(home.at("code/lost"))

    def pins(self) -> None:
        """Projects with a pin and no environment."""
        self.home.write("code/pinned/.python-version", "3.11\n")
        self.home.write("code/future/.python-version", "3.99.1\n")

    def unhealthy(self) -> None:
        """One environment of each kind of bad health."""
        home = self.home
        lost = self.venv("code/legacy", "3.9")
        version = home.version("3.9")
        shutil.rmtree(os.path.join(home.pyenv, "versions", version))
        self.expected[lost] = Expected("venv", version, None, home.at("code/legacy"), "broken")
        del self.expected[self.venv("code/before", "3.12")]
        os.rename(home.at("code/before"), home.at("code/moved"))
        self.know(home.at("code/moved/.venv"), "venv", "3.12", "code/moved", "moved")
        overlaid = self.venv("code/overlaid", "3.11")
        home.run(home.python("3.12"), "-m", "venv", "--without-pip", overlaid)
        # The old bin/python stays, whatever pyvenv.cfg says now.
        self.know(overlaid, "venv", "3.11", "code/overlaid", "overlaid")
        bare = self.venv("code/bare", "3.12")
        for name in ("python", "python3", "python3.12"):
            os.unlink(f"{bare}/bin/{name}")
        self.know(bare, "venv", "3.12", "code/bare", "no-python")
        upgraded = self.venv("code/upgraded", "3.12")
        edit(f"{upgraded}/pyvenv.cfg", f"version = {home.version('3.12')}", "version = 3.12.0")
        self.know(upgraded, "venv", "3.12", "code/upgraded", "version-differs")
        other = self.venv("code/other-minor", "3.12")
        os.unlink(f"{other}/bin/python")
        os.symlink(home.python("3.11"), f"{other}/bin/python")
        self.know(other, "venv", "3.11", "code/other-minor", "broken")

    def links(self) -> None:
        """An environment elsewhere, and links that lead nowhere."""
        self.declare("code/linked")
        real = self.home.venv("envs/shared", "3.12")
        os.symlink(real, self.home.at("code/linked/.venv"))
        self.know(real, "venv", "3.12", "code/linked")
        os.symlink(self.home.folder("code", "loop"), self.home.at("code/loop/again"))
        os.symlink(".venv", self.home.at("code/loop/.venv"))
        os.symlink("nowhere", self.home.at("code/pinned/.venv"))

    def not_environments(self) -> None:
        """A source folder called venv; a project whose root is an environment."""
        self.home.write("code/trap/venv/important.py", "x = 1\n")
        self.home.write("code/trap/pyproject.toml", PYPROJECT.format(name="trap"))
        self.home.write("code/trap/env", "a file\n")
        root = self.home.venv("code/rootvenv", "3.12")
        self.declare("code/rootvenv")
        self.home.write("code/rootvenv/src/app.py", "print('mine')\n")
        self.know(root, "venv", "3.12", "code/rootvenv")
        inner = self.home.venv("code/rootvenv/.venv", "3.12")
        self.know(inner, "venv", "3.12", "code/rootvenv")

    def garbled(self) -> None:
        """Files that any program may have spoilt."""
        home = self.home
        for name, content in (("empty", b""), ("noise", bytes(range(256)) * 3)):
            path = self.venv(f"code/garbled-{name}", "3.12")
            with open(f"{path}/pyvenv.cfg", "wb") as file:
                file.write(content)
            project = f"code/garbled-{name}"
            self.know(path, "venv", "3.12", project, "unreadable")
        folder = self.venv("code/garbled-folder", "3.12")
        os.unlink(f"{folder}/pyvenv.cfg")
        os.mkdir(f"{folder}/pyvenv.cfg")
        place = home.at("code/garbled-folder")
        self.expected[folder] = Expected("venv", None, None, place, "unreadable")
        for name in ("pyproject.toml", "Pipfile", ".python-version"):
            self.home.write(f"code/bad-{name.strip('.')}/{name}", b"\xff\xfe[\x00 = = \n\x80")
        self.warned += [home.at("code/bad-pyproject.toml/pyproject.toml")]
        self.warned += [home.at("code/bad-Pipfile/Pipfile")]
        os.makedirs(home.at("code/folder-pin/.python-version"))
        os.makedirs(home.at("code/folder-pyproject/pyproject.toml"))
        os.mkfifo(home.at(home.folder("code", "fifo"), "Pipfile"))
        self.warned += [home.at("code/fifo/Pipfile")]

    def strange_names(self) -> None:
        """Names that break programs which quote, print or decode carelessly."""
        for name in STRANGE:
            project = f"code/names/{name}"
            self.home.folder(project)
            try:
                name.encode()
            except UnicodeEncodeError:
                # venv itself can't write such a name, so people get there by renaming.
                moved = self.home.venv("code/names/ok/.venv", "3.12")
                os.rename(os.path.dirname(moved), self.home.at("code/names/renamed"))
                os.rmdir(self.home.at(project))
                os.rename(self.home.at("code/names/renamed"), self.home.at(project))
                self.know(self.home.at(project, ".venv"), "venv", "3.12", project, "moved")
            else:
                path = self.home.venv(f"{project}/.venv", "3.12")
                self.know(path, "venv", "3.12", project)
        assert not os.path.exists(self.home.at("owned"))


def poetry_use(home: Home, directory: str, minor: str) -> str:
    """Let Poetry make the project's environment for a minor, and answer where it says that it is."""
    words = ("-n", "--no-ansi", "env", "use", home.python(minor))
    done = home.run(tools.tool("poetry"), *words, cwd=directory)
    return done.stdout.partition("Using virtualenv: ")[2].strip()


def pipenv_make(home: Home, directory: str, **variables: str) -> str:
    """Let Pipenv make the project's environment, and answer where it says that it is."""
    words = (tools.tool("pipenv"), "--python", home.python("3.12"))
    # Nothing it says is broken over two lines then.
    done = home.run(*words, cwd=directory, variables={"COLUMNS": "2000", **variables})
    return done.stderr.partition("Virtualenv location: ")[2].strip()


def edit(path: str, old: str, new: str) -> None:
    """Replace text in a file; it must be there."""
    with open(path) as file:
        content = file.read()
    assert old in content
    with open(path, "w") as file:
        file.write(content.replace(old, new))
