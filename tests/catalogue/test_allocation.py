"""The pages of a study that does not randomise speak of enrolment."""

import pytest

from cutbook.catalogue import participants
from cutbook.display import record_book, show
from display.pages import a_page
from given import given_frames, texts_of


@pytest.fixture
def sequential(study):
    """Return the study with one cohort after the other."""
    treatment = study.treatment.model_copy(update={"allocation": "sequential"})
    return study.model_copy(update={"treatment": treatment})


def words_of(study, adsl):
    results = texts_of(participants.disposition, study=study, adsl=adsl)
    book = record_book(results, adsl, study)
    page = a_page(study, results=results, frames=given_frames(study, adsl=adsl), book=book)
    table = show(participants.disposition, page)
    return [row.label for row in table.rows], table.population, " ".join(table.footnotes)


def test_rows_population_and_notes_say_how_participants_came_in(study, sequential, adsl):
    rows, population, notes = words_of(study, adsl)
    assert "Randomised" in rows
    assert population.startswith("All randomised participants, by planned arm")
    assert "% of randomised" in notes
    rows, population, notes = words_of(sequential, adsl)
    assert "Enrolled" in rows
    assert population.startswith("All enrolled participants, by planned arm")
    assert "% of enrolled" in notes
    assert not any("andomis" in text for text in (*rows, population, notes))
