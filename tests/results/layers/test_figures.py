"""Numbers that figures say of the participants they draw."""

from dataclasses import replace

import pandas as pd

from cutbook.catalogue import measurements
from cutbook.catalogue.kinds.panels import Course
from cutbook.results.layers.figures import new_participants
from given import given_frames, results_of


def test_the_new_are_those_randomised_or_treated_since(study):
    columns = ["USUBJID", "RANDFL", "SAFFL"]
    before = pd.DataFrame([["1", "Y", "Y"], ["2", "N", "N"], ["3", "Y", "N"]], columns=columns)
    now = pd.DataFrame([["1", "Y", "Y"], ["2", "Y", "N"], ["3", "Y", "Y"], ["4", "N", "N"]], columns=columns)
    assert new_participants(given_frames(study, adsl=now), given_frames(study, adsl=before)) == {"2"}


def test_nobody_is_new_where_the_previous_cut_is_not_known(adsl, study):
    assert new_participants(given_frames(study, adsl=adsl), None) == frozenset()


def test_somebody_treated_since_is_new_also_without_having_been_randomised(study):
    columns = ["USUBJID", "RANDFL", "SAFFL"]
    before, now = (pd.DataFrame([["1", "N", treated]], columns=columns) for treated in ("N", "Y"))
    assert new_participants(given_frames(study, adsl=now), given_frames(study, adsl=before)) == {"1"}


JUDGED = """
A 1 -3 HIGH
A 1 29 NORMAL
A 2 1  LOW
A 2 29 HIGH
A 2 57 HIGH
A 3 29 BORDERLINE
A 4 29
B 1 29 NORMAL
C 1 29
"""
"""Parameter, participant, study day, judgement: 2 is outside after day 1; nobody tells of 3 and 4, or of C."""


def test_who_is_outside_limits_is_counted_after_day_1_among_those_who_were_judged(study):
    rows = [(*line.split()[:3], " ".join(line.split()[3:]) or None) for line in JUDGED.strip().splitlines()]
    adlb = pd.DataFrame(rows, columns=["PARAMCD", "USUBJID", "ADY", "ANRIND"]).astype({"ADY": "float64"})
    adsl = pd.DataFrame({"USUBJID": ["1", "2", "3", "4"], "SAFFL": "Y", "TRT01A": "Placebo", "KEY": list("wxyz")})
    course = Course(variables=(), only_outside=True, timed=lambda frames: frames.adlb)
    display = replace(measurements.laboratory_course, rows=lambda _: [course], why_empty=lambda *_: "")
    found = results_of(display, study, adsl=adsl, adlb=adlb.assign(PARAM=adlb["PARAMCD"], AVISITID=""))
    told = found[["parameter", "variable", "statistic", "value", "keys"]].to_numpy().tolist()
    assert told == [
        ["A", "OUTSIDE", "n", 1, ["x"]], ["A", "OUTSIDE", "N", 2, []],
        ["B", "OUTSIDE", "n", 0, []], ["B", "OUTSIDE", "N", 1, []],
    ]  # fmt: skip


def test_limits_that_were_not_delivered_give_no_count(study):
    adlb = pd.DataFrame({"PARAMCD": ["A"], "USUBJID": ["1"], "ADY": [29.0], "PARAM": ["A"], "AVISITID": [""]})
    adsl = pd.DataFrame({"USUBJID": ["1"], "SAFFL": ["Y"], "TRT01A": ["Placebo"], "KEY": ["w"]})
    display = replace(measurements.laboratory_course, why_empty=lambda *_: "")
    assert results_of(display, study, adsl=adsl, adlb=adlb).empty
