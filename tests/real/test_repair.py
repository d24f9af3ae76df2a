"""Broken and moved environments are mended, run again, and undo gives every byte back."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import subprocess
import zipfile
from collections.abc import Callable

import pytest

from tests import tools, wheels
from tests.changing import tree
from tests.homes import Home

KINDS = ("venv", "virtualenv", "uv")


def made(home: Home, kind: str, path: str, minor: str = "3.12") -> str:
    """An environment with pip by a real maker."""
    if kind == "venv":
        return home.venv(path, minor)
    if kind == "virtualenv":
        return home.virtualenv(path, minor)
    home.run("uv", "venv", "-q", "-p", home.python(minor), home.at(path))
    return home.at(path)


def script(home: Home, prefix: str) -> None:
    """A package with a console script, by the environment's own pip or else by uv."""
    path = os.path.join(home.folder("wheels"), "nut-1.0-py3-none-any.whl")
    record = "nut-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("nut.py", "import sys\ndef main():\n    print('cracked', sys.prefix)\n")
        archive.writestr(f"{record}/METADATA", "Metadata-Version: 2.1\nName: nut\nVersion: 1.0\n")
        archive.writestr(
            f"{record}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{record}/entry_points.txt", "[console_scripts]\nnut = nut:main\n")
        archive.writestr(f"{record}/RECORD", "")
    python = f"{prefix}/bin/python"
    home.variables |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": home.at("wheels")}
    if os.path.exists(f"{prefix}/bin/pip"):
        home.run(python, "-m", "pip", "install", "-q", path)
    else:
        home.run("uv", "pip", "install", "-q", "--offline", "--no-index", "-p", python, path)


def says(home: Home, prefix: str) -> str:
    """What the console script prints."""
    return home.run(f"{prefix}/bin/nut").stdout.strip()


def lose(home: Home, minor: str = "3.12") -> str:
    """A version of pyenv's goes away; the same one is there by another name."""
    version = home.version(minor)
    versions = os.path.join(home.pyenv, "versions")
    os.rename(os.path.join(versions, version), os.path.join(versions, f"{minor}.99"))
    return version


def undone(home: Home, before: dict[str, object], place: str = "code") -> None:
    """The change is taken back, and all below the place is as it was, times included."""
    done = home.envtui("undo", "--yes")
    assert done.returncode == 0, done.stderr
    assert tree(home.at(place)) == before


def records_hold(prefix: str) -> None:
    """Every file that a RECORD gives a hash for has it."""
    (site,) = (e.path for e in os.scandir(f"{prefix}/lib") if e.name.startswith("python"))
    site += "/site-packages"
    for info in os.listdir(site):
        if not info.endswith(".dist-info"):
            continue
        with open(f"{site}/{info}/RECORD", newline="") as file:
            for name, digest, size in csv.reader(file):
                if digest:
                    with open(os.path.join(site, name), "rb") as content:
                        bytes_ = content.read()
                    wanted = base64.urlsafe_b64encode(hashlib.sha256(bytes_).digest())
                    assert digest == "sha256=" + wanted.decode().rstrip("="), name
                    assert int(size) == len(bytes_), name


def health(home: Home) -> dict[str, str]:
    """The state of each environment by its path below home."""
    found = home.json("list")["environments"]
    return {os.path.relpath(one["path"], home.path): one["health"] for one in found}


def test_all_that_lost_one_python_are_put_on_its_like_by_one_plan(tooled: Home) -> None:
    home = tooled
    prefixes = [made(home, kind, f"code/{kind}/.venv") for kind in KINDS]
    for prefix in prefixes:
        script(home, prefix)
    version = lose(home)
    before = tree(home.at("code"))
    assert set(health(home).values()) == {"broken"}
    planned = home.json("repair", version, "--dry-run")
    assert planned["plan"]["title"] == "Repair 3 environments"
    assert tree(home.at("code")) == before

    done = home.envtui("repair", version, "--yes")
    assert done.returncode == 0, done.stderr
    assert set(health(home).values()) == {"ok"}
    for prefix in prefixes:
        assert says(home, prefix) == f"cracked {prefix}"
        base = home.run(f"{prefix}/bin/python", "-c", "import sys; print(sys.base_prefix)")
        assert base.stdout.strip().endswith("/3.12.99")
    assert "pip" in home.run(f"{prefixes[1]}/bin/pip", "--version").stdout

    undone(home, before)


@pytest.fixture
def tooled(home: Home) -> Home:
    """A home whose user has the makers."""
    return home.with_tools("virtualenv", "uv")


@pytest.mark.parametrize(
    ("kind", "place"),
    [("venv", "my shop"), ("uv", "my shop"), ("virtualenv", "my shop"), ("virtualenv", "x" * 140)],
)
def test_a_moved_environment_runs_where_it_is_now(tooled: Home, kind: str, place: str) -> None:
    home = tooled
    place = f"code/{place}"
    old = made(home, kind, "code/old/.venv")
    script(home, old)
    os.rename(home.at("code", "old"), home.at(place))
    prefix = home.at(place, ".venv")
    before = tree(home.at("code"))
    assert health(home) == {f"{place}/.venv": "moved"}

    done = home.envtui("repair", prefix, "--yes")
    assert done.returncode == 0, done.stderr
    assert health(home) == {f"{place}/.venv": "ok"}
    assert says(home, prefix) == f"cracked {prefix}"
    records_hold(prefix)
    for shell in ("bash", "zsh"):
        told = home.run(
            shell, "-c", f'. "{prefix}/bin/activate" && echo "$VIRTUAL_ENV" && command -v nut'
        )
        assert told.stdout.split("\n")[:2] == [prefix, f"{prefix}/bin/nut"]
    left = subprocess.run(
        ["grep", "-rIlw", "--exclude-dir=__pycache__", home.at("code", "old"), prefix],
        capture_output=True,
        text=True,
        check=False,
    )
    assert left.stdout == ""
    undone(home, before)


def test_what_its_project_took_along_is_named_anew(tooled: Home) -> None:
    home = tooled
    prefix = home.venv("code/old/.venv", "3.12")
    site = f"{prefix}/lib/python3.12/site-packages"
    project = home.at("code", "old")
    home.write("code/old/mine.py", "")
    home.write("code/oldest/keep.py", "")
    info = os.path.relpath(f"{site}/mine-1.dist-info", home.path)
    home.write(f"{info}/METADATA", "Metadata-Version: 2.1\nName: mine\nVersion: 1\n")
    home.write(
        f"{info}/direct_url.json",
        f'{{"url": "file://{project}", "dir_info": {{"editable": true}}}}',
    )
    home.write(os.path.relpath(f"{site}/mine.pth", home.path), f"{project}\n{project}est\n")
    os.rename(project, home.at("code", "new one"))
    now = home.at("code", "new one", ".venv")
    before = tree(home.at("code"))
    assert home.envtui("repair", now, "--yes").returncode == 0
    moved = home.run(f"{now}/bin/python", "-c", "import mine, keep; print(mine.__file__)")
    assert moved.stdout.strip() == home.at("code", "new one", "mine.py")
    with open(f"{now}/lib/python3.12/site-packages/mine-1.dist-info/direct_url.json") as file:
        assert "/code/new%20one" in file.read()
    undone(home, before)


def test_files_that_a_cache_shares_are_not_written_through(tooled: Home) -> None:
    home = tooled
    old = made(home, "uv", "code/old/.venv")
    script(home, old)
    shared = home.at("shared")
    os.link(f"{old}/bin/nut", shared)
    with open(shared, "rb") as file:
        content = file.read()
    os.rename(home.at("code", "old"), home.at("code", "new"))
    before = tree(home.at("code"))
    assert home.envtui("repair", home.at("code/new/.venv"), "--yes").returncode == 0
    with open(shared, "rb") as file:
        assert file.read() == content
    undone(home, before)


def test_moved_and_broken_at_once(tooled: Home) -> None:
    home = tooled
    old = made(home, "virtualenv", "code/old/.venv")
    script(home, old)
    os.rename(home.at("code", "old"), home.at("code", "new"))
    lose(home)
    prefix = home.at("code", "new", ".venv")
    before = tree(home.at("code"))
    assert home.envtui("repair", prefix, "--yes").returncode == 0
    assert says(home, prefix) == f"cracked {prefix}"
    undone(home, before)


@pytest.mark.parametrize("kind", ["venv", "virtualenv"])
def test_copies_of_a_python_that_is_gone_are_copied_anew(tooled: Home, kind: str) -> None:
    """`--copies`: the program in the environment works without its base, its library does not."""
    home = tooled
    maker = home.venv if kind == "venv" else home.virtualenv
    prefix = maker("code/app/.venv", "3.12", "--copies")
    script(home, prefix)
    lose(home)
    before = tree(home.at("code"))
    assert health(home) == {"code/app/.venv": "broken"}
    told = home.json("repair", prefix, "--dry-run")["plan"]
    assert "put it on Python 3.12." in told["title"]
    done = home.envtui("repair", prefix, "--yes")
    assert done.returncode == 0, done.stderr
    assert health(home) == {"code/app/.venv": "ok"}
    assert says(home, prefix) == f"cracked {prefix}"
    assert not os.path.islink(f"{prefix}/bin/python3.12")
    base = home.run(f"{prefix}/bin/python3", "-c", "import sys; print(sys.base_prefix)")
    assert base.stdout.strip().endswith("/3.12.99")
    undone(home, before)


@pytest.mark.parametrize("kind", ["pipx", "uv-tool"])
def test_commands_lead_to_a_moved_application_again(tooled: Home, kind: str) -> None:
    home = tooled.with_tools("pipx")
    home.variables |= {"UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    variable, maker = ("PIPX_HOME", "pipx") if kind == "pipx" else ("UV_TOOL_DIR", "uv")
    home.variables[variable] = home.at("apps")
    wheel, python = wheels.greeter(home.path), home.python("3.12")
    words = ("pipx", "install") if kind == "pipx" else ("uv", "tool", "install")
    home.run(*words, "-q", "--python", python, wheel)
    home.run("greet")  # what Python writes when it first imports is there
    os.rename(home.at("apps"), home.at("tools"))
    home.variables[variable] = home.at("tools")
    (item,) = home.json("list")["environments"]
    assert (item["kind"], item["health"]) == (kind, "moved")
    before = tree(item["path"]), tree(home.at(".local/bin"))
    done = home.envtui("repair", item["id"], "--yes")
    assert done.returncode == 0, done.stderr
    assert home.run(home.at(".local/bin/greet")).stdout == "good day\n"
    listed = home.run(maker, *(["tool"] * (maker == "uv")), "list")
    assert "greeter" in listed.stdout
    assert home.at("apps") not in listed.stdout + listed.stderr
    assert home.envtui("undo", "--yes").returncode == 0
    assert (tree(item["path"]), tree(home.at(".local/bin"))) == before


@pytest.mark.parametrize("gone", [("python",), ("python", "python3", "python3.12")])
def test_a_python_that_is_missing_is_linked_again(tooled: Home, gone: tuple[str, ...]) -> None:
    home = tooled
    prefix = home.virtualenv("code/app/.venv", "3.12")
    script(home, prefix)
    for name in gone:
        os.remove(f"{prefix}/bin/{name}")
    if len(gone) > 1:
        assert health(home) == {"code/app/.venv": "no-python"}
    before = tree(home.at("code"))
    assert home.envtui("repair", prefix, "--yes").returncode == 0
    assert health(home) == {"code/app/.venv": "ok"}
    assert says(home, prefix) == f"cracked {prefix}"
    for name in ("python", "python3", "python3.12"):
        assert home.run(f"{prefix}/bin/{name}", "-c", "").returncode == 0
    undone(home, before)


def test_python_two_is_proven_in_words_that_it_knows(make_home: Callable[..., Home]) -> None:
    if not any(version.startswith("2.7.") for version in tools.installed_versions()):
        tools.missing("pyenv has no Python 2.7")
    home = make_home(versions=["2.7"])
    prefix = home.at("code/old/env")
    home.run(tools.tool("virtualenv-py2"), "-q", "--no-seed", "-p", home.python("2.7"), prefix)
    os.remove(f"{prefix}/bin/python2.7")
    os.remove(f"{prefix}/bin/python")
    os.symlink("/nowhere/python2.7", f"{prefix}/bin/python")
    done = home.envtui("repair", prefix, "--yes")
    assert done.returncode == 0, done.stderr
    home.run(f"{prefix}/bin/python", "-c", "print 'two'")


def test_without_its_minor_it_is_built_again_from_what_was_installed(
    make_home: Callable[..., Home],
) -> None:
    home = make_home(versions=["3.9", "3.13"]).with_tools("virtualenv", "uv")
    prefix = made(home, "virtualenv", "code/app/.venv", "3.9")
    script(home, prefix)
    os.rename(f"{home.pyenv}/versions/{home.version('3.9')}", home.at("away"))
    before = tree(home.at("code"))
    done = home.envtui("repair", prefix, "--yes")
    assert done.returncode == 0, done.stderr
    assert says(home, prefix) == f"cracked {prefix}"
    assert home.json("list")["environments"][0]["version"] == home.version("3.13")
    undone(home, before)


def test_a_base_that_was_upgraded_in_place_is_written_down(tooled: Home) -> None:
    home = tooled
    prefix = home.venv("code/app/.venv", "3.12")
    path = f"{prefix}/pyvenv.cfg"
    with open(path) as file:
        content = file.read()
    home.write(
        os.path.relpath(path, home.path),
        content.replace(f"version = {home.version('3.12')}", "version = 3.12.0"),
    )
    assert health(home) == {"code/app/.venv": "version-differs"}
    before = tree(home.at("code"))
    assert home.envtui("repair", prefix, "--yes").returncode == 0
    with open(path) as file:
        assert file.read() == content
    undone(home, before)


def test_what_is_whole_and_what_cannot_be_mended_is_said(tooled: Home) -> None:
    home = tooled
    prefix = home.venv("code/app/.venv", "3.12")
    done = home.envtui("repair", prefix, "--yes")
    assert done.returncode == 1
    assert "needs no repair" in done.stderr
    assert home.envtui("repair", f"pyenv:{home.version('3.12')}", "--yes").returncode == 2
    assert home.envtui("repair", "nothing-of-that-name", "--yes").returncode == 2


def test_a_link_that_is_changed_meanwhile_stops_it(tooled: Home) -> None:
    home = tooled
    prefix = home.venv("code/app/.venv", "3.12")
    version = lose(home)
    home.write("code/app/.venv/bin/notes", "mine")
    os.chmod(f"{prefix}/pyvenv.cfg", 0o444)
    before = tree(prefix)
    # Its own proof fails: the Python that would take its place does not start.
    with open(f"{home.pyenv}/versions/3.12.99/bin/python3.12", "wb") as file:
        file.write(b"#!/bin/sh\nexit 3\n")
    done = home.envtui("repair", version, "--yes")
    assert done.returncode == 5, done.stderr
    assert "Rolled back" in done.stderr
    assert tree(prefix) == before


def test_one_that_was_made_twice_is_built_again_for_its_own_python(tooled: Home) -> None:
    home = tooled
    prefix = made(home, "virtualenv", "code/app/.venv")
    script(home, prefix)
    home.run(home.python("3.11"), "-m", "venv", "--without-pip", prefix)
    assert health(home) == {"code/app/.venv": "overlaid"}
    before = tree(home.at("code"))
    done = home.envtui("repair", prefix, "--yes")
    assert done.returncode == 0, done.stderr
    assert health(home) == {"code/app/.venv": "ok"}
    assert os.listdir(f"{prefix}/lib") == ["python3.12"]
    assert says(home, prefix) == f"cracked {prefix}"
    undone(home, before)


def test_a_link_that_leads_to_another_minor_now_is_turned_back(tooled: Home) -> None:
    home = tooled
    prefix = made(home, "venv", "code/app/.venv")
    script(home, prefix)
    links = [n for n in os.listdir(f"{prefix}/bin") if os.path.islink(f"{prefix}/bin/{n}")]
    outer = [n for n in links if os.path.isabs(os.readlink(f"{prefix}/bin/{n}"))]
    for name in outer:
        os.remove(f"{prefix}/bin/{name}")
        os.symlink(home.python("3.11"), f"{prefix}/bin/{name}")
    assert health(home) == {"code/app/.venv": "broken"}
    before = tree(home.at("code"))
    assert home.envtui("repair", prefix, "--yes").returncode == 0
    assert health(home) == {"code/app/.venv": "ok"}
    assert says(home, prefix) == f"cracked {prefix}"
    undone(home, before)
