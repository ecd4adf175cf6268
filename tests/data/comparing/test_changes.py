from __future__ import annotations

import time

import pandas as pd
import pytest

from cutbook.data.comparing.changes import CHANGE_COLUMNS, compare_records

P1, P2 = "01-701-1015", "01-701-1023"


def ae(*rows: tuple[str, float, str | None]) -> pd.DataFrame:
    """Return adverse events of participant, number and severity."""
    return pd.DataFrame(list(rows), columns=["USUBJID", "AESEQ", "AESEV"]).astype({"AESEV": "str"})


def found(this: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> list[tuple[str, ...]]:
    """Return key, change, variable, old and new of each row."""
    changes = compare_records(this, other)
    assert tuple(changes.columns) == CHANGE_COLUMNS
    return list(changes.drop(columns="DATASET").itertuples(index=False, name=None))


def test_a_dataset_compared_with_itself_has_no_changes() -> None:
    frame = ae((P1, 1.0, "MILD"), (P1, 2.0, None))
    changes = compare_records({"ae": frame}, {"ae": frame.copy()})
    assert changes.empty
    assert tuple(changes.columns) == CHANGE_COLUMNS


def test_records_are_new_changed_or_removed_by_key_in_the_order_of_this_and_removed_ones_last() -> None:
    other = ae((P1, 1.0, "MILD"), (P1, 2.0, "MILD"), (P2, 1.0, "SEVERE"))
    this = ae((P2, 3.0, "MILD"), (P2, 1.0, "MODERATE"), (P1, 2.0, "MILD"), (P2, 2.0, "MILD"))
    assert found({"ae": this}, {"ae": other}) == [
        (f"ae/{P2}/3", "new", "", "", ""),
        (f"ae/{P2}/1", "changed", "AESEV", "SEVERE", "MODERATE"),
        (f"ae/{P2}/2", "new", "", "", ""),
        (f"ae/{P1}/1", "removed", "", "", ""),
    ]


def test_each_changed_field_of_a_record_has_a_row_in_the_order_of_the_columns() -> None:
    other = ae((P1, 1.0, "MILD")).assign(AESER="N", AEENDY=3.0)
    this = ae((P1, 1.0, "SEVERE")).assign(AESER="N", AEENDY=4.5)
    key = f"ae/{P1}/1"
    changed = [(key, "changed", "AESEV", "MILD", "SEVERE"), (key, "changed", "AEENDY", "3", "4.5")]
    assert found({"ae": this}, {"ae": other}) == changed


def test_the_order_of_rows_and_columns_is_no_change() -> None:
    other = ae((P1, 1.0, "MILD"), (P1, 2.0, "SEVERE"), (P2, 1.0, None)).assign(AESER="N")
    this = other.iloc[::-1][["AESER", "AESEV", "AESEQ", "USUBJID"]]
    assert found({"ae": this}, {"ae": other}) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("MILD", "MILD"),
        ("MILD", "MILD  "),
        (None, ""),
        (None, "  "),
        (1.5, 1.5),
        (None, float("nan")),
        (0.0, -0.0),
        (0.1 + 0.2, 0.3),
        (3.0, "3"),
        (3.0, "3.0"),
        ("1e3", 1000.0),
    ],
)
def test_equal_values_are_no_change(old: object, new: object) -> None:
    this, other = (pd.DataFrame({"USUBJID": [P1], "LBSEQ": [1.0], "X": [value]}) for value in (new, old))
    assert found({"lb": this}, {"lb": other}) == []


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("MILD", "mild", ("MILD", "mild")),
        ("MILD", " MILD", ("MILD", " MILD")),
        ("3", "3.0", ("3", "3.0")),
        ("MILD", None, ("MILD", "")),
        (None, "MILD", ("", "MILD")),
        (1.0, float("nan"), ("1", "")),
        (0.3, 0.30000000000001, ("0.3", "0.30000000000001")),
        (3.0, "<3", ("3", "<3")),
        ("007", 8.0, ("007", "8")),
        ("2013-06", "2013-06-30", ("2013-06", "2013-06-30")),
    ],
)
def test_unequal_values_are_told_as_they_are_written(old: object, new: object, shown: tuple[str, str]) -> None:
    this, other = (pd.DataFrame({"USUBJID": [P1], "LBSEQ": [1.0], "X": [value]}) for value in (new, old))
    assert found({"lb": this}, {"lb": other}) == [(f"lb/{P1}/1", "changed", "X", *shown)]


def test_a_date_of_an_analysis_dataset_is_compared_as_a_date() -> None:
    days = [pd.to_datetime(pd.Series([day])).astype("datetime64[s]") for day in ("2013-06-30", "2013-07-01", None)]
    adsl = [pd.DataFrame({"USUBJID": [P1], "TRTSDT": day}) for day in days]
    assert found({"adsl": adsl[0]}, {"adsl": adsl[0]}) == []
    told = [(f"adsl/{P1}", "changed", "TRTSDT", "2013-06-30", "2013-07-01")]
    assert found({"adsl": adsl[1]}, {"adsl": adsl[0]}) == told
    assert found({"adsl": adsl[2]}, {"adsl": adsl[0]}) == [(f"adsl/{P1}", "changed", "TRTSDT", "2013-06-30", "")]


def test_a_column_that_only_one_has_is_missing_in_the_other() -> None:
    other = ae((P1, 1.0, "MILD"), (P1, 2.0, "MILD")).assign(OLDVAR=["007", None])
    this = ae((P1, 1.0, "MILD"), (P1, 2.0, "MILD")).assign(NEWVAR=[None, 2.0])
    assert found({"ae": this}, {"ae": other}) == [
        (f"ae/{P1}/1", "changed", "OLDVAR", "007", ""),
        (f"ae/{P1}/2", "changed", "NEWVAR", "", "2"),
    ]


def test_a_column_without_values_that_only_one_has_is_no_change() -> None:
    other = ae((P1, 1.0, "MILD"))
    assert found({"ae": other.assign(AEX=pd.Series([None], dtype="str"))}, {"ae": other}) == []


def test_a_dataset_that_only_one_has_is_new_or_removed_record_by_record() -> None:
    events, deaths = ae((P1, 1.0, "MILD"), (P2, 1.0, None)), pd.DataFrame({"USUBJID": [P1], "DDSEQ": [1.0]})
    changes = compare_records({"dd": deaths}, {"ae": events})
    assert changes[["DATASET", "KEY", "CHANGE"]].to_numpy().tolist() == [
        ["dd", f"dd/{P1}/1", "new"],
        ["ae", f"ae/{P1}/1", "removed"],
        ["ae", f"ae/{P2}/1", "removed"],
    ]


def test_datasets_come_in_the_order_of_this() -> None:
    frames = {name: pd.DataFrame({"USUBJID": [P1]}) for name in ("dm", "ae", "cm")}
    this = {name: frames[name] for name in ("dm", "ae")}
    other = {name: frames[name].iloc[:0] for name in ("cm", "ae", "dm")} | {"cm": frames["cm"]}
    assert compare_records(this, other)["DATASET"].tolist() == ["dm", "ae", "cm"]


def test_nothing_compared_with_nothing_has_no_changes() -> None:
    assert compare_records({}, {}).empty
    assert compare_records({"ae": ae()}, {"ae": ae()}).empty


def test_one_of_several_records_of_one_name_is_removed_and_the_others_are_unchanged() -> None:
    other = pd.DataFrame({"USUBJID": [P1] * 3, "VISITNUM": [99.0] * 3, "SVSTDTC": ["2013-01", "2013-02", "2013-03"]})
    assert found({"sv": other.iloc[1:]}, {"sv": other}) == [(f"sv/{P1}/99", "removed", "", "", "")]
    assert found({"sv": other}, {"sv": other.iloc[[0, 2]]}) == [(f"sv/{P1}/99#2", "new", "", "", "")]


def test_of_several_records_of_one_name_the_unequal_ones_are_compared_in_the_order_of_their_dates() -> None:
    other = pd.DataFrame({"USUBJID": [P1] * 3, "VISITNUM": [99.0] * 3, "SVSTDTC": ["2013-01", "2013-02", "2013-03"]})
    this = other.assign(SVSTDTC=["2013-03", "2013-04", "2013-02"])
    told = [(f"sv/{P1}/99#3", "changed", "SVSTDTC", "2013-01", "2013-04")]
    assert found({"sv": this}, {"sv": other}) == told
    assert found({"sv": this.iloc[[1, 2, 0]]}, {"sv": other.iloc[::-1]}) == told


def test_two_records_of_one_name_that_changed_are_paired_by_date_and_not_by_row() -> None:
    other = pd.DataFrame({"USUBJID": [P1] * 2, "VISITNUM": [99.0] * 2, "SVSTDTC": ["2013-01", "2013-02"]})
    this = other.assign(SVENDTC=["2013-03", "2013-04"])
    told = [
        (f"sv/{P1}/99", "changed", "SVENDTC", "", "2013-03"),
        (f"sv/{P1}/99#2", "changed", "SVENDTC", "", "2013-04"),
    ]
    assert found({"sv": this}, {"sv": other.iloc[::-1]}) == told
    assert found({"sv": this.iloc[::-1]}, {"sv": other}) == told[::-1]


def test_a_qualifier_is_told_by_its_parent_and_name() -> None:
    other = pd.DataFrame({"USUBJID": P1, "IDVARVAL": ["1", "2"], "QNAM": "AETRTEM", "QVAL": ["Y", "N"]})
    this = other.assign(QVAL=["Y", "Y"])
    assert found({"suppae": this}, {"suppae": other}) == [(f"suppae/{P1}/2/AETRTEM", "changed", "QVAL", "N", "Y")]


def test_a_trial_level_dataset_needs_no_participant() -> None:
    other = pd.DataFrame({"TSPARMCD": ["ADDON", "AGEMAX"], "TSSEQ": [1.0, 1.0], "TSVAL": ["N", "P80Y"]})
    this = other.assign(TSVAL=["Y", "P80Y"])
    assert found({"ts": this}, {"ts": other}) == [("ts/ADDON/1", "changed", "TSVAL", "N", "Y")]
    assert found({"oi": this}, {"oi": other}) == [("oi", "changed", "TSVAL", "N", "Y")]


def test_the_given_frames_stay_as_they_are() -> None:
    this, other = ae((P1, 1.0, "MILD")), ae((P1, 1.0, "SEVERE"), (P2, 1.0, None))
    copies = this.copy(), other.copy()
    compare_records({"ae": this}, {"ae": other})
    pd.testing.assert_frame_equal(this, copies[0])
    pd.testing.assert_frame_equal(other, copies[1])


def test_sixty_thousand_records_of_23_columns_are_compared_within_seconds() -> None:
    rows = range(60_000)
    frame = pd.DataFrame({"USUBJID": [f"01-{row // 240:03d}" for row in rows], "LBSEQ": [float(row) for row in rows]})
    frame = frame.assign(**{f"T{number}": [f"{row % 97}" for row in rows] for number in range(15)})
    frame = frame.assign(**{f"N{number}": [float(row % 89) for row in rows] for number in range(6)})
    start = time.monotonic()
    changes = compare_records({"lb": frame.assign(N1=frame["N1"] + 1)}, {"lb": frame})
    assert time.monotonic() - start < 10
    assert (len(changes), set(changes["VARIABLE"])) == (60_000, {"N1"})
