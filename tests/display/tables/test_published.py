"""Published numbers, and what stands below them only where some are compared."""

from __future__ import annotations

import pytest

from cutbook.catalogue import data
from cutbook.display import show
from cutbook.parameters.study import Study
from cutbook.results.table import results_table
from display.pages import a_page, body
from results.people import STUDY

ONE = {
    "cuts": ["C2"],
    "numbers": [{"label": "Deaths", "value": "1", "source": "Paper", "at": {"display": "D4", "variable": "DTHFL"}}],
}
SHAPED = "The synthetic data were shaped to these numbers"


SHOWN = {"display": "D4", "variable": "DTHFL", "statistic": "n", "value": 1, "text": "1"}


def table_of(*, is_synthetic: bool, is_compared: bool):
    changes = {"is_synthetic": is_synthetic, "reproduction": ONE if is_compared else None}
    return show(data.published, a_page(Study.model_validate(STUDY | changes), results=results_table([SHOWN])))


@pytest.mark.parametrize(
    ("is_synthetic", "is_compared", "notes"),
    [(True, True, 2), (False, True, 1), (True, False, 0), (False, False, 0)],
)
def test_notes_stand_below_compared_numbers_only(is_synthetic, is_compared, notes):
    table = table_of(is_synthetic=is_synthetic, is_compared=is_compared)
    assert len(table.footnotes) == notes
    assert (SHAPED in table._repr_html_()) == (is_synthetic and is_compared)
    assert body(table) == ([("Deaths", "1", "1", "yes", "Paper")] if is_compared else [])


def test_a_study_file_without_published_numbers_says_so():
    table = table_of(is_synthetic=True, is_compared=False)
    assert "The study file names no published result." in table._repr_html_()
