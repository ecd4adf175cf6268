"""What is said of baselines: where the study file's rule and a delivered flag differ, and where a rule finds none."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cutbook.catalogue.measurements import laboratory, note_of_baselines, vital_signs
from cutbook.data.checks.contradictions.baselines import baseline_issues
from derive.cases import small_study

VITALS = {"id": "vitals", "label": "Vitals", "dataset": "vs", "schedule": "visits"}
RECORDS = [
    ("01", 1.0, "PULSE", 60.0, "2024-03-01", "SCREENING", 1.0, "Y"),
    ("01", 2.0, "PULSE", 62.0, "2024-03-04", "DAY -1", 2.0, None),
    ("01", 3.0, "PULSE", 70.0, "2024-03-06", "DAY 2", 3.0, None),
    ("02", 1.0, "PULSE", 60.0, "2024-03-01", "SCREENING", 1.0, None),
    ("02", 2.0, "PULSE", 62.0, "2024-03-04", "DAY -1", 2.0, "Y"),
    ("02", 3.0, "PULSE", None, "2024-03-05", "DAY 1", 2.1, None),
    ("03", 1.0, "PULSE", 61.0, "2024-03-06", "DAY 2", 3.0, "Y"),
]
COLUMNS = ["USUBJID", "VSSEQ", "VSTESTCD", "VSSTRESN", "VSDTC", "VISIT", "VISITNUM", "VSBLFL"]
EX = pd.DataFrame({"USUBJID": ["01", "02", "03"], "EXDOSE": 20.0, "EXSTDTC": "2024-03-05T10:00"})


def found(rule: Any, records: list[tuple[object, ...]] = RECORDS) -> list[tuple[str, int, str]]:
    study = small_study(findings=[{**VITALS, "baseline": rule}])
    vs = pd.DataFrame(records, columns=COLUMNS).astype({"VSBLFL": "str"})
    return [(issue.variable, issue.weight, issue.finding) for issue in baseline_issues({"vs": vs, "ex": EX}, study)]


def test_baselines_other_than_a_delivered_flag_marks_are_counted() -> None:
    assert found("before_first_dose") == [
        (
            "VSBLFL",
            3,
            (
                "Baseline other than VSBLFL marks (Vitals): 2 records of 2 participants (vs/01/2 and vs/03/1); it "
                "is the last value before the first dose, unless findings.vitals.baseline of the study file names the "
                "flag."
            ),
        )
    ]


def test_a_flag_that_marks_what_the_rule_finds_is_not_told() -> None:
    assert found("before_first_dose", [RECORDS[3], RECORDS[4]]) == []


def test_a_flag_that_marks_nothing_is_not_delivered() -> None:
    assert found("before_first_dose", [(*record[:7], None) for record in RECORDS]) == []


def test_a_flag_that_is_the_rule_is_compared_with_nothing_and_told_where_it_is_late() -> None:
    assert found({"flag": "VSBLFL"}) == [
        (
            "VSDTC",
            2,
            (
                "Baseline not before the first dose (Vitals): 1 record of 1 participant (vs/03/1); counted, for it "
                "is the last value with VSBLFL Y, as delivered, as findings.vitals.baseline of the study file says."
            ),
        )
    ]


@pytest.mark.parametrize(
    ("rule", "variable", "what"),
    [({"flag": "VSLOBXFL"}, "VSLOBXFL", "VSLOBXFL Y"), ({"visit": "DAY 9"}, "VISITNUM", "VISIT or VISITNUM DAY 9")],
)
def test_a_rule_that_no_result_meets_is_told(rule: dict[str, str], variable: str, what: str) -> None:
    records = [(*record[:7], None) for record in RECORDS]
    assert found(rule, records) == [
        (
            variable,
            2,
            (
                f"No result with {what}, which findings.vitals.baseline of the study file names (Vitals): 6 records of "
                "3 participants (vs/01/1, vs/01/2, vs/01/3 and 3 more); there is no baseline and no change."
            ),
        )
    ]


def test_the_page_says_which_value_is_the_baseline() -> None:
    study = small_study(findings=[VITALS, {**VITALS, "id": "chem", "label": "Chemistry", "dataset": "lb"}])
    assert vital_signs.footnotes(study)[-1] == "Baseline: the last value before the first dose."
    mixed = small_study(
        findings=[
            {**VITALS, "id": "chem", "label": "Chemistry", "dataset": "lb", "baseline": {"visit": "SCREENING"}},
            {**VITALS, "id": "haem", "label": "Haematology", "dataset": "lb", "baseline": {"flag": "LBBLFL"}},
            {**VITALS, "id": "csf", "label": "CSF", "dataset": "lb", "baseline": {"flag": "LBBLFL"}},
        ]
    )
    assert laboratory.footnotes(mixed)[-1] == (
        "Baseline of Chemistry: the last value of visit SCREENING; of Haematology, CSF: the last value with LBBLFL Y, "
        "as delivered."
    )
    assert note_of_baselines(study, []) == ()
