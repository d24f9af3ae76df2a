"""What the keys do that change something or leave: each ends in a dialog or in an outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from envtui import verbs
from envtui.actions import Item, Lost, Scene
from envtui.model import Environment, Interpreter, Inventory, Project
from envtui.plan import Plan
from envtui.ui import leaving, words

if TYPE_CHECKING:
    from envtui.ui.app import EnvtuiApp
    from envtui.ui.proposal import Proposal


def propose(app: EnvtuiApp, title: str, prepare: Callable[[], Proposal]) -> None:
    """Show a change in the confirm dialog; once agreed to it becomes a job."""
    from envtui.ui.confirm import Confirm
    from envtui.ui.jobs import Job

    def agreed(one: Proposal) -> None:
        app.start(Job(one.title, one.done, one.run, undoes=one.undoes))

    app.ask(Confirm(title, prepare), agreed)


def change(
    app: EnvtuiApp,
    title: str,
    make: Callable[[], Plan],
    items: Sequence[Environment | Interpreter] = (),
    inventory: Inventory | None = None,
) -> None:
    """Show the plan that `make` gives; what they are of `items`, which go away."""
    from envtui.ui.proposal import of_plan

    propose(app, title, lambda: of_plan(make(), app.host, items, inventory))


def remove(app: EnvtuiApp, scene: Scene) -> None:
    """To the trash: all that is marked, a project's environments, or the row."""
    from envtui.ui.proposal import of_plan

    inventory, items = scene.inventory, to_remove(scene)
    only = items[0] if len(items) == 1 else None
    kind = "Pythons" if isinstance(items[0], Interpreter) else "environments"
    named = words.title(only) if only else f"{len(items)} {kind}"
    title = f"Remove {named}"

    def prepare() -> Proposal:
        plan = verbs.plan_remove(app.host, inventory, items)
        return of_plan(plan, app.host, items, inventory)._replace(title=title)

    propose(app, title, prepare)


def to_remove(scene: Scene) -> list[Environment | Interpreter]:
    """What `d` means: of a project its environments, never the folder."""
    found: list[Environment | Interpreter] = []
    for item in scene.targets:
        if isinstance(item, Project):
            found += words.members(item, scene.inventory)
        elif isinstance(item, (Environment, Interpreter)):
            found.append(item)
    return list(dict.fromkeys(found))


def repair(app: EnvtuiApp, scene: Scene) -> None:
    """Mend it, all that is marked, a project's environments, or all that a lost Python left."""
    from envtui.repairing import plan_repair

    inventory = scene.inventory
    by_id = {one.id: one for one in inventory.environments}
    items: list[Environment] = []
    for row in scene.targets:
        if isinstance(row, Environment):
            items.append(row)
        elif isinstance(row, Lost):
            items += [by_id[one] for one in row.environments if one in by_id]
        elif isinstance(row, Project):
            items += [one for one in words.members(row, inventory) if one.health != "ok"]
    items = list(dict.fromkeys(items))
    change(app, "Repair", lambda: plan_repair(app.host, inventory, items))


def undo(app: EnvtuiApp, _scene: Scene | None = None) -> None:
    """Take back the last change."""
    undo_change(app, None)


def undo_change(app: EnvtuiApp, number: int | None) -> None:
    """Take back the change of that number, or the last one."""
    from envtui.ui.proposal import of_undo

    propose(app, "Undo", lambda: of_undo(number, app.host))


def pin(app: EnvtuiApp, scene: Scene) -> None:
    """Choose the Python of the context project."""
    from envtui.ui.pin import Choice, PinDialog

    row = scene.row
    project = row if isinstance(row, Project) else scene.project
    if isinstance(row, Environment) and row.project:
        project = next((p for p in scene.inventory.projects if p.path == row.project), project)

    def chosen(choice: Choice) -> None:
        if choice.plan:
            change(app, choice.title, choice.plan)
        elif choice.python:
            leaving.switch(app, choice.python)
        else:
            leaving.leave_shell(app)

    first = row if isinstance(row, Interpreter) else None
    app.ask(PinDialog(scene.inventory, project, first), chosen)


def unpin(app: EnvtuiApp, scene: Scene) -> None:
    """Take away the pin of the project."""
    path = scene.row.path if isinstance(scene.row, Project) else None
    path = path or (scene.project.path if scene.project else app.host.cwd)
    change(app, "Unpin", lambda: verbs.plan_unpin(app.host, scene.inventory, project=path))


def rebuild(app: EnvtuiApp, scene: Scene) -> None:
    """Make the environment again on the Python it has, packages included."""
    row = scene.row
    if isinstance(row, Environment):
        title = f"Rebuild {words.name_of(row)}"
        change(app, title, lambda: verbs.plan_rebuild(app.host, scene.inventory, row))


def empty_trash(app: EnvtuiApp, _scene: Scene | None) -> None:
    """Delete what lies in the trash, for good: the one change without a way back."""
    from envtui.ui.proposal import of_trash

    propose(app, "Empty the trash", lambda: of_trash(app.host))


def create(app: EnvtuiApp, scene: Scene) -> None:
    """A new environment, for the context project or in the current directory."""
    from envtui.ui.create import CreateDialog

    row = scene.row
    if scene.pane == "interpreters":
        install(app, scene.inventory, row.version if isinstance(row, Lost) else "")
        return
    project = row if isinstance(row, Project) else scene.project
    dialog = CreateDialog(scene.inventory, project)
    app.ask(dialog, lambda make: change(app, "Create an environment", make))


def install(app: EnvtuiApp, inventory: Inventory, word: str) -> None:
    """Another Python, through pyenv or uv."""
    from envtui.ui.install import InstallDialog

    dialog = InstallDialog(app.host, inventory, word)
    app.ask(dialog, lambda make: change(app, "Install a Python", make))


def copy(app: EnvtuiApp, scene: Scene) -> None:
    """Path, id or command of the row, or of all marked, onto the clipboard."""
    from envtui.ui.menu import Menu, Option

    texts = {
        "path": "\n".join(_path(item) for item in scene.targets),
        "id": "\n".join(getattr(item, "id", item.name) for item in scene.targets),
        "command": "\n".join(_command(item) for item in scene.targets),
    }

    def chosen(what: str) -> None:
        app.copy_to_clipboard(texts[what])
        first, _, rest = words.home_in(app.host, texts[what]).partition("\n")
        app.say(f"copied {first}" + (" and what else is marked" if rest else ""), good=True)

    mine = app.keys["copy"][0]
    again = "Y" if mine in ("i", "c") else mine
    options = [
        Option(what, key, label, words.home_in(app.host, texts[what].partition("\n")[0]))
        for what, key, label in (("path", again, "its path"), ("id", "i", "its id"),
                                 ("command", "c", "a command"))
    ]  # fmt: skip
    many = f" of {len(scene.targets)}" if len(scene.targets) > 1 else ""
    app.ask(Menu(f"Copy{many}", options), chosen)


def _path(item: Item) -> str:
    return item.base if isinstance(item, Lost) else item.path


def _command(item: Item) -> str:
    """The command line that does what `enter` does; of what is gone, the one that shows it."""
    import shlex

    if isinstance(item, Project):
        return f"cd {shlex.quote(item.path)}"
    if isinstance(item, Lost):
        return f"envtui list --filter {shlex.quote(f'py:{item.version} broken')}"
    return f"envtui activate {shlex.quote(item.id)}"


def rescan(app: EnvtuiApp, _scene: Scene | None) -> None:
    """Look at the machine again."""
    app.rescan()


def work(app: EnvtuiApp, _scene: Scene | None) -> None:
    """The drawer of jobs, commands and history."""
    from envtui.ui.work import WorkDrawer

    app.ask(WorkDrawer(), lambda number: undo_change(app, number))


def filter_(app: EnvtuiApp, _scene: Scene) -> None:
    """A line to type the pane's filter into."""
    from envtui.ui.filterbar import FilterBar

    main = app.main
    if main.typing is None:
        main.typing = FilterBar(main.chosen, main.view.filters[main.chosen])
        app.opening = main.mount(main.typing, before="#last")
        main.rebuild()
