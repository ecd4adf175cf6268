"""Parameters that the study file computes of others of the same moment: QTcF, white cells without blood."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from cutbook.derive.formulas.corrections import without_blood
from cutbook.derive.formulas.electrocardiogram import fridericia, rr_of
from cutbook.parameters.study.judging import Derived
from cutbook.standards.units import spelled

_MOMENT = ["USUBJID", "ADT", "ADTM", "VISITNUM", "ATPT", "POS", "SPEC", "REPNUM"]
_MILLISECONDS = {"ms": 1.0, "s": 1000.0}
_FIT = 0.1
"""Part of itself by which an RR interval may differ from that of the heart rate."""


def with_computed(records: pd.DataFrame, items: Sequence[Derived], parameters: Sequence[str]) -> pd.DataFrame:
    """Return the results with those of parameters that the study file computes, and without what only they need.

    Parameters
    ----------
    records : DataFrame
        Results as collected, before replicates are put together: USUBJID, PARAMCD, PARAM, AVAL, AVALU, what tells the
        moment, and IS_USABLE.
    items : sequence of Derived
        What is computed; nothing where the parameter itself was delivered.
    parameters : sequence of str
        Codes of the parameters that are shown; none: all.

    Returns
    -------
    DataFrame
        A computed result stands in a copy of the record of its first component, with its KEY and, but for QTcF, which
        is in ms, its unit; missing where the second
        component is, or where RR and heart rate do not fit.
    """
    if not items:
        return records
    made = [_computed(records, item) for item in items]
    every = pd.concat([records, *made], ignore_index=True)
    return every[every["PARAMCD"].isin(list(parameters))].reset_index(drop=True) if parameters else every


def _computed(records: pd.DataFrame, item: Derived) -> pd.DataFrame:
    usable = records[records["IS_USABLE"] & records["AVAL"].notna()]
    first = usable[usable["PARAMCD"].eq(item.of[0])].drop_duplicates(_MOMENT, keep="last")
    joined = _beside(_beside(first, usable, item.of[1], "SECOND"), usable, item.agrees_with or "", "RATE")
    delivered = usable.loc[usable["PARAMCD"].eq(item.paramcd), _MOMENT].assign(IS_THERE=True).drop_duplicates()
    joined = joined.merge(delivered, on=_MOMENT, how="left")
    values = _FORMULAS[item.formula](joined, item)
    shown = joined.loc[joined["IS_THERE"].isna() & values.notna(), list(records)]
    own = values[shown.index]
    text = own.map("{:.6g}".format).astype("str")
    limits = dict.fromkeys(["ANRLO", "ANRHI", "ORRES", "ORNRLO", "ORNRHI"], float("nan"))
    texts = dict.fromkeys(["ANRIND", "ORRESU"], pd.Series(index=shown.index, dtype="str"))
    named = shown.assign(PARAMCD=item.paramcd, PARAM=item.label, AVAL=own, AVALC=text, **limits, **texts)
    return named.assign(AVALU="ms") if item.formula == "fridericia" else named


def _beside(first: pd.DataFrame, usable: pd.DataFrame, code: str, name: str) -> pd.DataFrame:
    """Return records with value and unit of another parameter of the same moment, as ``name`` and ``name``U."""
    other = usable[usable["PARAMCD"].eq(code)].drop_duplicates(_MOMENT, keep="last")
    beside = other[[*_MOMENT, "AVAL", "AVALU"]].rename(columns={"AVAL": name, "AVALU": f"{name}U"})
    return first.merge(beside, on=_MOMENT, how="left", validate="one_to_one")


def _fridericia(joined: pd.DataFrame, item: Derived) -> pd.Series:
    """Return QTcF, missing where RR and heart rate do not fit each other."""
    qt, rr = _in_ms(joined["AVAL"], joined["AVALU"]), _in_ms(joined["SECOND"], joined["SECONDU"])
    if item.agrees_with is None:
        return fridericia(qt, rr)
    return fridericia(qt, rr.where((rr - rr_of(joined["RATE"])).abs() <= _FIT * rr))


def _in_ms(values: pd.Series, units: pd.Series) -> pd.Series:
    return values * spelled(units).map(_MILLISECONDS).astype("float64")


def _without_blood(joined: pd.DataFrame, item: Derived) -> pd.Series:
    is_alike = spelled(joined["AVALU"]).eq(spelled(joined["SECONDU"]))
    return without_blood(joined["AVAL"], joined["SECOND"].where(is_alike), item.ratio)


_FORMULAS: dict[str, Callable[[pd.DataFrame, Derived], pd.Series]] = {
    "fridericia": _fridericia,
    "without_blood": _without_blood,
}
