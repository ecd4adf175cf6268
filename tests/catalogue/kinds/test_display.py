import pytest

from cutbook.catalogue import events, participants
from given import results_of
from results.counted import cell, keys


def test_a_variation_counts_the_records_that_meet_its_conditions(adae, adsl, study):
    serious = events.terms.where(AESER="Y")
    results = results_of(serious, study, adae=adae, adsl=adsl)
    assert cell(results, variable="ANY", group="TOTAL") == 1
    assert keys(results, variable="AEDECOD", level="Headache", group="A") == ["ae/3/1"]
    assert set(results.loc[results["variable"].eq("AEDECOD"), "level"]) == {"Headache"}
    assert cell(results, "N", variable="ANY", group="A") == 2


def test_conditions_add_up_and_accept_several_values(adae, adsl, study):
    found = events.terms.where(AESEV=("MILD", "SEVERE")).where(AREL="Y")
    results = results_of(found, study, adae=adae, adsl=adsl)
    assert keys(results, variable="ANY", group="TOTAL") == ["ae/3/1", "ae/3/2"]


def test_a_condition_leaves_datasets_without_its_variable_as_they_are(adae, adsl, study):
    results = results_of(events.overview.where(AESER="Y"), study, adae=adae, adsl=adsl)
    assert cell(results, variable="TEAE", group="TOTAL") == 1
    assert cell(results, variable="DTHFL", group="TOTAL") == 1


def test_a_variation_leaves_the_declaration_as_it_is():
    varied = events.terms.where(AESER="Y")
    assert (varied.key, varied.conditions, events.terms.conditions) == ("D5", {"AESER": ("Y",)}, {})


@pytest.mark.parametrize("notes", [("One.",), lambda _: ("One.",)], ids=["stated", "of the study"])
def test_footnotes_and_sources_are_stated_or_depend_on_the_study(notes, study):
    display = type(participants.disposition)(
        id="X1", title="X", question="X?", rows=lambda _: [], reports=(), notes=notes, source=notes
    )
    assert display.footnotes(study) == display.sources(study) == ("One.",)
