"""Participants screened but not yet randomised at the cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.data.cutting.flags import cut_moments
from cutbook.parameters.study.data_cut import DataCut

CUTOFF = "2022-06-04"
RULES = {
    "included": {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": ["RANDOMIZED"]}},
    "screened": {"dataset": "dm", "date": "RFICDTC"},
    "screen_failed": {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": ["SCREEN FAILURE"]}},
    "rules": {
        "dm": {"rule": "special_dm"},
        "ds": {"rule": "date", "date": ["DSSTDTC"]},
        "vs": {"rule": "date", "date": ["VSDTC"]},
    },
    "undated_qualifiers": {"suppdm": ["ITT"]},
}
DM_COLUMNS = [
    "USUBJID",
    "RFICDTC",
    "RFSTDTC",
    "RFPENDTC",
    "DTHDTC",
    "DTHFL",
    "ARMCD",
    "ARM",
    "ACTARMCD",
    "ACTARM",
    "ARMNRS",
]
PEOPLE = [
    ("randomised", "2022-04-01", "2022-05-01", "2022-12-01", None, None, "A", "Arm A", "A", "Arm A", None),
    ("later", "2022-06-01", "2022-06-10", "2022-12-01", "2022-11-01", "Y", "B", "Arm B", "B", "Arm B", None),
    ("failed", "2022-05-01", None, "2022-05-20", None, None, None, None, None, None, "SCREEN FAILURE"),
    ("fails later", "2022-06-01", None, "2022-06-20", None, None, None, None, None, None, "SCREEN FAILURE"),
    ("unknown yet", "2022-06-05", "2022-06-20", "2022-12-01", None, None, "A", "Arm A", "A", "Arm A", None),
]
DISPOSITIONS = [
    ("randomised", 1, "RANDOMIZED", "2022-05-01", 1),
    ("later", 1, "INFORMED CONSENT", "2022-06-01", -9),
    ("later", 2, "RANDOMIZED", "2022-06-10", 1),
    ("failed", 1, "SCREEN FAILURE", "2022-05-20", None),
    ("fails later", 1, "SCREEN FAILURE", "2022-06-20", None),
    ("unknown yet", 1, "RANDOMIZED", "2022-06-20", 1),
]


@pytest.fixture
def transfer() -> dict[str, pd.DataFrame]:
    """Return five participants, each at another stage by the cut-off."""
    ds = pd.DataFrame(DISPOSITIONS, columns=["USUBJID", "DSSEQ", "DSDECOD", "DSSTDTC", "DSSTDY"])
    vs = [(person[0], date, day) for person in PEOPLE for date, day in [("2022-06-02", -8.0), ("2022-06-10", 1.0)]]
    supp = [("DM", person[0], None, None, name, "Y") for person in PEOPLE for name in ("ITT", "COHORT")]
    return {
        "dm": pd.DataFrame(PEOPLE, columns=DM_COLUMNS, dtype="str"),
        "ds": ds.astype({"USUBJID": "str", "DSDECOD": "str", "DSSTDTC": "str", "DSSEQ": float, "DSSTDY": float}),
        "vs": pd.DataFrame(vs, columns=["USUBJID", "VSDTC", "VSDY"]).astype({"USUBJID": "str", "VSDTC": "str"}),
        "suppdm": pd.DataFrame(supp, columns=["RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL"], dtype="str"),
    }


def cut(datasets: dict[str, pd.DataFrame], **more: Any) -> CutDatasets:
    return apply_cut(datasets, DataCut.model_validate(RULES | more), CUTOFF)


def test_screened_participants_are_known_and_not_included(transfer: dict[str, pd.DataFrame]) -> None:
    moments = cut_moments(transfer, DataCut.model_validate(RULES), CUTOFF)

    assert dict(zip(moments["USUBJID"], moments["STATUS"], strict=True)) == {
        "randomised": "included",
        "later": "screened",
        "failed": "screened",
        "fails later": "screened",
    }


def test_a_participant_whose_only_future_is_randomisation_shows_no_trace_of_it(
    transfer: dict[str, pd.DataFrame],
) -> None:
    kept = cut(transfer).datasets

    later = {name: frame[frame["USUBJID"] == "later"].drop(columns="USUBJID") for name, frame in kept.items()}
    dm = later["dm"].iloc[0]
    assert dm.dropna().to_dict() == {"RFICDTC": "2022-06-01", "ARMNRS": "NOT ASSIGNED"}
    assert later["ds"].iloc[0].dropna().to_dict() == {
        "DSSEQ": 1,
        "DSDECOD": "INFORMED CONSENT",
        "DSSTDTC": "2022-06-01",
    }
    assert later["vs"].iloc[0].dropna().to_dict() == {"VSDTC": "2022-06-02"}
    assert len(later["ds"]) == len(later["vs"]) == 1
    assert later["suppdm"].empty


def test_an_included_participant_keeps_arm_and_study_days(transfer: dict[str, pd.DataFrame]) -> None:
    result = cut(transfer)

    dm = result.datasets["dm"].set_index("USUBJID")
    assert dm.loc["randomised", ["ARMCD", "ACTARM", "RFSTDTC"]].tolist() == ["A", "Arm A", "2022-05-01"]
    assert not result.modified["KEY"].str.contains("randomised").any()


def test_a_known_screen_failure_says_so_and_a_later_one_does_not(transfer: dict[str, pd.DataFrame]) -> None:
    result = cut(transfer)

    reasons = result.datasets["dm"].set_index("USUBJID")["ARMNRS"]
    assert reasons["failed"] == "SCREEN FAILURE"
    assert reasons["fails later"] == "NOT ASSIGNED"
    listed = result.modified.set_index(["KEY", "VARIABLE"])
    assert listed.loc[("dm/fails later", "ARMNRS"), "OLD"] == "SCREEN FAILURE"


def test_without_a_rule_for_failures_nobody_waiting_shows_what_stands_for_an_arm(
    transfer: dict[str, pd.DataFrame],
) -> None:
    dm = cut(transfer, screen_failed=None).datasets["dm"]

    assert dm["ARMNRS"].fillna("").tolist() == ["", "NOT ASSIGNED", "NOT ASSIGNED", "NOT ASSIGNED"]


def test_undated_qualifiers_wait_for_randomisation_or_failure(transfer: dict[str, pd.DataFrame]) -> None:
    result = cut(transfer)

    kept = result.datasets["suppdm"]
    assert kept[["USUBJID", "QNAM"]].to_numpy().tolist() == [["randomised", "COHORT"], ["failed", "COHORT"]]
    reasons = result.removed.set_index("KEY")["REASON"]
    assert reasons["suppdm/later/COHORT"] == (
        "undated, and the participant was not randomised by the cut-off 2022-06-04"
    )


def test_each_blanked_value_of_a_waiting_participant_is_listed(transfer: dict[str, pd.DataFrame]) -> None:
    modified = cut(transfer).modified

    changes = modified[modified["KEY"] == "dm/later"].set_index("VARIABLE")["OLD"].to_dict()
    assert changes == {
        "DTHDTC": "2022-11-01",
        "DTHFL": "Y",
        "ARMNRS": "",
        "ARMCD": "B",
        "ARM": "Arm B",
        "ACTARMCD": "B",
        "ACTARM": "Arm B",
        "RFSTDTC": "2022-06-10",
        "RFPENDTC": "2022-12-01",
    }
    assert modified.loc[modified["VARIABLE"] == "ARMCD", "REASON"].tolist() == [
        "the participant was not randomised by the cut-off 2022-06-04"
    ]
    assert modified.loc[modified["VARIABLE"] == "DSSTDY", ["OLD", "NEW"]].to_numpy().tolist() == [["-9", ""]]


def test_who_was_not_yet_screened_is_removed_for_the_date_of_screening(transfer: dict[str, pd.DataFrame]) -> None:
    removed = cut(transfer).removed.set_index("KEY")

    assert removed.loc["dm/unknown yet", ["VARIABLE", "VALUE"]].tolist() == ["RFICDTC", "2022-06-05"]


def test_without_screening_only_randomised_participants_are_kept(transfer: dict[str, pd.DataFrame]) -> None:
    result = cut(transfer, screened=None, screen_failed=None)

    assert result.datasets["dm"]["USUBJID"].tolist() == ["randomised"]
    assert np.array_equal(result.audit["RULE"].str.startswith("included participants"), [True] * 4)
