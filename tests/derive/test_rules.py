"""Ordered rules and the columns of records."""

from __future__ import annotations

import doctest
import importlib

import pandas as pd
import pytest

from cutbook.derive.records import meets, number_column, record_keys, text_column
from cutbook.derive.rules import first_match
from derive.cases import table, texts

MODULES = ("records", "rules", "findings", "concentrations", "adpc")


def test_the_first_rule_that_applies_decides():
    score = pd.Series([1, 5, 9])
    decided = first_match([(score > 3, "second"), (score > 7, "never")], pd.Series("none", score.index, dtype="str"))
    assert decided.tolist() == ["none", "second", "second"]


def test_a_column_that_was_not_delivered_is_missing_throughout():
    frame = table("USUBJID", ("01",), ("02",))
    assert texts(text_column(frame, "ARMNRS")) == [None, None]
    assert number_column(frame, "AGE").isna().all()


def test_blank_text_is_missing_and_whole_numbers_have_no_decimals_as_text():
    frame = table("SITEID SUBJID", ("", 7.0), ("NA", None))
    assert texts(text_column(frame, "SITEID")) == [None, "NA"]
    assert texts(text_column(frame, "SUBJID")) == ["7", None]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, [True, True, True]),
        ({"VSPOS": ["SUPINE"]}, [True, False, False]),
        ({"VSPOS": ["SUPINE", ""]}, [True, False, True]),
        ({"VISITNUM": ["3"]}, [True, True, False]),
        ({"VISITNUM": ["3.0", ""], "VSPOS": ["SITTING"]}, [False, True, False]),
        ({"VSLOC": ["ARM"]}, [False, False, False]),
    ],
)
def test_a_selection_compares_text_and_numbers_and_accepts_missing_values_only_when_told(where, expected):
    frame = table("VSPOS VISITNUM", ("SUPINE", 3.0), ("SITTING", 3.0), (None, None))
    assert meets(frame, where).tolist() == expected


def test_a_key_names_dataset_participant_and_sequence_number_or_else_the_row_in_the_file():
    frame = table("USUBJID AESEQ", ("01-701-1015", 3.0), ("01-701-1023", None)).set_axis([4, 9])
    assert record_keys(frame, "ae").tolist() == ["ae/01-701-1015/3", "ae/01-701-1023/row 10"]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_documentation_hold(name):
    module = importlib.import_module(f"cutbook.derive.{name}")
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
