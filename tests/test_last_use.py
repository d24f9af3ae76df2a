"""When an environment was last used, and that looking at it is no use."""

from __future__ import annotations

import os
import time

from envtui.facts.last_use import times
from envtui.filter import age_in_days
from tests.homes import Home

DAY = 86_400


def age(path: str, days: float) -> None:
    """As if nobody had touched it for so long."""
    moment = time.time() - days * DAY
    for folder, folders, files in os.walk(path):
        for name in [*folders, *files, "."]:
            os.utime(os.path.join(folder, name), (moment, moment), follow_symlinks=False)


def test_starting_its_python_is_a_use_and_looking_at_it_is_none(home: Home) -> None:
    prefix = home.venv("code/app/.venv", "3.12")
    age(prefix, 300)
    assert 299 <= (age_in_days(times(prefix).used, time.time()) or 0) <= 300.5
    for words in (("list", "--size"), ("show", prefix), ("clean", "--dry-run")):
        assert home.envtui(*words).returncode == 0
    assert home.json("show", prefix)["last_used"][:4].isdigit()
    assert 299 <= (age_in_days(times(prefix).used, time.time()) or 0) <= 300.5

    home.run(f"{prefix}/bin/python", "-c", "pass")
    used = times(prefix).used
    if os.statvfs(prefix).f_flag & os.ST_NOATIME:
        assert 299 <= (age_in_days(used, time.time()) or 0) <= 301
    else:
        assert (age_in_days(used, time.time()) or 0) < 1
    if os.statvfs(prefix).f_flag & os.ST_RELATIME:
        assert used == time.strftime("%Y-%m-%d", time.gmtime())


def test_an_installation_is_known_to_the_second(home: Home) -> None:
    prefix = home.venv("code/app/.venv", "3.12")
    age(prefix, 300)
    moment = 1_700_000_000
    os.utime(f"{prefix}/lib/python3.12/site-packages", (moment, moment))
    known = times(prefix, now=moment + 60)
    assert known.changed == known.used == "2023-11-14T22:13:20Z"


def test_a_time_that_no_clock_gave_says_nothing(home: Home) -> None:
    prefix = home.venv("code/app/.venv", "3.12")
    age(prefix, -500)
    assert times(prefix).used is None
    age(prefix, 20_000)
    assert times(prefix).used is None
    told = home.json("clean", "--dry-run", "--filter", "unused:>1d", code=1)
    assert told["suggestions"] == []


def test_a_day_is_no_older_than_its_end() -> None:
    noon = 1_700_049_600.0  # 2023-11-15T12:00Z
    assert age_in_days("2023-11-15", noon) == 0
    assert age_in_days("2023-11-14T12:00:00Z", noon) == 1
    assert 0.5 < (age_in_days("2023-11-14", noon) or 0) < 0.51
    assert age_in_days(None, noon) is None
