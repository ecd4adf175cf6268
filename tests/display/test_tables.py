import pandas as pd
import pytest

from cutbook.display.formats import with_text
from display.displays import (
    disposition_results,
    listing_deaths,
    overview_results,
    table_change,
    table_disposition,
    table_overview,
    table_terms,
    term_results,
)
from display.pages import a_page


@pytest.fixture
def page(study):
    """Return the safety report of a second cut."""
    return a_page(study)


def body(table):
    return [(row.label, *map(str, row.cells)) for row in table.rows]


def test_disposition(adsl, study, page):
    table = table_disposition(with_text(disposition_results(adsl, study)), page)
    assert body(table)[:4] == [
        ("Screened", "–", "–", "–", "5"),
        ("Not randomised: screen failure", "–", "–", "–", "1"),
        ("Not randomised yet: in screening", "–", "–", "–", "0"),
        ("Randomised", "2 (100.0)", "2 (100.0)", "2 (100.0)", "4 (100.0)"),
    ]
    assert body(table)[-1] == ("Death", "1 (50.0)", "0", "0", "1 (25.0)")
    assert [column.note for column in table.columns] == ["N = 2", "N = 2", "N = 2", "N = 4"]


def test_terms(adae, adsl, study, page):
    table = table_terms(with_text(term_results(adae, adsl, study)), page)
    assert body(table)[1:4] == [
        ("Nervous", "1 (50.0) [1]", "2 (100.0) [3]", "2 (100.0) [3]", "3 (75.0) [4]"),
        ("Headache", "1 (50.0) [1]", "2 (100.0) [2]", "2 (100.0) [2]", "3 (75.0) [3]"),
        ("Dizziness", "0", "1 (50.0) [1]", "1 (50.0) [1]", "1 (25.0) [1]"),
    ]


def test_no_events_are_a_sentence(adae, adsl, study, page):
    table = table_terms(with_text(term_results(adae.iloc[:0], adsl, study)), page)
    assert table.rows == ()
    assert "No treatment-emergent adverse events by the cut-off." in table._repr_html_()


def test_the_overview_shows_the_risk_difference_in_a_column_of_its_own(adae, adsl, study, page):
    table = table_overview(with_text(overview_results(adae, adsl, study)), page)
    assert table.columns[-1].label == "Active − Placebo"
    assert body(table)[0] == (
        "Any treatment-emergent event", "1 (50.0) [1]", "2 (100.0) [4]", "2 (100.0) [4]", "3 (75.0) [5]",
        "50.0 (−27.3, 90.5)",
    )  # fmt: skip


def test_change_since_the_previous_cut_counts_participants_and_events(adae, adsl, study, page):
    before = with_text(overview_results(adae[adae["USUBJID"].ne("4")], adsl, study))
    now = with_text(overview_results(adae, adsl, study))
    table = table_change(now, a_page(page.study, previous=before))
    assert body(table) == [("Any treatment-emergent event", "2", "3", "+1", "4", "5", "+1")]


def test_every_display_names_cut_extraction_and_rendering(adsl, study, page):
    source = table_disposition(with_text(disposition_results(adsl, study)), page).source
    assert source == (
        "Source: DM, DS, EX · data cut C2, 2024-05-01 · extracted 2024-05-04 · rendered 2024-05-05T06:00:00Z · "
        "safety.results.parquet · commit 0123456789ab · synthetic data"
    )


def test_a_partial_date_of_death_is_shown_as_collected(adsl, page):
    dead = adsl.assign(
        TRT01AN=1.0, TRTSDT=pd.Timestamp("2024-01-01"), DTHDT=pd.Timestamp("2024-03-01"), DTHDTC="2024-03",
        DTHDY=float("nan"), DTHCAUS="None known",
    )  # fmt: skip
    assert body(listing_deaths(dead, page)) == [
        ("2", "Placebo", "50 (M)", "2024-01-01", "1", "2024-03", "–", "None known"),
    ]
