"""Kill or fail envtui at one call after the other: `python -m tests.proof.points CASE FOLDER ...`.

Runs with faults.c preloaded. One process builds the home and the plan and warms up; each point is
a fork of it, which is armed and does the change, while the parent looks at what is left. Prints
JSON: how many points of each sort, and what was wrong at which.
"""

from __future__ import annotations

import json
import random
import sys
import time

from tests.proof.trial import Trial

RESTORE = "trash restore"


class Restoring(Trial):
    """Not a plan: something put back from the trash. What fails there is done again."""

    whole = False

    def __init__(self, folder: str) -> None:
        self.item = ""
        super().__init__("remove a venv", folder)

    def perform(self) -> None:
        if self.item:
            self.recovery.restore(self.item, self.host)
        else:
            super().perform()

    def prepare(self, action: str) -> None:
        self.item = ""
        self.perform()
        self.item = self.trash.listing()[0].id

    def settled(self, where: str, *, sweep: bool = False) -> None:
        """After a crash: it lies in the trash, or is back to the letter and not in the trash."""
        self.recovery.recover(self.host)
        if self.trash.listing():
            self.again(where, self.perform)
        self.check(where, self.before)
        if self.trash.problems():
            self.wrong.append(f"{where}: {self.trash.problems()}")
        self.clean(where, sweep=True)

    def all_killed(self, part: float, chance: random.Random) -> None:
        self.killed("perform", 1.0, chance)
        self.recovery_killed(20, chance)

    def all_failing(self, part: float, chance: random.Random) -> None:
        self.kept = []
        self.failing("perform", max(part, 0.4), chance)


def main(name: str, folder: str, killed: str, failing: str, seed: str) -> None:
    began = time.process_time()
    trial = Restoring(folder) if name == RESTORE else Trial(name, folder)
    trial.clean("undisturbed")
    trial.all_killed(float(killed), random.Random(int(seed)))
    points = trial.points
    trial.all_failing(float(failing), random.Random(int(seed)))
    told = {"killed": points, "failed": trial.points - points, "wrong": trial.wrong}
    print(json.dumps({**told, "seconds": round(time.process_time() - began, 1)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
