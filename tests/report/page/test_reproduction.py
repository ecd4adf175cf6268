import pytest

from cutbook.catalogue import data
from cutbook.display import show
from cutbook.display.look.numbers import with_text
from cutbook.errors import RenderError
from cutbook.parameters.study import Reproduction
from cutbook.report.page.reproduction import Comparison, compare_published
from cutbook.results.reproduction import reproduced
from cutbook.results.table import results_table
from display.pages import a_page

NUMBERS = Reproduction.model_validate(
    {
        "cuts": ["C2"],
        "numbers": [
            {"label": "Deaths", "value": "3", "source": "S1", "at": {"display": "D9", "variable": "DTHFL"}},
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
DEATHS = {"display": "D9", "variable": "DTHFL", "statistic": "n"}
SCORE = {"display": "F4", "variable": "CHG", "statistic": "mean", "decimals": 0}


def results(deaths=3, change=-5.27):
    return with_text(results_table([{**DEATHS, "value": deaths}, {**SCORE, "value": change}]))


@pytest.fixture
def published(study):
    """Return a study of two reports that names published numbers."""
    return study.model_copy(update={"reproduction": NUMBERS, "reports": ["safety", "efficacy"]})


def a_set(folder, deaths=3, change=-5.27, reports=("safety", "efficacy")):
    """Return a folder with the results tables of a set."""
    rows = {"safety": {**DEATHS, "value": deaths}, "efficacy": {**SCORE, "value": change}}
    for name in reports:
        with_text(results_table([rows[name]])).to_parquet(folder / f"{name}.results.parquet")
    return folder


def test_a_number_matches_when_the_text_shown_is_the_text_printed():
    found = reproduced(results(), NUMBERS)
    assert [one.shown for one in found] == ["3", "−5.3"]
    assert [one.is_match for one in found] == [True, True]
    assert [one.label for one in found] == ["Deaths", "Score (interim result)"]


def test_an_absent_number_does_not_match():
    found = reproduced(results().iloc[:1], NUMBERS)
    assert [one.shown for one in found] == ["3", "not shown"]
    assert [one.is_match for one in found] == [True, False]


def test_a_set_that_shows_all_numbers_passes_with_each_of_them(published, tmp_path):
    found = compare_published(a_set(tmp_path), published, "C2")
    assert [(one.published, one.shown) for one in found.numbers] == [("3", "3"), ("−5.3", "−5.3")]
    assert found.waiting == 0


def test_every_number_that_differs_fails_the_set_at_the_cut_where_it_is_due(published, tmp_path):
    with pytest.raises(RenderError) as caught:
        compare_published(a_set(tmp_path, deaths=2, change=-5.4), published, "C2")
    assert [(fault.variable, fault.found, fault.expected) for fault in caught.value.faults] == [
        ("Deaths", "2", "3"),
        ("Score (interim result)", "−5.4", "−5.3"),
    ]


def test_a_number_that_no_report_of_a_whole_set_shows_fails_it(published, tmp_path):
    folder = a_set(tmp_path, reports=("safety",))
    with_text(results_table([{**DEATHS, "value": 1, "level": "other"}])).to_parquet(folder / "efficacy.results.parquet")
    with pytest.raises(RenderError, match="not shown"):
        compare_published(folder, published, "C2")


def test_numbers_of_a_report_that_a_set_lacks_wait_for_it(published, tmp_path):
    found = compare_published(a_set(tmp_path, reports=("safety",)), published, "C2")
    assert ([one.label for one in found.numbers], found.waiting) == (["Deaths"], 1)


def test_another_cut_is_not_compared(published, tmp_path):
    assert compare_published(a_set(tmp_path, deaths=0), published, "C1") == Comparison()
    other = published.model_copy(update={"reproduction": NUMBERS.model_copy(update={"cuts": ["DBL"]})})
    table = show(data.published, a_page(other, results=results(deaths=0)))
    assert table.rows == ()
    assert table.empty == "Published results are compared at cut DBL only."


def test_copies_of_the_trial_are_not_compared_and_the_pages_say_so(published, tmp_path):
    statement = "The data are 10 copies of the trial: published results are compared with the trial itself only."
    assert compare_published(a_set(tmp_path, deaths=30), published, "C2", copies=10) == Comparison(statement=statement)
    assert compare_published(a_set(tmp_path), published, "C1", copies=10) == Comparison()
    table = show(data.published, a_page(published, results=results(deaths=30), stamps={"copies": "10"}))
    assert (table.rows, table.empty) == ((), statement)


def test_the_table_of_a_report_shows_its_own_numbers_and_their_source(published):
    table = show(data.published, a_page(published, results=results(deaths=2)))
    assert [(row.label, *row.cells) for row in table.rows] == [
        ("Deaths", "3", "2", "no", "S1"),
        ("Score (interim result)", "−5.3", "−5.3", "yes", "S4"),
    ]
    (row,) = show(data.published, a_page(published, results=results().iloc[:1])).rows
    assert row.label == "Deaths"


def test_a_study_without_published_numbers_says_so(study):
    assert show(data.published, a_page(study)).empty == "The study file names no published result."
