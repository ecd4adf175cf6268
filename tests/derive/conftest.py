"""The CDISC pilot study, read once and derived from without a cut."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from cutbook.data.transfer.sources import read_transfer
from cutbook.derive import derive_adae, derive_adeff, derive_adsl
from cutbook.parameters.project import find_project, manifest_file, read_cut, read_study, transfer_folder
from cutbook.parameters.study import Study


@dataclass(frozen=True)
class Pilot:
    """The pilot study with its main analysis datasets."""

    study: Study
    datasets: dict[str, pd.DataFrame]
    adsl: pd.DataFrame
    adae: pd.DataFrame
    adeff: pd.DataFrame


@pytest.fixture(scope="session")
def pilot(project, shared) -> Pilot:
    """Return the pilot study as it was at its end; skip where the shared data are absent."""
    assert shared.is_dir()
    home = find_project(project)
    study, cut = read_study(home, "cdiscpilot01"), read_cut(home, "cdiscpilot01", "final")
    datasets = read_transfer(study, transfer_folder(home, study, cut), manifest_file(home, study, cut)).datasets
    adsl = derive_adsl(datasets, study, cut.cutoff_date)
    adae, adeff = derive_adae(datasets, adsl, study), derive_adeff(datasets, adsl, study)
    return Pilot(study, dict(datasets), adsl, adae, adeff)
