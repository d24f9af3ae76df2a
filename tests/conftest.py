"""Fixtures for all tests. No test sees the user's home, variables or managers."""

from __future__ import annotations

import compileall
import os
import shutil
import signal
import tempfile
from collections.abc import Callable

import pytest

from tests import tools
from tests.homes import Home

# A shell starts what it puts into the background with SIGINT ignored, and programs inherit that:
# ctrl+c would then be no ctrl+c.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The screens that tests drive in their own process are drawn for nobody: a quarter of what they take
# is drawing in between. Textual asks when it is imported; programs of a test are not told.
os.environ.setdefault("TEXTUAL_FPS", "15")


# Driven against real tools and real shells: a minute or so each. The rest takes seconds.
QUICK = {
    "real": ("test_list.py", "test_findings.py"),
    "shell": ("test_change.py", "test_answer.py", "test_setup.py"),
}
ALL_SCREENS = ("test_every_key.py", "test_golden.py")
LONGEST = (
    *("real/test_change.py", "ui/test_keys.py", "proof/test_points.py", "real/test_hatch.py"),
    *("real/test_pdm.py", "real/test_repair.py", "ui/test_golden.py", "real/test_uv.py"),
    *("shell/test_auto.py", "real/test_pyenv_agrees.py", "real/test_every_kind.py"),
    *("real/test_rebuild.py", "real/test_conda.py", "real/test_mise.py"),
)
"""Begun first: a file that takes minutes and is begun last leaves all processors but one idle."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile envtui, which is started thousands of times by processes that may not write that.

    virtualenv, and what has it inside, unpacks its wheels once for the whole run: it takes as long
    as all that it does otherwise, and each home is a new one to it.
    """
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(os.path.join(tools.CHECKOUT, "envtui"), quiet=1)
        os.environ[tools.UNPACKED] = tempfile.mkdtemp(prefix="envtui-unpacked-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[tools.UNPACKED], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives real tools and shells, or presses every key, as long; the quick come last."""
    for item in items:
        folder, name = os.path.split(str(item.path))
        if name in ALL_SCREENS or name not in QUICK.get(os.path.basename(folder), (name,)):
            item.add_marker(pytest.mark.long)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    name = os.path.relpath(item.path, os.path.dirname(__file__))
    if name in LONGEST:
        return LONGEST.index(name)
    return len(LONGEST) + (item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def pyenv(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PYENV_ROOT of the tests' own; nothing is ever written through into the machine's."""
    root = tmp_path_factory.mktemp("pyenv") / ".pyenv"
    return tools.pyenv_root(str(root), tools.installed_versions())


@pytest.fixture
def make_home(tmp_path: os.PathLike[str], pyenv: str) -> Callable[..., Home]:
    """Make homes; each may share the tests' pyenv versions or have a root of its own.

    The links of that own root are further names of the shared one's, which stays for the whole run.
    """

    def make(name: str = "home", *, versions: list[str] | None = None) -> Home:
        path = os.path.join(tmp_path, name)
        if versions is None:
            return Home(path, pyenv)
        installed = tools.installed_versions()
        wanted = [v for v in installed if v.rpartition(".")[0] in versions]
        return Home(path, tools.pyenv_root(os.path.join(path, ".pyenv"), wanted))

    return make


@pytest.fixture
def home(make_home: Callable[..., Home]) -> Home:
    """An empty home with two Pythons, 3.11 and 3.12, in a pyenv of its own."""
    return make_home(versions=["3.11", "3.12"])


@pytest.fixture
def in_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that this very process lives in, for tests that call envtui's functions."""
    for name in list(os.environ):
        if name not in home.variables and not name.startswith(("PYTEST_", "COV_")):
            monkeypatch.delenv(name)
    for name, value in home.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(home.path)
    return home
