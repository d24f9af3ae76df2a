"""Pythons that come and go through pyenv.

Compiling one takes minutes, so pyenv installs from a definition of the test's own, which copies a
Python that is there: all but the compiler is real.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.homes import Home, picture

pytestmark = pytest.mark.long

NAME = "3.97.2"
# python-build sources a definition; it has PREFIX_PATH for where the Python is to be.
COPY = 'mkdir -p "$PREFIX_PATH" && echo copying && cp -a {source}/. "$PREFIX_PATH/"\n'


@pytest.fixture
def builder(home: Home) -> Home:
    """A home whose pyenv knows how to install 3.97.1 and 3.97.2."""
    source = os.path.join(home.pyenv, "versions", home.version("3.12"))
    for name in ("3.97.1", NAME, "3.97-dev"):
        home.write(f"definitions/{name}", COPY.format(source=source))
    home.variables["PYTHON_BUILD_DEFINITIONS"] = home.at("definitions")
    return home


def versions(home: Home) -> list[str]:
    return sorted(home.run("pyenv", "versions", "--bare").stdout.split())


def test_one_is_installed_by_a_prefix_and_undone(builder: Home) -> None:
    home, before = builder, versions(builder)
    done = home.envtui("install", "3.97", "--yes")
    assert done.returncode == 0, done.stderr
    assert "copying" in done.stderr
    assert versions(home) == sorted([*before, NAME])
    ids = [item["id"] for item in home.json("list")["interpreters"]]
    assert f"pyenv:{NAME}" in ids
    python = f"{home.pyenv}/versions/{NAME}/bin/python"
    assert home.run(python, "-c", "import sys; print(sys.prefix)").stdout.strip().endswith(NAME)
    again = home.envtui("install", "3.97", "--yes")
    assert again.returncode == 3
    assert "installed already" in again.stderr
    assert home.envtui("undo", "--yes").returncode == 0
    assert versions(home) == before


def test_an_unknown_version_starts_nothing(builder: Home) -> None:
    home = builder
    for word in ("3.99.99", "nope", "", "../x", "/etc/passwd", "-x", "3.97.", "system"):
        done = home.envtui("install", "--yes", "--", word)
        assert done.returncode == 2, (word, done)
        assert "Traceback" not in done.stderr
        assert "knows no Python" in done.stderr
    assert home.envtui("history").stdout.count("Install") == 0


def test_what_pyenv_knows_is_what_envtui_knows(home: Home) -> None:
    from envtui.adapters import pyenv_builds
    from envtui.host import Host

    host = Host(home.path, home.variables, home.path)
    listed = home.run("pyenv", "install", "--list").stdout.splitlines()[1:]
    assert set(pyenv_builds.definitions(host)) == {line.strip() for line in listed}
    for word in (
        "3",
        "3.12",
        "3.13t",
        "3.1",
        "pypy3.10",
        "miniforge3",
        "2.7",
        "3.14",
        "pypy",
        "jython",
        "stackless",
        "graalpy",
        "nope",
        "3.13-dev",
        "micropython",
        "anaconda3",
        "miniconda3-3.11",
    ):
        real = home.run("pyenv", "latest", "-k", word, check=False)
        assert pyenv_builds.meant(host, word) == (real.stdout.strip() or None), word


def test_a_failed_installation_leaves_nothing(builder: Home) -> None:
    home, before = builder, versions(builder)
    home.write(f"definitions/{NAME}", 'mkdir -p "$PREFIX_PATH/bin"; echo no compiler >&2; exit 1\n')
    done = home.envtui("install", NAME, "--yes")
    assert done.returncode == 5
    assert "no compiler" in done.stderr
    assert versions(home) == before
    assert not os.path.lexists(f"{home.pyenv}/versions/{NAME}")


def test_an_interrupted_installation_leaves_nothing_and_no_process(builder: Home) -> None:
    home, before = builder, versions(builder)
    fifo = home.at("fifo")
    os.mkfifo(fifo)
    text = f'mkdir -p "$PREFIX_PATH/bin"; echo building; cat {fifo}\n'
    home.write(f"definitions/{NAME}", text)
    process = subprocess.Popen(
        [sys.executable, "-m", "envtui", "install", NAME, "--yes"],
        env=home.variables, cwd=home.path, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    for line in process.stderr:
        if "building" in line:
            break
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    assert process.wait() == 130, said
    process.stderr.close()
    assert versions(home) == before
    assert not os.path.lexists(f"{home.pyenv}/versions/{NAME}")
    # Nobody holds the other end of the fifo any more.
    with pytest.raises(OSError, match="No such device"):
        os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)


def test_one_is_uninstalled_and_brought_back(home: Home) -> None:
    name = home.version("3.11")
    path = f"{home.pyenv}/versions/{name}"
    os.symlink(name, f"{home.pyenv}/versions/3.11")
    home.write("code/app/.python-version", "3.11\n")
    home.write(".pyenv/version", f"{name}\n")
    home.run("pyenv", "rehash")
    before, shims = picture(path), picture(f"{home.pyenv}/shims")
    told = home.json("uninstall", name, "--dry-run")
    warned = " ".join(told["plan"]["warnings"])
    assert "code/app/.python-version" in warned
    assert "~/.pyenv/version asks for it" in warned
    assert picture(path) == before

    done = home.envtui("uninstall", name, "--yes")
    assert done.returncode == 0, done.stderr
    assert versions(home) == [home.version("3.12")]
    assert not os.path.lexists(f"{home.pyenv}/versions/3.11")
    assert "python3.11" not in os.listdir(f"{home.pyenv}/shims")
    assert "python3.12" in os.listdir(f"{home.pyenv}/shims")
    assert home.json("list")["warnings"] == []

    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before
    now = picture(f"{home.pyenv}/shims")
    assert {n: (i[0], i[3]) for n, i in now.items()} == {n: (i[0], i[3]) for n, i in shims.items()}
    assert versions(home) == sorted(["3.11", name, home.version("3.12")])
    assert home.run("python3.11", "-V").stdout.strip() == f"Python {name}"


def test_of_a_linked_one_only_the_link_goes(home: Home) -> None:
    name = home.version("3.11")
    link, outside = f"{home.pyenv}/versions/{name}", home.at("opt/python")
    os.makedirs(home.at("opt"))
    os.rename(link, outside)
    os.symlink(outside, link)
    before = picture(outside)
    done = home.envtui("uninstall", name, "--yes")
    assert done.returncode == 0, done.stderr
    assert versions(home) == [home.version("3.12")]
    assert picture(outside) == before
    assert home.envtui("undo", "--yes").returncode == 0
    assert os.readlink(link) == outside
    assert versions(home) == [name, home.version("3.12")]


def test_what_others_are_built_on_stays_unless_forced(home: Home) -> None:
    version = home.version("3.12")
    home.venv("code/app/.venv", "3.12")
    home.run("pyenv", "virtualenv", "--without-pip", version, "web")
    path = f"{home.pyenv}/versions/{version}"
    for words in (("uninstall", version), ("remove", f"pyenv:{version}")):
        done = home.envtui(*words, "--yes")
        assert done.returncode == 3
        assert "venv:~/code/app/.venv" in done.stderr
        assert "pyenv-virtualenv:web" in done.stderr
        assert os.path.isdir(path)
    before = picture(path)
    done = home.envtui("uninstall", version, "--force", "--yes")
    assert done.returncode == 0, done.stderr
    assert "will be broken" in done.stdout
    assert os.listdir(f"{home.pyenv}/versions") == [home.version("3.11")]
    health = {item["id"]: item["health"] for item in home.json("list")["environments"]}
    assert health == {"venv:~/code/app/.venv": "broken"}
    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before
    health = {item["id"]: item["health"] for item in home.json("list")["environments"]}
    assert health == {"venv:~/code/app/.venv": "ok", "pyenv-virtualenv:web": "ok"}


def test_one_goes_together_with_all_that_is_built_on_it(home: Home) -> None:
    version = home.version("3.12")
    venv = home.venv("code/app/.venv", "3.12")
    home.run("pyenv", "virtualenv", "--without-pip", version, "web")
    path = f"{home.pyenv}/versions/{version}/envs/web"
    before = picture(path)
    words = (f"pyenv:{version}", "pyenv-virtualenv:web", "venv:~/code/app/.venv")
    done = home.envtui("remove", *words, "--yes")
    assert done.returncode == 0, done.stderr
    assert os.listdir(f"{home.pyenv}/versions") == [home.version("3.11")]
    assert not os.path.exists(venv)
    assert home.envtui("undo", "--yes").returncode == 0
    assert picture(path) == before
    assert home.run(f"{venv}/bin/python", "-V").stdout.strip() == f"Python {version}"


def test_a_running_one_and_the_systems_own_stay(home: Home) -> None:
    version = home.version("3.11")
    script = "print('up', flush=True); input()"
    process = subprocess.Popen(
        [home.python("3.11"), "-c", script],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=home.path,
    )  # fmt: skip
    assert process.stdout
    process.stdout.readline()
    done = home.envtui("uninstall", version, "--force", "--yes")
    process.communicate(b"\n")
    assert done.returncode == 3
    assert str(process.pid) in done.stderr
    for item in home.json("list")["interpreters"]:
        if item["kind"] == "system":
            refused = home.envtui("uninstall", item["id"], "--force", "--yes")
            assert refused.returncode == 3
    assert home.envtui("uninstall", "3.99", "--yes").returncode == 2


def test_without_pyenv_it_says_what_is_missing(tmp_path: os.PathLike[str]) -> None:
    home = Home(os.path.join(tmp_path, "bare"))
    done = home.envtui("install", "3.12", "--yes")
    assert done.returncode == 4
    assert "pyenv is not installed" in done.stderr
