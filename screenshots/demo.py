"""The demo home of the screenshots: a dozen projects on real tools, good ones and bad ones.

python screenshots/demo.py DIRECTORY     builds it there, and prints how to look around in it
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from tests import tools
from tests.homes import Home

DAY = 86400
MEGABYTE = 1 << 20
# Nothing is installed from an index: a package's record is enough to be listed.
PACKAGES = {
    "web": {"fastapi": "0.116.1", "httpx": "0.28.1", "pydantic": "2.11.7", "uvicorn": "0.35.0"},
    "data": {"numpy": "2.3.2", "pandas": "2.3.1", "pyarrow": "21.0.0", "scikit-learn": "1.7.1"},
    "docs": {"sphinx": "8.2.3", "furo": "2025.7.19", "myst-parser": "4.0.1"},
    "old": {"django": "3.2.25", "celery": "5.2.7", "kombu": "5.2.4"},
    "small": {"requests": "2.32.4", "rich": "14.1.0"},
}


def build(path: str) -> Home:
    """Everything, in about twenty seconds."""
    installed = tools.installed_versions()
    minors = {version.rpartition(".")[0]: version for version in installed}
    wanted = [minors[m] for m in ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13") if m in minors]
    home = Home(path, tools.pyenv_root(os.path.join(path, ".pyenv"), wanted))
    home.with_tools("poetry", "pipenv", "virtualenv")
    home.write(".pyenv/version", home.version("3.11") + "\n")
    poetry_projects(home)
    pipenv_projects(home)
    plain_projects(home)
    bad_ones(home)
    return home


def poetry_projects(home: Home) -> None:
    """Two environments of `shop`, on two Pythons; one of `reports`."""
    for name, minors, age in (("shop", ("3.11", "3.12"), 0), ("reports", ("3.11",), 21)):
        declare(home, name)
        project = home.at("code", name)
        for number, minor in enumerate(minors):
            poetry = (tools.tool("poetry"), "-n", "--no-ansi", "env")
            home.run(*poetry, "use", home.python(minor), cwd=project)
            environment = home.run(*poetry, "info", "--path", cwd=project).stdout.strip()
            fill(environment, "web", 30 - 8 * number, age + 34 * (len(minors) - 1 - number))
        home.run(tools.tool("poetry"), "-n", "lock", cwd=project)
    home.write("code/shop/.python-version", home.version("3.12") + "\n")


def pipenv_projects(home: Home) -> None:
    """One in Pipenv's store, one in its project, and one whose project is gone."""
    for name, minor, inside, packages, size, age in (
        ("crawler", "3.12", False, "small", 12, 6),
        ("mailer", "3.11", True, "small", 9, 58),
        ("etl", "3.10", False, "data", 60, 214),
    ):
        project = home.folder("code", name)
        home.write(f"code/{name}/Pipfile", "[packages]\n\n[dev-packages]\n")
        variables = {"PIPENV_VENV_IN_PROJECT": "1"} if inside else {}
        pipenv = tools.tool("pipenv")
        home.run(pipenv, "--python", home.python(minor), cwd=project, variables=variables)
        environment = home.run(pipenv, "--venv", cwd=project).stdout.strip()
        fill(environment, packages, size, age)
    shutil.rmtree(home.at("code", "etl"))


def plain_projects(home: Home) -> None:
    """Environments by venv and virtualenv where people have them."""
    for name, minor, place, packages, size, age in (
        ("api", "3.11", ".venv", "web", 25, 0),
        ("docs", "3.9", ".venv", "docs", 16, 240),
        ("ml-lab", "3.11", "venv", "data", 70, 180),
        ("notes-bot", "3.13", ".venv", "small", 5, 12),
        ("platform/services/auth", "3.12", ".venv", "web", 20, 2),
        ("platform/services/search", "3.12", ".venv", "web", 22, 2),
    ):
        declare(home, name)
        fill(home.venv(f"code/{name}/{place}", minor), packages, size, age)
    declare(home, "dashboard")
    made = home.virtualenv("code/dashboard/.venv", "3.12", "--no-seed")
    fill(made, "web", 18, 3)
    fill(home.venv("envs/scratch", "3.13"), "small", 4, 12)


def bad_ones(home: Home) -> None:
    """A pin that is not installed, a lost base, a moved environment."""
    declare(home, "billing")
    home.write("code/billing/.python-version", "3.12.99\n")
    declare(home, "legacy")
    fill(home.venv("code/legacy/.venv", "3.8"), "old", 15, 390)
    shutil.rmtree(os.path.join(home.pyenv, "versions", home.version("3.8")))
    declare(home, "old-cms")
    fill(home.venv("code/old-cms/.venv", "3.10"), "old", 14, 160)
    os.rename(home.at("code/old-cms"), home.at("code/cms"))


def declare(home: Home, name: str) -> None:
    """A project's declaration."""
    base = os.path.basename(name)
    home.write(
        f"code/{name}/pyproject.toml",
        f'[project]\nname = "{base}"\nversion = "1.4.0"\nrequires-python = ">=3.11"\n',
    )


def fill(environment: str, packages: str, megabytes: int, days: int) -> None:
    """Give an environment packages, a size and an age."""
    library = os.path.join(environment, "lib")
    site = os.path.join(library, os.listdir(library)[0], "site-packages")
    for name, version in PACKAGES[packages].items():
        module = name.replace("-", "_")
        record = os.path.join(site, f"{module}-{version}.dist-info")
        os.makedirs(record)
        os.makedirs(os.path.join(site, module))
        with open(os.path.join(record, "METADATA"), "w") as file:
            file.write(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    with open(os.path.join(site, module, "data.bin"), "wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, megabytes * MEGABYTE)
    if days:
        used = time.time() - days * DAY
        for folder, folders, files in os.walk(environment):
            for name in [*folders, *files, "."]:
                os.utime(os.path.join(folder, name), (used, used), follow_symlinks=False)


if __name__ == "__main__":
    made = build(os.path.abspath(sys.argv[1]))
    words = " ".join(f"{k}={shlex.quote(v)}" for k, v in made.variables.items())
    print(f"cd {shlex.quote(made.at('code', 'shop'))} && env -i {words} {sys.executable} -m envtui")
