"""`t`: what is in the trash; the chosen thing is restored or deleted for good by its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType

from envtui import emptying, table, trash
from envtui.actions import Scene
from envtui.trash import Item
from envtui.ui import words
from envtui.ui.columns import Column
from envtui.ui.here import key, verb
from envtui.ui.listing import Listing
from envtui.ui.rowlist import Row, RowList
from envtui.ui.text import Line, Span, clean

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp

COLUMNS = [Column("NAME", least=10, most=32), Column("WHAT", least=12, most=18, rank=1),
           Column("GONE", least=5, most=6, right=True),
           Column("SIZE", least=6, most=7, right=True, usual=7),
           Column("WAS AT", least=30, most=80, grow=True, middle=True, rank=2)]  # fmt: skip
_KEPT = {"away": "its disk is not mounted", "silent": "its disk does not answer"}


class Choice(NamedTuple):
    """What is to be done: restore, or delete, the thing with that id; delete all where it is ""."""

    verb: str
    id: str = ""


def look(app: EnvtuiApp, _scene: Scene | None) -> None:
    """Show the trash; then the plan of what was chosen."""
    from envtui.ui.deeds import propose
    from envtui.ui.proposal import of_restoring, of_trash

    def chosen(choice: Choice) -> None:
        if choice.verb == "restore":
            propose(app, "Restore", lambda: of_restoring(choice.id, app.host))
        else:
            title = "Delete for good" if choice.id else "Empty the trash"
            propose(app, title, lambda: of_trash(app.host, choice.id))

    app.ask(TrashDialog(), chosen)


class Thing(NamedTuple):
    """One thing in the trash."""

    item: Item
    kind: str
    kept: str
    """Why it is out of reach; "" where it is not."""


def _read() -> tuple[list[Thing], list[str]]:
    things = [
        Thing(item, trash.kind(item), _KEPT.get(trash.state(item), "")) for item in trash.listing()
    ]
    return things, trash.problems()


class TrashDialog(Listing[Choice]):
    """Answers what is to be done; the confirm dialog follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False),
        verb("trash", "leave"),
        verb("repair", "choose"),
        verb("remove", "delete"),
        verb("empty-trash", "empty"),
    ]

    def __init__(self) -> None:
        super().__init__("Trash")
        self._things: list[Thing] | None = None
        self._wrong: list[str] = []
        self._sizes: dict[str, int | None] = {}

    def on_mount(self) -> None:
        """Records are read, and disks asked, on another thread."""
        self.wait(COLUMNS, "looking into the trash…")
        self.aside(_read, lambda found: self.show(*found))

    def show(self, things: list[Thing], wrong: list[str]) -> None:
        """What lies there, and what is wrong there, in words; it is measured then."""
        self._things, self._wrong = things, wrong
        self._show()
        self.each(
            [thing.item for thing in things],
            lambda item, _: emptying.sizes([item])[0],
            lambda item, size: self.weighed(item.id, size),
        )

    def weighed(self, item: str, size: int | None) -> None:
        """What comes back when one of them is deleted; None where that can't be known."""
        self._sizes[item] = size
        self._show()

    def _show(self) -> None:
        rows = [self._row(thing) for thing in self._things or []]
        self.fill(COLUMNS, rows, "the trash is empty")
        delete, empty = (key(self.app.keys, name) for name in ("remove", "empty-trash"))
        keys = f"⏎ restore · {delete} delete · {empty} empty · " if rows else ""
        self.entitle("Trash", f"{keys}esc closes")
        self._describe()

    def _row(self, thing: Thing) -> Row:
        item, age = thing.item, emptying.age(thing.item, self.app.host)
        gone = words.days(int(age // 86400)) if age >= 0 else "?"  # the clock was set back
        cells = ((words.called(item.path), ""), (clean(thing.kind), "dim"), (gone, "dim"),
                 self._weight(item), (words.place(self.app.host, item.path), "dim"))  # fmt: skip
        return Row(item.id, cells, ("!", "warn") if thing.kept else ("", ""))

    def _weight(self, item: Item) -> Span:
        size = self._sizes.get(item.id)
        if size is None:
            return ("?", "") if item.id in self._sizes else ("…", "faint")
        return words.size(size), ""

    @on(RowList.Moved)
    def _describe(self) -> None:
        things, host = self._things or [], self.app.host
        self.said.display = bool(things or self._wrong)
        lines = [self._sum(len(things))] if things else []
        for thing in things:
            if thing.item.id == self.rows.current_id:
                lines += self._of(thing)
        lines += [[("! ", "warn"), (words.home_in(host, text), "")] for text in self._wrong]
        self.said.say(lines)

    def _sum(self, many: int) -> Line:
        known = [size for size in self._sizes.values() if size is not None]
        more = " and more" if len(known) < many else ""
        return [(f"{many} thing{'s' * (many != 1)}: ", ""),
                (f"{words.size(sum(known))}{more}", "strong"),
                (" come back when all is deleted", "")]  # fmt: skip

    def _of(self, thing: Thing) -> list[Line]:
        item, host = thing.item, self.app.host
        when = table.when(item.time)
        said = f"by change {item.number} at {when}: {words.home_in(host, item.title)}"
        lines: list[Line] = [[(words.place(host, item.path), "dim")], [("· ", "faint"), (said, "")]]
        return lines + ([[("! ", "warn"), (thing.kept, "warn")]] if thing.kept else [])

    # -- keys ------------------------------------------------------------------------

    def _choose(self, verb: str) -> None:
        if self.rows.current_id:
            self.dismiss(Choice(verb, self.rows.current_id))

    def action_choose(self) -> None:
        """Back to where it was; an empty trash is closed."""
        if self._things == []:
            self.dismiss(None)
        self._choose("restore")

    def action_delete(self) -> None:
        """For good."""
        self._choose("delete")

    def action_empty(self) -> None:
        """All of it."""
        if self._things:
            self.dismiss(Choice("delete"))
