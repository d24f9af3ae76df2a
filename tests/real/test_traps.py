"""The home of traps: every fault of today's tools that spec/users.md section 2 lists is impossible.

One home with all of them, real environments and real processes; the numbers are the spec's. Its 6,
a process that outlives its terminal, is in tests/ui/test_exits.py.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests import tools
from tests.homes import Home, picture
from tests.real.realhome import poetry_use

pytestmark = pytest.mark.long


class Traps(NamedTuple):
    """The home, and the pid of what runs inside one of its environments."""

    home: Home
    pid: int

    def at(self, *parts: str) -> str:
        return self.home.at(*parts)


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traps]:
    folder = str(tmp_path_factory.mktemp("traps"))
    versions = [v for v in tools.installed_versions() if v.startswith(("3.11.", "3.12."))]
    outside = os.path.join(folder, "outside")
    home = Home(os.path.join(folder, "home"), tools.pyenv_root(f"{folder}/home/.pyenv", versions))
    home.with_tools("poetry", "virtualenv")
    # 1, 9: a project whose root is an environment, with source and a repository in it.
    home.venv("code/rootvenv", "3.12")
    home.write("code/rootvenv/src/app.py", "mine = 1\n")
    home.write("code/rootvenv/pyproject.toml", "[project]\nname = 'rootvenv'\n")
    home.git(home.at("code/rootvenv"))
    # 2: a process inside.
    busy = home.venv("code/busy/.venv", "3.12")
    home.write("code/busy/pyproject.toml", "[project]\nname = 'busy'\n")
    process = subprocess.Popen(
        [f"{busy}/bin/python", "-c", "print(1, flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    # 4: pyenv-virtualenv, by the real plugin.
    home.run("pyenv", "virtualenv", "--without-pip", home.version("3.12"), "pv-data")
    # 5, 12: a `.venv` that is a link; a loop of links; an environment above the home.
    home.venv("envs/shared", "3.12")
    home.write("code/linked/pyproject.toml", "[project]\nname = 'linked'\n")
    os.symlink(home.at("envs/shared"), home.at("code/linked/.venv"))
    os.symlink(home.at("code"), home.at("code/linked/loop"))
    home.run(home.python("3.12"), "-m", "venv", "--without-pip", outside)
    # 7, 13: broken; its Python is gone.
    broken = home.venv("code/broken/.venv", "3.11")
    for name in ("python", "python3", "python3.11"):
        os.unlink(f"{broken}/bin/{name}")
        os.symlink("/gone/bin/python3.11", f"{broken}/bin/{name}")
    # 8: a conda base with an environment.
    for path in ("miniconda3", "miniconda3/envs/ml"):
        home.write(f"{path}/conda-meta/history", "==> 2026-01-01 00:00:00 <==\n")
        home.folder(path, "bin")
        os.symlink(home.python("3.12"), home.at(path, "bin/python"))
    home.folder("miniconda3", "condabin")
    # 10: a plain folder that is called venv.
    home.write("code/trap-src/venv/important.py", "mine = 1\n")
    # 11: Poetry's environments, one of a project that lives and one that nobody can tell.
    home.write("code/live/pyproject.toml", "[project]\nname = 'live'\nversion = '1'\n")
    poetry_use(home, home.at("code/live"), "3.12")
    yield Traps(home, process.pid)
    process.communicate(b"\n")


@pytest.fixture(scope="module")
def listed(traps: Traps) -> dict[str, Any]:
    return traps.home.json("list")


@pytest.fixture(scope="module")
def suggested(traps: Traps) -> list[str]:
    """The paths that `clean` would take, idle ones of any age included."""
    done = traps.home.envtui("clean", "--filter", "!zzz", "--dry-run", "--json")
    found = [item["environment"] for item in json.loads(done.stdout)["suggestions"]]
    assert any("code/broken" in item for item in found)  # it does suggest what is of no use
    return found


def refused(traps: Traps, word: str, because: str, command: str = "remove") -> None:
    before = picture(traps.at("code"))
    done = traps.home.envtui(command, word, "--yes")
    assert done.returncode == 3, done
    assert because in done.stderr
    assert picture(traps.at("code")) == before


def environment(listed: dict[str, Any], path: str) -> dict[str, Any]:
    (found,) = [item for item in listed["environments"] if item["path"] == path]
    return dict(found)


def test_1_source_code_is_never_removed(traps: Traps, suggested: list[str]) -> None:
    refused(traps, traps.at("code/rootvenv"), "project's own directory")
    assert not any("rootvenv" in item for item in suggested)


def test_2_what_a_process_runs_in_stays(traps: Traps, suggested: list[str]) -> None:
    refused(traps, traps.at("code/busy/.venv"), f"process {traps.pid}")
    assert not any("busy" in item for item in suggested)


def test_3_13_a_python_that_something_needs_stays(traps: Traps, suggested: list[str]) -> None:
    version = traps.home.version("3.12")
    refused(traps, version, "code/busy/.venv", "uninstall")
    assert f"pyenv:{version}" not in suggested
    # Age alone makes nothing removable: what was never seen in use has an unknown one.
    done = traps.home.envtui("clean", "--filter", "unused:>0d", "--dry-run", "--json")
    assert f"pyenv:{version}" not in done.stdout


def test_4_no_dangling_link_is_left_of_pyenvs(traps: Traps) -> None:
    home = traps.home
    link = os.path.join(home.pyenv, "versions", "pv-data")
    before = os.readlink(link)
    assert home.envtui("remove", "pyenv-virtualenv:pv-data", "--yes").returncode == 0
    assert not os.path.lexists(link)
    assert home.run("pyenv", "versions", "--bare").stdout.split() == sorted(
        home.version(minor) for minor in ("3.11", "3.12")
    )
    assert home.envtui("undo", "--yes").returncode == 0
    assert os.readlink(link) == before
    assert "pv-data" in home.run("pyenv", "versions", "--bare").stdout.split()


def test_5_nothing_goes_without_a_yes(traps: Traps) -> None:
    done = traps.home.envtui("remove", traps.at("envs/shared"))
    assert done.returncode == 3
    assert os.path.isdir(traps.at("envs/shared"))


def test_5_12_a_linked_environment_loses_the_link_and_says_so(traps: Traps) -> None:
    link, real = traps.at("code/linked/.venv"), traps.at("envs/shared")
    before = picture(real)
    done = traps.home.envtui("remove", link, "--yes")
    assert done.returncode == 0, done.stderr
    assert f"{real}, to which it leads, stays" in done.stdout
    assert not os.path.lexists(link)
    assert picture(real) == before
    assert traps.home.envtui("undo", "--yes").returncode == 0
    assert os.readlink(link) == real


def test_5_nothing_above_the_home_is_listed(traps: Traps, listed: dict[str, Any]) -> None:
    above = os.path.dirname(traps.home.path)
    inside = traps.home.path + "/"
    for item in listed["environments"]:
        assert not item["path"].startswith(above) or item["path"].startswith(inside)


def test_7_13_a_broken_one_is_said_to_be_broken_and_used_by_nothing(
    traps: Traps, listed: dict[str, Any]
) -> None:
    path = traps.at("code/broken/.venv")
    assert environment(listed, path)["health"] == "broken"
    assert "/gone/bin/python3.11" in environment(listed, path)["reason"]
    for words in (("run", path, "--", "python", "-c", "print('ran')"), ("env", path)):
        done = traps.home.envtui(*words)
        assert done.returncode == 1, done
        assert "broken" in done.stderr
        assert "ran" not in done.stdout


def test_8_a_root_is_a_limit_and_a_base_is_never_suggested(
    traps: Traps, suggested: list[str]
) -> None:
    home = traps.home
    assert not any(item in ("conda:base", "conda:~/miniconda3") for item in suggested)
    done = home.envtui(
        "clean", "--root", home.at("code/broken"), "--filter", "!zzz", "--dry-run", "--json"
    )
    plan = json.loads(done.stdout)["plan"]
    assert all(home.at("code/broken") in step["text"] for step in plan["steps"])
    refused(traps, home.at("miniconda3"), "base")


def test_8_the_trash_outlives_a_reboot_and_knows_where_things_were(traps: Traps) -> None:
    home, path = traps.home, traps.at("code/broken/.venv")
    before = picture(path)
    assert home.envtui("remove", path, "--yes").returncode == 0
    (item,) = json.loads(home.envtui("trash", "--json").stdout)["trash"]
    assert item["path"] == path
    assert os.listdir(home.at(".local/share/envtui/trash"))
    assert home.envtui("trash", "restore", item["id"], "--yes").returncode == 0
    assert picture(path) == before


def test_9_sizes_are_counted_once_and_pythons_are_no_environments(
    traps: Traps, listed: dict[str, Any]
) -> None:
    path = traps.at("envs/shared")
    assert os.path.islink(f"{path}/lib64")
    blocks = sum(
        os.lstat(os.path.join(top, name)).st_blocks * 512
        for top, folders, files in os.walk(path)
        for name in [*folders, *files]
    )
    told = json.loads(traps.home.envtui("show", path, "--json").stdout)
    assert told["size"] == blocks + os.lstat(path).st_blocks * 512
    versions = os.path.join(traps.home.pyenv, "versions")
    paths = [item["path"] for item in listed["environments"]]
    assert not [p for p in paths if os.path.dirname(p) == versions]


def test_10_a_folder_called_venv_is_a_folder(
    traps: Traps, listed: dict[str, Any], suggested: list[str]
) -> None:
    path = traps.at("code/trap-src/venv")
    assert path not in [item["path"] for item in listed["environments"]]
    assert not any("trap-src" in item for item in suggested)
    refused(traps, path, "not an environment")


def test_11_a_live_one_is_no_orphan_and_links_are_not_followed_twice(
    traps: Traps, listed: dict[str, Any], suggested: list[str]
) -> None:
    (live,) = [item for item in listed["environments"] if item["kind"] == "poetry"]
    assert (live["project"], live["link"]) == (traps.at("code/live"), "linked")
    paths = [os.path.realpath(item["path"]) for item in listed["environments"]]
    assert len(paths) == len(set(paths))
    assert not any("loop" in item["path"] for item in listed["environments"])
    assert live["id"] not in suggested


def test_13_asking_for_help_asks_for_help(traps: Traps) -> None:
    before = picture(traps.at("code"))
    for command in ("remove", "uninstall", "clean", "undo", "trash"):
        done = traps.home.envtui(command, "--help")
        assert done.returncode == 0
        assert done.stdout.startswith("usage:")
    assert picture(traps.at("code")) == before


def test_13_14_it_starts_anywhere(traps: Traps, make_home: Any) -> None:
    assert traps.home.envtui("list", cwd="/").returncode == 0
    empty = make_home("empty")
    done = empty.envtui("list", cwd="/")
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr


def test_12_packages_of_old_pythons_are_read(traps: Traps) -> None:
    """From the files alone: whatever Python made it, none is run."""
    site = "code/old/env/lib/python2.7/site-packages"
    traps.home.write(f"{site}/six-1.16.0.dist-info/METADATA", "Name: six\nVersion: 1.16.0\n")
    traps.home.write("code/old/env/pyvenv.cfg", "home = /usr/bin\nversion = 2.7.18\n")
    traps.home.folder("code/old/env/bin")
    told = json.loads(traps.home.envtui("show", traps.at("code/old/env"), "--json").stdout)
    assert told["packages"] == ["six 1.16.0"]


def test_nothing_that_was_only_looked_at_has_changed(traps: Traps) -> None:
    """The spec's traps all still stand after everything above."""
    assert os.path.isfile(traps.at("code/rootvenv/src/app.py"))
    assert os.path.isfile(traps.at("code/trap-src/venv/important.py"))
    done = traps.home.run("git", "status", "--porcelain", cwd=traps.at("code/rootvenv"))
    assert done.stdout == ""
    assert os.path.isdir(f"/proc/{traps.pid}")
