"""What every room asks of a record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutbook.display.behind.records import participant_of as shown_participant_of
from cutbook.records import (
    key_variables,
    meets,
    participant_of,
    record_keys,
    same_unit,
    sequence_variable,
    shared_keys,
)

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)
SIGNS = st.text("ab/#%,0 1", max_size=8)


def frame(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    """Return records of these columns; text with missing values, or float."""
    made = pd.DataFrame(list(rows), columns=columns.split())
    is_text = {name: any(isinstance(value, str) for value in made[name]) for name in made}
    return made.astype({name: "str" if text else "float64" for name, text in is_text.items()})


@pytest.mark.parametrize(
    ("dataset", "columns", "row", "key"),
    [
        ("dm", "USUBJID AGE", ("01-701", 50.0), "dm/01-701"),
        ("adsl", "USUBJID AGE", ("01-701", 50.0), "adsl/01-701"),
        ("ae", "USUBJID AESEQ AETERM", ("01-701", 3.0, "FALL"), "ae/01-701/3"),
        ("qsal", "USUBJID QSSEQ", ("01-701", 3.0), "qsal/01-701/3"),
        ("apmh", "USUBJID MHSEQ", ("01-701", 3.0), "apmh/01-701/3"),
        ("adlb", "USUBJID LBSEQ ASEQ", ("01-701", 3.0, 7.0), "adlb/01-701/7"),
        ("adlb", "USUBJID SRCSEQ LBSEQ", ("01-701", 3.0, 7.0), "adlb/01-701/7"),
        ("adtte", "USUBJID SRCSEQ", ("01-701", 3.0), "adtte/01-701/3"),
        ("ae", "USUBJID AESEQ AETERM AESTDTC", ("01", None, "FALL", "2014-01"), "ae/01/FALL,2014-01"),
        ("lb", "USUBJID LBTESTCD LBSPEC VISITNUM LBDTC", ("01", "ALT", "SERUM", 3.0, "2014"), "lb/01/ALT,SERUM,3"),
        ("lb", "USUBJID LBTESTCD VISITNUM LBDTC", ("01", "ALT", None, "2014"), "lb/01/ALT,2014"),
        ("vs", "USUBJID VSTESTCD VISITNUM VSTPTNUM", ("01", "SYSBP", 3.0, 2.0), "vs/01/SYSBP,3,2"),
        ("adlb", "USUBJID PARAMCD AVISIT DTYPE", ("01", "ALT", "Week 4", "LOCF"), "adlb/01/ALT,Week 4,LOCF"),
        ("sv", "USUBJID VISITNUM SVSTDTC", ("01", 3.1, "2014-01-03"), "sv/01/3.1"),
        ("relsub", "USUBJID SREL", ("01", "MOTHER"), "relsub/01/#1"),
        ("suppae", "USUBJID IDVARVAL QNAM", ("01", "3 ", "AELPREL"), "suppae/01/3/AELPREL"),
        ("suppae", "USUBJID IDVARVAL QNAM", ("01", None, "AELPREL"), "suppae/01//AELPREL"),
        ("suppdm", "USUBJID IDVARVAL QNAM", ("01", None, "ITT"), "suppdm/01/ITT"),
        ("relrec", "USUBJID RDOMAIN IDVARVAL RELID", ("01", "AE", "3", "R1"), "relrec/01/AE/3/R1"),
        ("relrec", "USUBJID RDOMAIN IDVARVAL RELID", (None, "AE", None, "R1"), "relrec//AE//R1"),
        ("ts", "TSPARMCD TSSEQ TSVAL", ("ADDON", 1.0, "Y"), "ts/ADDON/1"),
        ("oi", "TSVAL", ("Y",), "oi"),
        ("ae", "USUBJID AETERM", ("01/701", "a/b#2 100%"), "ae/01/701/a%2Fb%232 100%25"),
    ],
)
def test_a_key_names_dataset_participant_and_what_tells_the_record_apart(dataset, columns, row, key):
    assert record_keys(dataset, frame(columns, row)).tolist() == [key]


def test_records_of_one_name_are_numbered_by_their_dates_and_then_by_all_their_values():
    visits = frame(
        "USUBJID VISITNUM SVSTDTC SVUPDES",
        ("01", 99.0, "2014-03", "b"),
        ("01", 99.0, "2014-03", "a"),
        ("01", 99.0, "2014-02", "c"),
        ("02", 99.0, "2014-01", "d"),
        ("01", 99.0, None, "e"),
    )
    keys = ["sv/01/99#4", "sv/01/99#3", "sv/01/99#2", "sv/02/99", "sv/01/99"]
    assert record_keys("sv", visits).tolist() == keys
    assert shared_keys("sv", visits).tolist() == ["sv/01/99"] * 3 + ["sv/02/99", "sv/01/99"]


def test_a_later_record_does_not_renumber_the_earlier_ones():
    visits = frame(
        "USUBJID VISITNUM SVSTDTC", ("01", 99.0, "2014-03"), ("01", 99.0, "2014-01"), ("01", 99.0, "2014-02")
    )
    kept = visits[visits["SVSTDTC"] < "2014-03"]
    assert record_keys("sv", kept).tolist() == record_keys("sv", visits).loc[kept.index].tolist()


def test_analysis_records_of_one_collected_record_have_keys_of_their_own():
    values = frame("USUBJID LBSEQ AVISIT AVAL", ("01", 3.0, "Week 8", 1.0), ("01", 3.0, "Week 4", 1.0))
    assert record_keys("adlb", values).tolist() == ["adlb/01/3#2", "adlb/01/3"]


def test_the_columns_may_stand_in_any_order():
    values = frame(
        "USUBJID LBTESTCD LBSPEC LBCAT LBORRES", ("01", "WBC", "CSF", "X", "2"), ("01", "WBC", "CSF", "X", "1")
    )
    assert record_keys("lb", values[values.columns[::-1]]).tolist() == record_keys("lb", values).tolist()


KINDS = {
    "dm": "USUBJID",
    "ae": "USUBJID AESEQ AETERM AESTDTC",
    "lb": "USUBJID LBSEQ LBTESTCD VISITNUM LBDTC LBORRES",
    "sv": "USUBJID VISITNUM SVSTDTC",
    "adlb": "USUBJID LBSEQ PARAMCD AVISIT AVAL",
    "suppae": "USUBJID IDVARVAL QNAM QVAL",
    "suppdm": "USUBJID IDVARVAL QNAM QVAL",
    "relrec": "USUBJID RDOMAIN IDVARVAL RELID",
    "co": "USUBJID COVAL",
}
NUMERIC = ("AESEQ", "LBSEQ", "VISITNUM", "AVAL")


@st.composite
def datasets(draw: st.DrawFn) -> tuple[str, pd.DataFrame]:
    """Return a dataset of few values, so that records share what names them, and its name."""
    name = draw(st.sampled_from(sorted(KINDS)))
    people = st.sampled_from(["1", "1/2", "a/1", "1#2", "2%2F"])
    cells = {
        column: people
        if column == "USUBJID"
        else st.sampled_from([1.0, 2.0, None] if column in NUMERIC else ["1", "1/2", "b#2", None])
        for column in KINDS[name].split()
    }
    rows = draw(st.lists(st.tuples(*cells.values()), min_size=1, max_size=8, unique=name == "dm"))
    made = pd.DataFrame(rows, columns=list(cells))
    return name, made.astype({column: "float64" if column in NUMERIC else "str" for column in cells})


@settings(deadline=None, max_examples=60)
@given(given_dataset=datasets(), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_key(given_dataset, order):
    name, records = given_dataset
    places = list(range(len(records)))
    order.shuffle(places)
    shuffled = records.iloc[places].reset_index(drop=True)
    assert told(name, shuffled) == told(name, records)


def told(name: str, records: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return key and content of each record, in the order of the keys."""
    return sorted(zip(record_keys(name, records), *(records[column].map(str) for column in records), strict=True))


@settings(deadline=None, max_examples=60)
@given(given_dataset=datasets())
def test_no_two_records_share_a_key_and_each_tells_its_participant(given_dataset):
    name, records = given_dataset
    keys = record_keys(name, records)
    assert keys.is_unique
    assert keys.map(participant_of).tolist() == records["USUBJID"].tolist()


@settings(deadline=None)
@given(participant=st.one_of(NAMES, SIGNS), own=st.one_of(NAMES, SIGNS), other=st.one_of(NAMES, SIGNS))
def test_any_name_of_a_participant_can_be_read_from_a_key(participant, own, other):
    named = pd.DataFrame({"USUBJID": [participant], "A": [own], "B": [other]}, dtype="str")
    for dataset, columns in {
        "dm": [],
        "ae": ["AETERM", "AEDECOD"],
        "suppae": ["IDVARVAL", "QNAM"],
        "relrec": ["IDVARVAL", "RELID"],
    }.items():
        (key,) = record_keys(dataset, named.rename(columns=dict(zip("AB", columns, strict=False))))
        assert participant_of(key) == participant


def test_a_record_of_the_trial_is_about_no_participant():
    assert [participant_of(key) for key in ("ts/ADDON/1", "oi", "oi#2")] == ["", "", ""]
    assert shown_participant_of is participant_of


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, [True, True, True]),
        ({"VSPOS": ["SUPINE"]}, [True, False, False]),
        ({"VSPOS": ["SUPINE", ""]}, [True, False, True]),
        ({"VSPOS": []}, [False, False, False]),
        ({"VISITNUM": ["3"]}, [True, True, False]),
        ({"VISITNUM": [""]}, [False, False, True]),
        ({"VISITNUM": ["three"]}, [False, False, False]),
        ({"VISITNUM": ["3.0", ""], "VSPOS": ["SITTING"]}, [False, True, False]),
        ({"VSLOC": ["ARM"]}, [False, False, False]),
        ({"VSLOC": ["ARM", ""]}, [True, True, True]),
    ],
)
def test_a_condition_compares_text_and_numbers_and_accepts_missing_values_only_when_told(where, expected):
    records = frame("VSPOS VISITNUM", ("SUPINE", 3.0), ("SITTING", 3.0), (None, None))
    assert meets(records, where).tolist() == expected


def test_an_empty_text_among_the_values_is_a_missing_one():
    assert meets(pd.DataFrame({"VSPOS": ["", None, "SITTING"]}), {"VSPOS": [""]}).tolist() == [True, True, False]


def test_numbers_of_a_condition_are_those_that_read_the_same():
    records = pd.DataFrame({"VISITNUM": [0.1 + 0.2, 0.3, 0.31, np.nan]})
    assert meets(records, {"VISITNUM": ["0.30"]}).tolist() == [True, True, False, False]


def test_the_answer_to_a_condition_keeps_the_index_and_the_frame_is_left_alone():
    records = pd.DataFrame({"VSPOS": ["SUPINE", None]}, index=[9, 4])
    copy = records.copy()
    assert meets(records, {"VSPOS": [""]}).index.tolist() == [9, 4]
    pd.testing.assert_frame_equal(records, copy)


@pytest.mark.parametrize(
    ("dataset", "columns", "expected"),
    [
        ("ae", ["AESEQ", "USUBJID"], "AESEQ"),
        ("lbch", ["LBSEQ"], "LBSEQ"),
        ("adae", ["AESEQ"], "AESEQ"),
        ("adae", ["AESEQ", "ASEQ"], "ASEQ"),
        ("adtte", ["SRCSEQ", "AESEQ"], "SRCSEQ"),
        ("co", ["VSSEQ", "COSEQ", "AESEQ"], "COSEQ"),
        ("apmh", ["MHSEQ"], "MHSEQ"),
        ("adpc", ["PCSEQ", "VSSEQ"], "PCSEQ"),
        ("sv", ["VISITNUM", "SEQ", "SRCSEQ"], None),
    ],
)
def test_one_variable_numbers_the_records_of_a_dataset_whatever_the_order_of_its_columns(dataset, columns, expected):
    assert sequence_variable(dataset, columns) == expected
    assert sequence_variable(dataset, columns[::-1]) == expected


@pytest.mark.parametrize(
    ("dataset", "columns", "expected"),
    [
        ("dm", "USUBJID", ("USUBJID",)),
        ("ae", "USUBJID AESEQ", ("USUBJID", "AESEQ")),
        ("adae", "USUBJID AESEQ", ("USUBJID", "AESEQ")),
        ("adae", "USUBJID AESEQ ASEQ", ("USUBJID", "ASEQ")),
        ("adlb", "USUBJID LBSEQ", ()),
        ("sv", "USUBJID VISITNUM", ()),
        ("ae", "AESEQ", ()),
    ],
)
def test_what_may_occur_once_only(dataset, columns, expected):
    assert key_variables(dataset, columns.split()) == expected


def test_micro_has_three_spellings_and_one_meaning():
    units = pd.Series(["\N{MICRO SIGN}g/L", "\N{GREEK SMALL LETTER MU}g/L", " ug/L ", "mg/L", "UG/L", None])
    assert same_unit(units).tolist() == ["ug/L", "ug/L", "ug/L", "mg/L", "UG/L", ""]
