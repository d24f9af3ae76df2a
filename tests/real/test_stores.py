"""asdf, rye, direnv and what the system brings: real Pythons in the places these keep them.

None of these managers is installed here; macOS, Homebrew and Windows are rules on paper, held
against made trees and made registries.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from envtui.adapters.homebrew import Homebrew
from envtui.adapters.macos import MacOS
from envtui.adapters.system import System
from envtui.adapters.windows import Entry, found_in, from_store, managed
from envtui.host import Host
from envtui.model import Interpreter, Notice
from envtui.prefix import Prefixes
from tests import tools
from tests.homes import Home, picture
from tests.real.test_mise import version


@pytest.fixture
def bare(make_home: Callable[..., Home]) -> Home:
    """A home without any manager."""
    return make_home(versions=[])


def put(home: Home, minor: str, place: str) -> str:
    """A real Python in a store's directory."""
    made = tools.graft(version(minor), home.at("made"))
    os.makedirs(os.path.dirname(home.at(place)), exist_ok=True)
    os.rename(made, home.at(place))
    return home.at(place)


def by_id(listing: dict[str, Any], key: str = "interpreters") -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in listing[key]}


@pytest.mark.long
def test_asdf_is_listed_pinned_switched_to_and_undone(bare: Home) -> None:
    full = version("3.12")
    prefix = put(bare, "3.12", f".asdf/installs/python/{full}")
    path = bare.write("code/app/.tool-versions", f"# tools\nnodejs 20.1\npython {full} # ours\n")
    project, before = bare.at("code/app"), picture(bare.at("code/app"))
    listing = bare.json("list")
    found = by_id(listing)[f"asdf:{full}"]
    assert (found["version"], found["prefix"]) == (full, prefix)
    (listed,) = listing["projects"]
    assert listed["managers"] == ["asdf"]
    assert listed["pins"] == [
        {"file": path, "versions": [full], "resolves_to": [f"asdf:{full}"]}
    ]  # fmt: skip

    done = bare.envtui("run", f"asdf:{full}", "--", "python", "-V", cwd=project)
    assert done.stdout.split() == ["Python", full]
    assert "ASDF_PYTHON_VERSION=" in bare.envtui("env", f"asdf:{full}").stdout

    refused = bare.envtui("pin", "3.12", "--yes", cwd=project)
    assert refused.returncode == 2, "asdf takes exact versions only"
    assert "asdf install python 3.12" in refused.stderr
    assert bare.envtui("unpin", "--yes", cwd=project).returncode == 0
    with open(path) as file:
        assert file.read() == "# tools\nnodejs 20.1\n"
    assert bare.envtui("undo", "--yes", cwd=project).returncode == 0
    assert picture(project)[".tool-versions"][3] == before[".tool-versions"][3]
    bare.write(".tool-versions", "nodejs 20.1\n")
    assert bare.envtui("pin", full, "--global", "--yes", cwd=project).returncode == 0
    with open(bare.at(".tool-versions")) as file:
        assert file.read() == f"nodejs 20.1\npython {full}\n"
    bare.variables["PATH"] = bare.at(".asdf/shims") + ":" + bare.variables["PATH"]
    why = bare.json("why", cwd=bare.folder("elsewhere"))
    assert (why["python"], why["decided_by"]["source"]) == (
        f"asdf:{full}",
        bare.at(".tool-versions"),
    )
    assert bare.envtui("unpin", "--global", "--yes").returncode == 0
    with open(bare.at(".tool-versions")) as file:
        assert file.read() == "nodejs 20.1\n"
    assert bare.envtui("remove", f"asdf:{full}", "--yes").returncode == 3
    assert os.path.isdir(prefix)


@pytest.mark.long
def test_rye_is_read_and_left_alone(bare: Home) -> None:
    first, second = version("3.12"), version("3.11")
    put(bare, "3.12", f".rye/py/cpython@{first}")
    elsewhere = put(bare, "3.11", "opt/python")
    python = f"{elsewhere}/bin/python3.11"
    bare.write(f".rye/py/cpython@{second}", python)
    os.symlink(python, bare.at(".rye/py/custom@3.11"))
    bare.write(".rye/py/cpython@3.99.1", "/nowhere/bin/python3\n")
    bare.write(".rye/py/noise", b"\xff\x00\n\n")
    venv = bare.at("code/app/.venv")
    bare.run(
        bare.at(f".rye/py/cpython@{first}/bin/python3.12"), "-m", "venv", "--without-pip", venv
    )
    bare.write(
        "code/app/.venv/rye-venv.json",
        json.dumps({"python": f"cpython@{first}", "venv_path": venv}),
    )
    bare.write("code/app/pyproject.toml", '[project]\nname = "app"\nversion = "1"\n')
    listing = bare.json("list")
    found = by_id(listing)
    assert found[f"rye:cpython@{first}"]["version"] == first
    shared = [item for item in found.values() if item["version"] == second]
    assert len(shared) == 1, "the text file and the link lead to one Python"
    assert bare.at(".rye/py/custom@3.11") in shared[0]["aliases"]
    (env,) = listing["environments"]
    assert (env["kind"], env["project"], env["link"]) == ("rye", bare.at("code/app"), "linked")
    assert env["interpreter"] == f"rye:cpython@{first}"
    warned = {os.path.basename(item["path"]) for item in listing["warnings"]}
    assert {"cpython@3.99.1", "noise"} <= warned

    before = picture(venv)
    assert bare.envtui("run", env["id"], "--", "python", "-V").stdout.split()[1] == first
    assert bare.envtui("remove", env["id"], "--yes").returncode == 0
    assert bare.envtui("undo", "--yes").returncode == 0
    assert picture(venv) == before
    for spoilt in (b"[1, 2]", b"{", b'{"venv_path": 3}', b"[" * 99999):
        bare.write("code/app/.venv/rye-venv.json", spoilt)
        (env,) = bare.json("list")["environments"]
        assert (env["kind"], env["project"]) == ("rye", bare.at("code/app"))


@pytest.mark.long
def test_an_environment_of_rye_whose_project_is_gone_is_orphaned(home: Home) -> None:
    venv = home.venv("loose", "3.12")
    record = {"python": "cpython@3.12.1", "venv_path": home.at("code/gone/.venv")}
    home.write("loose/rye-venv.json", json.dumps(record))
    (env,) = home.json("list")["environments"]
    assert (env["path"], env["kind"]) == (venv, "rye")
    assert (env["project"], env["link"]) == (home.at("code/gone"), "orphaned")


@pytest.mark.long
def test_direnv_is_told_by_its_folder(home: Home) -> None:
    home.write("code/app/.envrc", "layout python\n")
    path = home.venv(f"code/app/.direnv/python-{home.version('3.12')}", "3.12")
    other = home.virtualenv("code/lib/.direnv/virtualenv", "3.11", "--no-seed")
    found = {item["path"]: item for item in home.json("list")["environments"]}
    assert {item["kind"] for item in found.values()} == {"direnv"}
    assert found[path]["project"] == home.at("code/app")
    assert found[other]["project"] == home.at("code/lib")
    assert found[path]["interpreter"] == f"pyenv:{home.version('3.12')}"
    before = picture(path)
    assert home.envtui("remove", found[path]["id"], "--yes").returncode == 0
    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before


def test_the_systems_python_says_that_pip_is_kept_out(bare: Home) -> None:
    found = [item for item in bare.json("list")["interpreters"] if item["kind"] == "system"]
    if not found:
        pytest.skip("no Python in /usr/bin")
    for item in found:
        folder = f"python{'.'.join(item['version'].split('.')[:2])}"
        mark = os.path.join(item["prefix"], "lib", folder, "EXTERNALLY-MANAGED")
        assert any(mark in line for line in item["evidence"]) == os.path.exists(mark)
    shown = bare.envtui("show", found[0]["id"])
    assert ("externally managed" in shown.stdout) == bool(found[0]["evidence"])


def made(path: str, full: str, *names: str) -> str:
    """A prefix as an installer leaves it: an executable, names for it, the header."""
    minor = ".".join(full.split(".")[:2])
    os.makedirs(f"{path}/bin")
    os.makedirs(f"{path}/include/python{minor}")
    with open(f"{path}/bin/python{minor}", "w") as file:
        file.write(full)
    os.chmod(f"{path}/bin/python{minor}", 0o755)
    for name in names:
        os.symlink(f"python{minor}", f"{path}/bin/{name}")
    with open(f"{path}/include/python{minor}/patchlevel.h", "w") as file:
        file.write(f'#define PY_VERSION "{full}"\n')
    return path


def read(adapter: Any, host: Host) -> dict[str, Interpreter]:
    found = list(adapter.find(host, Prefixes(host)))
    assert not [item for item in found if isinstance(item, Notice)]
    return {item.id: item for item in found}


@pytest.mark.parametrize("mac", [True, False])
def test_homebrew_offers_the_path_that_stays(mac: bool, tmp_path: Any) -> None:
    root = str(tmp_path / "brew")
    for formula, keg, full in (
        ("python@3.12", "3.12.3_1", "3.12.3"),
        ("python@3.12", "3.12.2", "3.12.2"),
        ("python@3.13", "3.13.1", "3.13.1"),
    ):
        path = f"{root}/Cellar/{formula}/{keg}"
        minor = full.rpartition(".")[0]
        if mac:
            inner = f"{path}/Frameworks/Python.framework/Versions/{minor}"
            made(inner, full)
            os.makedirs(f"{path}/bin")
            os.symlink(f"{inner}/bin/python{minor}", f"{path}/bin/python{minor}")
        else:
            made(path, full)
    os.makedirs(f"{root}/Cellar/python@3.11/3.11.9")  # an interrupted upgrade
    os.makedirs(f"{root}/Cellar/wget/1.2/bin")
    for folder in ("opt", "bin"):
        os.makedirs(f"{root}/{folder}")
    os.symlink("../Cellar/python@3.12/3.12.3_1", f"{root}/opt/python@3.12")
    os.symlink("../Cellar/python@3.12/3.12.3_1/bin/python3.12", f"{root}/bin/python3.12")
    host = Host(str(tmp_path), {"HOMEBREW_PREFIX": root}, str(tmp_path))
    found = read(Homebrew(), host)
    assert set(found) >= {"homebrew:python@3.12", "homebrew:python@3.12-3.12.2"}
    linked = found["homebrew:python@3.12"]
    assert linked.path == f"{root}/opt/python@3.12/bin/python3.12"
    assert linked.version == "3.12.3"
    assert f"{root}/bin/python3.12" in linked.aliases
    assert os.path.realpath(linked.path).startswith(linked.prefix + "/")
    assert found["homebrew:python@3.12-3.12.2"].version == "3.12.2"
    assert found["homebrew:python@3.13-3.13.1"].version == "3.13.1"


def test_two_homebrews_keep_their_pythons_apart(tmp_path: Any) -> None:
    places = (f"{tmp_path}/arm", f"{tmp_path}/intel")
    for place in places:
        made(f"{place}/Cellar/python@3.12/3.12.3", "3.12.3")
        os.makedirs(f"{place}/opt")
        os.symlink("../Cellar/python@3.12/3.12.3", f"{place}/opt/python@3.12")
    found = read(Homebrew(places), Host(str(tmp_path), {"HOMEBREW_PREFIX": f"{places[1]}/"}, "/"))
    assert set(found) == {"homebrew:python@3.12", "homebrew:~/arm/Cellar/python@3.12/3.12.3"}
    assert found["homebrew:python@3.12"].path.startswith(places[1]), "brew shellenv's comes first"


def test_homebrew_in_a_home_is_listed_once_and_never_removed(bare: Home) -> None:
    root, full = bare.at("brew"), version("3.12")
    put(bare, "3.12", f"brew/Cellar/python@3.12/{full}")
    for folder in ("opt", "bin"):
        os.makedirs(f"{root}/{folder}")
    os.symlink(f"../Cellar/python@3.12/{full}", f"{root}/opt/python@3.12")
    bare.variables["HOMEBREW_PREFIX"] = root
    found = by_id(bare.json("list"))
    assert found["homebrew:python@3.12"]["version"] == full
    assert len([item for item in found.values() if item["version"] == full]) == 1
    assert bare.envtui("remove", "homebrew:python@3.12", "--yes").returncode == 3
    venv = bare.at("code/.venv")
    done = bare.envtui("create", venv, "--python", "homebrew:python@3.12", "--yes")
    assert done.returncode == 0, done.stderr
    with open(f"{venv}/pyvenv.cfg") as file:
        assert f"{root}/opt/python@3.12/bin" in file.read(), "an upgrade must not break it"
    (env,) = bare.json("list")["environments"]
    assert env["interpreter"] == "homebrew:python@3.12"


def test_macos_frameworks_are_read_and_the_stub_is_only_a_name(tmp_path: Any) -> None:
    root = str(tmp_path)
    frameworks = f"{root}/Library/Frameworks"
    made(f"{frameworks}/Python.framework/Versions/3.12", "3.12.4", "python3")
    os.symlink("3.12", f"{frameworks}/Python.framework/Versions/Current")
    os.makedirs(f"{frameworks}/Python.framework/Versions/3.8/lib")  # left by an uninstaller
    made(f"{frameworks}/PythonT.framework/Versions/3.13", "3.13.2")
    tool = f"{root}/Library/Developer/CommandLineTools"
    made(f"{tool}/Library/Frameworks/Python3.framework/Versions/3.9", "3.9.6")
    xcode = f"{root}/Applications/Xcode-beta.app/Contents/Developer"
    made(f"{xcode}/Library/Frameworks/Python3.framework/Versions/3.9", "3.9.6")
    os.makedirs(f"{tool}/usr/bin")
    os.symlink(
        f"{tool}/Library/Frameworks/Python3.framework/Versions/3.9/bin/python3.9",
        f"{tool}/usr/bin/python3",
    )
    os.makedirs(f"{root}/var/db")
    os.symlink(tool, f"{root}/var/db/xcode_select_link")
    found = read(MacOS(root), Host(root, {}, root, "darwin"))
    assert {name: item.version for name, item in found.items()} == {
        "macos:3.12": "3.12.4",
        "macos:free-threaded-3.13": "3.13.2",
        "macos:CommandLineTools-3.9": "3.9.6",
        "macos:Xcode-beta-3.9": "3.9.6",
    }
    assert found["macos:CommandLineTools-3.9"].aliases == (
        f"{tool}/usr/bin/python3",
        "/usr/bin/python3",
    )
    assert all(item.path != "/usr/bin/python3" for item in found.values())
    chosen = read(MacOS(root), Host(root, {"DEVELOPER_DIR": xcode}, root, "darwin"))
    assert "/usr/bin/python3" in chosen["macos:Xcode-beta-3.9"].aliases
    assert read(MacOS(root), Host(root, {}, root, "linux")) == {}


def test_on_macos_the_stubs_folder_is_not_looked_into(tmp_path: Any) -> None:
    root = str(tmp_path)
    made(f"{root}/local", "3.11.9")
    stub = ("/usr/bin", f"{root}/local/bin")
    found = read(System(stub, f"{root}/none"), Host(root, {}, root, "darwin"))
    assert [item.path for item in found.values()] == [f"{root}/local/bin/python3.11"]


def test_the_registrys_words_become_interpreters() -> None:
    entries = [
        Entry(
            "PythonCore",
            "3.12",
            "3.12.4",
            "C:\\Users\\me\\Python312\\",
            "C:\\Users\\me\\Python312\\python.exe",
        ),
        Entry(
            "PythonCore", "3.12", "3.12.1", "C:\\Python312", "C:\\Python312\\python.exe"
        ),  # the machine's
        Entry("pythoncore", "3.9-32", "3.9.2", "C:\\Python39", None),  # an old installer
        Entry("PyPy", "pypy3.10", "7.3.15", "C:\\pypy", "C:\\pypy\\pypy3.exe"),
        Entry("PyLauncher", "x", None, "C:\\Windows", None),
        Entry("ContinuumAnalytics", "Anaconda", "3.11", "C:\\conda", None),
        Entry("PythonCore", "2.7", None, None, None),  # uninstalled, its key left behind
        Entry("PythonCore", "3.14-dev", "odd words", "C:\\P", None),
    ]
    found = {item.id: item for item in found_in(entries)}
    assert set(found) == {
        "windows:3.12", "windows:3.9-32", "windows:PyPy-pypy3.10", "windows:3.14-dev",
    }  # fmt: skip
    assert found["windows:3.12"].path == "C:\\Users\\me\\Python312\\python.exe"
    assert found["windows:3.12"].prefix == "C:\\Users\\me\\Python312"
    assert found["windows:3.9-32"].path == "C:\\Python39\\python.exe"
    assert found["windows:PyPy-pypy3.10"].implementation == "pypy"


def test_the_store_and_the_install_manager_are_read_by_their_folders(tmp_path: Any) -> None:
    root = str(tmp_path)
    apps = f"{root}/Microsoft/WindowsApps"
    for name in ("PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0", "Other.App_x"):
        os.makedirs(f"{apps}/{name}")
    open(f"{apps}/python.exe", "w").close()  # the stub that opens the Store
    record = {"sort-version": "3.14.0", "tag": "3.14-64", "executable": "./python.exe"}
    for name, content in (
        ("good", json.dumps(record)),
        ("cut", '{"tag"'),
        ("shape", "[]"),
        ("odd", '{"tag": 1}'),
    ):
        os.makedirs(f"{root}/Python/{name}")
        with open(f"{root}/Python/{name}/__install__.json", "w") as file:
            file.write(content)
    host = Host(root, {"LOCALAPPDATA": root}, root, "win32")
    assert [(item.id, item.version) for item in from_store(host)] == [
        ("windows:Store-3.12", "3.12")
    ]
    (kept,) = managed(host)
    assert (kept.id, kept.version) == ("windows:3.14-64", "3.14.0")
    assert kept.path == f"{root}/Python/good/python.exe"
    shutil.rmtree(root)
    assert (from_store(host), managed(host)) == ([], [])
