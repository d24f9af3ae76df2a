"""Trees that break other walks: all is listed that can be, and what can't be is told."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading

import pytest

from envtui import config, looking, mounts
from envtui.host import Host
from envtui.marks import MARKERS
from envtui.model import Inventory
from envtui.patience import within
from tests import mounting, tools
from tests.test_indexed import Later, write


def environment(path: str) -> str:
    os.makedirs(f"{path}/bin")
    os.makedirs(f"{path}/lib/python3.12")
    os.symlink("/usr/bin/python3", f"{path}/bin/python")
    with open(f"{path}/pyvenv.cfg", "w") as file:
        file.write("home = /usr/bin\nversion = 3.12.1\n")
    return path


class Mounted(Host):
    """A host in whose table of mounts something stands that is not mounted here."""

    table = b""

    def mount_table(self) -> bytes:
        return self.table


def scan(home: str, host: Host | None = None, *more: str) -> Inventory:
    host = host or Host(home, {"HOME": home, "PATH": ""}, home)
    return looking.scan(host, (home, *more), remember=False)


@pytest.fixture
def home(tmp_path: os.PathLike[str]) -> str:
    home = os.path.join(os.path.realpath(tmp_path), "home")
    environment(f"{home}/code/api/.venv")
    return home


def paths(found: Inventory) -> list[str]:
    return [item.path for item in found.environments]


@pytest.mark.parametrize("kind", ["fifo", "socket", "device", "file", "loop", "dangling", "empty"])
def test_what_is_called_like_an_environment_and_is_none(
    home: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkdir(f"{home}/odd")
    path = f"{home}/odd/.venv"
    if kind == "fifo":
        os.mkfifo(path)
        os.mkfifo(f"{home}/odd/pyproject.toml")
        os.mkfifo(f"{home}/odd/.python-version")
    elif kind == "socket":
        monkeypatch.chdir(f"{home}/odd")  # a socket's path has 107 bytes at most
        socket.socket(socket.AF_UNIX).bind(".venv")
    elif kind == "device":
        try:
            os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
        except PermissionError:
            pytest.skip("only root may make devices")
    elif kind == "file":
        with open(path, "wb") as file:
            file.write(b"\0\xff" * 9)
    elif kind == "loop":
        os.symlink(".venv", path)
    elif kind == "dangling":
        os.symlink("/gone", path)
    else:
        os.mkdir(path)
    found = scan(home)
    assert paths(found) == [f"{home}/code/api/.venv"]
    told = {notice.path for notice in found.notices}
    expected = {
        "fifo": {f"{home}/odd/pyproject.toml", f"{home}/odd/.python-version"},
        "file": {path},
    }
    assert told == expected.get(kind, set())


def test_a_storm_of_links_is_not_followed(home: str) -> None:
    os.mkdir(f"{home}/storm")
    for number in range(300):
        os.symlink("..", f"{home}/storm/up{number}")
        os.symlink(f"up{number + 1}/storm/x{number}", f"{home}/storm/x{number}")
        os.symlink(home, f"{home}/code/api/home{number}")
    os.symlink("../storm/x0", f"{home}/code/venv")
    assert paths(scan(home)) == [f"{home}/code/api/.venv"]


def test_ten_thousand_links_to_one_and_chains_of_them(home: str) -> None:
    """What the kernel does not follow, more than 40 one after the other, leads nowhere."""
    store = f"{home}/.virtualenvs"
    environment(f"{store}/l0")
    for number in range(1, 61):
        os.symlink(f"l{number - 1}", f"{store}/l{number}")
    for number in range(10_000):
        os.symlink("l0", f"{store}/one{number}")
    os.mkdir(f"{home}/code/web")
    os.symlink(f"{store}/l30", f"{home}/code/web/.venv")
    os.mkdir(f"{home}/code/lost")
    os.symlink(f"{store}/l60", f"{home}/code/lost/.venv")
    found = scan(home)
    assert paths(found) == [f"{store}/l0", f"{home}/code/api/.venv"]
    chained = [name for name in found.environments[0].aliases if "/l" in name]
    assert len(chained) == 40
    assert len(found.environments[0].aliases) == 40 + 10_000 + 1
    assert not found.notices


def test_a_thousand_levels_down(home: str) -> None:
    deep = home
    for _ in range(1000):
        deep += "/d"
        os.mkdir(deep)
    environment(f"{deep}/.venv")
    found = scan(home)
    subprocess.run(["rm", "-rf", f"{home}/d"], check=True)  # Python's rmtree recurses
    assert paths(found) == [f"{home}/code/api/.venv", f"{deep}/.venv"]


def test_a_path_longer_than_the_system_takes_is_told(
    home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    for _ in range(20):
        os.mkdir("n" * 250)
        os.chdir("n" * 250)
    os.chdir(home)
    found = scan(home)
    subprocess.run(["rm", "-rf", f"{home}/{'n' * 250}"], check=True)
    assert paths(found) == [f"{home}/code/api/.venv"]
    assert [notice.message for notice in found.notices] == [
        "could not be searched: File name too long"
    ]


# Whatever a manager or a project may have, as a pipe to which nobody writes.
IN_PREFIX = (
    "pyvenv.cfg", "bin/activate", ".project", "pipx_metadata.json", "uv-receipt.toml", "conda-meta/history",
    "conda-meta/pixi", "conda-meta/python-3.12.1-h_0.json", "lib/python3.12/site-packages/x.pth",
    "lib/python3.12/site-packages/x-1.dist-info/direct_url.json",
)  # fmt: skip
IN_HOME = (
    ".condarc", ".conda/environments.txt", ".pyenv/version", ".python-version", ".tool-versions",
    ".config/pypoetry/config.toml", ".cache/pypoetry/virtualenvs/envs.toml", ".config/hatch/config.toml",
    ".config/pdm/config.toml", ".config/mise/config.toml", ".config/pixi/config.toml",
    ".pixi/workspaces.toml", ".rye/py/cpython@3.12", ".cache/envtui/index",
    ".local/share/envtui/trust.json", ".local/state/envtui/trust.json",
    ".pyenv/versions/3.12.1/include/python3.12/patchlevel.h",
)  # fmt: skip


def test_pipes_in_place_of_every_file_that_decides_something(home: str) -> None:
    for number, name in enumerate(sorted(MARKERS)):
        pipe(f"{home}/pipes/p{number}/{name}")
        pipe(f"{home}/pipes/all/{name}")
    stores = (".virtualenvs", ".local/share/virtualenvs", ".local/share/pipx/venvs", "miniconda3/envs",
              ".local/share/uv/tools", ".local/share/pdm/venvs", ".cache/pypoetry/virtualenvs")  # fmt: skip
    for store in stores:
        for number, name in enumerate(IN_PREFIX):
            path = environment(f"{home}/{store}/e{number}-abcdefgh-py3.12")
            pipe(f"{path}/{name}")
    for name in IN_HOME:
        pipe(f"{home}/{name}")
    for words in (("list", "--json"), ("doctor",), ("why",), ("list", "--json")):
        done = subprocess.run(
            [sys.executable, "-m", "envtui", *words], cwd=home, env={"HOME": home, "PATH": "/usr/bin"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode in (0, 1), done
        assert "Traceback" not in done.stderr
        if "--json" in words:
            answer = json.loads(done.stdout)
            assert len(answer["environments"]) == 1 + len(stores) * len(IN_PREFIX)
            told = {warning["path"] for warning in answer["warnings"]}
            assert told >= {f"{home}/pipes/all/pyproject.toml", f"{home}/.condarc"}


def pipe(path: str) -> None:
    """In place of what is there."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.unlink(path)
    os.mkfifo(path)


@pytest.mark.long
def test_two_hundred_thousand_entries_in_one_directory(home: str) -> None:
    """A fifth of a million, for a million takes the disk half a minute to make and delete."""
    os.mkdir(f"{home}/many")
    descriptor = os.open(f"{home}/many", os.O_RDONLY)
    file = ""
    for number in range(200_000):
        if number % 30_000 == 0:  # no filesystem gives one file fewer names than that
            file = f"f{number}"
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
        else:
            os.link(file, f"f{number}", src_dir_fd=descriptor, dst_dir_fd=descriptor)
    os.close(descriptor)
    environment(f"{home}/many/zz/.venv")
    assert paths(scan(home)) == [f"{home}/code/api/.venv", f"{home}/many/zz/.venv"]
    subprocess.run(["rm", "-rf", f"{home}/many"], check=True)


def test_files_of_an_environment_that_cannot_be_read_like_files(home: str) -> None:
    """A pipe that nobody writes to would hold the look for ever."""
    for name, inside in (
        ("pipe", "pyvenv.cfg"),
        ("script", "bin/activate"),
        ("folder", "pyvenv.cfg"),
    ):
        path = environment(f"{home}/odd/{name}")
        if inside == "pyvenv.cfg":
            os.unlink(f"{path}/{inside}")
        (os.mkdir if name == "folder" else os.mkfifo)(f"{path}/{inside}")
    found = {os.path.basename(item.path): item for item in scan(home).environments}
    assert found["pipe"].reason == "pyvenv.cfg: Not a regular file"
    assert found["folder"].health == "unreadable"
    assert set(found) == {".venv", "pipe", "script", "folder"}


def test_names_that_are_no_text(home: str) -> None:
    folder = os.fsencode(home) + b"/caf\xe9\xff\n"
    path = environment(os.fsdecode(folder + b"/.venv"))
    with open(folder + b"/pyproject.toml", "wb") as file:
        file.write(b"[project]\nname = 'x'\n")
    host = Host(home, {"HOME": home, "PATH": ""}, home)
    assert path in paths(scan(home))
    first = looking.scan(host, (home,))
    assert looking.scan(host, (home,)) == first


def test_directories_that_come_and_go_and_change_their_kind(home: str) -> None:
    """Somebody builds and deletes while the walk goes on; what stays is always found."""
    over = threading.Event()

    def stir() -> None:
        while not over.is_set():
            for number in range(40):
                path = f"{home}/stir/{number}"
                try:
                    os.makedirs(f"{path}/a/b")
                    shutil.rmtree(path)
                    with open(path, "w"):
                        pass
                    os.unlink(path)
                except OSError:
                    pass

    stirring = threading.Thread(target=stir)
    stirring.start()
    try:
        for _ in range(30):
            found = scan(home)
            assert paths(found) == [f"{home}/code/api/.venv"]
            assert all(notice.path.startswith(f"{home}/stir") for notice in found.notices)
    finally:
        over.set()
        stirring.join()


def test_a_mount_is_told_and_not_touched(home: str) -> None:
    """The table is made up, for a dead mount can't be had here: nothing of it is opened."""
    environment(f"{home}/far/away/.venv")
    os.makedirs(f"{home}/desktop/doc")
    host = Mounted(home, {"HOME": home, "PATH": ""}, home)
    host.table = (
        f"1 0 8:1 / / rw - ext4 /dev/a rw\n"
        f"2 1 0:5 / {home}/far rw - fuse.sshfs ada@far:/ rw\n"
        f"3 1 0:6 / {home}/desktop/doc rw - fuse.portal portal rw\n"
        f"4 1 0:7 / {home}/with\\040space rw - autofs auto rw\n"
    ).encode()
    os.mkdir(f"{home}/with space")
    opened: list[str] = []
    listening = [True]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if listening and event in ("open", "os.listdir", "os.scandir"):
            opened.append(str(arguments[0]))

    sys.addaudithook(hook)
    found = scan(home, host)
    listening.clear()
    assert paths(found) == [f"{home}/code/api/.venv"]
    told = {notice.path: notice.message for notice in found.notices}
    assert set(told) == {f"{home}/far", f"{home}/with space"}
    assert "fuse.sshfs" in told[f"{home}/far"]
    assert "--root" in told[f"{home}/far"]
    touched = ("/far", "/with space", "/desktop/doc")
    assert not [path for path in opened if path.endswith(touched)]
    asked = scan(home, host, f"{home}/far")
    assert f"{home}/far/away/.venv" in paths(asked)


def test_the_kernels_own_automount_is_no_disk_far_away(home: str) -> None:
    """Every systemd has one below /proc; where disks are far, each file is looked at with care."""
    host = Mounted(home, {"HOME": home, "PATH": ""}, home)
    own = b"1 0 0:9 / /proc/sys/fs/binfmt_misc rw - autofs systemd-1 rw\n"
    host.table = own
    assert mounts.read(host).far is None
    host.table = own + b"2 0 0:8 / /net rw - autofs auto rw\n"
    assert mounts.read(host).all_far() == ("/net",)


def test_a_mount_that_answers_nothing_holds_no_list_up(home: str) -> None:
    """As a dead automount does: whoever touches it waits for ever."""
    os.mkdir(f"{home}/.virtualenvs")
    with mounting.silent(f"{home}/code/far"):
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-m", "envtui", "list", "--json"], cwd=home, env={"HOME": home, "PATH": ""},
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=120,
            )  # fmt: skip
            answer = json.loads(done.stdout)
            assert [one["path"] for one in answer["environments"]] == [f"{home}/code/api/.venv"]
            assert [one["path"] for one in answer["warnings"]] == [f"{home}/code/far"]


def test_what_a_disk_that_answers_nothing_holds_is_listed_as_unreadable(
    tmp_path: os.PathLike[str], home: str
) -> None:
    """A Python, a project, a place before a move, links: files of the home name them, far away."""
    os.mkdir(f"{home}/.virtualenvs")
    with mounting.silent(f"{os.path.realpath(tmp_path)}/far") as far:
        os.unlink(environment(f"{home}/code/based/.venv") + "/bin/python")
        os.symlink(f"{far}/py/bin/python3", f"{home}/code/based/.venv/bin/python")
        environment(f"{home}/code/made-there/.venv")
        write(f"{home}/code/made-there/.venv/bin/activate", f"VIRTUAL_ENV={far}/x/.venv\n")
        environment(f"{home}/.virtualenvs/owned")
        write(f"{home}/.virtualenvs/owned/.project", f"{far}/project\n")
        for name in ("code/linked", "code/named", ".conda"):
            os.mkdir(f"{home}/{name}")
        os.symlink(f"{far}/linked", f"{home}/code/linked/.venv")
        os.symlink(f"{far}/away", f"{home}/.virtualenvs/away")
        write(f"{home}/code/named/.venv", f"{far}/named\n")
        write(f"{home}/.conda/environments.txt", f"{far}/conda/ml\n")
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-m", "envtui", "list", "--json"], cwd=home, env={"HOME": home, "PATH": ""},
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=120,
            )  # fmt: skip
            answer = json.loads(done.stdout)
            found = {one["path"].removeprefix(home): one for one in answer["environments"]}
            silent = {
                place for place, one in found.items() if "not answer" in (one["reason"] or "")
            }
            assert silent == {"/code/based/.venv", "/code/linked/.venv", f"{far}/named"}
            assert all(found[place]["health"] == "unreadable" for place in silent)
            assert found["/code/made-there/.venv"]["health"] != "moved"
            assert found["/.virtualenvs/owned"]["link"] == "linked"
            told = {one["path"]: one["message"] for one in answer["warnings"]}
            assert "does not answer" in told[f"{far}/conda/ml"]
            assert "does not answer" in told[f"{home}/.virtualenvs/away"]


def test_a_disk_that_answers_nothing_holds_no_command_up(
    tmp_path: os.PathLike[str], home: str
) -> None:
    """It has a directory on PATH, environments of conda's and a project's, a command's target."""
    with mounting.silent(f"{os.path.realpath(tmp_path)}/far") as far:
        for name in (".conda", ".local/bin", "code/away"):
            os.makedirs(f"{home}/{name}")
        write(f"{home}/.conda/environments.txt", f"{far}/conda/ml\n")
        os.symlink(f"{far}/bin/python3", f"{home}/.local/bin/python3")
        os.symlink(f"{far}/env", f"{home}/code/away/.venv")
        asked = {
            words: subprocess.Popen(
                [sys.executable, "-m", "envtui", *words.split()], cwd=home,
                env={"HOME": home, "PATH": f"{far}/bin:/usr/bin:/bin"},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for words in (
                "why code", "doctor", "create --dry-run new", "list --filter unused:<9d",
                "remove --dry-run code/away/.venv", "env code/away/.venv", "allow code/away",
            )
        }  # fmt: skip
        told = {
            words: (*one.communicate(timeout=120), one.returncode) for words, one in asked.items()
        }
        for words in ("why code", "create --dry-run new", "list --filter unused:<9d"):
            assert told[words][2] == 0, told[words]
        for words in ("remove --dry-run code/away/.venv", "env code/away/.venv"):
            assert "on a disk that does not answer" in told[words][1]
        assert "dead line" not in told["doctor"][0]
        assert "dangling link" not in told["doctor"][0]


def test_where_nothing_was_a_disk_that_answers_nothing_may_be_now(
    tmp_path: os.PathLike[str], home: str
) -> None:
    """The memory knows that a Python is missing, from before its disk was mounted."""
    far = f"{os.path.realpath(tmp_path)}/far"
    os.unlink(f"{home}/code/api/.venv/bin/python")
    os.symlink(f"{far}/py/bin/python3", f"{home}/code/api/.venv/bin/python")
    host = Later(home, {"HOME": home, "PATH": ""}, home)
    for _ in range(2):
        (found,) = looking.scan(host, (home,)).environments
        assert found.health == "broken"
    with mounting.silent(far):
        seen = within(60, lambda _: looking.scan(host, (home,)))
        assert seen
        assert [one.health for one in seen.environments] == ["unreadable"]


def test_a_mount_is_searched_where_it_is_named_beside_the_home_around_it(home: str) -> None:
    host = Host(home, {"HOME": home, "PATH": ""}, home)
    os.mkdir(f"{home}/.virtualenvs")
    with mounting.memory(f"{home}/far", "1m") as far:
        environment(f"{far}/web/.venv")
        for named in ((home, far), (far, home), (home, f"{far}/web"), (home, f"{home}/code", far)):
            roots = config.roots_for(host, named)
            assert len(roots) == 2
            found = looking.scan(host, roots, remember=False)
            assert sorted(paths(found)) == [f"{home}/code/api/.venv", f"{far}/web/.venv"]


HIDDEN = """
import json, os, sys
from envtui.host import Host
from envtui.prefix import Prefixes
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
found = Prefixes(Host(sys.argv[1], {}, sys.argv[1])).read(sys.argv[2])
print(found.health, found.reason)
"""


def test_a_python_in_a_place_that_may_not_be_seen_is_not_said_to_be_gone(tmp_path):
    tools.open_to_all(str(tmp_path))
    base = tmp_path / "another" / "python"
    (base / "bin").mkdir(parents=True)
    (base / "bin" / "python3.12").touch(mode=0o755)
    prefix = environment(str(tmp_path / "venv"))
    os.unlink(f"{prefix}/bin/python")
    os.symlink(base / "bin" / "python3.12", f"{prefix}/bin/python")
    with open(f"{prefix}/pyvenv.cfg", "w") as file:
        file.write(f"home = {base}/bin\nversion = 3.12.1\n")
    hidden = 0o700 if os.geteuid() == 0 else 0
    words = [sys.executable, "-c", HIDDEN, str(tmp_path), prefix]
    for mode, told in ((0o755, "ok None\n"), (hidden, "unreadable its Python ")):
        os.chmod(base.parent, mode)
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.stdout.startswith(told), done
    os.chmod(base.parent, 0o755)
    shutil.rmtree(base)
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout == f"broken its Python {base}/bin/python3.12 is gone\n"


def test_on_macos_the_mounts_are_those_that_the_system_tells(home: str) -> None:
    """On paper: the call that macOS has for it, as this system answers it."""
    with mounting.memory(f"{home}/other disk", "1m") as disk:
        for platform in ("darwin", "linux"):
            found = mounts.read(Host(home, {}, home, platform))
            assert found.below((home,)) == {disk: "tmpfs"}, platform
    assert mounts.Mounts({"/Users/me/net": "smbfs"}).is_far("/Users/me/net/code")
