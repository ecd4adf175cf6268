"""The dots of a mail: whose limits are shown, and which numbers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cutbook.catalogue.kinds.display import EFFICACY, SAFETY
from cutbook.notebook import dots as room
from cutbook.notebook.sentences.rules import Share
from cutbook.parameters.study import Threshold

PROTEIN = Threshold(parameter="csf-PROT", label="CSF protein", limit="> 3 x ULN")
CELLS = [
    Threshold(parameter="csf-WBC", label="CSF white cells", limit=limit, unit="/µL") for limit in ("> 5", "> 10", "< 1")
]
COUNTS = {
    "≥3ULN": (0, 0), ">3ULN": (0, 0), ">5": (0, 3), ">10": (0, 2), "<1": (12, 10),
}  # fmt: skip


def dots(monkeypatch: pytest.MonkeyPatch, thresholds: list[Threshold], report: str = SAFETY) -> Any:
    """Return the dots of a page with 12 participants on placebo and 10 on 100 mg, counts by limit as in ``COUNTS``."""

    def shares(_: object, place: tuple[str, ...], __: object) -> tuple[list[Share], Share]:
        control, arm = COUNTS[place[2]]
        return [Share("100 mg", arm, 10)], Share("placebo", control, 12)

    monkeypatch.setattr(room, "shares", shares)
    page: Any = SimpleNamespace(report=report, study=SimpleNamespace(watched=thresholds), cells=lambda _: None)
    return room.dots(page)


def test_the_first_parameter_that_anybody_is_beyond_is_shown_with_its_next_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = dots(monkeypatch, [PROTEIN, *CELLS])
    assert (made.title, made.more) == ("CSF white cells ever above 5/µL", "above 10/µL")
    assert [(row.words, row.n, row.N, row.n_more) for row in made.rows] == [("Placebo", 0, 12, 0), ("100 mg", 3, 10, 2)]


@pytest.mark.parametrize("order", [[1, 0], [0, 2], [0]], ids=["nearer limit", "other direction", "no second limit"])
def test_a_second_limit_that_holds_not_within_the_first_is_left_out(
    monkeypatch: pytest.MonkeyPatch, order: list[int]
) -> None:
    made = dots(monkeypatch, [CELLS[number] for number in order])
    assert made.more == ""
    assert {row.n_more for row in made.rows} == {0}


def test_nobody_beyond_a_limit_and_another_report_have_no_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dots(monkeypatch, [PROTEIN]) is None
    assert dots(monkeypatch, []) is None
    assert dots(monkeypatch, CELLS, EFFICACY) is None
