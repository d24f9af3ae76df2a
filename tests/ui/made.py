"""A small inventory that looks like a real machine, and a scan that answers with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from envtui.errors import StepFailed
from envtui.host import Host
from envtui.model import (
    Decision,
    Environment,
    Interpreter,
    Inventory,
    Notice,
    Overruled,
    Pin,
    Project,
)
from envtui.ui.facts import Facts
from envtui.ui.scanning import News

HOME = "/home/ada"
HOSTILE = "[/x] [red]\n\x1b[31m🐍 日本"


class Ready:
    """A scan that has already answered."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory

    def answer(self) -> Inventory:
        return self.inventory

    def news(self) -> Iterator[News]:
        yield News(self.answer(), whole=True)

    def stop(self) -> None:
        pass


class Dead(Ready):
    """A scan whose child died."""

    def __init__(self) -> None:
        pass

    def answer(self) -> Inventory:
        raise StepFailed(
            "looking at the machine was ended by SIGKILL: it said nothing; R looks again"
        )


class Silent(Ready):
    """A scan that has not answered yet."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def answer(self) -> Inventory:
        self.ended.wait()
        raise StepFailed("stopped")

    def stop(self) -> None:
        self.ended.set()


def host(cwd: str = f"{HOME}/code/shop") -> Host:
    fixed = Host(home=HOME, variables={"HOME": HOME}, cwd=cwd)
    fixed.now = lambda: 1_796_000_000.0  # type: ignore[method-assign]
    return fixed


def interpreter(version: str, kind: str = "pyenv", **more: object) -> Interpreter:
    prefix = f"{HOME}/.pyenv/versions/{version}" if kind == "pyenv" else "/usr"
    short = version.rsplit(".", 1)[0]
    path = f"{prefix}/bin/python{short}"
    made = Interpreter(
        id=f"{kind}:{version}" if kind == "pyenv" else f"{kind}:{path}",
        kind=kind, implementation="cpython", version=version, path=path, prefix=prefix,
        name=version if kind == "pyenv" else path,
    )  # fmt: skip
    return made._replace(**more)  # type: ignore[arg-type]


def environment(kind: str, path: str, version: str | None, **more: object) -> Environment:
    made = Environment(
        id=f"{kind}:~{path.removeprefix(HOME)}", kind=kind, name=path.rsplit("/", 1)[-1], path=path,
        real=path, python=f"{path}/bin/python", version=version,
        interpreter=f"pyenv:{version}", base=f"{HOME}/.pyenv/versions/{version}", project=None,
        link="none", health="ok", reason=None, active=False, created_by=None,
        evidence=(f"{path}/pyvenv.cfg",),
    )  # fmt: skip
    return made._replace(**more)  # type: ignore[arg-type]


def project(name: str, manager: str, *environments: str, **more: object) -> Project:
    made = Project(f"{HOME}/code/{name}", name, (manager,), None, None, (), environments)
    return made._replace(**more)  # type: ignore[arg-type]


def inventory() -> Inventory:
    """Three interpreters, eight environments in every state, six projects."""
    code, store = f"{HOME}/code", f"{HOME}/.cache/pypoetry/virtualenvs"
    environments = (
        environment("poetry", f"{store}/shop-Xy12Zk3a-py3.12", "3.12.7", active=True, link="linked",
                    project=f"{code}/shop", created_by="virtualenv 20.26.2",
                    evidence=("its name carries the hash of ~/code/shop", "pyvenv.cfg")),
        environment("poetry", f"{store}/shop-Xy12Zk3a-py3.11", "3.11.9", link="linked", project=f"{code}/shop"),
        environment("venv", f"{code}/api/.venv", "3.11.9", project=f"{code}/api", link="linked"),
        environment("uv", f"{code}/dashboard/.venv", "3.12.7", project=f"{code}/dashboard", link="linked"),
        environment("pyenv-virtualenv", f"{HOME}/.pyenv/versions/3.12.7/envs/scratch", "3.12.7"),
        environment("pipenv", f"{HOME}/.local/share/virtualenvs/etl-Kq3x9aBc", "3.11.9", link="orphaned",
                    project=f"{HOME}/old/etl"),
        environment("virtualenv", f"{code}/legacy/.venv", "3.8.18", health="broken", interpreter=None,
                    reason="its interpreter ~/.pyenv/versions/3.8.18 is gone", project=f"{code}/legacy",
                    link="linked"),
        environment("virtualenv", f"{HOME}/.virtualenvs/notebooks", "3.12.7"),
    )  # fmt: skip
    ids = [e.id for e in environments]
    projects = (
        project("shop", "poetry", ids[0], ids[1], requires_python=">=3.11", lock=f"{code}/shop/poetry.lock",
                pins=(Pin(f"{code}/shop/.python-version", ("3.12.7",), ("pyenv:3.12.7",)),)),
        project("api", "venv", ids[2]),
        project("billing", "pyenv", pins=(Pin(f"{code}/billing/.python-version", ("3.12.9",), (None,)),)),
        project("dashboard", "uv", ids[3], requires_python=">=3.12"),
        project("legacy", "venv", ids[6]),
        project("ml-lab", "pipenv"),
    )  # fmt: skip
    interpreters = (
        interpreter("3.13.1", eol="2029-10-31"),
        interpreter("3.12.7", eol="2028-10-31", dependents=4, active=True),
        interpreter("3.11.9", eol="2027-10-31", dependents=3),
        interpreter("3.11.2", "system", eol="2027-10-31"),
    )
    return Inventory(interpreters, environments, projects, ())


def decision() -> Decision:
    """What `why` says in `~/code/shop` when Poetry's environment is active."""
    chosen = inventory().environments[0]
    pin = f"{HOME}/code/shop/.python-version"
    return Decision(
        f"{HOME}/code/shop", chosen.id, chosen.python, "3.12.7", "shell", "VIRTUAL_ENV",
        "active in this shell", (Overruled("pyenv", pin, "pyenv:3.12.7"),), ("3.12.7",), (), pin,
    )  # fmt: skip


# -- the machine that SCREEN draws -----------------------------------------------------

NOTICES = (Notice(f"{HOME}/backup", "permission denied"),
           Notice(f"{HOME}/mnt/nas", "it did not answer within 2 seconds: left out"))  # fmt: skip
_NOW = "2026-11-30T08:00:00Z"
_MEGABYTE = 1 << 20
_RECORD = f"{HOME}/.local/share/virtualenvs/etl-Kq3x9aBc/.project names {HOME}/old/etl"


def machine() -> tuple[Inventory, dict[str, Facts]]:
    """41 projects, 57 environments and 5 interpreters, with sizes and ages."""
    code, poetry = f"{HOME}/code", f"{HOME}/.cache/pypoetry/virtualenvs"
    shop = {"project": f"{code}/shop", "link": "linked",
            "evidence": ("in Poetry's store", f"Poetry's hash of {code}/shop is in its name")}  # fmt: skip
    drawn: list[tuple[Environment, int, int]] = [
        (environment("poetry", f"{poetry}/shop-Xy12Zk3a-py3.12", "3.12.7", active=True,
                     created_by="virtualenv 20.26.2", **shop), 412, 0),
        (environment("poetry", f"{poetry}/shop-Xy12Zk3a-py3.11", "3.11.9", **shop), 398, 34),
        (environment("venv", f"{code}/api/.venv", "3.11.9", project=f"{code}/api", link="linked"), 220, 0),
        (environment("uv", f"{code}/dashboard/.venv", "3.12.7", project=f"{code}/dashboard", link="linked"), 35, 3),
        (environment("pyenv-virtualenv", f"{HOME}/.pyenv/versions/3.12.7/envs/scratch", "3.12.7"), 61, 12),
        (environment("conda", f"{HOME}/miniconda3/envs/ml", "3.11.10", interpreter=None, project=f"{code}/ml-lab",
                     link="linked"), 4300, 180),
        (environment("pipenv", f"{HOME}/.local/share/virtualenvs/etl-Kq3x9aBc", "3.11.9", link="orphaned",
                     project=f"{HOME}/old/etl", evidence=(_RECORD,)), 1126, 214),
        (environment("venv", f"{code}/docs/.venv", "3.11.9", project=f"{code}/docs", link="linked"), 180, 240),
        (environment("virtualenv", f"{code}/legacy/.venv", "3.8.18", health="broken", interpreter=None,
                     reason=f"its Python {HOME}/.pyenv/versions/3.8.18/bin/python3.8 is gone",
                     project=f"{code}/legacy", link="linked"), 96, 390),
    ]  # fmt: skip
    for n in range(48):
        lost = n in (40, 43, 47)
        made_ = environment(
            ("venv", "virtualenv", "uv")[n % 3], f"{code}/service{n:02}/.venv", "3.8.18" if lost else "3.11.9",
            project=f"{code}/service{n:02}" if n < 33 else None, link="linked" if n < 33 else "none",
            **({"health": "broken", "interpreter": None,
                "reason": f"its Python {HOME}/.pyenv/versions/3.8.18/bin/python3.8 is gone"} if lost else {}),
        )  # fmt: skip
        drawn.append((made_, 20 + 11 * n, 15 + 4 * n))
    environments = tuple(e for e, _, _ in drawn)
    facts = {
        e.id: Facts(size * _MEGABYTE, last_used=_ago(days), uses=()) for e, size, days in drawn
    }
    api = environments[2].id
    facts[api] = facts[api].also(
        "uses", ("uvicorn api.main:app (4101)", "python -m api.jobs (4177)")
    )
    pin = Pin(f"{code}/shop/.python-version", ("3.12.7",), ("pyenv:3.12.7",))
    ids = [e.id for e in environments]
    projects = (
        project("shop", "poetry", ids[0], ids[1], requires_python=">=3.11", lock=f"{code}/shop/poetry.lock", pins=(pin,)),
        project("api", "venv", ids[2]),
        project("billing", "pyenv", pins=(Pin(f"{code}/billing/.python-version", ("3.12.9",), (None,)),)),
        project("dashboard", "uv", ids[3], requires_python=">=3.12", lock=f"{code}/dashboard/uv.lock"),
        project("docs", "venv", ids[7]),
        project("legacy", "venv", ids[8]),
        project("ml-lab", "conda", ids[5], lock=f"{code}/ml-lab/conda-lock.yml"),
        project("notes", "pyenv", pins=(Pin(f"{code}/notes/.python-version", ("3.12",), ("pyenv:3.12.7",)),)),
        *(project(f"service{n:02}", "venv", ids[9 + n]) for n in range(33)),
    )  # fmt: skip
    on = [e.interpreter for e in environments]
    interpreters = (
        interpreter("3.13.1", eol="2029-10-31"),
        interpreter("3.12.7", eol="2028-10-31", dependents=on.count("pyenv:3.12.7"), active=True),
        interpreter("3.11.9", eol="2027-10-31", dependents=on.count("pyenv:3.11.9")),
        interpreter("3.11.2", "system", eol="2027-10-31"),
    )
    return Inventory(interpreters, environments, projects, NOTICES), facts


def _ago(days: int) -> str:
    import datetime as dt

    then = dt.datetime.fromisoformat(_NOW[:10]) - dt.timedelta(days=days)
    return f"{then.date()}T08:00:00Z"
