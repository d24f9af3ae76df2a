"""One inventory beside what drawing and sorting look up in it again and again."""

from __future__ import annotations

from collections.abc import Mapping

from envtui.actions import Lost
from envtui.host import Host
from envtui.model import Decision, Environment, Inventory, Project
from envtui.ui import words
from envtui.ui.facts import Facts

NOTHING = Facts()


class Catalogue:
    """Worked out once for each scan: a list of thousands asks for every name while it sorts."""

    def __init__(self, inventory: Inventory, host: Host, known: Mapping[str, Facts]) -> None:
        self.inventory = inventory
        self.host = host
        self.known = known
        """The slow facts as they come in, by environment."""
        self.decision: Decision | None = None
        """Which Python the context directory gets."""
        self.today = words.today(host)
        self.environments = {e.id: e for e in inventory.environments}
        self.projects = {p.path: p for p in inventory.projects}
        self.interpreters = {i.id: i for i in inventory.interpreters}
        self.lost: dict[str, Lost] = {item.id: item for item in words.lost_pythons(inventory)}
        self.pins = words.pins_of(inventory)
        self.names = {e.id: words.name_of(e) for e in inventory.environments}

    def members(self, project: Project) -> list[Environment]:
        """The project's environments."""
        known = self.environments
        return [known[key] for key in project.environments if key in known]

    def facts(self, environment: Environment) -> Facts:
        """What has been read of it so far."""
        return self.known.get(environment.id, NOTHING)

    def in_use(self, environment: Environment) -> bool:
        """Whether this shell or a process is in it now."""
        return environment.active or bool(self.facts(environment).uses)

    def age(self, environment: Environment) -> int | None:
        """Whole days since it was used, 0 where it is in use; None where that is not known."""
        if self.in_use(environment):
            return 0
        return words.days_between(self.facts(environment).last_used, self.today)

    def project_name(self, environment: Environment) -> str:
        """The name of the project it belongs to, or ""."""
        path = environment.project or ""
        project = self.projects.get(path)
        return project.name if project else path.rsplit("/", 1)[-1]
