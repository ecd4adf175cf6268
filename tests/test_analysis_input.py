"""Delivered analysis datasets: what they tell in other ways is understood, and what they do not tell is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from case_study import CaseStudy, read_case
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES
from cutbook.parameters.study import Study

BY_RULE = "the nearest to the target day of the visit counts, of equally near ones the later"


@pytest.fixture(scope="module")
def base(shared: Path) -> CaseStudy:
    """Return the sound case as it is derived here, delivered as analysis datasets."""
    derived = read_case(shared / "cases", "base").frames
    adsl = derived.adsl.drop(columns=["KEY", "RANDFL", "HEIGHTBL", "WEIGHTBL", "BMIBL"])
    adlb = derived.adlb.drop(columns=["KEY", "AVISITID"])
    frames = {
        "adsl": adsl,
        "adae": derived.adae.drop(columns=["KEY", "AREL", "FATALFL"]),
        "adlb": adlb.assign(PARAMCD=adlb["PARAMCD"].str.removeprefix("chemistry-")),
    }
    settings = yaml.safe_load((shared / "cases" / "study-of-today.yaml").read_text(encoding="utf-8"))
    settings["sources"] = {"root": "data", "model": "adam", "required": sorted(frames)}
    rules = {name: {"rule": "none"} for name in frames}
    settings["data_cut"] = {"included": {"dataset": "adsl", "date": "TRTSDT"}, "rules": rules}
    settings["characteristics"] = [one for one in settings["characteristics"] if one["variable"] in ("AGE", "SEX")]
    settings["findings"] = [one for one in settings["findings"] if one["dataset"] == "lb"]
    settings["adverse_events"].pop("sensitivity_windows_days")
    return CaseStudy(Study.model_validate(settings), frames)


def shown(case: CaseStudy) -> pd.DataFrame:
    """Return the values that stand for participants at visits."""
    own = case.frames.adlb[case.frames.adlb["ANL01FL"].eq("Y")]
    return own.set_index(["USUBJID", "PARAMCD", "AVISITID"])[["AVAL", "BASE", "CHG"]].sort_index()


def told(case: CaseStudy) -> list[tuple[int, str]]:
    return [(weight, kind) for weight, kind in zip(case.issues["WEIGHT"], case.issues["KIND"], strict=True)]


def test_what_is_sound_is_shown_without_a_word(base: CaseStudy, shared: Path) -> None:
    assert (base.faults, base.findings) == ([], [])
    ours = read_case(shared / "cases", "base")
    pd.testing.assert_frame_equal(shown(base), shown(ours))
    assert base.frames.adsl["RANDFL"].tolist() == ["Y"] * 12
    assert base.frames.adae["AREL"].tolist() == ours.frames.adae["AREL"].tolist()


@pytest.mark.parametrize("spelled", [str.upper, "{}  ".format, lambda label: label.replace(" ", "\N{NO-BREAK SPACE}")])
def test_an_analysis_visit_is_one_whatever_its_capitals_and_blanks(base: CaseStudy, spelled: Any) -> None:
    visits = base.datasets["adlb"]["AVISIT"].map(spelled)
    case = base.with_columns("adlb", AVISIT=visits.astype("str"))
    pd.testing.assert_frame_equal(shown(case), shown(base))


def test_of_several_records_of_a_visit_its_rule_chooses_one_and_the_first_lines_say_so(base: CaseStudy) -> None:
    adlb = base.datasets["adlb"]
    week = adlb[adlb["AVISIT"].eq("Week 1")]
    away = week.assign(AVAL=week["AVAL"] + 100, ADY=week["ADY"] + 1, ADT=week["ADT"] + pd.Timedelta(days=1))
    for frames in ([adlb, away], [away, adlb]):
        case = CaseStudy(base.study, {**base.datasets, "adlb": pd.concat(frames, ignore_index=True)})
        pd.testing.assert_frame_equal(shown(case), shown(base))
        assert told(case) == [
            (ON_FIRST_LINES, "Several records of one participant, parameter and visit (Chemistry)"),
        ]
        assert case.issues["CONSEQUENCE"].tolist() == [BY_RULE]


def test_the_study_file_can_name_the_flag_that_chooses(base: CaseStudy) -> None:
    adlb = base.datasets["adlb"].assign(ANL02FL="Y")
    more = adlb[adlb["AVISIT"].eq("Week 1")].assign(AVAL=999.0, ANL02FL="N")
    frames = {**base.datasets, "adlb": pd.concat([adlb, more], ignore_index=True)}
    settings = base.study.model_dump(by_alias=True)
    settings["findings"][0]["where"] = {"ANL02FL": ["Y"]}
    case = CaseStudy(Study.model_validate(settings), frames)
    assert case.findings == []
    pd.testing.assert_frame_equal(shown(case), shown(base))


def test_without_the_flag_every_record_of_a_visit_may_stand_for_it(base: CaseStudy) -> None:
    adlb = base.datasets["adlb"]
    absent = CaseStudy(base.study, {**base.datasets, "adlb": adlb.drop(columns="ANL01FL")})
    blank = base.with_columns("adlb", ANL01FL=pd.Series(index=adlb.index, dtype="str"))
    for case in (absent, blank):
        assert case.faults == []
        pd.testing.assert_frame_equal(shown(case), shown(base))
    assert told(blank) == [(ON_FIRST_LINES, "No record with ANL01FL Y (Chemistry)")]


def test_baseline_and_change_are_derived_where_they_were_not_delivered(base: CaseStudy) -> None:
    lean = base.datasets["adlb"].drop(columns=["BASE", "CHG", "PARAM", "AVISITN"])
    case = CaseStudy(base.study, {**base.datasets, "adlb": lean})
    pd.testing.assert_frame_equal(shown(case), shown(base), check_dtype=False)


@pytest.mark.parametrize("variable", ["PARAMCD", "AVISIT", "AVAL"])
def test_a_variable_without_which_no_value_is_shown_is_a_fault_of_the_check(base: CaseStudy, variable: str) -> None:
    case = CaseStudy(base.study, {**base.datasets, "adlb": base.datasets["adlb"].drop(columns=variable)})
    assert [fault for fault in case.faults if f"adlb.{variable}" in fault]


@pytest.mark.parametrize(
    ("dataset", "variable", "code"),
    [
        ("adsl", "SAFFL", "y"), ("adsl", "SAFFL", "Yes"), ("adsl", "DTHFL", "1"), ("adae", "TRTEMFL", "y"),
        ("adae", "AESER", "Yes"), ("adae", "AEREL", "POSSIBLE"), ("adae", "AREL", "1"), ("adae", "AEOUT", "DIED"),
        ("adlb", "ANL01FL", "y"),
    ],
)  # fmt: skip
def test_a_code_that_no_list_knows_stands_on_the_first_lines(
    base: CaseStudy, dataset: str, variable: str, code: str
) -> None:
    case = base.with_columns(dataset, **{variable: pd.Series(code, index=base.datasets[dataset].index, dtype="str")})
    found = case.issues[case.issues["VARIABLE"].eq(variable) & case.issues["WEIGHT"].eq(ON_FIRST_LINES)]
    assert found["KIND"].str.startswith(f'Code that no list knows, "{code}"').any()


@pytest.mark.parametrize(("words", "flag"), [("RELATED", "Y"), ("NOT RELATED", "N"), ("Y", "Y"), ("N", "N")])
def test_an_analysis_relation_may_be_a_word_of_the_study_file(base: CaseStudy, words: str, flag: str) -> None:
    case = base.with_columns("adae", AREL=pd.Series(words, index=base.datasets["adae"].index, dtype="str"))
    assert case.findings == []
    assert set(case.frames.adae["AREL"]) == {flag}


def test_an_arm_under_another_label_is_a_fault_that_says_which_it_reads_like(base: CaseStudy) -> None:
    adsl = base.datasets["adsl"]
    (fault,) = base.with_columns("adsl", TRT01A=adsl["TRT01A"].str.replace("Zeta 10", "ZETA 10")).faults
    assert '"ZETA 10 mg" for "Zeta 10 mg" in 4 records, unknown to the study file' in fault
    assert "ZZ1-" not in fault
    failure = adsl.assign(TRT01P="Screen Failure", TRT01A="Screen Failure", SAFFL="N")
    assert CaseStudy(base.study, {**base.datasets, "adsl": failure}).faults == []


def test_randomisation_comes_from_the_flag_of_the_intended_population(base: CaseStudy) -> None:
    adsl = base.datasets["adsl"]
    flag = pd.Series("Y", index=adsl.index, dtype="str").mask(adsl.index < 2, "N")
    assert base.with_columns("adsl", ITTFL=flag).frames.adsl["RANDFL"].tolist() == ["N"] * 2 + ["Y"] * 10


def test_a_visit_that_no_schedule_names_is_listed(base: CaseStudy) -> None:
    visits = base.datasets["adlb"]["AVISIT"].replace("Week 4", "End of Treatment")
    case = base.with_columns("adlb", AVISIT=visits)
    kind = 'Analysis visit that the schedule of Chemistry does not name, "End of Treatment"'
    assert told(case) == [(IN_LIST, kind)]
