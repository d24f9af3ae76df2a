"""conda: real prefixes made by py-rattler, listed, made, switched to, removed and brought back."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from typing import Any

import pytest

from tests.homes import Home, picture
from tests.real import condas
from tests.real.test_list import without_privilege

pytestmark = pytest.mark.long
PYTHON = f"python={condas.MINOR}"


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A user of conda with every sort of environment; only read."""
    home = Home(str(tmp_path_factory.mktemp("conda") / "user"))
    root = condas.install(home)
    condas.prefix(home, "miniforge3/envs/ml", PYTHON, "tools")
    condas.prefix(home, "miniforge3/envs/empty")
    home.write(".condarc", "channels:\n  - local\nenvs_dirs:\n  - $HOME/more  # a big disk\n")
    frozen = condas.prefix(home, "more/etl", PYTHON, written=False)
    home.write("more/etl/conda-meta/frozen", "{}")
    condas.prefix(home, "code/app/env", PYTHON)
    home.write("code/app/pyproject.toml", '[project]\nname = "app"\n')
    home.write("code/stats/environment.yml", "name: ml\ndependencies:\n  - python\n")
    home.run(f"{root}/bin/python", "-m", "venv", "--without-pip", home.at("code/web/.venv"))
    home.write("code/web/pyproject.toml", '[project]\nname = "web"\n')
    condas.prefix(home, "elsewhere/alone", PYTHON)
    home.write("recipes/conda-meta/notes.txt", "no environment\n")
    register = condas.register(
        home, home.at("gone"), home.at("gone too"), "relative/env", home.at("elsewhere/alone") + "/",
        root, frozen + "\r", "",
    )  # fmt: skip
    assert os.path.isfile(register)
    return home


@pytest.fixture(scope="module")
def listing(user: Home) -> dict[str, Any]:
    return dict(user.json("list"))


def by_id(listing: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in listing["environments"]}


def test_each_environment_once_under_the_name_that_conda_has_for_it(
    listing: dict[str, Any],
) -> None:
    assert sorted(item["id"] for item in listing["environments"]) == [
        "conda:base", "conda:empty", "conda:etl", "conda:ml", "conda:~/code/app/env",
        "conda:~/elsewhere/alone", "venv:~/code/web/.venv",
    ]  # fmt: skip


def test_versions_health_and_projects(user: Home, listing: dict[str, Any]) -> None:
    told = {
        name: (item["version"], item["health"], item["project"], item["link"], item["created_by"])
        for name, item in by_id(listing).items()
        if item["kind"] == "conda"
    }
    version, by = condas.version(), "conda 26.7.1"
    assert told == {
        "conda:base": (version, "ok", None, "none", by),
        "conda:empty": (None, "no-python", None, "none", by),
        "conda:etl": (version, "ok", None, "none", by),
        "conda:ml": (version, "ok", user.at("code/stats"), "linked", by),
        "conda:~/code/app/env": (version, "ok", user.at("code/app"), "linked", by),
        "conda:~/elsewhere/alone": (version, "ok", None, "none", by),
    }
    assert by_id(listing)["conda:empty"]["reason"].startswith("no Python was installed")


def test_the_python_of_an_install_is_an_interpreter_and_has_its_own_dependents(
    user: Home, listing: dict[str, Any]
) -> None:
    """conda links one python into every environment: only what stands on it depends on it."""
    found = [item for item in listing["interpreters"] if item["kind"] == "conda"]
    assert [item["id"] for item in found] == [f"conda:~/miniforge3/bin/python{condas.MINOR}"]
    users = {i["id"] for i in listing["environments"] if i["interpreter"] == found[0]["id"]}
    assert users == {"conda:base", "venv:~/code/web/.venv"}
    assert by_id(listing)["conda:ml"]["interpreter"] is None


def test_what_conda_would_do_and_envtui_does_not_is_told(listing: dict[str, Any]) -> None:
    said = {name: "\n".join(item["evidence"]) for name, item in by_id(listing).items()}
    assert "tools.sh" in said["conda:ml"]
    assert "frozen" in said["conda:etl"]
    assert "frozen" not in said["conda:ml"]


def test_dead_and_relative_lines_of_the_register_are_one_warning(
    user: Home, listing: dict[str, Any]
) -> None:
    file = user.at(".conda/environments.txt")
    said = [item["message"] for item in listing["warnings"] if item["path"] == file]
    assert len(said) == 1
    for line in (user.at("gone"), "relative/env"):
        assert line in said[0]
    assert [item["path"] for item in listing["warnings"]] == [file]


def test_it_is_the_walk_too_that_finds_them(user: Home) -> None:
    """Without the register, what stands in a project is still there."""
    told = user.envtui("list", "--json", "--root", user.at("code"), variables={"HOME": "/nowhere"})
    paths = [item["path"] for item in json.loads(told.stdout)["environments"]]
    assert user.at("code/app/env") in paths


class TestHealth:
    @pytest.fixture
    def made(self, home: Home) -> str:
        return condas.prefix(home, "work/env", PYTHON)

    def health(self, home: Home) -> tuple[str, str]:
        (item,) = home.json("list")["environments"]
        return item["health"], item["reason"]

    def test_moved(self, home: Home, made: str) -> None:
        os.rename(made, home.at("work/other"))
        assert self.health(home) == ("moved", f"it was made as {made}")

    def test_its_python_is_gone(self, home: Home, made: str) -> None:
        os.unlink(f"{made}/bin/python{condas.MINOR}")
        assert self.health(home)[0] == "broken"
        for name in ("python", "python3"):
            os.unlink(f"{made}/bin/{name}")
        assert self.health(home)[0] == "no-python"
        assert condas.version() in self.health(home)[1]

    def test_packages_of_an_older_python_are_left(self, home: Home, made: str) -> None:
        home.write("work/env/lib/python3.9/site-packages/x.py")
        assert self.health(home)[0] == "overlaid"
        shutil.rmtree(f"{made}/lib/python{condas.MINOR}")
        assert self.health(home)[0] == "broken"

    def test_records_that_may_not_be_read(self, home: Home, made: str) -> None:
        os.chmod(f"{made}/conda-meta", 0o000)
        command = (*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
        told = json.loads(home.run(*command).stdout)
        assert told["warnings"] or told["environments"]
        said = [item["path"] for item in told["warnings"]]
        said += [item["path"] for item in told["environments"] if item["health"] == "unreadable"]
        assert made in said


NO_YAML = (
    "envs_dirs: [~/a", "<html>", "envs_dirs:\n\t- ~/a\n", b"\xff\xfe\0", "envs_dirs: *here\n",
    "envs_dirs:\n  a: b\n", "{envs_dirs: ~/a}", "- ~/a\n", ": : :\n", b"\0" * 40,
)  # fmt: skip


def test_a_condarc_that_is_no_yaml_is_a_warning(home: Home) -> None:
    condas.prefix(home, ".conda/envs/ml", written=False)
    for content in NO_YAML:
        file = home.write(".condarc", content)
        told = home.json("list")
        assert [item["id"] for item in told["environments"]] == ["conda:ml"], content
        assert [item["path"] for item in told["warnings"]] == [file], content


@pytest.mark.parametrize("where", ["variable", "condarc.d", "XDG", "CONDARC", "flow"])
def test_every_place_that_names_envs_dirs_counts(where: str, home: Home) -> None:
    condas.prefix(home, "disk/my envs/ml", written=False)
    place = home.at("disk/my envs")
    text = f"envs_dirs:\n- '{place}'\n"
    if where == "variable":
        home.variables["CONDA_ENVS_DIRS"] = f"/nowhere:{place}"
    elif where == "flow":
        home.write(".condarc", f'ssl_verify: [a,\n  b\n]\nenvs_dirs: [/nowhere, "{place}",\n]\n')
    elif where == "CONDARC":
        home.variables["CONDARC"] = home.write("etc/my.yml", text)
    else:
        name = {"condarc.d": ".conda/condarc.d/a.yml", "XDG": ".config/conda/condarc"}[where]
        home.write(name, text)
    told = home.json("list")
    assert [item["id"] for item in told["environments"]] == ["conda:ml"]
    assert told["warnings"] == []


def test_a_store_that_may_not_be_read_is_a_warning(home: Home) -> None:
    condas.prefix(home, "miniforge3/envs/ml", written=False)
    good = condas.prefix(home, "good/env")
    secret = home.folder(".conda", "envs")
    shut = home.folder("shut")
    condas.register(home, shut)
    for path in (secret, shut):
        os.chmod(path, 0)
    command = (*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    told = json.loads(home.run(*command).stdout)
    assert good in [item["path"] for item in told["environments"]]
    assert {secret, shut} <= {item["path"] for item in told["warnings"]}


def test_a_root_prefix_of_micromamba_and_a_conda_of_pyenvs(home: Home) -> None:
    root = home.folder("mamba")
    home.folder("mamba", "pkgs")
    home.variables["MAMBA_ROOT_PREFIX"] = root
    condas.prefix(home, "mamba/envs/r", written=False)
    version = os.path.join(home.pyenv, "versions", "miniforge3-25.1.1-0")
    home.run(*condas.making(version, PYTHON, "conda"))
    home.run(*condas.making(f"{version}/envs/ml", PYTHON))
    # As `pyenv virtualenv miniforge3-25.1.1-0 ml` leaves it.
    os.symlink(f"{version}/envs/ml", os.path.join(home.pyenv, "versions", "ml"))
    told = home.json("list")
    found = by_id(told)
    assert sorted(found) == ["conda:base", "conda:ml", "conda:r"]
    versions = {item["id"] for item in told["interpreters"] if item["kind"] == "pyenv"}
    assert "pyenv:miniforge3-25.1.1-0" in versions
    assert "pyenv:ml" not in versions
    assert found["conda:base"]["interpreter"] == "pyenv:miniforge3-25.1.1-0"
    assert not [item for item in told["interpreters"] if item["kind"] == "conda"]


def test_an_active_base_is_what_a_directory_gets(user: Home) -> None:
    root = user.at("miniforge3")
    variables = {"CONDA_PREFIX": root, "PATH": f"{root}/bin:/usr/bin:/bin"}
    told = json.loads(user.envtui("why", "--json", variables=variables).stdout)
    assert told["python"] == "conda:base"
    assert told["decided_by"]["source"] == "CONDA_PREFIX"
    told = json.loads(user.envtui("list", "--json", variables=variables).stdout)
    assert [item["id"] for item in told["environments"] if item["active"]] == ["conda:base"]


def test_two_installs_have_two_bases(home: Home) -> None:
    for name in ("miniforge3", "miniconda3"):
        condas.prefix(home, name, "conda", written=False)
        home.folder(name, "envs")
    assert sorted(by_id(home.json("list"))) == ["conda:base", "conda:~/miniconda3"]


class TestCreate:
    @pytest.fixture
    def installed(self, home: Home) -> str:
        return condas.install(home)

    @pytest.mark.parametrize("target", ["ml", "./env"])
    def test_it_is_made_by_conda_and_taken_back(
        self, target: str, home: Home, installed: str
    ) -> None:
        place = home.at("env") if "/" in target else f"{installed}/envs/{target}"
        words = ("create", "-y", "--json", "-p", place, "python=3.12")
        condas.stub(home, f"{installed}/condabin/conda", place, *words, specs=(PYTHON,))
        # As people have it: their shell is inside base.
        home.variables |= {"CONDA_PREFIX": installed, "CONDA_SHLVL": "1"}
        register = condas.register(home, home.at("other"))
        with open(register, "rb") as file:
            before = file.read()
        made = home.json("create", target, "--kind", "conda", "--python", "3.12", "--yes")
        assert made["done"] is True
        found = {i["path"]: i for i in home.json("list")["environments"]}[place]
        assert (found["kind"], found["version"]) == ("conda", condas.version())
        assert home.envtui("undo", "--yes").returncode == 0
        assert not os.path.lexists(place)
        with open(register, "rb") as file:
            assert file.read() == before

    def test_what_is_there_is_never_replaced(self, home: Home, installed: str) -> None:
        """conda itself would delete it without a word: --json implies yes."""
        own = home.write("miniforge3/envs/ml/notes.txt", "mine\n")
        done = home.envtui("create", "ml", "--kind", "conda", "--python", "3.12", "--yes")
        assert done.returncode == 2
        assert "exists already" in done.stderr
        assert os.path.isfile(own)

    def test_names_that_conda_refuses(self, home: Home, installed: str) -> None:
        for name in ("base", "root", "a:b", "a#b", "a b", ".."):
            done = home.envtui("create", name, "--kind", "conda", "--python", "3.12", "--yes")
            assert done.returncode == 2, done
            assert "Traceback" not in done.stderr

    def test_from_a_description(self, home: Home, installed: str) -> None:
        file = home.write("code/environment.yml", "name: x\ndependencies: [python=3.12]\n")
        place = f"{installed}/envs/ml"
        words = ("env", "create", "--json", "-f", file, "-p", place)
        condas.stub(home, f"{installed}/condabin/conda", place, *words, specs=(PYTHON,))
        done = home.envtui("create", "ml", "--kind", "conda", "--from", file, "--yes")
        assert done.returncode == 0, done.stderr

    def test_a_conda_that_says_no_is_told_in_its_words(self, home: Home, installed: str) -> None:
        done = home.envtui("create", "ml", "--kind", "conda", "--python", "3.12", "--yes")
        assert done.returncode == 5
        assert home.envtui("history").returncode == 0
        assert not os.path.lexists(f"{installed}/envs/ml")

    def test_without_conda_it_says_what_is_missing(self, home: Home) -> None:
        done = home.envtui("create", "ml", "--kind", "conda", "--python", "3.12", "--yes")
        assert done.returncode == 4
        assert "Miniforge" in done.stderr


class TestRemove:
    def read(self, home: Home) -> bytes:
        with open(home.at(".conda/environments.txt"), "rb") as file:
            return file.read()

    def test_into_the_trash_with_its_line_and_back(self, home: Home) -> None:
        root = condas.install(home)
        path = condas.prefix(home, "miniforge3/envs/ml", PYTHON, "tools")
        condas.register(home, root, path, home.at("dead"))
        before, tree = self.read(home), picture(path)
        done = home.json("remove", "conda:ml", "--yes")
        assert done["done"] is True
        assert not os.path.lexists(path)
        assert self.read(home) == f"{root}\n{home.at('dead')}\n".encode()
        assert home.envtui("undo", "--yes").returncode == 0
        assert self.read(home) == before
        assert picture(path) == tree
        says = home.run(f"{path}/bin/python", "-c", "import sys; print(sys.prefix)").stdout
        assert says.strip() == path

    def test_a_frozen_one_with_a_warning(self, user: Home) -> None:
        plan = user.json("remove", "conda:etl", "--dry-run")["plan"]
        assert "frozen" in plan["warnings"][0]

    def test_undo_adds_only_our_line_where_conda_wrote_meanwhile(self, home: Home) -> None:
        path = condas.prefix(home, "envs/ml", PYTHON)
        assert home.envtui("remove", path, "--yes").returncode == 0
        new = condas.prefix(home, "envs/new")
        assert home.envtui("undo", "--yes").returncode == 0
        assert self.read(home).decode().split() == [new, path]

    def test_an_install_stays(self, home: Home) -> None:
        root = condas.install(home)
        for word in ("conda:base", root, f"conda:~/miniforge3/bin/python{condas.MINOR}"):
            done = home.envtui("remove", word, "--yes")
            assert done.returncode == 3, (word, done)
        assert os.path.isfile(f"{root}/bin/python")

    def test_the_active_one_stays(self, home: Home) -> None:
        path = condas.prefix(home, "envs/ml", PYTHON)
        done = home.envtui("remove", path, "--yes", variables={"CONDA_PREFIX": path})
        assert done.returncode == 3
        assert "active" in done.stderr
        assert os.path.isfile(f"{path}/bin/python")

    def test_files_of_ones_own_stay(self, home: Home) -> None:
        """What its packages brought is known from conda-meta, its `ssl` included."""
        path = condas.prefix(home, "envs/ml", PYTHON, "tools")
        for name in ("notes.txt", "data/mine.csv", "bin/my-notes", "lib/mine.py"):
            home.write(f"envs/ml/{name}", "mine\n")
            done = home.envtui("remove", path, "--yes")
            assert done.returncode == 3
            assert name.split("/", maxsplit=1)[0] in done.stderr
            os.unlink(f"{path}/{name}")
        os.rmdir(f"{path}/data")
        assert home.envtui("remove", path, "--yes").returncode == 0


class TestActivate:
    ASK = "import os, sys; print(sys.prefix, *(os.environ.get(n) for n in sys.argv[1:]))"

    def test_the_variables_that_conda_sets(self, user: Home) -> None:
        names = ("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "TOOLS_HOME", "TOOLS_SCRIPT")
        path = user.at("miniforge3/envs/ml")
        done = user.envtui("run", "conda:ml", "--", "python", "-c", self.ASK, *names)
        assert done.stdout.strip() == f"{path} {path} ml 1 from the package ran"
        alone = user.at("elsewhere/alone")
        done = user.envtui("run", alone, "--", "python", "-c", self.ASK, *names[:2])
        assert done.stdout.split() == [alone, alone, alone]

    def test_variables_that_the_user_gave_it_win(self, home: Home) -> None:
        path = condas.prefix(home, "envs/ml", PYTHON, "tools")
        state = {"env_vars": {"TOOLS_HOME": "mine", "GONE": "***unset***", "LD_PRELOAD": "/x"}}
        home.write("envs/ml/conda-meta/state", json.dumps(state))
        names = ("TOOLS_HOME", "GONE", "LD_PRELOAD", "PS1")
        done = home.envtui("run", path, "--", "python", "-c", self.ASK, *names)
        assert done.stdout.strip() == f"{path} mine None None None"

    def test_a_garbled_state_is_none(self, home: Home) -> None:
        path = condas.prefix(home, "envs/ml", PYTHON)
        for state in (
            "{",
            "[]",
            '{"env_vars": 7}',
            '{"env_vars": {"A B": 1}}',
            b"\xff",
            "[" * 9000,
        ):
            home.write("envs/ml/conda-meta/state", state)
            assert home.envtui("run", path, "--", "true").returncode == 0, state

    def test_a_shell_gets_back_what_it_had(self, user: Home) -> None:
        root = user.at("miniforge3")
        show = 'echo "$CONDA_PREFIX|$CONDA_SHLVL|$CONDA_PREFIX_1|$TOOLS_HOME|$PATH"'
        script = (
            f'eval "$(envtui init bash)"; {show}; envtui activate conda:ml; {show};'
            f" command -v python; envtui activate conda:etl; {show}; envtui deactivate; {show}"
        )
        variables = {
            "PATH": f"{os.path.dirname(sys.executable)}:{user.variables['PATH']}",
            "CONDA_PREFIX": root,
            "CONDA_SHLVL": "1",
        }
        done = user.run("bash", "-c", script, variables=variables)
        start, ml, python, etl, end = done.stdout.splitlines()
        assert start == end
        place = f"{root}/envs/ml"
        assert ml.startswith(f"{place}|2|{root}|from the package|{place}/bin:")
        assert python == f"{place}/bin/python"
        assert etl.startswith(f"{user.at('more/etl')}|2|{root}||{user.at('more/etl')}/bin:")

    def test_scripts_are_run_where_asked_and_where_conda_keeps_it(self, user: Home) -> None:
        inside = user.write("miniforge3/envs/ml/etc/conda/activate.d/gdal.sh", "echo came\n")
        user.write("miniforge3/envs/ml/etc/conda/deactivate.d/gdal.sh", "echo went\n")
        elsewhere = condas.prefix(user, "code/shop/env", PYTHON)
        user.write("code/shop/env/etc/conda/activate.d/evil.sh", "echo evil\n")
        script = (
            'eval "$(envtui init bash)"; envtui activate conda:ml; echo inside;'
            f" envtui activate {elsewhere}; command -v python; envtui run {elsewhere} -- true"
        )
        variables = {"PATH": f"{os.path.dirname(sys.executable)}:{user.variables['PATH']}"}
        done = user.run("bash", "-c", script, variables=variables)
        assert done.stdout.splitlines() == ["came", "inside", "went", f"{elsewhere}/bin/python"]
        assert "activation scripts are run: gdal.sh" in done.stderr
        assert os.path.basename(inside) in user.envtui("show", "conda:ml").stdout

    def test_a_command_and_a_subshell_have_what_its_scripts_set(self, user: Home) -> None:
        script = 'export GDAL_DATA="/gdal of $CONDA_DEFAULT_ENV"\n'
        user.write("miniforge3/envs/ml/etc/conda/activate.d/it's $(touch PWNED).sh", script)
        user.write("miniforge3/envs/ml/etc/conda/deactivate.d/gdal.sh", "unset GDAL_DATA\n")
        user.write("noisy", "echo from BASH_ENV\n")
        said = ["sh", "-c", 'echo "$GDAL_DATA|$1"; env | grep -c ENVTUI_; exit 42', "sh", "a  b"]
        done = user.envtui("run", "conda:ml", "--", *said, variables={"BASH_ENV": user.at("noisy")})
        assert done.stdout.splitlines()[-2:] == ["/gdal of ml|a  b", "0"]
        assert "BASH_ENV" not in done.stdout
        assert done.returncode == 42
        missing = user.envtui("run", "conda:ml", "--", "no-such-command")
        assert missing.returncode == 127
        assert "no-such-command: not found" in missing.stderr
        assert user.envtui("run", "conda:ml", "--", "/etc/passwd").returncode == 126
        lines = (
            'echo "$GDAL_DATA"; eval "$(envtui init bash)"; deactivate; echo "${GDAL_DATA-gone}"'
        )
        command = f"echo {shlex.quote(lines)} | envtui shell conda:ml"
        path = f"{os.path.dirname(sys.executable)}:{user.variables['PATH']}"
        inside = user.run("bash", "-c", command, variables={"PATH": path, "SHELL": "/bin/bash"})
        assert inside.stdout.split("\n")[-3:-1] == ["/gdal of ml", "gone"], inside.stderr
        assert not [files for _, _, files in os.walk(user.path) if "PWNED" in files]

    def test_one_without_a_python_says_so(self, user: Home) -> None:
        done = user.envtui("run", "conda:empty", "--", "true")
        assert done.returncode == 1
        assert "no Python was installed" in done.stderr


def test_a_new_python_for_it_is_refused_with_a_reason(user: Home) -> None:
    assert user.envtui("pin", "conda:ml", "--dry-run").returncode == 2


class TestRebuild:
    @pytest.fixture
    def place(self, home: Home) -> str:
        """An environment with tools that conda, and a distribution that pip, put there."""
        condas.install(home)
        place = condas.prefix(home, "miniforge3/envs/ml", PYTHON, "tools")
        packages = f"miniforge3/envs/ml/lib/python{condas.MINOR}/site-packages"
        for name, installer in (("walnut", "pip"), ("pecan", "conda")):
            home.write(f"{packages}/{name}-1.5.dist-info/INSTALLER", f"{installer}\n")
            home.write(f"{packages}/{name}-1.5.dist-info/METADATA", f"Name: {name}\nVersion: 1.5\n")
        return place

    def _stub(self, home: Home, place: str, asked: str) -> None:
        words = ("create", "-y", "--json", "-p", place, asked, "tools")
        program = home.at("miniforge3/condabin/conda")
        condas.stub(home, program, place, *words, specs=(asked, "tools"))

    def test_from_what_was_asked_for_and_brought_back(self, home: Home, place: str) -> None:
        self._stub(home, place, PYTHON)
        planned = home.json("rebuild", "conda:ml", "--python", condas.MINOR, "--dry-run")
        texts = [step["text"] for step in planned["plan"]["steps"]]
        assert next(text for text in texts if " pip install " in text).endswith("walnut==1.5")
        packages = f"{place}/lib/python{condas.MINOR}/site-packages"
        shutil.rmtree(f"{packages}/walnut-1.5.dist-info")  # pip has no index here
        before, register = picture(place), picture(home.at(".conda"))
        done = home.envtui("rebuild", "conda:ml", "--python", condas.MINOR, "--yes")
        assert done.returncode == 0, done.stderr
        (found,) = [i for i in home.json("list")["environments"] if i["id"] == "conda:ml"]
        assert (found["path"], found["version"]) == (place, condas.version())
        assert os.path.exists(f"{place}/bin/tools")
        assert not os.path.exists(f"{packages}/pecan-1.5.dist-info")
        assert home.envtui("undo", "--yes").returncode == 0
        assert picture(place) == before
        assert picture(home.at(".conda"))["environments.txt"][3] == register["environments.txt"][3]

    def test_where_conda_has_no_such_python_the_old_one_stays(self, home: Home, place: str) -> None:
        self._stub(home, place, "python=3.99")
        before = picture(place)
        done = home.envtui("rebuild", "conda:ml", "--python", "3.99", "--yes")
        assert done.returncode == 5, done.stderr
        assert picture(place) == before

    def test_an_install_and_a_frozen_one_stay(self, user: Home) -> None:
        for name in ("conda:base", "conda:etl"):
            done = user.envtui("rebuild", name, "--python", "3.12", "--yes")
            assert done.returncode == 3, (name, done.stderr)
