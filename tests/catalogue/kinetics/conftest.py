"""The final cut of the virtual trial, derived, and its files as they were transferred."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.derive import Frames

FILES = {
    "pc": "restricted/pc.xpt", "dm": "restricted/dm.xpt", "is": "restricted/is.xpt", "ex": "ex.xpt", "eg": "eg.xpt",
}  # fmt: skip


@pytest.fixture(scope="session")
def trial(staged):
    """Return the derived datasets, and the study file."""
    cut = staged("DBL")
    return Frames(cut.datasets, cut.study, cut.cut.cutoff_date), cut.study


@pytest.fixture(scope="session")
def raw(project) -> dict[str, pd.DataFrame]:
    """Return transferred files by dataset, read without this package."""
    folder = project / "data" / "tofersen" / "DBL"
    return {name: pd.read_sas(folder / file, encoding="utf-8") for name, file in FILES.items()}
