"""Entering a project switches the shell, leaving it switches back: in real shells, by envtui."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile

import pytest

from envtui import trust
from tests.homes import check_schema
from tests.shell.shells import RC, Home, Shell, require


@pytest.fixture(params=("bash", "zsh", "fish"))
def name(request: pytest.FixtureRequest) -> str:
    require(request.param)
    return request.param


@pytest.fixture
def projects(place: Home, venvs: tuple[str, str], name: str) -> Home:
    """Two projects with environments, one without; the rc file says `--auto`, as people write it."""
    for project, venv in zip(("api", "web"), venvs, strict=True):
        shutil.copytree(venv, os.path.join(place.path, project, ".venv"), symlinks=True)
        os.makedirs(os.path.join(place.path, project, "src", "deep"))
    counted = os.path.join(place.path, "calls")
    place.install(
        f"open({counted!r}, 'a').write(sys.argv[1] + '\\n')\n"
        "from envtui.cli import main; sys.exit(main())"
    )
    rc(place, name)
    return place


def rc(place: Home, name: str, before: str = "", after: str = "") -> None:
    place.rc(name, hook=False, before=before)
    with open(os.path.join(place.path, RC[name]), "a") as file:
        init = f"{place.program} init {name} --auto"
        file.write(f"{init} | source\n" if name == "fish" else f'eval "$({init})"\n')
        file.write(after)


def calls(place: Home) -> list[str]:
    """Which commands the program was called with since the last time."""
    path = os.path.join(place.path, "calls")
    with open(path) as file:
        words = file.read().split()
    os.truncate(path, 0)
    return words


def go(shell: Shell, directory: str) -> str:
    """Change the directory as a person does; what the shell printed by the next prompt."""
    shell.count += 1
    seen = ""
    # bash acts at the next prompt, the others at once. The marks are not what is echoed.
    word = os.path.join(shell.home.path, directory)
    for line, mark in ((f"cd '{word}'; ", "went"), ("", "came")):
        shell.type(f'{line}echo "@@"{mark}{shell.count}@')
        shell.child.expect_exact(f"@@{mark}{shell.count}@")
        seen += shell.child.before.decode("utf-8", "replace")
    return seen


def active(shell: Shell) -> str | None:
    return shell.variables().get("VIRTUAL_ENV")


def allow(place: Home, *projects: str, **variables: str) -> None:
    for project in projects:
        subprocess.run(
            [place.program, "allow", "--yes", os.path.join(place.path, project)],
            env={**place.variables, **variables},
            stdout=subprocess.DEVNULL,
            check=True,
        )


def test_entering_switches_and_leaving_switches_back(projects, start):
    allow(projects, "api", "web")
    shell = start()
    before = shell.variables()
    go(shell, "api/src/deep")
    assert active(shell) == f"{projects.path}/api/.venv"
    assert shell.python() == f"{projects.path}/api/.venv/bin/python"
    go(shell, "web")
    assert active(shell) == f"{projects.path}/web/.venv"
    go(shell, "work")
    assert shell.variables() == before
    assert projects.leftovers() == []


def test_the_program_runs_only_where_the_project_is_another(projects, start):
    allow(projects, "api")
    shell = start()
    calls(projects)
    shell.settled()
    go(shell, "work")
    go(shell, "bin")
    assert calls(projects) == []
    go(shell, "api")
    assert calls(projects) == ["hook"]
    for place in ("api/src", "api/src/deep", "api", "api/src"):
        go(shell, place)
        shell.settled()
    assert calls(projects) == []
    go(shell, "work")
    assert calls(projects) == ["hook"]
    go(shell, "web")
    shell.settled()
    assert calls(projects) == ["hook"]  # not allowed: asked once
    go(shell, "web/src")
    go(shell, "work")
    assert calls(projects) == []


def test_what_is_not_allowed_is_said_once_and_not_used(projects, start):
    shell = start()
    before = shell.variables()
    said = go(shell, "api")
    assert "the environment of ~/api is not allowed yet; `envtui allow`" in said
    assert said.count("envtui: ") == 1
    assert "envtui:" not in go(shell, "api/src")
    assert shell.variables() == before
    go(shell, "work")
    assert "not allowed yet" in go(shell, "api")


def test_a_word_in_the_shell_itself_acts_at_once(projects, start):
    shell = start()
    go(shell, "api/src")
    shell.ok("envtui allow --yes")
    assert active(shell) == f"{projects.path}/api/.venv"
    assert "switches to nothing" in shell.ok("envtui allow --deny")
    assert active(shell) is None
    go(shell, "work")
    assert "envtui:" not in go(shell, "api")  # told never to: it is silent
    assert active(shell) is None


def test_it_asks_and_shows_what_it_would_trust(projects, start):
    shell = start()
    go(shell, "api")
    shell.type("envtui allow")
    shell.child.expect_exact("python       ")
    shell.child.expect_exact("owner        ")
    shell.child.expect_exact("[y/N] ")
    shell.type("n")
    shell.child.expect_exact("nothing was changed")
    shell.settled()
    assert active(shell) is None
    shell.type("envtui allow")
    shell.child.expect_exact("[y/N] ")
    shell.type("y")
    shell.settled()
    assert active(shell) == f"{projects.path}/api/.venv"


def test_a_choice_by_hand_wins(projects, start, first):
    allow(projects, "api", "web")
    shell = start()
    shell.ok(f"envtui activate {first}")
    calls(projects)
    go(shell, "api")
    go(shell, "work")
    assert active(shell) == first
    assert calls(projects) == []
    go(shell, "api")
    shell.ok("deactivate")
    go(shell, "web")
    assert active(shell) == f"{projects.path}/web/.venv"
    shell.ok(f"envtui activate {first}")
    go(shell, "work")
    assert active(shell) == first


def test_a_foreign_activation_is_a_choice_by_hand(projects, start, first, name):
    allow(projects, "api", "web")
    shell = start()
    shell.ok(f"source {first}/bin/activate" + (".fish" if name == "fish" else ""))
    go(shell, "api")
    assert active(shell) == first
    go(shell, "work")
    assert active(shell) == first


def test_deactivating_inside_is_respected_until_the_project_is_another(projects, start):
    allow(projects, "api", "web")
    shell = start()
    before = shell.variables()
    go(shell, "api")
    shell.ok("deactivate")
    go(shell, "api/src")
    go(shell, "api")
    assert shell.variables() == before
    go(shell, "web")
    assert active(shell) == f"{projects.path}/web/.venv"
    go(shell, "api")
    assert active(shell) == f"{projects.path}/api/.venv"


def test_another_environment_in_its_place_asks_again(projects, start, venvs):
    allow(projects, "api", "web")
    prefix = os.path.join(projects.path, "api", ".venv")
    os.rename(prefix, prefix + ".old")
    shutil.copytree(venvs[1], prefix, symlinks=True)
    with open(os.path.join(projects.path, "web", ".venv", "pyvenv.cfg"), "a") as file:
        file.write("prompt = another\n")
    shell = start()
    assert "~/api changed since it was allowed" in go(shell, "api")
    assert "~/web changed since it was allowed" in go(shell, "web")
    assert active(shell) is None


def test_a_nested_shell_keeps_it_and_leaves_it(projects, start, name):
    allow(projects, "api")
    shell = start()
    before = shell.variables()
    go(shell, "api")
    calls(projects)
    shell.enter(f"{name} {'--noprofile' if name == 'bash' else ''}")
    assert active(shell) == f"{projects.path}/api/.venv"
    assert "hook" not in calls(projects)
    go(shell, "work")
    assert shell.variables() == before
    shell.leave()
    assert active(shell) == f"{projects.path}/api/.venv"


def test_a_shell_that_starts_in_a_project_is_switched(projects, start):
    allow(projects, "api")
    shell = start()
    go(shell, "api")
    inside = shell.variables()
    shell.ok("deactivate")
    shell.enter(f"{shell.name} {'--noprofile' if shell.name == 'bash' else ''}")
    shell.settled()  # bash switches once the first prompt is due
    assert shell.variables() == inside


def test_a_file_or_a_link_named_venv_is_followed(projects, start):
    real = os.path.join(projects.path, "central")
    os.rename(os.path.join(projects.path, "api", ".venv"), real)
    with open(os.path.join(projects.path, "api", ".venv"), "w") as file:
        file.write("../central\n")
    link = os.path.join(projects.path, "linked")
    os.mkdir(link)
    os.symlink("../central", os.path.join(link, ".venv"))
    allow(projects, "api", "linked")
    shell = start()
    go(shell, "api")
    assert active(shell) == real
    go(shell, "linked")
    assert active(shell) == real
    os.unlink(os.path.join(link, ".venv"))
    os.symlink("../web/.venv", os.path.join(link, ".venv"))
    go(shell, "work")
    assert "changed since it was allowed" in go(shell, "linked")
    assert active(shell) is None


def test_names_of_directories_are_data(projects, start, name, venvs):
    odd = 'it\'s $(touch PWNED) `touch PWNED`\n* \\ "x" é'
    target = os.path.join(projects.path, odd)
    shutil.copytree(venvs[0], os.path.join(target, ".venv"), symlinks=True)
    allow(projects, odd)
    shell = start()
    os.symlink(target, os.path.join(projects.path, "odd"))
    shell.ok("cd -P ../odd" if name != "fish" else "cd ../odd; and cd (pwd -P | string collect)")
    shell.settled()
    assert active(shell) == os.path.join(target, ".venv")
    assert not [files for _, _, files in os.walk(projects.path) if "PWNED" in files]


@pytest.mark.parametrize("order", ["before", "after"])
def test_other_hooks_stay_and_keep_the_status(projects, start, name, order):
    hooks = {
        "bash": "PROMPT_COMMAND=(one two); one() { seen=$?; }; two() { :; }\n",
        "zsh": "one() { seen=$? }; precmd_functions+=(one)\n",
        "fish": "function one --on-event fish_prompt; set -g seen $status; end\n",
    }[name]
    if order == "after":
        hooks = {
            "bash": "one() { seen=$?; }; PROMPT_COMMAND+=$'\\none;'\n",
            "zsh": hooks,
            "fish": hooks,
        }[name]
    rc(projects, name, **{order: hooks})
    allow(projects, "api")
    shell = start()
    go(shell, "api")
    assert active(shell) == f"{projects.path}/api/.venv"
    shell.type("sh -c 'exit 7'")
    shell.settled()
    shell.type("sh -c 'exit 7'")
    assert shell.ok("echo $seen") in ("7", "0")
    shell.type("sh -c 'exit 7'")
    shell.type("echo @@$seen@")
    shell.child.expect_exact("@@7@")
    go(shell, "work")
    assert active(shell) is None


def test_sourcing_the_rc_file_again_leaves_one_hook(projects, start, name):
    allow(projects, "api")
    shell = start()
    shell.run(f"source {projects.path}/{RC[name]}")
    calls(projects)
    go(shell, "api")
    assert calls(projects) == ["hook"]
    assert active(shell) == f"{projects.path}/api/.venv"


def test_a_broken_environment_is_said_and_the_old_one_left(projects, start):
    python = os.path.join(projects.path, "web", ".venv", "bin", "python")
    os.unlink(python)
    os.symlink("/nowhere/python3", python)
    allow(projects, "api", "web")
    shell = start()
    before = shell.variables()
    go(shell, "api")
    os.rename(os.path.join(projects.path, "web", ".venv", "pyvenv.cfg"), f"{projects.path}/cfg")
    assert "changed since" in go(shell, "web")
    assert shell.variables() == before
    os.rename(f"{projects.path}/cfg", os.path.join(projects.path, "web", ".venv", "pyvenv.cfg"))
    go(shell, "api")
    assert "can't be activated: broken" in go(shell, "web")
    assert shell.variables() == before
    go(shell, "api")
    os.chmod(os.path.join(projects.path, ".local/state/envtui/trust.json"), 0o666)
    assert "not yours alone" in go(shell, "web")
    assert shell.variables() == before


def test_the_home_itself_and_what_all_may_write_to_are_no_projects(projects, start, venvs):
    shutil.copytree(venvs[0], os.path.join(projects.path, ".venv"), symlinks=True)
    os.mkdir(os.path.join(projects.path, "plain"))
    allow(projects, "api", "web")
    os.chmod(os.path.join(projects.path, "api"), 0o1777)
    os.chmod(os.path.join(projects.path, "web", ".venv", "bin"), 0o777)
    shell = start()
    assert "envtui:" not in go(shell, "plain")
    assert f"everybody may write to {projects.path}/api" in go(shell, "api")
    assert f"everybody may write to {projects.path}/web/.venv/bin" in go(shell, "web")
    assert active(shell) is None


def envtui(place: Home, *words: str, cwd: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [place.program, *words],
        env=place.variables,
        cwd=os.path.join(place.path, cwd),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["bash"])
def test_words_that_can_not_be_said(projects, name):
    assert "no project" in envtui(projects, "allow", "--yes", cwd="work").stderr
    assert envtui(projects, "allow", "--yes", "nowhere").returncode == 2
    without_terminal = envtui(projects, "allow", "api")
    assert without_terminal.returncode == 3
    assert "--yes" in without_terminal.stderr
    os.unlink(os.path.join(projects.path, "api", ".venv", "pyvenv.cfg"))
    nothing = envtui(projects, "allow", "--yes", "api")
    assert nothing.returncode == 1
    assert "not an environment" in nothing.stderr
    os.chmod(os.path.join(projects.path, "web", ".venv"), 0o777)
    open_to_all = envtui(projects, "allow", "--yes", "web")
    assert open_to_all.returncode == 3
    assert "everybody may write" in open_to_all.stderr


@pytest.mark.parametrize("name", ["bash"])
def test_the_words_are_kept_for_the_user_alone(projects, name):
    kept = os.path.join(projects.path, ".local", "state", "envtui", "trust.json")
    told = json.loads(envtui(projects, "allow", "--yes", "--json", "api").stdout)
    check_schema("allow", told)
    assert told["word"] == "allowed"
    assert told["environment"] == f"{projects.path}/api/.venv"
    assert os.stat(kept).st_mode & 0o777 == 0o600
    os.chmod(kept, 0o620)
    assert "not yours alone" in envtui(projects, "allow", "api").stderr
    os.chmod(kept, 0o600)
    with open(kept, "w") as file:
        file.write("{")
    done = envtui(projects, "allow", "--yes", "api")
    assert done.returncode == 2
    assert kept in done.stderr


@pytest.mark.parametrize("name", ["bash"])
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_belongs_to_somebody_else_is_refused(projects, name):
    root = os.path.join(projects.path, "api")
    prefix = os.path.join(root, ".venv")
    assert trust.danger(root, prefix) is None
    for path in (root, prefix, os.path.join(prefix, "bin")):
        os.chown(path, 12345, 12345)
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            moved = os.path.join(folder, "api")
            os.rename(root, moved)
            os.seteuid(65534)
            try:
                reason = trust.danger(moved, os.path.join(moved, ".venv"))
            finally:
                os.seteuid(0)
                os.rename(moved, root)
        assert reason is not None
        assert reason.endswith("belongs to 12345")
        os.chown(path, 0, 0)


@pytest.mark.parametrize("name", ["bash"])
def test_what_envtui_made_is_allowed(projects, start, name):
    os.mkdir(os.path.join(projects.path, "new"))
    with open(os.path.join(projects.path, "new", "requirements.txt"), "w"):
        pass
    made = envtui(projects, "create", "--yes", "--python", "3.11", cwd="new")
    assert made.returncode == 0, made.stderr
    shell = start()
    go(shell, "new")
    assert active(shell) == f"{projects.path}/new/.venv"


@pytest.mark.parametrize("name", ["bash"])
def test_an_environment_that_a_manager_keeps_elsewhere(projects, start, venvs, name):
    root = os.path.join(projects.path, "shop")
    prefix = os.path.join(projects.path, ".local/share/virtualenvs/shop-AbCd12_x")
    os.makedirs(os.path.join(root, "src"))
    for path in (os.path.join(root, "Pipfile"), os.path.join(projects.path, "work", "Pipfile")):
        with open(path, "w") as file:
            file.write("[packages]\n")
    shutil.copytree(venvs[0], prefix, symlinks=True)
    with open(os.path.join(prefix, ".project"), "w") as file:
        file.write(root)
    shell = start()
    assert "envtui:" not in go(shell, "shop")  # nothing of it is known before it is asked for
    assert "no one environment" in shell.run("envtui allow --yes ../work")[1]
    shell.ok("envtui allow --yes")
    go(shell, "api")
    go(shell, "shop/src")
    assert active(shell) == prefix
    assert shell.variables()["PIPENV_ACTIVE"] == "1"
    go(shell, "work")
    assert active(shell) is None


STRICT = {
    "bash": "set -u; shopt -s nullglob; IFS=:/\n",
    "zsh": "setopt ksh_arrays no_unset rc_quotes sh_word_split null_glob glob_subst "
    "prompt_subst warn_create_global csh_junkie_quotes pipefail\n",
}


@pytest.mark.parametrize("name", list(STRICT))
def test_options_and_aliases_of_the_users_do_not_matter(projects, start, name):
    words = ("local", "return", "break", "printf", "typeset", "emulate", "declare", "mktemp", "rm")
    rc(projects, name, after=STRICT[name] + "".join(f"alias {w}='echo NO'\n" for w in words))
    allow(projects, "api")
    shell = start()
    before = shell.variables()
    seen = go(shell, "api/src")
    assert active(shell) == f"{projects.path}/api/.venv"
    seen += go(shell, "work")
    assert shell.variables() == before
    assert "NO" not in seen
    assert "envtui" not in seen.replace("~/", "").replace(projects.path, "")
