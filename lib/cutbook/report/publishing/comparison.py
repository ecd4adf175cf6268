"""What changed between two cuts: in their results as published, and in the records of their transfers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from cutbook.data.comparing.changes import compare_records
from cutbook.data.transfer.audience import refuse_class, refuse_reader
from cutbook.data.transfer.checked import read_cut_transfer
from cutbook.data.wording import printable
from cutbook.errors import DataError, Fault
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.study import Study
from cutbook.published.folders import Place
from cutbook.report.publishing.orders import Order, read_parameters
from cutbook.results.compare import CHANGES, compare_results
from cutbook.results.table import KEY_COLUMNS

PARTS = ("results", "records")
"""What can be compared."""

MOST_FIELDS = 20
"""Changed fields of a dataset that are told one by one; the others are counted."""

_SUFFIX = ".results.parquet"
_RECORD_CHANGES = ("new", "changed", "removed")


@dataclass(frozen=True)
class Comparison:
    """What changed from one cut to another.

    Attributes
    ----------
    parts : tuple of str
        What was asked for, of ``PARTS``.
    results : frame or None
        REPORT and the columns of ``compare_results``, unchanged statistics left out; None when not to be had.
    obstacle : str
        Why there are no results to compare; empty when there are.
    records : frame or None
        As ``compare_records`` returns it; None when not asked for.
    """

    parts: tuple[str, ...]
    results: pd.DataFrame | None = None
    obstacle: str = ""
    records: pd.DataFrame | None = None


def compare_cuts(this: Order, other_cut: str, parts: tuple[str, ...] = PARTS) -> Comparison:
    """Return what changed from another cut of the study to this one.

    Parameters
    ----------
    this : Order
        The cut read now; its class, output root, and whether a transfer without a manifest is accepted hold for both.
    other_cut : str
        The cut to compare with.
    parts : tuple of str
        ``results`` reads what was published, ``records`` the transfers.

    Raises
    ------
    ParameterError
        An unknown study or cut, or a parameter file with faults.
    BlindingError
        A class that may not be read, before anything is.
    DataError
        A transfer is missing or has faults; those of both at once, each with the cut before the dataset.
    """
    if this.audience:
        refuse_class(this.audience)
    other = replace(this, cut_id=other_cut)
    study, *cuts = _parameters(this, other)
    this, other = (replace(order, audience=this.audience or cuts[0].audience) for order in (this, other))
    # Once the blind is broken for the cut that is asked about, nothing of an earlier one is under it.
    refuse_reader(study, cuts[0].model_copy(update={"audience": this.audience}), this.role)
    results, obstacle, records = None, "", None
    if "results" in parts:
        now, before = _place(this), _place(other)
        obstacle = _obstacle(now, before)
        results = None if obstacle else _compare_results(now, before)
    if "records" in parts:
        records = _compare_records(this, study, cuts)
    return Comparison(parts, results, obstacle, records)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Yield the changes as lines.

    Of the results a count of each class by report, then one line a statistic; of the records their number by dataset,
    then one line a changed field, the first 20 of each dataset.
    """
    if comparison.obstacle:
        yield f"results: {comparison.obstacle}"
    if comparison.results is not None:
        yield from _result_lines(comparison.results)
    if comparison.records is not None:
        yield from _record_lines(comparison.records)


def comparison_json(comparison: Comparison) -> str:
    """Return all changes as one JSON object: ``results`` and ``records``, each an array, as far as asked for.

    ``results`` is null when there are no published results to compare.
    """
    frames = {"results": comparison.results, "records": comparison.records}
    return "{" + ", ".join(f'"{part}": {_json(frames[part])}' for part in comparison.parts) + "}"


def _json(frame: pd.DataFrame | None) -> str:
    if frame is None:
        return "null"
    return str(frame.to_json(orient="records", force_ascii=False, double_precision=15))


def _parameters(this: Order, other: Order) -> tuple[Study, CutParameters, CutParameters]:
    study, cut = read_parameters(this.project, this.study_id, this.cut_id)
    _, before = read_parameters(other.project, other.study_id, other.cut_id)
    return study, cut, before


def _place(order: Order) -> Place:
    return Place(order.outputs.absolute(), order.study_id, order.cut_id, order.audience)


def _obstacle(this: Place, other: Place) -> str:
    absent = dict.fromkeys(place.cut for place in (this, other) if not place.current.is_dir())
    if absent:
        remedy = " and ".join(f"cutbook run {this.study} {cut}" for cut in absent)
        return f"no published report of {' and '.join(absent)}; run {remedy}"
    if not _reports(this) & _reports(other):
        return f"no report that both {this.cut} and {other.cut} have published"
    return ""


def _compare_results(this: Place, other: Place) -> pd.DataFrame:
    parts = [_compare(this, other, name) for name in sorted(_reports(this) & _reports(other))]
    changes = pd.concat(parts, ignore_index=True)
    return changes[changes["change"] != "unchanged"].reset_index(drop=True)


def _compare_records(order: Order, study: Study, cuts: list[CutParameters]) -> pd.DataFrame:
    transfers, faults = [], []
    for cut in cuts:
        asked = cut.model_copy(update={"audience": order.audience})
        try:
            transfer = read_cut_transfer(order.project, study, asked, is_unverified_allowed=order.is_unverified_allowed)
        except DataError as error:
            faults += [_of_cut(fault, cut) for fault in error.faults]
        else:
            transfers.append(transfer.datasets)
    if faults:
        raise DataError(dict.fromkeys(faults))
    return compare_records(*transfers)


def _of_cut(fault: Fault, cut: CutParameters) -> Fault:
    return replace(fault, dataset=f"{cut.cut_id}/{fault.dataset}")


def _result_lines(changes: pd.DataFrame) -> Iterator[str]:
    if changes.empty:
        yield "results: nothing changed"
    for report, part in changes.groupby("REPORT", sort=True):
        counts = part["change"].value_counts()
        shown = ", ".join(f"{counts[kind]} {kind}" for kind in CHANGES if kind in counts)
        yield f"{report}: {shown}"
        for row in part.to_dict("records"):
            place = " · ".join(row[key] for key in KEY_COLUMNS if row[key])
            yield f"  {place}: {row['previous_text'] or '–'} → {row['text'] or '–'} ({row['change']})"


def _record_lines(changes: pd.DataFrame) -> Iterator[str]:
    if changes.empty:
        yield "records: nothing changed"
    for name, part in changes.groupby("DATASET", sort=False):
        fields = part[part["CHANGE"] == "changed"]
        counts = dict(part["CHANGE"].value_counts()) | {"changed": fields["KEY"].nunique()}
        yield f"records of {name}: {', '.join(f'{counts.get(kind, 0)} {kind}' for kind in _RECORD_CHANGES)}"
        for row in fields.head(MOST_FIELDS).to_dict("records"):
            old, new = (printable(row[side]) or "–" for side in ("OLD", "NEW"))
            yield f"  {printable(row['KEY'])} {row['VARIABLE']}: {old} → {new}"
        others = len(fields) - MOST_FIELDS
        if others > 0:
            yield f"  and {others} more changed field{'s' if others > 1 else ''}"


def _reports(place: Place) -> set[str]:
    return {file.name.removesuffix(_SUFFIX) for file in place.current.glob(f"*{_SUFFIX}")}


def _compare(this: Place, other: Place, name: str) -> pd.DataFrame:
    now, before = (pd.read_parquet(place.current / f"{name}{_SUFFIX}") for place in (this, other))
    changes = compare_results(now, before)
    changes.insert(0, "REPORT", name)
    return changes
