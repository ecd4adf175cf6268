from __future__ import annotations

import pytest

from cutbook.published import clock


def test_a_run_id_sorts_by_time_and_is_not_used_twice() -> None:
    early, late = clock.new_run_id("2026-11-22T08:32:00Z"), clock.new_run_id("2026-11-22T08:32:01Z")
    assert early < late
    assert early.startswith("20261122T083200Z-")
    assert clock.new_run_id("2026-11-22T08:32:00Z") != early


def test_the_time_is_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert len(clock.utc_now()) == 20
    assert clock.utc_now().endswith("Z")
