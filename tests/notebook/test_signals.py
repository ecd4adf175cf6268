import pytest

from cutbook.display.look.numbers import with_text
from cutbook.results.table import results_table
from display.pages import NO_PAST, a_page, results_of
from notebook.said import completeness, signals


@pytest.fixture
def results(adae, adsl, study):
    """Return the results of all events and participants, or of some."""
    return lambda events=adae, people=adsl: results_of(events, people, study)


def samples(**counts):
    rows = [
        {"display": "E13", "parameter": matrix, "variable": name, "statistic": "n", "value": value,
         "keys": [f"pc/{person}/1" for person in "abcd"[:value]]}
        for matrix, values in counts.items()
        for name, value in values.items()
    ]  # fmt: skip
    return with_text(results_table(rows))


def test_more_participants_with_a_serious_event_and_more_deaths_are_signals(results, adae, adsl, study):
    before = results(adae.assign(AESER="N"), adsl.assign(DTHFL="N"))
    assert signals(results(), a_page(study, previous=before)) == [
        ("serious", "1 participant newly with a serious treatment-emergent event since cut C1."),
        ("death", "1 participant newly recorded as dead since cut C1."),
    ]


def test_several_are_told_as_several(results, adae, study):
    before = results(adae.assign(AESER="N"))
    found = signals(results(adae.assign(AESER="Y")), a_page(study, previous=before))
    assert found == [("serious", "3 participants newly with a serious treatment-emergent event since cut C1.")]


def test_as_many_or_fewer_are_none(results, adae, study):
    assert signals(results(), a_page(study, previous=results())) == []
    assert signals(results(adae.assign(AESER="N")), a_page(study, previous=results())) == []


def test_nothing_is_a_signal_without_a_published_previous_cut(results, study):
    assert signals(results(), a_page(study)) == []


def test_a_first_quantifiable_concentration_on_placebo_is_a_signal(study):
    before = samples(Plasma={"PLACEBO": 0, "ALLBLQ": 0})
    page = a_page(study, "pharmacokinetics", previous=before)
    assert signals(samples(Plasma={"PLACEBO": 1, "ALLBLQ": 2}), page) == [
        ("mixup", "1 participant newly on placebo with a quantifiable concentration since cut C1."),
        ("mixup", "2 participants newly on active drug without any quantifiable concentration since cut C1."),
    ]


def test_a_matrix_that_is_new_counts_from_zero(study):
    page = a_page(study, "pharmacokinetics", previous=samples(Plasma={"PLACEBO": 1}))
    assert [kind for kind, _ in signals(samples(Plasma={"PLACEBO": 1}, CSF={"PLACEBO": 1}), page)] == ["mixup"]


def test_a_participant_with_two_matrices_is_one_participant(study):
    before = samples(Plasma={"PLACEBO": 0}, CSF={"PLACEBO": 0})
    page = a_page(study, "pharmacokinetics", previous=before)
    found = signals(samples(Plasma={"PLACEBO": 1}, CSF={"PLACEBO": 1}), page)
    assert {text.split(" newly ")[0] for _, text in found} == {"1 participant"}


def test_completeness_says_what_was_received_found_and_cut(study):
    assert completeness(a_page(study)) == [
        "2 files received, as the manifest says; 3 findings in the data.",
        "The data cut removed 5 records and rolled back 7 values.",
    ]


def test_completeness_says_when_rows_are_unverified_and_how_much_of_the_past_changed(study):
    page = a_page(study, stamps={"is_verified": "no"}, before=object(), past=NO_PAST)
    assert completeness(page) == [
        "2 files received, row counts unverified; 3 findings in the data.",
        "The data cut removed 5 records and rolled back 7 values.",
        "0 changes of the past since cut C1.",
    ]
