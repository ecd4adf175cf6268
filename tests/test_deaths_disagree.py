"""Deaths of which the sources tell different dates: all of them are said, and one stated rule decides."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from case_study import CaseStudy, read_case, row_of
from cutbook.data.checks.records import ON_FIRST_LINES

RULE = "the first complete date of DM, DS and AE, in this order, counts, of several in one of them the earliest."


@pytest.fixture(scope="module")
def case(shared: Path) -> CaseStudy:
    return read_case(shared / "cases", "deaths-disagree")


def test_all_dates_of_a_death_are_said_on_the_first_lines(case: CaseStudy) -> None:
    found = case.issues[case.issues["FINDING"].str.startswith("Dates of death")]
    assert "\n".join(found["FINDING"]) == (
        "Dates of death that differ: 4 records of 1 participant (ZZ1-003: DM 2021-04-09, DS 2021-04-13 and 2021-04-19, "
        f"AE 2021-04-15); {RULE}"
    )
    assert found[["DATASET", "VARIABLE", "ROW", "KEY", "WEIGHT"]].to_numpy().tolist() == [
        ["dm", "DTHDTC", 3, "dm/ZZ1-003", ON_FIRST_LINES]
    ]


def test_the_end_of_study_by_death_is_the_death_that_counts(case: CaseStudy) -> None:
    person = row_of(case.frames.adsl, "ZZ1-003")
    assert (person["DTHDT"], person["EOSDT"]) == (pd.Timestamp("2021-04-09"), pd.Timestamp("2021-04-09"))
    assert (person["DTHDY"], person["EOSSTT"], person["DCSREAS"]) == (31.0, "DISCONTINUED", "DEATH")


def test_of_several_dates_in_one_dataset_the_earliest_counts_whatever_the_order_of_rows(case: CaseStudy) -> None:
    silent = case.with_columns("dm", DTHDTC=case.datasets["dm"]["DTHDTC"].mask(case.datasets["dm"]["DTHDTC"].notna()))
    ds = silent.datasets["ds"].iloc[::-1].reset_index(drop=True)
    for datasets in (silent.datasets, {**silent.datasets, "ds": ds}):
        told = CaseStudy(case.study, datasets)
        assert row_of(told.frames.adsl, "ZZ1-003")["DTHDTC"] == "2021-04-13"


def test_a_partial_date_that_allows_the_complete_one_is_no_difference(case: CaseStudy) -> None:
    same = case.with_columns("dm", DTHDTC=case.datasets["dm"]["DTHDTC"].str.replace("2021-04-09", "2021-04"))
    ds = same.datasets["ds"]
    dated = same.with_columns("ds", DSSTDTC=ds["DSSTDTC"].mask(ds["DSDECOD"].eq("DEATH"), "2021-04-15"))
    assert not any(text.startswith("Dates of death") for text in dated.findings)
