"""Sets stand in the order in which they were published, whatever the clock said at the time."""

from __future__ import annotations

from pathlib import Path

from cutbook.published.folders import Place
from cutbook.published.ledger import append_row
from cutbook.published.rows import RunRow
from cutbook.published.sets import current_set, earlier_set, in_order, sets_of
from deliver.published import publish

TODAY, TEN_YEARS_ON = "20261122T050000Z-00000001", "20361122T050000Z-00000002"


def note(outputs: Path, folder: Path) -> None:
    append_row(
        outputs,
        RunRow(
            run="r",
            started="2026-11-22T05:00:00Z",
            study="demo",
            cut="C1",
            audience="unblinded",
            set=folder.name,
            exit=0,
        ),
    )


def test_a_set_published_by_a_wrong_clock_is_not_the_newest_for_ever(tmp_path: Path) -> None:
    place = Place(tmp_path, "demo", "C1", "unblinded")
    first = publish(tmp_path, run=TEN_YEARS_ON)
    note(tmp_path, first)
    second = publish(tmp_path, run=TODAY)
    note(tmp_path, second)
    assert sets_of(place, 1) == [second, first]


def test_sets_that_the_ledger_does_not_know_come_before_all_others_by_name(tmp_path: Path) -> None:
    known, one, other = (tmp_path / name for name in ("a", "b", "c"))
    note(tmp_path, known)
    assert in_order(tmp_path, [known, other, one]) == [one, other, known]


def test_what_a_set_replaces_is_the_one_published_last_before_it(tmp_path: Path) -> None:
    for run in (TEN_YEARS_ON, TODAY):
        note(tmp_path, publish(tmp_path, run=run))
    publish(tmp_path, revision=2, run="20261123T050000Z-00000003")
    current = current_set(tmp_path, "demo", "C1", "unblinded")
    assert current is not None
    earlier = earlier_set(tmp_path, current)
    assert earlier is not None
    assert earlier.folder.name == f"unblinded-r1-{TODAY}"
