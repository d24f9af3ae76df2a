"""The one table: no key twice, no Textual, everything it names can be done."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections import Counter

from envtui import actions
from envtui.actions import ACTIONS, Lost, Scene
from envtui.ui import columns, heights, text, words
from envtui.ui.columns import Column
from tests import documents
from tests.ui import made


def test_no_key_means_two_things() -> None:
    counts = Counter(key for action in ACTIONS for key in action.keys)
    assert [key for key, count in counts.items() if count > 1] == []
    # Terminals send the same byte for these: binding one binds the other.
    assert counts.keys().isdisjoint({"ctrl+i", "ctrl+m", "ctrl+left_square_bracket"})


def test_everything_in_the_table_is_there() -> None:
    for action in ACTIONS:
        if action.does:
            module, _, function = action.does.partition(":")
            assert callable(getattr(importlib.import_module(f"envtui.ui.{module}"), function))


def test_the_table_and_the_way_in_do_not_load_textual() -> None:
    code = (
        "import sys, envtui.actions, envtui.ui.start, envtui.ui.scanning, envtui.ui.outcome; "
        "print([n for n in sys.modules if n.split('.')[0] in ('textual', 'rich')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_first_frame_loads_no_dialog() -> None:
    code = (
        "import sys, envtui.ui.app; "
        "print([n for n in sys.modules if n in ('psutil', 'packaging', 'tomlkit')"
        " or n.startswith(('envtui.adapters', 'envtui.ui.confirm', 'envtui.ui.pin'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_page_of_keys_has_every_action() -> None:
    page = documents.page()
    for action in ACTIONS:
        assert action.help in page
        assert f"`{action.id}`" in page
    assert "| `⏎` |" in page


def test_a_key_that_can_not_act_says_what_would_help() -> None:
    inventory = made.inventory()
    broken = next(e for e in inventory.environments if e.health == "broken")
    lost = Lost("lost:x", "3.8.18", "/gone", ())
    empty = next(p for p in inventory.projects if not p.environments)
    needed = next(i for i in inventory.interpreters if i.dependents)
    said = {
        "use": [broken, lost, empty, None],
        "remove": [needed, lost, inventory.environments[0], empty, None],
        "pin": [lost],
        "mark": [lost],
        "copy": [None],
    }
    for name, rows in said.items():
        for row in rows:
            scene = Scene("environments", row, inventory, keys=actions.KEYS)
            reason = actions.BY_ID[name].why_not(scene)
            assert reason is not None, (name, row)
            assert len(reason) > 20


def test_lost_interpreters_stay_listed_with_their_victims() -> None:
    (lost,) = words.lost_pythons(made.inventory())
    assert lost.version == "3.8.18"
    assert lost.environments == ("virtualenv:~/code/legacy/.venv",)


def test_wrapping_loses_nothing_and_fits() -> None:
    line = [
        ("move ", "dim"),
        ("/a/very/long/path/that/has/no/spaces/at/all", ""),
        (" 日本語 end", ""),
    ]
    for room in (12, 20, 33, 80):
        rows = text.wrap(line, room, 2)
        assert all(text.length(row) <= room for row in rows)
        joined = "".join(part for row in rows for part, _ in row).replace(" ", "")
        assert joined == "".join(part for part, _ in line).replace(" ", "")


def test_columns_drop_the_least_important_first() -> None:
    table = [
        Column("NAME", least=8),
        Column("KIND", least=6, rank=2),
        Column("SIZE", least=5, rank=1),
    ]
    assert columns.fit(table, [10, 6, 5], 40) == [25, 6, 5]
    assert columns.fit(table, [10, 6, 5], 17)[1] == 0
    assert columns.fit(table, [10, 6, 5], 9)[1:] == [0, 0]


def test_panes_share_every_line() -> None:
    for room in range(9, 60):
        for counts in ([0, 0, 0], [50, 50, 50], [3, 90, 2], [90, 1, 9]):
            assert sum(heights.share(counts, room)) == room
