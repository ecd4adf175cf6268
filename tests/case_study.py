"""The invented study ZZ1: small transfers, each with one thing in it that was once answered wrongly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from cutbook.data.checks.content import blank_impossible_dates, check_datasets
from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.data.transfer.sources import Part, read_part
from cutbook.derive import Frames
from cutbook.errors import Fault
from cutbook.parameters.study import Study

CUTOFF = "2021-06-30"


@dataclass(frozen=True)
class CaseStudy:
    """A transfer as read, and the study it belongs to."""

    study: Study
    datasets: Mapping[str, pd.DataFrame]
    cutoff: str = CUTOFF

    @cached_property
    def checked(self) -> tuple[list[Fault], pd.DataFrame]:
        faults, issues = check_datasets(self.datasets, self.study)
        return faults, pd.concat([issues, blank_impossible_dates(self.datasets)[1]], ignore_index=True)

    @property
    def faults(self) -> list[str]:
        return [str(fault) for fault in self.checked[0]]

    @property
    def issues(self) -> pd.DataFrame:
        return self.checked[1]

    @property
    def findings(self) -> list[str]:
        return self.issues["FINDING"].tolist()

    @cached_property
    def cut(self) -> CutDatasets:
        return apply_cut(blank_impossible_dates(self.datasets)[0], self.study.data_cut, self.cutoff)

    @cached_property
    def frames(self) -> Frames:
        return Frames(self.cut.datasets, self.study, self.cutoff)

    def with_columns(self, dataset: str, **columns: Any) -> CaseStudy:
        """Return the case with other columns in one dataset."""
        changed = self.datasets[dataset].assign(**columns)
        return CaseStudy(self.study, {**self.datasets, dataset: changed}, self.cutoff)


def read_case(cases: Path, name: str, **changes: Any) -> CaseStudy:
    """Return a case by the name of its folder; ``changes`` replace keys of sections of the study file."""
    folder = cases / name
    settings = yaml.safe_load((cases / "study-of-today.yaml").read_text(encoding="utf-8"))
    for key, value in changes.items():
        settings[key] = {**settings.get(key, {}), **value} if isinstance(value, dict) else value
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    study = Study.model_validate(settings | {"id": manifest["study"]})
    part = Part(folder, folder / "manifest.json", manifest["transfer"])
    return CaseStudy(study, read_part(study, part, is_unverified_allowed=False).datasets)


def row_of(frame: pd.DataFrame, participant: str) -> pd.Series:
    """Return the one row of a participant."""
    rows = frame[frame["USUBJID"].eq(participant)]
    assert len(rows) == 1
    return rows.iloc[0]
