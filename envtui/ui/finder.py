"""A list that is searched by typing: behind `?`, `:` and the choice of a theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual import on
from textual.widget import Widget

from envtui.ui.columns import Column
from envtui.ui.lines import Lines
from envtui.ui.listing import Searching
from envtui.ui.rowlist import Row, RowList
from envtui.ui.text import Span

SHOWN = 200
"""Rows that are drawn; who has more than that types another letter."""


class Entry(NamedTuple):
    """One thing that can be chosen."""

    id: str
    cells: tuple[Span, ...]
    group: str
    words: str
    """What is searched, in lower case."""
    whole: str = ""
    """What a cell may have no room for: all of it stands below the list."""


class Finder(Searching[str]):
    """Answers the id of the chosen entry; letters go to the search, arrows move the cursor."""

    def __init__(
        self,
        title: str,
        foot: str,
        columns: list[Column],
        entries: list[Entry],
        look: Callable[[str], None] | None = None,
    ) -> None:
        """`look` is told the entry under the cursor, to show what choosing it would do."""
        super().__init__(title)
        self._foot = foot
        self._columns = columns
        self._entries = entries
        self._look = look
        self._whole = {entry.id: entry.whole for entry in entries}

    def parts(self) -> list[Widget]:
        """What is searched for, and what is found."""
        self.said = Lines(id="found-said")
        self.said.set_class(not any(self._whole.values()), "-mute")
        return [*self.searched("type to search", "found"), self.said]

    def on_mount(self) -> None:
        """What it is called."""
        self.frame.add_class("-broad")
        self.entitle(self._heading, self._foot)

    def narrow(self) -> None:
        """The entries that hold all the words."""
        words = self.search.value.lower().split()
        hits = [e for e in self._entries if all(word in e.words for word in words)]
        if words:  # what begins with the word before what only holds it; groups stay together
            groups = list(dict.fromkeys(e.group for e in self._entries))
            hits.sort(key=lambda e: (groups.index(e.group), not e.words.startswith(words[0])))
        rows: list[Row] = []
        group = ""
        for entry in hits[:SHOWN]:
            if entry.group != group:
                group = entry.group
                rows.append(Row(f"rule:{group}", ((group, ""),), rule=True))
            rows.append(Row(entry.id, entry.cells))
        if len(hits) > SHOWN:
            more = f"{len(hits) - SHOWN} more: type another letter"
            rows.append(Row("rule:more", ((more, ""),), rule=True))
        self.rows.show(self._columns, rows, [[("nothing is called that", "dim")]])
        self.rows.move_to(0)

    @on(RowList.Moved)
    def _moved(self) -> None:
        self.said.say([[(self._whole.get(self.rows.current_id, ""), "")]])
        # The last move may be told after the answer, and must not outdo it.
        if self._look and self.rows.current_id and self.is_active:
            self._look(self.rows.current_id)

    def action_choose(self) -> None:
        """Close, then do it."""
        self.dismiss(self.rows.current_id or None)
