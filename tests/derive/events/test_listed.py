"""What a listing says of an adverse event, case by case."""

from types import SimpleNamespace

import pandas as pd
import pytest

from cutbook.derive.events.listed import events_in_words

CRITERIA = {"AESDTH": "Resulted in death", "AESHOSP": "Required hospitalisation"}
FLAG = SimpleNamespace(qnam="AELP", label="Related to lumbar puncture")
STUDY = SimpleNamespace(adverse_events=SimpleNamespace(flags=[FLAG]))
DOSES = pd.DataFrame({"USUBJID": ["1", "1", "2"], "DOSEOCC": [1, 2, 1], "ADY": [1.0, 29.0, 1.0]})


def told(column, doses=DOSES, **facts):
    plain = {
        "USUBJID": "1", "TRT01A": "Drug 60 mg", "AGE": 57.0, "SEX": "F", "AEDECOD": "HEADACHE", "AETERM": "bad head",
        "AESTDTC": "2024-01-10", "ASTDY": 30.0, "AENDY": 31.0, "AEENDTC": "2024-01-11", "TRTEMFL": "Y", "AESER": "Y",
        "AEREL": "POSSIBLY RELATED", "AEOUT": "RECOVERED/RESOLVED",
    }  # fmt: skip
    events = pd.DataFrame([{**plain, **facts}])
    value = events_in_words(events, doses, STUDY, CRITERIA)[column].iloc[0]
    return None if pd.isna(value) else value


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Day 30, 1 day after dose 2"),
        ({"ASTDY": 29.0}, "Day 29, 0 days after dose 2"),
        ({"ASTDY": 28.0}, "Day 28, 27 days after dose 1"),
        ({"ASTDY": -3.0}, "Day −3"),
        ({"USUBJID": "9"}, "Day 30"),
        ({"ASTDY": None}, "2024-01-10"),
        ({"ASTDTF": "D", "AESTDTC": "2024-01"}, "2024-01"),
        ({"ASTDY": None, "AESTDTC": None}, None),
        ({"ASTDY": 28.0, "TRTEMFL": "N"}, "Day 28, 27 days after dose 1, not treatment-emergent"),
    ],
)
def test_an_event_began_on_a_day_and_so_many_days_after_the_last_dose_before_it(facts, words):
    assert told("BEGAN", **facts) == words


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"AESHOSP": "Y"}, "Required hospitalisation"),
        ({"AESDTH": "Y", "AESHOSP": "Y"}, "Resulted in death, required hospitalisation"),
        ({}, "Serious, no criterion stated"),
        ({"AESER": "N", "AESHOSP": "Y"}, "Not serious"),
        ({"AESER": None}, None),
    ],
)
def test_why_an_event_was_serious_is_told_by_its_criteria(facts, words):
    assert told("WHY", **facts) == words


@pytest.mark.parametrize(
    ("column", "facts", "words"),
    [
        ("PERSON", {}, "Drug 60 mg, 57, F"),
        ("PERSON", {"AGE": None, "SEX": None}, "Drug 60 mg"),
        ("EVENT", {}, "Headache (bad head)"),
        ("EVENT", {"AETERM": "headache"}, "Headache"),
        ("EVENT", {"AEDECOD": None}, "bad head"),
        ("RELATION", {}, "Possibly related"),
        ("RELATION", {"AELP": "Y"}, "Possibly related, related to lumbar puncture"),
        ("RELATION", {"AEREL": None, "AELP": "N"}, None),
        ("ENDED", {}, "Recovered/resolved, day 31"),
        ("ENDED", {"AENDY": None, "AEENDTC": None}, "Recovered/resolved"),
        ("ENDED", {"AENDTF": "D", "AEENDTC": "2024-01"}, "Recovered/resolved, 2024-01"),
    ],
)
def test_person_event_relation_and_end_are_told_as_far_as_they_are_known(column, facts, words):
    assert told(column, **facts) == words


def test_no_events_are_no_lines_and_no_doses_no_days_since():
    none = events_in_words(pd.DataFrame({"USUBJID": [], "ASTDY": []}), DOSES, STUDY, CRITERIA)
    assert len(none) == 0
    assert told("BEGAN", doses=DOSES.iloc[:0]) == "Day 30"
