"""pixi: real prefixes with pixi's marks laid on by hand, since no pixi can be had here."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.homes import Home, picture
from tests.real import condas

pytestmark = pytest.mark.long
PYTHON = f"python={condas.MINOR}"


def environment(home: Home, path: str, manifest: str | None, name: str = "default") -> str:
    """A prefix with the file by which pixi marks its own (crates/pixi_core, EnvironmentFile)."""
    full = condas.prefix(home, path, PYTHON, written=False)
    if manifest is not None:
        record = {
            "manifest_path": manifest,
            "environment_name": name,
            "pixi_version": "0.72.0",
            "environment_lock_file_hash": "0123456789abcdef",
            "resolved_platform": None,
        }
        home.write(f"{path}/conda-meta/pixi", json.dumps(record))
    return full


def workspace(home: Home, path: str) -> str:
    """A workspace with its manifest, which is the answer."""
    name = os.path.basename(path)
    return home.write(f"{path}/pixi.toml", f'[workspace]\nname = "{name}"\nchannels = []\n')


def listed(home: Home) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in home.json("list")["environments"]}


def test_environments_of_workspaces_detached_and_global_ones(home: Home) -> None:
    shop = workspace(home, "code/shop")
    home.write("code/shop/pixi.lock", "version: 6\n")
    lab = workspace(home, "code/lab")
    environment(home, "code/shop/.pixi/envs/default", shop)
    environment(home, "code/shop/.pixi/envs/test", shop, "test")
    detached = environment(home, ".cache/rattler/cache/envs/lab-1234567/envs/default", lab)
    home.folder("code", "lab", ".pixi")
    os.symlink(os.path.dirname(detached), home.at("code/lab/.pixi/envs"))
    home.write(".pixi/config.toml", f'detached-environments = "{home.at("big")}"\n')
    gone = home.at("code/gone/pixi.toml")
    environment(home, "big/gone-99/envs/default", gone)
    environment(home, ".pixi/envs/ruff", None)
    found = listed(home)
    told = {name: (i["name"], i["project"], i["link"]) for name, i in found.items()}
    assert told == {
        "pixi:~/code/shop/.pixi/envs/default": ("shop/default", home.at("code/shop"), "linked"),
        "pixi:~/code/shop/.pixi/envs/test": ("shop/test", home.at("code/shop"), "linked"),
        "pixi:~/.cache/rattler/cache/envs/lab-1234567/envs/default": (
            "lab/default", home.at("code/lab"), "linked",
        ),
        "pixi:~/big/gone-99/envs/default": ("gone/default", home.at("code/gone"), "orphaned"),
        "pixi:ruff": ("ruff", None, "none"),
    }  # fmt: skip
    for item in found.values():
        assert (item["kind"], item["version"], item["health"]) == ("pixi", condas.version(), "ok")
    assert found["pixi:~/code/shop/.pixi/envs/test"]["created_by"] == "pixi 0.72.0"
    projects = {item["path"]: item for item in home.json("list")["projects"]}
    assert projects[home.at("code/shop")]["managers"] == ["pixi"]
    assert projects[home.at("code/shop")]["lock"] == "pixi.lock"
    assert len(projects[home.at("code/shop")]["environments"]) == 2


def test_a_workspace_outside_the_roots_that_pixi_has_registered(home: Home, tmp_path: str) -> None:
    outside = os.path.join(tmp_path, "outside", "ws")
    os.makedirs(outside)
    home.run(*condas.making(f"{outside}/.pixi/envs/default", PYTHON))
    home.write(".pixi/workspaces.toml", f'[named-workspaces]\nws = "{outside}/pixi.toml"\n')
    (item,) = listed(home).values()
    assert (item["path"], item["project"]) == (f"{outside}/.pixi/envs/default", outside)


def test_a_workspace_that_was_moved_took_its_environment_along(home: Home) -> None:
    environment(home, "code/old/.pixi/envs/default", workspace(home, "code/old"))
    os.rename(home.at("code/old"), home.at("code/new"))
    (item,) = listed(home).values()
    assert (item["project"], item["link"], item["health"]) == (
        home.at("code/new"), "linked", "moved",
    )  # fmt: skip


WRONG = ("", "{", "[]", "7", '{"manifest_path": 7}', "{}", '"pixi.toml"', b"\xff", "[" * 9000)


def test_a_mark_of_the_wrong_shape_is_a_warning(home: Home) -> None:
    workspace(home, "code/shop")
    condas.prefix(home, "code/shop/.pixi/envs/default", written=False)
    good = home.venv("code/good/.venv", "3.12")
    for content in WRONG:
        mark = home.write("code/shop/.pixi/envs/default/conda-meta/pixi", content)
        told = home.json("list")
        kinds = {item["path"]: item["kind"] for item in told["environments"]}
        assert kinds == {good: "venv", os.path.dirname(os.path.dirname(mark)): "pixi"}
        assert [item["path"] for item in told["warnings"]] == [mark], content


def test_a_configuration_that_is_no_toml_is_a_warning(home: Home) -> None:
    environment(home, ".pixi/envs/ruff", None)
    file = home.write(".pixi/config.toml", "detached-environments = \n")
    home.write(".pixi/workspaces.toml", "[")
    told = home.json("list")
    assert [item["id"] for item in told["environments"]] == ["pixi:ruff"]
    assert [item["path"] for item in told["warnings"]] == [file]


class TestCreate:
    def test_without_pixi_it_says_which_command_does_it(self, home: Home) -> None:
        workspace(home, "code/shop")
        done = home.envtui("create", "--kind", "pixi", "--yes", cwd=home.at("code/shop"))
        assert done.returncode == 4
        assert "pixi install" in done.stderr

    def test_only_for_a_workspace_and_on_its_own_python(self, home: Home) -> None:
        condas.stub(home, home.at(".pixi/bin/pixi"), home.at("x"))
        project = home.folder("code", "plain")
        home.write("code/plain/pyproject.toml", '[project]\nname = "plain"\n')
        done = home.envtui("create", "--kind", "pixi", "--yes", cwd=project)
        assert (done.returncode, "pixi init" in done.stderr) == (2, True)
        workspace(home, "code/shop")
        words = ("create", "--kind", "pixi", "--python", "3.12", "--yes")
        done = home.envtui(*words, cwd=home.at("code/shop"))
        assert (done.returncode, "manifest" in done.stderr) == (2, True)

    def test_by_pixi_and_taken_back(self, home: Home) -> None:
        manifest = workspace(home, "code/shop")
        project, place = home.at("code/shop"), home.at("code/shop/.pixi/envs/default")
        program = home.at(".pixi/bin/pixi")
        words = ("install", "--manifest-path", manifest)
        condas.stub(home, program, place, *words, specs=(PYTHON,))
        before = sorted(os.listdir(project))
        done = home.json("create", "--kind", "pixi", "--yes", cwd=project)
        assert done["done"] is True
        (item,) = listed(home).values()
        assert (item["kind"], item["path"], item["project"]) == ("pixi", place, project)
        assert home.envtui("undo", "--yes").returncode == 0
        assert not os.path.lexists(place)
        assert set(os.listdir(project)) - set(before) <= {".pixi"}


def test_it_is_removed_and_brought_back(home: Home) -> None:
    path = environment(home, "code/shop/.pixi/envs/default", workspace(home, "code/shop"))
    tree = picture(path)
    assert home.json("remove", path, "--yes")["done"] is True
    assert not os.path.lexists(path)
    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == tree


def test_removing_a_global_tool_says_what_stays(home: Home) -> None:
    environment(home, ".pixi/envs/ruff", None)
    plan = home.json("remove", "pixi:ruff", "--dry-run")
    assert "pixi global install ruff" in plan["plan"]["warnings"][0]


def test_switching_sets_what_pixi_and_conda_set(home: Home) -> None:
    path = environment(home, "code/shop/.pixi/envs/test", workspace(home, "code/shop"), "test")
    names = ("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "PIXI_PROJECT_ROOT", "PIXI_ENVIRONMENT_NAME")
    ask = "import os, sys; print(sys.prefix, *(os.environ.get(n) for n in sys.argv[1:]))"
    done = home.envtui("run", path, "--", "python", "-c", ask, *names)
    assert done.stdout.split() == [path, path, "shop:test", home.at("code/shop"), "test"]
