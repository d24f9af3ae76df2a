"""The documents that are made from code: `python -m tests.documents` writes them again.

In README.md the key table and the command list; docs/keys.md as a whole.
"""

from __future__ import annotations

import os
import re

from envtui import actions, commands
from envtui.actions import MOVE, RARE, Action

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
README = os.path.join(ROOT, "README.md")
KEYS = os.path.join(ROOT, "docs", "keys.md")


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
`Y` copies. `ctrl+c` leaves whatever is open.

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


def main() -> None:
    """Write them."""
    with open(README, encoding="utf-8") as file:
        current = file.read()
    with open(README, "w", encoding="utf-8") as file:
        file.write(made(current))
    os.makedirs(os.path.dirname(KEYS), exist_ok=True)
    with open(KEYS, "w", encoding="utf-8") as file:
        file.write(page())


if __name__ == "__main__":
    main()
