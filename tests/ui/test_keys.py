"""Every key, on a real home: what it shows, what it does, and that it can be taken back."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from envtui import execute, trash
from envtui.actions import KEYS
from envtui.host import Host
from envtui.plan import Plan, Run
from envtui.shell import PROTOCOL
from envtui.ui.jobs import Job
from envtui.ui.scanning import Child
from tests.homes import Home
from tests.ui.driving import Driver, drive


@pytest.fixture
def shop(in_home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Two projects with a venv each; one stands in `shop`."""
    home = in_home
    home.write("code/shop/pyproject.toml", '[project]\nname = "shop"\nrequires-python = ">=3.12"\n')
    home.write("code/api/pyproject.toml", '[project]\nname = "api"\n')
    home.venv("code/shop/.venv", "3.12")
    home.venv("code/api/.venv", "3.11")
    monkeypatch.chdir(home.at("code/shop"))
    monkeypatch.setenv("PWD", home.at("code/shop"))
    return home


def hooked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the shell function calls us."""
    monkeypatch.setenv("ENVTUI_OUT", home.write("answer"))
    monkeypatch.setenv("ENVTUI_SHELL", "bash")
    monkeypatch.setenv("ENVTUI_PROTO", PROTOCOL)


def there(path: str) -> bool:
    return os.path.lexists(path)


def test_enter_switches_to_the_project_environment(
    shop: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked(shop, monkeypatch)

    async def act(driver: Driver) -> None:
        await driver.press("enter")

    outcome = drive(act, host=Host()).return_value
    assert outcome is not None
    assert outcome.activation is not None
    assert outcome.activation.prefix == shop.at("code/shop/.venv")
    assert not outcome.subshell


def test_enter_on_a_project_goes_there_too(shop: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hooked(shop, monkeypatch)

    async def act(driver: Driver) -> None:
        await driver.press("1", "j", "enter")

    outcome = drive(act, host=Host()).return_value
    assert outcome is not None
    assert outcome.cd == shop.at("code/api")
    assert outcome.activation is not None
    assert outcome.activation.prefix == shop.at("code/api/.venv")


def test_without_the_hook_a_subshell_is_offered(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("enter")
        await driver.until("envtui init")
        await driver.until("Subshell")
        await driver.press("s")

    outcome = drive(act, host=Host()).return_value
    assert outcome is not None
    assert outcome.subshell
    assert outcome.activation is not None


def test_enter_on_the_active_one_asks_and_leaves(
    shop: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked(shop, monkeypatch)
    monkeypatch.setenv("VIRTUAL_ENV", shop.at("code/shop/.venv"))
    monkeypatch.setenv("PATH", shop.at("code/shop/.venv/bin") + ":" + os.environ["PATH"])

    async def act(driver: Driver) -> None:
        await driver.until("● active")
        await driver.press("d")
        await driver.until("⏎ leaves it")
        await driver.press("enter")
        await driver.until("Leave it?")
        await driver.press("y")

    outcome = drive(act, host=Host()).return_value
    assert outcome is not None
    assert outcome.leave
    assert outcome.activation is None


def test_remove_and_undo(shop: Home) -> None:
    prefix = shop.at("code/api/.venv")

    async def act(driver: Driver) -> None:
        await driver.press("j", "d")
        await driver.until("move ~/code/api/.venv to the trash")
        await driver.until("[ n No ]")
        await driver.press("enter")  # the focus stands on No
        await driver.closed()
        assert there(prefix)
        await driver.press("d")
        await driver.until("y Yes")
        await driver.press("y")
        await driver.until("removed api/.venv")
        await driver.until(lambda: len(driver.app.main.inventory.environments) == 1)
        assert not there(prefix)
        await driver.press("u")
        await driver.until("move it back to ~/code/api/.venv")
        await driver.press("y")
        await driver.until(lambda: len(driver.app.main.inventory.environments) == 2)

    drive(act, host=Host())
    assert os.access(os.path.join(prefix, "bin", "python"), os.X_OK)


def test_marked_ones_go_with_one_plan(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("space", "space")
        await driver.until("2 marked")
        await driver.press("d")
        await driver.until("Remove 2 environments?")
        await driver.press("y")
        await driver.until("no environments yet")
        assert len(driver.app.jobs.all) == 1

    drive(act, host=Host())


def test_a_range_is_marked_and_a_plan_says_what_goes(shop: Home) -> None:
    """v, down, d: both environments, their sizes, whose they are, and how it is undone."""
    shop.write("code/api/notes.txt")

    async def act(driver: Driver) -> None:
        shown = driver.app.main.list("environments")
        await driver.press("v")
        assert len(shown.marked) == 1
        await driver.press("j")
        await driver.until("2 marked to the cursor")
        await driver.press("k")
        assert len(shown.marked) == 1
        await driver.press("j", "v", "k")
        assert len(shown.marked) == 2
        await driver.press("d")
        await driver.until("project shop is left without one")
        await driver.until("project api is left without one")
        await driver.until("moves to the trash")
        await driver.until("how it is undone")
        await driver.until(
            lambda: "…" not in "".join(line for line in driver.lines if "packages" in line)
        )
        await driver.until(lambda: driver.app.screen.query_one("#frame").has_class("-trash"))
        await driver.press("Y")
        await driver.until(lambda: driver.app.clipboard.count("to the trash") == 2)
        await driver.press("escape", "escape")
        assert not shown.marked

    drive(act, host=Host())


def test_what_can_not_be_taken_back_is_said_in_red(shop: Home) -> None:
    lasting = Plan("Last", (Run(("/bin/true",), shop.path),))

    async def act(driver: Driver) -> None:
        from envtui.ui.deeds import propose
        from envtui.ui.proposal import of_plan

        propose(driver.app, "Last", lambda: of_plan(lasting, driver.app.host))
        await driver.until("dangerous: nothing brings this back")
        await driver.until("can't be taken back")
        await driver.until(lambda: driver.app.screen.query_one("#frame").has_class("-final"))
        await driver.press("enter")  # the focus stands on No
        await driver.closed()
        assert not driver.app.jobs.all

    drive(act, host=Host())


def test_a_long_plan_scrolls_and_stays_readable_in_a_small_window(shop: Home) -> None:
    steps = tuple(Run(("/bin/echo", f"step-{n}"), shop.path, within="x") for n in range(1, 60))

    async def act(driver: Driver) -> None:
        from envtui.ui.deeds import propose
        from envtui.ui.proposal import of_plan

        propose(driver.app, "Long", lambda: of_plan(Plan("Long", steps), driver.app.host))
        await driver.until("j k scroll")
        await driver.until("[ n No ]")
        await driver.press("ctrl+d")
        await driver.until("step-8")
        await driver.press("G")
        await driver.until("nothing more, once the other steps are undone")
        await driver.resize(120, 35)
        await driver.resize(40, 10)
        await driver.until("n No")
        await driver.press("n")
        assert len(driver.app.screen_stack) == 1

    drive(act, host=Host(), size=(60, 15))


def test_a_used_environment_is_refused_with_the_reason(shop: Home) -> None:
    python = shop.at("code/api/.venv/bin/python")
    with subprocess.Popen([python, "-c", "input()"], stdin=subprocess.PIPE) as process:

        async def act(driver: Driver) -> None:
            await driver.until("▶ in use (1)")
            await driver.press("j", "d")
            await driver.until("it is refused")
            await driver.until(f"{process.pid}")
            await driver.press("y")
            assert not driver.app.jobs.all
            await driver.press("n")

        drive(act, host=Host())
        process.kill()
    assert os.path.exists(python)


def test_pin(shop: Home) -> None:
    older, newer = shop.version("3.11"), shop.version("3.12")

    async def act(driver: Driver) -> None:
        await driver.press("p")
        await driver.until("writes  ~/code/shop/.python-version")
        rows = [line for line in driver.drawn if "pyenv" in line and "fit" in line]
        assert f"{newer}" in rows[0]
        assert "fits >=3.12" in rows[0]
        assert "does not fit" in "".join(rows[1:])
        await driver.press("j")
        await driver.until("writes  ~/code/shop/.python-version")
        await driver.until(f"stays on Python {newer}")
        await driver.press("k", "enter")
        await driver.until(f"+{newer}")
        await driver.press("y")
        await driver.until("✓ pinned")

    drive(act, host=Host(), size=(120, 40))
    with open(shop.at("code/shop/.python-version")) as file:
        assert file.read().strip() == newer
    assert older != newer


def test_pin_and_rebuild_are_one_plan(shop: Home) -> None:
    older, newer = shop.version("3.11"), shop.version("3.12")
    made = shop.at("code/shop/.venv/bin/python")
    assert shop.run(made, "-V").stdout.split()[1] == newer

    async def act(driver: Driver) -> None:
        await driver.press("p", "j", "r")
        await driver.until("rebuilds shop/.venv")
        await driver.press("enter")
        await driver.until("[ n No ]")
        await driver.press("y")
        await driver.until("✓ rebuilt")
        assert shop.run(made, "-V").stdout.split()[1] == older
        await driver.press("u")
        await driver.until("[ n No ]")
        await driver.press("y")
        await driver.until("✓ undone")

    drive(act, host=Host(), size=(120, 40))
    assert shop.run(made, "-V").stdout.split()[1] == newer
    assert not os.path.lexists(shop.at("code/shop/.python-version"))


def test_create_fills_from_a_lock_and_follows_the_project(shop: Home) -> None:
    """Another project, its Python, its requirements file: all chosen by arrows and letters."""
    shop.write("code/api/requirements.txt", "# nothing\n")

    async def act(driver: Driver) -> None:
        await driver.press("c")
        await driver.until("exists already")
        await driver.until("Project")
        await driver.press("up", "up", "up", "a")  # the project whose name begins with a
        await driver.until("~/code/api/.venv exists already")
        await driver.press("down", "down", "3")
        await driver.until("3.1")
        await driver.press("down")
        await driver.type("2")
        await driver.press("down")
        await driver.press("r")
        await driver.until("requirements.txt")
        await driver.until("pip install -r")
        await driver.press("enter")
        await driver.until("y Yes")
        await driver.until("only adds")
        await driver.press("escape")
        assert not driver.app.jobs.all

    drive(act, host=Host())


def test_another_python_for_this_shell_only(shop: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hooked(shop, monkeypatch)

    async def act(driver: Driver) -> None:
        await driver.press("p", "tab")
        await driver.until("nothing is written")
        await driver.press("j", "enter")

    outcome = drive(act, host=Host()).return_value
    assert outcome is not None
    assert outcome.activation is not None
    assert "versions/3.11" in outcome.activation.prefix
    assert not there(".python-version")


def test_unpin_by_name(shop: Home) -> None:
    shop.write("code/shop/.python-version", shop.version("3.12") + "\n")

    async def act(driver: Driver) -> None:
        await driver.press("colon")
        await driver.type("unpin")
        await driver.press("enter")
        await driver.until("[ n No ]")
        await driver.until("how it is undone")
        await driver.press("y")
        await driver.until(lambda: driver.app.jobs.all and not driver.app.jobs.open)

    drive(act, host=Host())


def test_the_trash_is_emptied_only_after_a_red_dialog(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("colon")
        await driver.type("empty")
        await driver.press("enter")
        await driver.until("the trash is empty")
        await driver.press("escape", "j", "d")
        await driver.until("[ n No ]")
        await driver.press("y")
        await driver.until("removed api/.venv")
        await driver.press("colon")
        await driver.type("empty")
        await driver.press("enter")
        await driver.until("nothing brings this back")
        await driver.until("code/api/.venv")
        await driver.until(lambda: driver.app.screen.query_one("#frame").has_class("-final"))
        await driver.press("y")
        await driver.until("deleted 1 thing")

    drive(act, host=Host())


def test_one_thing_of_the_trash_is_restored_and_another_deleted(shop: Home) -> None:
    api, own = shop.at("code/api/.venv"), shop.at("code/shop/.venv")

    async def act(driver: Driver) -> None:
        await driver.press("t")
        await driver.until("the trash is empty")
        await driver.press("enter")
        await driver.until("the trash is empty", gone=True)
        for _ in range(2):
            await driver.press("2", "G", "d")
            await driver.until("y Yes")
            before = len(driver.app.main.inventory.environments)
            await driver.press("y")
            await driver.until(lambda: len(driver.app.main.inventory.environments) < before)  # noqa: B023
        await driver.until(": t")
        await driver.press("t")
        await driver.until("2 things: ")
        await driver.until(f"venv {shop.version('3.11')}")
        await driver.until("by change 2")
        await driver.press("j", "enter")
        await driver.until("move it back to ~/code/api/.venv")
        await driver.until("nothing is overwritten")
        await driver.press("enter")  # the focus stands on No
        await driver.closed()
        assert not there(api)
        await driver.press("t")
        await driver.until("2 things: ")
        await driver.press("j", "r")
        await driver.until("y Yes")
        await driver.press("y")
        await driver.until("✓ restored api/.venv")
        await driver.press("t")
        await driver.until("1 thing: ")
        await driver.press("d")
        await driver.until("Delete shop/.venv for good?")
        await driver.until("dangerous")
        await driver.press("y")
        await driver.until("✓ deleted 1 thing")

    drive(act, host=Host())
    assert os.access(os.path.join(api, "bin", "python"), os.X_OK)
    assert not there(own)
    assert trash.listing() == []


def test_what_can_not_be_restored_is_refused_with_the_reason(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("j", "d")
        await driver.until("y Yes")
        await driver.press("y")
        await driver.until("✓ removed api/.venv")
        shop.write("code/api/.venv/mine", "x")
        await driver.press("t")
        await driver.until("1 thing: ")
        await driver.press("enter")
        await driver.until("~/code/api/.venv is taken; move that away")
        await driver.press("y")
        assert len(driver.app.jobs.all) == 1

    drive(act, host=Host())
    assert [item.path for item in trash.listing()] == [shop.at("code/api/.venv")]


def test_rebuild_and_a_subshell_by_name(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("colon")
        await driver.type("rebuild")
        await driver.press("enter")
        await driver.until("[ n No ]")
        await driver.until("-m venv")
        await driver.press("n", "colon")
        await driver.type("subshell")
        await driver.press("enter")

    outcome = drive(act, host=Host()).return_value
    assert outcome is not None
    assert outcome.subshell


def test_create_checks_while_one_types(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("c")
        await driver.until("exists already")
        await driver.type("2")
        await driver.until("✓ ")
        await driver.press("enter")
        await driver.until("y Yes")
        await driver.until("-m venv")
        await driver.press("y")
        await driver.until(lambda: len(driver.app.main.inventory.environments) == 3)

    drive(act, host=Host())
    assert os.access(shop.at("code/shop/.venv2/bin/python"), os.X_OK)


def test_an_interpreter_that_is_needed_stays_and_it_says_why(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("3", "d")
        await driver.told("is needed by 1 environment")
        assert len(driver.app.screen_stack) == 1

    drive(act, host=Host())


def test_the_cursor_comes_back_when_a_filter_that_hid_its_row_is_cleared() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("G")
        rows = driver.app.main.list("environments")
        chosen = rows.current_id
        await driver.press("slash", *"zzz")
        await driver.until("nothing matches zzz")
        await driver.press("escape")
        await driver.until(lambda: rows.current_id == chosen)
        await driver.press("g", "escape", "slash", *"zzz", "escape")
        assert rows.current_id != chosen

    drive(act)


def test_filter_is_kept_per_pane(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("slash")
        await driver.type("py:<3.12")
        await driver.until("1 of 2")
        await driver.press("enter", "1", "2")
        await driver.until("/py:<3.12")
        await driver.press("escape")
        await driver.until("1 of 2", gone=True)
        await driver.press("slash")
        await driver.type("py:x")
        await driver.until("is expected")
        await driver.press("escape")

    drive(act, host=Host())


def test_big_ones_show_once_they_are_measured(shop: Home) -> None:
    shop.write("code/api/.venv/lib/data", "x" * 40_000_000)

    async def act(driver: Driver) -> None:
        await driver.press("slash")
        await driver.type("size:>30M")
        await driver.until("api/.venv")
        await driver.press("enter")
        await driver.until(lambda: "1 of 2" in driver.text)
        await driver.press("slash")
        await driver.type(" unused:>90d")
        await driver.until("0 of 2")

    drive(act, host=Host())


def test_a_filter_from_the_command_line(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.until("/api")
        await driver.until("1 of 2")

    drive(act, host=Host(), filter_text="api")


def test_help_finds_and_runs(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("question_mark")
        await driver.type("alone")
        await driver.until("this pane alone")
        await driver.press("enter")
        await driver.pilot.pause()
        await driver.until(lambda: driver.app.main.has_class("-zoomed"))
        await driver.press("escape")
        await driver.until(lambda: not driver.app.main.has_class("-zoomed"))

    drive(act, host=Host())


def test_sort_copy_and_tabs(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("s")
        await driver.until("by name")
        await driver.press("Y")
        await driver.until("its path")
        await driver.press("Y")
        await driver.until(lambda: driver.app.clipboard == shop.at("code/shop/.venv"))
        await driver.press("Y", "c")
        await driver.until(
            lambda: driver.app.clipboard == "envtui activate 'venv:~/code/shop/.venv'"
        )
        await driver.press("Y", "j", "enter")
        await driver.until(lambda: driver.app.clipboard == "venv:~/code/shop/.venv")
        await driver.press("Y", "escape")
        await driver.press("right_square_bracket", "right_square_bracket")
        await driver.until("why it is listed")
        await driver.press("right_square_bracket")
        await driver.until("pyvenv.cfg")
        await driver.press("0", "G", "g", "h", "ctrl+d", "ctrl+u", "tab", "shift+tab")

    drive(act, host=Host())


def test_jobs_stream_wait_and_are_cancelled(shop: Home) -> None:
    """Two jobs: the first says something and runs on until `d`; `q` asks meanwhile."""
    made = shop.at("code/never")
    slow = Plan(
        "Slow", (Run(("/bin/sh", "-c", "echo begun; sleep 600"), shop.path, creates=(made,)),)
    )

    def job(host: Host) -> Job:
        return Job("Slow", "", lambda out, cancel: execute.perform(slow, host, out, cancel))

    async def act(driver: Driver) -> None:
        driver.app.start(job(driver.app.host))
        driver.app.start(job(driver.app.host))
        await driver.press("w")
        await driver.until("… queued")
        await driver.press("j")
        await driver.until(lambda: "begun" in driver.app.jobs.all[0].lines)
        await driver.press("escape", "q")
        await driver.until("Slow is not finished, and 1 more wait")
        await driver.press("escape", "w", "d", "j", "d")
        await driver.until(lambda: not driver.app.jobs.open)
        await driver.until("■ cancelled")
        await driver.press("tab")
        await driver.until("/bin/sh -c 'echo begun; sleep 600'")
        await driver.press("escape", "q")

    app = drive(act, host=Host())
    assert [job.status for job in app.jobs.all] == ["cancelled", "cancelled"]
    assert app.return_code == 0


def test_a_change_waits_for_another_envtui_and_says_so(shop: Home) -> None:
    code = "from envtui import disk\nwith disk.lock():\n print('held', flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()

        async def act(driver: Driver) -> None:
            await driver.press("j", "d")
            await driver.until("[ n No ]")
            await driver.press("y")
            await driver.until(f"waiting: another envtui (pid {other.pid})")
            assert there(shop.at("code/api/.venv"))
            other.stdin.close()
            await driver.until("removed api/.venv")

        drive(act, host=Host(), size=(160, 35))
    assert not there(shop.at("code/api/.venv"))


def test_commands_are_in_the_log_too(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("c")
        await driver.until("exists already")
        await driver.type("2")
        await driver.until("✓ ")
        await driver.press("enter")
        await driver.until("y Yes")
        await driver.press("y")
        await driver.until("✓ created")
        await driver.press("w", "tab")
        await driver.until("-m venv")
        await driver.until("also in ~/.local/state/envtui/log")
        await driver.press("Y")
        await driver.until(lambda: driver.app.clipboard.startswith("$ "))

    drive(act, host=Host())
    with open(shop.at(".local/state/envtui/log")) as file:
        assert "-m venv" in file.read()


def test_rescan_sees_what_others_made_and_the_cursor_stays(shop: Home) -> None:
    """With the real child process."""

    async def act(driver: Driver) -> None:
        await driver.until(lambda: driver.app.main.inventory is not None)
        await driver.press("j")
        assert driver.app.main.row.name == ".venv" or "api" in driver.app.main.row.path
        before = driver.app.main.row.path
        shop.venv("code/aaa/.venv", "3.12")
        await driver.press("R")
        # Its name stands in the line above, too, where the scan says how far it is.
        await driver.until(lambda: len(driver.app.main.inventory.environments) == 3)
        assert driver.app.main.row.path == before

    host = Host()
    drive(act, host=host, scan=Child(host))


def test_a_python_is_installed_from_what_pyenv_knows(shop: Home) -> None:
    source = os.path.join(shop.pyenv, "versions", shop.version("3.12"))
    for name in ("3.97.1", "3.97.2"):  # a definition of the test's own copies one that is there
        shop.write(f"definitions/{name}", f'mkdir -p "$PREFIX_PATH" && cp -a {source}/. "$_"\n')
    host = Host(variables={**os.environ, "PYTHON_BUILD_DEFINITIONS": shop.at("definitions")})

    async def act(driver: Driver) -> None:
        await driver.press("3", "c")
        await driver.until("Install a Python through pyenv")
        await driver.until("3.97.2")
        await driver.until("security fixes until 2028-10")
        await driver.type("3.97.1")
        await driver.until("3.97.2", gone=True)
        await driver.until("✓ Install Python 3.97.1 with pyenv")
        await driver.press("enter")
        await driver.until("[ n No ]")
        await driver.press("y")
        await driver.until("✓ installed Python 3.97.1")
        await driver.press("c")
        await driver.type("3.97.1")
        await driver.until("is installed already")
        await driver.press("escape", "u")
        await driver.until("[ n No ]")
        await driver.press("y")
        await driver.until("✓ undone")

    drive(act, host=host, size=(120, 40))
    assert not os.path.lexists(os.path.join(shop.pyenv, "versions", "3.97.1"))


def test_what_can_not_be_installed_is_told_while_one_types(shop: Home) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("3", "c")
        await driver.until("Install a Python through pyenv")
        await driver.type("nope")
        await driver.until("pyenv knows no Python 'nope'")
        await driver.press("tab")
        await driver.until("Install a Python through uv")
        await driver.until("uv is not installed")

    drive(act, host=Host(), size=(120, 40))


def test_keys_for_moving_move_in_dialogs_too_but_n_stays_no(in_home: Home) -> None:
    in_home.venv("code/api/.venv", "3.12")
    keys = {**KEYS, "down": ("n",), "up": ("e",)}

    async def act(driver: Driver) -> None:
        def chosen() -> str:
            return next((line for line in driver.drawn if "▌" in line), "")

        await driver.press("2", "Y")
        await driver.until("⏎ or the key")
        first = chosen()
        await driver.press("n")
        await driver.until(lambda: chosen() != first)
        await driver.press("e")
        await driver.until(lambda: chosen() == first)
        await driver.press("escape", "d")
        await driver.until("what is done")
        await driver.press("n")
        await driver.until("what is done", gone=True)

    drive(act, host=Host(), keys=keys)
