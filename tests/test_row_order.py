"""The order of rows in the files of a transfer decides nothing: no key, no flag and no mark of a change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from cutbook.data.checks.content import blank_impossible_dates
from cutbook.data.comparing.changes import compare_records
from cutbook.data.comparing.past import past_changes
from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.data.staging.topics import with_topics
from cutbook.data.transfer.sources import Part, read_part
from cutbook.derive import derive_adae, derive_adsl, derive_findings
from cutbook.parameters.study import Study
from cutbook.records import record_keys, sequence_variable

THEN, NOW = "2021-03-20", "2021-06-30"
CASES = ("base", "replicates-and-positions")
OTHER_CASES = (
    "age-in-months",
    "below-limit-in-words",
    "date-intervals",
    "deaths-disagree",
    "duplicate-ex",
    "end-before-start",
    "grades-as-severity",
    "midnight",
    "no-ecg",
    "padded-text",
    "treated-without-entry",
    "two-drugs",
    "units-of-dose",
)
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Case:
    """A small transfer and the study it belongs to."""

    study: Study
    datasets: Frames

    def cut(self, datasets: Frames, cutoff: str) -> CutDatasets:
        return apply_cut(datasets, self.study.data_cut, cutoff)


@pytest.fixture(scope="module", params=[*CASES, *(pytest.param(name, marks=pytest.mark.slow) for name in OTHER_CASES)])
def case(request, shared: Path) -> Case:
    return read_case(shared / "cases", request.param)


@pytest.fixture(scope="module")
def base(shared: Path) -> Case:
    return read_case(shared / "cases", "base")


def read_case(cases: Path, name: str) -> Case:
    folder = cases / name
    settings = yaml.safe_load((cases / "study-of-today.yaml").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    study = Study.model_validate(settings | {"id": manifest["study"]})
    part = Part(folder, folder / "manifest.json", manifest["transfer"])
    transfer = read_part(study, part, is_unverified_allowed=False)
    return Case(study, blank_impossible_dates(transfer.datasets)[0])


def shuffled(datasets: Frames) -> dict[str, pd.DataFrame]:
    """Return the datasets with the rows of each in another order."""
    order = np.random.default_rng(20210630)
    return {name: frame.iloc[order.permutation(len(frame))].reset_index(drop=True) for name, frame in datasets.items()}


def without_numbers(datasets: Frames) -> dict[str, pd.DataFrame]:
    """Return the datasets without their sequence numbers, so that content must tell the records apart."""
    numbers = {name: sequence_variable(name, frame.columns) for name, frame in datasets.items()}
    return {name: frame.drop(columns=[numbers[name]] if numbers[name] else []) for name, frame in datasets.items()}


def told(frame: pd.DataFrame, *left_out: str) -> list[str]:
    """Return the rows as text, in an order of their own."""
    texts = frame.drop(columns=list(left_out)).astype("str").fillna("")
    return sorted(" | ".join(row) for row in texts.to_numpy().tolist())


def by_key(datasets: Frames) -> list[str]:
    """Return key and content of every record."""
    return [row for name, frame in datasets.items() for row in told(frame.assign(KEY=record_keys(name, frame)))]


@pytest.mark.parametrize("numbered", [True, False])
def test_a_record_keeps_its_key_wherever_it_stands_in_its_file(case: Case, numbered: bool) -> None:
    datasets = case.datasets if numbered else without_numbers(case.datasets)
    assert by_key(shuffled(datasets)) == by_key(datasets)


@pytest.mark.parametrize("numbered", [True, False])
def test_no_two_records_of_a_dataset_share_a_key(case: Case, numbered: bool) -> None:
    datasets = case.datasets if numbered else without_numbers(case.datasets)
    assert all(record_keys(name, frame).is_unique for name, frame in datasets.items())


@pytest.mark.parametrize("numbered", [True, False])
def test_the_cut_tells_the_same_of_every_record(case: Case, numbered: bool) -> None:
    datasets = case.datasets if numbered else without_numbers(case.datasets)
    cuts = [case.cut(frames, THEN) for frames in (datasets, shuffled(datasets))]
    for tables in zip(*((cut.removed, cut.modified, cut.kept) for cut in cuts), strict=True):
        assert told(tables[0], "ROW") == told(tables[1], "ROW")


@pytest.mark.parametrize("numbered", [True, False])
def test_analysis_records_keep_keys_and_flags(case: Case, numbered: bool) -> None:
    datasets = case.datasets if numbered else without_numbers(case.datasets)
    first, second = (derived(case, frames) for frames in (datasets, shuffled(datasets)))
    assert first == second


def derived(case: Case, datasets: Frames) -> dict[str, list[str]]:
    cut = case.cut(datasets, NOW).datasets
    adsl = derive_adsl(cut, case.study, NOW)
    frames = {"adsl": adsl, "adae": derive_adae(cut, adsl, case.study)}
    frames |= {family.id: derive_findings(cut, adsl, family, case.study) for family in case.study.findings}
    assert all(frame["KEY"].is_unique for frame in frames.values())
    return {name: told(frame) for name, frame in frames.items()}


@pytest.mark.parametrize("numbered", [True, False])
def test_the_same_records_are_marked_as_new_or_changed(case: Case, base: Case, numbered: bool) -> None:
    now, then = (item.datasets if numbered else without_numbers(item.datasets) for item in (case, base))
    assert told(compare_records(shuffled(now), then)) == told(compare_records(now, then))
    assert told(compare_records(now, shuffled(then))) == told(compare_records(now, then))
    assert compare_records(shuffled(now), now).empty


@pytest.mark.parametrize("numbered", [True, False])
def test_the_same_past_changed(case: Case, base: Case, numbered: bool) -> None:
    now, then = (item.datasets if numbered else without_numbers(item.datasets) for item in (case, base))
    this, again = (case.cut(datasets, NOW) for datasets in (now, shuffled(now)))
    before, earlier = (case.cut(datasets, THEN) for datasets in (then, shuffled(then)))
    assert past(case, again, before) == past(case, this, earlier) == past(case, this, before)


def past(case: Case, this: CutDatasets, before: CutDatasets) -> list[str]:
    changes = past_changes(this, before, case.study.data_cut, THEN)
    return told(with_topics(changes, this.datasets, before.datasets))
