"""One Python is one row whatever its names, two environments never merge, nothing hides the rest."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from typing import Any

import pytest

from envtui.adapters.system import System
from envtui.host import Host
from envtui.looking import scan
from envtui.prefix import Prefixes
from tests import tools
from tests.homes import Home
from tests.real.test_list import without_privilege
from tests.real.test_stores import made


def interpreters(listing: dict[str, Any], full: str) -> list[dict[str, Any]]:
    return [item for item in listing["interpreters"] if item["version"] == full]


@pytest.mark.long
def test_every_name_of_a_python_is_one_row(home: Home) -> None:
    full = home.version("3.12")
    prefix = os.path.join(home.pyenv, "versions", full)
    os.symlink(full, os.path.join(home.pyenv, "versions", "3.12"))
    os.symlink(prefix, os.path.join(home.pyenv, "versions", "mine"))
    os.link(f"{prefix}/bin/python3.12", f"{prefix}/bin/python3.12-hard")
    for store in (".local/share/mise/installs/python", ".asdf/installs/python", ".rye/py"):
        home.folder(store)
        os.symlink(prefix, home.at(store, full))
    os.symlink(f"{prefix}/bin/python3.12", os.path.join(home.folder(".local/bin"), "python3.12"))
    os.symlink("python3.12", home.at(".local/bin/python3"))
    listing = home.json("list")
    (row,) = interpreters(listing, full)
    assert row["id"] == f"pyenv:{full}"
    names = {
        *(os.path.join(home.pyenv, "versions", name) for name in ("3.12", "mine")),
        home.at(".local/share/mise/installs/python", full),
        home.at(".asdf/installs/python", full),
        home.at(".local/bin/python3.12"),
        home.at(".local/bin/python3"),
    }
    assert names <= set(row["aliases"])
    assert max(Counter(row["aliases"]).values()) == 1
    assert not {row["path"], row["prefix"]} & set(row["aliases"])
    assert all(os.path.lexists(path) for path in row["aliases"])


@pytest.mark.long
def test_a_python_is_found_by_each_of_its_names(home: Home) -> None:
    full = home.version("3.12")
    prefix = os.path.join(home.pyenv, "versions", full)
    link = os.path.join(home.folder(".local/bin"), "python3.12")
    os.symlink(f"{prefix}/bin/python3.12", link)
    for word in (f"pyenv:{full}", link, prefix, f"{prefix}/bin/python"):
        assert f"pyenv:{full}" in home.envtui("show", word).stdout
    venv = home.at("by-alias")
    assert home.envtui("create", venv, "--python", link, "--yes").returncode == 0
    (env,) = home.json("list")["environments"]
    assert env["interpreter"] == f"pyenv:{full}"


@pytest.mark.long
def test_two_environments_on_one_base_never_merge(home: Home) -> None:
    paths = [home.venv(f"code/{name}/.venv", "3.12") for name in ("one", "two")]
    paths.append(home.virtualenv("code/three/.venv", "3.12", "--no-seed"))
    paths.append(home.venv("code/four/.venv", "3.12", "--copies"))
    os.link(f"{paths[3]}/bin/python3.12", f"{paths[3]}/bin/python3.12x")
    shutil.copytree(paths[0], home.at("code/copy/.venv"), symlinks=True)
    paths.append(home.at("code/copy/.venv"))
    nested = home.at("code/nested/.venv")
    home.run(f"{paths[0]}/bin/python", "-m", "venv", "--without-pip", nested)
    paths.append(nested)
    listing = home.json("list")
    assert sorted(item["path"] for item in listing["environments"]) == sorted(paths)
    assert {item["interpreter"] for item in listing["environments"]} == {
        f"pyenv:{home.version('3.12')}"
    }
    assert len({item["id"] for item in listing["environments"]}) == len(paths)
    assert interpreters(listing, home.version("3.12"))[0]["dependents"] == len(paths)


@pytest.mark.long
def test_links_to_an_environment_are_one_row_under_its_own_path(home: Home) -> None:
    real = home.venv("envs/shared", "3.12")
    for name in ("one", "two"):
        os.symlink(real, os.path.join(home.folder("code", name), ".venv"))
    os.symlink(os.path.dirname(real), home.at("elsewhere"))
    (env,) = home.json("list")["environments"]
    assert env["path"] == real
    told = home.envtui("show", env["id"]).stdout
    assert "code/one/.venv" in told
    assert "code/two/.venv" in told


@pytest.mark.long
def test_an_environment_linked_into_a_bin_is_no_name_of_its_base(home: Home) -> None:
    venv = home.venv("code/app/.venv", "3.12")
    link = os.path.join(home.folder(".local/bin"), "python3")
    os.symlink(f"{venv}/bin/python", link)
    (row,) = interpreters(home.json("list"), home.version("3.12"))
    assert link not in row["aliases"]


def test_merged_usr_is_one_folder(tmp_path: Any) -> None:
    root = str(tmp_path)
    made(f"{root}/usr", "3.11.2", "python3", "python")
    os.symlink("usr/bin", f"{root}/bin")
    os.makedirs(f"{root}/etc/alternatives")
    os.unlink(f"{root}/usr/bin/python")
    os.symlink(f"{root}/usr/bin/python3", f"{root}/etc/alternatives/python")
    os.symlink(f"{root}/etc/alternatives/python", f"{root}/usr/bin/python")
    for name in ("python3-config", "python3.11-config", "python3-dbg", "pythonw"):
        shutil.copy(f"{root}/usr/bin/python3.11", f"{root}/usr/bin/{name}")
    made(f"{root}/opt/python/cp312-cp312", "3.12.4", "python3", "python")
    made(f"{root}/opt/python/cp313-cp313", "3.13.1")
    os.symlink("nowhere", f"{root}/usr/bin/python3.9")
    host = Host(f"{root}/home", {}, root)
    system = System((f"{root}/usr/bin", f"{root}/bin"), f"{root}/opt/python")
    found = list(system.find(host, Prefixes(host)))
    own = {item.path: item.version for item in found if not item.aliases}
    assert own == {
        f"{root}/usr/bin/python3.11": "3.11.2",
        f"{root}/opt/python/cp312-cp312/bin/python3.12": "3.12.4",
        f"{root}/opt/python/cp313-cp313/bin/python3.13": "3.13.1",
    }
    linked = [item.aliases[0] for item in found if item.path.endswith("usr/bin/python3.11")
              and item.aliases]  # fmt: skip
    assert sorted(linked) == [f"{root}/usr/bin/python", f"{root}/usr/bin/python3"]


def test_shims_are_no_pythons(home: Home) -> None:
    """A shim of pyenv or mise, linked or copied to where people look, is not an interpreter."""
    home.write("mise", "#!/bin/sh\n")
    os.chmod(home.at("mise"), 0o755)
    os.symlink(home.at("mise"), os.path.join(home.folder(".local/bin"), "python3.12"))
    os.symlink(os.path.join(home.pyenv, "shims", "python3.11"), home.at(".local/bin/python3.11"))
    listing = home.json("list")
    assert not [item for item in listing["interpreters"] if "/shims/" in item["path"]]
    told = json.dumps(listing["interpreters"])
    assert home.at(".local/bin/python3.12") not in told
    assert "/shims/" not in told


@pytest.mark.long
def test_one_bad_apple_hides_nothing_else(home: Home) -> None:
    good = home.venv("code/good/.venv", "3.12")
    versions = os.path.join(home.pyenv, "versions")
    os.symlink("nowhere", os.path.join(versions, "gone"))
    os.makedirs(os.path.join(versions, "empty"))
    home.write(".pyenv/versions/.DS_Store", "\0")
    home.write("code/conda/conda-meta/history", "==> 2026 <==\n")
    home.write("code/cut/.venv/pyvenv.cfg", b"home")
    lost = home.venv("code/lost/.venv", "3.11")
    shutil.rmtree(os.path.join(versions, home.version("3.11")))
    shut = [home.folder(".local/share/mise/installs/python"), home.folder(".asdf/installs/python"),
            home.folder(".rye/py"), home.folder(".local/share/virtualenvs"),
            home.folder("brew/Cellar")]  # fmt: skip
    home.variables["HOMEBREW_PREFIX"] = home.at("brew")
    for path in shut:
        os.chmod(path, 0)
    done = home.run(*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    for path in shut:
        os.chmod(path, 0o700)
    listing = json.loads(done.stdout)
    health = {item["path"]: item["health"] for item in listing["environments"]}
    assert health[good] == "ok"
    assert health[lost] == "broken"
    assert f"pyenv:{home.version('3.12')}" in {item["id"] for item in listing["interpreters"]}
    assert set(shut) <= {item["path"] for item in listing["warnings"]}


@pytest.mark.long
def test_a_store_of_another_user_is_read_or_told(home: Home) -> None:
    if os.geteuid():
        pytest.skip("only root can give files away")
    folder = home.folder(".asdf/installs/python")
    full = home.version("3.11")
    os.rename(tools.graft(full, home.at("made")), f"{folder}/{full}-other")
    for path in (folder, f"{folder}/{full}-other"):
        os.chown(path, 12345, 12345)
        os.chmod(path, 0o755)
    command = (*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    found = json.loads(home.run(*command).stdout)
    assert f"asdf:{full}-other" in {item["id"] for item in found["interpreters"]}
    os.chmod(folder, 0o700)
    found = json.loads(home.run(*command).stdout)
    assert folder in {item["path"] for item in found["warnings"]}
    assert f"pyenv:{full}" in {item["id"] for item in found["interpreters"]}


def test_empty_stores_open_nothing_but_their_folders(in_home: Home) -> None:
    """What nobody installed costs one failed look each: no imports, no reading of files."""
    seen: list[str] = []
    looking = [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if looking and event in ("open", "os.listdir", "os.scandir", "import"):
            seen.append(str(arguments[0]))

    host = Host()
    scan(host, (in_home.path,))  # whatever is imported once
    sys.addaudithook(hook)
    scan(host, (in_home.path,))
    looking.clear()
    for name in ("mise", ".asdf", ".rye", "Cellar"):
        touched = [path for path in seen if f"/{name}" in path]
        assert len(touched) <= 4, touched  # Homebrew has as many places


BAD: dict[str, str | bytes] = {
    ".conda/environments.txt": "relative/env\n/nowhere/a\n/nowhere/a\n\n\0\n",
    ".condarc": "envs_dirs: [unclosed\n\t- x\n",
    ".cache/pypoetry/virtualenvs/envs.toml": '[shop-AbCd1234]\nminor = "3.1',
    ".pixi/config.toml": "detached-environments = [",
    ".config/hatch/config.toml": "[dirs",
    ".config/pdm/config.toml": "[venv\n",
    ".local/share/pipx/venvs/app/pipx_metadata.json": "[1]",
    ".local/share/uv/tools/tool/uv-receipt.toml": "tool = 3\n",
    "code/lab/.pixi/envs/default/conda-meta/pixi": '["no object"]',
    "code/filed/.venv": "/nowhere/at-all\n",  # as newer virtualenvs leave one beside
    "code/noise/.venv": b"\xff\x00 no path\n",
}


def test_spoilt_records_are_a_warning_each_beside_a_full_list(home: Home) -> None:
    """Each is told by its path; what stands beside it, and what it speaks of, is listed."""
    good = {home.venv(path, "3.12") for path in (
        "code/good/.venv", ".cache/pypoetry/virtualenvs/shop-AbCd1234-py3.12",
        ".local/share/pipx/venvs/app", ".local/share/uv/tools/tool", ".local/share/pdm/venvs/a-3.12",
    )}  # fmt: skip
    home.write("code/lab/.pixi/envs/default/conda-meta/history", "==> 2026 <==\n")
    home.write("code/filed/pyproject.toml", '[project]\nname = "filed"\n')
    for path, content in BAD.items():
        home.write(path, content)
    listing = home.json("list")
    told = [item["path"] for item in listing["warnings"]]
    assert sorted(told) == sorted(home.at(path) for path in BAD)
    found = {item["path"]: item["health"] for item in listing["environments"]}
    assert good == {path for path, health in found.items() if health == "ok"}
    assert home.at("code/lab/.pixi/envs/default") in found
    assert f"pyenv:{home.version('3.12')}" in {item["id"] for item in listing["interpreters"]}
    assert home.at("code/filed") in {item["path"] for item in listing["projects"]}
