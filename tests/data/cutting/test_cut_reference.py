"""The cut against the reference output of the R package datacutr 0.2.4."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.data.cutting.flags import cut_moments
from cutbook.parameters.study.data_cut import DataCut

DEMO_CASES = {
    "testdata_2022-06-04": "2022-06-04",
    "testdata_2022-06-30_raw_fa": "2022-06-30",
    "partial_dates_2022-06-04": "2022-06-04",
}
DEMO_DATASETS = ["ae", "dm", "ds", "fa", "lb", "sc", "ts"]
DEMO_RULES = DataCut.model_validate(
    {
        "included": {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": ["RANDOMIZATION"]}},
        "rules": {
            "ae": {"rule": "date", "date": ["AESTDTC"]},
            "lb": {"rule": "date", "date": ["LBDTC"]},
            "fa": {"rule": "date", "date": ["FADTC"]},
            "sc": {"rule": "participant"},
            "ds": {"rule": "participant"},
            "ts": {"rule": "none"},
            "dm": {"rule": "special_dm"},
        },
    }
)
PARTIAL_AE = pd.DataFrame(
    [
        ("AB12345-001", "AE1", "2022"),
        ("AB12345-001", "AE2", "2022-06"),
        ("AB12345-001", "AE3", "2022-07"),
        ("AB12345-001", "AE4", "2022-06-04T23:59"),
        ("AB12345-001", "AE5", "2022-06-05"),
        ("AB12345-001", "AE6", None),
        ("AB12345-002", "AE7", "2022-06-04T10"),
        ("AB12345-002", "AE8", "2022---04"),
        ("AB12345-002", "AE9", "2021-12"),
        ("AB12345-003", "AE10", "2022-06-04"),
        ("AB12345-003", "AE11", "2023"),
        ("AB12345-009", "AE12", "2022-01-01"),
    ],
    columns=["USUBJID", "AETERM", "AESTDTC"],
    dtype="str",
)
PILOT_DATES = {
    "ae": "AESTDTC",
    "lb": "LBDTC",
    "vs": "VSDTC",
    "cm": "CMSTDTC",
    "ex": "EXSTDTC",
    "sv": "SVSTDTC",
    "qs": "QSDTC",
    "mh": "MHDTC",
}


def read_text(file: Path) -> pd.DataFrame:
    """Return a CSV file as text, empty as missing."""
    frame = pd.read_csv(file, dtype="str", keep_default_na=False)
    return frame.mask(frame == "")


def demo_transfer(shared: Path, case: str) -> dict[str, pd.DataFrame]:
    """Return the demonstration datasets as the reference case changed them."""
    datasets = {name: read_text(shared / "data/datacutr" / f"{name}.csv") for name in DEMO_DATASETS}
    fa = datasets["fa"]
    merged = fa.assign(FADTC=fa["FADTC"].fillna(fa["FASTDTC"]))
    if case != "testdata_2022-06-30_raw_fa":
        datasets["fa"] = merged
    if case == "partial_dates_2022-06-04":
        dm = datasets["dm"].set_index("USUBJID")
        dm.loc["AB12345-003", "DTHDTC"] = "2022-07"
        datasets |= {"ae": PARTIAL_AE, "lb": datasets["lb"][:0], "dm": dm.reset_index()}
    return datasets


@pytest.mark.parametrize("case", DEMO_CASES)
@pytest.mark.parametrize("name", DEMO_DATASETS)
def test_each_demonstration_dataset_is_cut_as_by_datacutr(shared: Path, case: str, name: str) -> None:
    result = apply_cut(demo_transfer(shared, case), DEMO_RULES, DEMO_CASES[case])

    expected = read_text(shared / "reference/datacut" / case / f"{name}.csv")
    pd.testing.assert_frame_equal(result.datasets[name].reset_index(drop=True), expected)


@pytest.mark.parametrize("case", DEMO_CASES)
def test_the_audit_counts_the_rows_that_datacutr_counts(shared: Path, case: str) -> None:
    result = apply_cut(demo_transfer(shared, case), DEMO_RULES, DEMO_CASES[case])

    expected = pd.read_csv(shared / "reference/datacut" / case / "_row_counts.csv", index_col="domain")
    audit = result.audit.set_index("DATASET").loc[expected.index]
    assert audit["BEFORE"].tolist() == expected["rows_in"].tolist()
    assert audit["AFTER"].tolist() == expected["rows_out"].tolist()
    assert audit["REMOVED"].tolist() == (expected["rows_in"] - expected["rows_out"]).tolist()


@pytest.mark.parametrize("case", DEMO_CASES)
def test_the_cut_table_is_that_of_datacutr(shared: Path, case: str) -> None:
    moments = cut_moments(demo_transfer(shared, case), DEMO_RULES, DEMO_CASES[case])

    expected = read_text(shared / "reference/datacut" / case / "dcut.csv").drop(columns="DCUTDESC")
    expected["DCUTDTM"] = pd.to_datetime(expected["DCUTDTM"]).astype("datetime64[s]")
    pd.testing.assert_frame_equal(moments.drop(columns="STATUS"), expected)
    assert set(moments["STATUS"]) == {"included"}


def test_the_first_stated_of_several_dates_decides(shared: Path) -> None:
    datasets = {name: read_text(shared / "data/datacutr" / f"{name}.csv") for name in DEMO_DATASETS}
    dated = DEMO_RULES.model_dump() | {
        "rules": DEMO_RULES.rules | {"fa": {"rule": "date", "date": ["FADTC", "FASTDTC"]}}
    }

    result = apply_cut(datasets, DataCut.model_validate(dated), "2022-06-04")

    assert result.datasets["fa"]["USUBJID"].tolist() == ["AB12345-001", "AB12345-004"]
    late = result.removed[result.removed["DATASET"] == "fa"].set_index("KEY")[["VARIABLE", "VALUE"]]
    assert late.loc["fa/AB12345-002/2022-06-30"].tolist() == ["FASTDTC", "2022-06-30"]
    assert late.loc["fa/AB12345-003/2022-07-01"].tolist() == ["FADTC", "2022-07-01"]


@pytest.fixture(scope="module")
def pilot(shared: Path) -> CutDatasets:
    """Return the pilot study, DS replaced by one record of randomisation a participant, cut on 2013-06-30."""
    names = ["dm", "sc", "ts", *PILOT_DATES]
    datasets = {name: read_xpt(shared / "data/cdiscpilot01/sdtm" / f"{name}.xpt") for name in names}
    ds = datasets["dm"].loc[datasets["dm"]["RFSTDTC"].notna(), ["USUBJID", "RFSTDTC"]]
    datasets["ds"] = ds.rename(columns={"RFSTDTC": "DSSTDTC"}).assign(DSDECOD="RANDOMIZED").reset_index(drop=True)
    rules = {
        "included": {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": ["RANDOMIZED"]}},
        "rules": {
            **{name: {"rule": "date", "date": [variable]} for name, variable in PILOT_DATES.items()},
            "sc": {"rule": "participant"},
            "ds": {"rule": "participant"},
            "ts": {"rule": "none"},
            "dm": {"rule": "special_dm"},
        },
    }
    return apply_cut(datasets, DataCut.model_validate(rules), "2013-06-30")


def read_xpt(file: Path) -> pd.DataFrame:
    """Return a transport file with blank text as missing."""
    frame, _ = pyreadstat.read_xport(file, encoding="cp1252", disable_datetime_conversion=True)
    text = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    frame[text] = frame[text].astype("str").mask(frame[text] == "")
    return frame


@pytest.mark.parametrize("name", ["dm", "ds", "sc", "ts", *PILOT_DATES])
def test_the_pilot_keeps_the_records_that_datacutr_keeps(pilot: CutDatasets, shared: Path, name: str) -> None:
    expected = pd.read_csv(shared / "reference/datacut/pilot_2013-06-30" / f"{name}.csv", keep_default_na=False)

    kept = pilot.datasets[name][list(expected.columns)].reset_index(drop=True)

    numeric = expected.columns[expected.columns.str.endswith(("SEQ", "NUM"))]
    pd.testing.assert_frame_equal(
        kept.fillna({"DTHFL": "", "DTHDTC": ""}).astype(dict.fromkeys(numeric, "float")),
        expected.astype(dict.fromkeys(numeric, "float")),
    )


def test_the_pilot_counts_are_those_of_datacutr(pilot: CutDatasets, shared: Path) -> None:
    expected = pd.read_csv(shared / "reference/datacut/pilot_2013-06-30/_row_counts.csv", index_col="domain")

    audit = pilot.audit.set_index("DATASET").loc[expected.index]

    assert audit["BEFORE"].tolist() == expected["rows_in"].tolist()
    assert audit["AFTER"].tolist() == expected["rows_out"].tolist()


def test_the_pilot_account_is_complete(pilot: CutDatasets) -> None:
    counts = pilot.removed["DATASET"].value_counts()

    audit = pilot.audit.set_index("DATASET")
    assert counts.reindex(audit.index, fill_value=0).tolist() == audit["REMOVED"].tolist()
    assert (audit["BEFORE"] - audit["AFTER"]).tolist() == audit["REMOVED"].tolist()
    assert not pilot.removed.duplicated(["DATASET", "ROW"]).any()
