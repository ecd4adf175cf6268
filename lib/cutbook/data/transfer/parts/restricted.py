"""The whole of a transfer: its open part, and the restricted part of what could tell the treatment, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cutbook.data.checks.records import issue_table
from cutbook.data.transfer.participants import same_participants
from cutbook.data.transfer.parts.restricted_checks import named_apart, part_faults
from cutbook.data.transfer.sources import Part, Transfer, read_part, read_transfer
from cutbook.errors import DataError, Fault
from cutbook.parameters.project import RESTRICTED_MANIFEST
from cutbook.parameters.study import Study
from cutbook.parameters.study.sources import Restricted
from cutbook.records import key_variables, sequence_variable


def read_whole_transfer(
    study: Study, folder: Path, manifest: Path, restricted: Path | None, *, is_unverified_allowed: bool = False
) -> Transfer:
    """Return a transfer with its restricted part in its place, for an unblinded run and no other.

    Restricted columns are joined to their records one to one by key and stand where the open part has them blank, or
    behind its columns when it leaves them out. Restricted records are appended, and a dataset that lies in both parts
    is sorted by participant and sequence number: its row numbers are then those of the whole. Without a restricted part
    this is :func:`cutbook.data.transfer.sources.read_transfer`.

    Parameters
    ----------
    study : Study
        ``sources.restricted`` says what lies in which part.
    folder, manifest : Path
        The open part.
    restricted : Path or None
        Folder of the restricted part.
    is_unverified_allowed : bool
        Whether parts without a manifest are read.

    Returns
    -------
    Transfer
        ``received`` lists the files of both parts, the restricted ones as ``restricted/dm.xpt``.

    Raises
    ------
    DataError
        Anything is wrong with a part, the parts do not belong together, or the open part holds what is restricted; the
        faults of both parts at once.
    """
    rules = study.sources.restricted
    if rules is None or restricted is None:
        return read_transfer(study, folder, manifest, is_unverified_allowed=is_unverified_allowed)
    part = Part(restricted, restricted / RESTRICTED_MANIFEST, folder.resolve().name)
    opened = _outcome(lambda: read_transfer(study, folder, manifest, is_unverified_allowed=is_unverified_allowed))
    secret = _outcome(lambda: _read_apart(study, rules, part, is_unverified_allowed=is_unverified_allowed))
    if isinstance(opened, DataError) or isinstance(secret, DataError):
        raise DataError([fault for part in (opened, secret) if isinstance(part, DataError) for fault in part.faults])
    opened, secret = _spelt_alike(opened, secret, rules)
    faults = part_faults(opened, secret, rules)
    if faults:
        raise DataError(faults)
    return _whole(opened, secret, rules)


def _outcome(read: Callable[[], Transfer]) -> Transfer | DataError:
    try:
        return read()
    except DataError as error:
        return error


def _read_apart(study: Study, rules: Restricted, part: Part, *, is_unverified_allowed: bool) -> Transfer:
    """Return the restricted part; its faults name the dataset with the folder before it."""
    expected = "the restricted part of the transfer, which an unblinded run reads"
    remedy = "have it put there, or check sources.restricted of the study file"
    try:
        if not part.folder.is_dir():
            raise DataError(Fault(rules.folder, "no such folder", expected, remedy))
    except PermissionError:
        remedy = "ask for access to it, or leave the run to those who have it"
        raise DataError(Fault(rules.folder, "a folder that you may not open", expected, remedy)) from None
    try:
        return read_part(study, part, is_unverified_allowed=is_unverified_allowed)
    except DataError as error:
        raise DataError(named_apart(error.faults, rules)) from None


def _whole(opened: Transfer, secret: Transfer, rules: Restricted) -> Transfer:
    datasets = dict(opened.datasets)
    for name, frame in secret.datasets.items():
        if name in rules.variables:
            datasets[name] = _joined(name, datasets[name], frame, rules.variables[name])
        elif name in rules.whole:
            datasets[name] = frame
        else:
            datasets[name] = _appended(name, datasets[name], frame)
    listed = secret.received.assign(FILE=f"{rules.folder}/" + secret.received["FILE"])
    return Transfer(
        datasets,
        pd.concat([opened.received, listed], ignore_index=True),
        opened.extracted,
        opened.is_verified and secret.is_verified,
        {name: opened.labels.get(name, {}) | secret.labels.get(name, {}) for name in datasets},
        pd.concat([_oddities(opened, rules), _oddities(secret, rules)], ignore_index=True),
        opened.copies,
    )


def _oddities(part: Transfer, rules: Restricted) -> pd.DataFrame:
    """Return the oddities of a part; those of a dataset whose records lie in both parts have no row in the whole."""
    names = part.oddities["DATASET"].str.removeprefix(f"{rules.folder}/")
    return part.oddities.assign(ROW=part.oddities["ROW"].mask(names.isin(list(rules.records)), pd.NA))


def _spelt_alike(opened: Transfer, secret: Transfer, rules: Restricted) -> tuple[Transfer, Transfer]:
    """Return the parts with each participant in the spelling of the open one, their oddities named by part."""
    apart = {f"{rules.folder}/{name}": frame for name, frame in secret.datasets.items()}
    alike, issues = same_participants({**opened.datasets, **apart})
    named = secret.oddities.assign(DATASET=f"{rules.folder}/" + secret.oddities["DATASET"])
    return (
        replace(opened, datasets={name: alike[name] for name in opened.datasets}),
        replace(
            secret,
            datasets={name: alike[f"{rules.folder}/{name}"] for name in secret.datasets},
            oddities=pd.concat([named, issue_table(issues)], ignore_index=True),
        ),
    )


def _joined(name: str, frame: pd.DataFrame, secret: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    key = list(key_variables(name, frame.columns))
    found = frame[key].merge(secret[[*key, *columns]], on=key, how="left", validate="one_to_one")
    return frame.assign(**{column: found[column] for column in columns})


def _appended(name: str, frame: pd.DataFrame, secret: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([frame, secret], ignore_index=True)
    order = ["USUBJID", sequence_variable(name, both.columns)]
    known = [variable for variable in order if variable is not None and variable in both]
    return both.sort_values(known, kind="stable", ignore_index=True) if known else both
