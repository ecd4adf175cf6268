"""Baseline characteristics of the study file."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.derive.participants.adsl import derive_adsl
from cutbook.derive.participants.characteristics import with_characteristics
from cutbook.parameters.study import Characteristic
from derive.cases import numbers, small_study, table, texts

EX = table("USUBJID EXSEQ EXTRT EXDOSE EXSTDTC", ("01", 1.0, "DRUG", 20.0, "2024-03-05"))
VS = table(
    "USUBJID VSSEQ VSTESTCD VSSTRESN VSSTRESC VSDTC VISITNUM",
    ("01", 1.0, "WEIGHT", 80.04, "80.04", "2024-02-01", 1.0),
    ("01", 2.0, "WEIGHT", 81.25, "81.25", "2024-03-05", 3.0),
    ("01", 3.0, "WEIGHT", 70.0, "70", "2024-04-01", 5.0),
    ("01", 4.0, "HEIGHT", 180.0, "180", "2024-02-01", 1.0),
)
QS = table(
    "USUBJID QSSEQ QSTESTCD QSSTRESN QSDTC VISITNUM",
    ("01", 1.0, "ITEM1", 2.0, "2024-02-01", 1.0),
    ("01", 2.0, "ITEM2", 3.0, "2024-02-01", 1.0),
    ("01", 3.0, "ITEM1", 4.0, "2024-03-01", 2.0),
)
SC = table("USUBJID SCSEQ SCTESTCD SCSTRESC SCSTRESN SCDTC", ("01", 1.0, "ONSETSIT", "BULBAR", None, "2024-02-01"))
DM = table("USUBJID ARMCD AGE SEX BRTHWT", ("01", "LOW", 50.0, "F", 3.5))
SUPPDM = table("USUBJID QNAM QVAL", ("01", "RILUZOLE", "Y"), ("01", "SLOPE", "0.7"), ("02", "RILUZOLE", "N"))
WEIGHT = {"variable": "WEIGHTBL", "label": "Weight", "dataset": "vs", "testcd": ["WEIGHT"]}
HEIGHT = {"variable": "HEIGHTBL", "label": "Height", "dataset": "vs", "testcd": ["HEIGHT"]}


def derived(*characteristics):
    datasets = {"dm": DM, "ex": EX, "vs": VS, "qs": QS, "sc": SC, "suppdm": SUPPDM}
    items = [{"label": "x", **item} for item in characteristics]
    return derive_adsl(datasets, small_study(characteristics=items), "2024-12-31")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (WEIGHT, 81.25),
        ({**WEIGHT, "visitnum": [1]}, 80.04),
        ({**WEIGHT, "visitnum": [5]}, None),
        ({**WEIGHT, "decimals": 1}, 81.25),
        ({**WEIGHT, "decimals": 1, "is_rounded": True}, 81.3),
        ({"variable": "AGE"}, 50.0),
        ({"variable": "BRTHWT"}, 3.5),
        ({"variable": "SLOPE"}, 0.7),
        ({"variable": "SLOPE", "dataset": "suppdm"}, 0.7),
        ({"variable": "SUMBL", "dataset": "qs", "testcd": ["ITEM1", "ITEM2"], "statistic": "sum"}, 7.0),
        ({"variable": "SUMBL", "dataset": "qs", "testcd": ["ITEM1", "ITEM9"], "statistic": "sum"}, None),
    ],
)
def test_a_continuous_characteristic_is_the_last_value_before_treatment(item, expected):
    assert numbers(derived(item)[item["variable"]]) == [expected]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"variable": "SEX", "levels": {"F": "Female"}}, "F"),
        ({"variable": "RILUZOLE", "levels": {"Y": "Yes"}}, "Y"),
        ({"variable": "RILUZOLE"}, "Y"),
        ({"variable": "ONSET", "dataset": "sc", "testcd": ["ONSETSIT"]}, "BULBAR"),
        ({"variable": "HEIGHTBL", "dataset": "vs", "testcd": ["HEIGHT"], "levels": {"180": "tall"}}, "180"),
        ({"variable": "ABSENT"}, None),
    ],
)
def test_a_characteristic_with_levels_or_without_numbers_is_the_collected_text(item, expected):
    assert texts(derived(item)[item["variable"]]) == [expected]


def test_body_mass_index_follows_from_the_weight_and_height_as_shown():
    rounded = {"decimals": 1, "is_rounded": True}
    bmi = {"variable": "BMIBL", "dataset": "vs", "statistic": "bmi"}
    assert numbers(derived(WEIGHT, HEIGHT, bmi)["BMIBL"]) == [81.25 / 1.8**2]
    assert numbers(derived({**WEIGHT, **rounded}, HEIGHT, {**bmi, **rounded})["BMIBL"]) == [25.1]


@pytest.mark.parametrize(
    ("collected", "values"),
    [
        (["WHITE", "1e5", "ASIAN"], ["WHITE", "1e5", "ASIAN"]),
        (["41", "UNK", "43"], [41.0, None, 43.0]),
    ],
)
def test_values_are_words_where_most_of_them_are(collected, values):
    item = Characteristic(variable="ORIGIN", label="Origin")
    dm = pd.DataFrame({"USUBJID": ["1", "2", "3"], "ORIGIN": collected})
    derived = with_characteristics(dm[["USUBJID"]], {"dm": dm}, [item])["ORIGIN"]
    assert [None if value != value else value for value in derived.tolist()] == values
