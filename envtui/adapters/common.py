"""What several managers share: names, projects, links by place, activation."""

from __future__ import annotations

import binascii
import os
from collections.abc import Callable, Iterator
from typing import Any

from envtui.adapters.capabilities import Claim, Projects, Request
from envtui.errors import BadInput
from envtui.host import Host
from envtui.marks import IN_PROJECT, MARKERS
from envtui.model import Activation, Environment, Interpreter, Inventory, Link, Notice, Project
from envtui.prefix import Prefix
from envtui.project import ProjectFiles, read_json, read_project, read_toml, reason, table

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_NOT_EDITABLE = ("_virtualenv.pth", "distutils-precedence.pth")


def display_name(path: str, home: str) -> str:
    """`shop/.venv` for an environment in its usual place, else the directory's own name."""
    parent, _, name = path.rpartition("/")
    if name in IN_PROJECT and parent not in (home, ""):
        return f"{parent.rpartition('/')[2]}/{name}"
    return name


def project_around(prefix: Prefix, projects: Projects) -> tuple[str | None, tuple[str, ...]]:
    """The project in which an environment stands, and the evidence in words."""
    path = prefix.path
    if path in projects:
        return path, (f"{path} is a project itself",)
    for place in (path, *prefix.links) if prefix.links else (path,):
        parent = place.rpartition("/")[0]
        if parent in projects:
            return parent, (f"{place} stands in the project",)
    return None, ()


def short_hash(place: str) -> str:
    """Of a path, as Poetry, Pipenv and Hatch have it: 48 bits of its sha256 in URL's base64."""
    import hashlib

    digest = hashlib.sha256(os.fsencode(place)).digest()
    return binascii.b2a_base64(digest[:6], newline=False).translate(_URL_SAFE).decode()


def projects_by_hash(host: Host, projects: Projects, made: Callable[[str], str]) -> dict[str, str]:
    """What a tool makes of each project's place, and the project; its own word is the real path."""

    def work_out() -> dict[str, str]:
        reals = {made(real): path for path in projects if (real := host.real(path)) != path}
        return reals | {made(path): path for path in reversed(list(projects))}

    return host.once(f"{made.__module__}.{made.__qualname__}", work_out)


def environment_with(host: Host, inventory: Inventory, real: str) -> Environment | None:
    """The environment whose real prefix this is."""
    known = host.once(
        "environments by prefix", lambda: {item.real: item for item in inventory.environments}
    )
    return known.get(real)


def read_files(host: Host, path: str) -> tuple[ProjectFiles, list[Notice]]:
    """A project's declarations as they are now. Raises BadInput where there is no directory."""
    try:
        markers = MARKERS.intersection(host.names(path))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    return read_project(host, path, markers)


def project_files(host: Host, path: str) -> ProjectFiles:
    """The same; raises BadInput where one of them can't be read, too."""
    files, notices = read_files(host, path)
    if notices:
        raise BadInput(f"{notices[0].path}: {notices[0].message}")
    return files


def asked_project(request: Request, manager: str) -> Project:
    """The project of a new environment, where its manager makes none without. Raises BadInput."""
    if request.project is None:
        raise BadInput(f"a {manager} environment belongs to a project: --project DIR says which")
    return request.project


def own_project(environment: Environment, manager: str) -> str:
    """The project for which its manager makes an environment again. Raises BadInput."""
    if environment.project is None:
        raise BadInput(f"{environment.id} belongs to no known project; {manager} needs one")
    return environment.project


def spoilt_settings(host: Host, path: str, whose: str) -> Iterator[Notice]:
    """The notice of a configuration file that is there and can't be read."""
    try:
        if host.lexists(path):
            read_toml(host, path)
    except (OSError, ValueError) as error:
        yield Notice(path, f"{whose} configuration can't be read: {reason(error)}")


def settings(host: Host, path: str) -> dict[str, Any]:
    """A configuration file's tables, {} where there are none; parsed once in a scan.

    Claims ask for it with every prefix.
    """

    def parsed() -> dict[str, Any]:
        try:
            return read_toml(host, path)
        except (OSError, ValueError):
            return {}  # the manager's `find` tells of it

    return host.once(f"the settings in {path}", parsed)


def edited_toml(host: Host, path: str, edit: Callable[[Any], None]) -> bytes:
    """A file, which may be missing, after a change of its document; all else is byte for byte so.

    Raises BadInput where the file or its shape is not what it should be.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        text = host.read(path).decode("utf-8") if host.lexists(path) else ""
        document = tomlkit.parse(text)
        edit(document)
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: {reason(error)}") from None
    except (TypeError, AttributeError, TOMLKitError) as error:
        raise BadInput(f"{path}: {error}") from None
    return tomlkit.dumps(document).encode()


def claim_in_store(kind: str, name: str, project: str | None, *evidence: str) -> Claim:
    """A claim by the place in a store whose environments belong to projects, known ones or not."""
    return Claim(kind, name, True, project, "linked" if project else "unmapped", evidence)


def claim_by_path(kind: str, name: str, project: str | None, *evidence: str) -> Claim:
    """A claim on what lies in no store of its kind, linked to the project, if there is one."""
    return Claim(kind, name, False, project, "linked" if project else "none", evidence)


def beside_claim(
    host: Host,
    prefix: Prefix,
    projects: Projects,
    kind: str,
    fits: Callable[[ProjectFiles], bool],
    because: str,
) -> Claim | None:
    """A claim on what virtualenv made in a project that fits: Poetry and Pipenv have it made so."""
    project, evidence = project_around(prefix, projects)
    if project is None or prefix.maker != "virtualenv" or not fits(projects[project]):
        return None
    name = display_name(prefix.path, host.home)
    return claim_by_path(kind, name, project, *evidence, because)


def recorded_project(host: Host, prefix: Prefix) -> tuple[str, str] | None:
    """The project installed into an environment in editable mode, and the file that says so.

    `direct_url.json` (PEP 610), else a `.pth` file that holds a single absolute path.
    """
    library = os.path.join(prefix.real, "lib")
    for folder in host.names_if(library):
        if not folder.startswith(("python", "pypy")):
            continue
        packages = f"{library}/{folder}/site-packages"
        for name in host.names_if(packages):
            if name.endswith((".dist-info", ".pth")) and name not in _NOT_EDITABLE:
                found = _editable(host, f"{packages}/{name}")
                if found:
                    return found
    return None


def link_to(host: Host, project: str) -> Link:
    """The link to a project that is written down somewhere."""
    return "linked" if host.is_dir(project) or host.is_silent(project) else "orphaned"


def recorded_claim(
    host: Host, prefix: Prefix, unknown: Claim, fits: Callable[[str], bool] = bool
) -> Claim:
    """A claim with the project that is recorded inside, where that fits; else as it is."""
    place, source = recorded_project(host, prefix) or ("", "")
    if not fits(place):
        return unknown
    known = (*unknown.evidence, f"{source} names {place}")
    return unknown._replace(project=place, link=link_to(host, place), evidence=known)


def _editable(host: Host, path: str) -> tuple[str, str] | None:
    try:
        if path.endswith(".dist-info"):
            record = f"{path}/direct_url.json"
            return _direct_url(host, record) if host.exists(record) else None
        line = os.fsdecode(host.read(path, 4096)).strip()
        if os.path.isabs(line) and "\n" not in line:
            # A `src` layout points one level down.
            place = os.path.dirname(line) if os.path.basename(line) == "src" else line
            return place, path
    except (OSError, ValueError):
        pass
    return None


def _direct_url(host: Host, path: str) -> tuple[str, str] | None:
    from urllib.parse import unquote_to_bytes

    record = read_json(host, path)
    url, editable = record.get("url"), table(record, "dir_info").get("editable") is True
    if editable and isinstance(url, str) and url.startswith("file:///"):
        return os.fsdecode(unquote_to_bytes(url[len("file://") :])), path
    return None


def environment_activation(item: Environment | Interpreter, **variables: str) -> Activation:
    """What switching to a virtual environment means (spec/shells.md 2.1)."""
    shown = (item.prompt if isinstance(item, Environment) else None) or item.name
    prompt = "".join(c if c.isprintable() else "?" for c in shown)
    folder = os.path.join(item.prefix, "bin")
    known = {"VIRTUAL_ENV": item.prefix, "VIRTUAL_ENV_PROMPT": prompt, **variables}
    return Activation(item.name, item.kind, item.prefix, folder, known)
