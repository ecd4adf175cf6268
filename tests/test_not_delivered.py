"""What is absent never counts as "no": every optional dataset and variable in turn, left out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from case_study import CaseStudy, read_case
from cutbook.catalogue import displays_of
from cutbook.catalogue.kinds.absence import Absence
from cutbook.derive import Frames
from cutbook.results.engine import compute_all
from cutbook.results.table import KEY_COLUMNS

pytestmark = pytest.mark.slow

KEYS = list(KEY_COLUMNS)
NO_AE = "Not delivered: adverse events (AE)."
NO_EX = "Not known who was treated: exposure (EX) not delivered."
OF_EVENTS = [
    "T-D4S", "T-D5", "T-D6", "T-D7", "T-D10", "T-D11", "T-D11P", "T-D12", "T-D12M", "F-D14", "D9S", "L-D9-serious",
    "L-D9-discontinuations", "L-R", "T-D8", "T-D9T", "T-D9X",
]  # fmt: skip
OF_LIQUOR = ["T-D22", "T-D22V-{parameter}", "F-D22C-{parameter}"]
OF_VITALS = ["T-D20-{parameter}", "F-D20", "T-D20C", "F-D20B"]
OF_ECG = ["T-D21-{parameter}", "F-D21", "T-D21C", "T-D21CV"]
OF_LABORATORY = [
    "T-D15-{parameter}", "F-D15", "T-D16", "T-D17", "F-D17S", "L-D17U", "T-D18", "T-D19", "F-D19", "F-D19C", "L-D19",
]  # fmt: skip
OF_TREATED = [
    "T-D0", "D0F", "F-D0I", "T-D2", "T-D3", "T-D3M", "T-D3P", "F-D3L", "T-D4", "T-D4S", "T-D5", "T-D6", "T-D7", "T-D10",
    "T-D11", "T-D11P", "T-D12", "T-D12M", "F-D14", "D9", "D9S", "T-D15-{parameter}", "F-D15", "T-D16", "T-D17",
    "F-D17S", "T-D18", "T-D19", "F-D19", "F-D19C", *OF_VITALS, *OF_ECG,
    *OF_LIQUOR, "T-C4", "T-D23", "T-D23P", "T-D23A", "T-D23H", "T-D24", "T-I7", "T-D8", "T-D9T", "T-D9X",
]  # fmt: skip
BY_VISIT = ("D15", "D20", "D21")
NEVER = (
    dict.fromkeys(("T-D23", "T-D23P", "T-D23A"), "Not delivered: medicines (CM).")
    | {"T-D23H": "Not delivered: medical history (MH).", "T-D24": "Not delivered: protocol deviations (DV)."}
    | {"T-C4": "Shown in blinded reports alone."}
    | dict.fromkeys([*OF_LIQUOR, "L-D22"], "Not named in the study file: findings in cerebrospinal fluid.")
)
"""Displays that the sound case has nothing for."""
ND, NC = Absence.NOT_DELIVERED, Absence.NOT_COLLECTED

WITHOUT_DATASET = {
    "ae": (
        {f"D4.{name}": ND for name in ("TEAE", "SEVERE", "RELATED", "SER", "DISCONT", "CHANGE", "FATAL")}
        | {f"D0.{name}": ND for name in ("SER", "SEVERE", "RELATED", "ACTION")},
        dict.fromkeys(OF_EVENTS, NO_AE),
    ),
    "ds": ({"D1.EOSSTT": ND}, {}),
    "eg": ({}, dict.fromkeys(OF_ECG, "Not delivered: electrocardiograms (EG).")),
    "ex": ({"D1.SAFFL": ND, "D1.DOSEN": ND, "B1.SAFFL": ND}, dict.fromkeys(OF_TREATED, NO_EX)),
    "lb": ({}, dict.fromkeys(OF_LABORATORY, "Not delivered: laboratory results (LB).")),
    "suppae": ({}, {}),
    "vs": (
        {f"D2.{name}": ND for name in ("HEIGHTBL", "WEIGHTBL", "BMIBL")},
        dict.fromkeys(OF_VITALS, "Not delivered: vital signs (VS)."),
    ),
}
"""By dataset of the case: rows without numbers, and displays that a sentence stands for beside those of NEVER."""

WITHOUT_VARIABLE = {
    "dm.DTHFL": {},
    "dm.DTHDTC": {},
    "dm.RFICDTC": {},
    "ex.EXENDTC": {},
    "ae.AEREL": dict.fromkeys(("D0.RELATED", "D4.RELATED", "D11.DRUG", "D12.RELATED"), NC),
    "ae.AESER": dict.fromkeys(("D0.SER", "D4.SER", "D4S.SER", "D11.SER", "D12.SER", "D9T.SER"), NC),
    "ae.AESEV": dict.fromkeys(("D0.SEVERE", "D4.SEVERE", "D12.SEVERE"), NC),
    "ae.AEOUT": dict.fromkeys(("D4.FATAL", "D4S.FATAL", "D12.FATAL"), NC),
    "ae.AEACN": dict.fromkeys(("D0.ACTION", "D4.DISCONT", "D4.CHANGE", "D12.DISCONT", "D12.CHANGE", "D9X.DISCONT"), NC),
}
"""By variable of the case: rows without numbers; a death and an end are told by others too."""


@pytest.fixture(scope="module")
def base(shared: Path) -> CaseStudy:
    return read_case(shared / "cases", "base")


def results(case: CaseStudy, datasets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the results of the displays of participants and events."""
    frames = Frames(datasets, case.study, case.cutoff)
    shown = [item for item in displays_of("safety") if item.key[0] not in "AI" and item.key not in BY_VISIT]
    return compute_all(shown, frames, case.study)


@pytest.fixture(scope="module")
def sound(base: CaseStudy) -> pd.DataFrame:
    return results(base, base.cut.datasets)


def untold(table: pd.DataFrame) -> dict[str, str]:
    """Return the reason of every row without numbers, by display and variable."""
    rows = table[table["reason"].isin(list(Absence))]
    assert rows["value"].isna().all()
    return dict(zip(rows["display"] + "." + rows["variable"], rows["reason"], strict=True))


def new_zeros(table: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of value 0 that were not 0 before, but for counts of what is there."""
    known = set(before.loc[before["value"].eq(0), KEYS].itertuples(index=False, name=None))
    zeros = table[table["value"].eq(0)]
    return zeros[[place not in known for place in zeros[KEYS].itertuples(index=False, name=None)]]


@pytest.mark.parametrize("dataset", WITHOUT_DATASET)
def test_a_dataset_that_did_not_come_is_said_and_counts_as_no_zero(dataset, base, sound):
    datasets = {name: frame for name, frame in base.cut.datasets.items() if name != dataset}
    found = results(base, datasets)
    rows, sentences = WITHOUT_DATASET[dataset]
    assert untold(found) == rows
    assert new_zeros(found, sound).empty
    frames = Frames(datasets, base.study, base.cutoff)
    said = {display.id: display.why_nothing(base.study, frames) for display in displays_of("safety")}
    assert {name: why for name, why in said.items() if why} == NEVER | sentences


@pytest.mark.parametrize("variable", WITHOUT_VARIABLE)
def test_a_variable_that_was_not_collected_is_said_and_counts_as_no_zero(variable, base, sound):
    dataset, _, name = variable.partition(".")
    datasets = dict(base.cut.datasets)
    datasets[dataset] = datasets[dataset].drop(columns=name, errors="ignore")
    found = results(base, datasets)
    assert untold(found) == WITHOUT_VARIABLE[variable]
    assert new_zeros(found, sound).empty
