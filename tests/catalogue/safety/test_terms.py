"""Common events, serious ones and those that ended treatment, by term."""

from __future__ import annotations

from cutbook.catalogue.safety import terms
from given import results_of


def listed(display, study, adae, adsl):
    """Return rows with their number of participants and of events in all arms."""
    results = results_of(display, study, adae=adae, adsl=adsl)
    own = results[results["group"].eq("TOTAL") & results["row_words"].ne("")]
    n, number = (own[own["statistic"].eq(name)] for name in ("n", "events"))
    assert n["row_words"].tolist() == number["row_words"].tolist()
    return list(zip(n["row_words"], n["value"].astype(int), number["value"].astype(int), strict=True))


def test_a_term_is_common_that_enough_participants_of_an_arm_with_a_dose_had(adae, adsl, study):
    # Headache: one on placebo, both on 10 mg; Dizziness and Nausea: one on 10 mg.
    assert listed(terms.common, study, adae, adsl) == [("Headache", 3, 3)]
    rules = study.adverse_events.model_copy(update={"common_from": 1})
    one = study.model_copy(update={"adverse_events": rules})
    assert [row[0] for row in listed(terms.common, one, adae, adsl)] == ["Headache", "Dizziness", "Nausea"]
    two_on_placebo = adae.assign(USUBJID=["1", "2", "3", "3", "3", "4"])
    assert listed(terms.common, study, two_on_placebo, adsl) == []


def test_serious_events_and_those_that_ended_treatment_stand_by_class_and_term(adae, adsl, study):
    assert listed(terms.serious_by_term, study, adae, adsl) == [
        ("Any serious event", 1, 1), ("Nervous", 1, 1), ("Headache", 1, 1),
    ]  # fmt: skip
    stopped = adae.assign(AEACN=["DRUG WITHDRAWN", "DOSE NOT CHANGED", None, "DRUG WITHDRAWN", None, "DRUG WITHDRAWN"])
    assert listed(terms.stopping_by_term, study, stopped, adsl) == [
        ("Any event that led to discontinuation", 2, 2), ("Gut", 1, 1), ("Nausea", 1, 1), ("Nervous", 1, 1),
        ("Headache", 1, 1),
    ]  # fmt: skip


def test_what_tells_serious_and_stopping_events_and_was_not_collected_is_no_zero(adae, adsl, study):
    for display, variable in ((terms.serious_by_term, "SER"), (terms.stopping_by_term, "DISCONT")):
        lean = adae.drop(columns=["AESER"], errors="ignore")
        results = results_of(display, study, adae=lean, adsl=adsl)
        own = results[results["variable"].eq(variable) & results["statistic"].eq("n")]
        assert set(own["reason"]) == {"not collected"}
