"""The main screen: what is known, what follows the cursor, what a key does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType

from envtui import actions
from envtui.actions import Row, Scene
from envtui.model import Decision, Inventory, Project
from envtui.ui import lastline, moving, orders, panes, words
from envtui.ui.bar import Bar
from envtui.ui.catalogue import NOTHING, Catalogue
from envtui.ui.detail import TABS, Detail
from envtui.ui.facts import Facts
from envtui.ui.layout import Layout
from envtui.ui.panes import PANES
from envtui.ui.rowlist import RowList

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp
    from envtui.ui.filterbar import FilterBar


def _bindings() -> list[BindingType]:
    return [
        Binding(key, f"do('{action.id}')", action.label, show=False, id=action.id)
        for action in actions.ACTIONS
        for key in action.keys
    ]


class MainScreen(Layout):
    """Shows one inventory. It owns no facts: they come in as messages, keys go out as actions."""

    app: EnvtuiApp
    BINDINGS: ClassVar[list[BindingType]] = _bindings()

    def __init__(self, filter_text: str = "") -> None:
        super().__init__()
        self.catalogue: Catalogue | None = None
        self.decision: Decision | None = None
        self.stands: Project | None = None
        """The project of the current directory."""
        self.here: Project | None = None
        """The context project."""
        self.view = panes.View(filter_text)
        self.typing: FilterBar | None = None
        """The line that a filter is being typed into."""
        self.facts: dict[str, Facts] = {}
        self.note = "looking…"
        self.trash = 0
        """Bytes in the trash."""
        self.stale: set[str] = set()
        """The facts that have come since the rows were drawn."""
        self.touched = False
        """Whether anybody has pressed a key or a button yet."""

    def on_mount(self) -> None:
        """The bars draw themselves from what the screen knows then."""
        lastline.attach(self)
        panes.wait(self)

    # -- what is known ---------------------------------------------------------------

    @property
    def inventory(self) -> Inventory | None:
        """What the last scan found."""
        return self.catalogue.inventory if self.catalogue else None

    def take(self, catalogue: Catalogue) -> None:
        """Show what a scan found; once there was a key the cursors stay on their rows."""
        ids = catalogue.environments.keys() | catalogue.projects.keys()
        self.facts = {key: facts for key, facts in self.facts.items() if key in ids}
        self.catalogue = catalogue
        catalogue.know(self.facts)
        catalogue.decision = self.decision
        self.stands = words.context(catalogue.inventory, self.app.host.cwd)
        self.here = catalogue.projects.get(self.here.path) if self.here else self.stands
        panes.fill(self, catalogue)
        self._share()
        if not self.touched:
            self._begin()
        self.shown_row_changed()

    def _begin(self) -> None:
        """Inside a project its best environment, elsewhere the projects, from the top."""
        for shown in self.lists.values():
            shown.move_to(0)
        found = words.members(self.here, self.inventory) if self.here and self.inventory else []
        if found:
            self.list("environments").select(found[0].id)
        pane = (
            "environments"
            if found or not (self.inventory and self.inventory.projects)
            else "projects"
        )
        self._choose(pane)

    def decide(self, decision: Decision | None) -> None:
        """Which Python the context directory gets."""
        self.decision = decision
        if self.catalogue:
            self.catalogue.decision = decision
            self.list("interpreters").refresh()
        self.refresh_bars()

    def learn(self, field: str, values: Mapping[str, object]) -> None:
        """One slow fact of some rows."""
        news = [
            key for key, value in values.items()
            if getattr(self.facts.get(key, NOTHING), field) != value
        ]  # fmt: skip
        for key in news:
            self.facts[key] = self.facts.get(key, NOTHING).also(field, values[key])
        if self.list(self.chosen).current_id in news:
            self.tell_detail()
        if news and self.catalogue and field in ("size", "uses", "last_used"):
            self.catalogue.learn(news)
            # Facts come in bursts; the rows are drawn once for each.
            if not self.stale:
                self.set_timer(0.15, self._redraw)
            self.stale.add(field)

    def _redraw(self) -> None:
        """The rows with the facts that have come; sorted anew where the order hangs on them."""
        stale, self.stale = self.stale, set()
        for pane in ("projects", "environments"):
            if stale.intersection(orders.FACTS.get(self.view.order(pane), ())):
                panes.sort(self, pane)
            elif stale & self.view.needs(pane):
                panes.show(self, pane)
            else:
                self.list(pane).refresh()
                panes.entitle(self, pane)
        if not self.touched:
            self._begin()

    def rebuild(self) -> None:
        """Heights and titles for another size or zoom."""
        if self.catalogue:
            self._share()
            for pane in PANES:
                panes.entitle(self, pane)
            self.bars["tabs"].refresh()

    def narrow(self, pane: str, text: str) -> None:
        """Filter a pane by these words."""
        self.view.filters[pane] = text
        panes.show(self, pane)
        self._share()
        self.bars["tabs"].refresh()

    def list(self, pane: str) -> RowList:
        """One of the three lists."""
        return self.lists[pane]

    @property
    def row(self) -> Row:
        """What the cursor of the chosen pane stands on."""
        return self.view.item(self.chosen, self.list(self.chosen))

    @property
    def scene(self) -> Scene | None:
        """Where a key would act; None before the scan has answered."""
        if self.inventory is None:
            return None
        shown, items = self.list(self.chosen), self.view.items[self.chosen]
        marks = shown.marked
        marked = tuple(items[key] for key in shown.rows.ids if key in marks) if marks else ()
        row = self.row
        here = row if self.chosen == "projects" and isinstance(row, Project) else self.here
        hidden = bool(items) and not shown.rows.ids
        return Scene(self.chosen, row, self.inventory, marked, here, self.app.keys, hidden)

    # -- layout ----------------------------------------------------------------------

    def on_resize(self, _event: events.Resize) -> None:
        """Heights and titles follow the window."""
        self.call_after_refresh(self.rebuild)

    def _share(self) -> None:
        counts = [len(self.view.ids[pane]) for pane in PANES]  # a filter moves no frame
        self.share(counts, self.size.height - 3 - (self.typing is not None))

    def _choose(self, pane: str) -> None:
        """That pane gets the keys; below 100 columns it is the one that shows."""
        self.remove_class("-reading")
        self.chosen = pane
        for name in PANES:
            self.list(name).set_class(name == pane, "-chosen")
        self.set_focus(self.list(pane))
        self.shown_row_changed()

    def read(self) -> None:
        """The detail gets the keys."""
        self.add_class("-reading")
        self.set_focus(self.detail)
        self.refresh_bars()

    def go(self, pane: str) -> None:
        """To a pane by name, the detail included."""
        if pane == "detail":
            self.read()
        else:
            self._choose(pane)

    def reach(self, pane: str, row_id: str) -> None:
        """To that row of that pane, even if a filter hides it now."""
        if not self.list(pane).select(row_id) and self.view.filters[pane]:
            self.narrow(pane, "")
            self.list(pane).select(row_id)
        self._choose(pane)

    # -- what follows the cursor -------------------------------------------------------

    def shown_row_changed(self) -> None:
        """Another row is highlighted: detail and bars follow, slow facts are wished for."""
        self.tell_detail(keep=False)
        self.refresh_bars()
        self.app.wish(self.row)

    def tell_detail(self, *, keep: bool = True) -> None:
        """Draw the detail and the brief lines again."""
        scene, host = self.scene, self.app.host
        if scene is None:
            return
        facts = self.facts.get(self.list(self.chosen).current_id, NOTHING)
        from envtui.ui import about  # not before the first frame
        from envtui.ui import brief as brief_lines

        tab = TABS[self.detail.tab]
        name = about.name(scene.row)
        self.detail.tell(name, lambda room: about.lines(tab, scene, facts, host, room), keep=keep)
        self.brief.show(lambda room: brief_lines.lines(scene, facts, host, room))

    def refresh_bars(self) -> None:
        """Top line, tabs, last job and keys."""
        for bar in self.bars.values():
            bar.renew()

    @on(RowList.Moved)
    def _moved(self) -> None:
        for pane in PANES:
            panes.count(self, pane)
        self._follow()
        self.shown_row_changed()

    def _follow(self) -> None:
        """The context is the project under the cursor."""
        row = self.row
        follows = self.chosen == "projects" and self.touched  # else it is where one stands
        if follows and isinstance(row, Project) and row != self.here:
            self.here = row
            panes.show(self, "environments")
            self.list("environments").move_to(0)
            self.app.ask_why()

    @on(RowList.Scrolled)
    def _scrolled(self, event: RowList.Scrolled) -> None:
        if event.rows.id in PANES:
            panes.count(self, event.rows.id)

    @on(RowList.Opened)
    def _opened(self) -> None:
        self.action_do("use")

    @on(Bar.Pressed)
    def _pressed(self, event: Bar.Pressed) -> None:
        self.action_do(event.action)

    @on(Detail.Turned)
    def _turned(self) -> None:
        self.tell_detail(keep=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click on a pane chooses it."""
        if event.widget is not self.focused:
            return  # a key went elsewhere before this was told
        name = event.widget.id or ""
        if name in PANES and name != self.chosen:
            self._choose(name)
        elif name == "detail":
            self.add_class("-reading")

    # -- keys ------------------------------------------------------------------------

    def steps(self, event: events.Key) -> bool:
        """Move the cursor of the list that has the keys, if the key does only that.

        As a binding it would come after sixty others, twice.
        """
        shown = self.focused
        if isinstance(shown, RowList) and self.typing is None:  # else the key is the filter's
            for name, step in (("down", 1), ("up", -1)):
                if event.key in self.app.keys[name] or event.character in self.app.keys[name]:
                    shown.move(step)
                    return True
        return False

    def action_do(self, name: str) -> None:
        """Run one action of the table, or say why it can't act."""
        self._follow()  # the cursor may have moved just now
        if moving.run(self, name):
            return
        action, scene = actions.BY_ID[name], self.scene
        if scene is None and not action.early:
            self.app.say("still looking at the machine: in a moment", good=False)
        elif scene and (reason := action.why_not(scene)):
            self.app.say(f"{scene.key(name)}  {reason}", good=False)
        else:
            self.app.act(name, scene)
