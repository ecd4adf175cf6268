"""Which records a cut removes, keeps with a remark, and refuses to judge."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.data.cutting.flags import cut_moments
from cutbook.errors import DataError, ParameterError
from cutbook.parameters.study.data_cut import DataCut

CUTOFF = "2022-06-04"
BY_DATE = {"rule": "date", "date": ["AESTDTC"]}
INCLUDED = {"dataset": "dm", "date": "RFSTDTC"}


def table(columns: str, *rows: tuple[str | None, ...]) -> pd.DataFrame:
    """Return text records; None is missing."""
    return pd.DataFrame(list(rows), columns=columns.split(), dtype="str")


def transfer(*dates: str | None, **others: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return a transfer with participant 1, included, and 2, not included, and an AE of participant 1 for each date."""
    dm = table("USUBJID RFSTDTC DTHDTC DTHFL", ("1", "2022-01-01", None, None), ("2", "2022-07-01", None, None))
    ae = table("USUBJID AESTDTC", *(("1", date) for date in dates)).assign(
        AESEQ=[float(n + 1) for n in range(len(dates))]
    )
    return {"dm": dm, "ae": ae, **others}


def cut(datasets: dict[str, pd.DataFrame], cutoff: str = CUTOFF, **more: Any) -> CutDatasets:
    """Return the cut by rules for DM, AE and whatever more is named."""
    rules = {"dm": {"rule": "special_dm"}, "ae": BY_DATE} | more.pop("rules", {})
    return apply_cut(datasets, DataCut.model_validate({"included": INCLUDED, "rules": rules} | more), cutoff)


@pytest.mark.parametrize(
    ("date", "is_kept"),
    [
        ("2022-06-04", True),
        ("2022-06-04T23:59", True),
        ("2022-06-04T23:59:59", True),
        ("2022-06-04T23:59:59.9", True),
        ("2022-06-05T00:00", False),
        ("2022-06-05T00:00:00", False),
        ("2022-06-05", False),
        ("2022-06-05T01:00+05:00", False),
        ("2022", True),
        ("2022-06", True),
        ("2022-07", False),
        ("2023", False),
        ("2022---04", True),
        ("2023---04", False),
        (None, True),
        ("", True),
        ("--12-31", True),
        ("2022-13-01", True),
    ],
)
def test_a_record_is_kept_when_its_earliest_moment_is_on_or_before_the_cut_day(date: str | None, is_kept: bool) -> None:
    assert len(cut(transfer(date)).datasets["ae"]) == int(is_kept)


@pytest.mark.parametrize(
    ("cutoff", "kept"),
    [
        ("2022-06-04T10:30:00", ["2022-06-04", "2022-06-04T10:30"]),
        ("2022-06-04T10:30", ["2022-06-04", "2022-06-04T10:30", "2022-06-04T10:30:59"]),
        ("2022-06-04", ["2022-06-04", "2022-06-04T10:30", "2022-06-04T10:30:59", "2022-06-04T10:31"]),
    ],
)
def test_a_cut_off_may_have_a_time(cutoff: str, kept: list[str]) -> None:
    dates = ["2022-06-04", "2022-06-04T10:30", "2022-06-04T10:30:59", "2022-06-04T10:31", "2022-06-05"]

    assert cut(transfer(*dates), cutoff).datasets["ae"]["AESTDTC"].tolist() == kept


def test_each_removed_record_is_listed_with_its_row_key_value_and_reason() -> None:
    ae = table("USUBJID AESTDTC", ("1", "2022-06-05"), ("2", "2022-01-01"), ("1", "2022-07"), ("3", "2022-01-01"))

    removed = cut(transfer() | {"ae": ae.assign(AESEQ=[1.0, 1.0, 2.0, 1.0])}).removed

    expected = [
        ("dm", "dm/2", 2, "RFSTDTC", "2022-07-01", "the participant entered after the cut-off 2022-06-04"),
        ("ae", "ae/1/1", 1, "AESTDTC", "2022-06-05", "AESTDTC 2022-06-05 is after the cut-off 2022-06-04"),
        ("ae", "ae/2/1", 2, "RFSTDTC", "2022-07-01", "the participant entered after the cut-off 2022-06-04"),
        (
            "ae",
            "ae/1/2",
            3,
            "AESTDTC",
            "2022-07",
            "AESTDTC 2022-07, 2022-07-01 at the earliest, is after the cut-off 2022-06-04",
        ),
        ("ae", "ae/3/1", 4, "RFSTDTC", "", "the participant has no dated record of entry"),
    ]
    assert list(removed.itertuples(index=False, name=None)) == expected


def test_kept_records_keep_their_rows_and_nothing_given_is_changed() -> None:
    datasets = transfer("2022-07-01", "2022-06-01", "2022-08-01", "2022-05-01")
    before = {name: frame.copy() for name, frame in datasets.items()}

    kept = cut(datasets).datasets

    assert kept["ae"].index.tolist() == [1, 3]
    for name, frame in before.items():
        pd.testing.assert_frame_equal(datasets[name], frame)
        pd.testing.assert_series_equal(kept[name].dtypes, frame.dtypes)


def test_records_that_no_date_proves_early_are_kept_with_a_remark() -> None:
    dates = [None, "--12-31", "2022", "2022-06", "2022-06-04", "2022-05", "2022-02-30"]

    remarks = cut(transfer(*dates)).kept

    assert remarks[["ROW", "VALUE", "REASON"]].to_numpy().tolist() == [
        [1, "", "no date"],
        [2, "--12-31", "no year, so nothing proves it late"],
        [3, "2022", "may lie after the cut-off"],
        [4, "2022-06", "may lie after the cut-off"],
        [7, "2022-02-30", "an impossible date counts as missing"],
    ]


def test_every_dataset_has_an_audit_row_with_its_rule() -> None:
    others = {
        "sc": table("USUBJID SCORRES", ("1", "A"), ("2", "B")),
        "ts": table("TSPARMCD TSVAL", ("TITLE", "x")),
        "tx": table("USUBJID TXVAL", ("2", "x")),
        "lb": table("USUBJID LBDTC"),
    }
    rules = {
        "sc": {"rule": "participant"},
        "tx": {"rule": "none"},
        "lb": {"rule": "date", "date": ["LBDTC"]},
        "vs": {"rule": "date", "date": ["VSDTC"]},
    }

    audit = cut(transfer("2022-06-05", **others), rules=rules).audit

    assert list(audit.itertuples(index=False, name=None)) == [
        ("dm", "included participants; deaths after the cut-off blanked", 2, 1, 1, 0),
        ("ae", "included participants; dated by the cut-off 2022-06-04 (AESTDTC)", 1, 0, 1, 0),
        ("sc", "included participants", 2, 1, 1, 0),
        ("ts", "kept whole: holds no participants", 1, 1, 0, 0),
        ("tx", "kept whole", 1, 1, 0, 0),
        ("lb", "included participants; dated by the cut-off 2022-06-04 (LBDTC)", 0, 0, 0, 0),
    ]


def test_the_rule_of_a_supplemental_dataset_names_the_undated_qualifiers_that_are_removed() -> None:
    suppdm = table(
        "RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL",
        ("DM", "1", None, None, "COMPLT8", "Y"),
        ("DM", "1", None, None, "ITT", "Y"),
        ("DM", "1", None, None, "RILUZOLE", "Y"),
    )
    more = {"rules": {"suppdm": {"rule": "participant"}}, "undated_qualifiers": {"suppdm": ["COMPLT8", "ITT"]}}

    audit = cut(transfer(suppdm=suppdm), **more).audit.set_index("DATASET")

    expected = "included participants; parent record kept; undated qualifiers removed: COMPLT8, ITT"
    assert audit.loc["suppdm", ["RULE", "BEFORE", "AFTER"]].tolist() == [expected, 3, 1]


def test_a_cut_before_the_first_participant_leaves_empty_datasets_with_their_columns() -> None:
    datasets = transfer("2022-06-05")

    result = cut(datasets, "2020-01-01")

    assert {name: len(frame) for name, frame in result.datasets.items()} == {"dm": 0, "ae": 0}
    assert list(result.datasets["ae"].columns) == list(datasets["ae"].columns)


def test_a_cut_that_removes_nothing_has_an_empty_account_with_its_columns() -> None:
    result = cut(transfer("2022-06-05"), "2030-01-01")

    assert list(result.removed.columns) == ["DATASET", "KEY", "ROW", "VARIABLE", "VALUE", "REASON"]
    assert list(result.modified.columns) == ["DATASET", "KEY", "ROW", "VARIABLE", "OLD", "NEW", "REASON"]
    assert len(result.removed) == len(result.modified) == 0
    assert result.removed.dtypes.astype("str").tolist() == ["str", "str", "int64", "str", "str", "str"]


def test_the_first_of_several_records_of_entry_counts_and_an_undated_one_does_not() -> None:
    ds = table(
        "USUBJID DSDECOD DSSTDTC",
        ("3", "RANDOMIZED", None),
        ("2", "RANDOMIZED", "2022-07-01"),
        ("2", "RANDOMIZED", "2022-06"),
        ("1", "INFORMED CONSENT", "2022-01-01"),
        ("4", "RANDOMIZED", "2022-06-04T10:00"),
    )
    inclusion = {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": ["RANDOMIZED"]}}
    rules = DataCut.model_validate({"included": inclusion, "rules": {"ds": {"rule": "participant"}}})

    moments = cut_moments({"ds": ds}, rules, CUTOFF)

    assert moments["USUBJID"].tolist() == ["2", "4"]
    assert moments["DCUTDTM"].eq(pd.Timestamp("2022-06-04T23:59:59")).all()


def test_dates_already_typed_are_compared_as_they_are() -> None:
    datasets = transfer("2022-06-04T23:00", "2022-06-05", "2022-05-01", None)
    datasets["ae"]["AESTDTC"] = pd.to_datetime(datasets["ae"]["AESTDTC"], format="ISO8601")

    result = cut(datasets)

    assert result.datasets["ae"]["AESEQ"].tolist() == [1.0, 3.0, 4.0]
    assert result.kept["REASON"].tolist() == ["no date"]


def faults_of(datasets: dict[str, pd.DataFrame], **more: Any) -> list[str]:
    """Return the places of all faults that the cut finds."""
    with pytest.raises(DataError) as caught:
        cut(datasets, **more)
    return [str(fault).partition(":")[0] for fault in caught.value.faults]


def test_all_faults_of_the_rules_are_named_at_once() -> None:
    datasets = transfer("2022-06-01", lb=table("USUBJID LBDTC", ("1", "2022-01-01")))
    datasets["ae"] = datasets["ae"].rename(columns={"AESTDTC": "AESTDT"})

    faults = faults_of(
        datasets,
        roll_back=[
            {"dataset": "ae", "date": "AEENDTC", "reset": {"AEOUT": "UNKNOWN", "AESEQ": "text"}},
            {"dataset": "ae", "date": "DTHDTC", "date_from": "dd", "reset": {"AESEQ": ""}},
            {"dataset": "zz", "date": "ZZENDTC", "reset": {"ZZENDTC": ""}},
        ],
        screen_failed={"dataset": "ds", "date": "DSSTDTC"},
    )

    assert faults == ["ae.AESTDTC", "lb", "ds", "ae.AEENDTC", "ae.AEOUT", "ae.AESEQ", "dd"]


def test_a_dataset_with_participants_never_passes_uncut() -> None:
    message = "vs: found participants in a dataset without a cut rule; expected a rule, so that nothing passes uncut"

    with pytest.raises(DataError, match=message):
        cut(transfer(vs=table("USUBJID VSDTC", ("1", "2023-01-01"))))


def test_an_impossible_date_of_entry_is_refused_with_its_row() -> None:
    datasets = transfer()
    datasets["dm"].loc[1, "RFSTDTC"] = "2022-02-30"

    assert faults_of(datasets) == ["dm.RFSTDTC row 2"]


def test_a_date_delivered_as_a_number_is_refused() -> None:
    datasets = transfer("2022-06-01")
    datasets["ae"]["AESTDTC"] = 22797.0

    assert faults_of(datasets) == ["ae.AESTDTC"]


@pytest.mark.parametrize("cutoff", ["", "2022-02-30", "2022-06", "June", "2022-06-04T25:00"])
def test_a_cut_off_that_is_no_day_of_the_calendar_is_refused(cutoff: str) -> None:
    with pytest.raises(ParameterError, match="cutoff_date"):
        cut(transfer("2022-06-01"), cutoff)


@pytest.mark.parametrize(
    "rules",
    [
        {"included": INCLUDED, "rules": {"ae": {"rule": "date"}}},
        {"included": INCLUDED, "rules": {"ae": {"rule": "participant", "date": ["AESTDTC"]}}},
        {
            "included": INCLUDED,
            "rules": {"ae": BY_DATE},
            "roll_back": [{"dataset": "ae", "date": "AEENDTC", "reset": {}}],
        },
    ],
)
def test_rules_that_contradict_themselves_are_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DataCut.model_validate(rules)
