"""One inventory beside what drawing and sorting look up in it again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from envtui.actions import Lost
from envtui.filter import Row, text_of
from envtui.host import Host
from envtui.model import WELL, Decision, Environment, Inventory, Project
from envtui.scene import row_id
from envtui.ui import words
from envtui.ui.facts import Facts
from envtui.ui.text import clean

NOTHING = Facts()


class Catalogue:
    """Worked out once for each scan, off the UI thread: for thousands it takes a frame's time."""

    def __init__(self, inventory: Inventory, host: Host) -> None:
        self.inventory = inventory
        self.host = host
        self.decision: Decision | None = None
        """Which Python the context directory gets."""
        self.today = host.today()
        self.environments = {e.id: e for e in inventory.environments}
        self.projects = {p.path: p for p in inventory.projects}
        self.interpreters = {i.id: i for i in inventory.interpreters}
        self.lost: dict[str, Lost] = {item.id: item for item in words.lost_pythons(inventory)}
        self.pins = words.pins_of(inventory)
        self.names = words.distinct(
            {e.id: words.name_of(e) for e in inventory.environments},
            {e.id: e.path for e in inventory.environments},
        )
        self.project_names = words.distinct(
            {p.path: clean(p.name) for p in inventory.projects},
            {p.path: p.path for p in inventory.projects},
        )
        self.ill = sum(e.health not in WELL for e in inventory.environments)
        self.orphans = sum(e.link == "orphaned" for e in inventory.environments)
        self.idle: set[str] = set()
        self.sizes: dict[str, int] = {}
        self.size = 0
        """Bytes of all that have been measured."""
        self._known: Mapping[str, Facts] = {}
        self._ages: dict[str, int | None] = {}
        self._texts: dict[str, str] = {}
        self.by_name = sorted(
            inventory.environments,
            key=lambda e: (
                self.names[e.id].lower().rsplit("-py", 1)[0],
                words.newest(e.version),
                e.id,
            ),
        )
        """Names that differ in the version of their Python alone stand newest first."""

    def know(self, facts: Mapping[str, Facts]) -> None:
        """Take what has been read so far from there, now and later."""
        self._known = facts
        self._ages = dict.fromkeys(self.environments)
        self.learn(facts)
        self.learn(e.id for e in self.inventory.environments if e.active)

    def learn(self, keys: Iterable[str]) -> None:
        """Facts of these environments have come."""
        for key in keys:
            environment = self.environments.get(key)
            if environment is None:
                continue
            facts = self._known.get(key, NOTHING)
            used_now = environment.active or facts.uses
            age = 0 if used_now else words.days_between(facts.last_used or "", self.today)
            self._ages[key] = age
            (self.idle.add if (age or 0) >= words.IDLE else self.idle.discard)(key)
            if facts.size is not None:
                self.size += facts.size - self.sizes.get(key, 0)
                self.sizes[key] = facts.size

    def members(self, project: Project) -> list[Environment]:
        """The project's environments."""
        known = self.environments
        return [known[key] for key in project.environments if key in known]

    def facts(self, environment: Environment) -> Facts:
        """What has been read of it so far."""
        return self._known.get(environment.id, NOTHING)

    def in_use(self, environment: Environment) -> bool:
        """Whether this shell or a process is in it now."""
        return environment.active or bool(self.facts(environment).uses)

    def age(self, environment: Environment) -> int | None:
        """Whole days since it was used, 0 where it is in use; None where that is not known."""
        return self._ages[environment.id]

    def project_name(self, environment: Environment) -> str:
        """The name of the project it belongs to, or ""."""
        path = environment.project or ""
        return self.project_names.get(path) or clean(path.rsplit("/", 1)[-1])

    def text(self, row: Row) -> str:
        """What a filter looks for words in."""
        key = row_id(row)
        known = self._texts.get(key)
        if known is None:
            known = self._texts[key] = text_of(row)
        return known
