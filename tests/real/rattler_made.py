"""Real conda packages and prefixes: run by the Python of a venv that has py-rattler.

No conda, mamba or micromamba can be had from a package registry; py-rattler solves and installs as
they do, with the same records, from a channel of the tests' own.

    rattler_made.py channel DIR PYENV_VERSION_PREFIX    build the channel
    rattler_made.py install DIR PREFIX SPEC...          make a prefix from it
"""

import asyncio
import hashlib
import io
import json
import os
import sys
import tarfile

from rattler import Channel, MatchSpec, install, solve
from rattler.index import index_fs
from rattler.platform import Platform

PLACEHOLDER = "/opt/placeholder" + "_placehold" * 20
# Nothing that the tests import; two thirds of the files.
LEFT_OUT = {
    *("test", "idlelib", "lib2to3", "tkinter", "turtledemo", "ensurepip", "pydoc_data"),
    *("site-packages", "__pycache__", "config-3.12-x86_64-linux-gnu"),
}
SCRIPT = f"#!{PLACEHOLDER}/bin/python\nimport pydoc\npydoc.cli()\n"


def python_files(prefix: str, minor: str) -> dict[str, str]:
    """Path in the package -> file of the machine's Python; its libpython stays where it is."""
    files = {f"bin/python{minor}": f"{prefix}/bin/python{minor}"}
    top = f"{prefix}/lib/python{minor}"
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if f not in LEFT_OUT and not f.startswith("config-")]
        for name in names:
            full = os.path.join(folder, name)
            files[os.path.relpath(full, prefix)] = full
    return files


def package(channel: str, subdir: str, index: dict, files: dict, links: dict, texts: dict) -> None:
    """One package in the old format, a tar with bzip2: files, links, texts with the prefix."""
    paths = []
    name = f"{index['name']}-{index['version']}-{index['build']}.tar.bz2"
    os.makedirs(os.path.join(channel, subdir), exist_ok=True)
    with tarfile.open(os.path.join(channel, subdir, name), "w:bz2", compresslevel=1) as tar:
        for path, source in sorted(files.items()):
            with open(source, "rb") as file:
                content = file.read()
            tar.add(source, path, recursive=False)
            paths.append(entry(path, content))
        for path, content in texts.items():
            add(tar, path, content.encode(), 0o755)
            paths.append(entry(path, content.encode()))
            if PLACEHOLDER in content:
                paths[-1] |= {"prefix_placeholder": PLACEHOLDER, "file_mode": "text"}
        for path, target in links.items():
            info = tarfile.TarInfo(path)
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
            paths.append(entry(path, b"") | {"path_type": "softlink"})
        full = {"build_number": 0, "depends": [], "subdir": subdir, "timestamp": 1700000000000}
        add(tar, "info/index.json", json.dumps(full | index).encode())
        add(tar, "info/paths.json", json.dumps({"paths": paths, "paths_version": 1}).encode())
        add(tar, "info/files", "\n".join(sorted([*files, *links, *texts])).encode())


def entry(path: str, content: bytes) -> dict:
    """A file as paths.json describes it."""
    digest = hashlib.sha256(content).hexdigest()
    size = len(content)
    return {"_path": path, "path_type": "hardlink", "sha256": digest, "size_in_bytes": size}


def add(tar: tarfile.TarFile, path: str, content: bytes, mode: int = 0o644) -> None:
    info = tarfile.TarInfo(path)
    info.size, info.mode = len(content), mode
    tar.addfile(info, io.BytesIO(content))


def build(channel: str, prefix: str) -> None:
    """python, conda's own places, and a package with variables and an activation script."""
    subdir = str(Platform.current())
    version = os.path.basename(prefix)
    minor = version.rpartition(".")[0]
    package(
        channel, subdir, {"name": "python", "version": version, "build": "h0_0_tests"},
        python_files(prefix, minor),
        {"bin/python": f"python{minor}", "bin/python3": f"python{minor}"},
        {"bin/pydoc3": SCRIPT},
    )  # fmt: skip
    package(
        channel, "noarch",
        {"name": "tools", "version": "1.0", "build": "0", "noarch": "generic"}, {}, {},
        {
            "bin/tools": "#!/bin/sh\necho tools\n",
            "share/tools/data": "data\n",
            "ssl/notes": "a place that only conda has\n",
            "etc/conda/activate.d/tools.sh": "export TOOLS_SCRIPT=ran\n",
            "etc/conda/env_vars.d/tools.json": '{"TOOLS_HOME": "from the package", "PS1": "evil"}',
        },
    )  # fmt: skip
    package(
        channel, "noarch", {"name": "conda", "version": "26.7.1", "build": "0", "noarch": "generic"},
        {}, {}, {"condabin/conda": "#!/bin/sh\nexit 9\n", "bin/conda": "#!/bin/sh\nexit 9\n"},
    )  # fmt: skip
    asyncio.run(index_fs(channel))


async def make(channel: str, prefix: str, specs: list[str]) -> None:
    """As `conda create -p PREFIX SPEC...`."""
    os.makedirs(os.path.join(prefix, "conda-meta"), exist_ok=True)
    records = []
    if specs:
        where = [Channel(f"file://{channel}")]
        platforms = [str(Platform.current()), "noarch"]
        records = await solve(where, [MatchSpec(spec) for spec in specs], platforms=platforms)
    cache = os.path.join(channel, "cache")
    await install(records, prefix, cache_dir=cache, show_progress=False)
    with open(os.path.join(prefix, "conda-meta", "history"), "a") as file:  # noqa: ASYNC230
        file.write(f"==> 2026-11-23 03:00:00 <==\n# cmd: /c/bin/conda create -p {prefix}\n")
        file.write("# conda version: 26.7.1\n# update specs: " + json.dumps(specs) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "channel":
        build(*sys.argv[2:4])
    else:
        asyncio.run(make(sys.argv[2], sys.argv[3], sys.argv[4:]))
    sys.stdout.flush()
    os._exit(0)  # py-rattler 0.28 now and then crashes while its threads are taken down
