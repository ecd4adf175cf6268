"""The mask: the open part of a transfer as blinded reports may read it, all else withheld by default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.masking.selected import is_selected
from cutbook.errors import DataError, Fault
from cutbook.parameters.study import Study
from cutbook.parameters.study.blinding.masked import allowed_in
from cutbook.parameters.study.blinding.policy import Blinding
from cutbook.records import meets

_ARMS = ("ARMCD", "ARM", "ACTARMCD", "ACTARM")
_PARTICIPANT = "USUBJID"


def mask_datasets(datasets: Mapping[str, pd.DataFrame], study: Study) -> dict[str, pd.DataFrame]:
    """Return the datasets of blinded reports: allowed variables of allowed records, cohorts in the place of arms.

    Whatever the list does not name is left out, whether it could tell the treatment or not. Rows are sorted by
    participant, so that their order tells nothing, and those without a participant stand as they are.

    Parameters
    ----------
    datasets : mapping of str to frame
        The open part of a transfer.
    study : Study
        The study file as blinded reports know it (see :func:`cutbook.parameters.study.blinding.masked.blinded_study`).

    Raises
    ------
    DataError
        The cohort of a participant is none of the study file.
    """
    blinding = _blinding_of(study)
    masked = {}
    for name, frame in datasets.items():
        kept = _variables(name, frame, study, blinding)
        if kept:
            rows = is_selected(name, frame, study) & ~_is_restricted(name, frame, study)
            masked[name] = _resorted(frame.loc[rows, kept])
    if "dm" in masked:
        masked["dm"] = _with_cohorts(masked["dm"], datasets, study)
    return masked


def _blinding_of(study: Study) -> Blinding:
    if study.blinding is None or not study.is_masked:
        raise ValueError("the study file is not that of blinded reports")
    return study.blinding


def _variables(name: str, frame: pd.DataFrame, study: Study, blinding: Blinding) -> list[str]:
    """Return the variables of a dataset that may be read, in their order; none of one that is withheld whole."""
    restricted = study.sources.restricted
    denied = blinding.withhold.get(name)
    if denied == [] or (restricted and name in restricted.whole):
        return []
    allowed = allowed_in(name, blinding)
    secret = {*_ARMS, *(denied or ()), *(restricted.variables.get(name, ()) if restricted else ())}
    return [str(column) for column in frame if column in allowed - secret]


def _is_restricted(name: str, frame: pd.DataFrame, study: Study) -> pd.Series:
    where = study.sources.restricted.records.get(name) if study.sources.restricted else None
    return meets(frame, where) if where else pd.Series(False, index=frame.index)


def _resorted(frame: pd.DataFrame) -> pd.DataFrame:
    if _PARTICIPANT not in frame:
        return frame.reset_index(drop=True)
    numbers = [str(column) for column in frame if str(column).endswith("SEQ")]
    ordered: pd.DataFrame = frame.sort_values([_PARTICIPANT, *numbers], kind="stable", ignore_index=True)
    return ordered


def _with_cohorts(dm: pd.DataFrame, datasets: Mapping[str, pd.DataFrame], study: Study) -> pd.DataFrame:
    """Return DM with the cohort of each participant as planned and actual arm, blank where there is none."""
    blinding = _blinding_of(study)
    known = dict(_cohorts(datasets, blinding))
    codes = [cohort.code for cohort in blinding.cohorts]
    code = dm[_PARTICIPANT].map(known).astype("str")
    odd = code.notna() & ~code.isin(codes)
    if odd.any():
        source, first = blinding.cohort, int(odd.to_numpy().argmax())
        found, remedy = repr(str(code.iloc[first])), "add it to blinding.cohorts of the study file"
        whose = str(dm[_PARTICIPANT].iloc[first])
        raise DataError(Fault(source.dataset, found, f"one of {', '.join(codes)}", remedy, source.variable, key=whose))
    label = code.map({cohort.code: cohort.label for cohort in blinding.cohorts}).astype("str")
    return dm.assign(ARMCD=code, ARM=label, ACTARMCD=code, ACTARM=label)


def _cohorts(datasets: Mapping[str, pd.DataFrame], blinding: Blinding) -> Iterator[tuple[str, str]]:
    source = blinding.cohort
    frame = datasets.get(source.dataset, pd.DataFrame())
    if source.dataset == "dm":
        values = frame.get(source.variable, pd.Series(dtype="str"))
    else:
        frame = frame[meets(frame, {"QNAM": [source.variable]})]
        values = frame["QVAL"] if "QVAL" in frame else pd.Series(dtype="str")
    known = values.notna()
    yield from zip(frame.loc[known, _PARTICIPANT], values[known], strict=True)
