"""The one table of actions: keys, key bar, `?`, `:`, "you could" and documents come from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from envtui import reasons
from envtui.lost import Lost
from envtui.scene import Item, Keys, Row, Scene, key_of, shown

__all__ = ["Item", "Keys", "Lost", "Row", "Scene", "key_of", "shown"]


class Action(NamedTuple):
    """One thing that can be done, and the keys that do it."""

    id: str
    keys: tuple[str, ...]
    """As Textual names them; none for what only `:` does."""
    label: str
    """One or two words for the key bar."""
    help: str
    group: str
    rank: int = 0
    """Place in the key bar; 0 is not shown there, the highest go first when room is short."""
    does: str = ""
    """`module:function` below envtui.ui, imported when called with the app and the scene; "" for
    what only moves."""
    elsewhere: Mapping[str, str] = {}
    """Its label in a pane where the same verb has another name."""
    early: bool = False
    """Whether it can be done before the first scan has answered; the scene may be None then."""
    why_not: Callable[[Scene], str | None] = lambda _scene: None
    """Why the key can't act here and what would help; None where it can."""
    could: Callable[[Scene], str | None] = lambda _scene: None
    """What the key would do for this very row, for the "you could" lines."""

    def named(self, pane: str) -> str:
        """Its label in a pane."""
        return self.elsewhere.get(pane, self.label)


DO, SEE, RARE, MOVE = "Do", "See", "By name", "Move"

ACTIONS: tuple[Action, ...] = (
    Action(
        "use",
        ("enter",),
        "use+quit",
        "switch the shell to it and quit; a project: go there too; the active one: leave it",
        DO,
        1,
        "leaving:use",
        why_not=reasons.use,
        could=reasons.could_use,
    ),
    Action(
        "pin",
        ("p",),
        "python",
        "choose the Python of this project, or the global one: pin or unpin",
        DO,
        2,
        "deeds:pin",
        why_not=reasons.pin,
        could=reasons.could_pin,
    ),
    Action(
        "create",
        ("c",),
        "create",
        "create an environment; on Interpreters: install a Python",
        DO,
        3,
        "deeds:create",
        elsewhere={"interpreters": "install"},
        could=reasons.could_create,
    ),
    Action(
        "remove",
        ("d",),
        "remove",
        "to the trash: it, or all marked; a project: its environments; a Python: uninstall it",
        DO,
        4,
        "deeds:remove",
        elsewhere={"interpreters": "uninstall"},
        why_not=reasons.remove,
        could=reasons.could_remove,
    ),
    Action("repair", ("r",), "repair",
           "mend what is broken or moved; a lost Python: all that it broke", DO, 4,
           "deeds:repair", why_not=reasons.repair, could=reasons.could_repair),
    Action("clean", ("C",), "clean up", "review what could go to the trash: orphaned, broken, idle",
           DO, 4, "clean:clean_up"),
    Action("undo", ("u", "z"), "undo", "take back the last change", DO, 9, "deeds:undo"),
    Action("mark", ("space",), "mark", "mark the row; other keys then act on all marked", DO, 8,
           why_not=reasons.mark),
    Action("range", ("v",), "mark range", "mark all rows the cursor passes; again: end it", DO,
           why_not=reasons.mark),
    Action("copy", ("Y",), "copy", "copy path, id or command", DO, 12, "deeds:copy",
           why_not=reasons.nothing),
    Action("filter", ("/",), "filter", "filter this pane; kept until esc", SEE, 5, "deeds:filter_"),
    Action("sort", ("s",), "sort", "sort this pane by the next column", SEE, 10),
    Action("work", ("w",), "work", "jobs, commands that were run, history", SEE, 7, "deeds:work",
           early=True),
    Action("trash", ("t",), "trash", "what is in the trash: restore it, or delete it for good",
           SEE, 0, "trash:look", early=True),
    Action("zoom", ("+",), "zoom", "this pane alone, and back", SEE, 13),
    Action("rescan", ("R",), "rescan", "look at the machine again", SEE, 11, "deeds:rescan",
           early=True),
    Action("palette", (":",), "all", "by name: every action, environment, project, Python", SEE, 6,
           "palette:palette", early=True),
    Action("help", ("?",), "help", "the keys: searchable, runs what it shows", SEE, 0,
           "palette:help_", early=True),
    Action("back", ("escape",), "back", "clear marks, filter, zoom; close what is open", SEE),
    Action("quit", ("q", "ctrl+c"), "quit", "quit; asks when a job runs", SEE, 14,
           "leaving:quit_", early=True),
    Action("doctor", (), "doctor", "find what is wrong with the machine's Pythons", RARE,
           0, "doctor:examine"),
    Action("subshell", (), "subshell", "quit into a shell in it; this one stays as it is", RARE, 0,
           "leaving:subshell", why_not=reasons.use),
    Action("rebuild", (), "rebuild", "make it again on its Python, packages included", RARE, 0,
           "deeds:rebuild", why_not=reasons.rebuild),
    Action("unpin", (), "unpin", "take away the Python that this project pins", RARE, 0,
           "deeds:unpin", why_not=reasons.unpin),
    Action("empty-trash", (), "empty trash", "delete what lies in the trash, for good", RARE, 0,
           "deeds:empty_trash"),
    Action("setup", (), "set up shell", "put the line for `envtui activate` into the start file",
           RARE, 0, "leaving:set_up"),
    Action("theme", (), "theme", "choose the colours", RARE, 0, "palette:theme", early=True),
    Action("projects", ("1",), "projects", "go to Projects", MOVE),
    Action("environments", ("2",), "environments", "go to Environments", MOVE),
    Action("interpreters", ("3",), "interpreters", "go to Interpreters", MOVE),
    Action("detail", ("0",), "detail", "go to the detail", MOVE),
    Action("next", ("tab",), "next pane", "next pane", MOVE),
    Action("previous", ("shift+tab",), "previous pane", "previous pane", MOVE),
    Action("up", ("k", "up"), "up", "one row up", MOVE),
    Action("down", ("j", "down"), "down", "one row down", MOVE),
    Action("left", ("h", "left"), "left", "back from the detail; the pane before", MOVE),
    Action("right", ("l", "right"), "right", "into the detail; the pane after", MOVE),
    Action("top", ("g", "home"), "top", "first row", MOVE),
    Action("bottom", ("G", "end"), "bottom", "last row", MOVE),
    Action("half-down", ("ctrl+d", "pagedown"), "half down", "half a page down", MOVE),
    Action("half-up", ("ctrl+u", "pageup"), "half up", "half a page up", MOVE),
    Action("tab-left", ("[",), "tab", "previous tab of the detail", MOVE),
    Action("tab-right", ("]",), "tab", "next tab of the detail", MOVE),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}
KEYS: Keys = {action.id: action.keys for action in ACTIONS}
"""The keys as they are without a key map of the user's."""


def bar() -> list[Action]:
    """The actions of the key bar, most important first; help is apart, it always stays."""
    return sorted((a for a in ACTIONS if a.rank), key=lambda a: a.rank)


def could(scene: Scene) -> list[tuple[str, str, bool]]:
    """The useful next keys for a row: key, what it would do or why not, whether it can."""
    lines = []
    for action in ACTIONS:
        if not (text := action.could(scene)):
            continue
        reason = action.why_not(scene)
        lines.append((scene.key(action.id), reason or text, reason is None))
    return lines
