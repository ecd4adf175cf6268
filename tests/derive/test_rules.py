"""Ordered rules and the columns of records."""

from __future__ import annotations

import doctest
import importlib

import pandas as pd
import pytest

from cutbook.columns import first_match, number_column, text_column
from derive.cases import table, texts

MODULES = (
    "columns", "derive.concentrations.limits", "data.checks.sampling.planned_times",
)  # fmt: skip


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


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_documentation_hold(name):
    module = importlib.import_module(f"cutbook.{name}")
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
