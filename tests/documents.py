"""The documents that are made from code: `python -m tests.documents` writes them again.

In README.md the key table and the command list; docs/keys.md and docs/screens.md as a whole.
"""

from __future__ import annotations

import os
import re

from envtui import actions, commands
from envtui.actions import MOVE, RARE, Action
from tests.ui import driving, scenes

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
README = os.path.join(ROOT, "README.md")
KEYS = os.path.join(ROOT, "docs", "keys.md")
SCREENS = os.path.join(ROOT, "docs", "screens.md")
DRAWN = os.path.join(ROOT, "docs", "drawn")


def made(text: str) -> str:
    """README's text with its key table and command list as the code has them now."""
    listed = "```\n" + commands.help_text() + "\n```\n"
    for name, content in (("keys", table()), ("commands", listed)):
        pattern = re.compile(rf"(<!-- {name}: [^\n]* -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text, count = pattern.subn(lambda m, c=content: m[1] + c.rstrip() + "\n" + m[2], text)
        assert count == 1, name
    return text


def table() -> str:
    """The keys that do something; those that move are on the page of all keys."""
    lines = ["| key | does |", "| --- | --- |"]
    lines += [
        f"| {keys(action)} | {action.help} |"
        for action in actions.ACTIONS
        if action.group not in (MOVE, RARE)
    ]
    return "\n".join(lines) + "\n"


def keys(action: Action) -> str:
    """As people read them; what has none is found by its name."""
    return " ".join(f"`{actions.shown(key)}`" for key in action.keys) or f"`:` {action.label}"


HEAD = """# Keys

Made from the one table of actions by `python -m tests.documents`: what stands here is what `?`
shows, what the key bar offers, what `:` finds by name and what the mouse does on the bars.

The same letter is the same verb in every pane. A key that can't act says why and what would help.
"""

TAIL = """## In dialogs

A plan: the focus is on No. `y` does it, `n` `q` `esc` leave, `Y` copies the plan, `j` `k` `g` `G`
scroll. Its frame and its first line tell the danger: safe, to the trash, or for good. Forms:
`↑` `↓` another field, `←` `→` or a first letter another value, `⏎` shows the plan. `?` and `:`
search while one types. In `w`: `tab` the next list, `d` cancels a job, `u` takes back a change,
`Y` copies. In `t`: `⏎` or `r` puts the thing back where it was, `d` deletes it for good, `D` deletes
all; each shows its plan first. `ctrl+c` leaves whatever is open.

## Your own keys

`envtui config --path` names the file; below `[keys]` an action's name gets a key or several:

```toml
theme = "nord"

[keys]
remove = "x"
undo = ["u", "ctrl+z", "f8"]
```

A key is a character or a name: `enter escape tab space backspace delete insert home end pageup
pagedown up down left right f1`..., with `ctrl+`, `alt+` or `shift+` before it. The whole table is
checked at the start: one key for two actions is an error that names both, so is an action or a key
that does not exist, with file and line. `ctrl+c` always quits.

In dialogs your keys do the same: they move, mark, copy, remove, take back, unpin, rebuild, leave, and
a letter that you have taken away from one of these does nothing there. What can't be changed are the
answers of a dialog, each shown in it: `y` and `n` everywhere; `a` in `C`; `i` and `c` in `Y`; `w`,
`c`, `s` or `i` where one of them is asked for. An answer comes before your key. `enter`, `esc`, `tab`
and the arrows always mean in a dialog what they mean by default, and where one types, letters are
letters.
"""


def page() -> str:
    """docs/keys.md."""
    parts = [HEAD]
    titles = {RARE: "By name only", MOVE: "Moving"}
    for group in dict.fromkeys(action.group for action in actions.ACTIONS):
        parts.append(f"## {titles.get(group, group)}\n")
        lines = ["| key | does | name in the key map |", "| --- | --- | --- |"]
        lines += [
            f"| {keys(action)} | {action.help} | `{action.id}` |"
            for action in actions.ACTIONS
            if action.group == group
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join([*parts, TAIL])


SCREENS_HEAD = """# Screens

Every pane, dialog and layout, each at 60x15, 80x24, 120x35 and 200x50 on one picture. The same
screens are kept as plain text in tests/ui/golden, where each change of them shows as a difference;
`python -m tests.documents` makes this page, `python screenshots/make.py goldens` its pictures.
"""


def screens() -> str:
    """docs/screens.md."""
    parts = [SCREENS_HEAD, "## As it was drawn, and as it is\n"]
    for columns, golden in (("120", "environments-120x35"), ("80", "orphan-80x24")):
        parts.append(f"At {columns} columns the drawing that it was built after:\n")
        with open(os.path.join(DRAWN, f"{columns}.txt"), encoding="utf-8") as file:
            parts.append(f"```\n{file.read()}```\n\nand the screen:\n")
        parts.append("```\n" + "\n".join(driving.stored_as(golden)) + "\n```\n")
    for title, part in (("Panes", scenes.PANES), ("Dialogs", scenes.DIALOGS)):
        parts.append(f"## {title}\n")
        parts += [picture(name, scene.told) for name, scene in part.items()]
    parts.append("## Where nothing is known\n")
    return "\n".join([*parts, picture("looking", "Before the first scan has answered"),
                      picture("empty", "An empty home")])  # fmt: skip


def picture(name: str, told: str) -> str:
    """One sheet with its title."""
    return f"### {told}\n\n![{told}](../screenshots/goldens/{name}.svg)\n"


def main() -> None:
    """Write them."""
    with open(README, encoding="utf-8") as file:
        current = file.read()
    with open(README, "w", encoding="utf-8") as file:
        file.write(made(current))
    os.makedirs(os.path.dirname(KEYS), exist_ok=True)
    with open(KEYS, "w", encoding="utf-8") as file:
        file.write(page())
    with open(SCREENS, "w", encoding="utf-8") as file:
        file.write(screens())


if __name__ == "__main__":
    main()
