"""The transfer of one cut, read whole, checked and with its impossible dates counted as missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from cutbook.data.checks.content import blank_impossible_dates, check_datasets
from cutbook.data.checks.weights import stopping_faults, weighed
from cutbook.data.transfer.audience import refuse_class
from cutbook.data.transfer.defaults.values import with_defaults
from cutbook.data.transfer.others import unread_faults
from cutbook.data.transfer.parts.masked import masked_transfer, read_open_transfer, without_rows
from cutbook.data.transfer.parts.restricted import read_whole_transfer
from cutbook.data.transfer.sources import Transfer
from cutbook.errors import DataError, Fault
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, manifest_file, restricted_folder, transfer_folder
from cutbook.parameters.study import Study
from cutbook.parameters.study.blinding.masked import study_for


@dataclass(frozen=True)
class CheckedTransfer:
    """A transfer that passed its checks.

    Attributes
    ----------
    datasets : dict of str to frame
        Its datasets by lower-case name; an impossible date is missing.
    issues : frame
        What was found odd and did not stop the run, by weight (see :func:`cutbook.data.checks.weights.weighed`).
    received : frame
        One row a file of the transfer.
    extracted : str
        Date the sender extracted the data; empty when not stated.
    is_verified : bool
        It came with a manifest.
    copies : int
        How many times it holds a simulated trial; 1: the trial itself.
    """

    datasets: dict[str, pd.DataFrame]
    issues: pd.DataFrame
    received: pd.DataFrame
    extracted: str
    is_verified: bool
    copies: int


def read_cut_transfer(project: Project, study: Study, cut: CutParameters, *, is_unverified_allowed: bool) -> Transfer:
    """Return the transfer of a cut as its class may read it, and the study file's defaults where it is blank.

    Of an unblinded cut that is the whole transfer, its restricted part in its place. Of a blinded one it is the open
    part behind its mask; the restricted part is not opened, listed or asked for.

    Raises
    ------
    BlindingError
        A class that may not be rendered, before anything is read.
    ParameterError
        A default of the study file cannot be used.
    DataError
        The transfer is missing or has faults; all of them at once.
    """
    refuse_class(cut.audience)
    known = study_for(study, cut.audience)
    folder, manifest = transfer_folder(project, study, cut), manifest_file(project, study, cut)
    if known.is_masked:
        opened = read_open_transfer(known, folder, manifest, is_unverified_allowed=is_unverified_allowed)
        return masked_transfer(with_defaults(opened, known), known)
    apart = restricted_folder(project, study, cut)
    whole = read_whole_transfer(study, folder, manifest, apart, is_unverified_allowed=is_unverified_allowed)
    return with_defaults(whole, study)


def read_checked_transfer(
    project: Project, study: Study, cut: CutParameters, *, is_unverified_allowed: bool
) -> CheckedTransfer:
    """Return the transfer of a cut after checking it.

    Raises
    ------
    BlindingError
        A class that may not be rendered, before anything is read.
    DataError
        The transfer is missing or has faults; all of them at once.
    """
    transfer = read_cut_transfer(project, study, cut, is_unverified_allowed=is_unverified_allowed)
    study = study_for(study, cut.audience)
    try:
        checked = _checked(transfer, study)
    except DataError as error:
        raise DataError([_as_told(fault, study) for fault in error.faults]) from None
    # The rows of masked datasets are not those of the files.
    return replace(checked, issues=without_rows(checked.issues)) if study.is_masked else checked


def _as_told(fault: Fault, study: Study) -> Fault:
    return replace(fault, row=None) if study.is_masked else fault


def _checked(transfer: Transfer, study: Study) -> CheckedTransfer:
    faults, issues = check_datasets(transfer.datasets, study)
    absent = [name for name in study.sources.required if name not in transfer.datasets]
    found = weighed(pd.concat([transfer.oddities, issues], ignore_index=True), study.oddities)
    _refuse([*faults, *unread_faults(transfer.received, absent), *stopping_faults(found)])
    dated, date_issues = blank_impossible_dates(transfer.datasets)
    listed = weighed(pd.concat([found, date_issues], ignore_index=True), study.oddities)
    _refuse(stopping_faults(listed))
    stated = (transfer.extracted, transfer.is_verified, transfer.copies)
    return CheckedTransfer(dated, listed, transfer.received, *stated)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise DataError(faults)
