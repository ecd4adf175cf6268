"""A lean transfer of an open study, as an early-phase unit sends it, to be changed one thing at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from cutbook.drafting.decision import Draft
from cutbook.drafting.drafting import make_draft
from cutbook.drafting.evidence import Evidence
from cutbook.drafting.rules.sources import Given
from transfer_files import frame_of_records, write_dataset

PEOPLE = [f"P{number}" for number in range(1, 9)]
"""Eight with a dose: four of cohort 1, 5 mg, four of cohort 2, 10 mg."""

_DAYS = [f"2024-01-{day:02d}" for day in range(1, 9)]


def lean_datasets() -> dict[str, pd.DataFrame]:
    """Return DM, EX and PC of eight participants and one who failed screening."""
    arms = ["C1"] * 4 + ["C2"] * 4
    dm = {
        "STUDYID": ["S1"] * 9, "DOMAIN": ["DM"] * 9, "USUBJID": [*PEOPLE, "P9"],
        "ARMCD": [*arms, "SCRNFAIL"], "ACTARMCD": [*arms, "SCRNFAIL"],
        "ARM": [f"Cohort {code[1]}" for code in arms] + ["Screen Failure"], "ACTARM": [None] * 9,
        "SEX": ["M", "F"] * 4 + ["M"], "AGE": [float(age) for age in range(30, 39)],
        "RFICDTC": ["2023-12-20"] * 9, "RFSTDTC": [*_DAYS, None],
    }  # fmt: skip
    ex = {
        "STUDYID": ["S1"] * 8, "DOMAIN": ["EX"] * 8, "USUBJID": PEOPLE, "EXTRT": ["DRUG7"] * 8,
        "EXDOSE": [5.0] * 4 + [10.0] * 4, "EXSTDTC": _DAYS, "EXENDTC": _DAYS,
    }  # fmt: skip
    samples = [(who, day, hour) for who, day in zip(PEOPLE, _DAYS, strict=True) for hour in (0.0, 1.0, 2.0, 4.0)]
    pc = {
        "STUDYID": ["S1"] * 32, "DOMAIN": ["PC"] * 32, "USUBJID": [who for who, _, _ in samples],
        "PCTESTCD": ["DRUG7"] * 32, "PCTEST": ["DRUG7"] * 32, "PCSPEC": ["PLASMA"] * 32,
        "PCTPTNUM": [hour for _, _, hour in samples], "PCSTRESN": [hour * 2 for _, _, hour in samples],
        "PCDTC": [day for _, day, _ in samples],
    }  # fmt: skip
    return {name: frame_of_records(values) for name, values in {"dm": dm, "ex": ex, "pc": pc}.items()}


def with_events(datasets: dict[str, pd.DataFrame], related: list[str]) -> dict[str, pd.DataFrame]:
    """Return the datasets with one adverse event a value of AEREL."""
    count = len(related)
    ae = {
        "STUDYID": ["S1"] * count, "DOMAIN": ["AE"] * count, "USUBJID": PEOPLE[:count],
        "AESEQ": [1.0] * count, "AETERM": ["Headache"] * count, "AEDECOD": ["Headache"] * count,
        "AEBODSYS": ["Nervous system disorders"] * count, "AESER": ["N"] * count, "AEREL": related,
        "AESEV": ["MILD"] * count, "AEOUT": ["RECOVERED/RESOLVED"] * count, "AESTDTC": ["2024-01-09"] * count,
    }  # fmt: skip
    return {**datasets, "ae": frame_of_records(ae)}


def changed(dataset: str, **columns: object) -> dict[str, pd.DataFrame]:
    """Return the datasets with columns of one in the place of others; None takes a column away."""
    datasets = lean_datasets()
    frame = datasets[dataset]
    gone = [name for name, values in columns.items() if values is None and name in frame]
    given = {name: pd.Series(values, index=frame.index) for name, values in columns.items() if values is not None}
    typed = {name: one if one.dtype.kind == "f" else one.astype("str") for name, one in given.items()}
    return {**datasets, dataset: frame.drop(columns=gone).assign(**typed)}


def draft_of(datasets: dict[str, pd.DataFrame], **given: object) -> Draft:
    """Return the draft of a study from datasets in memory."""
    return make_draft(Evidence(datasets), Given("demo", "incoming", **given))  # type: ignore[arg-type]


def value_of(draft: Draft, key: str) -> object:
    """Return what a draft says at a key, None where it says nothing."""
    found = draft.find(key)
    return found.value if found else None


def write_all(folder: Path, datasets: dict[str, pd.DataFrame]) -> Path:
    """Write datasets as CSV into a folder and return it."""
    for name, frame in datasets.items():
        write_dataset(folder / f"{name}.csv", frame)
    return folder


def yaml_of(text: str) -> Any:
    """Return what a file of YAML holds, all scalars as text."""
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes texts, lists and mappings alone
