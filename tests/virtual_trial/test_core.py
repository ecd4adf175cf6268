"""Rules of CDISC CORE that the trial is held to, one check a rule; docs/virtual-trial.md lists every rule reported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")
LATE_DEATH = ("233AS101-108001", 3.0)
"""The placebo death, reported after it on purpose."""

Read = Callable[[str, str], pd.DataFrame]
Final = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="module")
def layouts(transfers: Path, read: Read) -> dict[str, list[str]]:
    """Return the variables of every dataset of the final transfer."""
    names = sorted({path.stem for path in (transfers / "DBL").rglob("*.xpt")})
    return {name: list(read("DBL", name)) for name in names}


@pytest.fixture(scope="module")
def ended(final: Final) -> pd.Series:
    """Return the end of participation by participant."""
    return final("dm").set_index("USUBJID")["RFPENDTC"]


@pytest.mark.parametrize("dataset", ["ae", "mh"])
def test_core_000264_the_primary_organ_class_is_that_of_the_analysis(final: Final, dataset: str) -> None:
    frame, prefix = final(dataset), dataset.upper()
    assert (frame[f"{prefix}SOC"] != "").all()
    assert frame[f"{prefix}SOC"].equals(frame[f"{prefix}BODSYS"].rename(f"{prefix}SOC"))


def test_core_000321_and_000793_every_collection_date_has_a_study_day(layouts: dict[str, list[str]]) -> None:
    without = {
        name: variable
        for name, names in layouts.items()
        for variable in names
        if variable == f"{name.upper()}DTC" and f"{name.upper()}DY" not in names
    }
    assert without == {}


def test_core_000328_every_start_date_has_a_study_day(layouts: dict[str, list[str]]) -> None:
    starts = {name: names for name, names in layouts.items() if f"{name.upper()}STDTC" in names}
    assert len(starts) == 10
    assert [name for name, names in starts.items() if f"{name.upper()}STDY" not in names] == []


@pytest.mark.parametrize(
    ("dataset", "date", "day"),
    [
        ("ae", "AEDTC", "AEDY"),
        ("ds", "DSDTC", "DSDY"),
        ("gf", "GFDTC", "GFDY"),
        ("mh", "MHDTC", "MHDY"),
        ("mh", "MHSTDTC", "MHSTDY"),
    ],
)
def test_a_study_day_counts_from_the_first_dose_without_a_day_0(
    final: Final, dataset: str, date: str, day: str
) -> None:
    first = final("dm").set_index("USUBJID")["RFXSTDTC"].str[:10]
    frame = final(dataset)
    frame = frame.assign(FIRST_=frame["USUBJID"].map(first))
    whole = frame[(frame[date].str.len() >= 10) & (frame["FIRST_"] != "")]
    since = (pd.to_datetime(whole[date].str[:10]) - pd.to_datetime(whole["FIRST_"])).dt.days
    assert len(whole) > 5
    assert whole[day].tolist() == since.where(since < 0, since + 1).tolist()
    assert frame.drop(whole.index)[day].isna().all()


def test_core_000720_nothing_but_a_late_death_is_collected_after_participation(
    layouts: dict[str, list[str]], final: Final, ended: pd.Series
) -> None:
    after = set()
    for name, names in layouts.items():
        date, number = f"{name.upper()}DTC", f"{name.upper()}SEQ"
        if date in names and name != "dm":
            frame = final(name)
            is_after = frame[date].str[:10] > frame["USUBJID"].map(ended)
            after |= set(zip(frame.loc[is_after, "USUBJID"], frame.loc[is_after, number], strict=True))
    assert after == {LATE_DEATH}


def test_a_screen_failure_takes_part_until_the_failure(final: Final, ended: pd.Series) -> None:
    failed = final("ds").query("DSDECOD == 'SCREEN FAILURE'").set_index("USUBJID")
    assert len(failed) == 14
    assert failed["DSDTC"].equals(ended[failed.index].rename("DSDTC"))
    screening = final("se").set_index("USUBJID").loc[failed.index]
    assert screening["SEENDTC"].tolist() == failed["DSDTC"].tolist()


def test_core_000767_a_finding_about_an_event_has_the_term_of_an_event_of_that_day(final: Final) -> None:
    ae = final("ae").assign(DAY=lambda ae: ae["AESTDTC"].str[:10])
    events = set(zip(ae["USUBJID"], ae["DAY"], ae["AEDECOD"], strict=True))
    fa = final("fa")
    assert len(fa) == 78
    assert set(zip(fa["USUBJID"], fa["FADTC"], fa["FAOBJ"], strict=True)) <= events


def test_core_000187_and_000206_the_comment_names_its_sample_and_no_date(
    final: Final, layouts: dict[str, list[str]]
) -> None:
    comment = final("co").iloc[0]
    sample = final("lb").query("LBSPCCND == 'HEMOLYZED'")
    assert (comment["RDOMAIN"], comment["IDVAR"], comment["IDVARVAL"]) == ("LB", "LBREFID", "401004-C8-1")
    assert set(sample["LBREFID"]) == {comment["IDVARVAL"]}
    assert "CODTC" not in layouts["co"]


def test_core_000014_to_000016_every_attempted_dose_was_planned_and_says_whether_it_was_given(final: Final) -> None:
    ec = final("ec")
    assert set(ec["ECPRESP"]) == {"Y"}
    assert ec["ECOCCUR"].value_counts().to_dict() == {"Y": 247, "N": 2}


def test_core_000030_why_a_dose_was_not_given_is_the_reason_of_its_occurrence(
    final: Final, layouts: dict[str, list[str]]
) -> None:
    ec = final("ec")
    assert "ECREASND" not in layouts["ec"]
    assert ec.loc[ec["ECOCCUR"] == "N", "ECREASOC"].tolist() == ["LUMBAR PUNCTURE FAILED"] * 2
    assert set(ec.loc[ec["ECOCCUR"] == "Y", "ECREASOC"]) == {""}


def test_core_000026_a_planned_time_point_has_one_number(final: Final) -> None:
    found = final("ex")[["EXTPT", "EXTPTNUM"]].drop_duplicates().sort_values("EXTPTNUM")
    assert found.to_numpy().tolist() == [[f"DOSE {number}", float(number)] for number in range(1, 6)]


def test_core_000291_and_000292_the_volume_stands_where_the_dose_was_collected(
    final: Final, layouts: dict[str, list[str]]
) -> None:
    assert not {"EXVAMT", "EXVAMTU"} & set(layouts["ex"])
    given = final("ec").query("ECOCCUR == 'Y'")
    assert set(zip(given["ECVAMT"], given["ECVAMTU"], strict=True)) == {(15.0, "mL")}


@pytest.mark.parametrize("dataset", ["fa", "gf", "sc"])
def test_core_000701_every_clinical_observation_has_an_epoch(final: Final, dataset: str) -> None:
    assert set(final(dataset)["EPOCH"]) <= {"SCREENING", "TREATMENT", "FOLLOW-UP"}


def test_every_finding_and_event_has_an_epoch(layouts: dict[str, list[str]], final: Final) -> None:
    dated = [
        name for name, names in layouts.items() if f"{name.upper()}DTC" in names or f"{name.upper()}STDTC" in names
    ]
    expected = [name for name in dated if name not in ("dm", "mh", "dd")]
    assert [name for name in expected if "EPOCH" not in layouts[name] or (final(name)["EPOCH"] == "").any()] == []


@pytest.mark.parametrize("cut", CUTS)
def test_core_000732_a_result_has_a_number_only_where_its_text_is_that_number(
    layouts: dict[str, list[str]], read: Read, cut: str
) -> None:
    for name, names in layouts.items():
        text, number = f"{name.upper()}STRESC", f"{name.upper()}STRESN"
        if number in names:
            frame = read(cut, name)
            has_number = frame[frame[number].notna()]
            assert (pd.to_numeric(has_number[text]) == has_number[number]).all(), name


def test_a_titre_is_collected_as_a_dilution_and_stands_as_its_reciprocal(final: Final) -> None:
    titres = final("is").query("ISCAT == 'TITER'")
    assert len(titres) == 19
    assert ("1:" + titres["ISSTRESC"]).tolist() == titres["ISORRES"].tolist()
    assert titres["ISSTRESN"].isin([20, 40, 80, 160]).all()


def test_a_rating_of_suicidality_is_yes_or_no_without_a_number(final: Final) -> None:
    rated = final("qs").query("QSCAT.str.startswith('C-SSRS')")
    assert rated["QSSTRESC"].value_counts().to_dict() == {"N": 974 - 1, "Y": 1}
    assert rated["QSSTRESN"].isna().all()


def test_core_000031_questionnaires_have_no_evaluator(layouts: dict[str, list[str]]) -> None:
    assert not {"QSEVAL", "FTEVAL"} & {name for names in layouts.values() for name in names}


def test_core_000165_a_reference_time_of_a_parameter_has_its_name(final: Final) -> None:
    pp, ex = final("pp"), final("ex")
    doses = set(zip(ex["USUBJID"], ex["EXTPT"], ex["EXSTDTC"], strict=True))
    assert len(pp) == 334
    assert set(zip(pp["USUBJID"], pp["PPTPTREF"], pp["PPRFTDTC"], strict=True)) <= doses


def test_core_000211_no_population_flag_is_a_qualifier(final: Final) -> None:
    assert set(final("suppdm")["QNAM"]) == {"COHORT", "MUTCLASS", "RILUZOLE", "PRSUBJID"}


def test_core_000097_a_visit_is_of_the_epoch_in_which_it_starts(final: Final) -> None:
    joined = final("sv").merge(final("se"), on="USUBJID", suffixes=("", "_SE"))
    starts, begins, ends = (
        pd.to_datetime(joined[name], format="ISO8601") for name in ("SVSTDTC", "SESTDTC", "SEENDTC")
    )
    within = joined[(begins <= starts) & (starts <= ends)]
    assert len(within) == 847
    assert within["EPOCH"].equals(within["EPOCH_SE"].rename("EPOCH"))


def test_core_000352_an_element_begins_when_the_last_one_ends(final: Final) -> None:
    for _, elements in final("se").groupby("USUBJID"):
        assert elements["SESTDTC"].tolist()[1:] == elements["SEENDTC"].tolist()[:-1]


def test_treatment_begins_with_the_first_dose_and_what_was_measured_before_is_of_screening(final: Final) -> None:
    first = final("dm").query("RFXSTDTC != ''").set_index("USUBJID")["RFXSTDTC"]
    begun = final("se").query("ETCD == 'TREAT'").set_index("USUBJID")["SESTDTC"]
    assert begun.equals(first[begun.index].rename("SESTDTC"))
    vs = final("vs").query("VISITNUM == 3")
    is_before = vs["VSDTC"] < vs["USUBJID"].map(first)
    assert vs["EPOCH"].tolist() == is_before.map({True: "SCREENING", False: "TREATMENT"}).tolist()
    assert set(is_before) == {True, False}


def test_core_000743_a_criterion_has_one_code(read: Read) -> None:
    ti = read("DBL", "ti")
    pairs = ti[["IETESTCD", "IETEST"]].drop_duplicates()
    assert pairs["IETESTCD"].is_unique
    assert pairs["IETEST"].is_unique
    assert ti["TIVERS"].value_counts().to_dict() == {"1": 6, "2": 6}
    assert ti.loc[ti["IETESTCD"].str.startswith("INCL02"), "TIVERS"].tolist() == ["1", "2"]


def test_core_000741_an_interventional_study_says_type_and_model_and_class(read: Read) -> None:
    stated = read("DBL", "ts").set_index("TSPARMCD")["TSVAL"]
    named = ["STYPE", "INTTYPE", "INTMODEL", "PCLAS"]
    assert stated[named].tolist() == ["INTERVENTIONAL", "DRUG", "SEQUENTIAL", "ANTISENSE OLIGONUCLEOTIDE"]


def test_core_000289_only_the_planted_result_below_its_limit_is_a_text_with_a_range(final: Final) -> None:
    lb = final("lb")
    is_text = pd.to_numeric(lb["LBORRES"], errors="coerce").isna() & (lb["LBORRES"] != "")
    assert lb.loc[is_text & (lb["LBORNRHI"] != ""), "LBORRES"].tolist() == ["<4"]


def test_the_documentation_has_a_verdict_on_every_rule_that_core_reported(project: Path, shared: Path) -> None:
    report = json.loads((shared / "reference/core/tofersen_dbl.json").read_text("utf-8"))
    lines = (project / "docs/virtual-trial.md").read_text("utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| CORE-")]
    verdicts = {rule: row[3] for row in rows for rule in re.findall(r"CORE-\d{6}", row[0])}
    assert set(verdicts) == {issue["core_id"] for issue in report["Issue_Summary"]}
    assert {verdict.partition(",")[0] for verdict in verdicts.values()} == {
        "mended",
        "planted on purpose",
        "not applicable",
    }
