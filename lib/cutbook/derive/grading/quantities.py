"""What criteria ask of a result: its value, limits of normal and baseline, as standardised or as collected."""

from __future__ import annotations

import pandas as pd

from cutbook.derive.formulas.corrections import corrected_calcium
from cutbook.parameters.study import Study
from cutbook.standards.units import factors, spelled, standing_for

STANDARD, COLLECTED = "standard", "collected"
_COLUMNS = {
    STANDARD: {"AVAL": "VALUE", "ANRLO": "LLN", "ANRHI": "ULN", "AVALU": "UNIT"},
    COLLECTED: {"ORRES": "VALUE", "ORNRLO": "LLN", "ORNRHI": "ULN", "ORRESU": "UNIT"},
}
_NUMBERS = ("AVAL", "ANRLO", "ANRHI", "ORRES", "ORNRLO", "ORNRHI", "BASE", "ADY", "VISITNUM")
_TEXTS = (
    "AVALU", "ORRESU", "ANRIND", "VISIT", "ABLFL", "APOBLFL", "WORSTLOFL", "WORSTHIFL", "SAFFL", "TRT01A", "PARAM",
    "KEY",
)  # fmt: skip
_NEEDED = {
    **dict.fromkeys(_NUMBERS, "float64"),
    **dict.fromkeys(_TEXTS, "str"),
    **dict.fromkeys(("ADT", "ADTM"), "datetime64[s]"),
}
"""Columns that judging asks for, missing throughout where they were not delivered."""

_PLACE = ["USUBJID", "PARAMCD"]
_SAMPLE = ["USUBJID", "ADT", "ADTM", "VISITNUM"]
_PAIRS = {True: ("mmol/L", "g/L"), False: ("mg/dL", "g/dL")}


def blood_results(adlb: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the usable results that criteria for blood judge, with TESTCD as the files of criteria name it.

    Parameters
    ----------
    adlb : DataFrame
        Findings of all families; PARAMCD carries the family before it.
    study : Study
        Which families are judged.
    """
    prefixes = tuple(f"{family.id}-" for family in study.findings if family.fluid_of == "blood")
    codes = adlb["PARAMCD"].astype("str")
    is_usable = adlb["IS_USABLE"].eq(True) if "IS_USABLE" in adlb else pd.Series(data=True, index=adlb.index)
    own = adlb[_begins(codes, prefixes) & adlb["AVAL"].notna() & is_usable]
    lacking = [name for name in _NEEDED if name not in own]
    blank = own.reindex(columns=[*own, *lacking]).astype({name: _NEEDED[name] for name in lacking})
    tests = [next(code[len(one) :] for one in prefixes if code.startswith(one)) for code in codes[own.index]]
    coded = blank.assign(TESTCD=standing_for(pd.Series(tests, index=own.index, dtype="str"))).reset_index(drop=True)
    return _with_limits(coded)


def _with_limits(results: pd.DataFrame) -> pd.DataFrame:
    """Return the results with limits of normal that came in one unit alone, standard or collected, in the other too."""
    standard, collected = spelled(results["AVALU"]), spelled(results["ORRESU"])
    scale = factors(results["TESTCD"], standard, collected)
    filled = {}
    for one, other in (("ANRLO", "ORNRLO"), ("ANRHI", "ORNRHI")):
        filled[one] = results[one].fillna(results[other] / scale)
        filled[other] = results[other].fillna(results[one] * scale)
    return results.assign(**filled)


def _begins(codes: pd.Series, prefixes: tuple[str, ...]) -> pd.Series:
    return pd.Series([code.startswith(prefixes) for code in codes], index=codes.index, dtype="bool")


def quantities(results: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return VALUE, LLN, ULN, UNIT, BASE and IS_BASE_HIGH of results, as standardised or as collected.

    Parameters
    ----------
    results : DataFrame
        Answer of `blood_results`.
    source : str
        ``standard`` or ``collected``.

    Notes
    -----
    A result that was not taken after treatment began has no baseline: it is judged by the limits of normal alone. The
    baseline is high when it lies above its own upper limit; one that is not known, or has no limit, is not high.
    """
    names = _COLUMNS[source]
    own = results[list(names)].rename(columns=names)
    base = results[results["ABLFL"].eq("Y")].drop_duplicates(_PLACE, keep="last")
    value, limit = (name for name, what in names.items() if what in {"VALUE", "ULN"})
    known = base[[*_PLACE, value, limit]].rename(columns={value: "BASE", limit: "BASEULN"})
    joined = results[_PLACE].merge(known, on=_PLACE, how="left").set_axis(results.index, axis="index")
    is_after = results["APOBLFL"].eq("Y")
    is_high = is_after & (joined["BASE"] > joined["BASEULN"])
    return own.assign(
        VALUE=own["VALUE"].astype("float64"),
        LLN=own["LLN"].astype("float64"),
        ULN=own["ULN"].astype("float64"),
        UNIT=spelled(own["UNIT"]),
        BASE=joined["BASE"].astype("float64").where(is_after),
        IS_BASE_HIGH=is_high,
    )


def with_corrected_calcium(results: pd.DataFrame) -> pd.DataFrame:
    """Return the results with calcium corrected for the albumin of the same sample, where there is one.

    IS_CORRECTED says of which. Both are in mmol/L and g/L, or in mg/dL and g/dL; else nothing is corrected.
    """
    is_calcium = results["TESTCD"].eq("CA")
    albumin = results[results["TESTCD"].eq("ALB")].drop_duplicates(_SAMPLE, keep="last")
    beside = results[_SAMPLE].merge(albumin, on=_SAMPLE, how="left", suffixes=("", "_")).set_axis(results.index)
    changed, is_corrected = results.copy(), pd.Series(data=False, index=results.index)
    for value, unit in (("AVAL", "AVALU"), ("ORRES", "ORRESU")):
        units = spelled(results[unit]), spelled(beside[unit])
        for is_si, (one, other) in _PAIRS.items():
            corrected = corrected_calcium(results[value], beside[value], is_si=is_si)
            applies = is_calcium & units[0].eq(one) & units[1].eq(other) & corrected.notna()
            changed[value] = changed[value].mask(applies, corrected)
            is_corrected |= applies
    return changed.assign(IS_CORRECTED=is_corrected)
