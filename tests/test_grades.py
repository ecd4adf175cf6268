"""Grades as severities: from grade 3 on an event is severe, whichever variable holds the grade."""

from __future__ import annotations

from pathlib import Path

from case_study import CaseStudy, read_case
from cutbook.catalogue import events
from cutbook.data.checks.events.severities import with_severities
from cutbook.derive import Frames
from cutbook.results.engine import compute

GRADED = {"severities": ["1", "2", "3", "4", "5"]}


def severe(case: CaseStudy) -> tuple[str, float, float]:
    """Return the words of the row of severe events, and its participants and events in all columns together."""
    results = compute(events.overview, case.frames, case.study)
    row = results[results["variable"].eq("SEVERE") & results["group"].eq("TOTAL")].set_index("statistic")
    return str(row["row_words"].iloc[0]), row.loc["n", "value"], row.loc["events", "value"]


def by_hand(case: CaseStudy) -> tuple[int, int]:
    is_severe = case.datasets["ae"]["AESEV"].isin(["3", "4", "5"])
    return case.datasets["ae"].loc[is_severe, "USUBJID"].nunique(), int(is_severe.sum())


def test_events_of_grade_3_or_higher_are_severe(shared: Path) -> None:
    case = read_case(shared / "cases", "grades-as-severity", adverse_events=GRADED)
    assert case.findings == []
    assert by_hand(case) == (1, 2)
    assert severe(case) == ("Event of grade 3 or higher", 1.0, 2.0)


def test_grades_in_aetoxgr_count_where_aesev_is_not_delivered(shared: Path) -> None:
    graded = read_case(shared / "cases", "grades-as-severity", adverse_events=GRADED)
    ae = graded.datasets["ae"].rename(columns={"AESEV": "AETOXGR"})
    case = CaseStudy(graded.study, {**graded.datasets, "ae": ae})
    assert (case.faults, case.findings) == ([], [])
    assert severe(case) == ("Event of grade 3 or higher", 1.0, 2.0)
    spelled = case.with_columns("ae", AETOXGR="Grade " + ae["AETOXGR"])
    assert severe(spelled)[1:] == (1.0, 2.0)


def test_a_study_that_lists_no_severities_takes_grades_from_the_data(shared: Path) -> None:
    case = read_case(shared / "cases", "grades-as-severity")
    unlisted = case.study.adverse_events.model_validate({"related": ["RELATED"]})
    study = case.study.model_copy(update={"adverse_events": unlisted})
    assert with_severities(study, case.datasets["ae"]).adverse_events.severities == ["1", "2", "3", "4", "5"]
    assert with_severities(case.study, case.datasets["ae"]) == case.study


def test_grades_beside_listed_words_are_said_and_count_from_3_on(shared: Path) -> None:
    case = read_case(shared / "cases", "grades-as-severity")
    assert len(case.findings) == 1
    assert case.findings[0].startswith("Severity that adverse_events.severities does not list")
    assert case.findings[0].endswith("a grade from 3 on counts as severe.")
    assert severe(case) == ("Severe event", 1.0, 2.0)


def test_without_any_severity_no_row_counts_severe_events(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    case = CaseStudy(base.study, {**base.datasets, "ae": base.datasets["ae"].drop(columns="AESEV")})
    assert (case.faults, case.findings) == ([], ["Severity was not collected (AESEV, AETOXGR)."])
    results = compute(events.overview, Frames(dict(case.datasets), case.study, case.cutoff), case.study)
    severe = results[results["variable"].eq("SEVERE")]
    assert set(severe["reason"]) == {"not collected"}
    assert severe["value"].isna().all()
