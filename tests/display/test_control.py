"""The control is the same for every display, wherever the study file names it."""

from dataclasses import replace

import pytest

from display.as_shown import as_shown, results
from display.small_trial import STUDY, trial

REPORTS = ("safety", "pharmacokinetics", "efficacy")


def arranged(**treatment):
    """Return the small trial with other facts of its treatment."""
    return replace(trial(), study=STUDY | {"treatment": STUDY["treatment"] | treatment})


def values(made, report):
    """Return every statistic by its key, with its value as shown."""
    table = results(made, report)
    keys = zip(*(table[name] for name in KEY), strict=True)
    return dict(zip(keys, zip(table["text"], table["keys"].map(sorted), strict=True), strict=True))


KEY = ("display", "population", "parameter", "variable", "level", "visit", "group", "statistic")


def contrasts(found):
    """Return the groups of statistics that are differences."""
    return {key[6] for key in found if "-" in key[6]}


@pytest.mark.parametrize("report", REPORTS)
def test_the_order_of_arms_changes_no_statistic(report):
    placebo_last = arranged(arms=STUDY["treatment"]["arms"][::-1])
    assert values(placebo_last, report) == values(trial(), report)


def test_differences_are_from_the_arm_without_a_dose():
    assert contrasts(values(trial(), "safety")) == {"A-P", "ACTIVE-P"}
    assert contrasts(values(trial(), "efficacy")) == {"A-P"}


def test_the_arm_that_the_study_file_states_is_the_control_and_an_active_one_is_in_no_pooled_difference():
    stated = arranged(control="A")
    assert contrasts(values(stated, "safety")) == set()
    assert contrasts(values(stated, "efficacy")) == {"P-A"}


def test_without_one_control_nothing_is_compared():
    two = arranged(arms=[arm | {"dose": 0} for arm in STUDY["treatment"]["arms"]])
    assert contrasts(values(two, "safety")) == set()
    assert as_shown(two, "efficacy")["T-F1-SOD1"] == []
