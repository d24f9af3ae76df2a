"""The parts of README.md that are made from code: `python -m tests.documents` writes them again."""

from __future__ import annotations

import os
import re

from envtui import actions, cli

README = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "README.md")


def made(text: str) -> str:
    """README's text with its key table and command list as the code has them now."""
    commands = "```\n" + cli.help_text() + "\n```\n"
    for name, content in (("keys", actions.markdown()), ("commands", commands)):
        pattern = re.compile(rf"(<!-- {name}: [^\n]* -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text, count = pattern.subn(lambda m, c=content: m[1] + c.rstrip() + "\n" + m[2], text)
        assert count == 1, name
    return text


if __name__ == "__main__":
    with open(README, encoding="utf-8") as file:
        current = file.read()
    with open(README, "w", encoding="utf-8") as file:
        file.write(made(current))
