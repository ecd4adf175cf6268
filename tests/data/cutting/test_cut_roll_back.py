"""What a kept record must not yet tell after the cut."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.parameters.study.data_cut import DataCut

CUTOFF = "2022-06-04"
ENDS = [
    {
        "dataset": "ae",
        "date": "DTHDTC",
        "date_from": "dm",
        "where": {"AEOUT": ["FATAL"]},
        "reset": {"AEOUT": "UNKNOWN", "AESDTH": "N", "AEENDTC": "", "AEENDY": ""},
    },
    {
        "dataset": "ae",
        "date": "DTHDTC",
        "date_from": "dm",
        "where": {"AESDTH": ["Y"], "AESHOSP": ["N", ""]},
        "reset": {"AESER": "N"},
    },
    {"dataset": "ae", "date": "AEENDTC", "reset": {"AEENDTC": "", "AEENDY": "", "AEOUT": "NOT RECOVERED/NOT RESOLVED"}},
    {"dataset": "ex", "date": "EXENDTC", "reset": {"EXENDTC": "{cutoff}", "EXENDY": ""}},
    {"dataset": "dm", "date": "RFXSTDTC", "reset": {"RFXSTDTC": "", "ACTARMCD": ""}},
]
RULES = {
    "included": {"dataset": "dm", "date": "RFSTDTC"},
    "rules": {
        "dm": {"rule": "special_dm"},
        "ae": {"rule": "date", "date": ["AESTDTC"]},
        "ex": {"rule": "date", "date": ["EXSTDTC"]},
    },
    "roll_back": ENDS,
}
AE_COLUMNS = ["USUBJID", "AESEQ", "AESTDTC", "AEENDTC", "AEENDY", "AEOUT", "AESER", "AESDTH", "AESHOSP"]
RESOLVED, OPEN = "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED"


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return numbers as float and all else as text."""
    numeric = [name for name in frame.columns if name.endswith(("SEQ", "DY"))]
    return frame.astype({name: "float64" if name in numeric else "str" for name in frame.columns})


def demographics(death: str | None = None, *, first_dose: str = "2022-01-02") -> pd.DataFrame:
    """Return one participant."""
    row = ("1", "2022-01-01", first_dose, "TOF20", death, "Y" if death else None)
    return typed(pd.DataFrame([row], columns=["USUBJID", "RFSTDTC", "RFXSTDTC", "ACTARMCD", "DTHDTC", "DTHFL"]))


def events(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Return adverse events of participant 1 that began in May, given from AEENDTC on."""
    full = [("1", n + 1, "2022-05-01", *row) for n, row in enumerate(rows)]
    return typed(pd.DataFrame(full, columns=AE_COLUMNS))


def cut(datasets: dict[str, pd.DataFrame], cutoff: str = CUTOFF, **more: Any) -> CutDatasets:
    return apply_cut(datasets, DataCut.model_validate(RULES | more), cutoff)


@pytest.mark.parametrize(
    ("end", "outcome", "end_after", "outcome_after"),
    [
        ("2022-06-04", RESOLVED, "2022-06-04", RESOLVED),
        ("2022-06-04T23:59", RESOLVED, "2022-06-04T23:59", RESOLVED),
        ("2022-06-05T00:00", RESOLVED, "", OPEN),
        ("2022-06-05", RESOLVED, "", OPEN),
        ("2022-06-05", OPEN, "", OPEN),
        ("2022-06", RESOLVED, "2022-06", RESOLVED),
        ("2022-07", RESOLVED, "", OPEN),
        ("2022", RESOLVED, "2022", RESOLVED),
        (None, OPEN, "", OPEN),
        (None, RESOLVED, "", RESOLVED),
    ],
)
def test_an_end_after_the_cut_is_not_yet_known(
    end: str | None, outcome: str, end_after: str, outcome_after: str
) -> None:
    ae = cut({"dm": demographics(), "ae": events((end, 30, outcome, "N", "N", "N"))}).datasets["ae"]

    assert ae[["AEENDTC", "AEOUT"]].fillna("").to_numpy().tolist() == [[end_after, outcome_after]]


def test_each_changed_value_is_listed_old_and_new_with_its_reason() -> None:
    datasets = {
        "dm": demographics(),
        "ae": events((None, 9, OPEN, "N", "N", "N"), ("2022-06-05", 36, OPEN, "N", "N", "N")),
    }

    result = cut(datasets)

    reason = "AEENDTC 2022-06-05 is after the cut-off 2022-06-04"
    assert list(result.modified.itertuples(index=False, name=None)) == [
        ("ae", "ae/1/2", 2, "AEENDTC", "2022-06-05", "", reason),
        ("ae", "ae/1/2", 2, "AEENDY", "36", "", reason),
    ]
    assert result.audit.set_index("DATASET").loc["ae", "MODIFIED"] == 1
    assert result.datasets["ae"]["AEENDY"].fillna(-1).tolist() == [9.0, -1.0]
    assert datasets["ae"].loc[1, "AEENDTC"] == "2022-06-05"


@pytest.mark.parametrize(
    ("death", "dates"),
    [
        ("2022-06-04", ["2022-06-04", "Y"]),
        ("2022-06-05", ["", ""]),
        ("2022-06", ["2022-06", "Y"]),
        ("2022-07", ["", ""]),
    ],
)
def test_a_death_after_the_cut_is_blanked_in_demographics(death: str, dates: list[str]) -> None:
    result = cut({"dm": demographics(death)})

    assert result.datasets["dm"][["DTHDTC", "DTHFL"]].fillna("").to_numpy().tolist() == [dates]
    assert result.modified["OLD"].tolist() == [old for old, new in zip([death, "Y"], dates, strict=True) if not new]


@pytest.mark.parametrize("end", ["2022-06-10", "2022-06", None])
def test_a_fatal_event_of_a_death_after_the_cut_is_not_yet_fatal(end: str | None) -> None:
    datasets = {
        "dm": demographics("2022-06-10"),
        "ae": events((end, 41, "FATAL", "Y", "Y", "N"), (end, 41, "FATAL", "Y", "Y", "Y")),
    }

    ae = cut(datasets).datasets["ae"]

    assert ae[["AEENDTC", "AEOUT", "AESDTH"]].fillna("").to_numpy().tolist() == [["", "UNKNOWN", "N"]] * 2
    assert ae["AESER"].tolist() == ["N", "Y"]


def test_a_fatal_event_of_a_death_before_the_cut_stays() -> None:
    datasets = {"dm": demographics("2022-06-01"), "ae": events(("2022-06-01", 32, "FATAL", "Y", "Y", "N"))}

    result = cut(datasets)

    pd.testing.assert_frame_equal(result.datasets["ae"], datasets["ae"])
    assert result.modified.empty


def test_of_two_rules_for_one_value_the_first_wins() -> None:
    backs = [
        {"dataset": "ae", "date": "AEENDTC", "where": {"AESER": ["Y"]}, "reset": {"AEOUT": "UNKNOWN"}},
        {"dataset": "ae", "date": "AEENDTC", "reset": {"AEOUT": OPEN, "AEENDTC": ""}},
    ]
    ae = events(("2022-07-01", 60, RESOLVED, "Y", "N", "Y"), ("2022-07-01", 60, RESOLVED, "N", "N", "N"))

    result = cut({"dm": demographics(), "ae": ae}, roll_back=backs)

    assert result.datasets["ae"]["AEOUT"].tolist() == ["UNKNOWN", OPEN]
    assert not result.modified.duplicated(["ROW", "VARIABLE"]).any()


def test_an_exposure_that_runs_over_the_cut_ends_at_the_cut() -> None:
    ex = pd.DataFrame(
        [
            ("1", 1, "2022-01-02", "2022-05-01", 120),
            ("1", 2, "2022-05-02", "2022-09-01", 243),
            ("1", 3, "2022-06-05", "2022-06-05", 156),
            ("1", 4, "2022-05-02", None, None),
        ],
        columns=["USUBJID", "EXSEQ", "EXSTDTC", "EXENDTC", "EXENDY"],
    )

    kept = cut({"dm": demographics(), "ex": typed(ex)}, "2022-06-04T12:00").datasets["ex"]

    assert kept["EXENDTC"].fillna("").tolist() == ["2022-05-01", "2022-06-04", ""]
    assert kept["EXENDY"].fillna(-1).tolist() == [120, -1, -1]


def test_a_participant_first_dosed_after_the_cut_has_no_actual_arm() -> None:
    dm = cut({"dm": demographics(first_dose="2022-06-05")}).datasets["dm"]

    assert dm[["RFXSTDTC", "ACTARMCD"]].isna().all(axis=None)
    assert dm["RFSTDTC"].tolist() == ["2022-01-01"]


def test_a_number_may_be_set_to_another_and_a_typed_date_to_missing() -> None:
    ae = events(("2022-07-01", 60, RESOLVED, "N", "N", "N"))
    ae["AEENDTC"] = pd.to_datetime(ae["AEENDTC"])
    back = {"dataset": "ae", "date": "AEENDTC", "reset": {"AEENDTC": "", "AEENDY": "5"}}

    kept = cut({"dm": demographics(), "ae": ae}, roll_back=[back]).datasets["ae"]

    assert kept["AEENDY"].tolist() == [5.0]
    assert kept["AEENDTC"].isna().all()
    pd.testing.assert_series_equal(kept.dtypes, ae.dtypes)
