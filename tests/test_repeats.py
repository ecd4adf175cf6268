"""The same thing recorded twice: doses and events are counted and said, replicates averaged, positions kept apart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from case_study import CaseStudy, read_case, row_of
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES

ECG = {"id": "ecg", "label": "Electrocardiogram", "dataset": "eg", "schedule": "clinic", "parameters": ["HR"]}
VITALS = {"id": "vitals", "label": "Vital signs", "dataset": "vs", "schedule": "clinic", "parameters": ["SYSBP"]}


@pytest.fixture(scope="module")
def repeated(shared: Path) -> CaseStudy:
    return read_case(shared / "cases", "replicates-and-positions")


def values(frame: pd.DataFrame, parameter: str, participant: str = "ZZ1-001") -> list[float]:
    """Return the values that represent a participant at the analysis visits, in the order of visits."""
    own = frame[frame["PARAMCD"].eq(parameter) & frame["USUBJID"].eq(participant) & frame["ANL01FL"].eq("Y")]
    return own.sort_values("AVISITN")["AVAL"].tolist()


def means_by_hand(eg: pd.DataFrame) -> list[float]:
    own = eg[eg["USUBJID"].eq("ZZ1-001")]
    return own.groupby("VISITNUM")["EGSTRESN"].mean().tolist()


def test_doses_and_events_entered_twice_are_counted_and_said_on_the_first_lines(shared: Path) -> None:
    case = read_case(shared / "cases", "duplicate-ex")
    assert "\n".join(case.findings) == (
        "Repeats another record in everything but EXSEQ: 4 records of 1 participant (ex/ZZ1-002/21, ex/ZZ1-002/22, "
        "ex/ZZ1-002/23 and 1 more); all of them are counted.\n"
        "Repeats another record in everything but AESEQ: 3 records of 2 participants (ae/ZZ1-002/21, ae/ZZ1-003/21 and "
        "ae/ZZ1-003/22); all of them are counted."
    )
    assert case.issues["WEIGHT"].tolist() == [ON_FIRST_LINES] * 2
    assert row_of(case.frames.adsl, "ZZ1-002")["DOSEN"] == 8.0
    assert len(case.frames.adae) == 21


def test_replicates_stand_by_their_mean(repeated: CaseStudy) -> None:
    eg = repeated.datasets["eg"]
    assert eg.groupby(["USUBJID", "VISITNUM"]).size().eq(3).all()
    assert values(repeated.frames.adeg, "ecg-HR") == pytest.approx(means_by_hand(eg))
    assert len(repeated.frames.adeg) == len(eg)
    assert not any("differ" in text for text in repeated.findings)


@pytest.mark.parametrize(("rule", "number"), [("first", 1), ("last", 3), ("mean", None)])
def test_the_study_file_says_which_replicate_counts(shared: Path, rule: str, number: int | None) -> None:
    case = read_case(shared / "cases", "replicates-and-positions", findings=[ECG | {"replicates": rule}])
    eg = case.datasets["eg"]
    own = eg[eg["USUBJID"].eq("ZZ1-001") & eg["EGREPNUM"].eq(number)].sort_values("VISITNUM")
    expected = own["EGSTRESN"].tolist() if number else means_by_hand(eg)
    assert values(case.frames.adeg, "ecg-HR") == pytest.approx(expected)


def test_positions_are_kept_apart_and_said(repeated: CaseStudy) -> None:
    advs, vs = repeated.frames.advs, repeated.datasets["vs"]
    names = advs.drop_duplicates("PARAMCD")[["PARAMCD", "PARAM"]].to_numpy().tolist()
    assert names == [
        ["vitals-SYSBP-SUPINE", "Vital signs: Systolic Blood Pressure, supine"],
        ["vitals-SYSBP-STANDING", "Vital signs: Systolic Blood Pressure, standing"],
    ]
    own = vs[vs["USUBJID"].eq("ZZ1-001") & vs["VSPOS"].eq("SUPINE")].sort_values("VISITNUM")
    assert values(advs, "vitals-SYSBP-SUPINE") == own["VSSTRESN"].tolist()
    found = repeated.issues[repeated.issues["DATASET"].eq("vs")]
    assert found["FINDING"].tolist()[0].startswith("SYSBP in several positions, SUPINE and STANDING: 60 records")
    assert found["WEIGHT"].tolist() == [IN_LIST]


def test_the_study_file_chooses_a_position(shared: Path) -> None:
    chosen = [VITALS | {"where": {"VSPOS": "SUPINE"}}]
    case = read_case(shared / "cases", "replicates-and-positions", findings=chosen)
    assert case.findings == []
    assert case.frames.advs["PARAMCD"].unique().tolist() == ["vitals-SYSBP"]


def test_results_of_one_moment_that_differ_without_a_rule_are_said(repeated: CaseStudy) -> None:
    eg = repeated.datasets["eg"]
    case = CaseStudy(repeated.study, {**repeated.datasets, "eg": eg.drop(columns="EGREPNUM")})
    found = [text for text in case.findings if "differ" in text]
    odd = eg.groupby(["USUBJID", "VISITNUM"])["EGSTRESN"].transform("nunique").gt(1).sum()
    assert len(found) == 1
    assert found[0].startswith(f"Results of one moment that differ (Electrocardiogram): {odd} records of ")
    assert found[0].endswith(
        "the last by its number counts, unless findings.ecg.replicates of the study file says which."
    )
    ruled = [ECG | {"replicates": "mean"}]
    study = repeated.study.model_validate(repeated.study.model_dump(by_alias=True) | {"findings": ruled})
    mean = CaseStudy(study, case.datasets)
    assert not any("differ" in text for text in mean.findings)
    assert values(mean.frames.adeg, "ecg-HR") == pytest.approx(means_by_hand(eg))


def test_an_ecg_that_did_not_come_is_said_and_shows_nothing(shared: Path) -> None:
    case = read_case(shared / "cases", "no-ecg")
    assert case.findings == ["Not provided."]
    assert case.frames.adeg.empty


@pytest.mark.parametrize(
    "other",
    [
        {"AESEV": "SEVERE"},
        {"AESER": "Y"},
        {"AEENDTC": "2021-03-25"},
        {"AESPID": "E9", "AESEV": "SEVERE"},
        {"AETERM": "NAUSEA ", "AESEV": "SEVERE"},
        {"AESTDTC": "2021-03-18", "AESEV": "SEVERE"},
    ],
)
def test_records_of_one_event_that_differ_are_counted_and_said(shared: Path, other: dict[str, str]) -> None:
    base = read_case(shared / "cases", "base")
    ae = base.datasets["ae"]
    again = pd.concat([ae, ae.iloc[[1]].assign(AESEQ=21.0, **other)], ignore_index=True)
    case = CaseStudy(base.study, {**base.datasets, "ae": again})
    assert "\n".join(case.findings) == (
        "Several records of one event that differ: 2 records of 1 participant (ae/ZZ1-001/2 and ae/ZZ1-001/21); each "
        "of them is counted as an event."
    )
    assert case.issues["WEIGHT"].tolist() == [ON_FIRST_LINES]
    assert len(case.frames.adae) == 19


def test_another_event_of_the_same_term_is_one_of_its_own(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    ae = base.datasets["ae"]
    other = ae.iloc[[1]].assign(AESEQ=21.0, AESPID="E9", AESTDTC="2021-04-18", AEENDTC="2021-04-19")
    case = CaseStudy(base.study, {**base.datasets, "ae": pd.concat([ae, other], ignore_index=True)})
    assert (case.findings, len(case.frames.adae)) == ([], 19)
