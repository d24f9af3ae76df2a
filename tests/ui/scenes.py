"""What is to be seen of the screen: each pane, layout and dialog, and the keys that lead there.

Golden screens, the pictures of `screenshots/make.py goldens` and docs/screens.md are made of it.
"""

from __future__ import annotations

from typing import NamedTuple, Union

from tests.ui import made, staged
from tests.ui.driving import Driver
from tests.ui.staged import Stage

SIZES = [(60, 15), (80, 24), (120, 35), (200, 50)]
Step = Union[str, Stage]
"""A key, `select:` and a row's id, or what puts made data onto the screen."""


class Scene(NamedTuple):
    """One thing to be seen."""

    told: str
    """What it is, for the page of screens."""
    steps: tuple[Step, ...]
    word: str = ""
    """It has to be seen then."""


def _named(action: str) -> tuple[str, ...]:
    return ("colon", *action, "enter")


PANES = {
    "environments": Scene("Environments, as it starts inside a project", ("2",), "elsewhere"),
    "orphan": Scene("An environment whose project is gone", ("G", "select:etl-"), "orphan"),
    "broken": Scene("An environment whose Python is gone", ("select:legacy",), "broken"),
    "marked": Scene("A range is marked", ("select:service01", "v", "j", "j"), "marked"),
    "projects": Scene("Projects", ("1", "g"), "shop"),
    "interpreters": Scene("Interpreters", ("3", "select:pyenv:3.11.9"), "3.11.9"),
    "lost": Scene("A Python that is gone, with its victims", ("3", "G"), "gone"),
    "detail": Scene("The detail", ("0",), "active in this shell"),
    "packages": Scene("Its packages", ("0", "]"), "fastapi"),
    "why": Scene("Why", ("0", "]", "]"), "why it is listed"),
    "files": Scene("Files", ("0", "]", "]", "]"), "Prefix"),
    "zoom": Scene("A pane alone", ("+",), "elsewhere"),
    "filter": Scene("A filter while it is typed", ("/", *"broken"), "broken"),
    "filter-wrong": Scene("A filter that says nothing", ("/", *"size:>x"), "size"),
    "no-match": Scene("A filter that nothing passes", ("/", *"zzz", "enter"), "nothing matches"),
    "why-not": Scene(
        "A key that does nothing here says why", ("3", "select:pyenv:3.11.9", "d"), "is needed"
    ),
    "done": Scene("A change is done, another one runs", (staged.jobs,), "Install Python 3.12.9"),
}
DIALOGS = {
    "help": Scene("`?`: the keys", ("?",), "KEY"),
    "help-found": Scene("`?`, searched", ("?", *"trash"), "empty"),
    "palette": Scene("`:`: everything by name", (":",), "Actions"),
    "palette-found": Scene("`:`, searched", (":", *"serv"), "Environments"),
    "theme": Scene("The colours", (*_named("theme"), staged.themes, *"ansi"), "ansi-light"),
    "copy": Scene("`Y`: what is copied", ("Y",), "its path"),
    "pin": Scene("`p`: another Python for the project", ("p",), "fits >=3.11"),
    "pin-shell": Scene("`p`: for this shell only", ("p", "tab"), "switches this shell"),
    "pin-global": Scene("`p`: everywhere", ("p", "tab", "tab"), "[ global ]"),
    "create": Scene("`c`: a new environment", ("c",), "Kind"),
    "install": Scene("`c` on Interpreters: another Python", ("3", staged.install), "3.14.0"),
    "plan-safe": Scene("A plan that only writes", (staged.pin,), "safe"),
    "plan-trash": Scene("A plan that moves something to the trash", (staged.removal,), "▲"),
    "plan-final": Scene("A plan that nothing takes back", (staged.emptying,), "dangerous"),
    "plan-refused": Scene("A plan that is refused", ("j", "d"), "it is refused"),
    "leave": Scene("`⏎` on the active environment", ("enter",), "Leave it?"),
    "switch": Scene("`⏎` in a shell without the hook", (staged.hookless,), "no envtui function"),
    "quit": Scene("`q` while a job runs", (staged.jobs, "q"), "is not finished"),
    "clean": Scene("`C`: what could go", ("C", staged.clean), "2 ticked"),
    "clean-none": Scene("`C` where nothing could go", ("C", staged.clean_none), "nothing"),
    "trash": Scene("`t`: what is in the trash", ("t", staged.trash), "1.3G and more"),
    "trash-none": Scene("`t` where nothing is", ("t",), "the trash is empty"),
    "doctor": Scene("The doctor", (*_named("doctor"), staged.doctor), "lost Python"),
    "doctor-none": Scene("The doctor, content", (*_named("doctor"), staged.well), "nothing is"),
    "work": Scene("`w` at first", ("w", "["), "nothing was changed yet"),
    "work-jobs": Scene("`w`: jobs", (staged.jobs, "w", "j"), "Jobs"),
    "work-commands": Scene("`w`: every command that was run", ("w", "[", "[", staged.journal), "$"),
    "work-history": Scene("`w`: the history", ("w", "[", staged.journal), "what was done"),
    "work-notices": Scene("`w`: what could not be read", ("w",), "permission"),
}
SCENES = {**PANES, **DIALOGS}
NOTHING = ("looking", "empty")
"""Golden screens of an app that knows nothing: they are no scenes of one machine."""
LAYOUTS = {"narrow": (50, 24), "short": (80, 15), "tiny": (20, 5)}


async def known(driver: Driver) -> None:
    """The slow facts are there, without a disk that they could be read from."""
    _, facts = made.machine()
    main = driver.app.main
    await driver.surveyed()
    for field in ("uses", "last_used", "size"):
        main.learn(field, {key: getattr(one, field) for key, one in facts.items()})
    shop = main.list("environments").current_id
    main.learn("decision", {shop: made.decision()})
    main.learn(
        "packages", {shop: ("fastapi 0.116.1", "httpx 0.28.1", "pip 25.2", "uvicorn 0.35.0")}
    )
    main.trash = 1_400_000_000
    driver.app.main.decide(made.decision())
    await driver.until("3.12.7 ● shop")
    await driver.until(lambda: not main.stale)


async def play(driver: Driver, scene: Scene) -> None:
    """From wherever it is to what is to be seen."""
    await begin(driver)
    for step in scene.steps:
        if not isinstance(step, str):
            await step(driver)
        elif step.startswith("select:"):
            shown = driver.app.main.list(driver.app.main.chosen)
            shown.select(next(k for k in shown.rows.ids if step[7:] in k))
        else:
            await driver.press(step)
    await driver.until(scene.word)


async def begin(driver: Driver) -> None:
    """Nothing is open, marked, filtered or told."""
    app, main = driver.app, driver.app.main
    await driver.close()
    staged.over(driver)
    app.theme = "envtui"
    app.clear_notifications()
    for pane in ("interpreters", "projects", "environments"):
        main.go(pane)
        if main.view.filters[pane]:
            main.narrow(pane, "")
        main.list(pane).move_to(0)
    main.detail.to(0)
    await driver.until(lambda: main.here == main.stands)
