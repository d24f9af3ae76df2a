"""Files that anything may have written: whatever the bytes, reading never fails."""

from __future__ import annotations

import os
import tempfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from envtui import inventory, looking
from envtui.adapters import pyenv_rules
from envtui.host import Host
from envtui.prefix import Prefixes, parse_config, recorded_version
from envtui.project import ProjectFiles, read_project

KEYS = (
    "home",
    "version",
    "version_info",
    "uv",
    "virtualenv",
    "base-prefix",
    "relocatable",
    "prompt",
)
VALUES = (b"/", b"", b"\0", b"/nowhere/\0/bin", b"3.12.1", b"'", b'"', b"\xff", b"../..", b"true")
TEXT = st.one_of(st.binary(max_size=40), st.sampled_from(VALUES))
CONFIGS = st.one_of(
    st.binary(max_size=300),
    st.lists(st.tuples(st.sampled_from(KEYS), TEXT), max_size=8).map(
        lambda pairs: b"\n".join(key.encode() + b" = " + value for key, value in pairs)
    ),
)
ACTIVATE = st.one_of(
    st.binary(max_size=200), TEXT.map(lambda value: b'export VIRTUAL_ENV="/' + value + b'"\n')
)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_config_line_is_split_at_its_first_equals_sign(key: str, value: str) -> None:
    plain = "".join(c for c in key if c.isalnum()).lower()
    if not plain or value != value.strip() or value.splitlines() != [value]:
        return
    if value[:1] in "'\"":
        return
    line = f" {plain.upper()} = {value} \n".encode("utf-8", "surrogatepass")
    assert parse_config(line)[plain.upper().lower()].encode(
        "utf-8", "surrogateescape"
    ) == value.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("prompt = 'it'", "it"),
        ('prompt = "it"', "it"),
        ("prompt = it", "it"),
        ("prompt = 'it", "'it"),
    ],
)
def test_every_makers_quotes_are_taken_off(written: str, read: str) -> None:
    assert parse_config(written.encode()) == {"prompt": read}


def test_the_last_of_equal_keys_wins() -> None:
    assert parse_config(b"home=/a\nHome = /b = c\n") == {"home": "/b = c"}


@given(CONFIGS)
def test_a_recorded_version_is_a_version_or_nothing(content: bytes) -> None:
    found = recorded_version(parse_config(content))
    assert found is None or found[0].isdigit()


@given(CONFIGS, ACTIVATE)
@example(b"home = /nowhere/\0/bin", b'VIRTUAL_ENV="/a\0b"\n')
@settings(max_examples=150, deadline=None)
def test_a_prefix_with_any_files_is_described(config: bytes, activate: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, ".venv")
        os.makedirs(f"{path}/bin")
        os.makedirs(f"{path}/lib/python3.12/site-packages")
        write(f"{path}/pyvenv.cfg", config)
        write(f"{path}/bin/activate", activate)
        host = Host(folder, {"PATH": ""}, folder)
        found = Prefixes(host).read(path)
        assert found.health == "ok" or found.reason
        scanned = looking.scan(host, (folder,), remember=False)
        assert [item.path for item in scanned.environments if item.path == path] == [path]


@given(st.binary(max_size=200))
@example(b"\x00")
@example(b"/\0/x:..:a//b\n")
@settings(max_examples=150, deadline=None)
def test_any_python_version_file_is_resolved(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, ".pyenv/versions/3.12.1/bin"))
        write(os.path.join(folder, ".python-version"), content)
        host = Host(folder, {}, folder)
        selection = pyenv_rules.select(host, folder)
        assert selection.versions or selection.missing or b":" in content
        assert selection.origin == os.path.join(folder, ".python-version")
        looking.scan(host, (folder,), remember=False)


@given(st.sampled_from(["pyproject.toml", "Pipfile"]), st.binary(max_size=200))
@example("pyproject.toml", b"a = " + b"[" * 5000)
@example("pyproject.toml", b"project = 1\ntool = 2\n")
@example("pyproject.toml", b"[project]\nname = 1\nrequires-python = []\n")
@example("pyproject.toml", b"[[project]]\nname = 'x'\n")
@example("pyproject.toml", b"[tool.poetry]\nname = {}\ndependencies = 3\n[build-system]\n")
@example("Pipfile", b"requires = 1\n")
@example("Pipfile", b"[requires]\npython_version = 3.12\n")
@example("Pipfile", b"pipenv = []\n")
@settings(max_examples=150, deadline=None)
def test_any_project_file_is_read_or_warned_of(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = os.path.join(folder, "app")
        os.mkdir(project)
        write(os.path.join(project, name), content)
        host = Host(folder, {}, folder)
        files, notices = read_project(host, project, frozenset((name,)))
        assert isinstance(files, ProjectFiles)
        assert isinstance(files.name, str)
        scanned = looking.scan(host, (folder,), remember=False)
        assert [item.path for item in scanned.projects] == [project]
        assert [notice.path for notice in scanned.notices] == [notice.path for notice in notices]


@pytest.mark.parametrize(
    "content",
    [b"\xff", b"[a]\nminor = 3\n", b"a = 1\n", b"[shop-AbCd12_x]\nminor = 3.12\n", b"\0" * 50],
)
def test_any_record_of_poetry_is_read_or_warned_of(
    content: bytes, tmp_path: os.PathLike[str]
) -> None:
    home = str(tmp_path)
    store = os.path.join(home, ".cache/pypoetry/virtualenvs")
    os.makedirs(store)
    write(os.path.join(store, "envs.toml"), content)
    os.mkdir(os.path.join(home, "shop"))
    write(os.path.join(home, "shop/poetry.lock"), b"")
    write(os.path.join(home, "shop/pyproject.toml"), b'[project]\nname = "shop"\n')
    scanned = looking.scan(Host(home, {}, home), (home,), remember=False)
    assert [item.name for item in scanned.projects] == ["shop"]


@given(st.text())
def test_an_id_is_one_line_without_control_characters(name: str) -> None:
    escaped = inventory.escape(name)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in escaped)
    if name.isprintable():
        assert escaped == name


def write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
