"""mise for real: its store, its pins and its shell hook, with mise itself as the judge."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from typing import Any

import pytest

from tests import tools
from tests.homes import Home, picture
from tests.real.test_list import without_privilege

pytestmark = pytest.mark.long
QUIET = {"MISE_OFFLINE": "1", "MISE_YES": "1", "NO_COLOR": "1"}


@pytest.fixture
def mise(make_home: Callable[..., Home]) -> Home:
    """A home with mise: 3.11 in its store, 3.12 linked into it from elsewhere; no pyenv."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        pytest.skip("npm's mise of the tests is for Linux on x86-64")
    home = make_home(versions=[]).with_tools("mise")
    home.variables |= QUIET
    os.makedirs(installs(home))
    os.rename(tools.graft(version("3.11"), home.at("made")), installs(home, version("3.11")))
    linked = tools.graft(version("3.12"), home.at("opt"))
    home.run("mise", "link", f"python@{version('3.12')}", linked)
    return home


def version(minor: str) -> str:
    """The machine's full version of a minor."""
    for name in tools.installed_versions():
        if name.rpartition(".")[0] == minor:
            return name
    tools.missing(f"pyenv has no Python {minor}")
    raise AssertionError


def installs(home: Home, *parts: str) -> str:
    return home.at(".local/share/mise/installs/python", *parts)


def of_mise(listing: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in named(listing) if item["kind"] == "mise"}


def named(listing: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**item, "name": item["id"].partition(":")[2]} for item in listing["interpreters"]]


def used(home: Home, directory: str) -> list[str]:
    """The Pythons that mise itself would use in a directory."""
    shown = json.loads(home.run("mise", "ls", "python", "--json", cwd=directory).stdout)
    return [item["version"] for item in shown if item["active"]]


def test_each_version_is_listed_once_and_mise_agrees(mise: Home) -> None:
    found = of_mise(mise.json("list"))
    shown = json.loads(mise.run("mise", "ls", "python", "--json").stdout)
    assert sorted(found) == sorted(item["version"] for item in shown)
    for item in found.values():
        ask = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
        assert mise.run(item["path"], "-c", ask).stdout.strip() == item["version"] == item["name"]
        assert item["prefix"] == installs(mise, item["name"])
    aliases = {os.path.basename(path) for path in found[version("3.12")]["aliases"]}
    assert aliases == {"3", "3.12", "latest"}
    assert [os.path.basename(p) for p in found[version("3.11")]["aliases"]] == ["3.11"]


def test_a_python_that_pyenv_and_mise_share_is_one_row(make_home: Callable[..., Home]) -> None:
    home = make_home(versions=["3.12"])
    name = home.version("3.12")
    os.makedirs(installs(home))
    os.symlink(os.path.join(home.pyenv, "versions", name), installs(home, name))
    os.symlink(f"./{name}", installs(home, "3.12"))
    home.write("code/app/mise.toml", '[tools]\npython = "3.12"\n')
    listing = home.json("list")
    rows = [item for item in listing["interpreters"] if item["version"] == name]
    assert [item["id"] for item in rows] == [f"pyenv:{name}"]
    assert set(rows[0]["aliases"]) == {installs(home, name), installs(home, "3.12")}
    (project,) = listing["projects"]
    assert project["managers"] == ["mise"]
    assert project["pins"][0]["resolves_to"] == [f"pyenv:{name}"]


def test_what_mise_holds_and_pyenv_links_to_is_mises(mise: Home) -> None:
    name = version("3.11")
    os.makedirs(mise.at(".pyenv/versions"), exist_ok=True)
    os.symlink(installs(mise, name), mise.at(".pyenv/versions", name))
    mise.write("code/app/.python-version", f"{name}\n")
    listing = mise.json("list")
    rows = [item for item in listing["interpreters"] if item["version"] == name]
    assert [item["id"] for item in rows] == [f"mise:{name}"]
    assert mise.at(".pyenv/versions", name) in rows[0]["aliases"]
    (project,) = listing["projects"]
    assert project["pins"][0]["resolves_to"] == [f"mise:{name}"]


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("mise.toml", None, '[tools]\npython = "{word}"\n'),
        (
            "mise.toml",
            '# ours\n[tools]\nnode = "20" # n\npython = "3.11"  # keep\n\n[env]\nA = "1"\n',
            '# ours\n[tools]\nnode = "20" # n\npython = "{word}"  # keep\n\n[env]\nA = "1"\n',
        ),
        (
            ".mise.toml",
            '[tools]\npython = {{version="3.11", virtualenv=".v"}} # keep\n',
            '[tools]\npython = {{version="{word}", virtualenv=".v"}} # keep\n',
        ),
        (".tool-versions", "# a\nnodejs 20\npython 3.11  # b\n", "# a\nnodejs 20\npython {word}  # b\n"),
        (".tool-versions", "nodejs 20\r\npython\t3.11\r\n", "nodejs 20\r\npython\t{word}\r\n"),
    ],
)  # fmt: skip
def test_a_pin_goes_where_mise_reads_it_and_comes_back(
    file: str, before: str | None, after: str, mise: Home
) -> None:
    project = mise.folder("code", "app")
    if before is not None:
        mise.write(f"code/app/{file}", before.replace("{{", "{").replace("}}", "}"))
    was = picture(project)
    answer = mise.json("pin", "3.12", "--yes", cwd=project)
    with open(os.path.join(project, file), newline="") as written:
        assert written.read() == after.format(word="3.12")
    assert used(mise, project) == [version("3.12")]
    (listed,) = mise.json("list")["projects"]
    assert listed["pins"][0]["versions"] == ["3.12"]
    assert listed["pins"][0]["resolves_to"] == [f"mise:{version('3.12')}"]
    assert mise.envtui("undo", str(answer["id"]), "--yes").returncode == 0
    now = picture(project)
    assert {k: v[3] for k, v in now.items()} == {k: v[3] for k, v in was.items()}


def test_of_several_files_the_one_that_decides_is_written(mise: Home) -> None:
    for name in ("mise.toml", ".mise.toml", "mise.local.toml"):
        mise.write(f"code/app/{name}", '[tools]\npython = "3.11"\n')
    project = mise.at("code/app")
    assert mise.envtui("pin", "3.12", "--yes", cwd=project).returncode == 0
    assert used(mise, project) == [version("3.12")]
    with open(f"{project}/mise.local.toml") as file:
        assert file.read() == '[tools]\npython = "3.12"\n'


def test_several_pythons_keep_their_lines(mise: Home) -> None:
    path = mise.write("code/app/mise.toml", '[tools]\npython = [\n  "3.11", # old\n  "3.12",\n]\n')
    project = mise.at("code/app")
    assert mise.envtui("pin", "3.12", "3.11", "--yes", cwd=project).returncode == 0
    with open(path) as file:
        assert file.read() == '[tools]\npython = [\n  "3.12", # old\n  "3.11",\n]\n'
    assert used(mise, project) == [version("3.11"), version("3.12")]


def test_unpinning_leaves_the_other_tools(mise: Home) -> None:
    path = mise.write("code/app/mise.toml", '[tools]\nnode = "20"\npython = "3.12"\n')
    project = mise.at("code/app")
    assert mise.envtui("unpin", "--yes", cwd=project).returncode == 0
    with open(path) as file:
        assert file.read() == '[tools]\nnode = "20"\n'
    assert used(mise, project) == []
    assert mise.envtui("undo", "--yes").returncode == 0
    assert used(mise, project) == [version("3.12")]


def test_what_is_not_installed_is_not_pinned(mise: Home) -> None:
    path = mise.write("code/app/mise.toml", '[tools]\npython = "3.12"\n')
    done = mise.envtui("pin", "3.99", "--yes", cwd=mise.at("code/app"))
    assert done.returncode == 2
    assert "mise install python@3.99" in done.stderr
    with open(path) as file:
        assert file.read() == '[tools]\npython = "3.12"\n'


def test_switching_to_one_agrees_with_the_hook_of_mise(mise: Home) -> None:
    mise.write("code/app/mise.toml", '[tools]\npython = "3.12"\n')
    name, project = version("3.11"), mise.at("code/app")
    plain = mise.envtui("run", f"mise:{name}", "--", "python", "-V", cwd=project)
    assert plain.stdout.split() == ["Python", name]
    script = 'eval "$(mise activate bash)"; eval "$(mise hook-env -s bash)"; python -V'
    assert mise.run("bash", "-c", script, cwd=project).stdout.split() == ["Python", version("3.12")]
    hooked = mise.envtui("run", f"mise:{name}", "--", "bash", "-c", script, cwd=project)
    assert hooked.stdout.split() == ["Python", name]


def test_an_environment_on_it_is_created_removed_and_brought_back(mise: Home) -> None:
    name, project = version("3.12"), mise.folder("code", "app")
    assert mise.envtui("create", "--python", f"mise:{name}", "--yes", cwd=project).returncode == 0
    listing = mise.json("list")
    (made,) = listing["environments"]
    assert (made["interpreter"], made["version"], made["health"]) == (f"mise:{name}", name, "ok")
    assert of_mise(listing)[name]["dependents"] == 1
    before = picture(made["path"])
    assert mise.envtui("remove", made["id"], "--yes", cwd=project).returncode == 0
    assert mise.envtui("undo", "--yes", cwd=project).returncode == 0
    assert picture(made["path"]) == before


def test_mise_alone_removes_what_it_holds(mise: Home) -> None:
    done = mise.envtui("remove", f"mise:{version('3.11')}", "--yes")
    assert done.returncode == 3
    assert f"mise uninstall python@{version('3.11')}" in done.stderr
    assert os.path.isdir(installs(mise, version("3.11")))


def test_a_spoilt_store_and_spoilt_files_hide_nothing(mise: Home) -> None:
    os.symlink("nowhere", installs(mise, "3.10.1"))
    os.mkdir(installs(mise, "3.9.9"))
    os.symlink("again", installs(mise, "again"))
    shut = mise.write("code/shut/mise.toml", '[tools]\npython = "3.12"\n')
    os.chmod(shut, 0)
    bad = mise.write("code/bad/mise.toml", '[tools\npython = "')
    shape = mise.write("code/shape/mise.toml", "tools = 3\n")
    mise.write("code/node/mise.toml", '[tools]\nnode = "20"\n')
    mise.write("code/node/.tool-versions", "nodejs 20\n")
    import sys

    done = mise.run(*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    listing = json.loads(done.stdout)
    assert sorted(of_mise(listing)) == [version("3.11"), version("3.12")]
    warned = {item["path"] for item in listing["warnings"]}
    wrong = {installs(mise, name) for name in ("3.10.1", "3.9.9", "again")}
    assert {*wrong, shut, bad} <= warned
    assert mise.at("code/node") not in {item["path"] for item in listing["projects"]}
    for path in (bad, shape):
        done = mise.envtui("pin", "3.12", "--yes", cwd=os.path.dirname(path))
        assert done.returncode in (0, 2), done
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("shape", ["file", "shut"])
def test_a_store_that_is_none_is_told(shape: str, make_home: Callable[..., Home]) -> None:
    home = make_home(versions=["3.12"])
    folder = installs(home)
    if shape == "file":
        home.write(".local/share/mise/installs/python", "a file")
    else:
        os.makedirs(folder)
        os.chmod(folder, 0)
    import sys

    done = home.run(*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    listing = json.loads(done.stdout)
    assert folder in {item["path"] for item in listing["warnings"]}
    assert f"pyenv:{home.version('3.12')}" in {item["id"] for item in listing["interpreters"]}
    os.path.isdir(folder) and os.chmod(folder, 0o700)


FILES = (
    {},
    {"code/mise.toml": '[tools]\npython = "3.11"\n'},
    {"code/.tool-versions": "python 3.11\n"},
    {"code/app/.tool-versions": "python 3.11\n", "code/app/mise.toml": '[tools]\npython = "3.12"\n'},
    {"code/app/.tool-versions": "python 3.11\n", "code/mise.toml": '[tools]\npython = "3.12"\n'},
    {"code/app/mise.toml": '[tools]\npython = "3.11"\n', "code/app/.mise.toml": '[tools]\npython = "3"\n'},
    {"code/app/mise.toml": '[tools]\nnode = "20"\n', "code/mise.toml": '[tools]\npython = "3.11"\n'},
    {".config/mise/config.toml": '[tools]\npython = "3.11"\n'},
    {".config/mise/config.toml": '[tools]\npython = "3.11"\n', "code/.tool-versions": "python 3.12\n"},
    {"code/app/mise.toml": '[tools]\npython = ["3.11", "3.12"]\n'},
    {"code/app/mise.toml": '[tools]\npython = "latest"\n'},
    {"code/app/mise.toml": '[tools]\npython = "prefix:3.11"\n'},
    {"code/app/mise.toml": '[tools]\npython = {version = "3.11"}\n'},
    {"code/app/mise.toml": '[tools]\npython = "3.1"\n'},
    {"code/app/mise.toml": '[tools]\npython = "3.11"\n', "code/app/mise.prod.toml": '[tools]\npython = "3.12"\n'},
    {"code/app/mise.a.local.toml": '[tools]\npython = "3.11"\n', "code/app/.mise.local.toml": '[tools]\npython = "3.12"\n'},
    {"code/app/mise.a.local.toml": '[tools]\npython = "3.11"\n', "code/app/.mise.prod.toml": '[tools]\npython = "3.12"\n'},
    {"code/mise.prod.toml": '[tools]\npython = "3.11"\n', "code/app/.config/mise.toml": '[tools]\npython = "3.12"\n'},
    {"code/app/.mise/config.toml": '[tools]\npython = "3.11"\n', "code/app/mise.toml": '[tools]\npython = "3.12"\n'},
    {"code/app/mise/config.toml": '[tools]\npython = "3.11"\n', "code/app/.tool-versions": "python 3.12\n"},
)  # fmt: skip


@pytest.mark.parametrize("variable", ["", "3.11"])
def test_why_answers_as_mise_does(variable: str, mise: Home) -> None:
    """The files in turn, in a shell with mise's shims, against `mise current` and `mise ls`."""
    project = mise.folder("code", "app")
    mise.variables["PATH"] = mise.at(".local/share/mise/shims") + ":" + mise.variables["PATH"]
    mise.variables["MISE_ENV"] = "a,prod"
    if variable:
        mise.variables["MISE_PYTHON_VERSION"] = variable
    for files in FILES:
        for path, content in files.items():
            mise.write(path, content)
        said = mise.run("mise", "current", "python", cwd=project, check=False).stdout.split()[:1]
        answer = mise.json("why", cwd=project, code=0 if said != ["3.1"] else 1)
        if said in ([], ["3.1"]):
            assert not (answer["python"] or "").startswith("mise:"), (files, said, answer)
        else:
            assert answer["python"] == f"mise:{said[0]}", (files, said, answer)
            shown = json.loads(mise.run("mise", "ls", "python", "--json", cwd=project).stdout)
            (source,) = (
                {item["source"]["path"] for item in shown if item["version"] == said[0]}
                if not variable
                else (None,)
            )
            assert source is None or answer["decided_by"]["source"] == source
        for path in files:
            os.unlink(mise.at(path))


def test_the_global_pin_and_the_files_of_an_environment(mise: Home) -> None:
    older, newer = version("3.11"), version("3.12")
    project, elsewhere = mise.folder("code", "app"), mise.folder("elsewhere")
    for before in (None, '# mine\n[tools]\nnode = "20"\n'):
        if before:
            mise.write(".config/mise/config.toml", before)
        done = mise.envtui("pin", "3.11", "--global", "--yes", cwd=project)
        assert done.returncode == 0, done.stderr
        assert used(mise, elsewhere) == [older]
        with open(mise.at(".config/mise/config.toml")) as file:
            assert file.read() == (before or "[tools]\n") + 'python = "3.11"\n'
        assert mise.envtui("undo", "--yes").returncode == 0
        assert os.path.exists(mise.at(".config/mise/config.toml")) == bool(before)
    mise.json("pin", "3.11", "--global", "--yes", cwd=project)
    mise.variables["MISE_ENV"] = "prod"
    path = mise.write("code/app/mise.prod.toml", '[tools]\npython = "3.11" # live\n')
    mise.write("code/app/mise.toml", '[tools]\npython = "3.11"\n')
    (listed,) = mise.json("list")["projects"]
    assert [pin["file"] for pin in listed["pins"]] == [path, mise.at("code/app/mise.toml")]
    mise.json("pin", "3.12", "--yes", cwd=project)
    assert used(mise, project) == [newer]
    with open(path) as file:
        assert file.read() == '[tools]\npython = "3.12" # live\n'
    mise.json("unpin", "--global", "--yes", cwd=project)
    assert used(mise, elsewhere) == []
    done = mise.envtui("unpin", "--global", "--yes", cwd=project)
    assert (done.returncode, "mise has no global version" in done.stderr) == (1, True)


def test_a_pin_is_meant_for_new_environments_too(mise: Home) -> None:
    path = mise.write("code/app/mise.toml", '[tools]\npython = "3.11"\n')
    project = mise.at("code/app")
    answer = mise.json("why", cwd=project)
    assert (answer["python"], answer["decided_by"]["source"]) == (f"mise:{version('3.11')}", path)
    assert "not active in this shell" in answer["decided_by"]["rule"]
    done = mise.envtui("create", "--yes", cwd=project)
    assert done.returncode == 0, done.stderr
    (made,) = mise.json("list")["environments"]
    assert made["interpreter"] == f"mise:{version('3.11')}"
