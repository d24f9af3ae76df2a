"""`envtui list` on a home like those that people have: everything once, and everything right."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.homes import Home
from tests.real.realhome import STRANGE, Builder

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def listing(real: Builder) -> dict[str, Any]:
    return real.home.json("list")


@pytest.fixture(scope="module")
def by_real(listing: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {os.path.realpath(found["path"]): found for found in listing["environments"]}


def test_every_environment_is_listed_exactly_once(real: Builder, listing: dict[str, Any]) -> None:
    found = Counter(os.path.realpath(item["path"]) for item in listing["environments"])
    wanted = Counter(os.path.realpath(path) for path in real.expected)
    assert found == wanted


@pytest.mark.parametrize("key", ["kind", "version", "interpreter", "project", "health", "link"])
def test_each_environment_is_described_as_it_is(
    key: str, real: Builder, by_real: dict[str, dict[str, Any]]
) -> None:
    told = {path: by_real[os.path.realpath(path)][key] for path in real.expected}
    assert told == {path: getattr(item, key) for path, item in real.expected.items()}


def test_bad_health_has_a_reason_and_good_health_none(listing: dict[str, Any]) -> None:
    for item in listing["environments"]:
        assert (item["reason"] is None) == (item["health"] == "ok"), item
        assert item["evidence"][0].startswith("listed: "), item


def test_a_lost_base_is_recorded(real: Builder, by_real: dict[str, dict[str, Any]]) -> None:
    legacy = by_real[real.home.at("code/legacy/.venv")]
    assert legacy["interpreter"] is None
    assert legacy["base"] == real.home.at(".pyenv/versions", str(legacy["version"]))
    assert legacy["base"] in legacy["reason"]


def test_ids_are_unique_and_of_the_documented_form(listing: dict[str, Any]) -> None:
    ids = [item["id"] for key in ("interpreters", "environments") for item in listing[key]]
    assert len(ids) == len(set(ids))
    for item in listing["environments"]:
        assert item["id"].startswith(item["kind"] + ":")
        assert not any(ord(character) < 32 for character in item["id"])
    assert "venv:~/code/api/.venv" in ids
    assert "venv:~/code/names/new%0Aline/.venv" in ids
    central = [i for i in listing["environments"] if "/virtualenvs/" in i["path"]]
    assert len(central) == 5
    for item in central:
        assert item["id"] == f"{item['kind']}:{os.path.basename(item['path'])}"


def test_every_interpreter_of_pyenv_is_listed_once(real: Builder, listing: dict[str, Any]) -> None:
    home = real.home
    versions = os.listdir(os.path.join(home.pyenv, "versions"))
    found = [item for item in listing["interpreters"] if item["kind"] == "pyenv"]
    assert sorted(item["id"] for item in found) == sorted(f"pyenv:{v}" for v in versions)
    for item in found:
        ask = "import sys; print('%d.%d.%d ' % sys.version_info[:3] + sys.prefix)"
        version, prefix = home.run(item["path"], "-c", ask).stdout.split()
        assert (item["version"], item["prefix"]) == (version, prefix)
        users = [e for e in listing["environments"] if e["interpreter"] == item["id"]]
        assert item["dependents"] == len(users)


def test_a_project_shows_its_pins_locks_and_environments(
    real: Builder, listing: dict[str, Any]
) -> None:
    at, version = real.home.at, real.home.version
    projects = {item["path"]: item for item in listing["projects"]}
    assert len(projects) == len(listing["projects"])
    pinned = projects[at("code/pinned")]["pins"]
    resolved = f"pyenv:{version('3.11')}"
    assert pinned == [
        {"file": at("code/pinned/.python-version"), "versions": ["3.11"], "resolves_to": [resolved]}
    ]
    assert projects[at("code/future")]["pins"][0]["resolves_to"] == [None]
    shop = projects[at("code/shop")]
    assert (shop["name"], shop["lock"], shop["requires_python"]) == (
        "shop", "poetry.lock", ">=3.11",
    )  # fmt: skip
    assert "poetry" in shop["managers"]
    assert len(shop["environments"]) == 2
    assert "pipenv" in projects[at("code/cart")]["managers"]
    known = {item["id"] for item in listing["environments"]}
    for project in projects.values():
        assert set(project["environments"]) <= known


def test_what_could_not_be_read_has_a_warning(real: Builder, listing: dict[str, Any]) -> None:
    warned = {item["path"] for item in listing["warnings"]}
    assert set(real.warned) <= warned
    assert listing["scan"] == {"complete": True, "stopped_at": None}


def test_nothing_is_taken_for_an_environment_by_its_name(listing: dict[str, Any]) -> None:
    assert not [item for item in listing["environments"] if "/trap/" in item["path"]]


def test_names_are_escaped_for_the_eye(real: Builder) -> None:
    done = real.home.envtui("list")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout  # not a terminal: no colour
    assert "new\nline" not in done.stdout
    assert len([name for name in STRANGE if name in done.stdout]) == len(STRANGE) - 2
    done.stdout.encode()  # bytes that are no text are shown as text


def test_a_narrow_terminal_encoding_is_no_obstacle(real: Builder) -> None:
    for options in ((), ("--json",)):
        variables = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        done = real.home.envtui("list", *options, variables=variables)
        assert (done.returncode, done.stderr) == (0, done.stderr)
        assert "Traceback" not in done.stderr


AUDIT = """
import os, sys
memory = os.path.join(os.environ["XDG_CACHE_HOME"], "envtui")
seen = []
started = ("subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn",
           "os.system", "pty.spawn", "os.startfile", "socket.connect")
written = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink",
           "os.truncate", "os.utime", "shutil.rmtree")
def hook(event, arguments):
    if arguments and (isinstance(arguments[0], int) or str(arguments[0]).startswith(memory)):
        return
    if event in started or event in written:
        seen.append((event, arguments))
    elif event == "open" and isinstance(arguments[2], int) and arguments[2] & 3:
        seen.append((event, arguments))
sys.dont_write_bytecode = True
sys.addaudithook(hook)
from envtui.__main__ import main
sys.argv[0] = "envtui"
try:
    code = main()
except SystemExit as end:
    code = end.code
heavy = {"textual", "rich", "psutil", "packaging", "tomlkit", "subprocess", "asyncio", "dataclasses",
         "logging", "socket"}
print("SEEN", seen, sorted(heavy & set(sys.modules)), code, file=sys.stderr)
"""


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_listing_starts_no_process_writes_its_memory_only_and_loads_little(
    real: Builder, options: tuple[str, ...]
) -> None:
    # -S: what the .pth files of the development tools do is not counted as ours.
    import envtui

    places = [os.path.dirname(os.path.dirname(envtui.__file__))]
    places += [place for place in sys.path if place.endswith("-packages")]
    script = f"import sys; sys.path += {places!r}\n{AUDIT}"
    done = real.home.run(sys.executable, "-I", "-S", "-c", script, "list", *options)
    assert done.stderr.splitlines()[-1] == "SEEN [] [] 0" or "SEEN [] [] None" in done.stderr


def test_reading_never_looks_like_use(home: Home) -> None:
    """No access time moves that is a record of the last use (spec/backends.md 0.6)."""
    path = home.venv("code/app/.venv", "3.12")
    library = f"{path}/lib/python3.12/site-packages"
    watched = [f"{path}/pyvenv.cfg", f"{path}/bin/activate", library]
    for name in watched:
        os.utime(name, ns=(10**18, os.stat(name).st_mtime_ns))
    probe = home.write("probe", "x")
    os.utime(probe, ns=(10**18, os.stat(probe).st_mtime_ns))
    subprocess.run(["cat", probe], check=True, capture_output=True)
    if os.stat(probe).st_atime_ns == 10**18:
        pytest.skip("this filesystem keeps no access times")
    home.json("list")
    assert {name: os.stat(name).st_atime_ns for name in watched} == dict.fromkeys(watched, 10**18)


def without_privilege() -> tuple[str, ...]:
    """What makes root obey file modes: the same user without the capabilities to ignore them."""
    if os.geteuid():
        return ()
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")


def test_what_may_not_be_read_is_told_and_the_rest_is_listed(home: Home) -> None:
    good = home.venv("code/good/.venv", "3.12")
    shut = home.venv("code/shut/.venv", "3.12")
    silent = home.venv("code/silent/.venv", "3.12")
    secret = home.folder("code", "secret")
    pin = home.write("code/pin/.python-version", "3.12\n")
    for path, mode in ((secret, 0), (shut, 0), (f"{silent}/pyvenv.cfg", 0), (pin, 0)):
        os.chmod(path, mode)
    command = (*without_privilege(), sys.executable, "-m", "envtui", "list", "--json")
    done = home.run(*command)
    import json

    told = json.loads(done.stdout)
    health = {item["path"]: item["health"] for item in told["environments"]}
    assert health[good] == "ok"
    assert health[silent] == "unreadable"
    warned = {item["path"] for item in told["warnings"]}
    assert {secret, pin} <= warned
    assert shut in warned or health.get(shut) == "unreadable"
    assert "Traceback" not in done.stderr
