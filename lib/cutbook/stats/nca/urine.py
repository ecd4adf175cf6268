"""Urine: amount and share of the dose recovered, renal clearance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.stats.nca.estimates import REASONS, Estimate, NcaReason, combine, known, ratio
from cutbook.stats.nca.names import unit
from cutbook.stats.nca.options import NcaOptions
from cutbook.stats.nca.profiles.dosing import dosing
from cutbook.stats.nca.profiles.loading import load


def urine(
    collections: pd.DataFrame, dose: pd.DataFrame, areas: pd.DataFrame, *, options: NcaOptions,
    auc: str = "AUCLST", amount_in_dose_units: float = 1.0,
) -> pd.DataFrame:  # fmt: skip
    """Return the amount recovered in urine, its share of the dose, and the renal clearance.

    ``Ae = Σ concentration × volume``, ``fe = 100 Ae / dose`` (%), ``CLr = Ae / AUC``. Agrees with PKNCA ``ae``, ``fe``
    (there a fraction) and ``clr``. Collections that lack a concentration or a volume, leave a gap or overlap give no
    amount, for the sum would be too low or too high.

    Parameters
    ----------
    collections : frame
        One row a collection: ``id``, ``start``, ``end``, ``conc`` (0 below the limit) and ``volume`` (0: nothing was
        passed).
    dose : frame
        As of :func:`~cutbook.stats.nca.nca`.
    areas : frame
        Result of :func:`~cutbook.stats.nca.nca` with the same intervals.
    options : NcaOptions
        Its intervals; collections that lie in one count. An interval to infinity ends with the last collection.
    auc : str
        Which parameter of ``areas`` the clearance is taken of; it should cover the time of the collections.
    amount_in_dose_units : float
        What one unit of concentration × volume is in units of the dose: 0.001 for µg and mg.

    Returns
    -------
    frame
        As of :func:`~cutbook.stats.nca.nca`: RCAMINT, RCPCINT and RENALCL.

    Examples
    --------
    >>> spots = pd.DataFrame({"id": 1, "start": [0.0, 4], "end": [4.0, 24], "conc": [5.0, 1], "volume": [2.0, 10]})
    >>> dose = pd.DataFrame({"id": [1], "time": [0.0], "dose": [100.0]})
    >>> area = pd.DataFrame({"id": [1], "start": [0.0], "end": [np.inf], "parameter": ["AUCLST"], "value": [40.0]})
    >>> urine(spots, dose, area.assign(reason=""), options=NcaOptions())["value"].tolist()
    [20.0, 20.0, 0.5]
    """
    samples = collections.rename(columns={"start": "time"})[["id", "time", "conc"]].iloc[:0]
    keys = pd.concat([collections[["id"]], dose[["id"]]]).drop_duplicates()
    profiles = load(pd.concat([samples, keys.assign(time=np.nan, conc=np.nan)]), dose, options)
    parts = []
    for start, end in sorted(options.intervals):
        amount = _amount(collections, profiles.ids, (start, end), amount_in_dose_units)
        given = dosing(profiles.doses, start, end).amount
        area = _area(areas, profiles.ids, (start, end), auc)
        found = {
            "RCAMINT": amount,
            "RCPCINT": combine(lambda part, whole: 100 * part / whole, amount, given),
            "RENALCL": ratio(amount, area),
        }
        for code, value in found.items():
            parts.append(
                pd.DataFrame(
                    {
                        "id": profiles.ids, "start": start, "end": end, "parameter": code, "value": value.value,
                        "unit": unit(code, options), "reason": [str(REASONS[why]) for why in value.why],
                    }
                )
            )  # fmt: skip
    return pd.concat(parts).sort_values(["id", "start", "end"], kind="stable", ignore_index=True)


def _amount(collections: pd.DataFrame, ids: pd.Index, span: tuple[float, float], factor: float) -> Estimate:
    """Return the amount of each id in an interval."""
    start, end = span
    numbers = {name: pd.to_numeric(collections[name], errors="coerce") for name in ("start", "end", "conc", "volume")}
    collections = collections.assign(**numbers)
    inside = collections[(collections["start"] >= start) & (collections["end"] <= end)]
    inside = inside.sort_values(["id", "start"], kind="stable")
    parts = pd.DataFrame(
        {
            "id": inside["id"],
            "amount": inside["conc"] * inside["volume"] * factor,
            "lacks": inside["conc"].isna() | inside["volume"].isna() | (inside["conc"] < 0) | (inside["volume"] < 0),
        }
    ).assign(before=inside.groupby("id")["end"].shift().fillna(start), start=inside["start"], end=inside["end"])
    parts = parts.assign(gap=parts["start"] > parts["before"] + 1e-9, overlap=parts["start"] < parts["before"] - 1e-9)
    rows = parts.groupby("id").agg(
        amount=("amount", "sum"), lacks=("lacks", "any"), gap=("gap", "any"), overlap=("overlap", "any"),
        end=("end", "max"),
    )  # fmt: skip
    rows = rows.reindex(ids)
    none = rows["amount"].isna().to_numpy()
    ends_early = np.isfinite(end) & ~(rows["end"].to_numpy(dtype="float64") >= end - 1e-9)
    flag = {name: rows[name].eq(True).to_numpy(dtype="bool") for name in ("lacks", "gap", "overlap")}
    return known(
        rows["amount"].to_numpy(dtype="float64"), (none, NcaReason.NO_SAMPLES), (flag["lacks"], NcaReason.NOT_MEASURED),
        (flag["overlap"], NcaReason.OVERLAP), (flag["gap"] | ends_early, NcaReason.NO_COLLECTION),
    )  # fmt: skip


def _area(areas: pd.DataFrame, ids: pd.Index, span: tuple[float, float], auc: str) -> Estimate:
    """Return an area of each id, with its own reason where it is missing."""
    chosen = areas[(areas["start"] == span[0]) & (areas["end"] == span[1]) & (areas["parameter"] == auc)]
    rows = chosen.set_index("id").reindex(ids)
    code = {str(reason): place for place, reason in enumerate(REASONS)}
    why = rows["reason"].fillna(str(NcaReason.NO_SAMPLES)).map(code).fillna(code[str(NcaReason.NOT_ESTIMABLE)])
    return Estimate(rows["value"].to_numpy(dtype="float64"), why.to_numpy(dtype="int8"))
