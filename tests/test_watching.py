"""How much the watching of a busy home may take."""

from __future__ import annotations

from envtui.watching import Ration


def test_who_changes_little_waits_for_nothing() -> None:
    ration = Ration()
    assert [ration.pause(60.0, 0.5) for _ in range(100)] == [0.0] * 100


def test_where_files_come_and_go_without_end_it_is_a_tenth_of_a_processor() -> None:
    ration, passed, pause = Ration(), 0.0, 0.0
    for _ in range(1000):
        pause = ration.pause(0.5 + pause, 0.3)
        passed += 0.5 + pause
    assert 0.08 < 1000 * 0.3 / passed < 0.12


def test_a_few_changes_in_a_row_are_told_at_once() -> None:
    ration = Ration()
    assert [ration.pause(0.7, 0.2) for _ in range(10)] == [0.0] * 10


def test_in_a_home_where_a_look_takes_seconds_two_changes_in_a_row_are_told_at_once() -> None:
    ration = Ration()
    assert [ration.pause(6.0, 5.0) for _ in range(2)] == [0.0, 0.0]
    assert any(ration.pause(6.0, 5.0) for _ in range(3))
    assert ration.pause(300.0, 5.0) == 0.0
