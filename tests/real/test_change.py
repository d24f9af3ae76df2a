"""Create, pin, remove and undo on the command line, with the managers themselves as judges."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.homes import Home, check_schema, picture
from tests.real.realhome import PYPROJECT, STRANGE, poetry_use

pytestmark = pytest.mark.long


class Made(NamedTuple):
    """One way to have an environment, and how its manager says where it is."""

    kind: str
    files: dict[str, str]
    options: tuple[str, ...]
    ask: tuple[str, ...]
    """The manager's question for the environment's place."""
    variables: dict[str, str]


DECLARED = (
    PYPROJECT.format(name="app")
    + '\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'
)
WAYS = {
    "venv": Made("venv", {}, ("--kind", "venv"), (), {}),
    "virtualenv": Made("virtualenv", {}, ("--kind", "virtualenv"), (), {}),
    "pipenv": Made("pipenv", {"Pipfile": "[packages]\n"}, ("--kind", "pipenv"), ("pipenv", "--venv"), {}),
    "pipenv in project": Made(
        "pipenv", {"Pipfile": "[packages]\n"}, ("--kind", "pipenv"), ("pipenv", "--venv"),
        {"PIPENV_VENV_IN_PROJECT": "1"},
    ),
    "poetry": Made(
        "poetry", {"pyproject.toml": DECLARED}, ("--kind", "poetry"),
        ("poetry", "-n", "--no-ansi", "env", "info", "--path"), {},
    ),
    "poetry in project": Made(
        "poetry", {"pyproject.toml": DECLARED, "poetry.toml": "[virtualenvs]\nin-project = true\n",
        "poetry.lock": ""}, ("--kind", "poetry"),
        ("poetry", "-n", "--no-ansi", "env", "info", "--path"), {},
    ),
}  # fmt: skip


def the_one(home: Home, cwd: str) -> dict[str, Any]:
    """The only environment of a home."""
    environments = home.json("list", cwd=cwd)["environments"]
    assert len(environments) == 1, environments
    return dict(environments[0])


@pytest.mark.parametrize("way", WAYS)
def test_an_environment_is_created_removed_and_brought_back(way: str, tooled: Home) -> None:
    made, home = WAYS[way], tooled
    home.variables |= made.variables
    project = home.folder("code", "app")
    for name, content in {".gitignore": ".venv\n", **made.files}.items():
        home.write(f"code/app/{name}", content)
    home.git(project)
    empty = without_git(picture(project))
    answer = home.json("create", *made.options, "--python", "3.12", "--yes", cwd=project)
    assert answer["done"] is True
    found = the_one(home, project)
    path = found["path"]
    assert (found["kind"], found["version"]) == (made.kind, home.version("3.12"))
    assert (found["project"], found["health"], found["link"]) == (project, "ok", "linked")
    if made.ask:
        assert home.run(*made.ask, cwd=project).stdout.strip() == path
    status = home.run("git", "status", "--porcelain", cwd=project).stdout
    before, beside = picture(path), records(path)

    removed = home.json("remove", found["id"], "--yes", cwd=project)
    assert removed["done"] is True
    assert not os.path.lexists(path)
    assert home.json("list", cwd=project)["environments"] == []
    assert home.run("git", "status", "--porcelain", cwd=project).stdout == status

    undone = home.envtui("undo", str(removed["id"]), "--yes", cwd=project)
    assert undone.returncode == 0, undone.stderr
    assert picture(path) == before
    assert records(path) == beside
    assert home.run("git", "status", "--porcelain", cwd=project).stdout == status
    if made.ask:
        assert home.run(*made.ask, cwd=project).stdout.strip() == path
    assert the_one(home, project) == found
    assert (
        home.run(f"{path}/bin/python", "-c", "import sys; print(sys.prefix)").stdout.strip() == path
    )

    undone = home.envtui("undo", str(answer["id"]), "--yes", cwd=project)
    assert undone.returncode == 0, undone.stderr
    assert home.json("list", cwd=project)["environments"] == []
    assert without_inodes(without_git(picture(project))) == without_inodes(empty)


def without_git(tree: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """What git keeps changes when it is asked for the status."""
    return {name: item for name, item in tree.items() if name.split("/")[0] != ".git"}


def records(path: str) -> dict[str, tuple[int, bytes]]:
    """The files beside an environment, where its manager may keep its records."""
    found = {}
    for name in os.listdir(os.path.dirname(path)):
        full = os.path.join(os.path.dirname(path), name)
        if os.path.isfile(full):
            with open(full, "rb") as file:
                found[name] = (os.stat(full).st_mode, file.read())
    return found


def without_inodes(tree: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """What is equal where a file was written again: all but the directory itself and inodes."""
    return {name: (item[0], *item[2:]) for name, item in tree.items() if name != "."}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("pyproject.toml", '[project]\nname = "app"\nrequires-python = "<3.12"\n', "venv"),
        ("pyproject.toml", DECLARED.replace(">=3.11", ">=3.11,<3.12"), "poetry"),
        ("Pipfile", '[packages]\n[requires]\npython_version = "3.11"\n', "pipenv"),
    ],
)
def test_a_new_environment_gets_a_python_that_its_project_takes(
    name: str, content: str, kind: str, tooled: Home
) -> None:
    """Of the globally chosen 3.12 Poetry would make nothing, and Pipenv what it warns of."""
    home = tooled
    home.write(f"code/app/{name}", content)
    with open(os.path.join(home.pyenv, "version"), "w") as file:
        file.write(home.version("3.12"))
    app = home.at("code/app")
    assert home.json("why", cwd=app)["python"] == f"pyenv:{home.version('3.12')}"
    home.json("create", "--kind", kind, "--yes", cwd=app)
    assert the_one(home, app)["version"] == home.version("3.11")


def test_a_python_that_the_project_does_not_take_is_told_or_refused(home: Home) -> None:
    home.write("app/pyproject.toml", '[project]\nname = "app"\nrequires-python = "<3.12"\n')
    app = home.at("app")
    warned = home.json("create", "--python", "3.12", "--dry-run", cwd=app)["plan"]["warnings"]
    assert warned == [f"app requires Python <3.12: {home.version('3.12')} is not"]
    home.write("app/pyproject.toml", '[project]\nname = "app"\nrequires-python = ">=9"\n')
    done = home.envtui("create", "--yes", cwd=app)
    assert done.returncode == 2
    assert "app: no Python that is >=9 is installed (installed: " in done.stderr
    home.write("app/.python-version", home.version("3.12"))
    assert home.envtui("create", "--yes", cwd=app).returncode == 0


def test_removing_one_of_two_keeps_what_poetry_knows_of_the_other(tooled: Home) -> None:
    home = tooled
    home.write("code/app/pyproject.toml", DECLARED)
    project = home.at("code/app")
    old, new = (poetry_use(home, project, minor) for minor in ("3.11", "3.12"))
    assert home.envtui("remove", old, "--yes").returncode == 0
    listed = home.run("poetry", "-n", "--no-ansi", "env", "list", cwd=project).stdout
    assert listed.split() == [os.path.basename(new), "(Activated)"]
    assert home.envtui("undo", "--yes").returncode == 0
    listed = home.run("poetry", "-n", "--no-ansi", "env", "list", cwd=project).stdout
    assert len(listed.splitlines()) == 2


def test_poetry_works_where_the_pinned_python_is_not_installed(tooled: Home) -> None:
    """Pyenv's shim of `python` then fails, and Poetry with it if it were on PATH."""
    project = os.path.dirname(tooled.write("code/app/pyproject.toml", DECLARED))
    tooled.write("code/app/.python-version", "3.99\n")
    done = tooled.envtui("create", "--kind=poetry", "--python=3.12", "--yes", cwd=project)
    assert done.returncode == 0, done.stderr
    assert the_one(tooled, project)["health"] == "ok"


class TestPins:
    """A pin decides what the manager itself then uses."""

    def test_pyenv_gets_what_was_pinned_and_undo_gives_back_what_was(self, home: Home) -> None:
        project = home.folder("code", "app")
        file = home.write("code/app/.python-version", "# why\n3.12\n")
        os.chmod(file, 0o640)
        os.utime(file, ns=(10**18, 10**18))
        before = picture(project)
        assert home.envtui("pin", "3.11", "--yes", cwd=project).returncode == 0
        told = home.run("pyenv", "version-name", cwd=project).stdout.strip()
        assert told == home.version("3.11")
        assert home.json("why", cwd=project)["python"] == f"pyenv:{told}"
        assert home.envtui("undo", "--yes", cwd=project).returncode == 0
        assert without_inodes(picture(project)) == without_inodes(before)

    def test_several_versions_and_the_global_one(self, home: Home) -> None:
        assert home.envtui("pin", "3.11", "3.12", "--global", "--yes").returncode == 0
        both = f"{home.version('3.11')}:{home.version('3.12')}"
        assert home.run("pyenv", "version-name").stdout.strip() == both
        assert home.envtui("undo", "--yes").returncode == 0
        assert home.run("pyenv", "version-name").stdout.strip() == home.version("3.12")
        assert home.envtui("pin", "3.11", "3.12", "--global", "--yes").returncode == 0
        assert home.envtui("unpin", "--global", "--yes").returncode == 0
        assert home.run("pyenv", "version-name").stdout.strip() == "system"
        assert home.envtui("undo", "--yes").returncode == 0
        assert home.run("pyenv", "version-name").stdout.strip() == both

    def test_a_version_that_is_not_installed_is_not_pinned(self, home: Home) -> None:
        project = home.folder("code", "app")
        for word in ("3.99", "nope", "", "../..", "3.11 3.12", "3.11\n", "#", "-x"):
            done = home.envtui("pin", "--yes", "--", word, cwd=project)
            assert done.returncode == 2, (word, done)
            assert "Traceback" not in done.stderr
        assert os.listdir(project) == []

    def test_poetry_uses_what_was_pinned_and_again_what_it_used(self, tooled: Home) -> None:
        home = tooled
        home.write("code/app/pyproject.toml", DECLARED)
        project = home.at("code/app")
        old = poetry_use(home, project, "3.12")
        before = records(old)
        assert home.envtui("pin", "3.11", "--yes", cwd=project).returncode == 0
        ask = ("poetry", "-n", "--no-ansi", "env", "info", "--path")
        new = home.run(*ask, cwd=project).stdout.strip()
        assert new == old.replace("-py3.12", "-py3.11")
        assert home.envtui("undo", "--yes", cwd=project).returncode == 0
        assert home.run(*ask, cwd=project).stdout.strip() == old
        assert records(old) == before
        assert not os.path.lexists(new)

    def test_a_pipfile_keeps_its_comments(self, tooled: Home) -> None:
        home = tooled
        text = '# ours\n[packages]\n\n[requires]\npython_version = "3.12"  # servers\n'
        file = home.write("code/app/Pipfile", text)
        assert home.envtui("pin", "3.11", "--yes", cwd=home.at("code/app")).returncode == 0
        with open(file) as opened:
            assert opened.read() == text.replace('"3.12"', '"3.11"')
        assert home.envtui("undo", "--yes").returncode == 0
        with open(file) as opened:
            assert opened.read() == text


class TestRefusals:
    """Nothing is done where something could be lost; the reason is told, the exit code is 3."""

    def refused(self, home: Home, word: str, *because: str, **options: Any) -> None:
        trees = [home.at("code"), home.at("envs")]
        before = [picture(tree) for tree in trees if os.path.isdir(tree)]
        for ask in (("--yes",), ("--yes", "--json")):
            done = home.envtui("remove", word, *ask, **options)
            assert done.returncode == 3, done
            said = done.stdout + done.stderr
            if done.stdout and "--json" in ask:
                answer = json.loads(done.stdout)
                check_schema("remove", answer)
                assert answer["done"] is False
                assert answer["refused"]
            for part in because:
                assert part in said, said
        assert [picture(tree) for tree in trees if os.path.isdir(tree)] == before

    def test_a_project_whose_root_is_an_environment(self, home: Home) -> None:
        path = home.venv("code/app", "3.12")
        home.write("code/app/pyproject.toml", DECLARED)
        home.write("code/app/src/app.py", "mine = 1\n")
        self.refused(home, path, "pyproject.toml")

    @pytest.mark.parametrize(
        "name", ["notes.txt", "src/mine.py", "bin/my-script", ".git/HEAD", "lib/x.py"]
    )
    def test_files_of_ones_own_inside(self, name: str, home: Home) -> None:
        path = home.venv("code/app/.venv", "3.12")
        home.write(f"code/app/.venv/{name}", "mine\n")
        self.refused(home, path, name.split("/", maxsplit=1)[0])

    def test_a_plain_folder_that_is_called_venv(self, home: Home) -> None:
        home.write("code/app/venv/important.py", "mine = 1\n")
        done = home.envtui("remove", home.at("code/app/venv"), "--yes")
        assert done.returncode == 3
        assert "not an environment" in done.stderr
        assert os.path.isfile(home.at("code/app/venv/important.py"))

    def test_a_process_that_runs_in_it(self, home: Home, running: Callable[..., int]) -> None:
        path = home.venv("code/app/.venv", "3.12")
        pid = running(home, f"{path}/bin/python")
        self.refused(home, path, str(pid))

    def test_after_the_process_has_ended_it_goes(
        self, home: Home, running: Callable[..., int]
    ) -> None:
        path = home.venv("code/app/.venv", "3.12")
        running.stop(running(home, f"{path}/bin/python"))  # type: ignore[attr-defined]
        assert home.envtui("remove", path, "--yes").returncode == 0

    def test_the_active_one(self, home: Home) -> None:
        path = home.venv("code/app/.venv", "3.12")
        self.refused(home, path, "active", variables={"VIRTUAL_ENV": path})

    def test_the_one_that_envtui_runs_from(self, home: Home) -> None:
        path = home.at("envs/own")
        base = os.path.realpath(sys.executable)
        home.run(base, "-m", "venv", "--without-pip", path)
        library = f"{path}/lib/python{sys.version_info.major}.{sys.version_info.minor}"
        import envtui

        sources = os.path.dirname(os.path.dirname(envtui.__file__))
        home.write(f"{library}/site-packages/_borrowed.pth", "\n".join([sources, *site_packages()]))
        done = home.run(f"{path}/bin/python", "-m", "envtui", "remove", path, "--yes", check=False)
        assert done.returncode == 3, done
        assert os.path.isfile(f"{path}/pyvenv.cfg")

    def test_an_interpreter_that_something_is_built_on(self, home: Home) -> None:
        home.venv("code/app/.venv", "3.12")
        self.refused(home, f"pyenv:{home.version('3.12')}", "venv:~/code/app/.venv")

    def test_without_a_terminal_and_without_yes(self, home: Home) -> None:
        path = home.venv("code/app/.venv", "3.12")
        done = home.envtui("remove", path)
        assert done.returncode == 3
        assert "--yes" in done.stderr
        assert os.path.isdir(path)

    def test_a_dry_run_shows_the_plan_and_changes_nothing(self, home: Home) -> None:
        path = home.venv("code/app/.venv", "3.12")
        # What a scan remembers is no change; it has a place of its own here.
        home.variables["XDG_CACHE_HOME"] = home.path + "-cache"
        before = picture(home.path)
        shown = home.envtui("remove", path, "--dry-run")
        assert shown.returncode == 0
        assert "trash" in shown.stdout
        told = home.json("remove", path, "--dry-run")
        assert told["done"] is False
        assert [step["kind"] for step in told["plan"]["steps"]] == ["trash"]
        assert picture(home.path) == before


def site_packages() -> list[str]:
    """The directories that this Python's packages come from."""
    return [place for place in sys.path if place.endswith("-packages")]


class Running:
    """Processes of a test's own."""

    def __init__(self) -> None:
        self.started: dict[int, subprocess.Popen[bytes]] = {}

    def __call__(self, home: Home, python: str) -> int:
        script = "import sys; print('up', flush=True); sys.stdin.read()"
        process = subprocess.Popen(
            [python, "-c", script],
            env=home.variables,
            cwd=home.path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        self.started[process.pid] = process
        return process.pid

    def stop(self, pid: int) -> None:
        process = self.started.pop(pid)
        process.kill()
        process.communicate()


@pytest.fixture
def running() -> Iterator[Running]:
    processes = Running()
    yield processes
    for pid in list(processes.started):
        processes.stop(pid)


class TestLinks:
    def test_a_linked_environment_loses_its_link_only(self, home: Home) -> None:
        real = home.venv("envs/shared", "3.12")
        home.write("code/app/pyproject.toml", DECLARED)
        link = home.at("code/app/.venv")
        os.symlink(real, link)
        before = picture(real)
        assert home.envtui("remove", link, "--yes").returncode == 0
        assert not os.path.lexists(link)
        assert picture(real) == before
        assert home.envtui("undo", "--yes").returncode == 0
        assert os.readlink(link) == real


class TestUndo:
    def test_any_order_and_never_twice(self, home: Home) -> None:
        paths = [home.venv(f"code/{name}/.venv", "3.12") for name in ("one", "two")]
        numbers = [home.json("remove", path, "--yes")["id"] for path in paths]
        assert home.envtui("undo", str(numbers[0]), "--yes").returncode == 0
        assert [os.path.isdir(path) for path in paths] == [True, False]
        again = home.envtui("undo", str(numbers[0]), "--yes")
        assert again.returncode in (2, 3)
        assert "Traceback" not in again.stderr
        assert home.envtui("undo", "--yes").returncode == 0
        assert [os.path.isdir(path) for path in paths] == [True, True]
        assert home.envtui("undo", "999", "--yes").returncode == 2

    def test_something_new_in_the_old_place_is_not_overwritten(self, home: Home) -> None:
        path = home.venv("code/app/.venv", "3.12")
        assert home.envtui("remove", path, "--yes").returncode == 0
        home.write("code/app/.venv/mine.txt", "new\n")
        assert home.envtui("undo", "--yes").returncode == 3
        assert os.listdir(path) == ["mine.txt"]
        shutil.rmtree(path)
        assert home.envtui("undo", "--yes").returncode == 0
        assert os.path.isfile(f"{path}/pyvenv.cfg")

    def test_what_was_emptied_cannot_be_undone_and_says_so(self, home: Home) -> None:
        path = home.venv("code/app/.venv", "3.12")
        assert home.envtui("remove", path, "--yes").returncode == 0
        assert "code/app/.venv" in home.envtui("trash").stdout
        assert home.envtui("trash", "empty", "--yes").returncode == 0
        done = home.envtui("undo", "--yes")
        assert done.returncode == 3
        assert "no longer in the trash" in done.stderr
        assert "`envtui undo N` takes one back" in done.stderr
        assert not os.path.lexists(path)

    def test_history_tells_what_was_done(self, home: Home) -> None:
        path = home.venv("code/app/.venv", "3.12")
        home.envtui("remove", path, "--yes")
        home.envtui("undo", "--yes")
        shown = home.envtui("history")
        assert shown.returncode == 0
        assert "app/.venv" in shown.stdout
        assert "undone" in shown.stdout


class TestBadInput:
    def test_what_exists_is_never_overlaid(self, home: Home) -> None:
        path = home.venv("code/app/.venv", "3.11")
        before = picture(path)
        done = home.envtui("create", path, "--python", "3.12", "--yes")
        assert done.returncode == 2
        assert "exists" in done.stderr
        assert picture(path) == before

    @pytest.mark.parametrize("version", ["3.99", "nope", "", "3.", "-1", "../3.12"])
    def test_a_version_that_does_not_exist(self, version: str, home: Home) -> None:
        done = home.envtui("create", "new", f"--python={version}", "--yes")
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert not os.path.lexists(home.at("new"))

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("show", "nothing-like-it"), 2),
            (("remove", "nothing-like-it", "--yes"), 2),
            (("remove", "/nowhere/at/all", "--yes"), 2),
            (("create", "x", "--kind", "nope", "--yes"), 2),
            (("create", "--kind", "poetry", "--yes"), 2),
            (("create", "--kind", "pipenv", "--yes"), 2),
            (("list", "--root", "/nowhere/at/all"), 2),
            (("list", "--filter", "no-such-name-anywhere"), 1),
            (("undo", "--yes"), 2),
            (("undo", "many", "--yes"), 2),
            (("init", "cmd"), 2),
            (("nonsense",), 2),
        ],
    )
    def test_a_clear_message_and_the_documented_code(
        self, words: tuple[str, ...], code: int, tooled: Home
    ) -> None:
        tooled.venv("code/app/.venv", "3.12")
        done = tooled.envtui(*words)
        assert done.returncode == code, done
        assert "Traceback" not in done.stderr
        assert done.stderr.strip() or code == 1

    def test_an_ambiguous_name_is_answered_with_the_candidates(self, home: Home) -> None:
        home.venv("code/one/.venv", "3.12")
        home.venv("code/other/.venv", "3.12")
        done = home.envtui("show", "o")
        assert done.returncode == 2
        assert "venv:~/code/one/.venv" in done.stderr
        assert "venv:~/code/other/.venv" in done.stderr
        assert home.envtui("show", "on").returncode == 0
        assert home.envtui("remove", "on", "--yes").returncode == 2

    def test_what_lies_here_needs_no_slash(self, home: Home) -> None:
        one = home.venv("code/one/.venv", "3.12")
        home.venv("code/other/.venv", "3.12")
        assert one in home.envtui("show", ".venv", cwd=home.at("code/one")).stdout
        assert home.envtui("remove", ".venv", "--yes", cwd=home.at("code/one")).returncode == 0
        assert os.listdir(home.at("code/one")) == []
        assert home.envtui("show", ".venv", cwd=home.at("code/one")).returncode == 2

    @pytest.mark.parametrize("kind", ["poetry", "pipenv", "virtualenv"])
    def test_a_missing_tool_is_named(self, kind: str, home: Home) -> None:
        if any(os.path.exists(f"{folder}/{kind}") for folder in ("/usr/bin", "/bin")):
            home.variables["PATH"] = os.path.join(home.pyenv, "bin")
        home.write("code/app/pyproject.toml", DECLARED)
        home.write("code/app/Pipfile", "[packages]\n")
        done = home.envtui("create", "--kind", kind, "--yes", cwd=home.at("code/app"))
        assert done.returncode == 4, done
        assert kind in done.stderr

    def test_a_step_that_fails_leaves_nothing_half_done(self, tooled: Home) -> None:
        home = tooled
        declared = DECLARED.replace(">=3.11", ">=3.12")
        project = os.path.dirname(home.write("code/app/pyproject.toml", declared))
        poetry_use(home, project, "3.12")
        store = home.at(".cache/pypoetry/virtualenvs")
        before = picture(store)
        words = ("create", "--kind", "poetry", "--python", "3.11", "--yes")
        done = home.envtui(*words, cwd=project)
        assert done.returncode == 5, done
        assert "3.11" in done.stderr
        assert without_inodes(picture(store)) == without_inodes(before)
        assert len(home.json("list")["environments"]) == 1

    @pytest.mark.parametrize("name", [n for n in STRANGE if n.isascii() or "emoji" in n])
    def test_any_name_can_be_created_removed_and_brought_back(self, name: str, home: Home) -> None:
        project = home.folder("code", name)
        assert home.envtui("create", "--yes", "--python", "3.12", cwd=project).returncode == 0
        path = os.path.join(project, ".venv")
        before = picture(path)
        assert home.envtui("remove", path, "--yes").returncode == 0
        assert os.listdir(project) == []
        assert home.envtui("undo", "--yes").returncode == 0
        assert picture(path) == before
        assert os.listdir(home.path).count("owned") == 0
