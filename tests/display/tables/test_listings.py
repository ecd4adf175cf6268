import pandas as pd
import pytest

from cutbook.catalogue import listings, participants
from cutbook.display import record_book, show
from cutbook.display.behind import records as records_module
from cutbook.display.look.collected import collected
from display.pages import a_page, body, results_of
from given import given_frames


@pytest.fixture
def page(events, people, study):
    return page_of(events, people, study)


def page_of(events, people, study):
    results = results_of(events, people, study)
    frames = given_frames(study, adae=events, adsl=people)
    return a_page(study, results=results, frames=frames, book=record_book(results, people, study, events=events))


def rows(listing):
    return [row for group in listing.table.groups for row in group.rows]


def test_everybody_is_listed_under_their_arm_with_number_facts_and_anchor(page):
    listing = show(participants.listing, page)
    assert [(group.label, len(group.rows)) for group in listing.table.groups] == [
        ("Placebo", 2), ("10 mg", 2), ("Not randomised", 1),
    ]  # fmt: skip
    first = rows(listing)[0]
    assert (first.label, first.anchor) == ("1", "P.1")
    assert first.cells[:-1] == ("1", "2024-01-01", "2024-01-15", "2", "Completed", "–", "40", "Female")
    assert listing.title == "Participants (5)"


def test_a_participant_leads_to_the_displays_that_count_the_participant(page):
    shown = {row.label: row.cells[-1] for row in rows(show(participants.listing, page))}
    assert shown["1"].targets == (
        ("disposition", "T-D1"), ("baseline", "T-D2"), ("exposure", "T-D3"), ("adverse events", "T-D4"),
    )  # fmt: skip
    assert shown["5"].targets == (("disposition", "T-D1"),)


def test_events_say_why_they_count_or_not(page):
    listing = show(listings.records, page)
    assert listing.title == "Adverse events behind the counts (6)"
    assert [row.label for row in rows(listing)] == ["6", "7", "8", "9", "10", "11"]
    last = dict(zip([column.label for column in listing.table.columns], rows(listing)[-1].cells, strict=True))
    assert last["Participant"] == "4"
    assert last["Preferred term"] == "Vomiting"
    assert last["Treatment-emergent"] == "N"


def test_events_beyond_the_cap_are_said_to_lie_in_the_records_file(events, people, study, monkeypatch):
    monkeypatch.setattr(records_module, "MOST_RECORDS", 3)
    listing = show(listings.records, page_of(events, people, study))
    assert listing.title == "Adverse events behind the counts (3)"
    (note,) = listing.footnotes
    assert note.startswith("3 of 6 events are here, so that the page stays small: those of the rows with the fewest. ")
    assert note.endswith("All records are in safety.records.parquet.")


def test_participants_beyond_the_cap_are_not_said_to_be_listed(events, people, study, monkeypatch):
    monkeypatch.setattr(records_module, "MOST_RECORDS", 3)
    listing = show(participants.listing, page_of(events, people, study))
    assert listing.title.startswith(f"Participants ({len(rows(listing))}")


def test_nobody_and_no_event_are_sentences(events, people, study):
    page = page_of(events.iloc[:0], people.iloc[:0], study)
    assert "No participants by the cut-off." in show(participants.listing, page)._repr_html_()
    assert "No adverse events by the cut-off." in show(listings.records, page)._repr_html_()


def test_events_delivered_with_an_analysis_date_alone_are_listed(events, people, study):
    delivered = events.drop(columns=["AESEQ", "AESTDTC"]).assign(KEY="ad" + events["KEY"])
    page = page_of(delivered, people, study)
    assert len(rows(show(listings.records, page))) == 6
    assert len(show(listings.serious, page).rows) == 1


def test_a_partial_date_of_death_is_shown_as_collected(adsl, study):
    dead = adsl.assign(
        TRT01AN=1.0, TRTSDT=pd.Timestamp("2024-01-01"), DTHDT=pd.Timestamp("2024-03-01"), DTHDTC="2024-03",
        DTHDY=float("nan"), DTHCAUS="None known",
    )  # fmt: skip
    assert body(show(listings.deaths, a_page(study, frames=given_frames(study, adsl=dead)))) == [
        ("2", "Placebo", "50 (M)", "2024-01-01", "1", "2024-03", "–", collected("None known")),
    ]
