"""One call of the program where its surroundings are not as usual: one message, no traceback."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import struct
import subprocess
import sys
import termios

import pexpect
import pytest

from envtui.adapters.registry import CREATORS
from envtui.table import width
from tests.homes import Home, picture
from tests.real.test_list import without_privilege


def envtui(home: Home, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A line of a shell in which `$E` is the program."""
    return subprocess.run(
        ["sh", "-c", line],
        env={**home.variables, "E": f"{sys.executable} -m envtui", **variables},
        cwd=home.path,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", ["list", "list --json", "--help", "why"])
def test_a_full_disk_is_told_in_one_line(home: Home, words: str) -> None:
    done = envtui(home, f"$E {words} >/dev/full")
    assert done.returncode == 5
    assert done.stderr == "envtui: the output can't be written: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_nothing_special(home: Home, closed: str) -> None:
    done = envtui(home, f"$E list --json {closed}")
    assert (done.returncode, done.stderr) == (0, "")
    assert ("interpreters" in done.stdout) is (">&-" not in closed.replace("2>&-", ""))
    assert envtui(home, f"$E list --filter py: {closed}").returncode == 2


@pytest.mark.parametrize(
    "words", ["create --yes", "create new --yes", "pin 3.12 --yes", "unpin --yes", "why", "allow"]
)
def test_in_a_directory_that_is_gone_nothing_is_meant_for_the_root(home: Home, words: str) -> None:
    home.folder("gone")
    done = envtui(home, f"cd gone && rmdir ../gone && $E {words}")
    assert done.returncode == 2
    assert done.stderr == "envtui: the current directory is gone; go to another or name one\n"
    assert envtui(home, "mkdir gone && cd gone && rmdir ../gone && $E list").returncode == 0


def test_an_empty_home_is_the_one_on_record(home: Home) -> None:
    told = envtui(home, "$E config --path", HOME="", XDG_CONFIG_HOME="").stdout
    assert told == f"{os.path.expanduser('~')}/.config/envtui/config.toml\n"


def test_what_a_filter_leaves_nothing_of_is_no_empty_home(home: Home) -> None:
    home.venv("api/.venv", "3.12")
    done = home.envtui("list", "--filter", "nowhere")
    assert (done.returncode, done.stdout) == (
        1,
        "Nothing matches. `envtui list` alone lists all.\n",
    )
    done = home.envtui("list", "--kind", "tox")
    assert (done.returncode, done.stdout[:15]) == (1, "Nothing matches")
    done = home.envtui("list", "--kind", "potery")
    assert done.returncode == 2
    assert "--kind potery: there is no such kind; the kinds are venv, " in done.stderr


def test_a_name_that_is_not_there_is_answered_with_what_could_be_meant(home: Home) -> None:
    home.venv("api/.venv", "3.12")
    assert "perhaps 'api/.venv'" in home.envtui("show", "apy/.venv").stderr
    assert home.envtui("show", "api").returncode == 0
    done = home.envtui("remove", "api", "--yes")
    assert done.returncode == 2
    assert done.stderr == (
        "envtui: 'api' is a beginning only; with --yes say all of it:\n  venv:~/api/.venv\n"
    )


def test_what_lies_in_a_closed_directory_is_not_said_to_be_missing(home: Home) -> None:
    os.chmod(home.folder("shut"), 0)
    command = (*without_privilege(), sys.executable, "-m", "envtui", "show", home.at("shut/.venv"))
    done = home.run(*command, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        f"envtui: {home.at('shut/.venv')} may not be read\n",
    )


def test_an_empty_word_is_no_default(home: Home) -> None:
    done = envtui(home, '$E create "$UNSET" --dry-run')
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "envtui: the path of the new environment is empty\n"


def test_what_tells_of_the_past_and_of_one_keeps_to_its_schema(home: Home) -> None:
    """`Home.json` checks each answer."""
    home.venv("api/.venv", "3.12")
    home.write(".config/envtui/config.toml", '[keys]\nremove = "x"\n[trash]\nmax_size = "5G"\n')
    assert home.json("show", "api/.venv")["packages"] == []
    assert home.json("show", f"pyenv:{home.version('3.12')}")["environments"]
    home.json("remove", "api/.venv", "--yes")
    assert home.json("history")["history"][0]["status"] == "done"
    (thing,) = home.json("trash")["trash"]
    assert home.json("trash", "restore", thing["id"], "--yes")["done"] is True
    assert home.json("trash", "empty", "--yes")["items"] == []
    assert home.json("config")["settings"]["keys"]["value"] == {"remove": "x"}


def test_where_one_stands_in_a_linked_home_changes_no_name(home: Home) -> None:
    """Editors start programs in the real directory, shells in the one that was typed."""
    home.venv("api/.venv", "3.12")
    link = f"{home.path}-link"
    os.symlink(home.path, link)
    for folder in (link, home.path):
        done = home.run(
            *(sys.executable, "-m", "envtui", "list", "--json"),
            cwd=f"{folder}/api", variables={"HOME": link},
        )  # fmt: skip
        (found,) = json.loads(done.stdout)["environments"]
        assert (found["id"], found["path"]) == ("venv:~/api/.venv", f"{link}/api/.venv")


def test_who_is_named_twice_goes_once(home: Home) -> None:
    home.venv("api/.venv", "3.12")
    plan = home.json("remove", "api/.venv", "venv:~/api/.venv", "--dry-run")["plan"]
    assert (plan["title"], len(plan["steps"])) == ("Remove api/.venv", 1)


def test_in_a_log_the_plan_stands_before_what_its_commands_print(home: Home) -> None:
    home.folder("api")
    line = "cd api && $E create --yes --python 3.12 >../log 2>&1 && $E rebuild .venv --yes >>../log 2>&1"
    assert envtui(home, line).returncode == 0
    with open(home.at("log")) as file:
        lines = [line.strip() for line in file]
    assert lines.index("[1/3] move " + home.at("api/.venv") + " to the trash") > lines.index(
        f"Rebuild api/.venv on Python {home.version('3.12')}"
    )


def test_a_command_that_is_advised_can_be_pasted(home: Home) -> None:
    """A project's file must not write what a person runs."""
    home.write("x/.python-version", "$(id)\n")
    why = home.envtui("why", cwd=home.at("x")).stdout
    assert "`envtui install '$(id)'` may get it" in why
    advice = home.envtui("activate", "my api/$(id)").stderr
    assert "`envtui shell 'my api/$(id)'` now" in advice
    shutil.copytree(
        home.at(".pyenv/versions", home.version("3.12")), home.at("my $(id)"), symlinks=True
    )
    home.run(home.at("my $(id)/bin/python3.12"), "-m", "venv", "--without-pip", home.at("x/.venv"))
    shutil.rmtree(home.at("my $(id)"))
    listed = home.envtui("list").stdout
    assert f"`envtui repair '{home.at('my $(id)')}'` mends what can be" in listed


@pytest.mark.parametrize("columns", [80, 60])
def test_a_long_name_does_not_break_the_lines_of_a_list(home: Home, columns: int) -> None:
    """On a terminal its middle goes; a pipe gets all of it."""
    home.venv(f"{'long-' * 40}/.venv", "3.12")
    home.venv("日本語" * 20 + "/.venv", "3.12")
    for line in on_a_terminal(home, columns, "list"):
        assert width(line) <= columns
    assert "long-" * 40 in home.envtui("list").stdout


def on_a_terminal(home: Home, columns: int, *words: str) -> list[str]:
    """What a command prints where standard output is a terminal of that width."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [sys.executable, "-m", "envtui", *words]
    with subprocess.Popen(
        command, env={**home.variables, "NO_COLOR": "1"}, cwd=home.path, stdout=slave
    ) as started:
        os.close(slave)
        told = b""
        try:
            while data := os.read(master, 1 << 16):
                told += data
        except OSError:
            pass  # nobody holds the other end any more
        finally:
            os.close(master)
    assert started.returncode == 0
    return told.decode().splitlines()


def test_a_journal_that_may_not_be_read_is_no_empty_one(home: Home) -> None:
    """Nor is its first change written over by the next."""
    app = home.folder("app")
    home.json("pin", "3.12", "--project", app, "--yes")
    journal = home.at(".local/state/envtui/journal")
    before = picture(journal)
    os.chmod(journal, 0o300)
    for words, code in (
        (("history",), 2),
        (("undo", "--yes"), 2),
        (("pin", "3.11", "--project", app, "--yes"), 3),
    ):
        done = home.run(*without_privilege(), sys.executable, "-m", "envtui", *words, check=False)
        assert done.returncode == code, done.stderr
        assert f"{journal} cannot be read: Permission denied" in done.stderr
        assert "Nothing has been" not in done.stdout
    os.chmod(journal, 0o700)
    assert picture(journal).keys() == before.keys()
    assert home.envtui("undo", "--yes").returncode == 0


def test_a_change_is_told_by_the_clock_on_the_wall(home: Home) -> None:
    """It was told in UTC without saying so: hours off for most people."""
    home.write("code/shop/pyproject.toml", '[project]\nname = "shop"\n')
    assert home.envtui("pin", "3.12", "--project", "code/shop", "--yes").returncode == 0
    told = home.json("history")["history"][0]["time"]
    assert told.endswith("Z")
    hour = int(told[11:13])
    shown = envtui(home, "$E history", TZ="XXX-5:30").stdout
    assert f" {(hour + 5 + (int(told[14:16]) >= 30)) % 24:02}:" in shown
    assert told[:16].replace("T", " ") not in shown


def test_reasons_that_the_screen_shows_too_name_no_command(home: Home) -> None:
    broken = home.venv("api/.venv", "3.12")
    for name in ("python", "python3", "python3.12"):
        os.unlink(f"{broken}/bin/{name}")
    one = home.json("clean", "--dry-run")["suggestions"][0]
    assert one["reasons"] == ["no-python: bin/python is missing (it can be repaired)"]
    shown = home.envtui("doctor").stdout
    assert "venv:~/api/.venv has no Python: bin/python is missing" in shown


def test_of_what_has_no_plan_the_doctor_does_not_say_that_one_could(home: Home) -> None:
    """It said "you could: pyenv knows no Python"."""
    home.write("api/.python-version", "3.99.1\n")
    shown = home.envtui("doctor").stdout
    assert "\n    pyenv knows no Python '3.99.1'" in shown


def test_what_speaks_for_itself_is_said_once(home: Home) -> None:
    home.write("x/.python-version", home.version("3.11") + "\n")
    shown = home.envtui("why", "x").stdout
    assert "PATH: system:/" in shown


def test_the_plan_of_setup_is_what_one_has_to_judge(home: Home) -> None:
    """The rc file line for line; the 180 lines of the function by what prints them."""
    shown = home.envtui("setup", "bash", "--dry-run").stdout
    assert len(shown.splitlines()) < 12
    printed = home.envtui("init", "bash").stdout
    assert f"{len(printed.splitlines())} lines: what `envtui init bash` prints" in shown
    assert "# envtui setup" in shown
    done = home.envtui("setup", "bash", "--yes").stdout
    assert "or run: source ~/.local/share/envtui/init.bash;" in done
    command = "source ~/.local/share/envtui/init.bash && type -t envtui"
    assert home.run("bash", "-c", command).stdout == "function\n"
    with open(home.at(".local/share/envtui/init.bash")) as file:
        assert file.read() == printed


@pytest.mark.parametrize(
    ("key", "said", "code"), [("c", "envtui: interrupted", 130), ("d", "envtui: nothing was", 3)]
)
def test_a_question_that_is_left_ends_its_line(home: Home, key: str, said: str, code: int) -> None:
    words = ["-m", "envtui", "create", "x"]
    child = pexpect.spawn(sys.executable, words, env=home.variables, cwd=home.path, timeout=60)  # type: ignore[arg-type]
    child.expect_exact("Do it? [y/N] ")
    child.sendcontrol(key)
    child.expect_exact(f"\n{said}")
    child.wait()
    assert child.exitstatus == code


def test_the_help_of_create_names_every_kind(home: Home) -> None:
    told = " ".join(home.envtui("create", "--help").stdout.split())
    for kind in CREATORS:
        assert f"{kind}," in told or f"{kind} --python" in told or f"{kind} (default)," in told
