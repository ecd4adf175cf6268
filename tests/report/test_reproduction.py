from types import SimpleNamespace

import pytest

from cutbook.display.formats import with_text
from cutbook.display.page import Page
from cutbook.display.reproduction import reproduced, table_reproduction
from cutbook.errors import RenderError
from cutbook.parameters.study import Reproduction
from cutbook.report.session import require_reproduction
from cutbook.results.table import results_table

NUMBERS = Reproduction.model_validate(
    {
        "cuts": ["DBL"],
        "numbers": [
            {"label": "Deaths", "value": "3", "source": "S1", "at": {"display": "D9", "variable": "DTHDY"}},
            {
                "label": "Score",
                "value": "-5.3",
                "source": "S4",
                "is_interim": True,
                "at": {"display": "F4", "variable": "CHG", "statistic": "mean"},
            },
        ],
    }
)


def results(deaths=3, change=-5.27):
    return with_text(
        results_table(
            [
                {"display": "D9", "variable": "DTHDY", "statistic": "n", "value": deaths},
                {"display": "F4", "variable": "CHG", "statistic": "mean", "value": change, "decimals": 0},
            ]
        )
    )


def page(cut_id="DBL"):
    stamps = {"extracted": "2019-03-18", "rendered": "2026-01-01T00:00:00Z", "code": "commit 0123456789ab"}
    study = SimpleNamespace(reproduction=NUMBERS, is_synthetic=True)
    cut = SimpleNamespace(cut_id=cut_id, cutoff_date="2019-03-15")
    return Page("efficacy", SimpleNamespace(study=study, cut=cut, stamps=stamps))


def test_a_number_matches_when_the_text_shown_is_the_text_printed():
    found = reproduced(results(), NUMBERS)
    assert found["shown"].tolist() == ["3", "−5.3"]
    assert found["is_match"].tolist() == [True, True]
    assert found["label"].tolist() == ["Deaths", "Score (interim result)"]


def test_every_number_that_differs_fails_the_run_at_the_cut_where_it_is_due():
    with pytest.raises(RenderError) as caught:
        require_reproduction(results(deaths=2, change=-5.4), page())
    assert [(fault.variable, fault.found, fault.expected) for fault in caught.value.faults] == [
        ("Deaths", "2", "3"),
        ("Score (interim result)", "−5.4", "−5.3"),
    ]


def test_an_absent_number_does_not_match():
    found = reproduced(results().iloc[:1], NUMBERS)
    assert found["shown"].tolist() == ["3", "not shown"]
    assert found["is_match"].tolist() == [True, False]


def test_another_cut_is_not_compared():
    require_reproduction(results(deaths=0), page("C1"))
    table = table_reproduction(results(deaths=0), page("C1"))
    assert table.rows == ()
    assert table.empty == "Published results are compared at cut DBL only."


def test_the_table_shows_both_numbers_and_the_source():
    table = table_reproduction(results(deaths=2), page())
    assert [(row.label, *row.cells) for row in table.rows] == [
        ("Deaths", "3", "2", "no", "S1"),
        ("Score (interim result)", "−5.3", "−5.3", "yes", "S4"),
    ]
