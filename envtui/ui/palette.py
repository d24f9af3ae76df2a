"""`?` and `:`: every key and everything by name, searchable; what is chosen is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envtui import actions
from envtui.actions import MOVE, Action, Scene
from envtui.errors import Problem
from envtui.ui import words
from envtui.ui.columns import Column
from envtui.ui.finder import Entry, Finder
from envtui.ui.text import Span, clean, cut_middle

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp

KEYS = [
    Column("KEY", least=6, most=18),
    Column("", least=4, most=14, rank=1),
    Column("DOES", least=20, most=90, grow=True),
]
NAMES = [
    Column("NAME", least=12, most=36),
    Column("WHAT", least=10, most=90, grow=True),
    Column("", least=3, most=28, rank=1),
]
THEMES = [
    Column("THEME", least=12, most=36),
    Column("", least=5, most=90, grow=True),
    Column("", least=3, most=16, rank=1),
]


def help_(app: EnvtuiApp, scene: Scene | None) -> None:
    """All keys."""
    pane = scene.pane if scene else ""
    entries = []
    for action in actions.ACTIONS:
        keys = " ".join(actions.shown(key) for key in app.keys[action.id]) or ":"
        text = f"{action.named(pane)} {keys} {action.help}".lower()
        cells = ((keys, "key"), (action.named(pane), ""), (action.help, "dim"))
        entries.append(Entry(action.id, cells, action.group, text, action.help))

    app.ask(Finder("Keys", "⏎ runs it · esc closes", KEYS, entries), app.main.action_do)


def palette(app: EnvtuiApp, scene: Scene | None) -> None:
    """Actions, environments, projects and interpreters by name."""
    entries = [_action(app, action, scene) for action in actions.ACTIONS if action.group != MOVE]
    if scene:
        entries += _things(app, scene)

    def chosen(id: str) -> None:  # noqa: A002
        kind, _, rest = id.partition(":")
        if kind == "do":
            app.main.action_do(rest)
        else:
            app.main.reach(kind, rest)

    foot = "⏎ does it, or goes there · esc closes"
    app.ask(Finder("Everything by name", foot, NAMES, entries), chosen)


def _action(app: EnvtuiApp, action: Action, scene: Scene | None) -> Entry:
    label = action.named(scene.pane if scene else "")
    keys = " ".join(actions.shown(key) for key in app.keys[action.id][:1])
    reason = action.why_not(scene) if scene else None
    does: Span = (clean(reason or action.help), "faint" if reason else "dim")
    cells = ((label, "faint" if reason else ""), does, (keys, "key"))
    return Entry(
        f"do:{action.id}", cells, "Actions", f"{label} {action.id} {action.help}".lower(), does[0]
    )


def _things(app: EnvtuiApp, scene: Scene) -> list[Entry]:
    inventory, host = scene.inventory, app.host
    found: list[Entry] = []
    for e in inventory.environments:
        what = f"{e.kind} {clean(e.version or '?')}"
        found.append(
            _thing("environments", e.id, words.name_of(e), words.place(host, e.path), what)
        )
    found += [
        _thing("projects", p.path, clean(p.name), words.place(host, p.path), "")
        for p in inventory.projects
    ]
    for i in inventory.interpreters:
        name = f"Python {clean(i.version)}"
        found.append(_thing("interpreters", i.id, name, words.place(host, i.path), i.kind))
    return found


def _thing(pane: str, id: str, name: str, place: str, what: str) -> Entry:  # noqa: A002
    cells = ((name, ""), (cut_middle(place, 46), "dim"), (what, "dim"))
    return Entry(f"{pane}:{id}", cells, pane.capitalize(), f"{name} {place} {what}".lower(), place)


def theme(app: EnvtuiApp, _scene: Scene | None) -> None:
    """Another of the themes, shown while the cursor moves, remembered in config.toml."""
    before = app.theme
    order = sorted(app.available_themes, key=lambda name: (name != before, name != "envtui", name))
    entries = []
    for name in order:
        dark = "dark" if app.available_themes[name].dark else "light"
        note = "now" if name == before else ""
        entries.append(Entry(name, ((name, ""), (dark, "dim"), (note, "accent")), "", name))

    def look(name: str) -> None:
        app.theme = name

    def chosen(name: str | None) -> None:
        app.theme = name or before
        if name and name != before:
            _remember(app, name)

    app.show(Finder("Theme", "⏎ keeps it · esc goes back", THEMES, entries, look), chosen)


def _remember(app: EnvtuiApp, name: str) -> None:
    from envtui import config

    try:
        path = config.remember(app.host, "theme", name)
    except (Problem, OSError) as reason:
        app.say(f"the theme holds for this session only: {reason}", good=False)
    else:
        app.say(f"theme {name}, written to {words.place(app.host, path)}", good=True)
