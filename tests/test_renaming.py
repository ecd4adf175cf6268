"""Mending the words of a study file between two cuts moves nothing: no number, no mark, no signal, no address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cutbook.notebook.report import Report
from cutbook.notebook.signals import completeness, signals
from cutbook.parameters.study import Study
from cutbook.parameters.study.published import read_published
from cutbook.results.table import WORD_COLUMNS
from reported import after, reported

pytestmark = pytest.mark.slow

REPORTS = ("safety", "pharmacokinetics", "efficacy")
WORDS = {"title", "label", "total_active", "total", "safety_text", "efficacy_text", "pk_text", "randomised_text"}
MARK = re.compile(r"<b\b[^>]*>.*?</b>|<del\b[^>]*>.*?</del>", re.DOTALL)
ADDRESS = re.compile(r"""\b(?:id|href|data-[a-z-]+)=("(?!data:)[^"]*"|[^\s>"]+)""")
HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
COLUMN = re.compile(r"<th\b[^>]*\bdata-g=([^\s>]+).*?</th>", re.DOTALL)


def by_code(head: re.Match[str]) -> str:
    """Return a table's head with its columns in the order of their codes: words decide which stand under one name."""
    columns = sorted(COLUMN.finditer(head[0]), key=lambda column: column[1])
    return COLUMN.sub("", head[0]) + "".join(column[0] for column in columns)


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where in a study file a word stands that a reader sees and that names something."""
    if isinstance(tree, str) and (path[-1] in WORDS or "levels" in path):
        yield path
    for name, part in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from places(part, (*path, name))


def renamed(file: Mapping[str, Any], words: Mapping[tuple[Any, ...], str], path: tuple[Any, ...] = ()) -> Any:
    """Return a study file with other words in these places."""
    if isinstance(file, dict):
        return {name: renamed(part, words, (*path, name)) for name, part in file.items()}
    if isinstance(file, list):
        return [renamed(part, words, (*path, name)) for name, part in enumerate(file)]
    return words.get(path, file)


@pytest.fixture(scope="module")
def file(project: Path) -> dict[str, Any]:
    """Return the study file of the virtual trial as it is written."""
    folder = project / "parameters/tofersen"
    tree = yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8"))
    tree["reproduction"]["numbers"] = read_published(folder / "published.csv", "published.csv")
    return tree


@pytest.fixture(scope="module")
def shown_with(staged) -> Callable[[Study], dict[str, Any]]:
    """Return what gives all that may not move of the second cut, the first one published with the words as they are."""
    published = {name: Report.of(name, staged("C1")).compute() for name in REPORTS}

    def shown(study: Study) -> dict[str, Any]:
        cut = replace(after(staged("C2"), published), study=study)
        return {name: fixed(name, cut) for name in REPORTS}

    return shown


def fixed(name: str, cut: Any) -> dict[str, Any]:
    """Return the results of a report without words, and its marks, signals and addresses."""
    made = reported(name, cut)
    html = HEAD.sub(by_code, "\n".join(one._repr_html_() for one in made.shown[1:-1]))
    return {
        "results": made.results.drop(columns=[*WORD_COLUMNS, "reason"]),
        "marks": MARK.findall(html),
        "addresses": ADDRESS.findall(html),
        "signals": [link for _, link in signals(made.report.page)],
        "completeness": [len(completeness(made.report.page))],
        "moved": [(one.change, one.link) for one in made.report.opening.sentences],
    }


@pytest.fixture(scope="module")
def original(file, shown_with) -> dict[str, Any]:
    """Return what may not move, with the words as they are."""
    return shown_with(Study.model_validate(file))


def test_there_are_marks_signals_and_addresses_to_move(original):
    assert {name: len(found["marks"]) > 20 for name, found in original.items()} == dict.fromkeys(REPORTS, True)
    assert sum(len(found["signals"]) for found in original.values()) > 0
    assert len(original["safety"]["addresses"]) > 1_000


@given(chosen=st.sets(st.integers(0, 400)), rotated=st.integers(0, 4))
@example(chosen=set(range(400)), rotated=0)
@example(chosen=set(), rotated=1)
@settings(max_examples=2, deadline=None, derandomize=True)
def test_words_that_change_between_two_cuts_move_nothing(file, shown_with, original, chosen, rotated):
    all_places = list(places(file))
    arms = [file["treatment"]["arms"][at]["label"] for at in range(5)]
    words = {("treatment", "arms", at, "label"): arms[(at + rotated) % 5] for at in range(5)}
    words |= {path: f"Word {at} as mended" for at, path in enumerate(all_places) if at in chosen}
    found = shown_with(Study.model_validate(renamed(file, words)))
    for name in REPORTS:
        pd.testing.assert_frame_equal(found[name]["results"], original[name]["results"])
        for part in ("marks", "addresses", "signals", "completeness", "moved"):
            pairs = zip_longest(original[name][part], found[name][part])
            assert [pair for pair in pairs if pair[0] != pair[1]][:10] == [], (name, part)
