"""What the records of one sample say together: its result, its titre, and whether it followed the first dose."""

from __future__ import annotations

import pandas as pd
import pytest

from catalogue.kinetics.kinetic_trial import study
from cutbook.derive.measurements.antibodies import derive_antibodies
from derive.cases import table

COLUMNS = "USUBJID ISTESTCD ISCAT ISSTRESC ISSTRESN ISDTC VISIT ISSEQ"
BEFORE, LATER = "2024-01-01T07:00", "2024-02-01T09:00"


def adsl():
    people = table("USUBJID TRT01A SAFFL KEY", *((who, "10 mg", "Y", f"dm/{who}") for who in ("01", "02")))
    dosed = pd.Timestamp("2024-01-01 08:00")
    return people.assign(TRT01AN=10.0, TRTSDT=dosed.floor("D"), TRTSDTM=dosed)


def samples(*rows, **columns):
    records = table(COLUMNS, *((*row, at) for at, row in enumerate(rows, start=1))).assign(**columns)
    return derive_antibodies({"is": records}, adsl(), study())


def one(tier, result, number=None, *, at=LATER, who="01", code="ADA_BAB"):
    return (who, code, tier, result, number, at, "DAY 29")


@pytest.mark.parametrize(
    ("records", "result", "titre"),
    [
        ([one("SCREENING ASSAY", "NEGATIVE")], "NEGATIVE", None),
        ([one("SCREENING ASSAY", "POSITIVE"), one("TITER", "80", 80.0)], "POSITIVE", 80),
        ([one("SCREENING ASSAY", "POSITIVE"), one("CONFIRMATORY ASSAY", "NEGATIVE")], "NEGATIVE", None),
        ([one("CONFIRMATORY", "POSITIVE"), one("SCREENING", "NEGATIVE")], "POSITIVE", None),
        ([one("SCREENING", "NEGATIVE"), one("SCREENING", "POSITIVE")], "POSITIVE", None),
        ([one("TITRE", "1:160")], "POSITIVE", 160),
        ([one("TITRE", "40", 40.0), one("TITRE", "160", 160.0)], "POSITIVE", 160),
        ([one("TITER", "80", 80.0), one("CONFIRMATORY", "NEGATIVE")], "NEGATIVE", None),
        ([one("TITER", "0", 0.0), one("SCREENING", "NEGATIVE")], "NEGATIVE", None),
        ([one("SCREENING", "positive")], "POSITIVE", None),
        ([one(None, "NOT DETECTED")], "NEGATIVE", None),
        ([one("SCREENING", "QNS")], None, None),
        ([one("SCREENING", None)], None, None),
    ],
)
def test_the_records_of_a_sample_say_one_thing_together(records, result, titre):
    (row,) = samples(*records).to_dict("records")
    assert (row["AVALC"] if pd.notna(row["AVALC"]) else None) == result
    assert (row["TITRE"] if pd.notna(row["TITRE"]) else None) == titre


def test_the_operational_topic_names_the_tier_as_well():
    tiers = {"ISSTOPO": None, "ISTSTOPO": ["SCREEN", "CONFIRM", "QUANTIFY"]}
    records = (one("ADA", "POSITIVE"), one("ADA", "NEGATIVE"), one("ADA", "320", 320.0))
    (row,) = samples(*records, **tiers).to_dict("records")
    assert row["AVALC"] == "NEGATIVE"


def test_samples_are_told_apart_by_time_and_placed_before_or_after_the_first_dose():
    found = samples(
        one("SCREENING", "NEGATIVE", at=BEFORE), one("SCREENING", "POSITIVE"), one("SCREENING", "POSITIVE", at=None)
    )
    assert found[["AVALC", "APOBLFL"]].fillna("").to_numpy().tolist() == [
        ["NEGATIVE", "N"], ["POSITIVE", "Y"], ["POSITIVE", ""],
    ]  # fmt: skip


def test_tests_that_the_study_does_not_name_and_people_who_are_not_in_it_have_no_sample():
    assert samples(one("SCREENING", "POSITIVE", code="HBSAB"), one("SCREENING", "POSITIVE", who="99")).empty


def test_without_the_dataset_there_is_no_sample():
    assert derive_antibodies({}, adsl(), study()).empty
