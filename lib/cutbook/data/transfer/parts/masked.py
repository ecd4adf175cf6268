"""The open part of a transfer as a blinded run reads it: no allocation in it, and behind its mask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from cutbook.data.masking.mask import mask_datasets
from cutbook.data.transfer.parts.restricted_checks import open_faults
from cutbook.data.transfer.sources import Transfer, read_transfer
from cutbook.errors import BlindingError, Fault
from cutbook.parameters.study import Study

_COUNTS = ["ROWS", "PARTICIPANTS", "LATEST"]


def read_open_transfer(study: Study, folder: Path, manifest: Path, *, is_unverified_allowed: bool) -> Transfer:
    """Return the open part of a transfer, nothing of the restricted part opened or listed.

    Raises
    ------
    DataError
        Anything is wrong with the open part; all faults at once.
    BlindingError
        It holds what is restricted. The message names dataset and variable alone: whose record it is would tell.
    """
    opened = read_transfer(study, folder, manifest, is_unverified_allowed=is_unverified_allowed)
    rules = study.sources.restricted
    faults = open_faults(opened, rules) if rules else []
    if faults:
        raise BlindingError([*dict.fromkeys(map(_untelling, faults))])
    return opened


def masked_transfer(opened: Transfer, study: Study) -> Transfer:
    """Return the open part of a transfer behind its mask, with nothing but hashes of files that it withholds.

    Parameters
    ----------
    opened : Transfer
        As received.
    study : Study
        As blinded reports know it.

    Raises
    ------
    DataError
        The cohort of a participant is none of the study file.
    """
    datasets = mask_datasets(opened.datasets, study)
    oddities = opened.oddities
    is_known = pd.Series(
        [
            name in datasets and (not variable or variable in datasets[name])
            for name, variable in zip(oddities["DATASET"], oddities["VARIABLE"].fillna(""), strict=True)
        ],
        index=oddities.index,
        dtype="bool",
    )
    labels = {
        name: {variable: words for variable, words in opened.labels.get(name, {}).items() if variable in frame}
        for name, frame in datasets.items()
    }
    received = opened.received
    is_withheld = received["DATASET"].notna() & ~received["DATASET"].isin(list(datasets))
    told = received.assign(**{name: received[name].mask(is_withheld) for name in _COUNTS})
    # Rows are sorted anew, so that a row number of the file says nothing here.
    return replace(
        opened,
        datasets=datasets,
        labels=labels,
        oddities=without_rows(oddities[is_known].reset_index(drop=True)),
        received=told,
    )


def without_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return findings without the row that each stands in: rows behind a mask are not those of the file."""
    return table.assign(ROW=pd.array([pd.NA] * len(table), dtype="Int64"))


def _untelling(fault: Fault) -> Fault:
    found = "restricted data in the open part of the transfer"
    return replace(fault, found=found, row=None, key="")
