"""Grades, levels and liver tests of the CDISC pilot study against those of R's admiral."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.transfer.sources import read_transfer
from cutbook.derive import Frames
from cutbook.derive.grading.grades import derive_grades, worst_grades
from cutbook.parameters.project import Project, manifest_file, read_cut, read_study, transfer_folder

ARMS = {"Placebo": "Pbo", "Xanomeline Low Dose": "Xan_Lo", "Xanomeline High Dose": "Xan_Hi"}


@pytest.fixture(scope="module")
def pilot(project, shared):
    """Return the study and its derived datasets, uncut."""
    assert (shared / "data/cdiscpilot01").is_dir()
    place = Project(project)
    study, cut = read_study(place, "cdiscpilot01"), read_cut(place, "cdiscpilot01", "final")
    transfer = read_transfer(study, transfer_folder(place, study, cut), manifest_file(place, study, cut))
    return study, Frames(transfer.datasets, study, cut.cutoff_date)


@pytest.fixture
def reference(shared):
    """Return what reads a file of the reference numbers."""
    return lambda name: pd.read_csv(shared / f"reference/safety/{name}.csv", dtype="str", keep_default_na=False)


@pytest.mark.parametrize("reading", ["lab_only", "worst_case"])
def test_shifts_of_grades_equal_the_reference(pilot, reference, reading):
    study, frames = pilot
    judging = study.judging.model_copy(update={"calcium": "as_measured", "reading": reading})
    worst = worst_grades(derive_grades(frames.adlb, study.model_copy(update={"judging": judging})))
    words = {"BASE": worst["BASEGR"], "WORST": worst["WORSTGR"]}
    grades = {name: some.map("{:.0f}".format, na_action="ignore").fillna("MISSING") for name, some in words.items()}
    found = worst.assign(TEST=worst["PARAMCD"].str.partition("-")[2], ARM=worst["TRT01A"].map(ARMS), **grades)
    counted = found.groupby(["TEST", "DIRECTION", "ARM", "BASE", "WORST"]).size().to_dict()
    table = reference("pilot_labs/shift")
    asked = table["baseline_rule"].eq("last_before_dose") & table["baseline_method"].eq("normal_range")
    own = table[
        asked & table["reading"].eq(reading) & table["period"].eq("on_study") & table["group"].isin(ARMS.values())
    ]
    expected = dict(
        zip(zip(*(own[name] for name in ("LBTESTCD", "direction", "group", "baseline", "worst")), strict=True),
            own["n"].astype("int64"), strict=True)
    )  # fmt: skip
    assert len(expected) > 150
    tests = {place[0] for place in expected}
    assert {place: number for place, number in counted.items() if place[0] in tests} == expected


def test_results_whose_grade_depends_on_the_unit_are_those_of_the_reference(pilot, reference):
    study, frames = pilot
    judging = study.judging.model_copy(update={"calcium": "as_measured"})
    graded = derive_grades(frames.adlb, study.model_copy(update={"judging": judging}))
    differ = graded[graded["OTHER"].notna() & graded["OTHER"].ne(graded["GRADE"])]
    counted = differ.groupby(["TESTCD", "OTHERVAL"]).size()
    table = reference("pilot_labs/grades_si_against_us")
    expected = {(row["LBTESTCD"], float(row["us"])): int(row["records"]) for row in table.to_dict("records")}
    assert {place: counted[place] for place in expected} == expected


def test_levels_equal_the_reference(pilot, reference):
    _, frames = pilot
    known = frames.levels[frames.levels["SAFFL"].eq("Y") & frames.levels["LEVEL"].notna()]
    worst = known.sort_values("LEVEL").drop_duplicates(["USUBJID", "TERM", "DIRECTION"], keep="last")
    worst = worst.assign(ARM=worst["TRT01A"].map(ARMS))
    table = reference("pilot_labs/fda_levels")
    own = table[table["period"].eq("on_study") & table["condition"].ne("fasting") & table["group"].isin(ARMS.values())]
    sexes = {"male": ", men", "female": ", women"}
    assert len(own) > 140
    for row in own.to_dict("records"):
        term = row["parameter"] + sexes.get(row["condition"], "")
        some = worst[worst["TERM"].eq(term) & worst["DIRECTION"].eq(row["direction"]) & worst["ARM"].eq(row["group"])]
        assert (some["LEVEL"].ge(int(row["level"])).sum(), len(some)) == (int(row["n"]), int(row["Ns"])), row


def test_quadrants_and_cases_equal_the_reference(pilot, reference):
    _, frames = pilot
    table = reference("pilot_hepatic/hepatocellular_by_participant").set_index("USUBJID")
    found = frames.liver.set_index("USUBJID").reindex(table.index)
    assert found["QUADRANT"].fillna("NA").tolist() == table["quadrant"].tolist()
    for flag, name in (("CASEFL", "case_any_later"), ("CASEWFL", "within_30")):
        assert found[flag].eq("Y").tolist() == table[name].eq("TRUE").tolist()
    for ours, theirs in (("MAXTR", "max_alt_ast"), ("MAXBILI", "max_bili")):
        numbers = pd.to_numeric(table[theirs], errors="coerce")
        assert found[ours].round(12).equals(numbers.round(12).rename(ours))
