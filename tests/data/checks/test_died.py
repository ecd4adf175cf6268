"""Deaths that other records contradict, arms that differ, ends of events and rare frequencies are told."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from case_study import CaseStudy, read_case
from cutbook.data.checks.events.ends import end_issues
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES
from data.checks.test_implausible import changed, told

DM, SECOND = {"USUBJID": "ZZ1-003"}, {"USUBJID": "ZZ1-002"}
UNDATED = "Recorded as dead (DTHFL), without a date of death in DM, DS or AE"
UNFLAGGED = "A date of death (DTHDTC) beside a flag (DTHFL) that does not say so"
EARLY = "Death before the first dose"
ENDED = "End of the study, other than by death, after the death (DTHDTC of DM)"
OVER = "Event that is over by its outcome (AEOUT), without an end (AEENDTC)"
LASTING = "Event that is not over by its outcome (AEOUT), with an end (AEENDTC)"
AFTER = "Dated after the death (DTHDTC of DM)"
OTHER_ARM = "Treated in another arm (ACTARMCD) than the one assigned (ARMCD)"


@cache
def base(shared: Path) -> CaseStudy:
    """Return the sound case."""
    return read_case(shared / "cases", "base")


def test_a_death_without_a_date_is_told_unless_another_source_dates_it(shared: Path) -> None:
    case = base(shared)
    flagged = changed(case, "dm", DM, {"DTHFL": "Y"})
    assert ("dm", "DTHFL", UNDATED, 1, ON_FIRST_LINES) in told(case, flagged)
    dated = changed(flagged, "ae", DM, {"AEOUT": "FATAL"})
    assert UNDATED not in {kind for _, _, kind, _, _ in told(case, dated)}


@pytest.mark.parametrize("flag", [None, "N"])
def test_a_date_of_death_without_its_flag_is_told(shared: Path, flag: str | None) -> None:
    case = base(shared)
    dead = changed(case, "dm", DM, {"DTHDTC": "2021-05-20", "DTHFL": flag})
    assert ("dm", "DTHFL", UNFLAGGED, 1, ON_FIRST_LINES) in told(case, dead)
    impossible = changed(case, "dm", DM, {"DTHDTC": "2021-02-30", "DTHFL": flag})
    assert UNFLAGGED not in {kind for _, _, kind, _, _ in told(case, impossible)}
    sound = told(case, changed(case, "dm", DM, {"DTHDTC": "2021-05-20", "DTHFL": "Y"}))
    assert UNFLAGGED not in {kind for _, _, kind, _, _ in sound}


@pytest.mark.parametrize(
    ("died", "kinds"),
    [
        ("2021-03-09", {EARLY, ENDED}), ("2021-03-10", {ENDED}), ("2021-05-08", {ENDED}), ("2021-05-09", set()),
        ("2021-05", set()), ("2021-02", {EARLY, ENDED}),
    ],
)  # fmt: skip
def test_a_death_is_judged_against_first_dose_and_end_of_the_study(shared: Path, died: str, kinds: set[str]) -> None:
    case = base(shared)
    found = told(case, changed(case, "dm", DM, {"DTHDTC": died, "DTHFL": "Y"}))
    assert {kind for _, _, kind, _, _ in found} & {EARLY, ENDED} == kinds
    assert all(weight == ON_FIRST_LINES for _, _, kind, _, weight in found if kind in kinds)


def test_doses_and_events_after_the_death_stand_on_the_first_lines_and_results_in_the_list(shared: Path) -> None:
    case = base(shared)
    found = told(case, changed(case, "dm", DM, {"DTHDTC": "2021-03-20", "DTHFL": "Y"}))
    weights = {dataset: weight for dataset, _, kind, _, weight in found if kind == AFTER}
    assert weights == {
        "ex": ON_FIRST_LINES, "ae": ON_FIRST_LINES, "lb": IN_LIST, "vs": IN_LIST, "eg": IN_LIST,
    }  # fmt: skip


def test_an_actual_arm_other_than_the_planned_one_is_told_of_the_treated(shared: Path) -> None:
    case = base(shared)
    found = told(case, changed(case, "dm", SECOND, {"ACTARMCD": "B30"}))
    assert ("dm", "ACTARMCD", OTHER_ARM, 1, ON_FIRST_LINES) in found
    ex = case.datasets["ex"]
    untreated = CaseStudy(case.study, {**case.datasets, "ex": ex[ex["USUBJID"].ne("ZZ1-002")].reset_index(drop=True)})
    assert OTHER_ARM not in {
        kind for _, _, kind, _, _ in told(case, changed(untreated, "dm", SECOND, {"ACTARMCD": "B30"}))
    }


def test_a_fatal_event_of_somebody_whom_dm_does_not_tell_dead_stands_on_the_first_lines(shared: Path) -> None:
    case = base(shared)
    weights = [weight for *_, kind, _, weight in told(case, changed(case, "ae", SECOND, {"AEOUT": "FATAL"}))
               if kind.startswith("Fatal event, but no death in DM")]  # fmt: skip
    assert weights == [ON_FIRST_LINES]


def test_a_frequency_of_fewer_than_one_record_in_twenty_is_told(shared: Path) -> None:
    case = base(shared)
    found = told(case, changed(case, "ex", SECOND, {"EXDOSFRQ": "QD"}))
    kind = "Frequency that fewer than one record in twenty has, QD"
    assert ("ex", "EXDOSFRQ", kind, 1, ON_FIRST_LINES) in found
    ex = case.datasets["ex"]
    three = case.with_columns("ex", EXDOSFRQ=ex["EXDOSFRQ"].mask(ex.index < 3, "QD"))
    assert not any("one record in twenty" in kind for _, _, kind, _, _ in told(case, three))


@pytest.mark.parametrize(
    ("outcome", "end", "kinds"),
    [
        ("RECOVERED/RESOLVED", None, [OVER]),
        ("RECOVERED/RESOLVED", "2021-03-04", []),
        ("NOT RECOVERED/NOT RESOLVED", "2021-03-04", [LASTING]),
        ("RECOVERING/RESOLVING", None, []),
        ("UNKNOWN", None, []),
        (None, "2021-03-04", []),
    ],
)  # fmt: skip
def test_an_outcome_and_an_end_that_disagree_are_listed(outcome: str | None, end: str | None, kinds: list[str]) -> None:
    ae = pd.DataFrame({"USUBJID": ["P1", "P2"], "AESEQ": [1.0, 1.0], "AEOUT": [outcome, "RECOVERED/RESOLVED"]})
    told_ = list(end_issues(ae.assign(AEENDTC=[end, "2021-03-05"])))
    assert [(one.kind, one.records, one.weight) for one in told_] == [(kind, 1, IN_LIST) for kind in kinds]
    assert list(end_issues(ae.assign(AEENDTC=pd.Series([None, None], dtype="str")))) == []


def test_results_of_several_specimens_are_told_and_parts_of_blood_are_one(shared: Path) -> None:
    case = base(shared)
    lb = case.datasets["lb"]
    serum = case.with_columns("lb", LBSPEC=pd.Series("SERUM", index=lb.index, dtype="str"))
    alt = {"LBTESTCD": "ALT"}
    found = told(serum, changed(serum, "lb", alt, {"LBSPEC": "URINE"}))
    number = int(lb["LBTESTCD"].eq("ALT").sum())
    assert ("lb", "LBSPEC", "ALT in several specimens, URINE and SERUM", number, ON_FIRST_LINES) in found
    assert told(serum, changed(serum, "lb", alt, {"LBSPEC": "Plasma"})) == []
    assert told(serum, changed(serum, "lb", alt, {"LBSPEC": None})) == []


def test_an_endpoint_in_several_specimens_is_told_to_be_of_both(shared: Path) -> None:
    endpoint = {"paramcd": "ALT", "label": "ALT", "dataset": "lb", "where": {"LBTESTCD": ["ALT"]}, "schedule": "labs"}
    schedules = read_case(shared / "cases", "base").study.schedules
    case = read_case(shared / "cases", "base", endpoints=[endpoint | {"schedule": next(iter(schedules))}])
    lb = case.datasets["lb"]
    serum = case.with_columns("lb", LBSPEC=pd.Series("SERUM", index=lb.index, dtype="str"))
    findings = changed(serum, "lb", {"LBTESTCD": "ALT"}, {"LBSPEC": "URINE"}).findings
    assert any("taken together, unless endpoints.ALT.where of the study file" in one for one in findings)


def test_values_of_a_family_that_shows_every_test_are_judged_too(shared: Path) -> None:
    tree = read_case(shared / "cases", "base").study
    families = [one.model_copy(update={"parameters": [], "where": {}}) for one in tree.findings]
    case = base(shared)
    every = CaseStudy(tree.model_copy(update={"findings": families}), case.datasets, case.cutoff)
    far = changed(every, "vs", {"VSTESTCD": "SYSBP"}, {"VSSTRESN": 1190.0, "VSSTRESC": "1190"})
    assert any(one.startswith("Result five times off the median of its test, SYSBP") for one in far.findings)
