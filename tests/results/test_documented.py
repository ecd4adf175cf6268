"""The page about the results table against the code."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pandas as pd
import pytest

from cutbook import vocabulary
from cutbook.display.look.numbers import with_text
from cutbook.results.compare import CHANGES
from cutbook.results.statistics import STATISTICS
from cutbook.results.table import COLUMNS, KEY_COLUMNS, results_table


@pytest.fixture
def page(project):
    """Return the page."""
    return project / "docs/results.md"


def section(page: Path, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without the line of headings."""
    below = page.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    table = [line for line in below.splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in line.strip("|").split(" | ")] for line in table[2:]]


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Work in a folder that holds a published results table and the records behind it."""
    place = {"display": "D4", "population": "SAFFL", "variable": "SER", "group": "TOF20"}
    words = {"row_words": "Serious event", "group_words": "20 mg"}
    keys = ["ae/S1/3", "ae/S1/4", "ae/S7/1"]
    row = {**place, **words, "statistic": "n", "value": 2, "counts": "all", "keys": keys}
    folder = tmp_path / "outputs/tofersen/DBL/unblinded"
    folder.mkdir(parents=True)
    with_text(results_table([row])).to_parquet(folder / "safety.results.parquet")
    records = pd.DataFrame({"KEY": ["ae/S1/2", *keys], "USUBJID": ["S1", "S1", "S1", "S7"]})
    records.to_parquet(folder / "safety.records.parquet")
    monkeypatch.chdir(tmp_path)


def test_every_column_is_documented_in_order_with_its_type_and_whether_it_is_a_key(page):
    table = results_table([{"display": "D4", "statistic": "n", "value": 1.0}])
    documented = [(name, dtype, key) for name, dtype, key, *_ in section(page, "Columns")]
    assert documented == [(name, str(table[name].dtype), "yes" if name in KEY_COLUMNS else "no") for name in COLUMNS]


def test_every_column_has_a_meaning_and_a_rule_for_missing_values(page):
    assert {len(row) for row in section(page, "Columns")} == {5}
    assert [row for row in section(page, "Columns") if not all(row)] == []


def rounding(statistic):
    """Return how a statistic of the register becomes text, in the words of the page."""
    if statistic.is_count:
        return "whole"
    if statistic.is_p:
        return "4, never as 0 or 1"
    if statistic.decimals is not None:
        return str(statistic.decimals)
    if statistic.extra is None:
        return "3 figures"
    return f"data + {statistic.extra}" if statistic.extra else "data"


def test_every_statistic_of_the_register_is_documented_in_order_and_no_other(page):
    documented = [tuple(row) for row in section(page, "Statistics")]
    assert documented == [(name, one.words, rounding(one)) for name, one in STATISTICS.items()]


def test_every_way_of_counting_is_documented(page):
    ways = {value for name, value in vars(vocabulary).items() if name.startswith("COUNTS_")}
    assert {name for name, *_ in section(page, "What a count counted")} == ways


def test_every_class_of_change_is_documented(page):
    text = page.read_text(encoding="utf-8").split("## What changed")[1].split("## The past")[0]
    assert set(re.findall(r"^\| `([\w ]+)` \|", text, flags=re.MULTILINE)) == set(CHANGES)


@pytest.mark.usefixtures("published")
def test_the_examples_in_the_documentation_of_results_hold(page):
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert (failed, tried) == (0, 17)
