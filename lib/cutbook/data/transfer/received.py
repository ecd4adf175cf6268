"""The table of data received: one row a file of the transfer."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cutbook.data.wording import printable
from cutbook.dates import latest_date

COLUMNS = ("DATASET", "FILE", "ROWS", "PARTICIPANTS", "LATEST", "SHA256", "VERDICT")


@dataclass(frozen=True)
class ReceivedFile:
    """One file: dataset (empty when unknown), path, SHA-256, stated rows, what was done with it, and its records."""

    dataset: str
    path: str
    sha256: str
    rows: int | None
    verdict: str
    frame: pd.DataFrame | None = None


def received_table(files: list[ReceivedFile]) -> pd.DataFrame:
    """Return what was received, one row a file in the order given.

    Returns
    -------
    frame
        DATASET (lower case; empty when unknown) · FILE path in the transfer · ROWS, PARTICIPANTS Int64, missing when
        the file was not read and nothing states them · LATEST last collected date, ISO 8601 text, empty when there is
        none · SHA256 · VERDICT what was done with the file.
    """
    rows = [
        {
            "DATASET": file.dataset,
            "FILE": printable(file.path),
            "ROWS": file.rows if file.frame is None else len(file.frame),
            "PARTICIPANTS": None if file.frame is None else _participants(file.frame),
            "LATEST": "" if file.frame is None else latest_collection(file.frame),
            "SHA256": file.sha256,
            "VERDICT": file.verdict,
        }
        for file in files
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    counts = {"ROWS": "Int64", "PARTICIPANTS": "Int64"}
    return table.astype({name: counts.get(name, "str") for name in COLUMNS})


def latest_collection(frame: pd.DataFrame) -> str:
    """Return the last date of any --DTC variable, or of any numeric date where there is no such variable.

    Impossible dates do not count; empty when there is no date.
    """
    texts = [frame[name] for name in frame.columns if name.endswith("DTC") and frame[name].dtype == "str"]
    if texts:
        return latest_date(pd.concat(texts, ignore_index=True))
    dates = frame.select_dtypes("datetime64").max()
    return "" if dates.isna().all() else f"{dates.max():%Y-%m-%d}"


def _participants(frame: pd.DataFrame) -> int | None:
    return int(frame["USUBJID"].nunique()) if "USUBJID" in frame else None
