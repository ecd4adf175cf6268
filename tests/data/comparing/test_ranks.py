"""What a change of the past means: rules in order, and the order of lines."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.comparing.ranks import RANKS, rank_of, with_ranks
from derive.cases import small_study

SCORE = {"paramcd": "SCORE", "label": "Score", "dataset": "qs", "where": {"QSTESTCD": ["SCORE"]}, "schedule": "visits"}
LABORATORY = {"id": "lab", "label": "Laboratory", "dataset": "lb", "schedule": "visits"}
STUDY = small_study(endpoints=[SCORE], findings=[LABORATORY])
GRADED = small_study(adverse_events={"related": ["RELATED"], "severities": ["1", "2", "3", "4", "5"]})


@pytest.mark.parametrize(
    ("dataset", "change", "variable", "old", "new", "meaning"),
    [
        ("ae", "changed", "AEOUT", "RECOVERED", "FATAL", "became fatal"),
        ("ae", "changed", "AESDTH", "N", "Y", "became fatal"),
        ("dm", "changed", "DTHFL", "", "Y", "became fatal"),
        ("dm", "changed", "DTHDTC", "", "2024-03-01", "became fatal"),
        ("dm", "changed", "DTHDTC", "2024-03-02", "2024-03-01", "changed what is known of a death"),
        ("dd", "changed", "DDSTRESC", "UNKNOWN", "EMBOLISM", "changed what is known of a death"),
        ("dd", "new", "DDDTC", "", "2024-03-01", "changed what is known of a death"),
        ("ae", "changed", "AESDTH", "Y", "N", "changed what is known of a death"),
        ("ae", "changed", "AESER", "N", "Y", "became serious"),
        ("ae", "changed", "AESER", "", "Y", "became serious"),
        ("ae", "changed", "AESEV", "MILD", "SEVERE", "became severe"),
        ("ae", "changed", "AESEV", "MILD", "MODERATE", "routine"),
        ("ae", "changed", "AEREL", "NOT RELATED", "RELATED", "became related"),
        ("ae", "changed", "AESER", "Y", "N", "no longer fatal, serious, severe or related"),
        ("ae", "changed", "AESER", "Y", "", "no longer fatal, serious, severe or related"),
        ("ae", "changed", "AEREL", "RELATED", "NOT RELATED", "no longer fatal, serious, severe or related"),
        ("lb", "new", "LBDTC", "", "2024-03-01", "entered late"),
        ("lb", "removed", "LBDTC", "2024-03-01", "", "withdrawn"),
        ("dm", "changed", "ACTARMCD", "PBO", "HIGH", "changed who was treated, with what or when"),
        ("ex", "changed", "EXDOSE", "20", "40", "changed who was treated, with what or when"),
        ("lb", "changed", "LBSTRESN", "7", "9", "changed a value that is analysed"),
        ("ae", "changed", "AEDECOD", "Fall", "Syncope", "changed a value that is analysed"),
        ("lb", "changed", "LBORNRHI", "107", "115", "routine"),
        ("cm", "changed", "CMDOSE", "100", "50", "routine"),
    ],
)
def test_the_first_rule_that_holds_says_what_a_change_means(dataset, change, variable, old, new, meaning):
    assert RANKS[rank_of(STUDY, (dataset, change), (variable, old, new))] == meaning


@pytest.mark.parametrize(
    ("old", "new", "meaning"),
    [("2", "3", "became severe"), ("3", "5", "became fatal"), ("3", "4", "routine"), ("3", "1", RANKS[5])],
)
def test_a_grade_becomes_severe_at_3_and_fatal_at_5(old, new, meaning):
    assert RANKS[rank_of(GRADED, ("ae", "changed"), ("AETOXGR", old, new))] == meaning


def test_a_record_has_the_first_meaning_of_its_fields_and_a_late_event_that_of_what_it_is():
    rows = [
        ("ae", "ae/1/1", "changed", "AEOUT", "RECOVERED", "RECOVERING"),
        ("ae", "ae/1/1", "changed", "AESER", "N", "Y"),
        ("ae", "ae/1/2", "new", "AESTDTC", "", "2024-03-01"),
        ("ae", "ae/1/3", "new", "AESTDTC", "", "2024-03-01"),
        ("qs", "qs/1/1", "changed", "QSSTRESN", "7", "9"),
        ("qs", "qs/1/2", "changed", "QSSTRESN", "7", "9"),
    ]
    past = pd.DataFrame(rows, columns=["DATASET", "KEY", "CHANGE", "VARIABLE", "OLD", "NEW"]).assign(TURN="")
    ae = pd.DataFrame({"USUBJID": "1", "AESEQ": [1.0, 2.0, 3.0], "AESDTH": ["N", "Y", None], "AESER": ["Y", "Y", "N"]})
    qs = pd.DataFrame({"USUBJID": "1", "QSSEQ": [1.0, 2.0], "QSTESTCD": ["SCORE", "ITEM"]})
    found = with_ranks(past, STUDY, {"ae": ae, "qs": qs})
    assert [RANKS[place] for place in found["RANK"]] == [
        "became serious", "became serious", "became fatal", "entered late",
        "changed a value of an endpoint", "changed a value that is analysed",
    ]  # fmt: skip
