"""One simulation for all tests of the virtual trial, and its datasets as frames."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from cutbook.parameters.project import Project, read_study
from cutbook.parameters.study import Study
from cutbook.records import record_keys
from virtual_trial.simulate import simulate
from virtual_trial.split import RESTRICTED_VARIABLES

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")
ARMS = ("PBO", "TOF20", "TOF40", "TOF60", "TOF100")

Read = Callable[[str, str], pd.DataFrame]


@pytest.fixture(scope="session")
def study(project: Path) -> Study:
    """Return the study file of the trial."""
    return read_study(Project(project), "tofersen")


@pytest.fixture(scope="session")
def transfers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the transfers of all cuts."""
    folder = tmp_path_factory.mktemp("tofersen")
    simulate(folder)
    return folder


@pytest.fixture(scope="session")
def read(transfers: Path) -> Read:
    """Return a function that reads a dataset of a cut with its restricted part in its place.

    Text is never missing, a dataset without rows is empty.
    """
    known: dict[tuple[str, str], pd.DataFrame] = {}

    def of(cut: str, dataset: str) -> pd.DataFrame:
        if (cut, dataset) not in known:
            opened, secret = (xport(folder / f"{dataset}.xpt") for folder in (transfers / cut, apart(transfers / cut)))
            known[(cut, dataset)] = together(dataset, opened, secret)
        return known[(cut, dataset)]

    return of


def apart(folder: Path) -> Path:
    """Return the folder of the restricted part of a transfer."""
    return folder / "restricted"


def xport(path: Path) -> pd.DataFrame:
    """Return the rows of a file, an empty frame when there is none."""
    return pyreadstat.read_xport(path)[0] if path.exists() else pd.DataFrame()


def together(dataset: str, opened: pd.DataFrame, secret: pd.DataFrame) -> pd.DataFrame:
    """Return both parts of a dataset as one."""
    if opened.empty or secret.empty:
        return secret if opened.empty else opened
    number = f"{dataset.upper()}SEQ"
    if dataset not in RESTRICTED_VARIABLES:
        return pd.concat([opened, secret]).sort_values(["USUBJID", number], ignore_index=True)
    hidden = list(RESTRICTED_VARIABLES[dataset])
    key = [name for name in ("USUBJID", number) if name in opened]
    return opened.drop(columns=hidden).merge(secret[[*key, *hidden]], on=key)[list(opened)]


@pytest.fixture(scope="session")
def keyed(read: Read) -> Read:
    """Return a function that reads a dataset of a cut, its rows named by the key that the reports give a record."""
    known: dict[tuple[str, str], pd.DataFrame] = {}

    def of(cut: str, dataset: str) -> pd.DataFrame:
        if (cut, dataset) not in known:
            frame = read(cut, dataset)
            known[(cut, dataset)] = frame.set_axis(record_keys(dataset, frame)) if len(frame) else frame
        return known[(cut, dataset)]

    return of


@pytest.fixture(scope="session")
def final(read: Read) -> Callable[[str], pd.DataFrame]:
    """Return a function that reads a dataset of the final lock, with the arm of the participant in ``ARM_``."""
    arms = read("DBL", "dm").set_index("USUBJID")["ACTARMCD"]

    def of(dataset: str) -> pd.DataFrame:
        frame = read("DBL", dataset)
        return frame.assign(ARM_=frame["USUBJID"].map(arms))

    return of


@pytest.fixture(scope="session")
def planted(transfers: Path) -> dict[str, dict[str, Any]]:
    """Return the planted items by name."""
    listed = json.loads((transfers / "planted.json").read_text("utf-8"))
    return {entry["item"]: entry for entry in listed["items"]}


@pytest.fixture(scope="session")
def changes(transfers: Path) -> list[dict[str, Any]]:
    """Return the expected changes from each cut to the next."""
    return list(json.loads((transfers / "expected_changes.json").read_text("utf-8"))["steps"])
